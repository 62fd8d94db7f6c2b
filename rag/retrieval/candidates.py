"""The pages to be ranked: those that the channels propose, joined, and what is known of each beside its words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np

from rag.retrieval.channels import by_number, labelled, shaped_like_slides
from rag.retrieval.fusion import reciprocal_rank
from rag.retrieval.knowledge import document_coverage, document_scores
from rag.retrieval.page_features import Signals
from rag.retrieval.query import ParsedQuestion
from rag.retrieval.side import Side
from rag.retrieval.snapshot import Snapshot
from rag.retrieval.spelling import in_spelling_of, spelt
from rag.storage.full_text.index import Where
from rag.storage.full_text.term_vectors import DocumentWords, PageWords, document_of, page_of, term_number
from rag.types import Float64Array

ALL_PAGES = 400  # a choice of documents with at most so many pages is ranked whole
MAX_CANDIDATES = 250  # pages that are ranked where not all are
PADDING = 30  # pages, in order, that fill up a larger choice
EACH_PAGE = 3  # chunks a page that channels found, from which on all places of the documents are read at once


@dataclass(frozen=True, slots=True)
class Candidates:
    """Pages to be ranked, with their words, and the pages (keys) of the chunks that the vector channels found."""

    pages: PageWords
    places: Mapping[str, Sequence[int]]


def candidates(snap: Snapshot, sides: Sequence[Side], located: Sequence[int] = ()) -> Candidates:
    """Pages asked for by number, and those that channels propose, fused by rank; ``located`` are keys of the pages
    where the query's picture stands. Of a small choice of documents all pages."""
    text, where, total = snap.text, snap.where, snap.page_count
    by_page = [located, *(side.pages for side in sides)]
    by_chunk = [scores for side in sides for scores in (*side.words.values(), side.whole, side.pictures)]
    weights = [weight for side in sides for weight in (*(1.0 for _ in side.words), 1.0, side.picture_weight)]
    asked = [key for side in sides for key in by_number(snap, side.question, side.knowledge)]
    chunks = dict.fromkeys(chain.from_iterable(by_chunk))
    whole = total is not None and total * EACH_PAGE <= len(chunks)
    places = text.pages_of(chunks, where.documents if whole else None)
    lists = {f"pages {i}": list(keys) for i, keys in enumerate(by_page)}
    for i, scores in enumerate(by_chunk):
        lists[f"chunks {i}"] = [key for chunk in scores for key in places[chunk]]
    heard = {f"chunks {i}": weight for i, weight in enumerate(weights)}
    fused = [key for key in reciprocal_rank(lists, heard) if _within(key, where)]
    keys = {*fused[:MAX_CANDIDATES], *(key for key in asked if _within(key, where))}
    if total is not None:
        keys |= set(text.page_keys(total if total <= ALL_PAGES else PADDING, where))
    elif len(keys) < PADDING:
        keys |= set(text.page_keys(PADDING, where))
    spellings = {term: others for side in sides for term, others in side.question.spellings.items()}
    return Candidates(in_spelling_of(text.load(keys), spellings), places)


def _within(key: int, where: Where) -> bool:
    return where.pages is None or where.pages[0] <= page_of(key) <= where.pages[1]


def signals(snap: Snapshot, found: Candidates, side: Side) -> Signals:
    """What is known of the candidate pages beside their words, for one side of the query."""
    keys = found.pages.keys.tolist()
    owners = [document_of(key) for key in keys]
    question, knowledge, documents = side.question, side.knowledge, snap.documents(owners)
    weights = knowledge.statistics.weights(question.terms)
    names = {term_number(term): weight for term, weight in zip(question.terms, weights.tolist(), strict=True)}
    total = max(float(weights.sum()), 1e-9)
    titles = _titles(documents, question)
    title = {no: sum(names[word] for word in words & names.keys()) / total for no, words in titles.items()}
    whole = document_scores(question, knowledge, list(documents))
    covered = document_coverage(question, knowledge, documents)
    printed = set(labelled(snap, documents, question))
    slides = set(shaped_like_slides(snap, documents)) if "slides" in question.wants else set()
    ranks = {key: rank for rank, key in enumerate(side.pages, 1)}
    return Signals(
        page=np.array([page_of(key) for key in keys], dtype=np.int64),
        last=np.array([documents[no].pages for no in owners], dtype=np.int64),
        document_no=np.array(owners, dtype=np.int64),
        dense=np.array([best_by_page(keys, found.places, scores) for scores in side.words.values()]),
        whole=best_by_page(keys, found.places, side.whole),
        picture=best_by_page(keys, found.places, side.pictures),
        title=np.array([title[no] for no in owners]),
        document=np.array([whole.get(no, 0.0) for no in owners]),
        document_coverage=np.array([covered[no] for no in owners]),
        labelled=np.array([float(key in printed) for key in keys]),
        wide=np.array([float(key in slides) for key in keys]),
        figures=found.pages.figures.astype(np.float64),
        tables=found.pages.tables.astype(np.float64),
        text_rank=np.array([ranks.get(key, 0) for key in keys], dtype=np.int64),
    )


def _titles(documents: Mapping[int, DocumentWords], question: ParsedQuestion) -> dict[int, set[int]]:
    """The words of each document's title in the spelling of the question, as numbers."""
    rows = list(documents.values())
    sizes = [len(row.title) for row in rows]
    words = np.concatenate([row.title for row in rows]) if rows else np.zeros(0, dtype=np.uint32)
    found = spelt(words, question.spellings, np.repeat(np.arange(len(rows)), sizes))
    ends = np.cumsum(sizes, dtype=np.int64)
    return {no: set(part.tolist()) for no, part in zip(documents, np.split(found, ends[:-1]), strict=bool(rows))}


def best_by_page(keys: Sequence[int], places: Mapping[str, Sequence[int]], scores: Mapping[str, float]) -> Float64Array:
    """(pages,) float64: the best score of any of a page's chunks, in the order of ``keys``; 0 where there is none."""
    best: dict[int, float] = {}
    for chunk, score in scores.items():
        for key in places.get(chunk, ()):
            if key not in best or score > best[key]:
                best[key] = score
    return np.array([best.get(key, 0.0) for key in keys])
