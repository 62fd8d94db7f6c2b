"""The language that a question is asked in, told from few words: "Was bedeutet E07?", "piept dauernd", "红灯闪烁".

Counted are the words that a language's data file and its function words (:mod:`rag.text.function_words`) name, each
divided among the languages that have it, and letters that few languages use. Chinese and Japanese are known by their
script. No model is needed: a question has a dozen words, most of them among those.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from rag.answering.languages.data import LANGUAGES, language_data
from rag.answering.languages.wordings import plain
from rag.text.function_words import WORDS, function_words

LETTER_WORTH = 0.8
"""What a letter counts that a language has and most do not, against 1 for a word that no other language has."""

LEAST_LEAD = 0.15
"""By how much another language must be ahead of English, which is meant where too little is said to tell."""

SURE_FROM = 1.0
"""Score from which a language is told by the question alone."""

MOST_WORDS = 80
"""Words looked at; a question is told by fewer."""

_KANA = re.compile(r"[\u3040-\u30ff]")
_HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff]")
_LATIN_WORD = re.compile(r"[a-z]{2,}")


class Told(NamedTuple):
    """A language (ISO 639-1), and whether the words themselves tell it or too few do."""

    language: str
    sure: bool


def question_language(question: str, before: Sequence[str] = (), default: str = "en") -> str:
    """The language of a question; where it says too little to tell, that of the questions ``before``, latest last,
    else ``default``."""
    for text in (question, *reversed(before)):
        told = tell(text)
        if told.sure:
            return told.language
    return tell(question).language if not before and default == "en" else default


@lru_cache(maxsize=512)
def tell(text: str) -> Told:
    """The language whose words a text has most of."""
    by_script = _by_script(text)
    if by_script:
        return Told(by_script, True)
    scores = _scores(text)
    english = scores.get("en", 0.0)
    best = max(sorted(scores), key=lambda language: scores[language], default="en")
    if scores.get(best, 0.0) <= english + LEAST_LEAD:
        best = "en"
    return Told(best, scores.get(best, 0.0) >= SURE_FROM)


def _by_script(text: str) -> str:
    """Japanese where there are kana, Chinese where there are Chinese characters without; else nothing."""
    if len(_KANA.findall(text)) + len(_HAN.findall(text)) < 2:
        return ""
    return "ja" if _KANA.search(text) else "zh"


def _scores(text: str) -> dict[str, float]:
    scores = defaultdict[str, float](float)
    known = _known()
    for word in plain(text, "en").split()[:MOST_WORDS]:
        owners = known.get(word, ())
        for language in owners:
            scores[language] += 1 / len(owners)
    for letter in set(text.lower()):
        owners = _letters().get(letter, ())
        for language in owners:
            scores[language] += LETTER_WORTH / len(owners)
    return scores


@lru_cache(maxsize=1)
def _known() -> dict[str, tuple[str, ...]]:
    """Each word with the languages that have it."""
    found: dict[str, set[str]] = {}
    for language in {*LANGUAGES, *WORDS}:
        own = {plain(word, "en") for word in function_words(language)} if language in WORDS else set()
        if language in LANGUAGES:
            own |= language_data(language).words
        for word in own:
            if len(word) > 1 or word.isalpha():
                found.setdefault(word, set()).add(language)
    return {word: tuple(sorted(languages)) for word, languages in found.items()}


@lru_cache(maxsize=1)
def _letters() -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for language in LANGUAGES:
        for letter in language_data(language).letters:
            found.setdefault(letter, []).append(language)
    return {letter: tuple(languages) for letter, languages in found.items()}
