"""What pages and chunks have to do with a question, as features between 0 and 1. Pure.

Enters: pages' words, a question taken apart, what other channels say. Leaves: arrays, a row a page or chunk.
Must not know: the database, vectors, texts, how features are weighed.

Every feature is scaled within its question, so it means the same in any library.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

import numpy as np

from ingestion.elements import ChunkKind
from rag.fulltext import CAPTION, FIELD_BITS, HEADING, MENTIONS, PAGE, TEXT, PageWords, number
from rag.matching import (
    Array,
    Ints,
    Runs,
    Statistics,
    around,
    best_of_page,
    bm25,
    by_rank,
    closeness,
    count_runs,
    field_counts,
    find,
    local_weights,
    scaled,
    top_counts,
    unit_counts,
)
from rag.understand import Question, Want
from rag.words import terms as terms_of

UNIT_FIELDS = {TEXT: 1.0, CAPTION: 1.0, HEADING: 0.5, MENTIONS: 0.5}
LOG_RANGE = 8.0  # a page this much less likely (natural log) than the best counts as not likely at all

PAGE_FEATURES = (
    "page", "chunk", "top", "caption", "heading", "title", "document", "around", "coverage", "chunk_coverage",
    "closeness", "dense", "dense_around", "picture", "asked", "labelled", "reference", "reference_caption",
    "numbers", "related", "quoted", "length", "first", "digits_counted", "tables_wanted", "figures_wanted",
    "charts_wanted", "cover_wanted", "contents_wanted", "slides_wanted", "page_squared", "page_dense",
    "page_coverage", "page_around", "page_document",
    "chunk_dense", "page_local", "page_rank", "chunk_rank", "dense_rank", "document_coverage", "asked_near",
)  # fmt: skip

_WANTED_KINDS: tuple[tuple[Want, ChunkKind], ...] = (
    ("table", "table"), ("chart", "figure"), ("chart", "table"), ("figure", "figure"), ("photo", "figure"),
    ("logo", "figure"), ("map", "figure"), ("diagram", "figure"), ("colour", "figure"), ("list", "text"),
    ("heading", "text"), ("cover", "page"), ("logo", "page"), ("photo", "page"), ("figure", "page"),
)  # fmt: skip
CHUNK_FEATURES = (
    "page", "chunk", "inner", "caption", "coverage", "dense", "picture", "numbers", "reference", "area", "length",
    "whole", "text", "table", "figure", *(f"{kind}_for_{want}" for want, kind in _WANTED_KINDS), "page_chunk",
    "page_coverage",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Signals:
    """What is known of candidate pages beside their words, a value a page in the order of their keys.

    ``page`` is its number, ``last`` the last page of its document, ``document_no`` the document's number, ``dense`` and
    ``picture`` the best score of its chunks in the vector channels, ``title`` the share of the question's weight in its
    document's title, ``document_coverage`` that share anywhere in the document, ``document`` the document's BM25,
    ``labelled`` 1 where its printed label is asked for, ``wide`` 1 where it is shaped like a slide, ``figures`` and
    ``tables`` how many it has.
    """

    page: Ints
    last: Ints
    document_no: Ints
    dense: Array
    picture: Array
    title: Array
    document: Array
    document_coverage: Array
    labelled: Array
    wide: Array
    figures: Array
    tables: Array


@dataclass(frozen=True, slots=True)
class ChunkSignals:
    """What is known of candidate chunks beside their words.

    ``row`` is the page's row among the pages given, ``unit`` the chunk's number there, ``page`` the log probability of
    its page relative to the best, ``dense`` and ``picture`` its scores in the vector channels, ``area`` its share of
    the page.
    """

    row: Ints
    unit: Ints
    kind: Sequence[ChunkKind]
    page: Array
    dense: Array
    picture: Array
    area: Array


@dataclass(frozen=True, slots=True)
class Features:
    """``values`` (rows, features) in the order of their names, and BM25 alone for the full-text channel's own rank."""

    values: Array
    bm25: Array


