"""Labels with their values beside them, in one pair of columns or more: a table of facts. Pure.

The layout library reads a block of such pairs row by row as one paragraph, in which nobody knows what belongs to what.
Where the pieces of all rows stand at the same left edges, two by two, they are read pair by pair, one pair of columns
after the other.

Example: "Instrument", "Pressure gauge", "Date", "14 May" in one row, and rows like it, become the row "Instrument |
Pressure gauge" and, after all pairs on the left, "Date | 14 May".
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from statistics import median

from ingestion.blocks import Line
from ingestion.elements import Cell
from ingestion.geometry import height
from ingestion.tables.words import lines_of

MIN_ROWS = 3
SHIFT = 3.0  # points between the left edges of the pieces of one column, at most
GAP = 0.8  # line heights between two pieces of a row, at least
LABEL_WORDS, VALUE_WORDS = 4, 6  # at most: longer pieces are prose
FULL = 0.8  # of the rows that have a piece in every column
LABEL_LETTERS = 2  # that begin a label, at least in the mean: numbers are cells


def pair_cells(lines: Sequence[Line]) -> tuple[Cell, ...]:
    """A row of two cells per pair of label and value; none where the lines, the file's own, form no such pairs."""
    if any(line.vertical or line.quarters or line.slanted for line in lines):
        return ()
    rows = lines_of(lines)
    widest = max(rows, key=len, default=[])
    lefts = [line.bbox.x0 for line in widest]
    if len(rows) < MIN_ROWS or not lefts or len(lefts) % 2:
        return ()
    placed = [[_column(line, lefts) for line in row] for row in rows]
    full = sum(columns == list(range(len(lefts))) for columns in placed)
    pairs_only = all(len(columns) % 2 == 0 and _are_pairs(columns) for columns in placed)
    if full < FULL * len(rows) or not pairs_only or not _are_short(rows, placed):
        return ()
    pairs = [
        row[i : i + 2]
        for group in range(0, len(lefts), 2)
        for row, columns in zip(rows, placed, strict=True)
        for i, column in enumerate(columns)
        if column == group
    ]
    return tuple(Cell(r, c, x.text, bbox=x.bbox) for r, pair in enumerate(pairs) for c, x in enumerate(pair))


def _column(line: Line, lefts: Sequence[float]) -> int:
    """The column that a piece begins in; -1 where it stands at no edge."""
    return next((i for i, left in enumerate(lefts) if abs(line.bbox.x0 - left) <= SHIFT), -1)


def _are_pairs(columns: Sequence[int]) -> bool:
    return all(a >= 0 and a % 2 == 0 and b == a + 1 for a, b in zip(columns[::2], columns[1::2], strict=True))


def _are_short(rows: Sequence[Sequence[Line]], placed: Sequence[Sequence[int]]) -> bool:
    """Whether labels and values are no prose, stand well apart, and labels are words."""
    pieces = [piece for row, columns in zip(rows, placed, strict=True) for piece in zip(row, columns, strict=True)]
    words = [len(line.text.split()) <= (VALUE_WORDS if column % 2 else LABEL_WORDS) for line, column in pieces]
    tall = median(height(line.bbox) for line, _ in pieces)
    apart = all(b.bbox.x0 - a.bbox.x1 >= GAP * tall for row in rows for a, b in pairwise(row))
    letters = [sum(map(str.isalpha, line.text)) for line, column in pieces if column % 2 == 0]
    return all(words) and apart and sum(letters) >= LABEL_LETTERS * len(letters)
