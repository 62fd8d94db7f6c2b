"""Lines of one text that the layout library put in the wrong order: beside an initial, and in columns. Pure.

The library sorts the words of a text from left to right, row by row. Two lines beside an initial (a letter as high as
both) are one row to it, and columns that it took for one region are torn: "First row of the first row of the second".
The file has them in the order in which they are read.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import combinations, pairwise

from ingestion.blocks import Line
from ingestion.geometry import height, horizontal_overlap, in_one_row, union, vertical_overlap, width
from ingestion.text.index_entries import is_index

INITIAL_HEIGHT = 1.5  # times a line's: a letter so high stands beside several lines
INITIAL_GAP = 1.0  # of a line's height, from an initial to its word
INITIAL_WORD = 0.25  # of a line's height: an initial so far from the next letter is a word of its own ("A pump")
LONE = frozenset("AÀÁEÈÉIÍOÓÔUYKSVWZАВИКОСУЯ")  # letters that are words
WITHIN = 0.9  # of a line's height: it lies in the box of another
OVERLAP = 0.3  # of a line's height: lines that share less stand below each other
ACROSS = 0.5  # of the narrower line: two that share so much cannot stand in one row
PROSE = 3  # words: shorter pieces are parts of formulas …
WORD = 4  # … unless all their words have so many letters, as the last words of a paragraph may
LEAST_ROWS = 3  # of each column but the last …
LEAST_WORDS = 3  # … with so many words in a row, in the mean: fewer are cells of a table
FEW_ROWS, MANY_WORDS = 2, 4  # the same of short columns, where a sentence goes on from one to the next
WIDEST_GUTTER = 0.5  # of a column


def in_file_order(lines: Sequence[Line], native: Sequence[Line]) -> tuple[Line, ...] | None:
    """The ``native`` lines of a text, in order, where the library's own ``lines`` tear them; None where they do not."""
    if len(native) < 2:
        return None
    columns = columns_of(native)
    if columns is not None:
        return tuple(row for column in columns for row in column)
    level = [line for line in native if not line.slanted and _is_prose(line.text)]  # no watermarks
    torn = any(_tears(line, level) for line in lines) or any(_has_initial(line, level) for line in level)
    return tuple(native) if torn or _mixes_columns(lines, native) else None


def with_initials(lines: Sequence[Line]) -> list[Line]:
    """The lines of a page, each initial joined to its word."""
    found = list(lines)
    for initial in lines:
        if len(initial.text) != 1 or not initial.text.isupper() or initial.quarters or initial.slanted:
            continue
        beside = [line for line in found if _stands_beside(line, initial)]
        if len(beside) < 2:
            continue
        first = min(beside, key=lambda line: line.bbox.y0)
        apart = initial.text in LONE and first.bbox.x0 - initial.bbox.x1 > INITIAL_WORD * height(first.bbox)
        text = f"{initial.text}{' ' if apart else ''}{first.text}"
        found[found.index(first)] = replace(first, text=text, bbox=union([initial.bbox, first.bbox]))
        found.remove(initial)
    return found


def columns_of(lines: Sequence[Line]) -> list[list[Line]] | None:
    """Rows of the columns of a text, which the file goes through one by one; None where it is not set in columns.

    A box that stands right of the text may come before it.
    """
    runs: list[list[Line]] = [[lines[0]]]
    for last, line in pairwise(lines):
        if line.bbox.y1 < last.bbox.y0 and line.bbox.x0 != last.bbox.x0:
            runs.append([])
        runs[-1].append(line)
    if len(runs) < 2:
        return None
    boxes = [union([line.bbox for line in run]) for run in runs]
    gutters = [max(right.x0 - left.x1, left.x0 - right.x1) for left, right in pairwise(boxes)]
    if not all(0 < gutter < WIDEST_GUTTER * min(map(width, boxes)) for gutter in gutters):
        return None
    columns = [_rows(run) for run in runs]
    leftward = any(right.x0 < left.x0 for left, right in pairwise(boxes))  # labels beside lines are no column
    told = [
        is_index([row.text for row in rows])
        or (len(rows) >= LEAST_ROWS and _words(rows) >= LEAST_WORDS * len(rows))
        or (len(rows) == FEW_ROWS and _words(rows) >= MANY_WORDS * FEW_ROWS and _goes_on(rows, following))
        for rows, following in zip(columns, [*columns[1:], []], strict=True)
    ]
    return columns if all(told[: len(told) - (not leftward)]) else None


