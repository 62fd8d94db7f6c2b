"""The data file of each language, read once: patterns of kinds of question, and phrases."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from rag.answering.languages.wordings import beginnings_of, compiled, plain, sayings_of, words_of

LANGUAGES = ("en", "de", "fr", "es", "it", "nl", "pl", "pt", "tr", "zh", "ja")
"""ISO 639-1; the first is what an answer falls back to."""

_FOLDER = Path(__file__).parent


class LanguageData(NamedTuple):
    """What the file of a language says.

    ``kinds`` and ``quantities`` are patterns in the notation of :mod:`rag.answering.languages.wordings`; ``degrees``
    those of the ``most`` and the ``least`` of a quantity, "heaviest", or of ``any``, "highest", and of what is
    ``neither``, "at least"; ``labels`` the words, alternatives of one, by which a label says the ``most`` or the
    ``least`` of anything, or its ``default``, "factory setting"; ``chapters`` the words that a usual chapter of
    manuals is called by, alternatives of one; ``itself`` words for the thing that a manual is of; ``places`` the words
    by which parts of a document are asked for: all its ``figures``, ``tables``, ``chapters`` or technical ``data``, its
    ``first_page`` or ``last_page``, and that they are to be ``shown``; ``topics`` the words by which questions ask
    for such a chapter, too, "throw away"; ``asking`` the ``words`` that a question begins with, those by which another
    one is joined to it, "and", and ``any`` that say nothing of what is asked for; ``parts`` words for a document and
    its parts; ``remarks`` patterns of what is said of the answer before, and the words that go with them, its
    ``filler``. By the rest the language is told: ``common`` are its commonest words, ``words``, ``beginnings`` of words
    and ``sayings`` of several are those that its patterns name, ``letters`` those that few other languages have.
    """

    code: str
    kinds: Mapping[str, Sequence[str]]
    quantities: Mapping[str, Sequence[str]]
    degrees: Mapping[str, Mapping[str, Sequence[str]]]
    labels: Mapping[str, str]
    chapters: Mapping[str, str]
    itself: tuple[str, ...]
    topics: Mapping[str, str]
    asking: Mapping[str, str]
    places: Mapping[str, str]
    remarks: Mapping[str, Sequence[str]]
    parts: tuple[str, ...]
    common: frozenset[str]
    words: frozenset[str]
    beginnings: frozenset[str]
    sayings: frozenset[str]
    letters: frozenset[str]
    phrases: Mapping[str, str]

    def kind(self, name: str) -> re.Pattern[str]:
        """What shows in a text made by :func:`rag.answering.languages.wordings.plain` that it is of a kind."""
        return _compiled(self.code, tuple(self.kinds.get(name, ())))

    def quantity(self, name: str) -> re.Pattern[str]:
        """What shows in such a text that it asks for a quantity."""
        return _compiled(self.code, tuple(self.quantities.get(name, ())))

    def degree(self, way: str, quantity: str) -> re.Pattern[str]:
        """What shows in such a text that it asks for the ``most`` or the ``least`` of a quantity, or of ``any``."""
        return _compiled(self.code, tuple(self.degrees.get(way, {}).get(quantity, ())))

    def chapter(self, name: str) -> re.Pattern[str]:
        """What shows in such a text, or in a heading, that it names a usual chapter of manuals."""
        return _compiled(self.code, (self.chapters[name],))

    def topic(self, name: str) -> re.Pattern[str]:
        """What shows in such a text that a question is about what a usual chapter tells."""
        return _compiled(self.code, (self.chapters[name], *filter(None, (self.topics.get(name),))))

    def plainly(self) -> re.Pattern[str]:
        """What in such a text says nothing of what is asked for."""
        return _compiled(self.code, (self.asking["any"], self.asking["words"], " | ".join(self.itself)))

    def place(self, name: str) -> re.Pattern[str]:
        """What shows in such a text that a part of a document is asked for, or that it is to be shown."""
        return _compiled(self.code, (self.places[name],))

    def remark(self, name: str) -> re.Pattern[str]:
        """What shows in such a text that it remarks something on the answer before."""
        return _compiled(self.code, tuple(self.remarks[name]))

    def label(self, name: str) -> re.Pattern[str]:
        """What shows in such a text that it is a word of a label for the ``most``, the ``least`` or the ``default``."""
        return _compiled(self.code, (self.labels[name],))


@lru_cache(maxsize=1 << 14)
def label_meanings(term: str) -> frozenset[str]:
    """What a search term says of a value in any of the languages, of ``most``, ``least`` and ``default``: both
    "hochst" and "maximal" the ``most``."""
    return frozenset(
        name
        for code in LANGUAGES
        for said in [plain(term, code)]
        for name in language_data(code).labels
        if language_data(code).label(name).fullmatch(said)
    )


def usual_chapters(text: str, languages: Sequence[str] = LANGUAGES) -> frozenset[str]:
    """The usual chapters that a question or a heading names in any of the languages: ``safety`` for "2 Sicherheit"."""
    return frozenset(
        name
        for code in languages
        for said in [plain(text, code)]
        for name in language_data(code).chapters
        if language_data(code).chapter(name).search(said)
    )


@lru_cache(maxsize=1)
def measured() -> Mapping[str, Mapping[str, tuple[str, ...]]]:
    """What labels of values call each quantity, as :func:`rag.answering.languages.wordings.plain` has it, by language:
    also in languages that nothing is answered in."""
    read: dict[str, dict[str, str]] = json.loads((_FOLDER / "measured.json").read_text(encoding="utf-8"))
    return {
        code: {name: tuple(plain(word, code) for word in words.split()) for name, words in names.items()}
        for code, names in read.items()
    }


@lru_cache(maxsize=1024)
def _compiled(code: str, patterns: tuple[str, ...]) -> re.Pattern[str]:
    """Compiled when a language is first asked in: all of them take a third of a second."""
    return compiled(patterns, code)


@lru_cache(maxsize=len(LANGUAGES))
def language_data(code: str) -> LanguageData:
    """The data of one of :data:`LANGUAGES`."""
    read = json.loads((_FOLDER / f"{code}.json").read_text(encoding="utf-8"))
    kinds, quantities = read["kinds"], read["quantities"]
    every = [pattern for patterns in (*kinds.values(), *quantities.values()) for pattern in patterns]
    return LanguageData(
        code,
        kinds,
        quantities,
        read["degrees"],
        read["labels"],
        read["chapters"],
        tuple(plain(word, code) for word in read["itself"].split()),
        read["topics"],
        read["asking"],
        read["places"],
        read["remarks"],
        tuple(plain(word, code) for word in read["parts"].split()),
        words_of([read["known_by"]], code),
        words_of(every, code),
        beginnings_of(every, code),
        sayings_of(every, code),
        frozenset(read["letters"]),
        read["phrases"],
    )
