"""Words of a text as search sees them: folded, stemmed, numbers kept whole, scripts without spaces cut into pairs.

Words are stemmed in the language of their text (:mod:`rag.text.stemming`), and lose their accents afterwards: stemmers
go by them. Text of scripts written without spaces (Chinese, Japanese, Thai, Lao, Khmer, Myanmar), and Korean, whose
particles are joined to the word, becomes overlapping pairs of characters.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from functools import lru_cache

from rag.text import separable
from rag.text.stemming import stem

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

HANGUL = "\u1100-\u11ff\u3130-\u318f\uac00-\ud7af"
UNSPACED = f"\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff{HANGUL}"
"""Of scripts that are written without spaces, or whose particles are joined to the word (Korean), as in a set of an
expression: a code may stand right beside them."""

_INDIC_MARKS = "\u0900-\u0903\u093a-\u094f\u0951-\u0957\u0962\u0963\u0981-\u0983\u09bc-\u09cd\u0a01-\u0a4d\u0b82-\u0bcd\u0c00-\u0c4d"  # noqa: E501
MEASURES = (
    "[kmgμ]?ω|[kmμ]?[va]|[kmg]?w|[kmg]?hz|[kmgh]?pa|[kmcdnμ]m|[pnμm]f|[μm]h"
    "|k?nm|[km]g|[mc]l|m?bar|psi|rpm|dba?|k?wh|k?va"
)
"""Units, folded, that are often written to their number without a space; those are two terms all the same."""
_TOKEN = re.compile(
    rf"(?P<unspaced>[{UNSPACED}]+)"
    rf"|(?P<measure>\d+(?:[.,]\d+)*)(?=(?:{MEASURES})(?![^\W_{UNSPACED}]))"
    rf"|(?P<number>\d+(?:[.,]\d+)*)(?![^\W_{UNSPACED}])"
    rf"|(?P<word>(?:(?![{UNSPACED}])(?:[^\W_]|[{_INDIC_MARKS}]))+)"
)
_POSSESSIVE = re.compile(r"['’]s\b")
_CONTRACTION = re.compile(r"\b[a-z]+n['’]t\b|(?<=[a-z])['’](?:ll|ve|re|d|m)\b", re.IGNORECASE)
_THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")
_DECIMAL_COMMA = re.compile(r"\d+,(?:\d{1,2}|\d{4,})")
_RAISED = "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ⁿⁱᵃᵇᶜᵈᵉᶠᵍʰʲᵏˡᵐᵒᵖʳˢᵗᵘᵛʷˣʸᶻ"
_SET_HIGH = re.compile(rf"(?:(?<![^\W_])|(?<=[{_RAISED}]))((?:(?![{_RAISED}])[^\W_])*+)([{_RAISED}]+)")
_POWERED = r"\d*(?:[kcdmnµμ]?m|ft|in|yd|sec|min|kg|[^\W\d_])"  # what is raised to a power: units, one letter
_POWER = re.compile(rf"(?<![^\W_])({_POWERED})\^(?=\d)")
_NO_WORD = re.compile(r"[™℠®©℗]|(?<=\d)(?=[¼½¾⅐-⅞])")
_DEGREES = re.compile(r"º(?=[CFK]\b)")
_ACCENTS = dict.fromkeys(range(0x300, 0x370))
_THE_SAME = {"fig": "figur", "figs": "figur"}  # abbreviations of captions and their mentions
_SAME = {"de": _THE_SAME | {"abb": "abbild", "abbn": "abbild"}}
_MAX_WORD = 40  # characters; longer runs are hashes or base64, cut so that they stay one term


def terms(text: str, language: str = "en") -> list[str]:
    """The terms of a text in order: stems, whole numbers as :func:`_number` has them, character pairs."""
    return [_term(token, language) if is_word else token for token, is_word in _tokens(text)]


def terms_by_language(text: str, languages: Sequence[str]) -> list[tuple[str, ...]]:
    """The terms of a text in order, each as it is in every one of the languages."""
    return [
        tuple(_term(token, language) for language in languages) if is_word else (token,) * len(languages)
        for token, is_word in _tokens(text)
    ]


def _tokens(text: str) -> Iterator[tuple[str, bool]]:
    """What is no word (numbers, pairs) is a term already."""
    for match in _TOKEN.finditer(_accented(text)):
        token = match.group()
        if match.lastgroup == "unspaced":
            yield from ((pair, False) for pair in [token[i : i + 2] for i in range(len(token) - 1)] or [token])
        elif match.lastgroup in ("number", "measure"):
            yield _number(token), False
        else:
            yield token, True


def _number(written: str) -> str:
    """Without thousands separators, and with a point before decimals: 4,7 is 4.7."""
    return written.replace(",", ".") if _DECIMAL_COMMA.fullmatch(written) else _THOUSANDS.sub("", written)


@lru_cache(maxsize=200_000)
def _term(word: str, language: str) -> str:
    plain = word if word.isascii() else _without_accents(word)
    known = _SAME.get(language, _THE_SAME).get(plain)
    if known is not None:
        return known
    if language in ("de", "en"):  # what is compared is stemmed as English, whatever it is
        plain, word = separable.whole(plain), separable.whole(word)
    if language == "en" or word.isascii():
        return stem(plain[:_MAX_WORD], language)
    return _without_accents(stem(word[:_MAX_WORD], language))


def question_terms(text: str) -> list[str]:
    """Like :func:`terms` without stop words; where nothing else is left, with them."""
    kept = [word for word in terms(without_contractions(text)) if word not in _QUESTION_STOP_STEMS]
    return kept or terms(text)


def without_contractions(text: str) -> str:
    """Without "doesn't" and the end of "it'll": stop words, of which "doesn", "t" and "ll" would be left."""
    return _CONTRACTION.sub("", text)


def fold(text: str) -> str:
    """Lower case, compatibility forms and ligatures resolved, accents and possessive 's removed, soft hyphens gone.

    What is set high or low is written as people type it (:func:`typed`).
    """
    return _without_accents(_accented(text))


def _accented(text: str) -> str:
    """Folded, but with the accents that are one character with their letter."""
    if text.isascii():
        return _POSSESSIVE.sub("", _POWER.sub(r"\1", text.lower()))
    known = unicodedata.normalize("NFKC", typed(text)).casefold().replace("\u00ad", "")
    plain = unicodedata.normalize("NFC", _POWER.sub(r"\1", known))
    return _POSSESSIVE.sub("", plain.translate(_ACCENTS))


def _without_accents(text: str) -> str:
    if text.isascii():
        return text
    return unicodedata.normalize("NFC", unicodedata.normalize("NFD", text).translate(_ACCENTS))


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


_QUESTION_STOP_STEMS = frozenset(QUESTION_STOP_WORDS | {stem(word) for word in QUESTION_STOP_WORDS})
