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

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from ingestion.blocks import Line
from ingestion.elements import BBox
from ingestion.geometry import height, in_one_row, intersection, to_pixels, union, width

LEAST_INK = 8
"""Of 255: difference between the lightest and the darkest pixel of a line's place, in any colour, from which something
is drawn there. Of 47,222 lines of 792 published pages 19 have less (2026-11-29): running headers that a figure covers,
and single signs."""

LEAST_SIDE = 1.0
"""Points: boxes of some broken fonts have no height, whatever is drawn; nothing is said of their lines."""

LEAST_RUN = 3
"""Words one behind the other of which nothing is drawn, in a line that is seen: fewer are signs of broken fonts."""

MOST_UNSEEN = 0.5
"""Share of a page's characters from which all of its text is kept: then it is the picture that lacks something, like a
scan that cannot be drawn above its text layer."""


def unseen_lines(lines: Sequence[Line], render: Image.Image, page_width: float, page_height: float) -> list[Line]:
    """The lines of which nothing is drawn; ``render`` is the whole page of this size in points, in RGB."""
    grey = np.asarray(render.convert("L"))  # tells nearly always, and at a third of the cost
    scale = render.width / page_width, render.height / page_height
    frame = BBox(0.0, 0.0, page_width, page_height)
    doubted = [line for line in lines if not _has_ink(line, grey, scale, frame)]
    return [line for line in doubted if not _has_ink(line, np.asarray(render), scale, frame)]


def unseen_words(words: Sequence[Line], render: Image.Image, page_width: float, page_height: float) -> list[Line]:
    """Runs of words, in the file's order and each in one row, of which nothing is drawn, as a line each."""
    grey = np.asarray(render.convert("L"))
    scale = render.width / page_width, render.height / page_height
    frame = BBox(0.0, 0.0, page_width, page_height)
    runs: list[list[Line]] = [[]]
    for word in words:
        if runs[-1] and not in_one_row(runs[-1][-1].bbox, word.bbox):
            runs.append([])
        if not _has_ink(word, grey, scale, frame) and not _has_ink(word, np.asarray(render), scale, frame):
            runs[-1].append(word)
        elif runs[-1]:
            runs.append([])
    long = [run for run in runs if len(run) >= LEAST_RUN]
    return [Line(" ".join(word.text for word in run), union(word.bbox for word in run)) for run in long]


def may_be_left_out(unseen: Sequence[Line], lines: Sequence[Line]) -> bool:
    """Whether a page has enough other text that its picture can be trusted to show what there is."""
    return sum(len(line.text) for line in unseen) < MOST_UNSEEN * sum(len(line.text) for line in lines)


def _has_ink(line: Line, pixels: NDArray[np.uint8], scale: tuple[float, float], frame: BBox) -> bool:
    if min(width(line.bbox), height(line.bbox)) < LEAST_SIDE:
        return True
    x0, y0, x1, y1 = to_pixels(intersection(line.bbox, frame), *scale)
    place = pixels[y0:y1, x0:x1]
    return place.size > 0 and int((place.max(axis=(0, 1)) - place.min(axis=(0, 1))).max()) >= LEAST_INK
