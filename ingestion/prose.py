"""Characters and lines to clean text: ligatures, odd spaces, hyphens at line ends. Pure.

Enters: text as a file holds it. Leaves: text as a person would type it. Must not know: PDF, boxes, blocks.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

# Glyph variants that stand for plain letters: Latin, Hebrew and Arabic ligatures and forms, radicals, compatibility
# ideographs. Full-width letters and mathematical alphabets differ in meaning and stay.
VARIANTS = re.compile("[\u2e80-\u2fdf\uf900-\ufaff\ufb00-\ufdff\ufe70-\ufefc]")
INVISIBLE = re.compile("[\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]|\u00ad(?=.)")
CONTROL = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f]")
REPLACEMENT = "\ufffd"
HYPHENS = "-\u2010"
COMPOUNDS = ("self", "ex")  # what stands before a hyphen of its own, as a single letter does ("x-ray")
AND = {"and", "or", "to", "und", "oder", "bis", "et", "ou", "y", "o", "e", "en", "of", "och", "og"}
LAST_WORD = re.compile(r"(?<!\S)(\S+)[-\u2010]$")


def clean(text: str) -> str:
    """One line of text: glyph variants to letters, any space to one blank, a soft hyphen at the end to a hyphen;
    control characters, which a broken encoding leaves, to the replacement character."""
    text = VARIANTS.sub(lambda match: unicodedata.normalize("NFKC", match[0]), text)
    text = CONTROL.sub(REPLACEMENT, INVISIBLE.sub("", text.strip()).replace("\u00ad", "-"))
    return " ".join(text.split())


def join_lines(lines: Iterable[str]) -> str:
    """Lines to one paragraph; a word cut by a hyphen at a line's end is mended, a compound keeps its hyphen."""
    parts = [line.strip() for line in lines if line.strip()]
    known = {word.strip(".,;:!?()") for part in parts for word in part.lower().split()}
    text = ""
    for part in parts:
        text = _joined(text, part, known) if text else part
    return text


def is_cjk(char: str) -> bool:
    """Chinese and Japanese characters and their punctuation, which are written without spaces (Korean is not)."""
    return (
        "\u2e80" <= char <= "\u312f"
        or "\u31a0" <= char <= "\u9fff"
        or "\uf900" <= char <= "\ufaff"
        or "\uff01" <= char <= "\uff9f"
        or "\U00020000" <= char <= "\U0003ffff"
    )


def _joined(text: str, line: str, known: set[str]) -> str:
    cut = LAST_WORD.search(text)
    if cut and cut[1][-1].isalnum() and line[0].isalnum():
        return _mended(text, cut[1], line, known)
    if is_cjk(text[-1]) and is_cjk(line[0]):
        return text + line
    return f"{text} {line}"


def _mended(text: str, start: str, line: str, known: set[str]) -> str:
    """A hyphen between letters in lower case was put in by the line break, unless the word is a compound."""
    first = line.split()[0]
    if first.lower() in AND:  # "inlet- and outlet valves"
        return f"{text} {line}"
    last, rest = re.split(r"[(\[“\"'/]", start)[-1].lower(), first.lower().strip(".,;:!?()")
    compound = f"{last}-{rest}" in known
    whole = f"{last}{rest}" in known
    prefix = last in COMPOUNDS or len(last) == 1 or any(h in start for h in HYPHENS)
    if line[0].islower() and start[-1].isalpha() and (whole or not (compound or prefix)):
        return text[:-1] + line
    return text + line
