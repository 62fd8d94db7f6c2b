"""What the library knows of a question's words: where they stand, how often, how spelt, and in which documents most."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from rag.encoders.known_words import is_known
from rag.retrieval.codes import Code, shorter
from rag.retrieval.query import ParsedQuestion
from rag.retrieval.term_matching import Statistics, beyond_chance, bm25
from rag.retrieval.unit_names import signs
from rag.storage.full_text.index import FullText, Where
from rag.storage.full_text.term_vectors import DocumentWords, TermPages
from rag.types import Float64Array

Spellings = Sequence[tuple[str, ...]]
LONGEST_UNIT = 4  # letters
EVERYWHERE = Where()


@dataclass(frozen=True, slots=True)
class Knowledge:
    """``statistics`` over the library, and ``counts``: for each term the documents that have it, of those asked."""

    statistics: Statistics
    counts: Mapping[str, TermPages]


def look_up(text: FullText, question: ParsedQuestion, where: Where = EVERYWHERE) -> Knowledge:
    """Counts of the question's terms in every spelling, of those it implies, and of its phrases."""
    terms = list(dict.fromkeys((*question.terms, *question.related)))
    spellings = {term: [(term,), *question.spellings.get(term, ())] for term in terms}
    text.expect(question.phrases)
    pages, words = text.totals()
    found = {term: sum(text.page_count(one, where) for one in spellings[term]) for term in terms}
    phrases = {
        phrase: text.page_count(phrase, where) if found.get(phrase[0]) and found.get(phrase[1]) else 0
        for phrase in question.phrases
    }
    counts = {term: TermPages.summed([text.documents_with(one, where) for one in spellings[term]]) for term in terms}
    return Knowledge(Statistics(pages, words / max(pages, 1), found, phrases), counts)


def respelt(text: FullText, question: ParsedQuestion, there: frozenset[int] | None = None) -> ParsedQuestion:
    """The question in the library's own spelling: each code one term, in the ways that the library writes it; words
    that the library does not have replaced by the ones most like them. ``there`` are the numbers of the documents that
    make up the library for who asks; None: all.

    Words of a language that no page is in are left as they are: what is like them says something else.
    """
    known = _Words(text, there)
    question = _with_units(known, _with_codes(question, codes_there(text, question, there)))
    question = _with_signs(known, question)
    mended = question.language in text.languages() or question.language == "en"
    missing = [term for term in question.terms if not _is_there(known, question, term)] if mended else []
    changed = {term: near for term in missing if (near := known.near(term))}
    if not changed:
        return question
    terms = dict.fromkeys(changed.get(term, term) for term in question.terms)
    phrases = dict.fromkeys((changed.get(a, a), changed.get(b, b)) for a, b in question.phrases)
    spellings = {term: other for term, other in question.spellings.items() if term not in changed}
    return replace(question, terms=tuple(terms), phrases=tuple(phrases), spellings=spellings)


def codes_there(text: FullText, question: ParsedQuestion, there: frozenset[int] | None = None) -> list[Code]:
    """The codes of a question that the library has, in its spellings; ``there`` as for :func:`respelt`."""
    return [found for code in question.codes for found in _written(_Words(text, there), code)]


@dataclass(frozen=True, slots=True)
class _Words:
    """Which words the library has, in the documents of these numbers (None: all)."""

    text: FullText
    there: frozenset[int] | None

    def has(self, phrase: Sequence[str]) -> bool:
        """Whether any of its pages has this term, or these side by side."""
        if self.there is None:
            return self.text.has(phrase)
        return not self.there.isdisjoint(self.text.documents_with(phrase).documents.tolist())

    def near(self, term: str) -> str | None:
        """The one that is most like a term that it does not have; None where nothing is close, or it is no misspelt
        word."""
        found = None if is_known(term) else self.text.near(term)
        return found if found is not None and (self.there is None or self.has((found,))) else None


def _is_there(text: _Words, question: ParsedQuestion, term: str) -> bool:
    return any(text.has(spelling) for spelling in ((term,), *question.spellings.get(term, ())))


