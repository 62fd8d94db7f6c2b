"""Entries of an index: a line each, column by column."""

from ingestion.blocks import LayoutBox, Line
from ingestion.elements import BBox, Cell
from ingestion.layout.line_order import columns_of
from ingestion.layout.lists import item_texts
from ingestion.tables.regions import table_blocks
from ingestion.text.index_entries import is_index

LEFT = ["B", "Bearing, 3, 17", "grease, 18", "removal, 19–21", "Belt, 12", "Brake, see", "also Clutch, 44,", "51"]
RIGHT = ["Pump, 30", "seal, 31, 33", "Valve, safety, 14, 88"]


def column(texts: list[str], x: float) -> list[Line]:
    return [Line(text, BBox(x, 100 + 12 * i, x + 90, 110 + 12 * i)) for i, text in enumerate(texts)]


def test_entries_are_lines_and_pages_go_on_with_their_entry() -> None:
    assert item_texts(column(LEFT, 50), False) == [*LEFT[:6], "also Clutch, 44, 51"]
    assert not is_index(["The pump is checked in 2014, 2015", "and the seal is replaced.", "Oil is added."])


def test_columns_of_an_index_are_read_one_by_one() -> None:
    found = columns_of([*column(LEFT, 50), *column(RIGHT, 160)])
    assert found is not None and [[x.text for x in rows] for rows in found] == [LEFT, RIGHT]


def test_an_index_that_layout_takes_for_a_table_is_a_list() -> None:
    cells = tuple(Cell(i, k, text) for k, col in enumerate((RIGHT, LEFT[1:4])) for i, text in enumerate(col))
    (block,) = table_blocks(LayoutBox("table", BBox(50, 100, 300, 140), tuple(column(RIGHT, 50)), cells=cells), [], [])
    assert (block.kind, block.text.splitlines()) == ("list", [*RIGHT, *LEFT[1:4]])