def page_features(pages: PageWords, question: Question, statistics: Statistics, signals: Signals) -> Features:
    """Features of every candidate page."""
    count = len(pages.keys)
    runs = count_runs(pages, question.terms, question.phrases)
    weights = statistics.weights(question.terms, question.phrases)
    terms = weights.copy()
    terms[len(question.terms) :] = 0.0
    total = max(float(terms.sum()), 1e-9)
    body, length = field_counts(runs, count, (PAGE,))
    captions = field_counts(runs, count, (CAPTION, MENTIONS))
    headings = field_counts(runs, count, (HEADING,))
    every = field_counts(runs, count, (PAGE, TEXT, CAPTION, MENTIONS))[0]
    units = unit_counts(runs, UNIT_FIELDS)
    unit_scores = bm25(units.counts, units.length, float(units.length.mean()) if len(units.length) else 1.0, weights)
    words = bm25(body, length, statistics.page_words, weights)
    f = {
        "page": scaled(words),
        "chunk": scaled(best_of_page(count, units.page, unit_scores)),
        "top": scaled(bm25(top_counts(pages, runs), pages.top.astype(np.float64), 12.0, weights)),
        "caption": scaled(bm25(captions[0], captions[1], 20.0, weights)),
        "heading": scaled(bm25(headings[0], headings[1], 20.0, weights)),
        "title": signals.title,
        "document": scaled(signals.document),
        "document_coverage": signals.document_coverage,
        "page_local": scaled(bm25(body, length, statistics.page_words, local_weights(body))),
        "coverage": (every > 0) @ terms / total,
        "chunk_coverage": best_of_page(count, units.page, (units.counts > 0) @ terms / total),
        "closeness": closeness(count, runs, terms) / total,
        "dense": _dense(signals.dense),
        "picture": _dense(signals.picture),
        "labelled": signals.labelled,
        "length": scaled(np.log1p(length)),
        "first": 1.0 / signals.page,
    }
    f["around"] = around(f["page"], signals.page, signals.document_no)
    f["dense_around"] = around(f["dense"], signals.page, signals.document_no)
    f |= _asked_for(pages, runs, question, signals)
    f["related"] = _related(pages, question, statistics)
    f |= {
        "page_squared": f["page"] ** 2,
        "page_dense": f["page"] * f["dense"],
        "page_coverage": f["page"] * f["coverage"],
        "page_around": f["page"] * f["around"],
        "page_document": f["page"] * f["document"],
        "chunk_dense": f["chunk"] * f["dense"],
        "page_rank": by_rank(f["page"]),
        "chunk_rank": by_rank(f["chunk"]),
        "dense_rank": by_rank(f["dense"]),
    }
    return Features(np.column_stack([f[name] for name in PAGE_FEATURES]), words)


def _dense(scores: Array) -> Array:
    """Centred cosines, which lie close together, spread over 0 to 1 between the median and the best; 0 is unknown."""
    known = scores[scores != 0.0]
    if not len(known):
        return np.zeros(len(scores))
    filled = np.where(scores != 0.0, scores, min(float(known.min()), 0.0))
    return scaled(np.maximum(filled - float(np.median(filled)), 0.0))


def _related(pages: PageWords, question: Question, statistics: Statistics) -> Array:
    if not question.related:
        return np.zeros(len(pages.keys))
    runs = count_runs(pages, question.related)
    counts, length = field_counts(runs, len(pages.keys), (PAGE,))
    return scaled(bm25(counts, length, statistics.page_words, statistics.weights(question.related)))


