"""Tables without rules that the layout model took for columns of text: a row of names, aligned cells below. Pure.

Prose in columns, cards and slides look alike at first. What makes a table is that the columns go on together: white
stretches part its rows through all columns at once, the cells of a row start on one line, and the names above them are
set in a type of their own.

Example: "Part", "Task", "Interval" in bold beside each other, and below them three rows of wrapped text at the same
left edges, become a table of three columns.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import pairwise
from statistics import median
from typing import NamedTuple

from ingestion.blocks import Block, Line
from ingestion.elements import BBox, Cell
from ingestion.geometry import area, height, inside, mostly_inside, union
from ingestion.tables.markdown import cells_to_markdown
from ingestion.tables.words import lines_of
from ingestion.text.cleaning import join_lines

MIN_COLUMNS = 2  # named columns
NAME_WORDS = 5  # of a column's name, at most
SHORT_NAME = 6  # characters of a name that may end in a full stop: "No.", "Pos."
NAME_GAP = 1.0  # line heights between two names, at least
LEFT_SHIFT = 3.0  # points from a column's left edge at which its lines may start
ALIGNED_SHARE = 0.85  # of the lines that start at their column's left edge
ROW_GAP = 0.3  # line heights by which the white between rows is wider than between the lines of a cell
END_GAP = 3.0  # line heights of white below the last row
MIN_ROWS = 2  # below the names
FILLED_SHARE = 0.7  # of the places that have text
PAIR_ROWS = 4  # of a table of two columns, which prose in two columns resembles: more rows
PAIR_FULL = 0.9  # of these rows that have text in both columns
PAIR_WRAPPED = 2  # of these rows that have a cell of several lines
START_SHARE = 0.8  # of the rows whose cells start on one line
NAME_FONT_SHARE = 0.2  # of the cells right of the first column that are set like the names, at most
SPOKEN_SHARE = 0.5  # of the cells that have letters: the layout model knows tables of numbers
MAX_WORDS = 70  # per cell on average: more are prose
HELD = 0.8  # share of a block in the table from which it is a part of it
TOUCHED = 0.05  # share of a block in the table from which it is in the table's way
LARGER = 1.15  # times the names' type size: a lone line so large is another heading
BULLET = re.compile(r"^\s*[•·▪■‣–*►-]\s")
BLANK = re.compile(r"(?:[:：]|[_.…]{3,})\s*$")  # to be filled in
REPLACED = ("text", "heading", "list", "caption", "title")  # kinds of block that may be the cells of a table

Columns = Sequence[tuple[float, float]]
"""Left edge of each column and of the next one, in points."""


class _Row(NamedTuple):
    """The lines of one row, by column; empty where a column has none."""

    cells: tuple[tuple[Line, ...], ...]

    @property
    def box(self) -> BBox:
        """The box around all lines of the row."""
        return union(line.bbox for cell in self.cells for line in cell)


def add_borderless_tables(blocks: Sequence[Block], lines: Iterable[Line]) -> list[Block]:
    """Put each table without rules in place of the blocks that were its cells, where the first one stood.

    ``lines`` are the page's; only native ones, whose fonts are known, can form such a table.
    """
    result = list(blocks)
    others = [b.bbox for b in blocks if b.kind not in REPLACED]
    free = [
        line
        for line in lines
        if line.font and not (line.vertical or line.quarters) and not any(mostly_inside(line.bbox, o) for o in others)
    ]
    for cells in _tables(free):
        box = union(cell.bbox for cell in cells if cell.bbox)
        shares = [inside(b.bbox, box) if area(b.bbox) else 0.0 for b in result]
        held = [i for i, share in enumerate(shares) if share >= HELD]
        if not held or any(TOUCHED < share < HELD for share in shares):
            continue
        table = Block("table", box, cells_to_markdown(cells), cells=cells)
        result[held[0] : held[0] + 1] = [table]
        result = [b for i, b in enumerate(result) if i == held[0] or i not in held]
    return result


def _tables(lines: Sequence[Line]) -> list[tuple[Cell, ...]]:
    """The cells of each table that lines form, from top to bottom."""
    rows = lines_of(lines)
    found: list[tuple[Cell, ...]] = []
    bottom = 0.0
    for i, row in enumerate(rows):
        if row[0].bbox.y0 < bottom:
            continue
        for names in _name_rows(row):
            cells = _table(names, [line for other in rows[i + 1 :] for line in other])
            if cells:
                found.append(cells)
                bottom = max(cell.bbox.y1 for cell in cells if cell.bbox)
    return found


def _name_rows(row: Sequence[Line]) -> list[list[Line]]:
    """Runs of short lines beside each other in one type: what may name columns."""
    runs: list[list[Line]] = [[]]
    for line in row:
        last = runs[-1][-1] if runs[-1] else None
        ended = line.text[-1] in ".;," and len(line.text) > SHORT_NAME
        short = len(line.text.split()) <= NAME_WORDS and not ended
        near = last is not None and (
            line.font != last.font or line.bbox.x0 - last.bbox.x1 < NAME_GAP * height(line.bbox)
        )
        if not short or near:
            runs.append([])
        if short:
            runs[-1].append(line)
    return [run for run in runs if len(run) >= MIN_COLUMNS]


def _table(names: Sequence[Line], below: Sequence[Line]) -> tuple[Cell, ...]:
    """The table under a row of names, or nothing."""
    lefts = [line.bbox.x0 for line in names]
    columns = list(zip(lefts, [*lefts[1:], float("inf")], strict=True))
    header, body = _held(names, below, columns)
    tall = median(height(line.bbox) for line in names)
    rows = _rows(body, columns, tall)
    rows = rows[: next((i for i, row in enumerate(rows) if _is_foreign(row, names)), len(rows))]
    while rows and sum(map(bool, rows[-1].cells)) < 2:
        rows.pop()
    if len(rows) < MIN_ROWS or not _is_table(rows, names[0].font, tall):
        return ()
    return _cells(header, rows, columns)


def _held(names: Sequence[Line], below: Sequence[Line], columns: Columns) -> tuple[list[Line], list[Line]]:
    """The lines of the header, and those below it that stand in one column each; the first that does not ends them."""
    header, body = list(names), list[Line]()
    bottom = max(line.bbox.y1 for line in names)
    left, right = columns[0][0] - LEFT_SHIFT, _right_edge(names, below)
    for line in below:
        if line.bbox.x1 < left or line.bbox.x0 > right:
            continue
        tall = height(line.bbox)
        column = _column(line, columns)
        if column is None or line.bbox.y0 - bottom > END_GAP * tall:
            break
        wraps = not body and line.font == names[0].font and line.bbox.y0 - bottom < ROW_GAP * tall
        (header if wraps else body).append(line)
        bottom = max(bottom, line.bbox.y1)
    return header, body


def _right_edge(names: Sequence[Line], below: Sequence[Line]) -> float:
    """How far to the right the last column reaches: to the end of its lines that start at its name."""
    last = names[-1].bbox
    own = [line.bbox.x1 for line in below if abs(line.bbox.x0 - last.x0) <= LEFT_SHIFT]
    return max([last.x1, *own])


def _column(line: Line, columns: Columns) -> int | None:
    """The column in which the whole of a line stands."""
    for i, (left, right) in enumerate(columns):
        if left - LEFT_SHIFT <= line.bbox.x0 and line.bbox.x1 <= right:
            return i
    return None


def _rows(lines: Sequence[Line], columns: Columns, tall: float) -> list[_Row]:
    """Lines split where white runs through all columns, wider than between the lines of a cell."""
    ordered = sorted(lines, key=lambda line: line.bbox.y0)
    by_column: list[list[Line]] = [[] for _ in columns]
    for line in ordered:
        column = _column(line, columns)
        if column is not None:
            by_column[column].append(line)
    within = [white for held in by_column for a, b in pairwise(held) if (white := _white(a.bbox.y1, b.bbox)) > -tall]
    if not within:
        return []
    least = min(within) + ROW_GAP * tall
    groups: list[list[Line]] = []
    bottom = 0.0
    for line in ordered:
        if not groups or _white(bottom, line.bbox) >= least:
            groups.append([])
        groups[-1].append(line)
        bottom = max(bottom, line.bbox.y1)
    return [_Row(tuple(tuple(x for x in held if x in group) for held in by_column)) for group in groups]


def _white(bottom: float, box: BBox) -> float:
    """Points of white between a height and the box below it."""
    return box.y0 - bottom


def _is_foreign(row: _Row, names: Sequence[Line]) -> bool:
    """Whether a row is another heading or a footer: its only cell is set like the names, or in a larger type."""
    lines = [line for cell in row.cells for line in cell]
    alone = sum(map(bool, row.cells)) == 1
    tall = median(height(line.bbox) for line in names)
    return alone and (lines[0].font == names[0].font or height(lines[0].bbox) > LARGER * tall)


def _is_table(rows: Sequence[_Row], font: str, tall: float) -> bool:
    """Whether rows go on together as those of a table do; ``font`` and ``tall`` (points) are the names'."""
    columns = len(rows[0].cells)
    cells = [cell for row in rows for cell in row.cells if cell]
    right = [cell for row in rows for cell in row.cells[1:] if cell]
    full = sum(all(row.cells) for row in rows)
    starts = sum(_starts_together(row, tall) for row in rows)
    if columns == 2 and not _are_pairs(rows, full, starts):
        return False
    wrapped = sum(len(cell) > 1 for cell in cells)
    aligned = [
        abs(line.bbox.x0 - min(x.bbox.x0 for row in rows for x in row.cells[i])) <= LEFT_SHIFT
        for row in rows
        for i, cell in enumerate(row.cells)
        for line in cell
    ]
    words = sum(len(line.text.split()) for cell in cells for line in cell)
    spoken = sum(any(ch.isalpha() for line in cell for ch in line.text) for cell in cells)
    return (
        spoken >= SPOKEN_SHARE * len(cells)
        and full >= MIN_ROWS
        and len(cells) >= FILLED_SHARE * columns * len(rows)
        and starts >= START_SHARE * len(rows)
        and wrapped > 0
        and sum(aligned) >= ALIGNED_SHARE * len(aligned)
        and sum(cell[0].font == font for cell in right) <= NAME_FONT_SHARE * len(right)
        and sum(bool(BULLET.match(cell[0].text) or BLANK.search(cell[-1].text)) for cell in cells) < len(cells) / 2
        and words <= MAX_WORDS * len(cells)
    )


