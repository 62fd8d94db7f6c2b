"""Questions for what a usual chapter of manuals tells, and nothing more: "How do I clean it?", "What is the warranty?",
"Who do I call if it breaks?".

The chapter answers them, whatever language it is in. Who names a part ("How do I clean the filter?") asks for more.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from math import ceil, inf

from rag.answering.languages.data import LANGUAGES, language_data
from rag.answering.languages.wordings import is_spaced, plain
from rag.answering.passages.quotations import codes
from rag.text.function_words import function_words

LONGEST = 120
"""Characters of such a question."""

LONGEST_HEADING = 60
"""Characters of a heading that names a chapter: a longer one says more than that."""

MOST_BESIDE = 1
"""Words of such a heading that may say something else: "Fit and safety"."""

ONE_MORE = frozenset({"warranty", "contents", "disposal"})
"""Chapters that are told once, and named with another word: "3-year limited warranty"."""

LETTERS_PER_WORD = 2
"""Letters of Chinese and Japanese that are counted as a word."""

MOST_LEFT = 1
"""Characters that may be left of one in a script without spaces."""

_NOT_ASKED_FOR = frozenset({"introduction", "conclusion"})


@lru_cache(maxsize=256)
def chapters_asked(question: str, language: str) -> frozenset[str]:
    """The usual chapters, by their names in the data of :mod:`rag.answering.languages`, that a question asks for; none
    where it asks for anything else.

    >>> sorted(chapters_asked("How do I clean it?", "en"))
    ['cleaning']
    """
    if len(question) > LONGEST or codes(question):
        return frozenset()
    data, said = language_data(language), plain(question, language)
    rest, named = said, set[str]()
    for name in data.chapters.keys() - _NOT_ASKED_FOR:
        if data.topic(name).search(said):
            named.add(name)
            rest = data.topic(name).sub(" " if is_spaced(language) else "", rest)
    if not named:
        return frozenset()
    if not is_spaced(language):
        return frozenset(named) if len(data.plainly().sub("", rest)) <= MOST_LEFT else frozenset()
    known = function_words(language) | data.common | _plainly(language)
    return frozenset(named) if all(word in known for word in rest.split()) else frozenset()


def names_chapter(heading: str, asked: frozenset[str]) -> bool:
    """Whether a heading names one of these usual chapters, in any of the languages, and little else."""
    most = MOST_BESIDE + (asked <= ONE_MORE)
    return words_beside(heading, asked) <= most


def plainest(headings: Iterable[str], asked: frozenset[str], language: str) -> str | None:
    """The heading that names one of these chapters and says least beside; of several in a manual that says all in
    several languages the one in ``language``, then the first. None where none names one."""
    naming = [heading for heading in headings if names_chapter(heading, asked)]
    return min(naming, key=lambda one: (words_beside(one, asked), words_beside(one, asked, (language,))), default=None)


@lru_cache(maxsize=4096)
def words_beside(heading: str, asked: frozenset[str], languages: tuple[str, ...] = LANGUAGES) -> float:
    """How many words of a heading say something else than that it is one of these chapters, in the language of these in
    which that are fewest; infinite where it names none of them. Numbers are none."""
    found: list[int] = []
    for language in languages if len(heading) <= LONGEST_HEADING else ():
        data, said = language_data(language), plain(heading, language)
        rest = said
        for name in asked:
            rest = data.chapter(name).sub(" " if is_spaced(language) else "", rest)
        if rest == said:
            continue
        if is_spaced(language):
            known = function_words(language) | data.common | _plainly(language)
            found.append(sum(not word.isdigit() and word not in known for word in rest.split()))
        else:
            found.append(ceil(len(data.plainly().sub("", rest)) / LETTERS_PER_WORD))
    return min(found, default=inf)


@lru_cache(maxsize=16)
def _plainly(language: str) -> frozenset[str]:
    data = language_data(language)
    words = "|".join((data.asking["any"], data.asking["words"], *data.itself)).split("|")
    return frozenset(part for word in words for part in plain(word.replace("_", " "), language).split())
