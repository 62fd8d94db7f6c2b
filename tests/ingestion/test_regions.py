"""From what a page holds to its blocks, on parts made here."""

from PIL import Image

from ingestion.boxes import LayoutBox
from ingestion.elements import BBox
from ingestion.lines import Line
from ingestion.regions import PageParts, blocks_of

BLANK = Image.new("RGB", (612, 792), "white")


def parts(*boxes: LayoutBox, lines: tuple[Line, ...] = ()) -> PageParts:
    return PageParts(612, 792, boxes, lines, (), ())


def test_a_text_box_is_as_large_as_its_lines() -> None:
    line = Line("10-P-0154", BBox(493, 38, 543, 45))
    box = LayoutBox("text", BBox(493, 3, 612, 79), (line,), 10)
    assert [b.bbox for b in blocks_of(parts(box, lines=(line,)), BLANK)] == [line.bbox]


def test_words_in_a_figure_are_its_text_and_no_passage() -> None:
    inner = Line("Valve A", BBox(120, 120, 180, 140))
    outer = Line("Running text below it", BBox(100, 330, 400, 345))
    boxes = (LayoutBox("picture", BBox(100, 100, 400, 300)), LayoutBox("text", outer.bbox, (outer,), 10))
    figure, text = blocks_of(parts(*boxes, lines=(inner, outer)), BLANK)
    assert (figure.kind, figure.text) == ("figure", "Valve A")
    assert (text.kind, text.text) == ("text", "Running text below it")


def test_a_line_that_layout_overlooked_is_kept() -> None:
    lost = Line("Torque 12 Nm at all screws", BBox(100, 600, 300, 612))
    assert [b.text for b in blocks_of(parts(lines=(lost,)), BLANK)] == [lost.text]
