"""A circuit in the frame of a sheet is no table, on literals."""

from ingestion.blocks import Line
from ingestion.elements import BBox, Cell
from ingestion.tables.drawing_sheets import drawing_sheet

SHEET = BBox(40, 40, 540, 400)


def sheet_of(parts: int, words: str) -> tuple[tuple[Cell, ...], list[Line], list[BBox]]:
    """A cell of drawn ``parts``, each with ``words``, above a title block of two rows."""
    places = [(50 + 470 * (i * 7 % parts) / parts, 50 + 330 * i / parts) for i in range(parts)]
    drawn = [box for x, y in places for box in (BBox(x, y, x + 12, y + 0.5), BBox(x, y, x + 0.5, y + 9))]
    lines = [Line(words, BBox(x, y + 1, x + 5 * len(words), y + 7)) for x, y in places]
    lines += [Line("Circuit of the pump", BBox(345, 405, 430, 415)), Line("Sheet 1 of 1", BBox(345, 425, 400, 435))]
    rules = [BBox(40, y, 540, y + 0.5) for y in (40, 400, 440)] + [BBox(x, 40, x + 0.5, 440) for x in (40, 540)]
    cells = (
        Cell(0, 0, " ".join(line.text for line in lines[:parts]), columns=3, bbox=SHEET),
        Cell(1, 0, "A", bbox=BBox(40, 400, 340, 420)),
        Cell(1, 1, "Circuit of the pump", columns=2, bbox=BBox(340, 400, 540, 420)),
        Cell(2, 1, "Sheet 1 of 1", bbox=BBox(340, 420, 500, 440)),
        Cell(2, 2, "C", bbox=BBox(500, 420, 540, 440)),
    )
    return cells, lines, [*drawn, *rules]


def test_a_circuit_in_a_ruled_sheet_is_a_drawing_with_its_title_block() -> None:
    sheet = drawing_sheet(*sheet_of(30, "R12"))
    assert sheet is not None
    assert (sheet.drawing, sheet.texts) == (SHEET, ["R12"] * 30)
    assert [(cell.row, cell.column, cell.text) for cell in sheet.title_block] == [
        (0, 0, "Circuit of the pump"),
        (1, 0, "Sheet 1 of 1"),
        (1, 1, "C"),
    ]


def test_a_large_cell_of_text_or_with_a_few_lines_is_none() -> None:
    assert drawing_sheet(*sheet_of(30, "Close the valve at the tank")) is None
    assert drawing_sheet(*sheet_of(10, "R12")) is None
