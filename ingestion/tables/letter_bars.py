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
ABOVE = 0.15  # word heights above its box in which a bar may stand; one below it is in the box


def without_bars(paths: Sequence[BBox], words: Sequence[Line]) -> list[BBox]:
    """What is drawn (boxes, in points) less the bars over and under words or parts of them."""
    index, tallest = WordIndex(words), max((height(word.bbox) for word in words), default=0.0)
    return [path for path in paths if not _is_bar(path, index, tallest)]


def _is_bar(path: BBox, words: WordIndex, tallest: float) -> bool:
    """Whether a path is a bar at words beside each other, as long as they are or as some of their letters."""
    if height(path) > BAR_HEIGHT or width(path) <= BAR_HEIGHT:
        return False
    around = BBox(float("-inf"), path.y0 - tallest, float("inf"), path.y1 + tallest)
    near = (word.bbox for word in words.within(around) if word.bbox.x0 < path.x1 and word.bbox.x1 > path.x0)
    held = sorted(b for b in near if b.y0 - ABOVE * height(b) <= path.y0 and path.y1 <= b.y1)
    spaced = all(b.x0 - a.x1 <= SPACE * height(a) for a, b in pairwise(held))
    return bool(held) and spaced and held[0].x0 - BESIDE <= path.x0 and path.x1 <= held[-1].x1 + BESIDE
