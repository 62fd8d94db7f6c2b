"""Characters as they are drawn to characters as they are meant.

Accents drawn on their own join their letters, letters set wide become words, and signs of the private use area get
their Unicode values. A line's glyphs come in the file's order; what comes back is what to write in place of some.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from itertools import pairwise
from statistics import median
from typing import NamedTuple

from ingestion.text.symbol_fonts import PRIVATE, from_private_use

GONE = ""  # in place of a glyph that another one now says
TOUCHING = 0.15  # of the size: a wider gap between two letters is a space
TRACKED = 0.08  # of the size: letters that stand further apart throughout are set wide
WIDEST = 0.9  # of the size: what stands further apart are columns
EVEN = 0.06  # of the size by which gaps between letters set wide differ
EVEN_SHARE = 0.75  # of the gaps that must be even
WORD_STEP = 0.12  # of the size by which the gap between words is wider than that between their letters
SPELT = 5  # single letters with typed spaces between them, to make a word
LEAST_LETTERS = 4  # of a line set wide
LETTER_SHARE = 0.6  # of its characters that are letters
LEAST_DISTINCT = 3  # different ones
VOWEL_SHARE = (0.15, 0.75)  # of the letters of words; codes have none, or nothing else
VOWELS = frozenset("aeiouy")
ACCENTS = {
    "¨": "\u0308", "´": "\u0301", "`": "\u0300", "ˆ": "\u0302", "^": "\u0302", "˜": "\u0303", "~": "\u0303",
    "¸": "\u0327", "ˇ": "\u030c", "˘": "\u0306", "˚": "\u030a", "˙": "\u0307", "˝": "\u030b", "¯": "\u0304",
    "˛": "\u0328", "°": "\u030a", "\u02ca": "\u0301", "\u02cb": "\u0300", "\u02c9": "\u0304",
}  # fmt: skip
SHORT_WORDS = 2.5  # characters a word on average: a line set wide may be torn
ODD = re.compile("[" + "".join(map(re.escape, ACCENTS)) + chr(PRIVATE[0]) + "-" + chr(PRIVATE[-1]) + "]")
SPELT_OUT = re.compile(rf"(?<!\S)\S(?: +\S){{{SPELT - 1},}}(?!\S)")
DOTLESS = {"ı": "i", "ȷ": "j"}


class Glyph(NamedTuple):
    """A character along its line: where it begins and ends, how high its base line stands (all in points).

    ``made``: a space that is not in the file; the library saw a gap.
    """

    text: str
    x0: float
    x1: float
    rise: float
    size: float
    font: str = ""
    made: bool = False

    @property
    def blank(self) -> bool:
        """Whether nothing is drawn."""
        return self.text.isspace()


Edits = dict[int, str]


def is_suspect(text: str) -> bool:
    """Whether a line's text shows that something here may have to be done."""
    words = text.split()
    torn = len(words) > 1 and sum(map(len, words)) <= SHORT_WORDS * len(words)
    return torn or ODD.search(text) is not None or SPELT_OUT.search(text) is not None


def signs(glyphs: Sequence[Glyph]) -> Edits:
    """Private-use characters as the signs that they stand for."""
    found = {i: from_private_use(g.text, g.font) for i, g in enumerate(glyphs) if ord(g.text[:1] or "\0") in PRIVATE}
    return {i: text for i, text in found.items() if text != glyphs[i].text}


def accents(glyphs: Sequence[Glyph]) -> Edits:
    """Letters with the accents that were drawn over or under them, as TeX does."""
    found: Edits = {}
    for i, mark in enumerate(glyphs):
        if mark.text not in ACCENTS or i in found:
            continue
        home = next((j for j in _around(glyphs, i) if _carries(glyphs[j], mark)), None)
        if home is None or home in found:
            continue
        letter = glyphs[home].text
        composed = unicodedata.normalize("NFC", DOTLESS.get(letter, letter) + ACCENTS[mark.text])
        if len(composed) == 1:
            found |= {home: composed, i: GONE}
            found |= dict.fromkeys(_false_spaces(glyphs, i, home), GONE)
    return found


def _around(glyphs: Sequence[Glyph], i: int) -> Iterator[int]:
    """The letters after and before, past spaces that the library saw in the jump to and fro."""
    for step in (1, -1):
        j = i + step
        while 0 <= j < len(glyphs) and glyphs[j].made:
            j += step
        if 0 <= j < len(glyphs):
            yield j


def _carries(letter: Glyph, mark: Glyph) -> bool:
    return letter.text.isalpha() and letter.x0 - 0.1 <= (mark.x0 + mark.x1) / 2 <= letter.x1 + 0.1


