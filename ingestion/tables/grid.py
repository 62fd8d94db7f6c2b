"""A table as rows of text: one header, rows that can each be read alone, titles and notes apart. Pure.

How spans are read: a cell over several rows is said again in each of them, so that every row can be understood alone;
a short value over several columns that have names of their own is said in each ("230 V" over "Model A" and "Model B"),
any other cell over columns in the first one. Header rows below each other become one ("Revenue / 2009"), and the label
of a section is said with each of its rows ("Electronics / Pump").

Example: the header rows ``| Revenue (over two columns)`` and ``Year | Net | Gross`` become ``Year | Revenue / Net |
Revenue / Gross``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ingestion.elements import Cell
from ingestion.tables.cells import table_size
from ingestion.tables.headers import header_rows

VALUE_CHARS = 60  # of a cell over several columns that is a value of each, at most: longer ones are remarks
HEADER_JOIN = " / "  # between the names of one column, and between a section's label and a row's

Rows = Sequence[Sequence[str]]
"""Texts of a table by row and column."""
_LEADERS = re.compile(r"[.·…]{4}|…")  # dots to a number: an entry that is longer than its column
SECTION_END = re.compile(r"\s*[:：]\s*$")


@dataclass(frozen=True, slots=True)
class Grid:
    """A table as text: ``above`` and ``below`` are rows that are one cell over all columns (title, units, notes)."""

    header: tuple[str, ...]
    body: tuple[tuple[str, ...], ...]
    above: tuple[str, ...] = ()
    below: tuple[str, ...] = ()


def to_grid(cells: Sequence[Cell], headers: int | None = None, names: Sequence[str] = ()) -> Grid:
    """Write a table as rows of text: one header, rows that can be read alone, titles and notes apart.

    ``headers``: how many rows are the header, where that is known. ``names`` head the columns of a table
    without a header of its own: one that goes on from the page before.
    """
    count, columns = table_size(cells)
    wide = {c.row for c in cells if c.columns == columns > 1 and c.rows == 1 and c.text and not c.heads}
    first = next((r for r in range(count) if r not in wide), count)
    last = next((r for r in reversed(range(count)) if r not in wide), -1)
    above = tuple(c.text for c in cells if c.row < first)
    below = tuple(c.text for c in cells if c.row > last and c.row >= first and c.text)
    rest = [c._replace(row=c.row - first) for c in cells if first <= c.row <= last]
    if not rest:
        return Grid((), (), above, below)
    top = header_rows(rest) if headers is None else headers
    rows = [[""] * columns for _ in range(last - first + 1)]
    header: list[list[str]] = [[] for _ in range(columns)]
    for cell in sorted(rest):
        for row in range(cell.row, min(cell.row + cell.rows, len(rows))):
            if row >= top:
                for column in _said_in(cell, names or [HEADER_JOIN.join(head) for head in header]):
                    rows[row][column] = cell.text
        if cell.row < top and cell.text:
            for column in range(cell.column, min(cell.column + cell.columns, columns)):
                header[column] += [cell.text] if cell.text not in header[column] else []
    body = [tuple(row) for row in _under_sections(rows, rest)[top:] if row]
    return Grid(tuple(HEADER_JOIN.join(names) for names in header), tuple(body), above, below)


def _said_in(cell: Cell, names: Sequence[str]) -> range:
    """The columns in which a cell of the body is said, by the ``names`` of the table's columns."""
    covered = range(cell.column, cell.column + cell.columns)
    own = set(names[cell.column : cell.column + cell.columns]) - {""}
    value = len(cell.text) <= VALUE_CHARS and not _LEADERS.search(cell.text)
    each = value and cell.column > 0 and len(own) == cell.columns
    return covered if each else covered[:1]


def _under_sections(rows: Sequence[Sequence[str]], cells: Iterable[Cell]) -> list[list[str]]:
    """Rows with the label of their section before their own; an empty row in place of the label's row."""
    result = [list(row) for row in rows]
    sections = sorted(c for c in cells if c.heads)
    for section in reversed(sections):
        label = SECTION_END.sub("", section.text)
        for row in result[section.row + 1 : section.row + 1 + section.heads]:
            if row:
                row[0] = HEADER_JOIN.join(filter(None, (label, row[0])))
        result[section.row] = []
    return result
