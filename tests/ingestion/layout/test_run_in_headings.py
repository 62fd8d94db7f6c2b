"""A heading in the first line of a region."""

from ingestion.blocks import LayoutBox, Line
from ingestion.elements import BBox
from ingestion.layout.run_in_headings import heading_apart


def line(text: str, y: float, high: float, font: str) -> Line:
    return Line(text, BBox(40, y, 200, y + high), font=font)


def region(*lines: Line) -> list[tuple[str, float, list[str]]]:
    box = LayoutBox("text", BBox(40, 40, 200, 90), lines, 15.0)
    return [(part.label, part.font_size, [x.text for x in part.lines]) for part in heading_apart(box, lines)]


TEXT = line("The speed is", 60, 12, "Serif")


def test_a_larger_first_line_is_a_heading() -> None:
    assert region(line("Flow", 40, 18, "Serif-Bold"), TEXT) == [
        ("section-header", 15.0, ["Flow"]),
        ("text", 10.0, ["The speed is"]),
    ]


def test_initials_sentences_and_lines_of_one_font_are_none() -> None:
    assert len(region(line("Flow is told in", 40, 18, "Serif"), TEXT)) == 1
    assert len(region(line("Before the start", 44, 24, "Serif-Bold"), TEXT)) == 1
    assert len(region(line("Flow is told.", 40, 18, "Serif-Bold"), TEXT)) == 1
