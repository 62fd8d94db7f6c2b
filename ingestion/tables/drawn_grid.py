"""The grid that rules draw: its upright and level lines, and the places that they close. Pure.

A table is closed where rules run all around it, but for corners whose inner sides are drawn. Two places of its grid are
one cell where the rule between them is missing. Many programs draw each cell as a box: its sides are rules then. What
is drawn in a cell and meets none of the grid's rules is a table in the cell.

Example: rules at 100, 120 and 140 points across and at 50, 150 and 250 upright, the upright one at 150 from 120 on, are
a cell over both columns above two cells.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import product
from statistics import median
from typing import NamedTuple

from ingestion.elements import BBox
from ingestion.geometry import RULE_WIDTH, gap, height, holds_middle, union, width

REACH = (12.0, 24.0)  # points that a table's outer rules may stand beside its words: the nearest that close a grid
JITTER = 3.0  # points between the pieces of one rule, or the lines of a double one, at most
DRAWN, MISSING = 0.8, 0.2  # of a side's length, drawn at least, or at most: between them it is dashed or a stub
LEAST_OUTER = 0.15  # of the table's width: shorter rules above and below its words are none of its own
JOINT = 1.5  # points between rules that meet, at most
MOST_PAIRS = 40_000  # of rules that are looked at for tables in cells


class Lattice(NamedTuple):
    """The lines of a grid in points, from left to right and from top to bottom, and the rules drawn along each."""

    xs: tuple[float, ...]
    ys: tuple[float, ...]
    upright: tuple[tuple[BBox, ...], ...]
    level: tuple[tuple[BBox, ...], ...]
    boxed: bool = False  # its rules are the sides of drawn boxes

    @property
    def frame(self) -> BBox:
        """The box of the whole grid."""
        return BBox(self.xs[0], self.ys[0], self.xs[-1], self.ys[-1])

    def beside(self, row: int, line: int) -> float:
        """How much of an upright line is drawn along a row, 0–1."""
        top, bottom = self.ys[row], self.ys[row + 1]
        return _share([(p.y0, p.y1) for p in self.upright[line]], top, bottom)

    def below(self, line: int, column: int) -> float:
        """How much of a level line is drawn along a column, 0–1."""
        left, right = self.xs[column], self.xs[column + 1]
        return _share([(p.x0, p.x1) for p in self.level[line]], left, right)


def find_lattice(box: BBox, paths: Iterable[BBox], open_sides: bool = False) -> Lattice | None:
    """The grid drawn in and around a table's words, ``box``; None where it is not closed all around, or level rules run
    on beyond its sides. What is drawn above and below is another part of the same rules.

    Where rules alone draw none, the sides of drawn boxes are rules: many programs draw each cell as a rectangle.
    ``open_sides``: a table is closed, too, where its level rules all end left and right, as if a side stood there.
    """
    near = [p for p in paths if p.y1 > box.y0 - REACH[-1] and p.y0 < box.y1 + REACH[-1]]
    rules = [p for p in near if min(width(p), height(p)) <= RULE_WIDTH]
    boxes = [p for p in near if min(width(p), height(p)) > RULE_WIDTH]
    first = None
    for boxed in (False, True) if boxes else (False,):
        drawn = [*rules, *(side for p in boxes for side in _sides(p))] if boxed else rules
        for above, below in product(REACH, repeat=2):
            found = _closed(box, drawn, above, below, open_sides)
            found = found._replace(boxed=boxed) if found else None
            if found is not None and _outset(found.frame, JITTER) == union([_outset(found.frame, JITTER), box]):
                return found
            first = first or found
    return first


def _sides(box: BBox) -> list[BBox]:
    """The sides of a drawn box, as rules."""
    x0, y0, x1, y1 = box
    return [BBox(x0, y0, x1, y0), BBox(x0, y1, x1, y1), BBox(x0, y0, x0, y1), BBox(x1, y0, x1, y1)]


def _closed(box: BBox, rules: Sequence[BBox], above: float, below: float, open_sides: bool = False) -> Lattice | None:
    """The closed grid of the rules that stand no further than so many points above and below a box of words."""
    across = [
        p
        for p in rules
        if height(p) <= RULE_WIDTH < width(p)
        and box.y0 - above < p.y0
        and p.y1 < box.y1 + below
        and p.x1 > box.x0 - REACH[0]
        and p.x0 < box.x1 + REACH[0]
    ]
    level = [line for line in _lines(across, 1) if not _is_beside(line, box)]
    across = [rule for line in level for rule in line]
    if len(level) < 3:
        return None
    ys = tuple(place_of(line, 1) for line in level)
    around = _outset(union([box, *across]), JITTER)  # words do not fill the last column
    pieces = (_cut(p, ys[0], ys[-1]) for p in rules if width(p) <= RULE_WIDTH < height(p))
    pieces = (p for p in pieces if height(p) > RULE_WIDTH and holds_middle(around, p))
    upright = _lines([*pieces, *(_sides_of(level) if open_sides else ())], 0)
    if len(upright) < 3:
        return None
    xs = tuple(place_of(line, 0) for line in upright)
    found = _with_corners(Lattice(xs, ys, tuple(map(tuple, upright)), tuple(map(tuple, level))))
    rows, columns = range(len(ys) - 1), range(len(xs) - 1)
    sides = [found.beside(row, line) for row in rows for line in (0, len(xs) - 1)]
    ends = [found.below(line, column) for column in columns for line in (0, len(ys) - 1)]
    drawn = union([rule for line in (*upright, *level) for rule in line])
    open_ended = any(abs(a - b) > JITTER + RULE_WIDTH for a, b in zip(drawn, found.frame, strict=True))
    return found if min(sides + ends) >= DRAWN and not open_ended else None


def _sides_of(level: Sequence[Sequence[BBox]]) -> list[BBox]:
    """The sides of a table where its level lines all begin and end."""
    rows = [union(line) for line in level]
    top, bottom = rows[0].y0, rows[-1].y1
    ends = (median(row.x0 for row in rows), median(row.x1 for row in rows))
    near = all(abs(row.x0 - ends[0]) <= JITTER and abs(row.x1 - ends[1]) <= JITTER for row in rows)
    return [BBox(x, top, x, bottom) for x in ends] if near else []


def _is_beside(line: Sequence[BBox], box: BBox) -> bool:
    """Whether short rules above or below a box of words are of something else, as of the key below a table."""
    drawn = sum(width(rule) for rule in line)
    return not box.y0 <= place_of(line, 1) <= box.y1 and drawn < LEAST_OUTER * width(box)


def _with_corners(grid: Lattice) -> Lattice:
    """A grid with the outer sides of a cell in a corner of which only the inner ones are drawn: what is above the names
    of rows and beside those of columns is often left open, and so is what stands beside a total."""
    for from_below, from_right in product((False, True), repeat=2):
        grid = _with_corner(grid, from_below, from_right)
    return grid


def _with_corner(grid: Lattice, from_below: bool, from_right: bool) -> Lattice:
    """The same for one corner: as many rows as have no outer side there, and as many columns."""
    bottom, right = len(grid.ys) - 1, len(grid.xs) - 1
    rows, columns = (list(range(count)) for count in (bottom, right))
    if from_below:
        rows.reverse()
    if from_right:
        columns.reverse()
    y, x = bottom if from_below else 0, right if from_right else 0
    high = _first_drawn(grid.beside(row, x) for row in rows)
    wide = _first_drawn(grid.below(y, column) for column in columns)
    inner_y, inner_x = abs(y - high), abs(x - wide)
    inner = [grid.beside(row, inner_x) for row in rows[:high]] + [grid.below(inner_y, c) for c in columns[:wide]]
    if not high or not wide or min(inner) < DRAWN:
        return grid
    (x0, x1), (y0, y1) = sorted((grid.xs[x], grid.xs[inner_x])), sorted((grid.ys[y], grid.ys[inner_y]))
    upright, level = list(grid.upright), list(grid.level)
    upright[x] = (*upright[x], BBox(grid.xs[x], y0, grid.xs[x], y1))
    level[y] = (*level[y], BBox(x0, grid.ys[y], x1, grid.ys[y]))
    return grid._replace(upright=tuple(upright), level=tuple(level))


def _first_drawn(shares: Iterable[float]) -> int:
    """How many sides are missing before the first that is not; 0 where all are."""
    return next((count for count, share in enumerate(shares) if share > MISSING), 0)


def _cut(rule: BBox, top: float, bottom: float) -> BBox:
    """An upright rule between two level lines; a piece without height where it stands beyond them."""
    y0, y1 = max(rule.y0, top - JITTER), min(rule.y1, bottom + JITTER)
    return BBox(rule.x0, y0, rule.x1, max(y0, y1))


def without_inner(grid: Lattice) -> Lattice:
    """A grid without the rules of tables that stand in its cells: they meet each other, and none of its own. Rules that
    meet none at all stay: pieces of dashed ones."""
    level = [p for line in grid.level for p in line]
    upright = [p for line in grid.upright for p in line]
    if len(level) * len(upright) > MOST_PAIRS:
        return grid
    met = [{j for j, other in enumerate(upright) if gap(rule, other) <= JOINT} for rule in level]
    reached = set(met[0])  # from the top of the frame
    while any(not held <= reached and held & reached for held in met):
        reached |= {j for held in met if held & reached for j in held}
    inner = {j for held in met for j in held} - reached
    kept = [rule for rule, held in zip(level, met, strict=True) if not held & inner]
    kept += [rule for j, rule in enumerate(upright) if j not in inner]
    found = _closed(grid.frame, kept, REACH[0], REACH[0])
    return found._replace(boxed=grid.boxed) if found else grid


def _outset(box: BBox, points: float) -> BBox:
    return BBox(box.x0 - points, box.y0 - points, box.x1 + points, box.y1 + points)


def _lines(rules: Iterable[BBox], axis: int) -> list[list[BBox]]:
    """Rules by the line of the grid that they lie on; ``axis``: 0 of upright ones, 1 of level ones."""
    found: list[list[BBox]] = []
    for rule in sorted(rules, key=lambda p: p[axis]):
        if found and rule[axis] - found[-1][0][axis] <= JITTER:
            found[-1].append(rule)
        else:
            found.append([rule])
    return found


def place_of(rules: Sequence[BBox], axis: int) -> float:
    """Where a line of the grid lies: the mean middle of its rules, in points."""
    return sum(p[axis] + p[axis + 2] for p in rules) / 2 / len(rules)


def _share(pieces: Iterable[tuple[float, float]], start: float, end: float) -> float:
    """How much of a stretch some pieces cover, 0–1."""
    covered, reach = 0.0, start
    for a, b in sorted(pieces):
        covered += max(0.0, min(b, end) - max(a, reach))
        reach = max(reach, b)
    return covered / (end - start)


def places_of(grid: Lattice) -> list[tuple[int, int, int, int]] | None:
    """Row, column and spans of each cell; None where one is no rectangle, or a side is neither drawn nor missing."""
    rows, columns = len(grid.ys) - 1, len(grid.xs) - 1
    home = {(r, c): (r, c) for r in range(rows) for c in range(columns)}

    def top(place: tuple[int, int]) -> tuple[int, int]:
        while home[place] != place:
            place = home[place]
        return place

    for r, c in list(home):
        sides = [((r, c + 1), grid.beside(r, c + 1))] if c + 1 < columns else []
        sides += [((r + 1, c), grid.below(r + 1, c))] if r + 1 < rows else []
        for other, drawn in sides:
            if MISSING < drawn < DRAWN:
                return None
            if drawn <= MISSING:
                home[top(other)] = top((r, c))
    members: dict[tuple[int, int], list[tuple[int, int]]] = defaultdict(list)
    for place in home:
        members[top(place)].append(place)
    found = []
    for held in members.values():
        (r0, c0), (r1, c1) = (tuple(f(axis) for axis in zip(*held, strict=True)) for f in (min, max))
        if len(held) != (r1 - r0 + 1) * (c1 - c0 + 1):
            return None
        found.append((r0, c0, r1 - r0 + 1, c1 - c0 + 1))
    return sorted(found)
