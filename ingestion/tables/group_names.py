"""Names over several columns of a table, by the rule below them: "Plan" over "Revenue", "Capital", "Total". Pure.

The table engine puts such a name into the column that its words stand in. The rule drawn below it, in one piece or cell
by cell, runs over the columns that it names. Where one rule runs below several names, each stands in the middle of its
own columns.

Example: a rule from 100 to 400 points below "Plan" in the middle of the first 150 and "Fact" in the middle of the rest
makes each a cell over the columns below its half.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from ingestion.elements import BBox, Cell
from ingestion.geometry import RULE_WIDTH, height, union
from ingestion.tables.cells import column_edges, frame_of, table_size
from ingestion.tables.rules import RULE_SLACK, is_across, levels_of
from ingestion.tables.words import WordIndex, white_gaps

NAME_ROWS = 4  # at the top of a table that may hold such names
CENTRED = 0.1  # of the width of its columns that a name may stand beside their middle
JOINT = 1.0  # points between the pieces of one rule, at most


class _Name(NamedTuple):
    """A cell of one column with the middle of its words and their lower edge, in points."""

    cell: Cell
    middle: float
    bottom: float


def spread_names(cells: Sequence[Cell], words: WordIndex, paths: Iterable[BBox]) -> tuple[Cell, ...]:
    """The cells with names over all columns that the rules below them run over."""
    frame, columns = frame_of(cells), column_edges(cells)
    if frame is None:
        return tuple(cells)
    levels = [level for level in levels_of(frame, paths) if not is_across(level, frame)]
    result = list(cells)
    for row in range(min(NAME_ROWS, table_size(cells)[0] - 1)) if levels else ():
        names = [name for c in result if c.row == row and (name := _name(c, words))]
        below = {c.column for c in result if c.row == row + 1 and c.text and c.columns == 1}
        for level in levels:
            for x0, x1 in _stretches(level.pieces):
                over = [k for k, (left, right) in columns.items() if x0 <= (left + right) / 2 <= x1]
                own = [name for name in names if name.cell.column in over and name.cell in result]
                near = own and all(-RULE_WIDTH <= level.y - name.bottom <= height(_box(name.cell)) for name in own)
                if not near or len(over) <= len(own) or not below.issuperset(over):
                    continue
                result = _spread(result, row, own, {k: columns[k] for k in over})
    return tuple(sorted(result))


def _name(cell: Cell, words: WordIndex) -> _Name | None:
    if not cell.text or cell.bbox is None or cell.columns > 1 or cell.rows > 1:
        return None
    held = [word.bbox for word in words.within(cell.bbox)]
    box = union(held) if held else cell.bbox
    return _Name(cell, (box.x0 + box.x1) / 2, box.y1)


def _box(cell: Cell) -> BBox:
    return cell.bbox or BBox(0.0, 0.0, 0.0, 0.0)


def _stretches(pieces: Iterable[BBox]) -> list[tuple[float, float]]:
    """The pieces of a level, those that meet joined."""
    spans = [(piece.x0, piece.x1) for piece in pieces]
    gaps = [(start, end) for start, end in white_gaps(spans) if end - start > JOINT]
    starts = [min(start for start, _ in spans), *(end for _, end in gaps)]
    ends = [*(start for start, _ in gaps), max(end for _, end in spans)]
    return list(zip(starts, ends, strict=True))


def _spread(cells: list[Cell], row: int, names: Sequence[_Name], columns: dict[int, tuple[float, float]]) -> list[Cell]:
    """The cells with names over columns, each over its own; as they are where these cannot be told."""
    left, last = min(columns), max(columns)  # between them may be one that has no cell of its own
    others = [c for c in cells if c.row == row and left <= c.column <= last and c not in [n.cell for n in names]]
    if any(c.text or c.columns > 1 or c.rows > 1 for c in others):
        return cells
    spread: list[Cell] = []
    for name in sorted(names, key=lambda n: n.middle):
        if left > last:
            return cells
        ends = [k for k in columns if k >= max(left, name.cell.column)] if name is not names[-1] else [last]
        fit = [k for k in ends if _is_centred(name, columns[left][0], columns[k][1]) or len(names) == 1]
        if not fit:
            return cells
        box = union([_box(name.cell), *(_box(c) for c in others if left <= c.column <= fit[0] and c.bbox)])
        spread.append(name.cell._replace(column=left, columns=fit[0] + 1 - left, bbox=box))
        left = min((k for k in columns if k > fit[0]), default=last + 1)
    return [*(c for c in cells if c not in others and c not in [n.cell for n in names]), *spread]


def _is_centred(name: _Name, left: float, right: float) -> bool:
    return abs(name.middle - (left + right) / 2) <= max(RULE_SLACK, CENTRED * (right - left))
