"""How lines of a page are turned, which their boxes do not say: by the order in which they stand one beside the other.

Lines of turned text are taller than wide. Of text that is read upwards the next line stands to the right, of text that
is read downwards to the left; on a page that is turned upside down the next line stands above.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Sequence
from itertools import pairwise

from ingestion.elements import BBox

UPRIGHT, DOWNWARDS, UPSIDE_DOWN, UPWARDS = 0, 90, 180, 270
"""Degrees clockwise by which the words of a line are turned."""

TALL = 2.0  # times as high as wide is a line that is turned
LEAST_LETTERS = 3  # fewer stand in a tall box though they are upright: "1", "Il"

TextLine = tuple[str, BBox]


def turns_of(lines: Sequence[TextLine], rotation: int) -> list[int]:
    """Of each line of a page, in their order, one of the four turns above. ``rotation`` is the page's own, in degrees.

    A box that is about as wide as high is turned where most letters of the page are. Where no line is beside another, a
    tall one is read upwards, as words at the edge of a page and along axes are, or downwards if Chinese or Japanese.
    """
    tall = _tall(lines)
    steps = sum(_steps(lines, tall, _overlap_down, lambda box: box.x0 + box.x1))
    flat = UPRIGHT
    if rotation % 360 == UPSIDE_DOWN:
        wide = [not one for one in tall]
        flat = UPSIDE_DOWN if sum(_steps(lines, wide, _overlap_across, lambda box: -box.y0)) > 0 else UPRIGHT
    return [_turn(text, steps) if one else flat for (text, _), one in zip(lines, tall, strict=True)]


def _tall(lines: Sequence[TextLine]) -> list[bool]:
    shapes = [(len(text), (box.y1 - box.y0) / max(box.x1 - box.x0, 0.01)) for text, box in lines]
    most = sum(letters if shape > TALL else -letters for letters, shape in shapes if not 1 / TALL <= shape <= TALL) > 0
    return [letters >= LEAST_LETTERS and (shape > TALL or (most and shape * TALL >= 1)) for letters, shape in shapes]


def _turn(text: str, steps: int) -> int:
    if steps:
        return UPWARDS if steps > 0 else DOWNWARDS
    return DOWNWARDS if any(unicodedata.east_asian_width(char) == "W" for char in text) else UPWARDS


def _steps(
    lines: Sequence[TextLine],
    wanted: Sequence[bool],
    beside: Callable[[BBox, BBox], bool],
    place: Callable[[BBox], float],
) -> list[int]:
    """1 where the next of two lines that are beside each other has the greater place, -1 where it has the lesser."""
    boxes = [box for (_, box), one in zip(lines, wanted, strict=True) if one]
    steps = [place(after) - place(before) for before, after in pairwise(boxes) if beside(before, after)]
    return [1 if step > 0 else -1 for step in steps if step]


def _overlap_down(one: BBox, other: BBox) -> bool:
    return min(one.y1, other.y1) > max(one.y0, other.y0)


def _overlap_across(one: BBox, other: BBox) -> bool:
    return min(one.x1, other.x1) > max(one.x0, other.x0)
