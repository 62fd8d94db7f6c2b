"""Tables drawn with signs in a typewriter font, on literals: a character is 5 points wide, a line 10 high."""

import pytest

from ingestion.blocks import Line
from ingestion.elements import BBox
from ingestion.tables.typed import is_rule, typed_cells

UNDERLINED = """
Jumper   State  Function
-------  -----  ----------------
JP1      open   Termination off
JP2             Baud rate 38400
"""
SIMPLE = """
===  =======
Pin  Signal
===  =======
2    TXD
3    RXD
===  =======
"""
BOXED = """
+-----+--------+
| Pin | Signal |
+-----+--------+
| 2   | TXD    |
| 3   | RXD    |
+-----+--------+
"""
PARTED = """
+-----+--------+
| Pin | Signal |
+=====+========+
| 2   | TXD of |
|     | the PC |
+-----+--------+
| 3   | RXD    |
+-----+--------+
| 5   | GND    |
+-----+--------+
"""
PIPES = """
| Pin | Signal |
|:----|-------:|
|  2  |   TXD  |
|  3  |   RXD  |
"""


def rows(text: str) -> list[list[str]]:
    lines = [
        Line(row, BBox(50, 100 + 12 * i, 50 + 5 * len(row), 110 + 12 * i))
        for i, row in enumerate(text[1:-1].split("\n"))
    ]
    cells = typed_cells(lines, 50.0, 5.0)
    return [[c.text for c in cells if c.row == row] for row in range(1 + max((c.row for c in cells), default=-1))]


@pytest.mark.parametrize("text", [SIMPLE, BOXED, PIPES])
def test_lines_of_dashes_part_the_columns(text: str) -> None:
    assert rows(text) == [["Pin", "Signal"], ["2", "TXD"], ["3", "RXD"]]


def test_a_place_may_be_empty_and_the_last_column_goes_on() -> None:
    body = [["JP1", "open", "Termination off"], ["JP2", "", "Baud rate 38400"]]
    assert rows(UNDERLINED) == [["Jumper", "State", "Function"], *body]


def test_lines_between_two_rules_are_one_row_where_all_rows_are_parted() -> None:
    assert rows(PARTED) == [["Pin", "Signal"], ["2", "TXD of the PC"], ["3", "RXD"], ["5", "GND"]]


def test_cells_stand_where_their_words_are() -> None:
    lines = [Line(row, BBox(50, 100 + 12 * i, 130, 110 + 12 * i)) for i, row in enumerate(BOXED[1:-1].split("\n"))]
    cell = next(c for c in typed_cells(lines, 50.0, 5.0) if c.text == "RXD")
    assert cell.bbox == BBox(50 + 5 * 7, 148, 50 + 5 * 15, 158)


def test_other_texts_are_none() -> None:
    assert rows("\nA heading\n---------\nand a text\n") == []
    assert rows("\nName  State\n----  -----\nthe sentence runs on\n") == []
    assert rows("\nusage: tool [--all]\n\n  --all   everything\n\n--  --\n") == []
    assert is_rule("--- ---") and not is_rule("-----") and not is_rule("--all --none")