def _written(text: _Words, code: Code) -> list[Code]:
    """The code in those spellings that the library has; else what it begins with, if that is a code the library has."""
    while True:
        own = text.has((code.term,))
        found = tuple(words for words in code.spellings if text.has(words))
        if own or found:
            return [code._replace(spellings=found)]
        if (rest := shorter(code)) is None:
            return []
        code = rest


def _with_codes(question: ParsedQuestion, whole: Sequence[Code]) -> ParsedQuestion:
    """The question with these codes alone, each as one term instead of the terms that it is taken apart into."""
    if not whole:
        return replace(question, codes=())
    parts = {part for code in whole for part in code.parts}
    terms = dict.fromkeys((*(code.term for code in whole), *(term for term in question.terms if term not in parts)))
    kept = {(a, b) for a, b in question.phrases if a in terms and b in terms}
    return replace(
        question,
        terms=tuple(terms),
        codes=tuple(whole),
        phrases=tuple(pair for pair in question.phrases if pair in kept),
        numbers=tuple(number for number in question.numbers if number not in parts),
        spellings={
            **{term: other for term, other in question.spellings.items() if term in terms},
            **{code.term: code.spellings for code in whole if code.spellings},
        },
    )


def _with_units(text: _Words, question: ParsedQuestion) -> ParsedQuestion:
    """Numbers also as one term with the unit behind them, where the library has that: 5000 mAh as 5000mAh."""
    behind = {a: a + b for a, b in question.phrases if a[0].isdigit() and b.isalpha() and len(b) <= LONGEST_UNIT}
    there = {number: one for number, one in behind.items() if text.has((one,))}
    joined = {number: (*question.spellings.get(number, ()), (one,)) for number, one in there.items()}
    return replace(question, spellings={**question.spellings, **joined}) if joined else question


def _with_signs(text: _Words, question: ParsedQuestion) -> ParsedQuestion:
    """Units that are written out, and so stand nowhere, as the signs that the library has."""
    written = {term: signs(term) for term in question.terms}
    named = {t: [(s,) for s in found if text.has((s,))] for t, found in written.items() if found}
    meant = {t: found for t, found in named.items() if found and not _is_there(text, question, t)}
    joined = {t: (*question.spellings.get(t, ()), *found) for t, found in meant.items()}
    return replace(question, spellings={**question.spellings, **joined}) if joined else question


def document_scores(
    question: ParsedQuestion, knowledge: Knowledge, documents: Sequence[int] | None = None
) -> dict[int, float]:
    """BM25 of whole documents by their numbers, of these or of all that have a term; a term counts once per page it
    stands on, whatever the length."""
    if documents is None:
        every = [found.documents for found in knowledge.counts.values()]
        documents = np.unique(np.concatenate(every)).tolist() if every else []
    pages = _pages_with(question, knowledge, documents)
    scores = bm25(pages, np.ones(len(pages)), 1.0, knowledge.statistics.weights(question.terms))
    return dict(zip(documents, scores.tolist(), strict=True))


def document_coverage(
    question: ParsedQuestion, knowledge: Knowledge, documents: Mapping[int, DocumentWords]
) -> dict[int, float]:
    """How much of the question's weight stands in each document, beyond what its length explains; by its number."""
    known = knowledge.statistics
    everywhere = np.array([known.terms.get(term, 0) for term in question.terms], dtype=np.float64)
    size = np.array([row.pages for row in documents.values()], dtype=np.float64)
    found = _pages_with(question, knowledge, list(documents))
    more = beyond_chance(found, size, everywhere, known.pages, known.weights(question.terms))
    return dict(zip(documents, more.tolist(), strict=True))


def _pages_with(question: ParsedQuestion, knowledge: Knowledge, documents: Sequence[int]) -> Float64Array:
    """(documents, terms) float64: on how many pages of each document each term stands."""
    numbers = np.array(documents, dtype=np.int64)
    columns = [knowledge.counts[term].of(numbers) for term in question.terms]
    return np.stack(columns, axis=1).astype(np.float64) if columns else np.zeros((len(numbers), 0))
