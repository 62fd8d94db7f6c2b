"""Fractions that are set as a small number above a bar and one below it, in a line of text. Pure.

Program libraries read two lines there, of which either takes one of the numbers along: "Fill 3" and "7 of the tank".
Those that have a sign of their own ("½") are told by :mod:`~ingestion.text.superscripts` already.

Example: "3" above a bar of 4 points above "7", beside "Fill" in larger letters, is "3/7"; where a larger "2" touches
it, "2 3/7".
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from ingestion.blocks import Line
from ingestion.elements import BBox
from ingestion.geometry import height, union, width
from ingestion.pdf.parted_words import Letter
from ingestion.text.superscripts import FRACTIONS

BAR_HEIGHT = 1.5  # points, at most
BOX_HEIGHT = 16.0  # points, at most, of a box of which a bar is the upper side: a border of web pages
BAR_WIDTH = (2.0, 40.0)  # points
REACH = 9.0  # points above and below a bar in which the middle of its numbers is
OVERHANG = 3.0  # points by which a bar is wider than the wider number, at most; and half of that narrower
BESIDE = 14.0  # points between a fraction and the text that it stands in, at most
TOUCHING = 2.5  # points between a number and the fraction that belongs to it, at most
SMALLER = 0.85  # of the height of the text beside it: the height of a number
MOST_BARS = 60  # on a page that are looked at: more are the rules of forms
NUMERATOR = re.compile(r"[0-9]$")
FRACTION = re.compile(r"[0-9]{1,3}/[0-9]{1,3}")
WHOLE_REACH = 20.0  # points before a fraction in which the whole number is looked for
NEAR = 0.5  # of a letter's height between it and the bar, at most: the next line's numbers stand further away
CORE = 0.2  # of a letter's height, at either end of its box: other lines reach there


class StackedFraction(NamedTuple):
    """The bar and letters to be taken away, and the line that says them."""

    bar: BBox
    letters: tuple[BBox, ...]
    line: Line


def stacked_fractions(
    words: Sequence[Line], paths: Iterable[BBox], letters_in: Callable[[BBox], Sequence[Letter]]
) -> list[StackedFraction]:
    """Find the fractions among the words of a page. ``letters_in`` gives the letters in a box from left to right."""
    bars = [p._replace(y1=min(p.y1, p.y0 + BAR_HEIGHT)) for p in paths if height(p) <= BOX_HEIGHT]
    bars = sorted((bar for bar in bars if BAR_WIDTH[0] <= width(bar) <= BAR_WIDTH[1]), key=lambda bar: bar.y0)
    tops = [bar.y0 for bar in bars]
    under: dict[BBox, None] = {}
    for word in words if bars else ():
        box = word.bbox
        if NUMERATOR.search(_plain(word.text)):
            low, high = bisect_left(tops, box.y1 - height(box) / 2), bisect_right(tops, box.y1 + NEAR * height(box))
            under |= dict.fromkeys(bar for bar in bars[low:high] if bar.x0 - 1 <= box.x1 and box.x0 <= bar.x1 + 1)
    bars = [bar for bar in under if _beside(bar, words)] if len(under) <= MOST_BARS else []
    found = (_fraction(bar, words, letters_in) for bar in bars)
    return [fraction for fraction in found if fraction]


def _beside(bar: BBox, words: Iterable[Line]) -> list[BBox]:
    """Boxes of words in the height of which a bar stands, near either of its ends."""
    level = (word.bbox for word in words if word.bbox.y0 < bar.y0 and bar.y1 < word.bbox.y1)
    return [box for box in level if -TOUCHING <= bar.x0 - box.x1 <= BESIDE or -TOUCHING <= box.x0 - bar.x1 <= BESIDE]


def _fraction(
    bar: BBox, words: Sequence[Line], letters_in: Callable[[BBox], Sequence[Letter]]
) -> StackedFraction | None:
    held = letters_in(BBox(bar.x0 - 1, bar.y0 - REACH, bar.x1 + 1, bar.y1 + REACH))
    near = [x for x in held if max(bar.y0 - x.bbox.y1, x.bbox.y0 - bar.y1) <= NEAR * height(x.bbox)]
    parts = [x for x in near if _middle(x.bbox) < bar.y0], [x for x in near if _middle(x.bbox) > bar.y0]
    text = "/".join("".join(_plain(x.text) for x in part) for part in parts)
    sign = [x.text for x in parts[0]] in [[sign] for sign in FRACTIONS.values()]
    if not sign and not FRACTION.fullmatch(text):
        return None
    tall = max(height(x.bbox) for x in near)
    larger = [box for box in _beside(bar, words) if tall <= SMALLER * height(box)]
    wide = max(width(union(x.bbox for x in part)) for part in parts if part)
    if not -OVERHANG / 2 <= width(bar) - wide <= OVERHANG or not larger:
        return None
    row, gone = larger[0], [core(x.bbox) for x in near]
    if sign:  # what stands below the bar is still in the file
        text, gone = parts[0][0].text, [*gone, core(BBox(bar.x0, bar.y1, bar.x1, bar.y1 + tall))]
    before = _number_before(letters_in(BBox(bar.x0 - WHOLE_REACH, row.y0, bar.x0 + 1, row.y1)), bar, tall)
    text = f"{''.join(x.text for x in before)} {text}".strip()
    gone += [core(x.bbox) for x in before]
    box = BBox(before[0].bbox.x0 if before else bar.x0, row.y0, bar.x1, row.y1)
    return StackedFraction(bar, tuple(gone), Line(text, box))


def _number_before(letters: Sequence[Letter], bar: BBox, tall: float) -> list[Letter]:
    """The larger digits that end at a fraction, which is higher than they are."""
    found: list[Letter] = []
    for letter in reversed([x for x in letters if x.bbox.x1 <= bar.x0 + 1]):
        right = found[-1].bbox.x0 if found else bar.x0
        if not letter.text.isdecimal() or tall > SMALLER * height(letter.bbox) or right - letter.bbox.x1 > TOUCHING:
            break
        found.append(letter)
    return found[::-1]


def _plain(text: str) -> str:
    """A digit as it is, where raised and lowered ones were told already."""
    return unicodedata.normalize("NFKC", text)


def _middle(box: BBox) -> float:
    return (box.y0 + box.y1) / 2


def core(box: BBox) -> BBox:
    """The middle of a letter's box: boxes reach into the lines above and below."""
    return box._replace(y0=box.y0 + CORE * height(box), y1=box.y1 - CORE * height(box))
