"""Whether text can be what a page says: broken encodings and bad OCR layers, known by their characters.

A font without a character map gives replacement characters, private-use glyphs or "(cid:12)". One with a wrong map
gives other letters ("WKH SXPS"): letters that are common in every language in Latin script are then rare. That is
judged over all lines of a font, and only a suspicion: lists of part numbers look the same. An invisible layer, which an
OCR engine wrote, is suspect as soon as many of its words cannot be words.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from difflib import SequenceMatcher

from ingestion.blocks import Line

BAD_SHARE = 0.3  # of a line's characters that have no meaning
CID = re.compile(r"\(cid:\d+\)")
MEANINGLESS = re.compile("[\ufffd\ue000-\uf8ff\U000f0000-\U0010ffff\x00-\x08\x0e-\x1f]")
SHORT = 4  # characters: a bullet or a sign from a symbol font is no garbage
MIN_LETTERS = 60  # of a font, to judge it
LATIN_SHARE = 0.8  # of a font's letters; other scripts are not judged
LEAST_IDEOGRAPHS, IDEOGRAPHIC_SHARE = 20, 0.3  # letters of a Chinese or Japanese text, and their share of all
IDEOGRAPHS = re.compile("[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff]")
COMMON = frozenset("aeinorst")
COMMON_SHARE = 0.4  # of the letters: 0.5 to 0.7 in languages, program text and names, 0.3 in letters taken at random
ACCENTED_SHARE = 0.35  # of the letters: up to 0.25 in Czech, Hungarian and Vietnamese
PLAUSIBLE = 0.7  # share of the letters of an invisible layer that stand in plausible words
SAME_SHARE = 0.5  # of the letters of words that two readings have in common if they say the same
ALIKE = 0.6  # share of letters and digits in common, in order; by chance it is 0.2
SURE_SCORE = 0.8  # mean confidence of what replaces text that may mean something; clean print has 0.95 and more
LEAST_SCORE = 0.6  # of what replaces characters that stand for nothing
FULL_SHARE = 0.6  # of the text's characters that its replacement must have
MORE = 0.1  # share of common letters, or of letters in plausible words, by which the replacement must be ahead
WORD = re.compile(r"[^\s]{2,}")
EDGES = "\"'“”‘’«»()[]{}<>.,;:!?…*•–—-"
SHAPE = re.compile(r"[^\W\d_]+(?:['’\-/.][^\W\d_]+)*")
VOWELS = frozenset("aeiouyæøœı")  # without their accents
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
    told, few = 0, []
    for (_, hidden), group in fonts.items():
        text = " ".join(line.text for line in group)
        if is_gibberish(text) or (hidden and is_badly_read(text)):
            bad += group
        elif len(_latin(text)) >= MIN_LETTERS:
            told += len(text)
        elif not hidden:
            few += group
    if sum(len(line.text) for line in bad) > told:
        bad += few  # too few to judge, as headings are, on a page whose text is set in such fonts
    return bad


def is_ideographic(text: str) -> bool:
    """Whether a longer text is Chinese or Japanese: any row of its signs may be words, so that they do not tell a bad
    layer."""
    signs = len(IDEOGRAPHS.findall(text))
    return signs >= LEAST_IDEOGRAPHS and signs >= IDEOGRAPHIC_SHARE * sum(map(str.isalpha, text))


def is_meaningless(text: str) -> bool:
    """Whether much of a line is characters that stand for nothing."""
    cids = CID.findall(text)
    letters = "".join(CID.sub("", text).split())
    count = len(letters) + len(cids)
    return count >= SHORT and len(MEANINGLESS.findall(letters)) + len(cids) >= BAD_SHARE * count


def is_gibberish(text: str) -> bool:
    """Whether a longer text in Latin script is made of the wrong letters: of rare ones, or of more accented ones than
    any language has ("Çrçqvëràårârvyqéôr")."""
    if len(_latin(text)) < MIN_LETTERS:
        return False
    if _common_share(text) < COMMON_SHARE:
        return True
    in_words = "".join(_lettered(text))  # icons are set in letters that stand alone
    return len(_latin(in_words)) >= MIN_LETTERS and _accented_share(in_words) >= ACCENTED_SHARE


def _accented_share(text: str) -> float:
    """The share of a text's letters that are accented, without those that only Vietnamese has."""
    letters = [c for c in text if c.isalpha()]
    return sum("\x80" < c < "\u0250" for c in letters) / len(letters) if letters else 0.0


