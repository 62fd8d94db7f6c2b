"""Cells mended by where their words stand: two columns or rows read as one, one row or phrase read as two. Pure.

Enters: :class:`Cell` values and the words of their table. Leaves: cells. Must not know: pages, captions, Markdown.

The table engine goes by rules and white space and is right on most tables; each mending here asks for evidence all
through the table before it changes anything.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from statistics import median

from ingestion.blocks import Line
from ingestion.elements import BBox, Cell
from ingestion.geometry import height, union
from ingestion.tables.cells import HEADER_JOIN, TYPED_RULE, compact, header_rows, size
from ingestion.tables.rules import RULE_SLACK, is_across, levels_of, span_rows, split_at_rules
from ingestion.tables.spans import join_phrases
from ingestion.tables.words import Words, lines_of, text_of
from ingestion.text.cleaning import join_lines

MIN_CUT_ROWS, CUT_SHARE = 4, 0.8  # rows that show two columns in one, and their share of the column's rows
NUMBER_GUTTER, LABEL_GUTTER = 0.35, 1.0  # line heights between two numbers, and between a label and a number
MIN_GUTTER = 1.5  # points that no word of any row stands in
NUMBER = re.compile(r"^[<>~≈$€£¥+±−–-]?\d[\d.,]*[%*†‡]*$")
THOUSANDS = re.compile(r"[^\d]?\d{1,3} \d{3}(?:[.,]\d+)?")  # "12 345" is one number
WRAPPED_SHARE = 0.5  # of the rows that may start in lower case; where more do, it is how this table is written
WRAP_GAP = 0.5  # line heights between the lines of one cell
MIN_BANDS = 2  # rules across a table, so that it is ruled
SENTENCE_ENDS = ".:;!?"
MIN_SPLIT_COLUMNS, SHORT_ENTRY = 3, 3  # columns of a table whose rows may be cut; words of a short entry

Sides = tuple[list[Line], list[Line]]


def mended(cells: Sequence[Cell], words: Words, paths: Sequence[BBox]) -> tuple[Cell, ...]:
    """All mendings, in the order in which they rest on each other."""
    parted = split_at_rules(cells, words, paths)
    whole = split_rows(join_phrases(split_columns(parted, words), words, paths), words)
    return join_wrapped(join_banded(span_rows(whole, words, paths), paths), words, paths)


def split_columns(cells: Sequence[Cell], words: Words) -> tuple[Cell, ...]:
    """Columns in which two stand, told by a white gutter all through the body with numbers on its right."""
    result = tuple(cells)
    column = 0
    while column < size(result)[1]:
        cut = _gutter(_column_words(result, column, words))
        if cut is None:
            column += 1
        else:
            result = _cut(result, column, cut, words)
    return result


def split_rows(cells: Sequence[Cell], words: Words) -> tuple[Cell, ...]:
    """Rows in which several stand, told by a column of short entries that each have a line in the first column."""
    result: list[Cell] = []
    added, top = 0, header_rows(cells)
    for row in range(size(cells)[0]):
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


def _anchors(columns: dict[int, list[list[Line]]]) -> list[float]:
    """Tops of the entries that stand in one row, or nothing where it is one entry."""
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
    """A cell cut at the tops of the rows that stand in it."""
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
    box = union(w.bbox for w in line)
    return (box.y0 + box.y1) / 2


def join_banded(cells: Sequence[Cell], paths: Sequence[BBox]) -> tuple[Cell, ...]:
    """Rows between two rules that part a table from edge to edge, joined where they are one entry: only the first has
    text in the first column, and they do not fill the same columns as rows of one group would."""
    top, count = header_rows(cells), size(cells)[0]
    boxes = [cell.bbox for cell in cells if cell.bbox]
    if not boxes:
        return tuple(cells)
    frame = union(boxes)
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


def _one_entry(rows: Sequence[Sequence[Cell]]) -> bool:
    """Whether rows are the lines of one entry rather than entries of a group."""
    if any(cell.column == 0 for row in rows[1:] for cell in row) or not any(cell.column == 0 for cell in rows[0]):
        return False
    filled = [{cell.column for cell in row if cell.column} for row in rows]
    numbers = Counter(cell.column for row in rows for cell in row if NUMBER.match(cell.text))
    return any(columns != filled[0] for columns in filled[1:]) and max(numbers.values(), default=0) < 2


def join_wrapped(cells: Sequence[Cell], words: Words, paths: Sequence[BBox] = ()) -> tuple[Cell, ...]:
    """Rows that only go on with the text of the row above, joined to it: each of their cells starts in lower case
    close under another that has not ended, and no rule parts them."""
    top = header_rows(cells)
    rows = {row: [c for c in cells if c.row == row and c.text] for row in range(size(cells)[0])}
    starts = [row[0].text for r, row in rows.items() if r >= top and row]
    if sum(text[0].islower() for text in starts) > WRAPPED_SHARE * len(starts):
        return tuple(cells)
    target, spanned = list(range(len(rows))), _spanned(cells)
    for row in range(top + 1, len(rows)):
        above = [c for r in range(row) if target[r] == target[row - 1] for c in rows[r]]
        whole = not spanned.intersection((row - 1, row)) and not _is_ruled_off(rows[row], above, paths)
        if rows[row] and whole and _goes_on(rows[row], above, words):
            target[row] = target[row - 1]
    return _merged(cells, target)


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
    """Rows that a cell over several covers."""
    return {row for c in cells if c.rows > 1 for row in range(c.row, c.row + c.rows)}


def _merged(cells: Sequence[Cell], target: Sequence[int]) -> tuple[Cell, ...]:
    """Cells with each row joined to the one that ``target`` names for it."""
    joined: dict[tuple[int, int], list[Cell]] = defaultdict(list)
    for cell in cells:
        joined[target[cell.row], cell.column].append(cell)
    return compact(_joined(row, held) for (row, _), held in sorted(joined.items()))


def _goes_on(row: Sequence[Cell], above: Sequence[Cell], words: Words) -> bool:
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
    boxes = [cell.bbox for cell in cells if cell.bbox]
    text = join_lines(cell.text for cell in sorted(cells))
    return cells[0]._replace(row=row, text=text, bbox=union(boxes) if boxes else None)


def _column_words(cells: Sequence[Cell], column: int, words: Words) -> list[list[Line]]:
    """The words of each cell of a column below the header."""
    top = header_rows(cells)
    own = [c for c in cells if c.column == column and c.columns == 1 and c.row >= top and c.text and c.bbox]
    return [[w for w in words.within(cell.bbox) if not TYPED_RULE.fullmatch(w.text)] for cell in own if cell.bbox]


def _gutter(rows: Sequence[Sequence[Line]]) -> float | None:
    """Where a column is to be cut, or None: the middle of the widest gap that no word of any row stands in."""
    words = [word for row in rows for word in row]
    if len(rows) < MIN_CUT_ROWS or not words:
        return None
    tall = median(height(word.bbox) for word in words)
    gaps = _gaps(sorted((w.bbox.x0, w.bbox.x1) for w in words))
    for start, end in sorted(gaps, key=lambda gap: gap[0] - gap[1]):
        sides = [_sides(row, (start + end) / 2) for row in rows]
        both = [side for side in sides if all(side)]
        if len(both) < max(MIN_CUT_ROWS, CUT_SHARE * len(rows)) or not _all(both, _numbers_right):
            continue
        numbers = _all(both, lambda side: _are_numbers(side[0]))
        grouped = numbers and all(THOUSANDS.fullmatch(f"{left[-1].text} {right[0].text}") for left, right in both)
        white = median(side[1][0].bbox.x0 - side[0][-1].bbox.x1 for side in both)
        if white >= (NUMBER_GUTTER if numbers else LABEL_GUTTER) * tall and end - start >= MIN_GUTTER and not grouped:
            return (start + end) / 2
    return None


def _all(sides: Sequence[Sides], test: Callable[[Sides], bool]) -> bool:
    return sum(map(test, sides)) >= CUT_SHARE * len(sides)


def _numbers_right(side: Sides) -> bool:
    return _are_numbers(side[1])


def _are_numbers(words: Sequence[Line]) -> bool:
    return all(NUMBER.match(word.text) for word in words)


def _sides(words: Iterable[Line], cut: float) -> Sides:
    left: list[Line] = []
    right: list[Line] = []
    for word in words:
        (left if (word.bbox.x0 + word.bbox.x1) / 2 < cut else right).append(word)
    return left, right


def _gaps(spans: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    """White stretches between spans that are sorted by their start."""
    gaps, reach = [], spans[0][1]
    for start, end in spans[1:]:
        if start > reach:
            gaps.append((reach, start))
        reach = max(reach, end)
    return gaps


def _cut(cells: Sequence[Cell], column: int, cut: float, words: Words) -> tuple[Cell, ...]:
    """Cells with one column more; a header over both columns is said over each."""
    result: list[Cell] = []
    for cell in cells:
        if cell.column > column:
            result.append(cell._replace(column=cell.column + 1))
        elif cell.column + cell.columns <= column:
            result.append(cell)
        elif cell.columns > 1 or cell.bbox is None:
            result.append(cell._replace(columns=cell.columns + 1))
        else:
            left, right = _halves(cell, cut, words.within(cell.bbox))
            result.append(cell._replace(text=left, bbox=cell.bbox._replace(x1=cut)))
            result.append(cell._replace(text=right, column=column + 1, bbox=cell.bbox._replace(x0=cut)))
    return tuple(result)


def _halves(cell: Cell, cut: float, words: Sequence[Line]) -> tuple[str, str]:
    """The texts left and right of a cut. In a header, a line that runs across it belongs to both."""
    shared: list[str] = []
    left: list[Line] = []
    right: list[Line] = []
    for line in lines_of(words):
        sides = _sides(line, cut)
        crossing = any(w.bbox.x0 < cut - 1 and w.bbox.x1 > cut + 1 for w in line)
        near = all(sides) and sides[1][0].bbox.x0 - sides[0][-1].bbox.x1 < NUMBER_GUTTER * height(line[0].bbox) * 2
        if cell.header and (crossing or near):
            shared.append(" ".join(w.text for w in line))
        else:
            left += sides[0]
            right += sides[1]
    texts = (text_of(left), text_of(right))
    if not shared:
        return texts
    joined = [HEADER_JOIN.join([*shared, text]) if text else HEADER_JOIN.join(shared) for text in texts]
    return joined[0], joined[1]
