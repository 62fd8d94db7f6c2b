"""Tables in right-to-left scripts have their first column on the right."""

from ingestion.blocks import Block
from ingestion.elements import BBox, Cell
from ingestion.tables.right_to_left import in_reading_direction

BOX = BBox(0, 0, 9, 9)


def test_columns_are_counted_from_the_right_where_the_letters_run_that_way() -> None:
    cells = (
        Cell(0, 0, "الضغط", columns=2, header=True),
        Cell(0, 2, "القطعة", header=True),
        Cell(1, 0, "6 bar"),
        Cell(1, 1, "2 bar"),
        Cell(1, 2, "المضخة"),
    )
    found = in_reading_direction(Block("table", BOX, cells=cells))
    assert [(cell.row, cell.column, cell.text) for cell in found.cells] == [
        (0, 0, "القطعة"),
        (0, 1, "الضغط"),
        (1, 0, "المضخة"),
        (1, 1, "2 bar"),
        (1, 2, "6 bar"),
    ]
    assert found.text.splitlines()[-1] == "| المضخة | 2 bar | 6 bar |"


def test_other_tables_stay() -> None:
    table = Block("table", BOX, cells=(Cell(0, 0, "Pump مضخة"), Cell(0, 1, "6 bar")))
    assert in_reading_direction(table) == table
