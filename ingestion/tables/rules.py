"""Rows of a table by the rules drawn in it: one across parts two rows, one that stops short shows a cell over both.

The table engine takes lines of text for rows and knows no cell over several: a label that stands centred beside its
values becomes a row between them. Each change here rests on rules that are drawn and on the words they part.

Example: below "Pump" centred beside "12" and "15", with a rule only between the numbers, "Pump" becomes one cell over
two rows.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from itertools import pairwise
from statistics import median
from typing import NamedTuple

from ingestion.elements import BBox, Cell
from ingestion.geometry import RULE_WIDTH, height, union
from ingestion.tables.cells import column_edges, compact, frame_of, table_size
from ingestion.tables.headers import header_rows
from ingestion.tables.words import WordIndex, text_of

RULE_JITTER = 1.0  # points between the heights of the pieces of one rule
RULE_SLACK = 6.0  # points by which a rule may stop short of the table's edge, or of the next piece
CENTRED = 0.5  # line heights that a label's middle may stand from the middle of its band
LOW = 0.3  # line heights that a label of two rows stands below the first, at least
EDGE_REACH = 30.0  # points that a table's outer rules may stand beside its cells
LOOSE_END = 2.0  # points a word may reach over a rule

Edges = dict[int, tuple[float, float]]
"""Left and right edge of columns, in points."""


class RuleLevel(NamedTuple):
    """A height at which rules are drawn, in one piece or cell by cell; ``pieces`` from left to right."""

    y: float
    pieces: tuple[BBox, ...]

    def covers(self, x: float) -> bool:
        """Whether a rule of this height runs over ``x`` (points)."""
        return any(piece.x0 <= x <= piece.x1 for piece in self.pieces)


class _Band(NamedTuple):
    """The rows between two rules across a table."""

    top: float
    bottom: float
    rows: list[int]


def levels_of(frame: BBox, paths: Iterable[BBox]) -> list[RuleLevel]:
    """Find all heights with rules in a table's stretch of the page, from top to bottom; ``paths``: what is drawn."""
    thin = [p for p in paths if height(p) <= RULE_WIDTH and p.x1 > frame.x0 and p.x0 < frame.x1]
    levels: list[list[BBox]] = []
    for piece in sorted(thin, key=lambda p: p.y0):
        if levels and piece.y0 - levels[-1][-1].y0 <= RULE_JITTER:
            levels[-1].append(piece)
        else:
            levels.append([piece])
    return [RuleLevel(pieces[0].y0, tuple(sorted(pieces))) for pieces in levels]


def is_across(level: RuleLevel, frame: BBox) -> bool:
    """Whether a level's pieces, from left to right, leave no gap across a table."""
    reach = frame.x0 + RULE_SLACK
    for piece in level.pieces:
        if piece.x0 <= reach + RULE_SLACK:
            reach = max(reach, piece.x1)
    return reach >= frame.x1 - RULE_SLACK


def split_at_rules(cells: Sequence[Cell], words: WordIndex, paths: Sequence[BBox]) -> tuple[Cell, ...]:
    """Cut each row in two through which a rule runs from edge to edge with words above and below it."""
    frame = frame_of(cells)
    if frame is None:
        return tuple(cells)
    across = [level.y for level in levels_of(frame, paths) if is_across(level, frame)]
    result: list[Cell] = []
    added = 0
    for row in range(table_size(cells)[0]):
        own = [c for c in cells if c.row == row]
        cut = None if any(c.row <= row < c.row + c.rows and c.rows > 1 for c in cells) else _cut_of(own, across, words)
        if cut is None:
            result += [c._replace(row=row + added) for c in own]
            continue
        for cell in own:
            result += _halves(cell._replace(row=row + added), cut, words)
        added += 1
    return compact(sorted(result)) if added else tuple(cells)


