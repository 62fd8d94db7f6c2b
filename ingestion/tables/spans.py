"""Cells over several columns: phrases that columns cut are made whole, headings reach as far as the rule below. Pure.

A heading over a group of columns ("Revenue by year" over 2019, 2020, 2021) is cut into cells by the table engine. Its
words are one phrase if they stand as near as words do; it stands over the columns that the rule drawn below it covers,
or into which its words reach. In a table with upright rules a row in which one of them is missing has one cell there.

Example: the header cells "Revenue", "by year", "" over 2019, 2020, 2021 become one cell over three columns.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import pairwise
from statistics import median
from typing import NamedTuple

from ingestion.blocks import Line
from ingestion.elements import BBox, Cell
from ingestion.geometry import RULE_WIDTH, height, union, width
from ingestion.tables.cells import frame_of, table_size
from ingestion.tables.headers import header_rows
from ingestion.tables.words import WordIndex, lines_of, text_of

PHRASE_GAP = 0.4  # line heights between the words of one phrase, at most; TeX sets .375
BORDER_SLACK = 2.0  # points between a rule and the border that it stands for
EDGE_REACH = 10.0  # points that a table's outer rules may stand beside its cells
PHRASE_REACH = 6.0  # points that a phrase goes into a column to stand over it
RULE_DROP = 0.8  # line heights from a heading down to the rule that belongs to it, at most
UPRIGHT_SHARE = 0.5  # of a table's height along which the rule between two columns is drawn, at least
RULE_SHARE = 0.9  # of the table's width: a longer rule stands below the whole header


class _Phrase(NamedTuple):
    """Words that reach over columns from ``start`` to before ``end``; ``ruled``: a rule below shows how far."""

    start: int
    end: int
    box: BBox
    ruled: bool


def join_phrases(cells: Sequence[Cell], words: WordIndex, paths: Sequence[BBox]) -> tuple[Cell, ...]:
    """Make one cell of each phrase that runs over several columns.

    That is looked for in header rows above the last one, which names single columns, in rows that say nothing else, and
    where the rule between columns is missing in one row.
    """
    result = _join_open(cells, words, paths)
    columns = _typical_edges(cells)
    above_last = header_rows(cells) - 1
    for row in range(table_size(cells)[0]):
        phrases = _phrases_of(result, row, columns, words, paths)
        alone = len(phrases) == 1 and sum(bool(c.text) for c in result if c.row == row) > 1
        for phrase in phrases:
            if phrase.end - phrase.start > 1 and (row < above_last or alone):
                result = _join(result, row, phrase, words)
    return tuple(sorted(result))


def _join(cells: list[Cell], row: int, phrase: _Phrase, words: WordIndex) -> list[Cell]:
    """The cells with those that a phrase runs over as one, unless they hold other words too."""
    held = [c for c in cells if c.row == row and phrase.start <= c.column and c.column + c.columns <= phrase.end]
    whole = sum(c.columns for c in held) == phrase.end - phrase.start and all(c.rows == 1 for c in held)
    if len(held) < 2 or not whole:
        return cells
    others = [c.text for c in cells if c.row == row and c not in held]
    if not phrase.ruled and any(c.text and c.text in others for c in held):  # columns that repeat have own headings
        return cells
    if any(c.text and c.bbox and not any(_inside(w, phrase.box) for w in words.within(c.bbox)) for c in held):
        return cells
    box = union([phrase.box, *(c.bbox for c in held if c.bbox)])
    text = text_of(words.within(box))
    joined = held[0]._replace(column=phrase.start, columns=phrase.end - phrase.start, text=text, bbox=box)
    return [*(c for c in cells if c not in held), joined._replace(header=any(c.header for c in held))]


def _join_open(cells: Sequence[Cell], words: WordIndex, paths: Sequence[BBox]) -> list[Cell]:
    """The cells with those of a row as one that words run over where the rule is missing that parts other rows."""
    result = list(cells)
    frame, borders = frame_of(cells), _borders(cells, paths)
    if frame is None or not borders:
        return result
    for row in range(table_size(cells)[0]):
        own = sorted(c for c in result if c.row == row)
        boxes = [c.bbox for c in own if c.bbox]
        if not boxes or any(c.columns > 1 or c.rows > 1 for c in own) or any(c.bbox is None for c in own if c.text):
            continue
        band = union(boxes)
        middle = (band.y0 + band.y1) / 2
        upright = [p for p in paths if p.y0 <= middle <= p.y1 and frame.x0 - EDGE_REACH < p.x0 < frame.x1 + EDGE_REACH]
        gone = {column for column, x in borders.items() if upright and not any(_runs_past(p, x) for p in upright)}
        runs = [box for line in lines_of(words.within(band)) for box in _runs(line)]
        crossed = {column for column in gone if any(box.x0 < borders[column] < box.x1 for box in runs)}
        for start in sorted(crossed):
            if start - 1 in crossed:
                continue
            end = start + 1
            while end in gone and (end in crossed or not _text_at(own, end + 1)):
                end += 1
            held = [c for c in own if start <= c.column <= end]
            there = [c.bbox for c in held if c.bbox]
            if not there:  # words that stand over a border between cells of which none has a place
                continue
            box = union(there)
            joined = held[0]._replace(columns=end + 1 - start, text=text_of(words.within(box)), bbox=box)
            if held[0].column == start and _letters(joined.text) == _letters("".join(c.text for c in held)):
                result = [*(c for c in result if c not in held), joined._replace(header=any(c.header for c in held))]
    return sorted(result)


def _borders(cells: Sequence[Cell], paths: Sequence[BBox]) -> dict[int, float]:
    """Column → where an upright rule parts it from the next along most of the table, in points."""
    frame, edges = frame_of(cells), _typical_edges(cells)
    if frame is None:
        return {}
    middles = {column: (left + right) / 2 for column, (left, right) in edges.items()}
    upright = [p for p in paths if width(p) <= RULE_WIDTH and p.y0 < frame.y1 and p.y1 > frame.y0]
    found: dict[int, float] = {}
    for column, middle in middles.items():
        between = [p for p in upright if middle < p.x0 < middles.get(column + 1, middle)]
        drawn = sum(min(p.y1, frame.y1) - max(p.y0, frame.y0) for p in between)
        if between and drawn >= UPRIGHT_SHARE * height(frame):
            found[column] = median(p.x0 for p in between)
    return found


def _runs_past(path: BBox, x: float) -> bool:
    """Whether a rule or a fill's edge stands near ``x``."""
    return min(abs(path.x0 - x), abs(path.x1 - x)) <= BORDER_SLACK


