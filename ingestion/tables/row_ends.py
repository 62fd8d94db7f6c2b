"""Rows that no rule parts, but whose upright rules are drawn row by row. Pure.

Word processors and TeX draw the borders of each row by themselves. Where no level rule is drawn between two rows, all
upright rules of the table still end there, and the next ones begin: rows can be told by that, also where cells have
several lines. The foot of a table that goes on over the page's end is where all of them end.

Example: pieces of four upright rules from 250 to 278 and from 278 to 324 points, none of them crossed by a level rule,
are those of two rows, and a rule across at 278 stands for it.
"""

from __future__ import annotations

from bisect import bisect
from collections.abc import Iterable, Sequence
from itertools import pairwise

from ingestion.blocks import Line
from ingestion.elements import BBox
from ingestion.geometry import RULE_WIDTH, height, width
from ingestion.tables.words import lines_of

REACH = 12.0  # points that a rule may end above or below the table's words
JOINT = 1.5  # points between the pieces of one rule, at most
SAME = 1.0  # points between the ends of pieces beside each other, at most
LEAST_LINES = 3  # upright rules of a table
LEAST_FILLED = 0.4  # of a table's columns that say something in each row
LEAST_LEVEL = 8.0  # points: a shorter level rule is a corner
CROSSED = 0.3  # of a word's height: as much of it stands above and below an end that it lies on


def row_ends(box: BBox, words: Sequence[Line], paths: Iterable[BBox]) -> list[BBox]:
    """Rules across a table where all its upright rules end and no level one is drawn; none where rows are parted by
    other means, where each piece stands beside a single line (lines tell the rows then), or where few columns say
    something between two ends: their cells are over several rows.

    ``box``, ``paths``: in points; ``words`` are the table's.
    """
    near = [p for p in paths if p.y1 > box.y0 - REACH and p.y0 < box.y1 + REACH]
    columns = _columns([p for p in near if width(p) <= RULE_WIDTH < height(p)], box)
    if len(columns) < LEAST_LINES:
        return []
    level = [p.y0 for p in near if height(p) <= RULE_WIDTH and width(p) >= LEAST_LEVEL]
    ends = [y for y in _shared(columns) if not any(abs(y - other) <= JOINT + RULE_WIDTH for other in level)]
    top, bottom = max(c[0].y0 for c in columns), min(c[-1].y1 for c in columns)
    inner = [y for y in ends if top + JOINT < y < bottom - JOINT]
    if not inner or any(_crosses(word.bbox, y) for word in words for y in inner):
        return []
    edges = [top, *inner, bottom]
    bands = [_between(words, above, below) for above, below in pairwise(edges)]
    if not any(len(lines_of(held)) > 1 for held in bands):
        return []
    places = [line[0].x0 for line in columns]
    if any(_filled(held, places) < max(2, LEAST_FILLED * (len(places) - 1)) for held in bands):
        return []  # cells over several of them
    left, right = columns[0][0].x0, columns[-1][0].x1
    return [BBox(left, y, right, y) for y in ends]


def _columns(rules: Iterable[BBox], box: BBox) -> list[list[BBox]]:
    """The pieces of each upright line in and around a table's words, from top to bottom; lines from left to right."""
    found: list[list[BBox]] = []
    for rule in sorted(rules):
        if found and rule.x0 - found[-1][0].x0 <= JOINT:
            found[-1].append(rule)
        else:
            found.append([rule])
    places = [line[0].x0 for line in found]
    first = max((i for i, x in enumerate(places) if x <= box.x0), default=0)
    last = min((i for i, x in enumerate(places) if x >= box.x1), default=len(places) - 1)  # words do not fill columns
    return [sorted(line, key=lambda rule: rule.y0) for line in found[first : last + 1]]


def _shared(columns: Sequence[Sequence[BBox]]) -> list[float]:
    """Where a piece of every line ends, and the next one begins or none is left, from top to bottom; the heads of the
    lines, too."""
    ends: list[tuple[float, int]] = []
    for number, line in enumerate(columns):
        joined = [(a.y1 + b.y0) / 2 for a, b in pairwise(line) if abs(b.y0 - a.y1) <= JOINT]
        ends += [(y, number) for y in (line[0].y0, *joined, line[-1].y1)]
    groups: list[list[tuple[float, int]]] = []
    for end in sorted(ends):
        if groups and end[0] - groups[-1][0][0] <= SAME:
            groups[-1].append(end)
        else:
            groups.append([end])
    alike = (group for group in groups if len({number for _, number in group}) == len(columns))
    return [sum(y for y, _ in group) / len(group) for group in alike]


def _crosses(word: BBox, y: float) -> bool:
    return word.y0 + CROSSED * height(word) < y < word.y1 - CROSSED * height(word)


def _between(words: Iterable[Line], above: float, below: float) -> list[Line]:
    return [word for word in words if above < (word.bbox.y0 + word.bbox.y1) / 2 < below]


def _filled(words: Iterable[Line], places: Sequence[float]) -> int:
    """How many columns between upright rules words stand in."""
    return len({bisect(places, (word.bbox.x0 + word.bbox.x1) / 2) for word in words})
