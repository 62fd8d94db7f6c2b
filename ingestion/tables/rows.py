"""Rows of a table that were read as one, or as too many, told by where their words stand. Pure.

The table engine takes a line of text for a row. Two kinds of mistakes follow: entries set tightly are one row, and the
lines of one long entry are several. A row is split where a column of short entries has a line of the first column at
each of them, or where columns of values have lines at the same heights; rows are joined where rules enclose them as one
entry, or where a row starts in lower case close under text that has not ended.

Example: ``Drain pump | 12`` over ``with filter |`` becomes ``Drain pump with filter | 12``.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from itertools import pairwise
from statistics import median

from ingestion.blocks import Line
from ingestion.elements import BBox, Cell
from ingestion.geometry import height, union, width
from ingestion.tables.cells import compact, frame_of, table_size
from ingestion.tables.headers import header_rows
from ingestion.tables.rules import RULE_SLACK, is_across, levels_of
from ingestion.tables.words import NUMBER, WordIndex, lines_of, text_of
from ingestion.text.cleaning import join_lines

WRAPPED_SHARE = 0.5  # of the rows that may start in lower case; where more do, it is how this table is written
WORD_GAP = 0.25  # line heights between two words, at least
WRAP_GAP = 0.5  # line heights between the lines of one cell
MIN_BANDS = 2  # rules across a table, so that it is ruled
SENTENCE_ENDS = ".:;!?"  # a cell that ends so does not go on in the next row
MIN_SPLIT_COLUMNS = 3  # filled columns of a row that may be split, at least
MIN_LEVEL_COLUMNS = 3  # of values with lines at the same heights, so that each height is a row
VALUE = re.compile(r"[-–—−+±✔✘●○☐☑☒*]|[<>≤≥±+−–-]?\s?\d[\d.,]*\s?[^\W\d_]{0,3}[°%Ω]?[CF]?|[^\W\d_]{1,3}|%|°C")
PROSE = 4  # words of a line that a sentence goes on from
SHORT_ENTRY = 3  # words of a short entry, at most


def split_rows(cells: Sequence[Cell], words: WordIndex) -> tuple[Cell, ...]:
    """Split each row in which several entries stand.

    They show in a column of short entries that each have a line of the first column at their height.
    """
    result: list[Cell] = []
    added, top = 0, header_rows(cells)
    for row in range(table_size(cells)[0]):
        own = [c for c in cells if c.row == row]
        held = {c.column: lines_of(words.within(c.bbox)) for c in own if c.bbox and c.text}
        anchors = _anchors(held) if row >= top and all(c.rows == 1 and c.bbox for c in own) else []
        if any(c.row < row < c.row + c.rows for c in cells) or len(anchors) < 2:
            result += [c._replace(row=row + added) for c in own]
            continue
        for cell in own:
            result += _cut_rows(cell._replace(row=row + added), held.get(cell.column, []), anchors)
        added += len(anchors) - 1
    return tuple(sorted(result))


def split_levels(cells: Sequence[Cell], words: WordIndex) -> tuple[Cell, ...]:
    """Split each row that holds several readings of one thing, whose name stands beside all of them.

    They show in columns of values that have lines at the same heights ("2.0 V", "4.5 V", "6.0 V" beside "1.5", "3.15",
    "4.2"). Other cells go over all the rows.
    """
    top = header_rows(cells)
    levels = {row: _levels_in(cells, row, words) for row in range(top, table_size(cells)[0])}
    levels = {row: tops for row, tops in levels.items() if tops}
    result: list[Cell] = []
    for cell in cells:
        before = sum(len(tops) - 1 for row, tops in levels.items() if row < cell.row)
        inner = sum(len(tops) - 1 for row, tops in levels.items() if cell.row <= row < cell.row + cell.rows)
        moved = cell._replace(row=cell.row + before)
        tops = levels.get(cell.row, [])
        lines = lines_of(words.within(cell.bbox)) if cell.bbox and cell.rows == 1 and tops else []
        several = len(lines) > 1 or not cell.text.isalpha()  # a name or unit alone is that of all the rows
        values = bool(cell.column) and several and _are_values(lines) and _stand_at(lines, tops)
        if lines and (values or _are_labels(lines, tops, cell)):
            result += _cut_rows(moved, lines, [middle - height(union(w.bbox for w in lines[0])) / 2 for middle in tops])
        else:
            result.append(moved._replace(rows=cell.rows + inner))
    return tuple(sorted(result))


def _levels_in(cells: Iterable[Cell], row: int, words: WordIndex) -> list[float]:
    """The middles, in points, of the lines that a row's columns of values share; nothing where it is one entry."""
    own = [c for c in cells if c.row == row and c.rows == 1 and c.columns == 1 and c.column and c.bbox and c.text]
    columns = [lines_of(words.within(cell.bbox)) for cell in own if cell.bbox]
    values = [lines for lines in columns if _are_values(lines)]
    longest = max(values, key=len, default=[])
    if len(longest) < 2:
        return []
    levels = [_middle(line) for line in longest]
    full = [lines for lines in values if len(lines) == len(longest) and _stand_at(lines, levels)]
    numbers = [lines for lines in full if any(map(str.isdigit, "".join(w.text for w in lines[0])))]
    fits = all(_stand_at(lines, levels) for lines in values if len(lines) > 1)
    return levels if fits and len(full) >= MIN_LEVEL_COLUMNS and len(numbers) >= 2 else []


