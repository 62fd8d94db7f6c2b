"""The search channels, each on its own, and what they say of each candidate page.

Enters: an index, questions taken apart, where to look. Leaves: page keys, scores by chunk, candidates, signals.
Must not know: how pages are ranked, what a hit is.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING, Literal

import numpy as np

from rag.encoders.space import PartName, masked
from rag.retrieval.fusion import centred, reciprocal_rank
from rag.retrieval.page_features import Signals
from rag.retrieval.query import ParsedQuestion
from rag.retrieval.term_matching import Statistics, beyond_chance, bm25
from rag.storage.fulltext import FullText, Where
from rag.storage.term_vectors import (
    DocumentWords,
    PageWords,
    TermCount,
    UnitPlace,
    document_of,
    page_key,
    page_of,
    term_number,
)
from rag.types import Float32Array, Float64Array, Modality, Query

if TYPE_CHECKING:
    from rag.storage.reader import IndexReader

PAGES_BY_WORDS = 200  # pages taken from full text
CHUNKS_BY_VECTOR = 300  # chunks taken from each vector channel
CHUNKS_WITHIN = 4000  # the same within chosen documents: all of them, as a rule
ALL_PAGES = 400  # a choice of documents with at most so many pages is ranked whole
MAX_CANDIDATES = 250  # pages that are ranked where not all are
DOCUMENTS_BY_NUMBER = 50  # documents of a library whose page is taken where one is asked for by its number
PADDING = 30  # pages, in order, that fill up a larger choice


VectorChannel = Literal["words", "text to image", "image to image"]
VECTOR_CHANNELS: dict[VectorChannel, tuple[PartName, Modality, Modality]] = {
    "words": ("words", "text", "text"),
    "text to image": ("picture", "text", "image"),
    "image to image": ("picture", "image", "image"),
}
"""The part of the vectors that is compared, the modality the query's was made from, and that of the nodes searched."""


@dataclass(frozen=True, slots=True)
class Knowledge:
    """What the library knows of a question's words."""

    statistics: Statistics
    counts: Mapping[str, Sequence[TermCount]]


@dataclass(frozen=True, slots=True)
class Candidates:
    """Pages to be ranked, with their words, and where the chunks stand that the vector channels found."""

    pages: PageWords
    places: Mapping[str, Sequence[UnitPlace]]


def know(text: FullText, question: ParsedQuestion) -> Knowledge:
    counts = text.counts(list(dict.fromkeys((*question.terms, *question.related))))
    pages, words = text.totals()
    found = {term: sum(count.pages for count in documents) for term, documents in counts.items()}
    phrases = {
        phrase: text.phrase_pages(*phrase) if found.get(phrase[0]) and found.get(phrase[1]) else 0
        for phrase in question.phrases
    }
    return Knowledge(Statistics(pages, words / max(pages, 1), found, phrases), counts)


def mended(text: FullText, question: ParsedQuestion) -> ParsedQuestion:
    """The question with words that the library does not have replaced by the ones most like them.

    Codes are also looked for as the library writes them.
    """
    counts = text.counts(question.terms)
    changed = {term: near for term, found in counts.items() if not found and (near := text.near(term))}
    written = [spelling for spelling in question.spellings if _stands(text, spelling)]
    if not changed and not written:
        return question
    terms = [*(changed.get(term, term) for term in question.terms), *(term for parts in written for term in parts)]
    phrases = [(changed.get(a, a), changed.get(b, b)) for a, b in question.phrases]
    phrases += [pair for parts in written for pair in pairwise(parts)]
    return replace(question, terms=tuple(dict.fromkeys(terms)), phrases=tuple(dict.fromkeys(phrases)))


def _stands(text: FullText, spelling: tuple[str, ...]) -> bool:
    """Whether the library has a code written so: as one word, or as words side by side."""
    if len(spelling) == 1:
        return bool(text.counts(spelling)[spelling[0]])
    return all(text.phrase_pages(*pair) for pair in pairwise(spelling))


