"""Right-to-left text: from glyphs where they stand on the page to the order in which they are read.

Producers write Arabic and Hebrew glyphs in either direction, and libraries turn some of them round, so the order in the
file says nothing: only the places count. This inverts the display rules of the Unicode bidirectional algorithm (UAX 9)
for one level of embedding: words and numbers in a right-to-left line, right-to-left words in any other.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect, bisect_left
from collections.abc import Iterable, Sequence
from itertools import groupby, pairwise
from typing import NamedTuple

RTL = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")
SPACE = 0.15  # of the font size: a wider gap between two characters is a space
NO_WIDTH = 0.01  # points: less is none
EDGE = 0.3  # points between a letter's left edge and a mark that is drawn where the letter ends
NUMBER_SEPARATORS = frozenset(".,:/-+%\u066b\u066c")
MIRRORED = str.maketrans("()[]{}<>«»", ")(][}{><»«")
OPENING, CLOSING = "([{", ")]}"
_BASIC = r"[kKmMGTcdnµμ]?(?:VA|Var|V|Ah|A|Wh|W|Hz|g|m|l|Pa|Nm|Ω|J|s|bar|bit|lm|lx|dB)"
_OTHER = r"°[CF]|[CF]°|rpm|psi|min|[kMGT]B|inch|ft|VAC|VDC|Ltr?|px|K"
UNIT = rf"(?:(?:{_BASIC}|{_OTHER})[²³]?(?:/(?:min|[hsm]|kg)[²³]?)?)"
TURNED_QUANTITY = re.compile(rf"({UNIT})\s(\d[\d.,:/–-]*)")
"""A number and its unit as a right-to-left line shows them: "50 Hz" stands there as "Hz 50"."""


class Char(NamedTuple):
    """A character and the horizontal place of its glyph, in points."""

    text: str
    x0: float
    x1: float


def has_rtl(text: str) -> bool:
    """Whether a letter of the text runs from right to left."""
    return RTL.search(text) is not None


def logical_line(chars: Iterable[Char], size: float) -> str:
    """One line's characters, in any order, as text in reading order. ``size``: of the font, in points."""
    return _inverted(_visual(list(chars), size))


def logical_glyphs(text: str) -> str:
    """Glyphs as they stand from left to right, as text in reading order."""
    return _inverted(list(text)) if text else text


def logical_words(text: str) -> str:
    """Words that stand in visual order, each spelt right, in reading order: a table cell as libraries give it."""
    if not has_rtl(text):
        return text
    words = text.split()
    if not _is_rtl_line(words):
        return text
    ordered: list[str] = []
    run: list[str] = []
    for word in [*reversed(words), ""]:
        if has_rtl(word) or not any(c.isalnum() for c in word):
            ordered += [logical_quantity(" ".join(reversed(run))), word]
            run = []
        else:
            run.append(word)
    return " ".join(filter(None, ordered))


def logical_quantity(text: str) -> str:
    """A quantity that stands alone in a right-to-left table as it is read: "kg 3.5" is 3.5 kg."""
    found = TURNED_QUANTITY.fullmatch(text)
    if found is None:
        return text
    unit = f"°{found[1][0]}" if found[1].endswith("°") else found[1]
    return f"{found[2]} {unit}"


def _visual(chars: Sequence[Char], size: float) -> list[str]:
    """Characters from left to right, each with what stands on it, and a space for every gap and for every space of the
    file between two: letters set narrow overlap it."""
    bases = sorted((c for c in chars if not c.text.isspace() and not _leans(c)), key=lambda c: c.x0 + c.x1)
    units = [c.text for c in bases]
    last: Char | None = None
    for char in chars:
        if _leans(char) and bases:
            units[_holder(char, last, bases)] += char.text
        elif not char.text.isspace():
            last = char
    blanks = sorted(c.x0 + c.x1 for c in chars if c.text.isspace())
    spaced: list[str] = []
    for i, unit in enumerate(units):
        if i and (
            bases[i].x0 - max(b.x1 for b in bases[max(0, i - 3) : i]) > SPACE * size
            or bisect(blanks, bases[i - 1].x0 + bases[i - 1].x1) < bisect_left(blanks, bases[i].x0 + bases[i].x1)
        ):
            spaced.append(" ")
        spaced.append(unit)
    return spaced


