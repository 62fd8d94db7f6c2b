"""Whether text can be what a page says: broken encodings and bad OCR layers told by their characters. Pure.

Enters: lines of a page with their fonts. Leaves: those that are garbage, and whether two readings say the same.
Must not know: PDF, OCR.

A font without a character map gives replacement characters, private-use glyphs or "(cid:12)". One with a wrong map
gives letters that form no words ("7KH SXPS"). The second is judged over all lines of a font, in Latin script only, and
is only a suspicion: lists of part numbers look the same.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence

from ingestion.lines import Line

BAD_SHARE = 0.3  # of a line's characters that have no meaning
CID = re.compile(r"\(cid:\d+\)")
MEANINGLESS = re.compile("[\ufffd\ue000-\uf8ff\U000f0000-\U0010ffff\x00-\x08\x0e-\x1f]")
SHORT = 4  # characters: a bullet or a sign from a symbol font is no garbage
MIN_LETTERS = 60  # in the words of a font, to judge it
LATIN_SHARE = 0.8  # of a font's letters; other scripts are not judged
PLAUSIBLE, PLAUSIBLE_HIDDEN = (
    0.55,
    0.7,
)  # share of letters in plausible words; an invisible layer was written by an OCR engine
SAME_SHARE = 0.5  # of the words that two readings have in common if they say the same
WORD = re.compile(r"[^\s]{2,}")
EDGES = "\"'“”‘’«»()[]{}<>.,;:!?…*•–—-"
SHAPE = re.compile(r"[^\W\d_]+(?:['’\-/.][^\W\d_]+)*")
VOWELS = frozenset("aeiouyàáâãäåæèéêëìíîïòóôõöøùúûüýœąęěůűőăăıé")
CONSONANTS = re.compile(r"[bcdfghjklmnpqrstvwxzçñßłśźżćńšžčřđ]{6,}")


def garbage(lines: Iterable[Line]) -> list[Line]:
    """Lines whose text means nothing or, judged by all lines of their font, forms no words."""
    fonts: dict[tuple[str, bool], list[Line]] = defaultdict(list)
    bad = []
    for line in lines:
        if is_meaningless(line.text):
            bad.append(line)
        else:
            fonts[line.font, line.hidden].append(line)
    for (_, hidden), group in fonts.items():
        if is_gibberish(" ".join(line.text for line in group), PLAUSIBLE_HIDDEN if hidden else PLAUSIBLE):
            bad += group
    return bad


def is_meaningless(text: str) -> bool:
    """Whether much of a line is characters that stand for nothing."""
    cids = CID.findall(text)
    letters = "".join(CID.sub("", text).split())
    count = len(letters) + len(cids)
    return count >= SHORT and len(MEANINGLESS.findall(letters)) + len(cids) >= BAD_SHARE * count


def is_gibberish(text: str, least: float = PLAUSIBLE) -> bool:
    """Whether the words of a longer text in Latin script are mostly none: without vowels, letters and signs mixed."""
    letters = [c for c in text if c.isalpha()]
    latin = sum(c < "\u0250" for c in letters)
    words = [word for raw in WORD.findall(text) if (word := raw.strip(EDGES)) and not _is_number(word)]
    words = [word for word in words if len(word) > 1]
    total = sum(map(len, words))
    if total < MIN_LETTERS or latin < LATIN_SHARE * len(letters):
        return False
    return sum(len(word) for word in words if _is_plausible(word)) < least * total


def is_same(native: Sequence[Line], read: Sequence[Line]) -> bool:
    """Whether the words of the text are those that were read off the page."""
    own, seen = _words(native), _words(read)
    return bool(own) and len(own & seen) >= SAME_SHARE * min(len(own), len(seen))


def _words(lines: Iterable[Line]) -> set[str]:
    return {word.lower() for line in lines for word in re.findall(r"\w{3,}", line.text)}


def _is_number(word: str) -> bool:
    return not any(c.isalpha() for c in word)


def _is_plausible(word: str) -> bool:
    """Letters only, with a vowel, no long run of consonants, capitals at the front or throughout."""
    if not SHAPE.fullmatch(word):
        return False
    small = word.lower()
    parts = re.split(r"[^\w]+", word)
    cased = all(part.islower() or part.isupper() or part[1:].islower() for part in parts if part)
    return cased and not VOWELS.isdisjoint(small) and not CONSONANTS.search(small)
