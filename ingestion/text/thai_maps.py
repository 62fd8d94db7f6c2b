"""Maps of Thai fonts that take one vowel for another. Pure.

Sara am (ำ) is drawn with two glyphs: the ring of nikhahit (ํ) and sara aa (า), as in "ทำ". Word notes the whole vowel as
the meaning of the second glyph, which then is that of every sara aa, too, and a space as that of the first: its text
says "สำมำรถ" for "สามารถ" and "ท ำ" for "ทำ". A font of many Thai letters without any sara aa has such a map: that is
the most common vowel by far.

Example: codes 1 → "ำ", 2 → " " (without width) beside those of twenty consonants become 1 → "า", 2 → "ํ"; "ท" with both
is "ทำ" again.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping

AA, AM, NIKHAHIT = "\u0e32", "\u0e33", "\u0e4d"
LEAST_LETTERS = 15  # Thai letters of a font that would have sara aa among them
_RING = re.compile(f"{NIKHAHIT}([\u0e48-\u0e4b]?){AA}")


def takes_vowels(said: Mapping[bytes, str]) -> bool:
    """Whether a font's map from codes to text takes sara aa for sara am."""
    letters = {char for text in said.values() for char in text if "\u0e01" <= char <= "\u0e5b"}
    return AM in letters and AA not in letters and len(letters) >= LEAST_LETTERS


def thai_mended(said: Mapping[bytes, str], no_width: Collection[bytes]) -> dict[bytes, str]:
    """Such a map with sara aa and nikhahit for sara am and spaces; ``no_width``: codes of glyphs without any."""
    vowels = {code: AA for code, text in said.items() if text == AM}
    rings = {code: NIKHAHIT for code, text in said.items() if text == " " and code in no_width}
    return {**said, **vowels, **rings}


def composed(text: str) -> str:
    """Text in which nikhahit, with a tone or not, and sara aa behind it are sara am: "นํ้า" is "น้ำ"."""
    return _RING.sub(rf"\1{AM}", text) if NIKHAHIT in text else text
