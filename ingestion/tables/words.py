"""Words and where they stand: lines of words, words put into an empty grid, tables of bare lines. Pure.

Two words stand on one line where they share half of the lower one's height. A word belongs to the cell that it shares
most of its area with.

Example: the recognised lines "Pump", "12" beside each other and "Valve", "15", "Seal", "9" below them form a table of
three rows and two columns.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from statistics import median

from ingestion.blocks import Line
from ingestion.elements import BBox, Cell
from ingestion.geometry import area, height, intersection, union
from ingestion.tables.cells import compact
from ingestion.text.bidi import logical_words
from ingestion.text.cleaning import join_lines

LINE_OVERLAP = 0.5  # of the lower word's height: two words stand on one line
COLUMN_GAP = 0.8  # line heights that part two columns of recognised lines
MIN_ROWS = 3  # of a table of bare lines, at least
MIN_COLUMNS = 2  # of a table of bare lines, at least
FILLED_SHARE = 0.5  # of the places of a table of bare lines that have text
NUMBER = re.compile(r"^[<>~≈$€£¥+±−–-]?\d[\d.,]*[%*†‡]*$")  # a word that is a number


class WordIndex:
    """The words of a table sorted by height, so that those in a cell are found without a look at all of them."""

    def __init__(self, words: Iterable[Line]) -> None:
        self._words = sorted(words, key=_middle)

    def __iter__(self) -> Iterator[Line]:
        return iter(self._words)

    def within(self, box: BBox) -> list[Line]:
        """The words whose middle lies in ``box`` (points), from top to bottom."""
        first = bisect_left(self._words, box.y0, key=_middle)
        last = bisect_right(self._words, box.y1, key=_middle)
        return [w for w in self._words[first:last] if box.x0 <= (w.bbox.x0 + w.bbox.x1) / 2 <= box.x1]


def _middle(word: Line) -> float:
    return (word.bbox.y0 + word.bbox.y1) / 2


def fill_grid(cells: Sequence[Cell], words: WordIndex) -> tuple[Cell, ...]:
    """Put words into the cells of a grid that came without text.

    Each word goes into the cell that it shares most of its area with: the layout model's own texts cut words where its
    columns do. Rows and columns without text are left out.
    """
    held: dict[int, list[Line]] = defaultdict(list)
    for word in words:
        shares = [(area(intersection(word.bbox, cell.bbox)), -i) for i, cell in enumerate(cells) if cell.bbox]
        best, index = max(shares, default=(0.0, 0))
        if best > 0:
            held[-index].append(word)
    return compact(cell._replace(text=text_of(held.get(i, ()))) for i, cell in enumerate(cells))


def text_of(words: Iterable[Line]) -> str:
    """Words as one text, line by line, hyphens at line ends resolved."""
    return join_lines(logical_words(" ".join(word.text for word in line)) for line in lines_of(words))


def lines_of(words: Iterable[Line]) -> list[list[Line]]:
    """Words grouped into lines from top to bottom, each from left to right."""
    lines: list[list[Line]] = []
    for word in sorted(words, key=_middle):
        last = lines[-1] if lines else None
        if last and _share_line(union(w.bbox for w in last), word.bbox):
            last.append(word)
        else:
            lines.append([word])
    return [sorted(line, key=lambda w: w.bbox.x0) for line in lines]


def cells_from_lines(lines: Sequence[Line], column_gap: float = COLUMN_GAP) -> tuple[Cell, ...]:
    """Make a table of recognised lines by their alignment, one or more lines per cell.

    The first row is the header. Empty where the lines form no table. ``column_gap``: white between columns, in line
    heights.
    """
    if not lines:
        return ()
    tall = median(height(line.bbox) for line in lines)
    rows = lines_of(lines)
    columns = _columns(rows, column_gap * tall)
    if len(rows) < MIN_ROWS or len(columns) < MIN_COLUMNS:
        return ()
    placed: dict[tuple[int, int], list[Line]] = defaultdict(list)
    spans: dict[tuple[int, int], int] = {}
    for r, row in enumerate(rows):
        for line in row:
            over = [
                c for c, (left, right) in enumerate(columns) if min(right, line.bbox.x1) - max(left, line.bbox.x0) > 0
            ]
            first = over[0] if over else 0
            placed[r, first].append(line)
            spans[r, first] = max(spans.get((r, first), 1), len(over))
    if len(placed) < FILLED_SHARE * len(rows) * len(columns):
        return ()
    return tuple(
        Cell(r, c, text_of(held), 1, spans[r, c], r == 0, union(line.bbox for line in held))
        for (r, c), held in sorted(placed.items())
    )


def _share_line(a: BBox, b: BBox) -> bool:
    low = min(height(a), height(b))
    return low > 0 and min(a.y1, b.y1) - max(a.y0, b.y0) >= LINE_OVERLAP * low


def white_gaps(spans: Iterable[tuple[float, float]]) -> list[tuple[float, float]]:
    """The stretches between spans of a line that none of them covers, from left to right."""
    gaps = []
    reach: float | None = None
    for start, end in sorted(spans):
        if reach is not None and start > reach:
            gaps.append((reach, start))
        reach = end if reach is None else max(reach, end)
    return gaps


def _columns(rows: Sequence[Sequence[Line]], gap: float) -> list[tuple[float, float]]:
    """Horizontal stretches of the columns: what lines of rows with several lines cover, split at white gaps."""
    spans = sorted((line.bbox.x0, line.bbox.x1) for row in rows if len(row) > 1 for line in row)
    columns: list[tuple[float, float]] = []
    for start, end in spans:
        if columns and start < columns[-1][1] + gap:
            columns[-1] = (columns[-1][0], max(columns[-1][1], end))
        else:
            columns.append((start, end))
    return columns