def _are_values(lines: Sequence[Sequence[Line]]) -> bool:
    """Whether each line is a number, with a unit or without, or a unit or dash, all alike."""
    texts = [[word.text for word in line] for line in lines]
    return bool(texts) and len({len(line) for line in texts}) == 1 and all(VALUE.fullmatch(" ".join(t)) for t in texts)


def _are_labels(lines: Sequence[Sequence[Line]], levels: Sequence[float], cell: Cell) -> bool:
    """Whether each level has a line of a cell, which is no text that wraps: the next word would have fitted."""
    met = [any(_stand_at([line], [level]) for line in lines) for level in levels]
    ends = [(a[-1].bbox, b[0].bbox) for a, b in pairwise(lines)]
    right = cell.bbox.x1 if cell.bbox else 0.0
    return all(met) and all(last.x1 + WORD_GAP * height(last) + width(first) <= right for last, first in ends)


def _stand_at(lines: Sequence[Sequence[Line]], levels: Sequence[float]) -> bool:
    """Whether each line stands at the height of one of the levels, in points."""
    return all(min(abs(_middle(x) - y) for y in levels) < height(union(w.bbox for w in x)) / 4 for x in lines)


def _anchors(columns: dict[int, list[list[Line]]]) -> list[float]:
    """Tops in points of the entries that stand in one row; nothing where it is one entry."""
    first = [_middle(line) for line in columns.get(0, [])]
    best: list[float] = []
    for column, lines in columns.items():
        if column == 0 or len(lines) < 2 or len(columns) < MIN_SPLIT_COLUMNS:
            continue
        short = all(len(line) <= SHORT_ENTRY for line in lines)
        numbers = all(len(line) == 1 and NUMBER.match(line[0].text) for line in lines)
        tall = height(lines[0][0].bbox)
        ys = [_middle(line) for line in lines]
        met = all(any(abs(y - other) < tall / 2 for other in first) for y in ys)
        starts = bool(first) and abs(first[0] - ys[0]) < tall / 2
        if met and starts and (numbers or (short and len(lines) > 2)) and len(lines) > len(best):
            best = [min(w.bbox.y0 for w in line) for line in lines]
    return best


def _cut_rows(cell: Cell, lines: Sequence[Sequence[Line]], tops: Sequence[float]) -> list[Cell]:
    """A cell cut at the tops (points) of the entries that stand in it."""
    assert cell.bbox is not None
    held: list[list[Line]] = [[] for _ in tops]
    for line in lines:
        held[sum(_middle(line) >= top for top in tops[1:])] += line
    edges = [cell.bbox.y0, *tops[1:], cell.bbox.y1]
    return [
        cell._replace(row=cell.row + i, text=text_of(part), bbox=cell.bbox._replace(y0=edges[i], y1=edges[i + 1]))
        for i, part in enumerate(held)
    ]


def _middle(line: Sequence[Line]) -> float:
    """The height of a line's middle, in points."""
    box = union(w.bbox for w in line)
    return (box.y0 + box.y1) / 2


def join_banded(cells: Sequence[Cell], paths: Sequence[BBox]) -> tuple[Cell, ...]:
    """Join rows that stand between two rules from edge to edge and are one entry.

    They are where only the first has text in the first column, and where they do not all fill the same columns, as the
    rows of a group would.
    """
    top, count = header_rows(cells), table_size(cells)[0]
    frame = frame_of(cells)
    if frame is None:
        return tuple(cells)
    across = [level.y for level in levels_of(frame, paths) if is_across(level, frame)]
    inner = [y for y in across if frame.y0 + RULE_SLACK < y < frame.y1 - RULE_SLACK]
    if len(inner) < MIN_BANDS:
        return tuple(cells)
    rows = {row: [c for c in cells if c.row == row and c.text] for row in range(count)}
    band = {row: bisect_left(inner, median(_middle_of(c) for c in held)) for row, held in rows.items() if held}
    target, spanned = list(range(count)), _spanned(cells)
    for start in range(top, count):
        follow = [row for row in range(start + 1, count) if row in band and band[row] == band.get(start)]
        first = start == top or band.get(start - 1) != band.get(start)
        free = not spanned.intersection((start, *follow))
        if first and free and follow and _one_entry([rows[row] for row in (start, *follow)]):
            for row in follow:
                target[row] = start
    return _merged(cells, target)


def _middle_of(cell: Cell) -> float:
    return (cell.bbox.y0 + cell.bbox.y1) / 2 if cell.bbox else 0.0


def _runs_over(above: Cell, below: Cell) -> bool:
    """Whether a sentence runs over from a cell into the one below it."""
    prose = len(above.text.split()) >= PROSE and above.text[0].isupper() and above.text[-1] not in SENTENCE_ENDS
    return above.column == below.column and prose and below.text[0].islower()


