r"""The order in which fonts of Windows hold their glyphs: what glyph numbers stand for where nothing else tells. Pure.

A composite font of the encoding ``Identity-H`` is asked for glyphs by their numbers. Without a map to Unicode, and with
the character map cut out of the font's program, only the order tells what they are: TrueType fonts begin with three
glyphs for nothing, then hold ASCII from the space on, so "The following" is read as "7KH\x03IROORZLQJ". In Arial, Times
New Roman and Courier New the characters of the Macintosh follow, then those of Windows' list WGL4: "Приложение" is read
as "ɉɪɢɥɨɠɟɧɢɟ". The widths of the glyphs in such files agree with it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache

from ingestion.text.code_pages import COMMON as COMMON_OF_PAGES
from ingestion.text.legibility import COMMON

UNKNOWN = "\N{REPLACEMENT CHARACTER}"
ASCII_FROM = 3
NUMBERED = 0x1000  # glyphs of a large font
LIKE_ARIAL = re.compile(r"(?:Arial|TimesNewRoman|CourierNew)", re.I)
LEAST_LETTERS = 20  # of a text, to judge it
KNOWN_SHARE = 0.9  # of a text's glyphs that the order must know
COMMON_SHARE = 0.45  # of the letters: 0.5 to 0.7 in languages in Latin script, 0.3 at random; as much in Cyrillic
_FREQUENT = (COMMON, COMMON_OF_PAGES["cp1251"], COMMON_OF_PAGES["cp1253"])

# From 98 on the characters of the Macintosh, without its no-break space and apple, and those after them.
_MACINTOSH = bytes(code for code in range(0x80, 0x100) if code not in (0xCA, 0xF0)).decode("mac_roman")
_AFTER = "ŁłŠšŽž¦ÐðÝýÞþ−×¹²³½¼¾₣ĞğİŞşĆćČčđ¯·ĂăĄąĎďĐĘęĚěĹĺĽľĿŀŃńŇňŐőŔŕŘřŚśŢţŤťŮůŰűŹźŻżΓΘΦαδεστφ"
_RUNS = {  # by their first glyph
    98: _MACINTOSH.replace("€", "¤") + _AFTER,
    374: "■",
    377: "▲",
    404: "●",
    505: "ΑΒΔΕΖΗΙΚΛΜΝΞΟΠΡΣΤΥΧΨΩΪΫάέήίΰβγζηθικλμνξορςυχψωϊϋόύώЁЂЃЄЅІЇЈЉЊЋЌЎЏ",
    570: "АБВГДЕЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯабвгдежзийклмнопрстуфхцчшщъыьэюяёђѓєѕіїјљњћќўџ",
}


def table_of_glyphs(font: str, drawn: Sequence[int], proved: bool = False) -> Mapping[int, str] | None:
    """What the glyphs of a font stand for, by their numbers, where the text ``drawn`` in it becomes words by it; those
    that nobody knows are the replacement character. ``proved``: another font of the document is of this order, so few
    letters are enough."""
    table = _of_arial() if LIKE_ARIAL.search(font) else _of_ascii()
    glyphs = [glyph for glyph in drawn if glyph >= ASCII_FROM]
    text = "".join(table.get(glyph, "") for glyph in glyphs)
    if not text or len(text) < KNOWN_SHARE * len(glyphs):
        return None
    letters = [c for c in text.lower() if c.isalpha()]
    common = max(sum(c in frequent for c in letters) for frequent in _FREQUENT)
    if not (proved if len(letters) < LEAST_LETTERS else common >= COMMON_SHARE * len(letters)):
        return None
    return {**dict.fromkeys(range(ASCII_FROM, NUMBERED), UNKNOWN), **table}


@lru_cache(maxsize=1)
def _of_ascii() -> Mapping[int, str]:
    return {ASCII_FROM + i: chr(0x20 + i) for i in range(0x7F - 0x20)}


@lru_cache(maxsize=1)
def _of_arial() -> Mapping[int, str]:
    runs = {first + i: sign for first, signs in _RUNS.items() for i, sign in enumerate(signs)}
    return {**_of_ascii(), **runs}
