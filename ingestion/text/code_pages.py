"""Text that old programs set in the letters of another code page than their fonts say. Pure.

Before Unicode a font had 256 places, and where Windows' Western code page (1252) has ``ò`` a Cyrillic font has ``т``.
Files of that time call all their fonts Western, so what is drawn as "Инструкция" reads "Èíñòðóêöèÿ", the Polish
"obsługi" reads "obs³ugi" and the Turkish "kılavuzu" reads "kýlavuzu". Which page was meant is told by what no language
has: text of accented letters alone, or letters together that no language in Latin script uses both of.

    >>> meant("Èíñòðóêöèÿ ïî ýêñïëóàòàöèè ñòèðàëüíîé ìàøèíû")
    'cp1251'
    >>> recoded("Èíñòðóêöèÿ", "cp1251")
    'Инструкция'
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Container, Mapping
from functools import lru_cache
from typing import NamedTuple

LEAST_LETTERS = 20
"""Letters of a text, to judge it."""

OTHER_SCRIPT = 0.75
"""Share of accented letters from which a text is of another script: Vietnamese has .35, Cyrillic with some Latin names
.9."""

COMMON_SHARE = 0.45
"""Share of an alphabet's dozen most frequent letters in its texts: .6 to .65, and .3 of letters taken at random."""

LEAST_TOLD = 3
"""Times that each letter must stand within words which tells of a page."""

LEAST_RUNS = 2
"""Runs of four letters or signs of the upper half of cp1252 on a page, from which it is looked at closely: no language
in Latin script has any."""

LEAST_OTHER = 2
"""Times that letters of other languages must stand in a text for it to be of those."""

CAPITALS = 0.1
"""Share that text in capitals alone loses: in KOI8 small letters stand where other pages have capitals."""

COMMON = {  # by page, the most frequent letters of its alphabet
    "cp1251": frozenset("оеаинтсрвл"),
    "koi8_r": frozenset("оеаинтсрвл"),
    "cp1253": frozenset("αοιετσςνηυρ"),
    "cp874": frozenset("านรอกเงมยล่้"),
}
_NEUTRAL = frozenset("0123456789.,;:!?()[]/-+%=\"'–—•…°")
_ACCENTS = {ord(c): None for c in "\u0300\u0301\u0302\u0303\u0306\u0308"}
_RUN = re.compile(r"[\xa1-\xb6\xb8-\xffŒœŠšŽžŸƒ]{4,}")  # without "·", which leads to pages
_WITHIN = re.compile(
    r"(?<=[^\W\d_]|[³¹¿±¶])[³¹¿±¶œŸžšìíïøùõûýðþëàèáâçîæê](?=[a-zA-Z³¹¿±¶œŸžšìíïøùõûýðþëàèáâçîæêóéäöüåñ])"
)


class _Signs(NamedTuple):
    """What tells of a page: a letter of each of ``sets`` has to be there, and none of ``against``, since leaflets have
    several languages on a page: letters of languages that are right in cp1252, and not of the one that is meant."""

    page: str
    sets: tuple[str, ...]
    against: str

    def told_by(self, letters: Container[str]) -> bool:
        return all(any(c in letters for c in one) for one in self.sets)


_SIGNS = (
    _Signs("cp1250", ("³¿", "¿œ"), "èàçâîéäåø"),  # Polish ł, ż; ż, ś
    _Signs("cp1250", ("ì", "ø"), "àâêçîäåæ"),  # Czech ě, ř
    _Signs("cp1250", ("õ", "û"), "èêàçâîãñœëïäåæø"),  # Hungarian ő, ű
    _Signs("cp1254", ("ý", "þð"), "áæíúåøéèàêó"),  # Turkish ı; ş, ğ
    _Signs("cp1257", ("ð", "þ", "ëûøàè"), "óúýöíåä"),  # Lithuanian š, ž; ė ū ų ą č
    _Signs("cp1257", ("â", "ð", "çî"), "éêàäöåóú"),  # Latvian ā, š; ē ī
)


