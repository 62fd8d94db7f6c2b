"""What pages have to do with a question, as features between 0 and 1.

Pure numpy: (pages, features) float64, a row per page in the order of its key. Every feature is scaled within its
question, so it means the same in any library.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

import numpy as np

from rag.retrieval.fusion import RANK_CONSTANT
from rag.retrieval.query import ParsedQuestion
from rag.retrieval.term_matching import (
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
    ranks,
    scaled,
    top_counts,
    unit_counts,
)
from rag.storage.full_text.term_vectors import CAPTION, HEADING, MENTIONS, PAGE, TEXT, PageWords, term_number
from rag.text.analysis import terms as terms_of
from rag.types import Float64Array, Int64Array

LEAST_SAID = 0.1  # share of a question, by weight, in one chunk from which full text is a channel of its own
RARE, VERY_RARE = 0.4, 0.6
"""Shares of the weight of what stands on one page: a code on more pages tells them no better apart than words do."""
BEST_PAGES = 3  # of a document, by which it is judged as a whole
UNIT_FIELDS = {TEXT: 1.0, CAPTION: 1.0, HEADING: 0.5, MENTIONS: 0.5}

PAGE_FEATURES = (
    "page", "chunk", "top", "caption", "heading", "title", "document", "around", "coverage", "chunk_coverage",
    "closeness", "dense", "dense_around", "picture", "asked", "labelled", "reference", "reference_caption",
    "numbers", "related", "quoted", "length", "first", "digits_counted", "tables_wanted", "figures_wanted",
    "charts_wanted", "cover_wanted", "contents_wanted", "slides_wanted", "page_squared", "page_dense",
    "page_coverage", "page_around", "page_document",
    "chunk_dense", "page_local", "page_rank", "chunk_rank", "dense_rank", "document_coverage", "asked_near",
    "fused", "text_fused", "dense_fused", "least_fused", "document_dense",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Signals:
    """What is known of candidate pages beside their words: arrays (pages,), one value per page in the order of their
    keys; ``dense`` is (encoders, pages), one row per sentence encoder.

    ``page`` is its number, ``last`` the last page of its document, ``document_no`` the document's number, ``dense`` and
    ``picture`` the best score of its chunks in the vector channels, ``whole`` that of the page's own words, ``title``
    the share of the question's weight in its document's title, ``document_coverage`` the weight its document has of
    them beyond chance, ``document`` its BM25, ``labelled`` 1 where its printed label is asked for, ``wide`` 1 where it
    is shaped like a slide, ``figures`` and ``tables`` how many it has, ``text_rank`` its rank in the full-text channel
    from 1 on, 0 where it is not found.
    """

    page: Int64Array
    last: Int64Array
    document_no: Int64Array
    dense: Float64Array
    whole: Float64Array
    picture: Float64Array
    title: Float64Array
    document: Float64Array
    document_coverage: Float64Array
    labelled: Float64Array
    wide: Float64Array
    figures: Float64Array
    tables: Float64Array
    text_rank: Int64Array


@dataclass(frozen=True, slots=True)
class Features:
    """``values`` (rows, features) in the order of their names, and BM25 alone for the full-text channel's own rank.

    ``coded`` (rows,) is above 0 where a code stands that the question names: 1 for one that is :data:`VERY_RARE`, 0
    for one that is not :data:`RARE`. ``coverage`` is the share of the question, by weight, that stands
    in the chunk that has most of it.
    """

    values: Float64Array
    bm25: Float64Array
    coded: Float64Array
    coverage: float = 0.0


def page_features(pages: PageWords, question: ParsedQuestion, statistics: Statistics, signals: Signals) -> Features:
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
    dense = [spread(scores) for scores in signals.dense]
    f = {
        "page": scaled(words),
        "chunk": scaled(best_of_page(count, units.page, unit_scores)),
        "top": scaled(bm25(top_counts(pages, runs), pages.top.astype(np.float64), 12.0, weights)),
        "caption": scaled(bm25(captions[0], captions[1], 20.0, weights)),
        "heading": scaled(bm25(headings[0], headings[1], 20.0, weights)),
        "title": signals.title,
        "document": scaled(signals.document),
        "document_coverage": scaled(signals.document_coverage),
        "page_local": scaled(bm25(body, length, statistics.page_words, local_weights(body))),
        "coverage": (every > 0) @ terms / total,
        "chunk_coverage": best_of_page(count, units.page, (units.counts > 0) @ terms / total),
        "closeness": closeness(count, runs, terms) / total,
        "dense": np.mean(dense, axis=0),
        "picture": spread(signals.picture),
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
        "dense_rank": np.mean([by_rank(scores) for scores in dense], axis=0),
    }
    coverage = float(f["chunk_coverage"].max(initial=0.0))
    f |= _fused(signals, coverage)
    f["document_dense"] = _of_documents(f["dense"], signals.document_no)
    values = np.column_stack([f[name] for name in PAGE_FEATURES])
    return Features(values, words, coded(every, weights, question, statistics), coverage)


def coded(
    counts: Float64Array, weights: Float64Array, question: ParsedQuestion, statistics: Statistics
) -> Float64Array:
    """(rows,) 1 for a row that has a code of the question which few pages have, less for one that more have.

    ``counts`` are (rows, terms + phrases), ``weights`` (terms + phrases,).
    """
    columns = [question.terms.index(code.term) for code in question.codes if code.term in question.terms]
    share = weights[columns] / max(statistics.weight(1), 1e-9)
    there = (counts[:, columns] > 0) * np.where(share >= RARE, np.minimum(share / VERY_RARE, 1.0), 0.0)
    return np.asarray(there.max(axis=1, initial=0.0))


def _fused(signals: Signals, coverage: float) -> dict[str, Float64Array]:
    """Reciprocal ranks in the channels, as :func:`rag.retrieval.fusion.reciprocal_rank` adds them, at most 1.

    Full text is left out where next to nothing of a question stands in any chunk: asked in another language, what it
    finds is chance.
    """
    counted = signals.text_rank > 0 if coverage >= LEAST_SAID else np.zeros(len(signals.text_rank), dtype=bool)
    text = np.where(counted, _reciprocal(signals.text_rank), 0.0)
    encoders = [_by_score(scores) for scores in signals.dense]
    whole = [_by_score(signals.whole)] if signals.whole.any() else []
    dense = np.mean(encoders, axis=0)
    together = (text + np.sum([*encoders, *whole], axis=0)) / (int(counted.any()) + len(encoders) + len(whole))
    return {"text_fused": text, "dense_fused": dense, "fused": together, "least_fused": np.minimum(text, dense)}


def _by_score(scores: Float64Array) -> Float64Array:
    """The reciprocal rank of each page; 0 where it is not found."""
    known = scores != 0.0
    return np.where(known, _reciprocal(ranks(np.where(known, scores, -np.inf))), 0.0)


def _reciprocal(rank: Int64Array) -> Float64Array:
    found: Float64Array = (RANK_CONSTANT + 1.0) / (RANK_CONSTANT + rank)
    return found


def _of_documents(values: Float64Array, document_no: Int64Array) -> Float64Array:
    """The mean of each document's best pages, for all its pages; 0 where there is only one document."""
    numbers, owner = np.unique(document_no, return_inverse=True)
    if len(numbers) < 2:
        return np.zeros(len(values))
    in_order = values[np.lexsort((values, owner))]  # of each document, its best last
    sizes = np.bincount(owner)
    ends, sums = np.cumsum(sizes), np.zeros(len(numbers))
    for place in range(BEST_PAGES, 0, -1):
        sums += np.where(place <= sizes, in_order[np.maximum(ends - place, 0)], 0.0)
    return scaled(sums / np.minimum(sizes, BEST_PAGES))[owner]


