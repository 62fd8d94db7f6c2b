"""The lines of a page that a quotation stands in."""

from made_evidence import piece

from ingestion.elements import BBox
from rag.answering.citing.pinpoint import TableRow, quoted_lines, quoted_place, row_lines, table_row
from rag.text.passages import content_terms


def row(quoted: str) -> TableRow:
    return TableRow(frozenset(content_terms(quoted)))


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
    assert row_lines(row("Code: E42; Meaning: Pump blocked"), cells, whole) == [BBox(50, 145, 180, 155)]
    assert row_lines(row("Something else entirely"), cells, whole) == []


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
    said = (
        "Code: E6; Meaning: Fan blocked; Remedy: Check the plug. Turn the fan by hand; replace the assembly if stiff."
    )
    marked = row_lines(row(said), cells, whole)
    assert marked == [BBox(50, 130, 400, 140), BBox(220, 142, 400, 152)]


HARDNESS = """| German degrees (°dH) | French degrees (°fH) | Clarke degrees | Water softener level |
| --- | --- | --- | --- |
| 47 - 50 | 84 - 90 | 58 - 63 | 10 |
| 19 - 22 | 33 - 39 | 23 - 27 | 5 ¹⁾ |"""


def test_a_row_of_numbers_is_marked_and_not_the_names_of_its_columns() -> None:
    names = ("German degrees (°dH)", "French degrees (°fH)", "Clarke degrees", "Water softener level")
    rows = (names, ("47 - 50", "84 - 90", "58 - 63", "10"), ("19 - 22", "33 - 39", "23 - 27", "5 1)"))
    cells = [
        (cell, BBox(50 + 100 * across, 100 + 20 * down, 140 + 100 * across, 112 + 20 * down))
        for down, cells in enumerate(rows)
        for across, cell in enumerate(cells)
    ]
    quoted = "; ".join(f"{name}: {cell}" for name, cell in zip(names, rows[2], strict=True)).replace("5 1)", "5 ¹⁾")
    found = table_row(quoted, piece(1, HARDNESS, "table"))
    assert row_lines(found, cells, BBox(40, 90, 500, 200)) == [BBox(50, 140, 440, 152)]


FAULTS = """| Fault | Remedy |
| --- | --- |
| Light stays off | Call the service and have the lamp replaced |
| Plate does not turn | Call the service and have the motor replaced |"""


def test_words_of_the_next_row_that_are_the_same_are_not_marked() -> None:
    cells = [
        ("Light stays off", BBox(50, 100, 150, 110)),
        ("Call the service and have", BBox(200, 100, 400, 110)),
        ("the lamp replaced", BBox(200, 112, 400, 122)),
        ("Plate does not turn", BBox(50, 130, 150, 140)),
        ("Call the service and have", BBox(200, 126, 400, 136)),
        ("the motor replaced", BBox(200, 142, 400, 152)),
    ]
    quoted = "Fault: Light stays off; Remedy: Call the service and have the lamp replaced"
    marked = row_lines(table_row(quoted, piece(1, FAULTS, "table")), cells, BBox(40, 90, 500, 200))
    assert marked == [BBox(50, 100, 400, 110), BBox(200, 112, 400, 122)]
