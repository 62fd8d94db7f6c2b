"""What the codes of TeX's text fonts stand for, where a file names glyphs by their codes alone ("a28"). Pure.

TeX embeds a font of which it has no outlines as pictures of its letters (Type 3), without a map to Unicode. Letters
then have the codes of ASCII, but ligatures, quotation marks, dashes and accents have those of TeX's own encodings: OT1
(Computer Modern) or T1 (Cork). Bullets, degrees and the like come from fonts of their own with the codes of TS1, which
have no letters. Source of the tables: LaTeX's ``ot1enc.def``, ``t1enc.def`` and ``ts1enc.def``.

Example: "e", 14, "cient" is "efficient" in OT1; in T1 the same ligature is 30.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise

LEAST_LETTERS = 6  # small letters in one stretch of text: formulas have fewer
LIGATURES = ["ff", "fi", "fl", "ffi", "ffl"]
T1: Mapping[int, str] = {
    code: text
    for start, texts in (
        (0x00, [*"`´ˆ˜¨˝˚ˇ˘¯˙¸˛‚‹›“”„«»–—\u200b0ıȷ", *LIGATURES, " "]),
        (0x21, [*'!"#$%&’()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]^_‘abcdefghijklmnopqrstuvwxyz{|}~-']),
        (0x80, [*"ĂĄĆČĎĚĘĞĹĽŁŃŇŊŐŔŘŚŠŞŤŢŰŮŸŹŽŻĲİđ§ăąćčďěęğĺľłńňŋőŕřśšşťţűůÿźžżĳ¡¿£"]),
        (0xC0, [*"ÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏÐÑÒÓÔÕÖŒØÙÚÛÜÝÞẞàáâãäåæçèéêëìíîïðñòóôõöœøùúûüýþß"]),
    )
    for code, text in enumerate(texts, start)
}
OT1: Mapping[int, str] = {
    **{code: chr(code) for code in range(0x21, 0x7F)},
    **dict(enumerate([*"ΓΔΘΛΞΠΣΥΦΨΩ", *LIGATURES, *"ıȷ`´ˇ˘¯˚¸ßæœøÆŒØ"])),
    **dict(zip(b"\"'<>\\_`{|}~\x7f", "”’¡¿“˙‘–—˝˜¨", strict=True)),
}
# Below 128 fonts of formulas have other signs.
TS1: Mapping[int, str] = {
    **dict(enumerate("†‡‖‰•℃", 132)),
    151: "™",
    152: "‱",
    153: "¶",
    155: "№",
    157: "℮",
    158: "◦",
    **dict(enumerate("¢£¤¥¦§¨©ª", 162)),
    **dict(enumerate("¬℗®¯°±²³´µ¶·※¹º√¼½¾€", 172)),
    214: "×",
    246: "÷",
}
_SMALL = range(ord("a"), ord("z") + 1)
_DIGITS = range(ord("0"), ord("9") + 1)
_T1_DASHES, _OT1_DASH = (0x15, 0x16), 0x7B
_OT1_LIGATURES = range(0x0B, 0x10)
_T1_OWN = (*range(0x1B, 0x20), *range(0x80, 0x100))  # its ligatures, and the letters that OT1 lacks


def is_text(codes: Sequence[int]) -> bool:
    """Whether a stretch of codes of one font is text, not a formula."""
    return sum(code in _SMALL for code in codes) >= LEAST_LETTERS


def is_numbers(codes: Iterable[int]) -> bool:
    """Whether all codes of one font are numbers, dashes and letters of ASCII: fonts of formulas have no numbers."""
    held = set(codes)
    return bool(held & set(_DIGITS)) and held <= {*range(0x21, 0x7F), *_T1_DASHES}


def is_symbols(codes: Iterable[int]) -> bool:
    """Whether all codes of one font are signs of TS1: a font of text has letters too."""
    return set(codes) <= TS1.keys()


def table_of_codes(stretches: Iterable[Sequence[int]]) -> Mapping[int, str] | None:
    """The encoding in which most codes beside small letters are ligatures or letters, or those beside digits dashes;
    None where there are none."""
    found: Counter[str] = Counter()
    for codes in stretches:
        for a, b in pairwise(codes):
            if a in _DIGITS or b in _DIGITS:
                found["T1"] += a in _T1_DASHES or b in _T1_DASHES
                found["OT1"] += a in _DIGITS and b == _OT1_DASH
        if not is_text(codes):
            continue
        for i, code in enumerate(codes):
            if any(other in _SMALL for other in (*codes[max(0, i - 1) : i], *codes[i + 1 : i + 2])):
                found["T1"] += code in _T1_OWN
                found["OT1"] += code in _OT1_LIGATURES
    if found["T1"] == found["OT1"]:
        return None
    return T1 if found["T1"] > found["OT1"] else OT1
