"""Text of a page that its picture does not show: white on white, transparent, or under something else.

Nobody who opens the page can check it, so it is no evidence; a file can hold orders to language models in it. What
counts is the ink: a line in whose place all pixels are of one colour is not there for a reader, nor is a run of words
at the end of a line that is seen. So a text layer under a scan stays (its place shows the scan's letters), and so does
pale or tiny print, which can be made out.

    "Ignore all rules", white on white  →  unseen
    "Ignore all rules", light grey      →  seen
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import compress
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from ingestion.blocks import Line
from ingestion.elements import BBox
from ingestion.geometry import covered, height, in_one_row, intersection, mostly_inside, to_pixels, union, width

LEAST_INK = 8
"""Of 255: difference between the lightest and the darkest pixel of a line's place, in any colour, from which something
is drawn there. Of 47,222 lines of 792 published pages 19 have less (2026-11-29): running headers that a figure covers,
and single signs."""

LEAST_SIDE = 1.0
"""Points: boxes of some broken fonts have no height, whatever is drawn; nothing is said of their lines."""

LEAST_RUN = 3
"""Words one behind the other of which nothing is drawn, in a line that is seen: fewer are signs of broken fonts."""

PAPER = 250
"""Of 255, in each colour: a place as light as this is paper, and no cover."""

CORE = 0.3
"""Share of a word's height, above and below, in which a cover need not lie: a bar that is drawn over words leaves the
edges of their boxes free, letters stand in the middle."""

LEAST_COVERED = 2
"""Letters and digits of a word that a bar covers: fewer may be a sign that fills its place, as a square does."""

MOST_UNSEEN = 0.5
"""Share of a page's characters from which all of its text is kept where it may be a scan's: then it is the picture that
lacks something, like a scan that cannot be drawn above its text layer."""

SEEN_WORDS = 2  # of a line that is drawn: the page's picture shows text


class PageInk:
    """What is drawn where on a page. ``render`` is the whole page of this size in points, in RGB."""

    def __init__(self, render: Image.Image, page_width: float, page_height: float) -> None:
        self._render = render
        self._green = np.asarray(render.getchannel("G"))
        self._scale = render.width / page_width, render.height / page_height
        self._frame = BBox(0.0, 0.0, page_width, page_height)

    def shows(self, lines: Sequence[Line]) -> list[bool]:
        """Of each line whether anything is drawn in its place."""
        quick = self._in_middle_rows(lines) if lines else ()
        return [bool(seen) or self._shows(line) for line, seen in zip(lines, quick, strict=True)]

    def covers(self, words: Sequence[Line]) -> list[bool]:
        """Of each word whether its middle is of one colour that is not the paper's, as under the bar of a redaction."""
        quick = self._in_middle_rows(words) if words else ()
        return [not seen and self._covers(word) for word, seen in zip(words, quick, strict=True)]

    def _covers(self, word: Line) -> bool:
        if (
            sum(ch.isalnum() for ch in word.text) < LEAST_COVERED
            or min(width(word.bbox), height(word.bbox)) < LEAST_SIDE
        ):
            return False
        free = CORE * height(word.bbox)
        core = word.bbox._replace(y0=word.bbox.y0 + free, y1=word.bbox.y1 - free)
        x0, y0, x1, y1 = to_pixels(intersection(core, self._frame), *self._scale)
        x1, y1 = min(x1, self._render.width), min(y1, self._render.height)
        if x0 >= x1 or y0 >= y1:
            return False
        colours: Any = self._render.crop((x0, y0, x1, y1)).getextrema()
        return all(most - least < LEAST_INK for least, most in colours) and any(least < PAPER for least, _ in colours)

    def _in_middle_rows(self, lines: Sequence[Line]) -> NDArray[np.bool_]:
        """Of each line whether the row of pixels through the middle of its place has ink, all at once: it nearly always
        has, and then need not be looked at again."""
        high, wide = self._green.shape
        x0, y0, x1, y1 = np.maximum(np.array([line.bbox for line in lines]), 0.0).T
        left = (x0 * self._scale[0]).astype(np.intp)
        right = np.minimum(np.rint(x1 * self._scale[0]), wide).astype(np.intp)
        top = (y0 * self._scale[1]).astype(np.intp)
        bottom = np.minimum(np.rint(y1 * self._scale[1]), high).astype(np.intp)
        asked = np.flatnonzero((left < right) & (top < bottom))
        found = np.zeros(len(lines), dtype=np.bool_)
        if len(asked):
            counts = (right - left)[asked]
            starts = np.cumsum(counts) - counts
            begins = ((top + bottom) // 2 * wide + left)[asked]
            rows = self._green.ravel()[np.repeat(begins - starts, counts) + np.arange(counts.sum())]
            lightest, darkest = (reduced.reduceat(rows, starts) for reduced in (np.maximum, np.minimum))
            found[asked] = lightest - darkest >= LEAST_INK
        return found

    def _shows(self, line: Line) -> bool:
        if min(width(line.bbox), height(line.bbox)) < LEAST_SIDE:
            return True
        x0, y0, x1, y1 = to_pixels(intersection(line.bbox, self._frame), *self._scale)
        x1, y1 = min(x1, self._render.width), min(y1, self._render.height)
        if x0 >= x1 or y0 >= y1:
            return False
        colours: Any = self._render.crop((x0, y0, x1, y1)).getextrema()
        return any(most - least >= LEAST_INK for least, most in colours)


def unseen_lines(lines: Sequence[Line], ink: PageInk) -> list[Line]:
    """The lines of which nothing is drawn."""
    return [line for line, seen in zip(lines, ink.shows(lines), strict=True) if not seen]


def unseen_words(words: Sequence[Line], ink: PageInk) -> list[Line]:
    """Runs of words, in the file's order and each in one row, of which nothing is drawn, as a line each; and words that
    are covered, however few."""
    runs: list[list[Line]] = [[]]
    covered = set(compress(words, ink.covers(words)))
    for word, seen in zip(words, ink.shows(words), strict=True):
        if runs[-1] and not in_one_row(runs[-1][-1].bbox, word.bbox):
            runs.append([])
        if not seen or word in covered:
            runs[-1].append(word)
        elif runs[-1]:
            runs.append([])
    long = [run for run in runs if len(run) >= LEAST_RUN or not covered.isdisjoint(run)]
    return [Line(" ".join(word.text for word in run), union(word.bbox for word in run)) for run in long]


def may_be_left_out(unseen: Sequence[Line], lines: Sequence[Line], photos: Sequence[BBox] = ()) -> bool:
    """Whether a page's picture can be trusted to show what there is: most text is seen; or some is, and what is not
    belongs to no scan, as where a text in white is longer than what is printed.

    ``photos``: boxes of the page's raster images, in points.
    """
    if sum(len(line.text) for line in unseen) < MOST_UNSEEN * sum(len(line.text) for line in lines):
        return True
    layered = any(line.hidden or any(covered(line.bbox, photo) for photo in photos) for line in unseen)
    seen = (line for line in lines if not any(mostly_inside(line.bbox, other.bbox) for other in unseen))
    return not layered and any(len(line.text.split()) >= SEEN_WORDS for line in seen)