def _false_spaces(glyphs: Sequence[Glyph], mark: int, home: int) -> Iterator[int]:
    """Spaces beside the mark or between it and its letter that are none once the mark is gone."""
    first, last = min(mark, home), max(mark, home)
    yield from (k for k in range(first + 1, last) if glyphs[k].made)
    for beside, step in ((first - 1, -1), (last + 1, 1)):
        if 0 < beside < len(glyphs) - 1 and glyphs[beside].made:
            a, b = sorted((glyphs[beside + step], glyphs[home]), key=lambda g: g.x0)
            if b.x0 - a.x1 < TOUCHING * glyphs[home].size:
                yield beside


def spaces(glyphs: Sequence[Glyph]) -> Edits:
    """Spaces that go because they part the letters of words set wide: seen by the library, or typed."""
    return _made_spaces(glyphs) or _typed_spaces(glyphs)


def _made_spaces(glyphs: Sequence[Glyph]) -> Edits:
    if not any(g.made for g in glyphs):
        return {}
    shown = [i for i, g in enumerate(glyphs) if not g.blank]
    size = max((glyphs[i].size for i in shown), default=0.0)
    typed = {a for a, b in pairwise(shown) if any(not glyphs[k].made for k in range(a + 1, b))}
    gaps = {a: glyphs[b].x0 - glyphs[a].x1 for a, b in pairwise(shown) if a not in typed}
    if len(gaps) < LEAST_LETTERS - 1 or size <= 0:
        return {}
    usual = median(gaps.values())
    even = sum(abs(gap - usual) <= EVEN * size for gap in gaps.values())
    inner = [gap for gap in gaps.values() if gap < usual + WORD_STEP * size]
    if not TRACKED * size < usual < WIDEST * size or even < EVEN_SHARE * len(inner) or 2 * len(inner) < len(gaps):
        return {}
    close = {a for a, gap in gaps.items() if gap < usual + WORD_STEP * size}
    going = [k for a, b in pairwise(shown) if a in close for k in range(a + 1, b)]
    return dict.fromkeys(going, GONE) if _are_words(_without(glyphs, going)) else {}


def _typed_spaces(glyphs: Sequence[Glyph]) -> Edits:
    """Runs of single letters with one blank between them; a wider gap ends a word."""
    text = "".join(g.text if not g.blank else " " for g in glyphs)
    found: Edits = {}
    for match in SPELT_OUT.finditer(text):
        places = [i for i in range(*match.span()) if not glyphs[i].blank]
        gaps = [glyphs[b].x0 - glyphs[a].x1 for a, b in pairwise(places)]
        usual, size = median(gaps), max(glyphs[i].size for i in places)
        if usual > WIDEST * size:
            continue
        close = [gap < usual + WORD_STEP * size for gap in gaps]
        going = [k for (a, b), near in zip(pairwise(places), close, strict=True) if near for k in range(a + 1, b)]
        words = _without(glyphs, going)[match.start() : match.end() - len(going)].split()
        if all(close[i] for i in range(len(close)) if gaps[i] < 1.2 * usual) and _are_words(" ".join(words)):
            found |= dict.fromkeys(going, GONE)
            found |= dict.fromkeys(_doubled(glyphs, places, going), GONE)
    return found


def _doubled(glyphs: Sequence[Glyph], places: Sequence[int], going: Sequence[int]) -> list[int]:
    """All but the first of several blanks between two words."""
    return [k for a, b in pairwise(places) for k in range(a + 2, b) if k not in going]


def _without(glyphs: Sequence[Glyph], going: Sequence[int]) -> str:
    gone = set(going)
    return "".join(g.text for i, g in enumerate(glyphs) if i not in gone)


def _are_words(text: str) -> bool:
    """Whether joined letters can be words: not a row of pins, seats or answers."""
    letters = [c.lower() for c in text if c.isalpha()]
    shown = [c for c in text if not c.isspace()]
    if len(letters) < max(LEAST_LETTERS, LETTER_SHARE * len(shown)) or len(set(letters)) < LEAST_DISTINCT:
        return False
    if not all(c < "\u0250" for c in letters):
        return True  # other scripts are not judged
    plain = [unicodedata.normalize("NFD", c)[0] for c in letters]
    vowels = sum(c in VOWELS for c in plain) / len(plain)
    counted = sum(ord(b) - ord(a) == 1 for a, b in pairwise(plain))
    cased = all(word.isupper() or word[1:].islower() for word in re.findall(r"[^\W\d_]+", text))
    return VOWEL_SHARE[0] <= vowels <= VOWEL_SHARE[1] and 2 * counted < len(plain) and cased
