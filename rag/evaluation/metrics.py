"""Measures of retrieval as pure functions, and how far chance alone would move them.

Enters: a question's evidence and the places a search returned, best first. Leaves: numbers from 0 to 1, means with
intervals. Must not know: how hits are found, files, indexes.

A page counts once, where it is first returned. Questions of one document hang together, so intervals come from drawing
whole documents with replacement (the cluster bootstrap: Field and Welsh, Bootstrapping clustered data, 2007).
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ingestion.elements import BBox
from ingestion.geometry import iou
from rag.evaluation.questionset import Question

RECALL_AT = (1, 3, 5, 10)
PRECISION_AT = (1, 5, 10)
COVER_AT = (5, 10)
REGION_AT = (1, 5, 10)
SAME_BOX = 0.5  # IoU from which a hit shows an evidence box
RESAMPLES = 2000  # draws of documents for an interval
CONFIDENCE = 0.95  # share of those draws that an interval holds
SEED = 20_251  # any number: the same questions always get the same interval
MIN_DOCUMENTS = 5  # with fewer the draws hardly differ, and an interval would claim too much


class Place(NamedTuple):
    """A hit's document name, page and box."""

    doc: str
    page: int
    bbox: BBox


class Estimate(NamedTuple):
    """A mean over that many questions and its interval; ``low`` and ``high`` are None for too few documents."""

    mean: float
    low: float | None
    high: float | None
    questions: int


def measure(question: Question, places: Sequence[Place]) -> dict[str, float]:
    """Measures of one question with evidence pages.

    ``R@k``, ``MRR@10``, ``nDCG@10``, ``P@k`` and ``cover@k`` (share of its evidence pages) look at the first pages,
    ``region@k`` at the first hits, where there are evidence boxes. ``many@k`` is ``cover@k`` of questions with several
    evidence pages, ``empty`` is 1 where nothing was returned.
    """
    right = [page in question.pages and doc == question.doc for doc, page in pages_of(places)[:10]]
    first = next((rank for rank, good in enumerate(right, 1) if good), None)
    ideal = sum(1 / math.log2(rank + 1) for rank in range(1, min(len(question.pages), 10) + 1))
    gained = sum(1 / math.log2(rank + 1) for rank, good in enumerate(right, 1) if good)
    covered = {k: sum(right[:k]) / len(question.pages) for k in COVER_AT}
    measures = {f"R@{k}": float(any(right[:k])) for k in RECALL_AT}
    measures |= {"MRR@10": 1 / first if first else 0.0, "nDCG@10": gained / ideal}
    measures |= {f"P@{k}": sum(right[:k]) / k for k in PRECISION_AT}
    measures |= {f"cover@{k}": share for k, share in covered.items()}
    if len(question.pages) > 1:
        measures |= {f"many@{k}": share for k, share in covered.items()}
    if question.boxes:
        measures |= {f"region@{k}": float(any(shows(question, place) for place in places[:k])) for k in REGION_AT}
    return measures | {"empty": float(not places)}


def pages_of(places: Sequence[Place]) -> list[tuple[str, int]]:
    """Document and number of every page, in the order of its first hit."""
    return list(dict.fromkeys((place.doc, place.page) for place in places))


def shows(question: Question, place: Place) -> bool:
    """Whether a place fits one of the evidence boxes."""
    boxes = [box for page, box in question.boxes if page == place.page]
    return place.doc == question.doc and any(iou(place.bbox, box) >= SAME_BOX for box in boxes)


def estimates(rows: Sequence[Mapping[str, float]], documents: Sequence[str]) -> dict[str, Estimate]:
    """Mean of each measure over the rows that have it; ``documents`` says which one each row belongs to."""
    names = list(dict.fromkeys(name for row in rows for name in row))
    values = np.array([[row.get(name, np.nan) for name in names] for row in rows]).reshape(len(rows), len(names))
    present = ~np.isnan(values)
    known = np.where(present, values, 0.0)
    counts = present.sum(axis=0)
    means = known.sum(axis=0) / np.maximum(counts, 1)
    bounds = _bounds(known, present, documents)
    return {
        name: Estimate(float(means[i]), _bound(bounds, 0, i), _bound(bounds, 1, i), int(counts[i]))
        for i, name in enumerate(names)
    }


def _bound(bounds: NDArray[np.float64] | None, end: int, column: int) -> float | None:
    return None if bounds is None or np.isnan(bounds[end, column]) else float(bounds[end, column])


def _bounds(
    values: NDArray[np.float64], present: NDArray[np.bool_], documents: Sequence[str]
) -> NDArray[np.float64] | None:
    """(2, measures) percentiles over draws of whole documents."""
    _, owner = np.unique(np.array(documents, dtype=object), return_inverse=True)
    size = int(owner.max(initial=-1)) + 1
    if size < MIN_DOCUMENTS:
        return None
    sums, counts = np.zeros((size, values.shape[1])), np.zeros((size, values.shape[1]))
    np.add.at(sums, owner, values)
    np.add.at(counts, owner, present)
    drawn = _draws(size)
    totals = drawn @ counts
    means = np.divide(drawn @ sums, totals, out=np.full(totals.shape, np.nan), where=totals > 0)
    few = np.count_nonzero(counts, axis=0) < MIN_DOCUMENTS
    means[:, few] = 0.0
    tail = 50 * (1 - CONFIDENCE)
    bounds: NDArray[np.float64] = np.nanpercentile(means, [tail, 100 - tail], axis=0)
    bounds[:, few] = np.nan
    return bounds


@lru_cache(maxsize=64)
def _draws(size: int) -> NDArray[np.float64]:
    """(draws, documents): how often each document is drawn."""
    return np.random.default_rng(SEED).multinomial(size, np.full(size, 1 / size), RESAMPLES).astype(np.float64)


class Latency(NamedTuple):
    """Seconds of a search at the median and the 95th percentile."""

    p50: float
    p95: float


def latency(seconds: Sequence[float]) -> Latency:
    ordered = sorted(seconds)
    return Latency(ordered[len(ordered) // 2], ordered[min(len(ordered) - 1, int(len(ordered) * 0.95))])
