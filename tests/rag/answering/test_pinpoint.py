"""The lines of a page that a quotation stands in."""

from ingestion.elements import BBox
from rag.answering.pinpoint import quoted_place


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