def _asked_for(pages: PageWords, runs: Runs, question: Question, signals: Signals) -> dict[str, Array]:
    """Features of what the question names: pages, numbered things, quotes, numbers, kinds of content."""
    count = len(pages.keys)
    asked, near = np.zeros(count), np.zeros(count)
    for wanted in question.pages:
        distance = np.abs(signals.page - (wanted if wanted > 0 else signals.last + 1 + wanted))
        asked[distance == 0] = 1.0
        near[distance == 1] = 1.0
    reference, caption = _pairs(pages, question.references)
    wants = question.wants
    figures, tables = np.minimum(signals.figures, 3.0) / 3.0, np.minimum(signals.tables, 2.0) / 2.0
    none = np.zeros(count)
    return {
        "asked": asked,
        "asked_near": near,
        "reference": reference,
        "reference_caption": caption,
        "numbers": _share(pages, question.numbers),
        "quoted": _longest_quotes(pages, question),
        "digits_counted": _digits(pages) if question.counts else none,
        "tables_wanted": tables if "table" in wants else none,
        "figures_wanted": figures if wants & {"figure", "photo", "logo", "map", "diagram"} else none,
        "charts_wanted": figures if "chart" in wants else none,
        "contents_wanted": _contents(pages) if wants & {"contents", "heading"} else none,
        "slides_wanted": signals.wide if "slides" in wants else none,
        "cover_wanted": (signals.page == 1).astype(np.float64) if "cover" in wants else none,
    }


def _contents(pages: PageWords) -> Array:
    """1 where a page's first lines call it its document's contents."""
    runs = count_runs(pages, terms_of("contents agenda outline"))
    return np.asarray(np.minimum(top_counts(pages, runs).sum(axis=1), 1.0))


def _pairs(pages: PageWords, pairs: Sequence[tuple[str, str]]) -> tuple[Array, Array]:
    """Whether named things ("figure 3") stand on the page, and in a caption; the share of those named."""
    anywhere, caption = np.zeros(len(pages.keys)), np.zeros(len(pages.keys))
    if not pairs:
        return anywhere, caption
    distinct = list(dict.fromkeys(term for pair in pairs for term in pair))
    runs = count_runs(pages, distinct, pairs)
    for result, fields in ((anywhere, (PAGE, TEXT, CAPTION)), (caption, (CAPTION,))):
        counts = field_counts(runs, len(result), fields)[0][:, len(distinct) :]
        result += (counts > 0).mean(axis=1)
    return anywhere, caption


def _share(pages: PageWords, wanted: Sequence[str]) -> Array:
    if not wanted:
        return np.zeros(len(pages.keys))
    counts = field_counts(count_runs(pages, wanted), len(pages.keys), (PAGE, TEXT))[0]
    return np.asarray((counts > 0).mean(axis=1))


def _longest_quotes(pages: PageWords, question: Question) -> Array:
    """The largest share of a quote's word pairs that stands on the page."""
    best = np.zeros(len(pages.keys))
    for quote in question.quoted:
        pairs = list(dict.fromkeys(pairwise(quote)))
        np.maximum(best, _pairs(pages, pairs)[0], out=best)
    return best


@lru_cache(maxsize=1)
def _digit_numbers() -> Ints:
    plain = [str(n) for n in range(3000)]
    return np.array([number(term) for term in plain], dtype=np.int64)


def _digits(pages: PageWords) -> Array:
    """Share of a page's words that are whole numbers below 3,000: a sign of tables and charts."""
    positions = find(pages.words, _digit_numbers().astype(np.uint32))[0]
    page = np.searchsorted(pages.starts, positions, side="right") - 1
    found = np.bincount(page, minlength=len(pages.keys)) / np.maximum(np.diff(pages.starts), 1)
    return scaled(found)


