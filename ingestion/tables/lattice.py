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
from itertools import pairwise, product
from typing import NamedTuple

from ingestion.blocks import LayoutBox, Line
from ingestion.elements import BBox, Cell
from ingestion.geometry import RULE_WIDTH, gap, height, holds_middle, mostly_inside, union, width
from ingestion.tables.cells import compact, table_size
from ingestion.tables.words import WordIndex, lines_of, text_of

REACH = (12.0, 24.0)  # points that a table's outer rules may stand beside its words: the nearest that close a grid
JITTER = 3.0  # points between the pieces of one rule, or the lines of a double one, at most
DRAWN, MISSING = 0.8, 0.2  # of a side's length, drawn at least, or at most: between them it is dashed or a stub
JOINT = 1.5  # points between rules that meet, at most
MOST_PAIRS = 40_000  # of rules that are looked at for tables in cells
JOINED_SHARE = 0.25  # of the rows, at most, with a cell of several entries
PROSE = 5  # words in a line of a text
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


def find_lattice(box: BBox, paths: Iterable[BBox]) -> Lattice | None:
    """The grid drawn in and around a table's words, ``box``; None where it is not closed all around, or level rules run
    on beyond its sides. What is drawn above and below is another part of the same rules.

    Where rules alone draw none, the sides of drawn boxes are rules: many programs draw each cell as a rectangle.
    """
    near = [p for p in paths if p.y1 > box.y0 - REACH[-1] and p.y0 < box.y1 + REACH[-1]]
    rules = [p for p in near if min(width(p), height(p)) <= RULE_WIDTH]
    boxes = [p for p in near if min(width(p), height(p)) > RULE_WIDTH]
    first = None
    for boxed in (False, True) if boxes else (False,):
        drawn = [*rules, *(side for p in boxes for side in _sides(p))] if boxed else rules
        for above, below in product(REACH, repeat=2):
            found = _closed(box, drawn, above, below)
            found = found._replace(boxed=boxed) if found else None
            if found is not None and _outset(found.frame, JITTER) == union([_outset(found.frame, JITTER), box]):
                return found
            first = first or found
    return first


def _sides(box: BBox) -> list[BBox]:
    """The sides of a drawn box, as rules."""
    x0, y0, x1, y1 = box
    return [BBox(x0, y0, x1, y0), BBox(x0, y1, x1, y1), BBox(x0, y0, x0, y1), BBox(x1, y0, x1, y1)]


def _closed(box: BBox, rules: Sequence[BBox], above: float, below: float) -> Lattice | None:
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
    level = _lines(across, 1)
    if len(level) < 3:
        return None
    ys = tuple(_place(line, 1) for line in level)
    around = _outset(union([box, *across]), JITTER)  # words do not fill the last column
    pieces = (_cut(p, ys[0], ys[-1]) for p in rules if width(p) <= RULE_WIDTH < height(p))
    upright = _lines((p for p in pieces if height(p) > RULE_WIDTH and holds_middle(around, p)), 0)
    if len(upright) < 3:
        return None
    xs = tuple(_place(line, 0) for line in upright)
    found = Lattice(xs, ys, tuple(map(tuple, upright)), tuple(map(tuple, level)))
    rows, columns = range(len(ys) - 1), range(len(xs) - 1)
    sides = [found.beside(row, line) for row in rows for line in (0, len(xs) - 1)]
    ends = [found.below(line, column) for column in columns for line in (0, len(ys) - 1)]
    drawn = union([rule for line in (*upright, *level) for rule in line])
    open_ended = any(abs(a - b) > JITTER + RULE_WIDTH for a, b in zip(drawn, found.frame, strict=True))
    return found if min(sides + ends) >= DRAWN and not open_ended else None


def _cut(rule: BBox, top: float, bottom: float) -> BBox:
    """An upright rule between two level lines; a piece without height where it stands beyond them."""
    y0, y1 = max(rule.y0, top - JITTER), min(rule.y1, bottom + JITTER)
    return BBox(rule.x0, y0, rule.x1, max(y0, y1))


def _without_inner(grid: Lattice) -> Lattice:
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


