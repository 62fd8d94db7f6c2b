"""A caption that layout took into the text below it: the first lines of a region below a picture. Pure.

The caption's last line is short: the next word would have fitted behind it. What goes on below begins anew and is set
as the page's text is; the words of a caption that describe its picture are set smaller.

Example: "Figure 2: Flow of the water" over "The pump takes the water out of the tank and sends it …", one region to the
layout model, are a caption and a text.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import pairwise
from statistics import median

from ingestion.blocks import LayoutBox, Line
from ingestion.geometry import height, in_one_column, union, width
from ingestion.text.caption_labels import caption_label, is_bare_label

BELOW = 24.0  # points from a picture to its caption, at most
ROOM = 0.5  # line heights of white at a line's end beyond the next line's first word, at least
LEAST_WORDS = 8  # of the text below a caption
PROSE = 5  # words of a line that tells how text is set
SMALLER = 0.95  # of the height of most lines of the page: lower lines are a caption's


def caption_apart(box: LayoutBox, boxes: Iterable[LayoutBox], lines: Sequence[Line]) -> list[LayoutBox]:
    """A region of text as the caption in its first lines and the text below; as it is where it has none.

    ``boxes`` are the regions of the page, ``lines`` its lines.
    """
    own = box.lines
    if len(own) < 2 or caption_label(own[0].text) is None or not any(_is_over(other, box) for other in boxes):
        return [box]
    edge = max(line.bbox.x1 for line in own)
    ends = (i + 1 for i, (a, b) in enumerate(pairwise(own)) if _ends(a, b, edge))
    cut = next(ends, 0)
    caption, rest = own[:cut], own[cut:]
    if not cut or sum(len(line.text.split()) for line in rest) < LEAST_WORDS or is_bare_label(caption[-1].text):
        return [box]
    usual = [height(line.bbox) for line in lines if len(line.text.split()) >= PROSE and not line.quarters]
    held = [height(line.bbox) for line in lines if _middle_in(line, rest)]
    if not usual or not held or median(held) < SMALLER * median(usual):
        return [box]
    return [replace(box, bbox=union([x.bbox for x in part]), lines=tuple(part)) for part in (caption, rest)]


def _is_over(other: LayoutBox, box: LayoutBox) -> bool:
    """Whether a picture or table stands right above a region."""
    drawn = other.label in ("picture", "table")
    return drawn and 0 <= box.bbox.y0 - other.bbox.y1 <= BELOW and in_one_column(box.bbox, other.bbox)


def _ends(above: Line, below: Line, edge: float) -> bool:
    """Whether a line ends a paragraph that a new sentence follows."""
    first = below.text.split(" ", 1)[0]
    word = width(below.bbox) * len(first) / len(below.text)
    room = edge - above.bbox.x1 > word + ROOM * height(below.bbox)
    return room and below.text[:1].isupper() and not above.text.endswith((",", "-", "–"))


def _middle_in(line: Line, rest: Sequence[Line]) -> bool:
    box = union([x.bbox for x in rest])
    return box.x0 - 1 <= line.bbox.x0 and box.y0 <= (line.bbox.y0 + line.bbox.y1) / 2 <= box.y1
