"""The language that a question is asked in, told from few words: "Was bedeutet E07?", "piept dauernd", "红灯闪烁".

Counted are the words that a language's data file and its function words (:mod:`rag.text.function_words`) name, and its
sayings of several words ("o que"), each divided among the languages that have it, and letters that few languages use.
Chinese and Japanese are known by their script. No model is needed: most of a question's dozen words are among those.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from rag.answering.languages.data import LANGUAGES, LanguageData, language_data
from rag.answering.languages.wordings import LEAST_BEGINNING, plain
from rag.text.function_words import WORDS, function_words

LETTER_WORTH = 0.8
"""What a letter counts that a language has and most do not, against 1 for a word that no other language has."""

COMMON_WORTH = 1.5
"""What one of the commonest words of a language counts, against 1 for another of its words."""

LEAST_LEAD = 0.15
"""By how much another language must be ahead of English, which is meant where too little is said to tell."""

SURE_FROM = 1.0
"""Score from which a language is told by the question alone."""

NEAR = 0.75
"""What another language may score less and still be meant: less than one word of its own."""

MOST_WORDS = 80
"""Words looked at; a question is told by fewer."""

KANA = re.compile(r"[\u3040-\u30ff]")
HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff]")


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


def near_to(text: str) -> tuple[str, ...]:
    """The languages of :data:`LANGUAGES` that a text may be in as well, likeliest first: of few words several."""
    if _by_script(text):
        return ()
    scores = _scores(text)
    best = max(scores.values(), default=0.0)
    near = [one for one in LANGUAGES if best - scores.get(one, 0.0) <= NEAR and scores.get(one)]
    return tuple(sorted(near, key=lambda one: -scores[one]))


def _by_script(text: str) -> str:
    """Japanese where there are kana, Chinese where there are Chinese characters without; else nothing."""
    if len(KANA.findall(text)) + len(HAN.findall(text)) < 2:
        return ""
    return "ja" if KANA.search(text) else "zh"


def _scores(text: str) -> dict[str, float]:
    scores = defaultdict[str, float](float)
    said = plain(text, "en").split()[:MOST_WORDS]
    for word in said:
        owners = _words().get(word) or _beginnings().get(word[:LEAST_BEGINNING], ())
        owners = tuple(o for o in owners if word in _words() or any(map(word.startswith, _of(o).beginnings)))
        for language in owners:
            common = language in LANGUAGES and word in _of(language).common
            scores[language] += (COMMON_WORTH if common else 1) / len(owners)
    spaced = f" {' '.join(said)} "
    for saying, owners in _sayings().items():
        if f" {saying} " in spaced:
            for language in owners:
                scores[language] += 1 / len(owners)
    for letter in set(text.lower()):
        owners = _letters().get(letter, ())
        for language in owners:
            scores[language] += LETTER_WORTH / len(owners)
    return scores


def _of(language: str) -> LanguageData:
    return language_data(language)


@lru_cache(maxsize=1)
def _words() -> dict[str, tuple[str, ...]]:
    """Each word with the languages that have it, those that only have function words here among them."""
    named = {language: {plain(word, "en") for word in function_words(language)} for language in WORDS}
    for language in LANGUAGES:
        named[language] = named.get(language, set()) | _of(language).words | _of(language).common
    return _owners(named)


@lru_cache(maxsize=1)
def _beginnings() -> dict[str, tuple[str, ...]]:
    """The first letters of beginnings of words with the languages that have such."""
    return _owners({one: {begun[:LEAST_BEGINNING] for begun in _of(one).beginnings} for one in LANGUAGES})


@lru_cache(maxsize=1)
def _sayings() -> dict[str, tuple[str, ...]]:
    return _owners({one: _of(one).sayings for one in LANGUAGES})


@lru_cache(maxsize=1)
def _letters() -> dict[str, tuple[str, ...]]:
    return _owners({one: _of(one).letters for one in LANGUAGES})


def _owners(named: Mapping[str, Collection[str]]) -> dict[str, tuple[str, ...]]:
    """Each string with the languages that name it."""
    found = defaultdict[str, list[str]](list)
    for language in sorted(named):
        for one in named[language]:
            found[one].append(language)
    return {one: tuple(languages) for one, languages in found.items()}
