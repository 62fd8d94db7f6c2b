"""The cells of a table whose every cell is framed by rules: the closed boxes that they draw. Pure.

The table engine goes by lines of text: in a cell whose text wraps it sees two rows, and a head over two columns is cut
in two. Where rules close every cell there is nothing to guess. Upright and level rules give the grid's lines; two
places of the grid are one cell where the rule between them is missing. The recipe is that of lattice extraction, as in
Camelot and pdfplumber, for tables only that are closed all around.

Some tables are ruled by groups of rows. Where the engine sees several rows between two rules, their lines are those of
cells that wrap if no next word would have fitted behind a line; else each line is a row, if all columns with several
lines have them at the same heights, and what stands alone is centred beside them. Else rows are the engine's, where
they fill half of the columns; what is none of these stays as the engine has it.

Example: rules around "Reading" over "up" and "down", with none between the halves of "Reading", give a cell over two
columns above two cells.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import chain, pairwise
from typing import NamedTuple

from ingestion.blocks import LayoutBox, Line
from ingestion.elements import BBox, Cell
from ingestion.geometry import height, holds_middle, mostly_inside, union, width
from ingestion.tables.cells import compact, table_size
from ingestion.tables.columns import split_by_names
from ingestion.tables.drawn_grid import MISSING, Lattice, find_lattice, place_of, places_of, without_inner
from ingestion.tables.rows import split_levels
from ingestion.tables.words import NUMBER, WordIndex, lines_of, text_of

JOINED_SHARE = 0.25  # of the rows, at most, with a cell of several entries
PROSE = 5  # words in a line of a text
LEAST_CELLS = 4
MANY_VALUES = 6  # in a cell: numbers and single letters that are several rows
SAME_HEIGHT = 1.0  # points between the heights of rows that are set alike, at most
ONE_BAND = 3  # level lines: a head and one band below it
LEAST_ROWS = 3
SAID_SHARE = 0.8  # of a region's letters in the engine's cells: with less it has missed columns
SPACE = 0.25  # line heights: white between two words
SHORT_ENTRY = 3  # words, at most
_HAS_DIGIT = re.compile(r"\d")


def lattice_cells(
    region: LayoutBox, known: Sequence[Cell], paths: Sequence[BBox], ends: Sequence[BBox] = ()
) -> tuple[Cell, ...]:
    """The cells of a table region by its rules; none where it is not ruled throughout.

    ``known``: its cells as the engine and its repairs have them, to be held against the rules. ``ends``: rules across
    where all upright ones end; between them is one row each then.
    """
    words = WordIndex(region.lines)
    said, all_said = (sum(_letters(x.text for x in items).values()) for items in (known, region.lines))
    drawn = find_lattice(region.bbox, [*paths, *ends], open_sides=said < SAID_SHARE * all_said)
    grid, places = (drawn, places_of(drawn)) if drawn and ends else (None, None)
    if drawn and not ends:
        grid, places = _with_places(drawn, known, words)
    if drawn and places is None and not ends:
        outer = without_inner(drawn)
        gone = {*chain(*drawn.level, *drawn.upright)} - {*chain(*outer.level, *outer.upright)}
        inner = union(gone) if gone else None  # its rows are none of the table's
        own = [c for c in known if not (inner and c.bbox and holds_middle(inner, c.bbox))]
        grid, places = _with_places(outer, own, words)
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
    if _holds_columns(found):
        return ()
    heads = [c.bbox for c in known if c.header and c.bbox]
    depth = max(_head_rows(found), sum(_lies_in(a, b, heads) for a, b in pairwise(grid.ys)))
    headed = [c._replace(header=bool(heads) and c.row < depth) for c in found]
    result = split_by_names(headed, words)
    return () if _joins_columns(result, known) else split_levels(result, words)


def _joins_columns(cells: Sequence[Cell], known: Sequence[Cell]) -> bool:
    """Whether most rows, the head too, have a cell that holds two entries of the engine beside each other: no rule is
    drawn between two columns."""
    entries = [c for c in known if c.text and c.bbox and c.columns == 1 and c.rows == 1]
    joined: set[int] = set()
    for cell in cells:
        if cell.bbox and cell.columns == 1:
            rows = Counter(c.row for c in entries if c.bbox and holds_middle(cell.bbox, c.bbox))
            if max(rows.values(), default=0) > 1:
                joined.add(cell.row)
    rows_told = {cell.row for cell in cells if cell.text}
    return 0 in joined and 2 * len(joined) > len(rows_told) >= LEAST_ROWS


def _with_places(
    drawn: Lattice, known: Sequence[Cell], words: WordIndex
) -> tuple[Lattice | None, list[tuple[int, int, int, int]] | None]:
    """A grid with all its rows, and where its cells are."""
    grid = _with_rows(drawn, known, words)
    return grid, places_of(grid) if grid else None


def _joins_entries(grid: Lattice, places: Sequence[tuple[int, int, int, int]], known: Iterable[Cell]) -> bool:
    """Whether cells of the grid hold several entries of a row in many rows: boxes may be drawn for rows alone."""
    held = [cell.bbox for cell in known if cell.text and cell.bbox and cell.columns == 1]
    joined = 0
    for row, column, rows, columns in places:
        box = BBox(grid.xs[column], grid.ys[row], grid.xs[column + columns], grid.ys[row + rows])
        joined += columns > 1 and sum(holds_middle(box, entry) for entry in held) > 1
    return joined > JOINED_SHARE * (len(grid.ys) - 1)


def _holds_columns(cells: Sequence[Cell]) -> bool:
    """Whether many cells hold columns of values: only the frame and the head of the table are ruled."""
    told = [cell.text.split() for cell in cells if cell.text]
    values = [words for words in told if len(words) >= MANY_VALUES and all(map(_is_value, words))]
    return len(values) > JOINED_SHARE * len(told)


def _is_value(word: str) -> bool:
    return len(word) == 1 or NUMBER.match(word) is not None


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
    if not _letters([text]):
        return text
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
    outer = [word for word in region.lines if not holds_middle(frame, word.bbox)]
    if not outer or not all(any(holds_middle(line.bbox, word.bbox) for line in apart) for word in outer):
        return [region]
    cells = tuple(c for c in region.cells if c.bbox is None or holds_middle(frame, c.bbox))
    table = replace(region, bbox=union([word.bbox for word in inner]), lines=inner, cells=cells) if inner else region
    left, right, under = (
        [LayoutBox("text", union([x.bbox for x in side]), tuple(side))] if side else [] for side in (*sides, below)
    )
    return [*left, table, *right, *under]


def _with_rows(grid: Lattice, known: Sequence[Cell], words: WordIndex) -> Lattice | None:
    """The grid with a line between the rows that stand between two rules; None where their rows cannot be told."""
    cuts: list[tuple[BBox, ...]] = []
    counts = _rows_by_band(grid, known)
    for band, count in enumerate(counts):
        if count > 1 and not _is_like_rows(grid, band, counts):
            columns = _lines_by_column(grid, band, words)
            several = [column for column in columns if len(column.lines) > 1]
            centred = all(_is_centred(column) for column in columns if column not in several)
            body = len(grid.ys) <= ONE_BAND and count >= LEAST_ROWS and _begin_anew(columns, count)
            one = all(map(_is_wrapped, several)) and not _are_entries(several) and not body
            found = [] if one else _between_rows(several, count) if centred else None
            if found is None:
                found = _between_known(grid, band, known, columns)
            if found is None:
                return None
            cuts += found
    if not cuts:
        return grid
    level = sorted([*grid.level, *cuts], key=lambda line: place_of(line, 1))
    return grid._replace(ys=tuple(place_of(line, 1) for line in level), level=tuple(level))


def _is_like_rows(grid: Lattice, band: int, counts: Sequence[int]) -> bool:
    """Whether most bands as high as one, and at least two, are a row each to the engine."""
    high = [below - above for above, below in pairwise(grid.ys)]
    alike = [count for i, count in enumerate(counts) if i != band and abs(high[i] - high[band]) <= SAME_HEIGHT]
    rows = sum(count == 1 for count in alike)
    return rows >= 2 and 2 * rows > len(alike)


def _rows_by_band(grid: Lattice, known: Sequence[Cell]) -> list[int]:
    """How many rows the engine sees between two level lines each: its rows with several entries, or all rows where it
    sees no columns."""
    least = min(2, table_size(known)[1])
    bands = range(len(grid.ys) - 1)
    return [sum(len(row) >= least for row in _known_rows(_places_in(grid, band), known).values()) for band in bands]


def _known_rows(places: Sequence[BBox], known: Iterable[Cell]) -> dict[int, list[BBox]]:
    """The boxes of the engine's entries in some places of one band of the grid, by its rows."""
    rows: dict[int, list[BBox]] = defaultdict(list)
    top, bottom = (places[0].y0, places[0].y1) if places else (0.0, 0.0)
    for cell in known:
        if not cell.text or cell.bbox is None or cell.rows > 1 or not top <= (cell.bbox.y0 + cell.bbox.y1) / 2 < bottom:
            continue
        if any(holds_middle(place, cell.bbox) for place in places):
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


def _begin_anew(columns: Sequence[_Column], count: int) -> bool:
    """Whether all columns have as many lines as there are rows, none of which goes on in lower case."""
    starts = [line[0].text[:1] for column in columns for line in column.lines]
    return all(len(column.lines) == count for column in columns) and not any(map(str.islower, starts))


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
    """Letters, digits and marks (●, ✔)."""
    return Counter(c for text in texts for c in text if c.isalnum() or unicodedata.category(c) == "So")
