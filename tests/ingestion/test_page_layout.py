"""From what a page holds to its blocks, on parts made here."""

from dataclasses import replace

from PIL import Image

from ingestion.blocks import LayoutBox, Line, RawPage
from ingestion.elements import BBox, Cell
from ingestion.layout.figure_blocks import ink_box
from ingestion.page_layout import blocks_of
from ingestion.text.text_layer import NAME as LAYER

BLANK = Image.new("RGB", (612, 792), "white")


def parts(*boxes: LayoutBox, lines: tuple[Line, ...] = ()) -> RawPage:
    return RawPage(612, 792, boxes, lines, (), ())


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


def test_a_map_takes_over_its_labels_and_leaves_paragraphs() -> None:
    labels = tuple(Line(f"Street {i}", BBox(40 + 7 * i, 30 + 50 * i, 90 + 7 * i, 40 + 50 * i)) for i in range(14))
    words = "The walk begins at the old harbour and ends at the tower."
    prose = Line(words, BBox(200, 60, 560, 72))
    scene = RawPage(
        612, 792, (LayoutBox("picture", BBox(0, 0, 612, 792)),), (*labels, prose), (), (BBox(9, 9, 99, 99),)
    )
    figure, text = blocks_of(scene, BLANK)
    assert figure.text.split("\n") == [label.text for label in labels]
    assert (text.kind, text.text) == ("text", words)


def test_rows_that_a_table_lost_are_texts_behind_it() -> None:
    cells = tuple(
        Cell(r, c, text, 1, 1, r == 0, BBox(100 + 100 * c, 100 + 20 * r, 200 + 100 * c, 120 + 20 * r))
        for r, row in enumerate((("Code", "Cause"), ("F1", "Dry run"), ("F2", "No flow")))
        for c, text in enumerate(row)
    )
    words = tuple(Line(cell.text, cell.bbox) for cell in cells if cell.bbox)
    missed = Line("F3", BBox(100, 165, 120, 175)), Line("Valve stuck", BBox(200, 165, 260, 175))
    table = LayoutBox("table", BBox(100, 100, 300, 180), words, cells=cells)
    found = blocks_of(parts(table, lines=(*words, *missed)), BLANK)
    assert [(b.kind, b.text) for b in found[1:]] == [("text", "F3 Valve stuck")]


def test_the_ink_of_a_recognised_line_reaches_out_of_its_box() -> None:
    box = BBox(60, 100, 300, 200)
    assert ink_box(Line("Native", box)) == box
    assert ink_box(Line("Seen on a scan", box, font=LAYER, hidden=True)) == BBox(60, 88, 300, 206)


def test_a_region_around_a_watermark_does_not_repeat_what_it_runs_over() -> None:
    first, second = (Line(f"Step {n} of the work", BBox(60, 100 + 300 * n, 300, 112 + 300 * n)) for n in (1, 2))
    mark = Line("DRAFT", BBox(100, 300, 400, 600), slanted=True)
    own = [LayoutBox("text", line.bbox, (line,), 10) for line in (first, second)]
    around = LayoutBox("text", BBox(50, 290, 420, 720), (first, second))
    found = blocks_of(parts(own[0], around, own[1], lines=(first, mark, second)), BLANK)
    assert [block.text for block in found] == [first.text, second.text, "DRAFT"]


def test_columns_with_their_headings_that_layout_took_for_one_text() -> None:
    heads = [LayoutBox("section-header", BBox(x, 100, x + 60, 112), (), 12) for x in (60, 240)]
    heads = [replace(h, lines=(Line(name, h.bbox),)) for h, name in zip(heads, ("Pipes", "Power"), strict=True)]
    words = ("The pipe is copper", "and thirty metres", "long at most.", "The fuse is for", "sixteen amperes.")
    places = [(60, 120), (60, 134), (60, 148), (240, 120), (240, 134)]
    lines = tuple(Line(t, BBox(x, y, x + 150, y + 11)) for t, (x, y) in zip(words, places, strict=True))
    text = LayoutBox("text", BBox(60, 120, 390, 160), lines, 10)
    found = blocks_of(parts(*heads, text, lines=(*heads[0].lines, *heads[1].lines, *lines)), BLANK)
    assert [block.text for block in found] == [
        "Pipes",
        "The pipe is copper and thirty metres long at most.",
        "Power",
        "The fuse is for sixteen amperes.",
    ]


def test_values_filled_into_a_form_that_is_a_figure_stand_behind_their_labels() -> None:
    names = ("Owner:", "Pressure:", "Date:")
    labels = [Line(name, BBox(110, 120 + 40 * i, 170, 132 + 40 * i)) for i, name in enumerate(names)]
    values = [Line(v, BBox(200, 119 + 40 * i, 300, 133 + 40 * i)) for i, v in enumerate(("Lind", "0.8 bar", "4 May"))]
    box = LayoutBox("picture", BBox(100, 100, 400, 300))
    form = blocks_of(parts(box, lines=(*labels, *values)), BLANK)
    assert [block.text for block in form] == ["Owner: Lind Pressure: 0.8 bar Date: 4 May"]
    filed = blocks_of(parts(box, lines=tuple(x for pair in zip(labels, values, strict=True) for x in pair)), BLANK)
    assert [block.text for block in filed] == [form[0].text]
    plain = [replace(line, text=line.text.rstrip(":")) for line in labels]
    (figure,) = blocks_of(parts(box, lines=(*plain, *values)), BLANK)
    assert figure.text == "Owner Lind Pressure 0.8 bar Date 4 May"
    drawing = [replace(line, bbox=line.bbox._replace(x0=line.bbox.x0 + 12 * i)) for i, line in enumerate(plain)]
    (figure,) = blocks_of(parts(box, lines=(*drawing, *values)), BLANK)
    assert figure.text == "Owner Pressure Date Lind 0.8 bar 4 May"


def test_the_words_of_a_charts_boxes_stay_together_though_some_end_with_a_colon() -> None:
    words = ("Chain:", "Then:", "pump runs"), ("Step two of", "the whole", "process"), ("Fork:", "valve")
    boxes = [
        [Line(text, BBox(x, y + 14 * i, x + 90, y + 11 + 14 * i)) for i, text in enumerate(box)]
        for box, (x, y) in zip(words, ((110, 120), (250, 120), (110, 200)), strict=True)
    ]
    (figure,) = blocks_of(
        parts(LayoutBox("picture", BBox(100, 100, 400, 300)), lines=sum(map(tuple, boxes), ())), BLANK
    )
    assert figure.text == " ".join(" ".join(box) for box in words)
