"""A table that goes on at the top of the next page without its column names, given those that it began with.

| 10 | 620 | 1100 |        end of a page: Diameter | Steel | Wood
| 13 | 480 | 820 |         the next one, where 13, 480 and 820 were taken for column names
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ingestion.elements import Chunk
from rag.text.passages import Table, tables

SAME_EDGE = 4.0
"""Points by which the sides of the two parts of a table may differ."""


def with_column_names(table: Chunk, page: Sequence[Chunk], before: Sequence[Chunk]) -> Chunk:
    """A table with the column names of the one that ends the page ``before``, where it goes on with that on its page;
    as it is where it does not."""
    if table.kind != "table" or any(_above(part, table) for part in page):
        return table
    above = [part for part in before if part.kind == "table" and part.heading == table.heading]
    last = max(above, key=lambda part: part.regions[-1].bbox.y1, default=None)
    if last is None or any(_above(last, part) for part in before):
        return table
    begun, going_on = tables(last.text), tables(table.text)
    if len(begun) != 1 or len(going_on) != 1 or not _same_sides(last, table) or not _goes_on(begun[0], going_on[0]):
        return table
    return replace(table, text=_written(begun[0].header, [going_on[0].header, *going_on[0].rows]))


def _above(part: Chunk, other: Chunk) -> bool:
    return part.id != other.id and part.regions[-1].bbox.y1 <= other.bbox.y0


def _same_sides(one: Chunk, other: Chunk) -> bool:
    a, b = one.regions[-1].bbox, other.bbox
    return abs(a.x0 - b.x0) <= SAME_EDGE and abs(a.x1 - b.x1) <= SAME_EDGE


def _goes_on(begun: Table, other: Table) -> bool:
    """Whether the column names of a table are a row of another: as many, each a number where that has numbers, and
    some."""
    if len(begun.header) != len(other.header) or not begun.rows or not all(begun.header):
        return False
    numeric = [sum(map(_is_number, column)) * 2 > len(begun.rows) for column in zip(*begun.rows, strict=False)]
    if not any(numeric) or any(map(_is_number, begun.header)):
        return False
    return all(_is_number(cell) == wanted for cell, wanted in zip(other.header, numeric, strict=False))


def _is_number(cell: str) -> bool:
    return bool(cell) and cell.strip("±~≈<>≤≥+-–− ")[:1].isdigit()


def _written(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join(f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in line)} |" for line in lines)
