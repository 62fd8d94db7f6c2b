"""The lines of a page that a quotation stands in."""

from ingestion.elements import BBox
from rag.answering.citing.pinpoint import quoted_lines, quoted_place


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


def test_a_row_over_several_lines_is_marked_whole() -> None:
    whole = BBox(40, 40, 500, 400)
    cells = [
        ("E5", BBox(50, 100, 70, 110)),
        ("Fan too slow", BBox(80, 100, 200, 110)),
        ("Check the plug and the wire,", BBox(220, 100, 400, 110)),
        ("and replace the fan.", BBox(220, 112, 400, 122)),
        ("E6", BBox(50, 130, 70, 140)),
        ("Fan blocked", BBox(80, 130, 200, 140)),
        ("Check the plug. Turn the fan by", BBox(220, 130, 400, 140)),
        ("hand; replace the assembly if stiff.", BBox(220, 142, 400, 152)),
        ("E7", BBox(50, 160, 70, 170)),
        ("Fan blocked", BBox(80, 160, 200, 170)),
        ("Replace it by hand", BBox(220, 160, 400, 170)),
    ]
    row = "Code: E6; Meaning: Fan blocked; Remedy: Check the plug. Turn the fan by hand; replace the assembly if stiff."
    marked = quoted_lines(row, cells, whole, rows=True)
    assert marked == [BBox(50, 130, 400, 140), BBox(220, 142, 400, 152)]
