"""Words of a text as search sees them: folded, stemmed, numbers kept whole, scripts without spaces cut into pairs.

The stemmer is M. F. Porter, "An algorithm for suffix stripping", Program 14 (1980). Text of scripts written without
spaces (Chinese, Japanese, Thai, Lao, Khmer, Myanmar) becomes overlapping pairs of characters.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_STOP = """
    a about above after again all also am an and any are as at be because been before being below between both but by
    can could did do does doing down during each few for from further had has have having he her here hers him his how i
    if in into is it its itself just let me more most my no nor not of off on once only or other our out over own same
    she should so some such than that the their them then there these they this those through to too under until up us
    very was we were what when where which while who whom whose why will with would you your
"""
QUESTION_STOP_WORDS = frozenset(_STOP.split())
"""Left out of what is searched for (never of the index): measured to matter only there. What is compared with an answer
leaves out more: :data:`rag.text.passages.CONTENT_STOP_WORDS`."""

_UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_INDIC_MARKS = "\u0900-\u0903\u093a-\u094f\u0951-\u0957\u0962\u0963\u0981-\u0983\u09bc-\u09cd\u0a01-\u0a4d\u0b82-\u0bcd\u0c00-\u0c4d"  # noqa: E501
MEASURES = (
    "[kmgμ]?ω|[kmμ]?[va]|[kmg]?w|[kmg]?hz|[kmgh]?pa|[kmcdnμ]m|[pnμm]f|[μm]h"
    "|k?nm|[km]g|[mc]l|m?bar|psi|rpm|dba?|k?wh|k?va"
)
"""Units, folded, that are often written to their number without a space; those are two terms all the same."""
_TOKEN = re.compile(
    rf"(?P<unspaced>[{_UNSPACED}]+)"
    rf"|(?P<measure>\d+(?:[.,]\d+)*)(?=(?:{MEASURES})(?![^\W_]))"
    r"|(?P<number>\d+(?:[.,]\d+)*)(?![^\W_])"
    rf"|(?P<word>(?:(?![{_UNSPACED}])(?:[^\W_]|[{_INDIC_MARKS}]))+)"
)
_POSSESSIVE = re.compile(r"['’]s\b")
_THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")
_RAISED = "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ⁿⁱᵃᵇᶜᵈᵉᶠᵍʰʲᵏˡᵐᵒᵖʳˢᵗᵘᵛʷˣʸᶻ"
_SET_HIGH = re.compile(rf"(?:(?<![^\W_])|(?<=[{_RAISED}]))((?:(?![{_RAISED}])[^\W_])*+)([{_RAISED}]+)")
_POWERED = r"\d*(?:[kcdmnµμ]?m|ft|in|yd|sec|min|kg|[^\W\d_])"  # what is raised to a power: units, one letter
_POWER = re.compile(rf"(?<![^\W_])({_POWERED})\^(?=\d)")
_NO_WORD = re.compile(r"[™℠®©℗]|(?<=\d)(?=[¼½¾⅐-⅞])")
_DEGREES = re.compile(r"º(?=[CFK]\b)")
_ACCENTS = dict.fromkeys(range(0x300, 0x370))
_SAME = {"fig": "figur", "figs": "figur"}  # abbreviations of captions and their mentions
_MAX_WORD = 40  # characters; longer runs are hashes or base64, cut so that they stay one term


def terms(text: str) -> list[str]:
    """The terms of a text in order: stems, whole numbers without thousands separators, character pairs."""
    found: list[str] = []
    for match in _TOKEN.finditer(fold(text)):
        token = match.group()
        if match.lastgroup == "unspaced":
            found += [token[i : i + 2] for i in range(len(token) - 1)] or [token]
        elif match.lastgroup in ("number", "measure"):
            found.append(_THOUSANDS.sub("", token))
        else:
            found.append(_SAME.get(token) or stem(token[:_MAX_WORD]))
    return found


def question_terms(text: str) -> list[str]:
    """Like :func:`terms` without stop words; where nothing else is left, with them."""
    kept = [word for word in terms(text) if word not in _QUESTION_STOP_STEMS]
    return kept or terms(text)


def fold(text: str) -> str:
    """Lower case, compatibility forms and ligatures resolved, accents and possessive 's removed, soft hyphens gone.

    What is set high or low is written as people type it (:func:`typed`).
    """
    if text.isascii():
        return _POSSESSIVE.sub("", _POWER.sub(r"\1", text.lower()))
    known = unicodedata.normalize("NFKC", typed(text)).casefold().replace("\u00ad", "")
    plain = unicodedata.normalize("NFD", _POWER.sub(r"\1", known))
    return _POSSESSIVE.sub("", unicodedata.normalize("NFC", plain.translate(_ACCENTS)))


def typed(text: str) -> str:
    """Powers as "m3" and "10^-6", words without the marks of notes ("brine¹") and of trade (™), "1½" as 1 and ½."""
    return _SET_HIGH.sub(_typed_power, _DEGREES.sub("°", _NO_WORD.sub(" ", text)))


def _typed_power(match: re.Match[str]) -> str:
    base, raised = match[1], unicodedata.normalize("NFKC", match[2]).replace("\u2212", "-")
    if not base:
        return f" {raised} "
    if re.fullmatch(_POWERED, base, re.IGNORECASE) and not base.isdigit():
        return base + ("" if raised.isalnum() else "^") + raised
    if base[-1].isdigit():
        return base + ("" if raised.isalpha() and raised != "n" else f"^{raised} ")
    return base if raised.isalnum() else f"{base}^{raised} "


def number_terms(text: str) -> list[str]:
    """Numbers in a text as terms, in order."""
    return [term for term in terms(text) if term[0].isdigit() and term.replace(".", "").replace(",", "").isdigit()]


@lru_cache(maxsize=200_000)
def stem(word: str) -> str:
    """Porter's stem of a lower-case word; words with other than a–z, or of one or two letters, stay as they are."""
    if len(word) <= 2 or not word.isascii() or not word.isalpha():
        return word
    return _last_steps(_plurals_and_participles(word))