def chunk_features(pages: PageWords, question: Question, statistics: Statistics, signals: ChunkSignals) -> Features:
    """Features of chunks on pages that were chosen."""
    runs = count_runs(pages, question.terms, question.phrases)
    weights = statistics.weights(question.terms, question.phrases)
    terms = weights.copy()
    terms[len(question.terms) :] = 0.0
    total = max(float(terms.sum()), 1e-9)
    counts, length = _of_chunks(runs, signals, {PAGE: 1.0, **UNIT_FIELDS})
    inner, inner_length = _of_chunks(runs, signals, {PAGE: 1.0, TEXT: 1.0})
    captions, caption_length = _of_chunks(runs, signals, {CAPTION: 1.0})
    words = bm25(counts, length, float(length.mean()) if len(length) else 1.0, weights)
    f = {
        "page": np.maximum(signals.page, -LOG_RANGE) / LOG_RANGE + 1.0,
        "chunk": scaled(words),
        "inner": scaled(bm25(inner, inner_length, float(inner_length.mean()) if len(length) else 1.0, weights)),
        "caption": scaled(bm25(captions, caption_length, 15.0, weights)),
        "coverage": (counts > 0) @ terms / total,
        "dense": _dense(signals.dense),
        "picture": _dense(signals.picture),
        "numbers": _chunk_share(pages, signals, question.numbers),
        "reference": _chunk_reference(pages, signals, question.references),
        "area": np.sqrt(signals.area),
        "length": np.minimum(np.log1p(length) / np.log(1000.0), 1.0),
    }
    f |= _kinds(signals.kind, question.wants)
    f["page_chunk"] = f["page"] * f["chunk"]
    f["page_coverage"] = f["page"] * f["coverage"]
    return Features(np.column_stack([f[name] for name in CHUNK_FEATURES]), words)


def _kinds(kinds: Sequence[ChunkKind], wants: frozenset[Want]) -> dict[str, Array]:
    """Indicators of the chunk's kind, and of a kind that the question's words ask for."""
    found = {
        kind: np.array([k == kind for k in kinds], dtype=np.float64) for kind in ("text", "table", "figure", "page")
    }
    none = np.zeros(len(kinds))
    result = {"whole": found["page"], "text": found["text"], "table": found["table"], "figure": found["figure"]}
    for want, kind in _WANTED_KINDS:
        result[f"{kind}_for_{want}"] = found[kind] if want in wants else none
    return result


def _of_chunks(runs: Runs, signals: ChunkSignals, fields: Mapping[int, float]) -> tuple[Array, Array]:
    """Counts and lengths of the chunks' fields, weighed and added up."""
    factor = np.array([fields.get(field, 0.0) for field in range(1 << FIELD_BITS)])
    names = runs.page << 32 | runs.unit
    wanted = signals.row << 32 | signals.unit
    order = np.argsort(wanted, kind="stable")
    place = np.minimum(np.searchsorted(wanted[order], names), max(len(wanted) - 1, 0))
    counts, length = np.zeros((len(wanted), runs.counts.shape[1])), np.zeros(len(wanted))
    if len(wanted):
        known = np.flatnonzero(wanted[order][place] == names)
        target, weight = order[place[known]], factor[runs.field[known]]
        np.add.at(counts, target, runs.counts[known] * weight[:, None])
        np.add.at(length, target, runs.length[known] * weight)
    return counts, length


def _chunk_share(pages: PageWords, signals: ChunkSignals, wanted: Sequence[str]) -> Array:
    if not wanted:
        return np.zeros(len(signals.unit))
    counts = _of_chunks(count_runs(pages, wanted), signals, {TEXT: 1.0, CAPTION: 1.0})[0]
    return np.asarray((counts > 0).mean(axis=1))


def _chunk_reference(pages: PageWords, signals: ChunkSignals, pairs: Sequence[tuple[str, str]]) -> Array:
    """Share of the named things ("figure 3") in a chunk's caption."""
    if not pairs:
        return np.zeros(len(signals.unit))
    distinct = list(dict.fromkeys(term for pair in pairs for term in pair))
    counts = _of_chunks(count_runs(pages, distinct, pairs), signals, {CAPTION: 1.0})[0][:, len(distinct) :]
    return np.asarray((counts > 0).mean(axis=1))