def _are_pairs(rows: Sequence[_Row], full: int, starts: int) -> bool:
    """Whether two columns go on together all through: two columns of prose may do so by chance."""
    wrapped = sum(any(len(cell) > 1 for cell in row.cells) for row in rows)
    return len(rows) >= PAIR_ROWS and full >= PAIR_FULL * len(rows) and starts == len(rows) and wrapped >= PAIR_WRAPPED


def _starts_together(row: _Row, tall: float) -> bool:
    """Whether the cells of a row start on one line."""
    tops = [min(line.bbox.y0 for line in cell) for cell in row.cells if cell]
    return max(tops) - min(tops) <= tall / 2


def _cells(header: Sequence[Line], rows: Sequence[_Row], columns: Columns) -> tuple[Cell, ...]:
    """Cells; one without an entry in the first column belongs to the entry above."""
    named = tuple(tuple(line for line in header if _column(line, columns) == i) for i in range(len(columns)))
    whole = [_Row(named), *rows]
    right = max(row.box.x1 for row in whole)
    edges = [*(left - LEFT_SHIFT for left, _ in columns), right]
    cells = []
    for r, row in enumerate(whole):
        over = next((i for i, later in enumerate(whole[r + 1 :]) if later.cells[0]), len(whole) - r - 1)
        for c, held in enumerate(row.cells):
            if c == 0 and not held and r > 1:
                continue
            rows_covered = 1 + over if c == 0 and r > 0 else 1
            box = BBox(edges[c], row.box.y0, edges[c + 1], whole[r + rows_covered - 1].box.y1)
            cells.append(Cell(r, c, _text(held), rows_covered, 1, r == 0, box))
    return tuple(cells)


def _text(lines: Sequence[Line]) -> str:
    return join_lines(" ".join(line.text for line in row) for row in lines_of(lines))