def is_suspect(text: str) -> bool:
    """A quick look at all that a page says, since nearly all texts are right: runs of accented letters, or enough of
    those that tell of another page."""
    if text.isascii():
        return False
    if len(_RUN.findall(text)) >= LEAST_RUNS:
        return True
    told = _told_within(Counter(_WITHIN.findall(text.lower())))
    return any(signs.told_by(told) for signs in _SIGNS)


def meant(text: str) -> str:
    """The code page that a text which reads as cp1252 was set in, by Python's name; empty where it reads right.

    ``text`` is what one font says, the more of it the better: less than :data:`LEAST_LETTERS` letters tell nothing.
    """
    letters = [c for c in text if c.isalpha()]
    if len(letters) < LEAST_LETTERS:
        return ""
    page = _other_script(text)
    if page:
        return page
    small = text.lower()
    within = Counter(_WITHIN.findall(small))
    told = _told_within(within)
    fit = (signs for signs in _SIGNS if signs.told_by(told))
    page = next((signs.page for signs in fit if sum(c in signs.against for c in small) < LEAST_OTHER), "")
    if page == "cp1250" and within["±"] + within["¶"] > within["¹"] + within["œ"]:
        return "iso8859_2"  # ą, ś
    return page


def _looks_like(small: str, page: str) -> bool:
    """Whether a few words have a letter that tells of a page, and none that speaks against it."""
    known = "cp1250" if page == "iso8859_2" else page
    within = set(_WITHIN.findall(small))
    return any(
        within.intersection("".join(signs.sets)) and not any(c in signs.against for c in small)
        for signs in _SIGNS
        if signs.page == known
    )


def _told_within(within: Mapping[str, int]) -> set[str]:
    return {letter for letter, times in within.items() if times >= LEAST_TOLD}


def _other_script(text: str) -> str:
    """The page of an alphabet, none of whose letters are Latin ones, in which a text makes sense."""
    if _share_high(text) < OTHER_SCRIPT:
        return ""
    high = "".join(c for c in text if _byte(c) >= 0x80 and c not in _NEUTRAL)
    best, most = "", COMMON_SHARE
    for page, common in COMMON.items():
        read = recoded(high, page)
        plain = unicodedata.normalize("NFD", read.lower()).translate(_ACCENTS)
        share = sum(c in common for c in plain) / max(1, len(plain))
        share -= CAPITALS * sum(map(str.isupper, read)) / max(1, len(high))
        if share > most:
            best, most = page, share
    return best


def meant_by_font(texts: Mapping[str, str]) -> dict[str, str]:
    """The code page of each font of a page that has another one than it says, from what each says. Fonts of a few words
    are set in the page of the others where they look like it."""
    told = {font: page for font, text in texts.items() if (page := meant(text))}
    pages = Counter[str]()
    for font, page in told.items():
        pages[page] += len(texts[font])
    if not pages:
        return told
    most = pages.most_common(1)[0][0]
    for font, text in texts.items():
        alike = _share_high(text) >= OTHER_SCRIPT if most in COMMON else _looks_like(text.lower(), most)
        if font not in told and alike:
            told[font] = most
    return told


def recoded(text: str, page: str) -> str:
    """``text``, which was read as cp1252, read as ``page``; as long as it was. What the page does not have stays."""
    table = _table(page)
    return "".join(table.get(c, c) for c in text)


@lru_cache(maxsize=8)
def _table(page: str) -> dict[str, str]:
    table = {}
    for code in range(0x80, 0x100):
        other = bytes([code]).decode(page, errors="ignore")
        if other and not ("\x80" <= other <= "\x9f"):  # no control characters
            table[bytes([code]).decode("cp1252", errors="ignore") or chr(code)] = other
            table.setdefault(chr(code), other)
    return table


def _share_high(text: str) -> float:
    """The share of what is no digit and no punctuation that stands in the upper half of the code page."""
    signs = [c for c in text if not (c.isspace() or c in _NEUTRAL)]
    return sum(_byte(c) >= 0x80 for c in signs) / len(signs) if signs else 0.0


def _byte(char: str) -> int:
    """The code of a character in cp1252, which has nothing at five of them; 0 where it has none."""
    if "\x80" <= char <= "\x9f":
        return ord(char)
    coded = char.encode("cp1252", errors="ignore")
    return coded[0] if coded else 0
