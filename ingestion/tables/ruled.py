"""Tables between the rules of a scanned page, which the layout model does not see: it takes them for texts and
pictures, or each line of a cell for a row. Pure.

Rules of one length below each other part the rows. Columns are what upright rules part, or else the white that goes
down through all rows. A stretch without words between two rules ends a table: a title in a box of its own is none of
its rows.

Example: five level rules as wide as the page's text, words in two columns between them, become a table of four rows.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from statistics import median
from typing import NamedTuple

from ingestion.blocks import Block, Line
from ingestion.elements import BBox, Cell
from ingestion.geometry import RULE_WIDTH, area, center, height, holds_middle, inside, intersection, union, width
from ingestion.tables.cells import compact, table_size
from ingestion.tables.markdown import cells_to_markdown
from ingestion.tables.words import text_of, white_gaps

EDGE = 8.0  # points that the ends of a table's rules may stand apart
LEAST_WIDTH = 120.0  # points of a table's rules
LEAST_ROWS = 3
LEAST_OPEN = 4  # rows, where no upright rule stands at the table's sides
SIDE_SHARE = 0.8  # of a table's height that an upright rule at its side, or between columns, is long
WHITE = 0.25  # line heights of the white between two columns, at least
FILLED_SHARE = 0.6  # of the rows that have words in two columns or more
MOST_WORDS = 60  # of a cell, on average: more are prose
ENTRY_GAP = 0.5  # line heights by which the white between two entries of a band is wider than between their lines
LEAST_GAP = 1.0  # points of it
HELD = 0.8  # share of a block in the table from which it is a part of it
TOUCHED = 0.2  # share from which a block outside is in the table's way
KNOWN = 0.5  # of a table's area that is a table already

Columns = Sequence[tuple[float, float]]
"""Left and right edge of each column, in points."""


class _Ruled(NamedTuple):
    """A table's frame, the heights of its rules across, and its columns."""

    frame: BBox
    levels: tuple[float, ...]
    columns: Columns


def add_ruled_tables(blocks: Sequence[Block], lines: Iterable[Line], rules: Iterable[BBox]) -> list[Block]:
    """Put each table between ``rules`` in place of the blocks that were its cells, where the first one stood.

    ``lines`` are the words or lines of the page, in points as the rules.
    """
    result, level = list(blocks), [line for line in lines if not (line.vertical or line.quarters)]
    for table in _tables(level, list(rules)):
        shares = [inside(b.bbox, table.frame) if area(b.bbox) else 0.0 for b in result]
        known = [b for b in result if b.kind == "table" and _covers(table.frame, b.bbox)]
        held = [i for i, share in enumerate(shares) if share >= HELD or result[i] in known]
        beside = any(TOUCHED < share < HELD and i not in held for i, share in enumerate(shares))
        if not held or beside or any(_is_right(b.cells, table) for b in known):
            continue
        cells = _cells(table, _within(level, table.frame))
        result[held[0] : held[0] + 1] = [Block("table", table.frame, cells_to_markdown(cells), cells=cells)]
        result = [b for i, b in enumerate(result) if i == held[0] or i not in held]
    return result


def _covers(frame: BBox, known: BBox) -> bool:
    return area(intersection(frame, known)) > KNOWN * area(frame)


def _is_right(cells: Sequence[Cell], table: _Ruled) -> bool:
    """Whether the layout model's cells agree with the rules: a row to a band, or several that each begin an entry."""
    bands: dict[int, list[str]] = defaultdict(list)
    for row in sorted({cell.row for cell in cells if cell.text}):
        own = [cell for cell in cells if cell.row == row and cell.bbox]
        text = next((cell.text for cell in own if cell.column == 0), "")
        levels = {sum(center(c.bbox)[1] > level for level in table.levels) for c in own if c.bbox and c.text}
        if len(levels) > 1 or not levels <= set(range(1, len(table.levels))):
            return False
        for level in levels:
            bands[level].append(text)
    begun = all(len(found) == 1 or all(x and not x[0].islower() for x in found) for found in bands.values())
    return begun and table_size(cells)[1] >= len(table.columns)


def _tables(lines: Sequence[Line], rules: Sequence[BBox]) -> Iterator[_Ruled]:
    upright = [rule for rule in rules if width(rule) <= RULE_WIDTH < height(rule)]
    for run in _runs([rule for rule in rules if height(rule) <= RULE_WIDTH and width(rule) >= LEAST_WIDTH], lines):
        frame = union(run)
        sides = [rule for rule in upright if _runs_along(rule, frame)]
        at_edges = sum(any(abs(rule.x0 - edge) <= EDGE for rule in sides) for edge in (frame.x0, frame.x1))
        if len(run) - 1 < (LEAST_ROWS if at_edges == 2 else LEAST_OPEN):
            continue
        held = _within(lines, frame)
        inner = sorted(rule.x0 for rule in sides if frame.x0 + EDGE < rule.x0 < frame.x1 - EDGE)
        table = _Ruled(frame, tuple((r.y0 + r.y1) / 2 for r in run), _columns(frame, held, inner))
        if _is_table(table, held):
            yield table


