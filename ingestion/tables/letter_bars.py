"""Bars over and under letters of a table, which are no rules of it: a signal that is active when low. Pure.

Data sheets draw a bar over the names of such signals; a link or an emphasis has one below. Where a cell's words have a
bar, a grid made of all that is drawn would have one more row there.

Example: of the bars over "PSEN" and the rules between rows the rules stay: they run on beyond the words, to the sides.
"""

from __future__ import annotations

from collections.abc import Sequence

from ingestion.blocks import Line
from ingestion.elements import BBox
from ingestion.geometry import height, width
from ingestion.tables.words import WordIndex

BAR_HEIGHT = 1.5  # points of a bar, at most
BESIDE = 1.5  # points by which a bar may be longer than its word on either side
ABOVE = 0.15  # word heights above its box in which a bar may stand; one below it is in the box


def without_bars(paths: Sequence[BBox], words: Sequence[Line]) -> list[BBox]:
    """What is drawn (boxes, in points) less the bars over and under single words or parts of them."""
    index, tallest = WordIndex(words), max((height(word.bbox) for word in words), default=0.0)
    return [path for path in paths if not _is_bar(path, index, tallest)]


def _is_bar(path: BBox, words: WordIndex, tallest: float) -> bool:
    if height(path) > BAR_HEIGHT or width(path) <= BAR_HEIGHT:
        return False
    around = BBox(float("-inf"), path.y0 - tallest, float("inf"), path.y1 + tallest)
    return any(
        word.bbox.x0 - BESIDE <= path.x0
        and path.x1 <= word.bbox.x1 + BESIDE
        and word.bbox.y0 - ABOVE * height(word.bbox) <= path.y0
        and path.y1 <= word.bbox.y1
        for word in words.within(around)
    )