def _cut_of(row: Sequence[Cell], across: Sequence[float], words: WordIndex) -> float | None:
    """The height of the first rule through a row that has words above and below it; None where none has."""
    boxes = [c.bbox for c in row if c.bbox]
    if not boxes or len(boxes) < len(row):
        return None
    band = union(boxes)
    held = [w for box in boxes for w in words.within(box)]
    for y in across:
        if band.y0 < y < band.y1 and all(w.bbox.y1 <= y + LOOSE_END or w.bbox.y0 >= y - LOOSE_END for w in held):
            above = sum((w.bbox.y0 + w.bbox.y1) / 2 < y for w in held)
            if 0 < above < len(held):
                return y
    return None


def _halves(cell: Cell, y: float, words: WordIndex) -> list[Cell]:
    """A cell cut at a height: its upper and its lower part."""
    assert cell.bbox is not None
    upper, lower = cell.bbox._replace(y1=min(y, cell.bbox.y1)), cell.bbox._replace(y0=max(y, cell.bbox.y0))
    parts = [text_of(words.within(box)) if box.y1 > box.y0 else "" for box in (upper, lower)]
    if cell.text and not any(parts):  # words that cannot be found stay where they were
        parts = [cell.text, ""]
    return [
        cell._replace(text=parts[0], bbox=upper if upper.y1 > upper.y0 else None),
        cell._replace(row=cell.row + 1, text=parts[1], bbox=lower if lower.y1 > lower.y0 else None, header=False),
    ]


def span_rows(cells: Sequence[Cell], words: WordIndex, paths: Sequence[BBox]) -> tuple[Cell, ...]:
    """Spread labels over the rows that they stand for.

    A rule that stops short of a column shows a cell over both rows; so does a lone label in the middle between two
    rules.
    """
    frame, top = frame_of(cells), header_rows(cells)
    if frame is None or any(c.rows > 1 for c in cells if c.row >= top):
        return tuple(cells)
    levels = levels_of(frame, paths)
    result, columns = list(cells), column_edges(cells)
    for band in _bands(cells, [level.y for level in levels if is_across(level, frame)], top):
        own = [c for c in result if c.row in band.rows]
        if len(band.rows) < 2 or any(c.columns > 1 and c.text for c in own):
            continue
        partial = _parting(levels, band, words)
        spanned = _by_rules(own, band, partial, columns, words) if partial else None
        spanned = spanned or _by_middle(own, band, words)
        if spanned is not None:
            result = [c for c in result if c.row not in band.rows] + spanned
    return compact(sorted(result)) if result != list(cells) else tuple(cells)


def span_head(cells: Sequence[Cell], paths: Sequence[BBox]) -> tuple[Cell, ...]:
    """The names beside a heading over columns as cells over both rows, where a rule parts only what is below it.

    So the second row is known as part of the header.
    """
    frame, columns = frame_of(cells), column_edges(cells)
    upper, lower = ([c for c in cells if c.row == row] for row in (0, 1))
    under = {k for c in upper if c.columns > 1 and c.text for k in range(c.column, c.column + c.columns)}
    boxes = [[c.bbox for c in held if c.bbox] for held in (upper, lower)]
    if (
        frame is None
        or not under
        or not all(boxes)
        or any(c.rows > 1 for c in upper)
        or any(c.columns > 1 for c in lower)
    ):
        return tuple(cells)
    top, bottom = ((box.y0 + box.y1) / 2 for box in map(union, boxes))
    parting = [level for level in levels_of(frame, paths) if top < level.y < bottom]
    ruled = {k for k, (x0, x1) in columns.items() if any(level.covers((x0 + x1) / 2) for level in parting)}
    beside = {k: [c for c in (*upper, *lower) if c.column == k] for k in range(table_size(cells)[1]) if k not in under}
    if ruled != under or not beside or any(sum(bool(c.text) for c in held) != 1 for held in beside.values()):
        return tuple(cells)
    names = [next(c for c in held if c.text) for held in beside.values()]
    kept = [c for c in cells if c.row > 1 or c.column in under]
    return tuple(sorted([*kept, *(c._replace(row=0, rows=2, header=True) for c in names)]))