def _runs(level: Sequence[BBox], lines: Sequence[Line]) -> Iterator[list[BBox]]:
    """Rules of one length below each other, with words between any two that follow."""
    left = sorted(level, key=lambda rule: rule.y0)
    while left:
        first = left[0]
        same = [r for r in left if abs(r.x0 - first.x0) <= EDGE and abs(r.x1 - first.x1) <= EDGE]
        left = [rule for rule in left if rule not in same]
        run = [same[0]]
        for above, below in pairwise(same):
            if not _within(lines, BBox(first.x0, above.y1, first.x1, below.y0)):
                yield run
                run = []
            run.append(below)
        yield run


def _runs_along(rule: BBox, frame: BBox) -> bool:
    shared = min(rule.y1, frame.y1) - max(rule.y0, frame.y0)
    return shared >= SIDE_SHARE * height(frame) and frame.x0 - EDGE <= rule.x0 <= frame.x1 + EDGE


def _within(lines: Iterable[Line], box: BBox) -> list[Line]:
    """The lines whose middle lies in a box."""
    return [line for line in lines if holds_middle(box, line.bbox)]


def _columns(frame: BBox, held: Sequence[Line], inner: Sequence[float]) -> Columns:
    """What upright rules part, or else the white that goes down through all rows."""
    if not held:
        return [(frame.x0, frame.x1)]
    least = WHITE * median(height(line.bbox) for line in held)
    white = [gap for gap in white_gaps((x.bbox.x0, x.bbox.x1) for x in held) if gap[1] - gap[0] >= least]
    edges = [frame.x0, *(inner or ((a + b) / 2 for a, b in white)), frame.x1]
    return list(pairwise(edges))


def _is_table(table: _Ruled, held: Sequence[Line]) -> bool:
    if len(table.columns) < 2 or not held:
        return False
    rows = len(table.levels) - 1
    places = [_place(table, line) for line in held]
    columns_of = [{column for row, column in places if row == r} for r in range(rows)]
    words = sum(len(line.text.split()) for line in held)
    return sum(len(found) > 1 for found in columns_of) >= FILLED_SHARE * rows and words <= MOST_WORDS * len(set(places))


def _place(table: _Ruled, line: Line) -> tuple[int, int]:
    x, y = center(line.bbox)
    row = sum(y > level for level in table.levels[1:-1])
    return row, sum(x > left for left, _ in table.columns[1:])


def _cells(table: _Ruled, held: Sequence[Line]) -> tuple[Cell, ...]:
    """The cells row by row, the first row as the header. Where a band between two rules holds several entries, with
    white between them in all columns but the first, each is a row, and the first column's label is one for all."""
    places = defaultdict[tuple[int, int], list[Line]](list)
    for line in held:
        places[_place(table, line)].append(line)
    tall, usual = median(height(line.bbox) for line in held), _usual_gap(places.values())
    least = max(LEAST_GAP, usual + ENTRY_GAP * tall)
    found: list[Cell] = []
    row = 0
    for band, (top, bottom) in enumerate(pairwise(table.levels)):
        own = [places[band, column] for column in range(len(table.columns))]
        cuts = [top, *(_between_entries(own, least) if band else ()), bottom]
        for column, (left, right) in enumerate(table.columns):
            ends = [top, bottom] if column == 0 else cuts
            for i, (y0, y1) in enumerate(pairwise(ends)):
                text = text_of(line for line in own[column] if y0 <= center(line.bbox)[1] < y1)
                rows, box = len(cuts) - len(ends) + 1, BBox(left, y0, right, y1)
                found.append(Cell(row + i, column, text, rows, header=band == 0, bbox=box))
        row += len(cuts) - 1
    return compact(found)


def _usual_gap(places: Iterable[Sequence[Line]]) -> float:
    """The white between two lines of a cell, in points; less than 0 where boxes reach into each other."""
    ordered = (sorted(lines, key=lambda line: line.bbox.y0) for lines in places)
    return median([b.bbox.y0 - a.bbox.y1 for lines in ordered for a, b in pairwise(lines)] or [0.0])


def _between_entries(places: Sequence[Sequence[Line]], least: float) -> list[float]:
    """The heights between the entries of a band, with ``least`` points of white; ``places``: the lines by column."""
    label, *others = places
    spans = [(line.bbox.y0, line.bbox.y1) for place in others for line in place]
    white = [(a + b) / 2 for a, b in white_gaps(spans) if b - a >= least]
    if not label or not white or any(center(line.bbox)[1] > white[0] for line in label):
        return []
    ends = list(pairwise([float("-inf"), *white, float("inf")]))
    filled = [[any(a < center(line.bbox)[1] < b for line in place) for place in others] for a, b in ends]
    return white if all(sum(columns) > 1 for columns in filled) else []
