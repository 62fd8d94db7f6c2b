"""Evidence taken apart, so that a sentence can be compared with it: clauses, tables and numbers, in its language."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from rag.answering.claims import tables as table_check
from rag.answering.claims.words import Clause, akin, clauses_of, fits
from rag.answering.facts.amounts import Number, amounts, plain, units_in
from rag.answering.facts.units import Unit
from rag.text.function_words import language_of, told_language
from rag.text.passages import sentences, tables, without_tables, wordset


class Source(NamedTuple):
    """What one piece of evidence says: its text, and the words around it (heading, caption, document, pages)."""

    text: str
    context: str = ""


class ReadSource(NamedTuple):
    """A source taken apart."""

    source: Source
    language: str
    clauses: tuple[Clause, ...]
    tables: tuple[table_check.Grid, ...]
    around: tuple[Number, ...]
    units: tuple[Unit, ...]

    @classmethod
    def of(cls, source: Source, language: str) -> ReadSource:
        """Its words are read in the language given, else in the one that they tell."""
        text = plain(source.text)
        language = language or language_of(_all(source))
        grids = tuple(table_check.Grid.of(table, language, source.context) for table in tables(text))
        prose = without_tables(text)
        spoken = [c for i, s in enumerate(sentences(prose)) for c in clauses_of(s, language, i)]
        units = tuple(units_in(source.context)) if grids else ()
        return cls(source, language, tuple(spoken), grids, tuple(amounts(source.context)), units)

    @property
    def words(self) -> str:
        """All that it says and what stands around it."""
        return f"{self.source.text}\n{self.source.context}"


@lru_cache(maxsize=64)
def read(source: Source, language: str) -> ReadSource:
    """:meth:`ReadSource.of`, kept for the sentences that follow."""
    return ReadSource.of(source, language)


def claim_language(claim: str, sources: Sequence[Source]) -> str:
    """A claim's language; where nothing tells it, that of the evidence, and where little does, that of evidence which
    has most of its words."""
    language = language_of(claim)
    if language != "en" or {word.casefold() for word in claim.split()} & _ENGLISH:
        return next((own for s in sources if (own := _shared_language(claim, language, s))), language)
    return next((language_of(_all(source)) for source in sources), language)


def reading_language(claim: str, source: Source, language: str) -> str:
    """The language in which the words of a source can be compared with a claim's; empty where it is in another one.

    Where half of a claim's words stand there, both are in one; or where some do, and few function words tell its
    language, as in most tables.
    """
    if language_of(_all(source)) == language or len(claim.split()) < _FEW:
        return language
    wanted = fits(claim, language)
    shared = len(akin(wanted, fits(_all(source), language)))
    return language if shared >= _SAME * len(wanted) or (shared and not told_language(_all(source))) else ""


def _shared_language(claim: str, language: str, source: Source) -> str:
    """The language of a source with most of a claim's words, whose own are too few to tell it; empty for another."""
    own = language_of(_all(source))
    if own == language or told_language(claim) == language:
        return ""
    wanted = fits(claim, own)
    return own if wanted and len(akin(wanted, fits(_all(source), own))) >= _SAME * len(wanted) else ""


_SAME = 0.5


def _all(source: Source) -> str:
    return f"{source.text} {source.context}"


_ENGLISH = wordset("the of is are and to with for at by from that this it was be has have an after when")

NOUNS_IN_CAPITALS = ("de",)  # languages in which a capital letter makes no name
_FEW = 6  # words below which a sentence's language cannot be told