def _parting(levels: Sequence[RuleLevel], band: _Band, words: WordIndex) -> list[RuleLevel]:
    """The levels within a band that have words between them; those of a nested table's frame have none."""
    parting: list[RuleLevel] = []
    left, right = min(w.bbox.x0 for w in words), max(w.bbox.x1 for w in words)
    inner = [v for v in levels if band.top + RULE_JITTER < v.y < band.bottom - RULE_JITTER]
    top = band.top
    for level in inner:
        if words.within(BBox(left, top, right, level.y)):
            parting.append(level)
            top = level.y
    while parting and not words.within(BBox(left, parting[-1].y, right, band.bottom)):
        parting.pop()
    return parting


def _bands(cells: Sequence[Cell], across: Sequence[float], top: int) -> list[_Band]:
    """The rows below the header by the rules across between them; none where no rule parts the table."""
    held: dict[int, list[int]] = {}
    for row in range(top, table_size(cells)[0]):
        middles = [(c.bbox.y0 + c.bbox.y1) / 2 for c in cells if c.row == row and c.text and c.bbox]
        if middles:
            held.setdefault(bisect_left(across, median(middles)), []).append(row)
    boxes = {c.row: c.bbox for c in cells if c.bbox}
    return [
        _Band(
            across[i - 1] if i else boxes[rows[0]].y0,
            across[i] if i < len(across) else boxes[rows[-1]].y1,
            list(range(rows[0], rows[-1] + 1)),
        )
        for i, rows in held.items()
        if len(held) > 1 or (0 < i < len(across))
    ]


def _by_rules(
    cells: Sequence[Cell], band: _Band, levels: Sequence[RuleLevel], columns: Edges, words: WordIndex
) -> list[Cell] | None:
    """The band's cells anew: split in the columns that the inner rules cover, whole in those they stop short of."""
    middles = {column: (left + right) / 2 for column, (left, right) in columns.items()}
    open_columns = [c for c, x in middles.items() if not any(level.covers(x) for level in levels)]
    split = [c for c in middles if c not in open_columns]
    if not open_columns or not split or any(not level.covers(middles[c]) for level in levels for c in split):
        return None
    edges = [band.top, *(level.y for level in levels), band.bottom]
    filled = [{c.row for c in cells if c.column == column and c.text} for column in open_columns]
    beside = {c.row for c in cells if c.column in split and c.text}
    if len(beside) != len(levels) + 1 or any(len(rows) > 1 and len(rows & beside) > 1 for rows in filled):
        return None
    first, result = band.rows[0], []
    for column, (left, right) in columns.items():
        cuts = edges if column in split else [band.top, band.bottom]
        rows = 1 if column in split else len(edges) - 1
        for i, (y0, y1) in enumerate(pairwise(cuts)):
            box = BBox(left, y0, right, y1)
            result.append(Cell(first + i, column, text_of(words.within(box)), rows, 1, False, box))
    said = sorted(ch for c in cells for ch in c.text if ch.isalnum())
    return result if said == sorted(ch for c in result for ch in c.text if ch.isalnum()) else None


def _by_middle(cells: Sequence[Cell], band: _Band, words: WordIndex) -> list[Cell] | None:
    """The band's cells with each lone label that stands in the middle of the band over all its rows."""
    filled = {row: {c.column for c in cells if c.row == row and c.text} for row in band.rows}
    lone = {c.column: c for c in cells if c.text and sum(c.column in held for held in filled.values()) == 1}
    centred = {column for column, cell in lone.items() if _is_centred(cell, band, words)}
    values = [row for row in band.rows if filled[row] - centred]
    if 0 not in centred or len(values) < 2:
        return None
    if lone[0].row == band.rows[0] and not _hangs_below(lone[0], cells, words):
        return None
    places = {row: band.rows[0] + i for i, row in enumerate(values)}
    kept = [c._replace(row=places[c.row]) for c in cells if c.row in places and c.column not in centred]
    over = [lone[column]._replace(row=band.rows[0], rows=len(values)) for column in sorted(centred)]
    return [*kept, *over]