def _text_at(cells: Sequence[Cell], column: int) -> str:
    return next((c.text for c in cells if c.column == column), "")


def _letters(text: str) -> list[str]:
    return sorted(ch for ch in text if ch.isalnum())


def _phrases_of(
    cells: Sequence[Cell],
    row: int,
    columns: dict[int, tuple[float, float]],
    words: WordIndex,
    paths: Sequence[BBox],
) -> list[_Phrase]:
    """All phrases of a row with the columns they stand over."""
    boxes = [c.bbox for c in cells if c.row == row and c.rows == 1 and c.bbox]
    if not boxes or not columns:
        return []
    band = union(boxes)
    found = []
    for line in lines_of(words.within(band)):
        for box in _runs(line):
            rule = _rule_below(box, band, paths)
            over = [i for i, (left, right) in columns.items() if _covers(rule or box, left, right, rule is not None)]
            start, end = (min(over), max(over) + 1) if over else (0, 1)
            found.append(_Phrase(start, end, box, rule is not None))
    return found


def _typical_edges(cells: Sequence[Cell]) -> dict[int, tuple[float, float]]:
    """Left and right edge in points of most cells of each column; a single cell may be drawn wider."""
    boxes: dict[int, list[BBox]] = defaultdict(list)
    for cell in cells:
        if cell.bbox and cell.columns == 1:
            boxes[cell.column].append(cell.bbox)
    return {column: (median(b.x0 for b in held), median(b.x1 for b in held)) for column, held in sorted(boxes.items())}


def _runs(line: Sequence[Line]) -> list[BBox]:
    """Boxes of the words of a line that stand as near as words of one phrase."""
    boxes = [line[0].bbox]
    for before, word in pairwise(line):
        if word.bbox.x0 - before.bbox.x1 <= PHRASE_GAP * height(word.bbox):
            boxes[-1] = union([boxes[-1], word.bbox])
        else:
            boxes.append(word.bbox)
    return boxes


def _rule_below(phrase: BBox, band: BBox, paths: Iterable[BBox]) -> BBox | None:
    """The rule drawn under a heading over the columns it stands for, longer than it and shorter than the table."""
    rules = [
        p
        for p in paths
        if height(p) <= RULE_WIDTH
        and phrase.y1 - RULE_WIDTH <= p.y0 <= phrase.y1 + RULE_DROP * height(phrase)
        and p.x0 <= phrase.x0 + 2
        and p.x1 >= phrase.x1 - 2
        and width(p) < RULE_SHARE * width(band)
    ]
    return min(rules, key=width, default=None)


def _covers(reach: BBox, left: float, right: float, ruled: bool) -> bool:
    """Whether a heading stands over a column: its rule covers the column's middle, or its words go well into it."""
    if ruled:
        return reach.x0 <= (left + right) / 2 <= reach.x1
    return min(reach.x1, right) - max(reach.x0, left) > min(PHRASE_REACH, (right - left) / 4)


def _inside(word: Line, phrase: BBox) -> bool:
    """Whether a word lies within a phrase's width."""
    return phrase.x0 - 1 <= word.bbox.x0 and word.bbox.x1 <= phrase.x1 + 1