def _goes_on(rows: Sequence[Line], following: Sequence[Line]) -> bool:
    """Whether a sentence runs over the end of a column; no other follows the last."""
    return not following or (rows[-1].text[-1] not in ".:!?" and following[0].text[0].islower())


def _is_prose(text: str) -> bool:
    words = text.split()
    return len(words) >= PROSE or all(len(word) >= WORD and word.strip(".,;:!?()").isalpha() for word in words)


def _stands_beside(line: Line, initial: Line) -> bool:
    near = INITIAL_GAP * height(line.bbox)
    return (
        len(line.text) > 1
        and height(initial.bbox) >= INITIAL_HEIGHT * height(line.bbox)
        and initial.bbox.x0 <= line.bbox.x0 <= initial.bbox.x1 + near  # a line may begin with a space under the initial
        and line.bbox.x1 > initial.bbox.x1 + near
        and vertical_overlap(line.bbox, initial.bbox) > OVERLAP
    )


def _has_initial(line: Line, native: Sequence[Line]) -> bool:
    """Whether :func:`with_initials` joined one to a line: then the next one lies in its box, right of the initial."""
    return any(
        height(line.bbox) >= INITIAL_HEIGHT * height(other.bbox)
        and vertical_overlap(line.bbox, other.bbox) > WITHIN
        and line.bbox.x0 + INITIAL_WORD * height(other.bbox) < other.bbox.x0 < line.bbox.x1
        for other in native
    )


def _tears(line: Line, native: Sequence[Line]) -> bool:
    """Whether a line of the library is several of the file's, which stand below each other."""
    held = [n for n in native if in_one_row(line.bbox, n.bbox)]
    return any(
        vertical_overlap(a.bbox, b.bbox) < OVERLAP and horizontal_overlap(a.bbox, b.bbox) > ACROSS
        for a, b in combinations(held, 2)
    )


def _mixes_columns(lines: Sequence[Line], native: Sequence[Line]) -> bool:
    """Whether two rows of the library below each other are each a line of one text and a line of another, which both go
    on from the upper row to the lower one: a box beside a text, or columns of which other texts stand above."""
    order = {id(line): place for place, line in enumerate(native)}
    level = [line for line in native if not (line.slanted or line.hidden) and len(line.text.split()) >= PROSE]
    rows = [[n for n in level if in_one_row(line.bbox, n.bbox)] for line in lines]
    pairs = [sorted(row, key=lambda n: n.bbox.x0) for row in rows if len(row) == 2]
    return any(
        all(order[id(b)] == order[id(a)] + 1 and _runs_on(a, b) for a, b in zip(upper, lower, strict=True))
        for upper, lower in pairwise(pairs)
    )


def _runs_on(upper: Line, lower: Line) -> bool:
    """Whether a sentence goes on from a line to the one below it."""
    below = upper.bbox.y0 < lower.bbox.y0 < upper.bbox.y1 + height(upper.bbox)
    return below and upper.text[-1] not in ".:!?" and lower.text[0].islower()


def _rows(run: Sequence[Line]) -> list[Line]:
    """The pieces of each row as one line: wide spaces part them in the file."""
    rows: list[list[Line]] = []
    for line in run:
        if rows and in_one_row(rows[-1][-1].bbox, line.bbox):
            rows[-1].append(line)
        else:
            rows.append([line])
    return [
        replace(row[0], text=" ".join(p.text for p in row), bbox=union([p.bbox for p in row]))
        if len(row) > 1
        else row[0]
        for row in rows
    ]


def _words(rows: Sequence[Line]) -> int:
    return sum(len(row.text.split()) for row in rows)