def _one_entry(rows: Sequence[Sequence[Cell]]) -> bool:
    """Whether rows are the lines of one entry rather than entries of a group."""
    if any(cell.column == 0 for row in rows[1:] for cell in row) or not any(cell.column == 0 for cell in rows[0]):
        return False
    if any(_runs_over(above, below) for a, b in pairwise(rows) for above in a for below in b):
        return True
    filled = [{cell.column for cell in row if cell.column} for row in rows]
    numbers = Counter(cell.column for row in rows for cell in row if NUMBER.match(cell.text))
    return any(columns != filled[0] for columns in filled[1:]) and max(numbers.values(), default=0) < 2


def join_wrapped(cells: Sequence[Cell], words: WordIndex, paths: Sequence[BBox] = ()) -> tuple[Cell, ...]:
    """Join each row that only goes on with the text of the row above to that row.

    Each of its cells starts in lower case close under a cell that has not ended, and no rule parts the two. Where many
    rows start in lower case, they are rows of their own unless their first word had no place in the line above.
    """
    top = header_rows(cells)
    rows = {row: [c for c in cells if c.row == row and c.text] for row in range(table_size(cells)[0])}
    starts = [row[0] for r, row in rows.items() if r >= top and row]
    lower = [cell for cell in starts if cell.text[0].islower()]
    if len(lower) > WRAPPED_SHARE * len(starts):
        lower = [cell for cell in lower if not _had_no_place(cell, cells, words)]
    if len(lower) > WRAPPED_SHARE * len(starts):
        return tuple(cells)
    target, spanned = list(range(len(rows))), _spanned(cells)
    for row in range(top + 1, len(rows)):
        above = [c for r in range(row) if target[r] == target[row - 1] for c in rows[r]]
        whole = not spanned.intersection((row - 1, row)) and not _is_ruled_off(rows[row], above, paths)
        if rows[row] and whole and _goes_on(rows[row], above, words):
            target[row] = target[row - 1]
    return _merged(cells, target)


def _had_no_place(cell: Cell, cells: Sequence[Cell], words: WordIndex) -> bool:
    """Whether the line above is so full that a cell's first word would not have fitted behind it."""
    column = [c for c in cells if c.column == cell.column and c.columns == 1 and c.text and c.bbox]
    above = [c.bbox for c in column if c.row == cell.row - 1 and c.bbox]
    own = lines_of(words.within(cell.bbox)) if cell.bbox else []
    over = lines_of(words.within(above[0])) if above else []
    if not own or not over or cell.columns > 1 or cell.column == 0:
        return False
    edge = max(w.bbox.x1 for c in column if c.bbox for w in words.within(c.bbox))
    first, last = own[0][0].bbox, over[-1][-1].bbox
    return last.x1 + width(first) + WORD_GAP * height(first) > edge


def _is_ruled_off(row: Sequence[Cell], above: Sequence[Cell], paths: Iterable[BBox]) -> bool:
    """Whether a rule across stands between a row and the one above."""
    boxes = [[c.bbox for c in cells if c.bbox] for cells in (above, row)]
    if not all(boxes):
        return False
    upper, lower = map(union, boxes)
    frame = union([upper, lower])
    top, bottom = (upper.y0 + upper.y1) / 2, (lower.y0 + lower.y1) / 2
    return any(top < level.y < bottom and is_across(level, frame) for level in levels_of(frame, paths))


def _spanned(cells: Iterable[Cell]) -> set[int]:
    """Rows that a cell over several rows covers."""
    return {row for c in cells if c.rows > 1 for row in range(c.row, c.row + c.rows)}


def _merged(cells: Sequence[Cell], target: Sequence[int]) -> tuple[Cell, ...]:
    """Cells with each row joined to the one that ``target`` names for it."""
    joined: dict[tuple[int, int], list[Cell]] = defaultdict(list)
    for cell in cells:
        joined[target[cell.row], cell.column].append(cell)
    return compact(_joined(row, held) for (row, _), held in sorted(joined.items()))


def _goes_on(row: Sequence[Cell], above: Sequence[Cell], words: WordIndex) -> bool:
    """Whether every cell of a row goes on with the one above it."""
    for cell in row:
        upper = [c for c in above if c.column == cell.column and c.columns == cell.columns]
        if (
            not cell.text[0].islower()
            or not upper
            or upper[-1].text[-1] in SENTENCE_ENDS
            or NUMBER.match(upper[-1].text)
        ):
            return False
        own = words.within(cell.bbox) if cell.bbox else []
        over = words.within(upper[-1].bbox) if upper[-1].bbox else []
        if not own or not over:
            return False
        if min(w.bbox.y0 for w in own) - max(w.bbox.y1 for w in over) > WRAP_GAP * height(own[0].bbox):
            return False
    return True


def _joined(row: int, cells: Sequence[Cell]) -> Cell:
    """Cells of one column as one cell of a row."""
    boxes = [cell.bbox for cell in cells if cell.bbox]
    text = join_lines(cell.text for cell in sorted(cells))
    return cells[0]._replace(row=row, text=text, bbox=union(boxes) if boxes else None)