def spread(scores: Float64Array) -> Float64Array:
    """Centred cosines, which lie close together, spread over 0 to 1 between the median and the best; 0 is unknown."""
    known = scores[scores != 0.0]
    if not len(known):
        return np.zeros(len(scores))
    filled = np.where(scores != 0.0, scores, min(float(known.min()), 0.0))
    return scaled(np.maximum(filled - float(np.median(filled)), 0.0))


def _related(pages: PageWords, question: ParsedQuestion, statistics: Statistics) -> Float64Array:
    if not question.related:
        return np.zeros(len(pages.keys))
    runs = count_runs(pages, question.related)
    counts, length = field_counts(runs, len(pages.keys), (PAGE,))
    return scaled(bm25(counts, length, statistics.page_words, statistics.weights(question.related)))


def _asked_for(pages: PageWords, runs: Runs, question: ParsedQuestion, signals: Signals) -> dict[str, Float64Array]:
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


def _contents(pages: PageWords) -> Float64Array:
    """1 where a page's first lines call it its document's contents."""
    runs = count_runs(pages, terms_of("contents agenda outline"))
    return np.asarray(np.minimum(top_counts(pages, runs).sum(axis=1), 1.0))


def _pairs(pages: PageWords, pairs: Sequence[tuple[str, str]]) -> tuple[Float64Array, Float64Array]:
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


def _share(pages: PageWords, wanted: Sequence[str]) -> Float64Array:
    if not wanted:
        return np.zeros(len(pages.keys))
    counts = field_counts(count_runs(pages, wanted), len(pages.keys), (PAGE, TEXT))[0]
    return np.asarray((counts > 0).mean(axis=1))


def _longest_quotes(pages: PageWords, question: ParsedQuestion) -> Float64Array:
    """The largest share of a quote's word pairs that stands on the page."""
    best = np.zeros(len(pages.keys))
    for quote in question.quoted:
        pairs = list(dict.fromkeys(pairwise(quote)))
        np.maximum(best, _pairs(pages, pairs)[0], out=best)
    return best


@lru_cache(maxsize=1)
def _digit_numbers() -> Int64Array:
    plain = [str(n) for n in range(3000)]
    return np.array([term_number(term) for term in plain], dtype=np.int64)


def _digits(pages: PageWords) -> Float64Array:
    """Share of a page's words that are whole numbers below 3,000: a sign of tables and charts."""
    positions = find(pages.words, _digit_numbers().astype(np.uint32))[0]
    page = np.searchsorted(pages.starts, positions, side="right") - 1
    found = np.bincount(page, minlength=len(pages.keys)) / np.maximum(np.diff(pages.starts), 1)
    return scaled(found)
