"""Lines found in a picture, and the order in which a person reads them.

Columns of prose come one by one, the rows of a table from left to right. Two columns are told from a table by their
long lines: a gutter has at least three lines of prose on either side.
"""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median
from typing import NamedTuple

from ingestion.elements import BBox

PROSE = 18  # characters; columns are told from table rows by lines of at least this length
COLUMN_LINES = 3  # prose lines on either side of a gutter


class OcrLine(NamedTuple):
    """One line of text as read; ``bbox`` in pixels of the picture given, ``score`` the confidence, 0 to 1.

    ``quarters``: clockwise turns that make it upright.
    """

    text: str
    bbox: BBox
    score: float
    quarters: int = 0


class Glance(NamedTuple):
    """Lines read at a glance, in pixels of the picture after it is turned by ``turn`` degrees against the clock: 0, 90,
    180 or 270."""

    lines: list[OcrLine]
    turn: int


def word_boxes(line: OcrLine) -> list[tuple[str, BBox]]:
    """The words of a line, its width shared out by their number of characters: good to about a character."""
    x0, y0, x1, y1 = line.bbox
    step = (x1 - x0) / len(line.text)
    words: list[tuple[str, BBox]] = []
    start = 0
    for word in line.text.split():
        start = line.text.index(word, start)
        words.append((word, BBox(x0 + start * step, y0, x0 + (start + len(word)) * step, y1)))
        start += len(word)
    return words


def reading_order(lines: Sequence[OcrLine]) -> list[OcrLine]:
    """Lines as a person reads them. Where a gutter parts two columns of prose, the left one comes first; a line across
    the gutter (a heading) ends the columns above it. Without prose columns: rows from the top, each from the left."""
    gutter = _gutter(lines)
    if gutter is None:
        return _rows(lines)
    ordered: list[OcrLine] = []
    left: list[OcrLine] = []
    right: list[OcrLine] = []
    for line in sorted(lines, key=lambda item: item.bbox.y0):
        if line.bbox.x1 <= gutter:
            left.append(line)
        elif line.bbox.x0 >= gutter:
            right.append(line)
        else:
            ordered += [*reading_order(left), *reading_order(right), line]
            left, right = [], []
    return [*ordered, *reading_order(left), *reading_order(right)]


def _gutter(lines: Sequence[OcrLine]) -> float | None:
    """The x that parts two columns of prose with the fewest lines across it, if there is one."""
    prose = [line for line in lines if len(line.text) >= PROSE]
    if len(prose) < 2 * COLUMN_LINES:
        return None
    best: tuple[int, float] | None = None
    for x in sorted({line.bbox.x0 for line in prose}):
        left = [line for line in prose if line.bbox.x1 <= x]
        right = [line for line in prose if line.bbox.x0 >= x]
        across = len(prose) - len(left) - len(right)
        if min(len(left), len(right)) < COLUMN_LINES or across > len(prose) / 3 or not _side_by_side(left, right):
            continue
        if best is None or across < best[0]:
            best = (across, x)
    return None if best is None else best[1]


def _side_by_side(left: Sequence[OcrLine], right: Sequence[OcrLine]) -> bool:
    """True if two groups of lines stand beside each other for half the height of the shorter one."""
    top = max(min(line.bbox.y0 for line in group) for group in (left, right))
    bottom = min(max(line.bbox.y1 for line in group) for group in (left, right))
    heights = [max(line.bbox.y1 for line in group) - min(line.bbox.y0 for line in group) for group in (left, right)]
    return bottom - top >= 0.5 * min(heights)


def _rows(lines: Sequence[OcrLine]) -> list[OcrLine]:
    rows: list[list[OcrLine]] = []
    for line in sorted(lines, key=lambda item: (item.bbox.y0 + item.bbox.y1) / 2):
        middle = (line.bbox.y0 + line.bbox.y1) / 2
        if rows and middle <= median(item.bbox.y0 + 0.8 * (item.bbox.y1 - item.bbox.y0) for item in rows[-1]):
            rows[-1].append(line)
        else:
            rows.append([line])
    return [line for row in rows for line in sorted(row, key=lambda item: item.bbox.x0)]
