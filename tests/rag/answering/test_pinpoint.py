"""The lines of a page that a quotation stands in."""

from ingestion.elements import BBox
from rag.answering.pinpoint import quoted_lines, quoted_place


def test_a_quotation_is_marked_by_its_lines() -> None:
    lines = [
        ("The pump starts when the level", BBox(50, 100, 300, 112)),
        ("falls below 12 cm. It stops again", BBox(50, 114, 300, 126)),
        ("at 30 cm unless the filter is full.", BBox(50, 128, 300, 140)),
        ("falls below 12 cm elsewhere", BBox(320, 114, 560, 126)),
    ]
    whole = BBox(48, 98, 302, 142)
    assert quoted_place("The pump starts when the level falls below 12 cm.", lines, whole).bbox == BBox(
        50, 100, 300, 126
    )
    assert quoted_place("Something else entirely", lines, whole) == (whole, 0)
    assert quoted_place("", [], whole) == (whole, 0)


def test_the_lines_of_a_quotation_are_marked_and_of_a_table_its_row() -> None:
    whole = BBox(50, 100, 300, 200)
    prose = [
        ("The pump starts when the level", BBox(50, 100, 300, 112)),
        ("falls below 12 cm. It", BBox(50, 114, 300, 126)),
    ]
    assert quoted_lines("The pump starts when the level falls below 12 cm.", prose, whole) == [box for _, box in prose]
    cells = [
        ("E41", BBox(50, 130, 80, 140)), ("Door open", BBox(100, 130, 180, 140)),
        ("E42", BBox(50, 145, 80, 155)), ("Pump blocked", BBox(100, 145, 180, 155)),
    ]  # fmt: skip
    assert quoted_lines("Code: E42; Meaning: Pump blocked", cells, whole, rows=True) == [BBox(50, 145, 180, 155)]
    assert quoted_lines("Something else entirely", cells, whole, rows=True) == []
