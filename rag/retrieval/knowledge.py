"""What the library knows of a question's words: where they stand, how often, how spelt, and in which documents most."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from rag.retrieval.query import ParsedQuestion
from rag.retrieval.term_matching import Statistics, beyond_chance, bm25
from rag.storage.fulltext import FullText
from rag.storage.term_vectors import DocumentWords, TermCount
from rag.types import Float64Array


@dataclass(frozen=True, slots=True)
class Knowledge:
    """``statistics`` over the library, and ``counts``: for each term the documents that have it."""

    statistics: Statistics
    counts: Mapping[str, Sequence[TermCount]]


def look_up(text: FullText, question: ParsedQuestion) -> Knowledge:
    """Counts of the question's terms, of those it implies, and of its phrases."""
    counts = text.counts(list(dict.fromkeys((*question.terms, *question.related))))
    pages, words = text.totals()
    found = {term: sum(count.pages for count in documents) for term, documents in counts.items()}
    phrases = {
        phrase: text.phrase_pages(*phrase) if found.get(phrase[0]) and found.get(phrase[1]) else 0
        for phrase in question.phrases
    }
    return Knowledge(Statistics(pages, words / max(pages, 1), found, phrases), counts)


def respelt(text: FullText, question: ParsedQuestion) -> ParsedQuestion:
    """The question with words that the library does not have replaced by the ones most like them.

    Codes are also looked for as the library writes them.
    """
    counts = text.counts(question.terms)
    changed = {term: near for term, found in counts.items() if not found and (near := text.near(term))}
    written = [spelling for spelling in question.spellings if _is_written(text, spelling)]
    if not changed and not written:
        return question
    terms = [*(changed.get(term, term) for term in question.terms), *(term for parts in written for term in parts)]
    phrases = [(changed.get(a, a), changed.get(b, b)) for a, b in question.phrases]
    phrases += [pair for parts in written for pair in pairwise(parts)]
    return replace(question, terms=tuple(dict.fromkeys(terms)), phrases=tuple(dict.fromkeys(phrases)))


def _is_written(text: FullText, spelling: tuple[str, ...]) -> bool:
    """Whether the library has a code written so: as one word, or as words side by side."""
    if len(spelling) == 1:
        return bool(text.counts(spelling)[spelling[0]])
    return all(text.phrase_pages(*pair) for pair in pairwise(spelling))


def document_scores(question: ParsedQuestion, knowledge: Knowledge) -> dict[int, float]:
    """BM25 of whole documents by their numbers; a term counts once per page it stands on, whatever the length."""
    numbers = {count.no for counts in knowledge.counts.values() for count in counts}
    pages = _pages_with(question, knowledge, sorted(numbers))
    scores = bm25(pages, np.ones(len(pages)), 1.0, knowledge.statistics.weights(question.terms))
    return dict(zip(sorted(numbers), scores.tolist(), strict=True))


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
    rows = {no: row for row, no in enumerate(documents)}
    pages = np.zeros((len(rows), len(question.terms)))
    for column, term in enumerate(question.terms):
        for count in knowledge.counts[term]:
            if count.no in rows:
                pages[rows[count.no], column] = count.pages
    return pages
