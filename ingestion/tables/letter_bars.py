"""Bars over and under letters of a table, which are no rules of it: a signal that is active when low. Pure.

Data sheets draw a bar over the names of such signals; a link or an emphasis has one below. Where a cell's words have a
bar, a grid made of all that is drawn would have one more row there.

Example: of the bars over "PSEN" and the rules between rows the rules stay: they run on beyond the words, to the sides.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from ingestion.blocks import Line
from ingestion.elements import BBox
from ingestion.geometry import height, width
from ingestion.tables.words import WordIndex

BAR_HEIGHT = 1.5  # points of a bar, at most
BESIDE = 1.5  # points by which a bar may be longer than its word on either side
SPACE = 0.5  # word heights between two words under one bar, at most
JOINT = 1.0  # points between the pieces of one rule, at most
ABOVE = 0.15  # word heights above its box in which a bar may stand; one below it is in the box


def without_bars(paths: Sequence[BBox], words: Sequence[Line]) -> list[BBox]:
    """What is drawn (boxes, in points) less the bars over and under words or parts of them."""
    index, tallest = WordIndex(words), max((height(word.bbox) for word in words), default=0.0)
    bars = {path for path in paths if _is_bar(path, index, tallest)}
    if bars:
        thin = sorted(path for path in paths if height(path) <= BAR_HEIGHT)
        bars = {bar for bar in bars if _is_bar(_whole(bar, thin), index, tallest)}
    return [path for path in paths if path not in bars]


def _whole(bar: BBox, thin: Sequence[BBox]) -> BBox:
    """A bar with the pieces that go on at its ends: a rule may be drawn cell by cell. ``thin``: from the left."""
    level = [path for path in thin if abs(path.y0 - bar.y0) <= JOINT and abs(path.y1 - bar.y1) <= JOINT]
    x0, x1 = bar.x0, bar.x1
    for path in level:
        x1 = max(x1, path.x1) if x0 <= path.x0 <= x1 + JOINT else x1
    for path in sorted(level, key=lambda path: -path.x1):
        x0 = min(x0, path.x0) if x0 - JOINT <= path.x1 <= x1 else x0
    return bar._replace(x0=x0, x1=x1)


def _is_bar(path: BBox, words: WordIndex, tallest: float) -> bool:
    """Whether a path is a bar at words beside each other, as long as they are or as some of their letters."""
    if height(path) > BAR_HEIGHT or width(path) <= BAR_HEIGHT:
        return False
    around = BBox(float("-inf"), path.y0 - tallest, float("inf"), path.y1 + tallest)
    near = (word.bbox for word in words.within(around) if word.bbox.x0 < path.x1 and word.bbox.x1 > path.x0)
    held = sorted(b for b in near if b.y0 - ABOVE * height(b) <= path.y0 and path.y1 <= b.y1)
    spaced = all(b.x0 - a.x1 <= SPACE * height(a) for a, b in pairwise(held))
    return bool(held) and spaced and held[0].x0 - BESIDE <= path.x0 and path.x1 <= held[-1].x1 + BESIDE