def _shape(word: str) -> str:
    """The word with c for consonants and v for vowels; y is a vowel after a consonant."""
    shape = ""
    for i, letter in enumerate(word):
        vowel = letter in "aeiou" or (letter == "y" and i > 0 and shape[-1] == "c")
        shape += "v" if vowel else "c"
    return shape


def _measure(word: str) -> int:
    return len(re.findall("v+c+", _shape(word)))


def _ends_short(word: str) -> bool:
    """Ends consonant-vowel-consonant, the last one not w, x or y."""
    return len(word) >= 3 and _shape(word)[-3:] == "cvc" and word[-1] not in "wxy"


def _ends_double(word: str) -> bool:
    return len(word) >= 2 and word[-1] == word[-2] and _shape(word)[-1] == "c"


def _plurals_and_participles(word: str) -> str:
    if word.endswith(("sses", "ies")):
        word = word[:-2]
    elif word.endswith("s") and not word.endswith("ss"):
        word = word[:-1]
    if word.endswith("eed"):
        word = word[:-1] if _measure(word[:-3]) > 0 else word
    else:
        for suffix in ("ed", "ing"):
            if word.endswith(suffix) and "v" in _shape(word[: -len(suffix)]):
                word = _mend(word[: -len(suffix)])
                break
    if word.endswith("y") and "v" in _shape(word[:-1]):
        word = word[:-1] + "i"
    return word


def _mend(word: str) -> str:
    """Give back the letter that -ed or -ing took, or drop the doubled one."""
    if word.endswith(("at", "bl", "iz")):
        return word + "e"
    if _ends_double(word) and word[-1] not in "lsz":
        return word[:-1]
    if _measure(word) == 1 and _ends_short(word):
        return word + "e"
    return word


_STEP_2 = {
    "ational": "ate", "tional": "tion", "enci": "ence", "anci": "ance", "izer": "ize", "abli": "able", "alli": "al",
    "entli": "ent", "eli": "e", "ousli": "ous", "ization": "ize", "ation": "ate", "ator": "ate", "alism": "al",
    "iveness": "ive", "fulness": "ful", "ousness": "ous", "aliti": "al", "iviti": "ive", "biliti": "ble",
}  # fmt: skip
_STEP_3 = {"icate": "ic", "ative": "", "alize": "al", "iciti": "ic", "ical": "ic", "ful": "", "ness": ""}
_STEP_4 = (
    "al", "ance", "ence", "er", "ic", "able", "ible", "ant", "ement", "ment", "ent", "ion", "ou", "ism", "ate", "iti",
    "ous", "ive", "ize",
)  # fmt: skip


def _last_steps(word: str) -> str:
    for table in (_STEP_2, _STEP_3):
        suffix = _longest(word, tuple(table))
        if suffix and _measure(word[: -len(suffix)]) > 0:
            word = word[: -len(suffix)] + table[suffix]
    suffix = _longest(word, _STEP_4)
    if suffix and _measure(word[: -len(suffix)]) > 1 and (suffix != "ion" or word[-4] in "st"):
        word = word[: -len(suffix)]
    if word.endswith("e"):
        measure = _measure(word[:-1])
        if measure > 1 or (measure == 1 and not _ends_short(word[:-1])):
            word = word[:-1]
    if word.endswith("ll") and _measure(word) > 1:
        word = word[:-1]
    return word


def _longest(word: str, suffixes: tuple[str, ...]) -> str:
    return max((suffix for suffix in suffixes if word.endswith(suffix)), key=len, default="")


_QUESTION_STOP_STEMS = frozenset(QUESTION_STOP_WORDS | {stem(word) for word in QUESTION_STOP_WORDS})