def by_words(text: FullText, question: ParsedQuestion, where: Where) -> list[int]:
    """Pages by full text: terms, neighbouring terms as phrases, implied terms."""
    phrases = [*((term,) for term in question.terms), *question.phrases, *((term,) for term in question.related)]
    return text.search(phrases, PAGES_BY_WORDS, where)


def by_number(
    index: IndexReader, text: FullText, question: ParsedQuestion, knowledge: Knowledge, where: Where
) -> list[int]:
    """Pages asked for by number, counted or printed, of the documents chosen or else of those most likely meant."""
    if not question.pages:
        return []
    likely = where.documents
    if likely is None:
        scores = document_scores(question, knowledge)
        likely = tuple(sorted(scores, key=lambda no: -scores[no])[:DOCUMENTS_BY_NUMBER])
    documents = text.numbered(likely)
    counted = [
        page_key(no, page if page > 0 else row.pages + 1 + page)
        for no, row in documents.items()
        for page in question.pages
        if abs(page) <= row.pages
    ]
    return list(dict.fromkeys([*counted, *labelled(index, documents, question)]))


def labelled(index: IndexReader, documents: Mapping[int, DocumentWords], question: ParsedQuestion) -> list[int]:
    """Keys of the documents' pages on which a number asked for is printed."""
    numbers = [page for page in question.pages if page > 0]
    no = {row.doc: no for no, row in documents.items()}
    return [page_key(no[page.doc], page.page) for page in index.catalogue.labelled(no, numbers)] if numbers else []


def wide(index: IndexReader, documents: Mapping[int, DocumentWords]) -> list[int]:
    """Keys of the documents' pages that are shaped like slides."""
    no = {row.doc: no for no, row in documents.items()}
    return [page_key(no[page.doc], page.page) for page in index.catalogue.wide_pages(no)]


def by_vector(index: IndexReader, vector: Float32Array, channel: VectorChannel, query: Query) -> dict[str, float]:
    """Chunks found by one vector channel, best first.

    Query and scores are centred on the modalities' means, so scores of different modalities compare.
    """
    part, own, modality = VECTOR_CHANNELS[channel]
    span = next((p for p in index.encoder.parts if p.name == part), None)
    if span is None or channel in query.without:
        return {}
    asked = masked(index.encoder, vector, part)
    columns = slice(span.start, span.stop)
    if part == "picture":
        asked[columns] = centred(asked[columns], index.means.get((own, part)))
    if not asked.any():
        return {}
    k = CHUNKS_BY_VECTOR if query.docs is None else CHUNKS_WITHIN
    found = index.vectors.query(asked, k, modality, query.docs, query.kinds)
    mean = index.means.get((modality, part))
    offset = float(asked[columns] @ mean) if mean is not None else 0.0
    return {hit.chunk_id: hit.score - offset for hit in found}


def candidates(
    text: FullText,
    by_page: Sequence[Sequence[int]],
    by_chunk: Sequence[Mapping[str, float]],
    asked: Sequence[int],
    where: Where,
    total: int | None,
) -> Candidates:
    """Pages ``asked`` for by number, and those that channels propose, fused by rank.

    All pages of a small choice of documents, which have ``total`` in all.
    """
    places = text.places(dict.fromkeys(chunk for scores in by_chunk for chunk in scores))
    lists = {f"pages {i}": list(keys) for i, keys in enumerate(by_page)}
    for i, scores in enumerate(by_chunk):
        lists[f"chunks {i}"] = [place.key for chunk in scores for place in places[chunk]]
    fused = [key for key in reciprocal_rank(lists) if _within(key, where)]
    keys = {*fused[:MAX_CANDIDATES], *(key for key in asked if _within(key, where))}
    if total is not None:
        keys |= set(text.page_keys(total if total <= ALL_PAGES else PADDING, where))
    elif len(keys) < PADDING:
        keys |= set(text.page_keys(PADDING, where))
    return Candidates(text.load(keys), places)


