"""What the chunks of chosen pages have to do with a question, as features between 0 and 1.

Pure numpy: (chunks, features) float64, a row per chunk in the order given.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from ingestion.elements import BBox, ChunkKind
from ingestion.geometry import inside
from rag.retrieval.page_features import UNIT_FIELDS, Features, coded, spread
from rag.retrieval.query import ParsedQuestion, Want
from rag.retrieval.term_matching import Runs, Statistics, bm25, count_runs, scaled
from rag.storage.full_text.term_vectors import CAPTION, FIELD_BITS, PAGE, TEXT, PageWords
from rag.types import Float64Array, Int64Array

LOG_RANGE = 8.0  # a page this much less likely (natural log) than the best counts as not likely at all
INSIDE = 0.95  # share of a box in another from which it is a part of that
MOST_PARTS = 3.0  # figures and tables in a figure that make a difference
PICTURED = ("figure", "table")

_WANTED_KINDS: tuple[tuple[Want, ChunkKind], ...] = (
    ("table", "table"), ("chart", "figure"), ("chart", "table"), ("figure", "figure"), ("photo", "figure"),
    ("logo", "figure"), ("map", "figure"), ("diagram", "figure"), ("colour", "figure"), ("list", "text"),
    ("heading", "text"), ("cover", "page"), ("logo", "page"), ("photo", "page"), ("figure", "page"),
)  # fmt: skip
CHUNK_FEATURES = (
    "page", "chunk", "inner", "caption", "coverage", "dense", "picture", "numbers", "reference", "area", "length",
    "whole", "text", "table", "figure", *(f"{kind}_for_{want}" for want, kind in _WANTED_KINDS), "page_chunk",
    "page_coverage", "alone", "parts", "part",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class ChunkSignals:
    """What is known of candidate chunks beside their words.

    ``row`` is the page's row among the pages given, ``unit`` the chunk's number there, ``page`` the log probability of
    its page relative to the best, ``dense`` and ``picture`` its scores in the vector channels, the
    former (encoders, chunks), ``area`` its share of the page, ``box`` where it stands on it.
    """

    row: Int64Array
    unit: Int64Array
    kind: Sequence[ChunkKind]
    page: Float64Array
    dense: Float64Array
    picture: Float64Array
    area: Float64Array
    box: Sequence[BBox]


def chunk_features(
    pages: PageWords, question: ParsedQuestion, statistics: Statistics, signals: ChunkSignals
) -> Features:
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
        "dense": np.mean([spread(scores) for scores in signals.dense], axis=0),
        "picture": spread(signals.picture),
        "numbers": _chunk_share(pages, signals, question.numbers),
        "reference": _chunk_reference(pages, signals, question.references),
        "area": np.sqrt(signals.area),
        "length": np.minimum(np.log1p(length) / np.log(1000.0), 1.0),
    }
    f |= _kinds(signals.kind, question.wants)
    f |= _nesting(signals)
    f["page_chunk"] = f["page"] * f["chunk"]
    f["page_coverage"] = f["page"] * f["coverage"]
    values = np.column_stack([f[name] for name in CHUNK_FEATURES])
    return Features(values, words, coded(counts, weights, question, statistics))


def _kinds(kinds: Sequence[ChunkKind], wants: frozenset[Want]) -> dict[str, Float64Array]:
    """Indicators of the chunk's kind, and of a kind that the question's words ask for."""
    found = {
        kind: np.array([k == kind for k in kinds], dtype=np.float64) for kind in ("text", "table", "figure", "page")
    }
    none = np.zeros(len(kinds))
    result = {"whole": found["page"], "text": found["text"], "table": found["table"], "figure": found["figure"]}
    for want, kind in _WANTED_KINDS:
        result[f"{kind}_for_{want}"] = found[kind] if want in wants else none
    return result


def _of_chunks(runs: Runs, signals: ChunkSignals, fields: Mapping[int, float]) -> tuple[Float64Array, Float64Array]:
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


def _chunk_share(pages: PageWords, signals: ChunkSignals, wanted: Sequence[str]) -> Float64Array:
    if not wanted:
        return np.zeros(len(signals.unit))
    counts = _of_chunks(count_runs(pages, wanted), signals, {TEXT: 1.0, CAPTION: 1.0})[0]
    return np.asarray((counts > 0).mean(axis=1))


def _chunk_reference(pages: PageWords, signals: ChunkSignals, pairs: Sequence[tuple[str, str]]) -> Float64Array:
    """Share of the named things ("figure 3") in a chunk's caption."""
    if not pairs:
        return np.zeros(len(signals.unit))
    distinct = list(dict.fromkeys(term for pair in pairs for term in pair))
    counts = _of_chunks(count_runs(pages, distinct, pairs), signals, {CAPTION: 1.0})[0][:, len(distinct) :]
    return np.asarray((counts > 0).mean(axis=1))


def _nesting(signals: ChunkSignals) -> dict[str, Float64Array]:
    """Whether it is its page's only figure or table, how many of them lie in it, whether it lies in one itself."""
    count = len(signals.kind)
    alone, parts, part = np.zeros(count), np.zeros(count), np.zeros(count)
    for rows in _by_page(signals.row):
        pictured = [i for i in rows if signals.kind[i] in PICTURED]
        number = Counter(signals.kind[i] for i in pictured)
        for i in pictured:
            alone[i] = number[signals.kind[i]] == 1
            held = [j for j in rows if j != i and inside(signals.box[j], signals.box[i]) > INSIDE]
            part[held] = 1.0
            parts[i] = sum(signals.kind[j] in PICTURED for j in held)
    return {"alone": alone, "parts": np.minimum(parts, MOST_PARTS) / MOST_PARTS, "part": part}


def _by_page(row: Int64Array) -> list[list[int]]:
    pages: dict[int, list[int]] = {}
    for i, page in enumerate(row.tolist()):
        pages.setdefault(page, []).append(i)
    return list(pages.values())
