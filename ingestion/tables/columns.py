"""Two columns of a table that were read as one: cut at the white gutter between them; and one read as two. Pure.

A column is cut where a stretch of white runs through all its rows below the header, wide enough for what stands beside
it, with numbers on its right in most rows. A header over both halves is said over each. Thousands set apart by a space
("12 345") are one number and no two columns. Names that stand apart over a column of numbers cut it, too, where each
number stands below one of them, however few rows have several.

Texts whose words happen to stand below each other ("Sensor 1 lost its plug" over "Sensor 2 lost its plug") look like
several columns to the table engine. They are one where the right one has no name and only spaces of words part them. A
border that runs through such spaces ("15", "kW 0.40") moves to the gutter beside it, where one runs through all rows.

Example: a column of "12 3.4", "15 2.9", "9 1.8", "11 2.2" becomes two columns.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from statistics import median

from ingestion.blocks import Line
from ingestion.elements import Cell
from ingestion.geometry import height, union
from ingestion.tables.cells import TYPED_RULE, table_size
from ingestion.tables.grid import HEADER_JOIN
from ingestion.tables.headers import header_rows
from ingestion.tables.words import NUMBER, WordIndex, lines_of, text_of, white_gaps

MIN_CUT_ROWS = 4  # rows that show two columns in one
CUT_SHARE = 0.8  # of the column's rows: so many show two
SPARSE_SHARE = 0.3  # the same where all words of the column are numbers: in timetables rows begin late and end early
NUMBER_GUTTER = 0.35  # line heights between two numbers of different columns
LABEL_GUTTER = 1.0  # line heights between a label and the numbers of the next column
MIN_GUTTER = 1.5  # points that no word of any row stands in
WORD_SPACE = 1.0  # line heights: words of a justified text stand no further apart
MIN_RUNS = 3  # lines that run over the border of two columns
THOUSANDS = re.compile(r"[^\d]?\d{1,3} \d{3}(?:[.,]\d+)?")  # "12 345" is one number

MIN_NAMED_ROWS = 3  # of numbers below several names
NAME_GUTTER = 0.6  # line heights between two names of columns

MIN_MOVED = 3  # rows, the header too, that show where a border belongs
UNIT_SPACE = 0.5  # line heights: white between a number and its unit, at most
BORDER_GUTTER = 1.0  # line heights of white at the border where it belongs, at least

Sides = tuple[list[Line], list[Line]]
"""The words left and right of a cut."""


def split_columns(cells: Sequence[Cell], words: WordIndex) -> tuple[Cell, ...]:
    """Cut each column in two in which two stand."""
    result = tuple(cells)
    column = 0
    while column < table_size(result)[1]:
        cut = _gutter(_column_words(result, column, words))
        if cut is None:
            column += 1
        else:
            result = _cut(result, column, cut, words)
    return result


def split_by_names(cells: Sequence[Cell], words: WordIndex) -> tuple[Cell, ...]:
    """Cut each column of numbers above which several names stand apart ("MIN  TYP  MAX"), each over its own numbers."""
    result = tuple(cells)
    column = 0
    while column < table_size(result)[1]:
        cut = _between_names(result, column, words)
        if cut is None:
            column += 1
        else:
            result = _cut(result, column, cut, words)
    return result


def join_columns(cells: Sequence[Cell], words: WordIndex) -> tuple[Cell, ...]:
    """Make one of neighbouring columns through which the lines of one text run."""
    result = tuple(cells)
    column = 0
    while column < table_size(result)[1] - 1:
        joined = _joined(result, column, words)
        if joined is None:
            column += 1
        else:
            result = joined
    return result


def move_borders(cells: Sequence[Cell], words: WordIndex) -> tuple[Cell, ...]:
    """Move each border between two columns that parts words of one entry to the gutter in one of the two."""
    result = tuple(cells)
    for column in range(table_size(result)[1] - 1):
        pairs = _pairs_of(result, column)
        held = [cell for pair in pairs.values() for cell in pair]
        if len(pairs) < MIN_MOVED or any(c.columns > 1 or c.rows > 1 or (c.text and c.bbox is None) for c in held):
            continue
        spaces = [gap for pair in pairs.values() for gap in _spaces(pair, column, words) if not pair[0].header]
        cut = _better_gutter(pairs, words) if len(spaces) > 1 and max(spaces) <= UNIT_SPACE else None
        if cut is not None:
            moved = _cut(_as_one(result, column, pairs, words), column, cut, words)
            result = moved if _letters(moved) == _letters(result) else result
    return result


def drop_hollow(cells: Sequence[Cell]) -> tuple[Cell, ...]:
    """Leave out columns that hold nothing of their own, where a name stands over them and one column that does: the
    engine parts a name that is broader than its numbers from them."""
    own = {cell.column for cell in cells if cell.columns == 1 and cell.text}
    names = [range(c.column, c.column + c.columns) for c in cells if c.columns > 1 and c.text]
    hollow = {
        k
        for k in range(table_size(cells)[1])
        if k not in own and (over := [name for name in names if k in name]) and all(len(own & {*n}) == 1 for n in over)
    }
    if not hollow:
        return tuple(cells)
    places = {k: k - sum(h < k for h in hollow) for k in range(table_size(cells)[1] + 1)}
    return tuple(
        c._replace(column=places[c.column], columns=places[c.column + c.columns] - places[c.column])
        for c in cells
        if not {*range(c.column, c.column + c.columns)} <= hollow
    )


def _better_gutter(pairs: dict[int, list[Cell]], words: WordIndex) -> float | None:
    """The middle of the white that runs through all rows of two columns, if it is as wide as between columns."""
    rows = [[w for cell in pair if cell.bbox for w in words.within(cell.bbox)] for pair in pairs.values()]
    held = [word for row in rows for word in row]
    tall = median(height(word.bbox) for word in held)
    for start, end in white_gaps((w.bbox.x0, w.bbox.x1) for w in held):
        if end - start >= BORDER_GUTTER * tall and all(all(_sides(row, (start + end) / 2)) for row in rows):
            return (start + end) / 2
    return None


def _pairs_of(cells: Sequence[Cell], column: int) -> dict[int, list[Cell]]:
    """The cells of a column and the next, by row."""
    pairs: dict[int, list[Cell]] = {}
    for cell in cells:
        if cell.column <= column + 1 and cell.column + cell.columns > column:
            pairs.setdefault(cell.row, []).append(cell)
    return pairs


def _joined(cells: Sequence[Cell], column: int, words: WordIndex) -> tuple[Cell, ...] | None:
    """The cells with a column and the next as one; None where they are two."""
    top = header_rows(cells)
    if not top or any(c.row < top and c.text and c.column <= column + 1 < c.column + c.columns for c in cells):
        return None  # the right one has a name, of its own or over both
    pairs = _pairs_of(cells, column)
    held = [cell for pair in pairs.values() for cell in pair]
    if any(c.columns > 1 or c.rows > 1 or (c.text and c.bbox is None) for c in held):
        return None
    gaps = [gap for row, pair in pairs.items() if row >= top for gap in _spaces(pair, column, words)]
    if len(gaps) < MIN_RUNS or max(gaps) > WORD_SPACE:
        return None
    result = _as_one(cells, column, pairs, words)
    return result if _letters(result) == _letters(cells) else None


def _as_one(cells: Sequence[Cell], column: int, pairs: dict[int, list[Cell]], words: WordIndex) -> tuple[Cell, ...]:
    """The cells with those of a column and the next, ``pairs``, as one in each row."""
    held = [cell for pair in pairs.values() for cell in pair]
    result = [c._replace(column=c.column - (c.column > column)) for c in cells if c not in held]
    for row, pair in pairs.items():
        boxes = [c.bbox for c in pair if c.bbox]
        box = union(boxes) if boxes else None
        said = text_of(words.within(box)) if box else ""
        result.append(Cell(row, column, said, 1, 1, any(c.header for c in pair), box))
    return tuple(sorted(result))


def _spaces(pair: Sequence[Cell], column: int, words: WordIndex) -> list[float]:
    """The white between two columns in line heights, for each line of a row that stands in both."""
    found = []
    left, right = (
        [w for c in pair if c.column == k and c.bbox for w in words.within(c.bbox)] for k in (column, column + 1)
    )
    for line in lines_of([*left, *right]):
        sides = [w for w in line if w in left], [w for w in line if w in right]
        if all(sides):
            found.append((sides[1][0].bbox.x0 - sides[0][-1].bbox.x1) / height(sides[0][-1].bbox))
    return found


def _letters(cells: Iterable[Cell]) -> list[str]:
    return sorted(ch for cell in cells for ch in cell.text if ch.isalnum())


def _column_words(cells: Sequence[Cell], column: int, words: WordIndex) -> list[list[Line]]:
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
    figures = all(NUMBER.match(word.text) for word in words)
    gaps = white_gaps((w.bbox.x0, w.bbox.x1) for w in words)
    for start, end in sorted(gaps, key=lambda gap: gap[0] - gap[1]):
        sides = [_sides(row, (start + end) / 2) for row in rows]
        both = [side for side in sides if all(side)]
        share = SPARSE_SHARE if figures else CUT_SHARE
        if len(both) < max(MIN_CUT_ROWS, share * len(rows)) or not _most(both, _numbers_right):
            continue
        numbers = _most(both, lambda side: _are_numbers(side[0]))
        grouped = numbers and all(THOUSANDS.fullmatch(f"{left[-1].text} {right[0].text}") for left, right in both)
        white = median(side[1][0].bbox.x0 - side[0][-1].bbox.x1 for side in both)
        if white >= (NUMBER_GUTTER if numbers else LABEL_GUTTER) * tall and end - start >= MIN_GUTTER and not grouped:
            return (start + end) / 2
    return None


def _between_names(cells: Sequence[Cell], column: int, words: WordIndex) -> float | None:
    """Where a column is to be cut, or None: the middle of the first gap between two of its names that no word stands
    in."""
    top = header_rows(cells)
    named = [c for c in cells if c.column == column and c.columns == 1 and c.row + c.rows == top and c.text and c.bbox]
    names = [w for cell in named if cell.bbox for w in words.within(cell.bbox)]
    rows = _column_words(cells, column, words)
    below = [word for row in rows for word in row]
    if len(names) < 2 or len(lines_of(names)) > 1 or len(rows) < MIN_NAMED_ROWS:
        return None
    if any(len(lines_of(row)) > 1 for row in rows) or sum(map(_is_value, below)) < CUT_SHARE * len(below):
        return None
    tall = median(height(word.bbox) for word in names)
    for start, end in white_gaps((w.bbox.x0, w.bbox.x1) for w in (*names, *below)):
        middle = (start + end) / 2
        left, right = _sides(names, middle)
        apart = left and right and min(w.bbox.x0 for w in right) - max(w.bbox.x1 for w in left) >= NAME_GUTTER * tall
        if apart and end - start >= MIN_GUTTER and all(_sides(below, middle)):
            return middle
    return None


def _is_value(word: Line) -> bool:
    return NUMBER.match(word.text) is not None or not any(map(str.isalnum, word.text))


def _most(sides: Sequence[Sides], test: Callable[[Sides], bool]) -> bool:
    """Whether a test holds for the share of the rows that a cut asks for."""
    return sum(map(test, sides)) >= CUT_SHARE * len(sides)


def _numbers_right(side: Sides) -> bool:
    return _are_numbers(side[1])


def _are_numbers(words: Sequence[Line]) -> bool:
    return all(NUMBER.match(word.text) for word in words)


def _sides(words: Iterable[Line], cut: float) -> Sides:
    """Words by the side of a cut on which their middle lies."""
    left: list[Line] = []
    right: list[Line] = []
    for word in words:
        (left if (word.bbox.x0 + word.bbox.x1) / 2 < cut else right).append(word)
    return left, right


def _cut(cells: Sequence[Cell], column: int, cut: float, words: WordIndex) -> tuple[Cell, ...]:
    """The cells with one column more: a column cut at ``cut`` (points), cells over it one wider."""
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