def _leans(char: Char) -> bool:
    """A combining mark, or a further letter of a ligature: it has no width of its own."""
    return unicodedata.category(char.text[:1]) == "Mn" or (char.x1 - char.x0 < NO_WIDTH and not char.text.isspace())


def _holder(char: Char, last: Char | None, bases: Sequence[Char]) -> int:
    """A mark belongs to the letter it stands on, a ligature's further letter to the glyph that ends where it is.

    That letter stands at either side of its ligature, which is the glyph before it in the file where that meets it.
    A mark that begins at the left edge of the letter before it in the file is drawn from there, on that letter.
    """
    middle = (char.x0 + char.x1) / 2
    if unicodedata.category(char.text[:1]) == "Mn":
        if last is not None and abs(last.x0 - char.x0) <= EDGE:
            return bases.index(last)
        return min(range(len(bases)), key=lambda i: abs((bases[i].x0 + bases[i].x1) / 2 - middle))
    if last is not None and min(abs(last.x0 - middle), abs(last.x1 - middle)) < NO_WIDTH:
        return bases.index(last)
    return min(range(len(bases)), key=lambda i: abs(bases[i].x1 - middle))


def _inverted(visual: Sequence[str]) -> str:
    rtl = _is_rtl_line(visual)
    kept = _left_to_right(visual) if rtl else [not held for held in _right_to_left(visual)]
    runs = [(keeps, [c for _, c in group]) for keeps, group in groupby(zip(kept, visual, strict=True), lambda p: p[0])]
    turned = [(keeps, "".join(run if keeps else reversed(run))) for keeps, run in runs]
    if not rtl:
        return "".join(text for _, text in turned)
    turned.reverse()
    table = MIRRORED if _wrong_way_round("".join(text for keeps, text in turned if not keeps)) else {}
    return "".join(logical_quantity(text) if keeps else text.translate(table) for keeps, text in turned)


def _left_to_right(visual: Sequence[str]) -> list[bool]:
    """Which characters of a right-to-left line keep their order: foreign words, and numbers."""
    held = [_is_ltr(c) or c[0].isdigit() for c in visual]
    for start, end in _between(held):
        inner = visual[start:end]
        around = visual[start - 1], visual[end]
        if all(c[0].isdigit() for c in around):
            keeps = len(inner) == 1 and inner[0] in NUMBER_SEPARATORS
        else:
            keeps = any(_is_ltr(c) for c in around) and not any(has_rtl(c) for c in inner)
        held[start:end] = [keeps] * (end - start)
    for i in range(1, len(held)):  # a sign that belongs to the number before or after it
        if visual[i] in ("%", "°") and held[i - 1] and visual[i - 1][0].isdigit():
            held[i] = True
    return held


def _right_to_left(visual: Sequence[str]) -> list[bool]:
    """Which characters of any other line stand in reverse: right-to-left words and what lies between them."""
    held = [has_rtl(c) for c in visual]
    for start, end in _between(held):
        if not any(_is_ltr(c) or c[0].isdigit() for c in visual[start:end]):
            held[start:end] = [True] * (end - start)
    return held


def _between(held: Sequence[bool]) -> list[tuple[int, int]]:
    """The gaps between held characters, as (start, end)."""
    marked = [i for i, value in enumerate(held) if value]
    return [(a + 1, b) for a, b in pairwise(marked) if b - a > 1]


def _is_rtl_line(parts: Sequence[str]) -> bool:
    text = "".join(parts)
    right = len(RTL.findall(text))
    return right > 0 and right >= sum(c.isalpha() for c in text) - right


def _is_ltr(char: str) -> bool:
    return char[0].isalpha() and not has_rtl(char)


def _wrong_way_round(text: str) -> bool:
    """Whether brackets close before they open: the file names glyphs by their shape."""
    first = next((c for c in text if c in OPENING + CLOSING), "")
    return first != "" and first in CLOSING and any(c in OPENING for c in text)