def _common_share(text: str) -> float:
    letters = _latin(text)
    return sum(c in COMMON for c in letters) / len(letters) if letters else 0.0


def is_badly_read(text: str) -> bool:
    """Whether the words of a longer text in Latin script are mostly none: without vowels, letters and signs mixed."""
    words = _lettered(text)
    return sum(map(len, words)) >= MIN_LETTERS and bool(_latin(text)) and _plausible_share(text) < PLAUSIBLE


def _lettered(text: str) -> list[str]:
    """Words of more than a letter, without what stands around them."""
    return [word for raw in WORD.findall(text) if len(word := raw.strip(EDGES)) > 1 and any(map(str.isalpha, word))]


def _plausible_share(text: str) -> float:
    words = _lettered(text)
    return sum(len(word) for word in words if _is_plausible(word)) / (sum(map(len, words)) or 1)


def by_font(lines: Iterable[Line]) -> list[list[Line]]:
    """Lines of one font together; those that stand for nothing apart."""
    groups: dict[tuple[str, bool, bool], list[Line]] = defaultdict(list)
    for line in lines:
        groups[line.font, line.hidden, is_meaningless(line.text)].append(line)
    return list(groups.values())


def is_better(read: Sequence[Line], native: Sequence[Line]) -> bool:
    """Whether what was read off the page should replace the text in its place, lines of one font: it says something
    else, surely, and, where the text could mean something after all, as much, and in words."""
    if not read or _say_the_same(read, native):
        return False
    seen, own = _joined(read), _joined(native)
    score = sum(line.score * len(line.text) for line in read) / max(1, sum(len(line.text) for line in read))
    if all(is_meaningless(line.text) for line in native):
        return score >= LEAST_SCORE
    if score < SURE_SCORE or len("".join(seen.split())) < FULL_SHARE * len("".join(own.split())):
        return False
    if _common_share(own) < COMMON_SHARE:
        return _common_share(seen) >= max(COMMON_SHARE, _common_share(own) + MORE)
    return _plausible_share(seen) >= _plausible_share(own) + MORE


def says_the_same(read: Sequence[str], native: Sequence[str]) -> bool:
    """Whether two readings of the same lines have most letters and digits in common, in order."""
    seen, own = ("".join(c for c in "".join(texts).lower() if c.isalnum()) for texts in (read, native))
    return bool(own) and SequenceMatcher(None, seen, own, autojunk=False).ratio() >= ALIKE


def _joined(lines: Iterable[Line]) -> str:
    return " ".join(line.text for line in lines)


def _say_the_same(read: Sequence[Line], native: Sequence[Line]) -> bool:
    """Whether half of the shorter text is words of the other. Numbers say nothing where there are words."""
    own, seen = _words(native), _words(read)
    shorter = min(own.total(), seen.total())
    return shorter > 0 and (own & seen).total() >= SAME_SHARE * shorter


def _latin(text: str) -> str:
    """The letters without their accents, in lower case; none where the text is in another script."""
    letters = [c for c in text if c.isalpha()]
    latin = [c for c in letters if c < "\u0250" or "\u1e00" <= c <= "\u1eff"]
    if len(latin) < LATIN_SHARE * len(letters):
        return ""
    return "".join(unicodedata.normalize("NFKD", c)[0] for c in latin).lower()


def _words(lines: Iterable[Line]) -> Counter[str]:
    """Words in lower case, each counted once a letter."""
    words = re.findall(r"\w+", _joined(lines).lower())
    lettered = [word for word in words if any(map(str.isalpha, word))] or words
    return Counter({word: count * len(word) for word, count in Counter(lettered).items()})


def _is_plausible(word: str) -> bool:
    """Letters only, with a vowel, no long run of consonants, capitals at the front or throughout."""
    if not SHAPE.fullmatch(word):
        return False
    small = word.lower()
    parts = re.split(r"[^\w]+", word)
    cased = all(part.islower() or part.isupper() or part[1:].islower() for part in parts if part)
    return cased and not VOWELS.isdisjoint(unicodedata.normalize("NFD", small)) and not CONSONANTS.search(small)