def lattice_cells(region: LayoutBox, known: Sequence[Cell], paths: Sequence[BBox]) -> tuple[Cell, ...]:
    """The cells of a table region by its rules; none where it is not ruled throughout.

    ``known``: its cells as the engine and its repairs have them, to be held against the rules.
    """
    words = WordIndex(region.lines)
    drawn = find_lattice(region.bbox, paths)
    grid, places = _with_places(drawn, known, words) if drawn else (None, None)
    if drawn and places is None:
        grid, places = _with_places(_without_inner(drawn), known, words)
    if grid is None or places is None or len(places) < LEAST_CELLS:
        return ()
    if grid.boxed and _joins_entries(grid, places, known):
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


def _with_places(
    drawn: Lattice, known: Sequence[Cell], words: WordIndex
) -> tuple[Lattice | None, list[tuple[int, int, int, int]] | None]:
    """A grid with all its rows, and where its cells are."""
    grid = _with_rows(drawn, known, words)
    return grid, _merged(grid) if grid else None


def _joins_entries(grid: Lattice, places: Sequence[tuple[int, int, int, int]], known: Iterable[Cell]) -> bool:
    """Whether cells of the grid hold several entries of a row in many rows: boxes may be drawn for rows alone."""
    held = [cell.bbox for cell in known if cell.text and cell.bbox and cell.columns == 1]
    joined = 0
    for row, column, rows, columns in places:
        box = BBox(grid.xs[column], grid.ys[row], grid.xs[column + columns], grid.ys[row + rows])
        joined += columns > 1 and sum(holds_middle(box, entry) for entry in held) > 1
    return joined > JOINED_SHARE * (len(grid.ys) - 1)


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
                found = _between_known(grid, band, known, columns)
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
    least = min(2, table_size(known)[1])
    bands = range(len(grid.ys) - 1)
    return [sum(len(row) >= least for row in _known_rows(_places_in(grid, band), known).values()) for band in bands]


def _known_rows(places: Sequence[BBox], known: Iterable[Cell]) -> dict[int, list[BBox]]:
    """The boxes of the engine's entries in some places of the grid, by its rows."""
    rows: dict[int, list[BBox]] = defaultdict(list)
    for cell in known:
        if cell.text and cell.bbox and cell.rows == 1 and any(holds_middle(place, cell.bbox) for place in places):
            rows[cell.row].append(cell.bbox)
    return dict(sorted(rows.items()))


def _places_in(grid: Lattice, band: int) -> list[BBox]:
    """The places between two level lines that are drawn above and below them, and the upright lines drawn there."""
    last = len(grid.xs) - 1
    edges = [i for i in range(last + 1) if i in (0, last) or grid.beside(band, i) > MISSING]
    return [
        BBox(grid.xs[i], grid.ys[band], grid.xs[j], grid.ys[band + 1])
        for i, j in pairwise(edges)
        if min(grid.below(line, column) for line in (band, band + 1) for column in range(i, j)) > MISSING
    ]


def _between_known(
    grid: Lattice, band: int, known: Sequence[Cell], columns: Sequence[_Column]
) -> list[tuple[BBox, ...]] | None:
    """Level lines between the rows of a band as the engine has them, which fill half of its columns: none in a row with
    a text of several lines. None where a line would run through words."""
    rows = _known_rows([column.box for column in columns], known)
    starts = [boxes for boxes in rows.values() if 2 * len(boxes) >= len(columns)]
    cuts = [min(box.y0 for box in boxes) for boxes in starts[1:]]
    lines = [line for column in columns for line in column.lines if len(column.lines) > 1]
    if not cuts:
        return [] if any(len(line) >= PROSE for line in lines) else None
    words = [word.bbox for column in columns for line in column.lines for word in line]
    if any(word.y0 + SPACE * height(word) < y < word.y1 - SPACE * height(word) for y in cuts for word in words):
        return None
    return [tuple(BBox(column.box.x0, y, column.box.x1, y) for column in columns) for y in cuts]


class _Column(NamedTuple):
    """The lines of words in one place of the grid, whose box is ``box``."""

    box: BBox
    lines: list[list[Line]]


def _lines_by_column(grid: Lattice, band: int, words: WordIndex) -> list[_Column]:
    """The places of a band between two level lines that have words."""
    columns = (_Column(place, lines_of(words.within(place))) for place in _places_in(grid, band))
    return [column for column in columns if column.lines]


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