def _hangs_below(label: Cell, cells: Sequence[Cell], words: WordIndex) -> bool:
    """Whether a label stands lower than each of several entries of its row, as it does in the middle of two rows."""
    middle, tall = _middle_of_words(label, words)
    row = [c for c in cells if c.row == label.row and c.column != label.column and c.text and c.bbox]
    others = [_middle_of_words(c, words)[0] for c in row]
    return len(others) > 1 and all(middle - other > LOW * tall for other in others)


def _middle_of_words(cell: Cell, words: WordIndex) -> tuple[float, float]:
    """The height of the middle of a cell's words on the page, and how tall they are, in points."""
    held = [w.bbox for w in words.within(cell.bbox)] if cell.bbox else []
    if not held:
        return 0.0, 0.0
    box = union(held)
    return (box.y0 + box.y1) / 2, median(map(height, held))


def _is_centred(cell: Cell, band: _Band, words: WordIndex) -> bool:
    """Whether a cell's words stand in the middle of its band's height."""
    middle, tall = _middle_of_words(cell, words)
    return tall > 0 and abs(middle - (band.top + band.bottom) / 2) <= CENTRED * tall


def snap_to_rules(cells: Sequence[Cell], words: WordIndex, paths: Iterable[BBox]) -> tuple[Cell, ...]:
    """Make columns as wide as the rules between them say; the cells stay as they are where a rule is missing.

    The table engine goes by the words' edges on one page and by the rules on the next, of one table.
    """
    frame, columns = frame_of(cells), table_size(cells)[1]
    if frame is None:
        return tuple(cells)
    upright = _upright(frame, paths)
    reach = [_reach(cells, column, words) for column in range(columns)]
    if not upright or None in reach:
        return tuple(cells)
    held = [r for r in reach if r is not None]
    bounds = [(frame.x0 - EDGE_REACH, held[0][0]), *((a[1], b[0]) for a, b in pairwise(held))]
    bounds.append((held[-1][1], frame.x1 + EDGE_REACH))
    between = [[x for x in upright if left - 1 <= x <= right + 1] for left, right in bounds]
    edges = [max(between[0], default=None), *(min(found, default=None) for found in between[1:])]
    if None in edges:
        return tuple(cells)
    known = [x for x in edges if x is not None]
    return tuple(
        c._replace(bbox=c.bbox._replace(x0=known[c.column], x1=known[c.column + c.columns])) if c.bbox else c
        for c in cells
    )


def _upright(frame: BBox, paths: Iterable[BBox]) -> list[float]:
    """Where upright rules, in one piece or row by row, stand along at least half of a table: points from the left."""
    lengths: dict[int, float] = {}
    for p in paths:
        if p.x1 - p.x0 <= RULE_WIDTH and p.y0 < frame.y1 and p.y1 > frame.y0:
            x = round(p.x0)
            lengths[x] = lengths.get(x, 0.0) + min(p.y1, frame.y1) - max(p.y0, frame.y0)
    return [float(x) for x, length in sorted(lengths.items()) if length >= height(frame) / 2]


def _reach(cells: Sequence[Cell], column: int, words: WordIndex) -> tuple[float, float] | None:
    """Left and right end, in points, of the words of a column's own cells; None where it has none."""
    boxes = [c.bbox for c in cells if c.column == column and c.columns == 1 and c.text and c.bbox]
    held = [w.bbox for box in boxes for w in words.within(box)]
    return (min(b.x0 for b in held), max(b.x1 for b in held)) if held else None
