"""The cells of a table whose every cell is framed by rules: the closed boxes that they draw. Pure.

The table engine goes by lines of text: in a cell whose text wraps it sees two rows, and a head over two columns is cut
in two. Where rules close every cell there is nothing to guess. Upright and level rules give the grid's lines; two
places of the grid are one cell where the rule between them is missing. The recipe is that of lattice extraction, as in
Camelot and pdfplumber, for tables only that are closed all around.

Some tables are ruled by groups of rows. Where the engine sees several rows between two rules, their lines are those of
cells that wrap if no next word would have fitted behind a line; else each line is a row, if all columns with several
lines have them at the same heights, and what stands alone is centred beside them. What is neither stays as the engine
has it.

Example: rules around "Reading" over "up" and "down", with none between the halves of "Reading", give a cell over two
columns above two cells.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import NamedTuple

from ingestion.blocks import LayoutBox, Line
from ingestion.elements import BBox, Cell
from ingestion.geometry import RULE_WIDTH, height, holds_middle, mostly_inside, union, width
from ingestion.tables.cells import compact, table_size
from ingestion.tables.words import WordIndex, lines_of, text_of

REACH = 12.0  # points that a table's outer rules may stand beside its words
JITTER = 3.0  # points between the pieces of one rule, or the lines of a double one, at most
DRAWN, MISSING = 0.8, 0.2  # of a side's length, drawn at least, or at most: between them it is dashed or a stub
LEAST_CELLS = 4
SPACE = 0.25  # line heights: white between two words
SHORT_ENTRY = 3  # words, at most
_HAS_DIGIT = re.compile(r"\d")


class Lattice(NamedTuple):
    """The lines of a grid in points, from left to right and from top to bottom, and the rules drawn along each."""

    xs: tuple[float, ...]
    ys: tuple[float, ...]
    upright: tuple[tuple[BBox, ...], ...]
    level: tuple[tuple[BBox, ...], ...]

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


def find_lattice(box: BBox, paths: Iterable[BBox]) -> Lattice | None:
    """The grid drawn in and around a table's words, ``box``; None where it is not closed all around, or rules run on
    beyond its sides."""
    rules = [p for p in paths if box.y0 - REACH < p.y0 and p.y1 < box.y1 + REACH]
    across = [
        p for p in rules if height(p) <= RULE_WIDTH < width(p) and p.x1 > box.x0 - REACH and p.x0 < box.x1 + REACH
    ]
    reach = _outset(union([box, *across]), JITTER)  # words do not fill the last column
    upright = _lines((p for p in rules if width(p) <= RULE_WIDTH < height(p) and holds_middle(reach, p)), 0)
    level = _lines(across, 1)
    if len(upright) < 3 or len(level) < 3:
        return None
    xs, ys = (tuple(_place(line, axis) for line in lines) for axis, lines in ((0, upright), (1, level)))
    found = Lattice(xs, ys, tuple(map(tuple, upright)), tuple(map(tuple, level)))
    rows, columns = range(len(ys) - 1), range(len(xs) - 1)
    sides = [found.beside(row, line) for row in rows for line in (0, len(xs) - 1)]
    ends = [found.below(line, column) for column in columns for line in (0, len(ys) - 1)]
    drawn = union([rule for line in (*upright, *level) for rule in line])
    open_ended = any(abs(a - b) > JITTER + RULE_WIDTH for a, b in zip(drawn, found.frame, strict=True))
    return found if min(sides + ends) >= DRAWN and not open_ended else None


def lattice_cells(region: LayoutBox, known: Sequence[Cell], paths: Sequence[BBox]) -> tuple[Cell, ...]:
    """The cells of a table region by its rules; none where it is not ruled throughout.

    ``known``: its cells as the engine and its repairs have them, to be held against the rules.
    """
    words = WordIndex(region.lines)
    grid = find_lattice(region.bbox, paths)
    grid = _with_rows(grid, known, words) if grid else None
    places = _merged(grid) if grid else None
    if grid is None or places is None or len(places) < LEAST_CELLS:
        return ()
    cells = []
    for row, column, rows, columns in places:
        box = BBox(grid.xs[column], grid.ys[row], grid.xs[column + columns], grid.ys[row + rows])
        cells.append(Cell(row, column, _text_in(box, known, words), rows, columns, bbox=box))
    found = compact(cells)
    if min(table_size(found)) < 2 or _letters(c.text for c in found) != _letters(w.text for w in region.lines):
        return ()
    heads = [c.bbox for c in known if c.header and c.bbox]
    depth = max(_head_rows(found), sum(_lies_in(a, b, heads) for a, b in pairwise(grid.ys)))
    return tuple(c._replace(header=bool(heads) and c.row < depth) for c in found)


def _head_rows(cells: Sequence[Cell]) -> int:
    """Rows of the head: below a cell over several columns stand their names, beside it a cell over both rows."""
    first = [c for c in cells if c.row == 0]
    return max(c.rows for c in first) if any(c.columns > 1 for c in first) else 1


def _lies_in(top: float, bottom: float, heads: Sequence[BBox]) -> bool:
    """Whether a band between two rules belongs to the head that the engine saw."""
    return any(min(bottom, head.y1) - max(top, head.y0) > (bottom - top) / 2 for head in heads)


def _text_in(box: BBox, known: Iterable[Cell], words: WordIndex) -> str:
    """The words in a box; as the engine has them where they are the same: it knows words that stand on their side."""
    text = text_of(words.within(box))
    same = (c.text for c in known if c.bbox and holds_middle(box, c.bbox) and _letters([c.text]) == _letters([text]))
    return next(same, text)


def without_text_beside(region: LayoutBox, lines: Iterable[Line], paths: Sequence[BBox]) -> list[LayoutBox]:
    """A table region that reaches over the text beside or below a closed grid: the grid with its words, and the text.

    ``lines`` are the page's. Anything else stays as it is.
    """
    grid = find_lattice(region.bbox, paths) if region.label == "table" else None
    if grid is None:
        return [region]
    frame = grid.frame
    held = [line for line in lines if mostly_inside(line.bbox, region.bbox)]
    sides = [[x for x in held if x.bbox.x1 <= frame.x0 + 1], [x for x in held if x.bbox.x0 >= frame.x1 - 1]]
    below = [line for line in held if line.bbox.y0 >= frame.y1 - 1]
    sides = [[line for line in side if line not in below] for side in sides]
    apart = [*below, *(line for side in sides for line in side)]
    inner = tuple(word for word in region.lines if holds_middle(frame, word.bbox))
    outer = [word for word in region.lines if word not in inner]
    if not outer or not all(any(holds_middle(line.bbox, word.bbox) for line in apart) for word in outer):
        return [region]
    cells = tuple(c for c in region.cells if c.bbox is None or holds_middle(frame, c.bbox))
    table = replace(region, bbox=union([word.bbox for word in inner]), lines=inner, cells=cells) if inner else region
    left, right, under = (
        [LayoutBox("text", union([x.bbox for x in side]), tuple(side))] if side else [] for side in (*sides, below)
    )
    return [*left, table, *right, *under]


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


def _place(rules: Sequence[BBox], axis: int) -> float:
    """Where a line of the grid lies: the mean middle of its rules, in points."""
    return sum(p[axis] + p[axis + 2] for p in rules) / 2 / len(rules)


def _share(pieces: Iterable[tuple[float, float]], start: float, end: float) -> float:
    """How much of a stretch some pieces cover, 0–1."""
    covered, reach = 0.0, start
    for a, b in sorted(pieces):
        covered += max(0.0, min(b, end) - max(a, reach))
        reach = max(reach, b)
    return covered / (end - start)


def _merged(grid: Lattice) -> list[tuple[int, int, int, int]] | None:
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


def _with_rows(grid: Lattice, known: Sequence[Cell], words: WordIndex) -> Lattice | None:
    """The grid with a line between the rows that stand between two rules; None where their rows cannot be told."""
    cuts: list[tuple[BBox, ...]] = []
    for band, count in enumerate(_rows_by_band(grid, known)):
        if count > 1:
            columns = _lines_by_column(grid, band, words)
            several = [column for column in columns if len(column.lines) > 1]
            centred = all(_is_centred(column) for column in columns if column not in several)
            one = all(map(_is_wrapped, several)) and not _are_entries(several)
            found = [] if one else _between_rows(several, count) if centred else None
            if found is None:
                return None
            cuts += found
    if not cuts:
        return grid
    level = sorted([*grid.level, *cuts], key=lambda line: _place(line, 1))
    return grid._replace(ys=tuple(_place(line, 1) for line in level), level=tuple(level))


def _rows_by_band(grid: Lattice, known: Sequence[Cell]) -> list[int]:
    """How many rows the engine sees between two level lines each: its rows with several entries, or all rows where it
    sees no columns."""
    filled: list[Counter[int]] = [Counter() for _ in grid.ys[1:]]
    for cell in known:
        if cell.text and cell.bbox and cell.rows == 1:
            middle = (cell.bbox.y0 + cell.bbox.y1) / 2
            for band, (top, bottom) in enumerate(pairwise(grid.ys)):
                if top <= middle < bottom:
                    filled[band][cell.row] += 1
    least = min(2, table_size(known)[1])
    return [sum(count >= least for count in rows.values()) for rows in filled]


class _Column(NamedTuple):
    """The lines of words in one place of the grid, whose box is ``box``."""

    box: BBox
    lines: list[list[Line]]


def _lines_by_column(grid: Lattice, band: int, words: WordIndex) -> list[_Column]:
    """The places of a band between two level lines that have words."""
    found = []
    for left, right in pairwise(grid.xs):
        box = BBox(left, grid.ys[band], right, grid.ys[band + 1])
        lines = lines_of(words.within(box))
        if lines:
            found.append(_Column(box, lines))
    return found


def _is_wrapped(column: _Column) -> bool:
    """Whether the lines of a cell are one text: each is so full that the next word would not have fitted in it."""
    left = min(line[0].bbox.x0 for line in column.lines)
    edge = column.box.x1 - (left - column.box.x0)  # as much white on the right as on the left
    ends = [(a[-1].bbox, b[0].bbox) for a, b in pairwise(column.lines)]
    return all(last.x1 + SPACE * height(last) + width(first) > edge for last, first in ends)


def _are_entries(columns: Sequence[_Column]) -> bool:
    """Whether columns as wide as their entries, which look full, hold short entries beside each other, with figures in
    every line of one."""
    texts = [[" ".join(word.text for word in line) for line in column.lines] for column in columns]
    alike = len(columns) > 1 and len({len(lines) for lines in texts}) == 1
    short = all(len(text.split()) <= SHORT_ENTRY for lines in texts for text in lines)
    return alike and short and any(all(map(_HAS_DIGIT.search, lines)) for lines in texts)


def _is_centred(column: _Column) -> bool:
    """Whether a single line stands in the middle of its place's height."""
    line = union(word.bbox for word in column.lines[0])
    return abs((line.y0 + line.y1) - (column.box.y0 + column.box.y1)) <= height(line)


def _between_rows(columns: Sequence[_Column], count: int) -> list[tuple[BBox, ...]] | None:
    """Level lines where they would be drawn between the rows of a band; None where its columns do not agree on them."""
    if len(columns) < 2 or any(len(column.lines) != count for column in columns):
        return None
    boxes = [[union(word.bbox for word in line) for line in column.lines] for column in columns]
    rows = [union(row) for row in zip(*boxes, strict=True)]
    if any(b.y0 < a.y1 - SPACE * height(a) for a, b in pairwise(rows)):
        return None
    cuts = [(a.y1 + b.y0) / 2 for a, b in pairwise(rows)]
    return [tuple(BBox(column.box.x0, y, column.box.x1, y) for column in columns) for y in cuts]


def _letters(texts: Iterable[str]) -> Counter[str]:
    return Counter(letter for text in texts for letter in text if letter.isalnum())