def _within(key: int, where: Where) -> bool:
    return where.pages is None or where.pages[0] <= page_of(key) <= where.pages[1]


def signals(
    index: IndexReader,
    text: FullText,
    found: Candidates,
    question: ParsedQuestion,
    knowledge: Knowledge,
    dense: Mapping[str, float],
    picture: Mapping[str, float],
) -> Signals:
    """What is known of the candidate pages beside their words."""
    keys = found.pages.keys
    owners = np.array([document_of(key) for key in keys.tolist()], dtype=np.int64)
    documents = text.numbered(owners.tolist())
    weights = knowledge.statistics.weights(question.terms)
    names = {term_number(term): weight for term, weight in zip(question.terms, weights.tolist(), strict=True)}
    total = max(float(weights.sum()), 1e-9)
    title = {no: sum(names.get(word, 0.0) for word in row.title.tolist()) / total for no, row in documents.items()}
    whole, covered = document_scores(question, knowledge), document_coverage(question, knowledge, documents)
    printed = set(labelled(index, documents, question))
    slides = set(wide(index, documents)) if "slides" in question.wants else set()
    return Signals(
        page=np.array([page_of(key) for key in keys.tolist()], dtype=np.int64),
        last=np.array([documents[no].pages for no in owners.tolist()], dtype=np.int64),
        document_no=owners,
        dense=best_by_page(keys.tolist(), found.places, dense),
        picture=best_by_page(keys.tolist(), found.places, picture),
        title=np.array([title[no] for no in owners.tolist()]),
        document=np.array([whole.get(no, 0.0) for no in owners.tolist()]),
        document_coverage=np.array([covered[no] for no in owners.tolist()]),
        labelled=np.array([float(key in printed) for key in keys.tolist()]),
        wide=np.array([float(key in slides) for key in keys.tolist()]),
        figures=found.pages.figures.astype(np.float64),
        tables=found.pages.tables.astype(np.float64),
    )


def best_by_page(
    keys: Sequence[int], places: Mapping[str, Sequence[UnitPlace]], scores: Mapping[str, float]
) -> Float64Array:
    """The best score of any of a page's chunks; 0 where there is none."""
    best: dict[int, float] = {}
    for chunk, score in scores.items():
        for place in places.get(chunk, ()):
            best[place.key] = max(best.get(place.key, score), score)
    return np.array([best.get(key, 0.0) for key in keys])


def document_scores(question: ParsedQuestion, knowledge: Knowledge) -> dict[int, float]:
    """BM25 of whole documents: on how many pages each term stands."""
    numbers = {count.no for counts in knowledge.counts.values() for count in counts}
    pages = _pages_with(question, knowledge, sorted(numbers))
    scores = bm25(pages, np.ones(len(pages)), 1.0, knowledge.statistics.weights(question.terms))
    return dict(zip(sorted(numbers), scores.tolist(), strict=True))


def document_coverage(
    question: ParsedQuestion, knowledge: Knowledge, documents: Mapping[int, DocumentWords]
) -> dict[int, float]:
    """How much of the question's weight stands in each document, beyond what its length explains."""
    known = knowledge.statistics
    everywhere = np.array([known.terms.get(term, 0) for term in question.terms], dtype=np.float64)
    size = np.array([row.pages for row in documents.values()], dtype=np.float64)
    found = _pages_with(question, knowledge, list(documents))
    more = beyond_chance(found, size, everywhere, known.pages, known.weights(question.terms))
    return dict(zip(documents, more.tolist(), strict=True))


def _pages_with(question: ParsedQuestion, knowledge: Knowledge, documents: Sequence[int]) -> Float64Array:
    """(documents, terms) on how many pages of each document each term stands."""
    rows = {no: row for row, no in enumerate(documents)}
    pages = np.zeros((len(rows), len(question.terms)))
    for column, term in enumerate(question.terms):
        for count in knowledge.counts[term]:
            if count.no in rows:
                pages[rows[count.no], column] = count.pages
    return pages
