"""Whether text can be what a page says: broken encodings and bad OCR layers told by their characters. Pure.

Enters: lines of a page with their fonts. Leaves: those that are garbage, and whether another reading is better.
Must not know: PDF, OCR.

A font without a character map gives replacement characters, private-use glyphs or "(cid:12)". One with a wrong map
gives other letters ("WKH SXPS"): letters that are common in every language in Latin script are then rare. That is
judged over all lines of a font, and only a suspicion: lists of part numbers look the same. An invisible layer, which an
OCR engine wrote, is suspect as soon as many of its words cannot be words.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Sequence

from ingestion.lines import Line

BAD_SHARE = 0.3  # of a line's characters that have no meaning
CID = re.compile(r"\(cid:\d+\)")
MEANINGLESS = re.compile("[\ufffd\ue000-\uf8ff\U000f0000-\U0010ffff\x00-\x08\x0e-\x1f]")
SHORT = 4  # characters: a bullet or a sign from a symbol font is no garbage
MIN_LETTERS = 60  # of a font, to judge it
LATIN_SHARE = 0.8  # of a font's letters; other scripts are not judged
COMMON = frozenset("aeinorst")
COMMON_SHARE = 0.4  # of the letters: 0.5 to 0.7 in languages, program text and names, 0.3 in letters taken at random
PLAUSIBLE = 0.7  # share of the letters of an invisible layer that stand in plausible words
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
        text = " ".join(line.text for line in group)
        if is_gibberish(text) or (hidden and is_badly_read(text)):
            bad += group
    return bad


def is_meaningless(text: str) -> bool:
    """Whether much of a line is characters that stand for nothing."""
    cids = CID.findall(text)
    letters = "".join(CID.sub("", text).split())
    count = len(letters) + len(cids)
    return count >= SHORT and len(MEANINGLESS.findall(letters)) + len(cids) >= BAD_SHARE * count


def is_gibberish(text: str) -> bool:
    """Whether a longer text in Latin script is made of the wrong letters."""
    letters = _latin(text)
    common = sum(c in COMMON for c in letters)
    return len(letters) >= MIN_LETTERS and common < COMMON_SHARE * len(letters)


def is_badly_read(text: str) -> bool:
    """Whether the words of a longer text in Latin script are mostly none: without vowels, letters and signs mixed."""
    words = [word for raw in WORD.findall(text) if len(word := raw.strip(EDGES)) > 1 and any(map(str.isalpha, word))]
    total = sum(map(len, words))
    if total < MIN_LETTERS or not _latin(text):
        return False
    return sum(len(word) for word in words if _is_plausible(word)) < PLAUSIBLE * total


def is_better(read: Sequence[Line], native: Sequence[Line]) -> bool:
    """Whether what was read off the page should replace the text: it says something else, and something."""
    own, seen = _words(native), _words(read)
    if own and len(own & seen) >= SAME_SHARE * min(len(own), len(seen)):
        return False
    return bool(read) and not is_gibberish(" ".join(line.text for line in read))


def _latin(text: str) -> str:
    """The letters without their accents, in lower case; none where the text is in another script."""
    letters = [c for c in text if c.isalpha()]
    latin = [c for c in letters if c < "\u0250" or "\u1e00" <= c <= "\u1eff"]
    if len(latin) < LATIN_SHARE * len(letters):
        return ""
    return "".join(unicodedata.normalize("NFKD", c)[0] for c in latin).lower()


def _words(lines: Iterable[Line]) -> set[str]:
    return {word.lower() for line in lines for word in re.findall(r"\w{3,}", line.text)}


def _is_plausible(word: str) -> bool:
    """Letters only, with a vowel, no long run of consonants, capitals at the front or throughout."""
    if not SHAPE.fullmatch(word):
        return False
    small = word.lower()
    parts = re.split(r"[^\w]+", word)
    cased = all(part.islower() or part.isupper() or part[1:].islower() for part in parts if part)
    return cased and not VOWELS.isdisjoint(small) and not CONSONANTS.search(small)
