"""Names of glyphs that are numbers: what stands for what, where a font says nothing else of its signs. Pure.

Two kinds of programs number their glyphs by the character. Interleaf and drivers of its time write the code of ASCII
in four digits (``C0065`` is "A"), for text, too; in their fonts of formulas the same numbers draw other signs.
Mathematical Pi names signs by the numbers of a collection (``H9262`` is "μ"): journals and data sheets of the nineties
are full of them. The library reads all of them as unknown.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from itertools import chain

ASCII_NAME = re.compile(r"C(0\d{3})")
PRINTED = range(0x21, 0x7F)
LEAST_NAMED = 4  # signs of a font: fewer tell nothing of what its codes are
LETTERS_SHARE = 0.6  # of a font's signs that are letters or digits by their codes: a font of text, not of formulas

_GREEK_CAPITALS, _GREEK = 9001, 9251  # where the alphabets begin; the small letters with the final sigma
_OPERATORS = 11001
_OPERATORS_OF_FOUR = 11545  # the same, as in Mathematical Pi Four

MATHEMATICAL_PI: Mapping[str, str] = {
    f"H{number}": sign
    for number, sign in chain(
        enumerate("ΑΒΓΔΕΖΗΘΙΚΛΜΝΞΟΠΡΣΤΥΦΧΨΩ", _GREEK_CAPITALS),
        enumerate("αβγδεζηθικλμνξοπρσςτυφχψω", _GREEK),
        enumerate("+−×÷=±", _OPERATORS),
        enumerate("+−×÷=±", _OPERATORS_OF_FOUR),
        enumerate("()[]{}", 20849),
        {
            11008: "∝",
            11009: "∞",
            11011: "∼",
            11013: "≡",
            11015: "≈",
            11021: "<",
            11022: ">",
            11032: "′",
            11033: "″",
            11034: "°",
            11080: "·",
            11349: "≤",
            11350: "≥",
            11543: "°",
            20841: "|",
        }.items(),
    )
}


def signs_named(names: Mapping[int, str]) -> dict[int, str]:
    """What the codes of a font stand for whose glyphs have ``names``, as far as numbers in the names tell."""
    found = {code: MATHEMATICAL_PI[name] for code, name in names.items() if name in MATHEMATICAL_PI}
    coded = {code: int(match[1]) for code, name in names.items() if (match := ASCII_NAME.fullmatch(name))}
    printed = {code: chr(number) for code, number in coded.items() if number in PRINTED}
    if len(printed) >= LEAST_NAMED and sum(sign.isalnum() for sign in printed.values()) >= LETTERS_SHARE * len(printed):
        found |= printed
    return found
