"""Measures of retrieval as pure functions, and how far chance alone would move them.

Recall, reciprocal rank, nDCG (Järvelin and Kekäläinen, Cumulated gain-based evaluation of IR techniques, 2002; gains of
0 and 1), precision and coverage are over pages: a page counts once, where it is first returned. Regions are over hits.
Questions of one document hang together, so intervals come from drawing whole documents with replacement (the cluster
bootstrap: Field and Welsh, Bootstrapping clustered data, 2007).
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ingestion.elements import BBox
from ingestion.geometry import iou
from rag.evaluation.names import COVER_AT, PRECISION_AT, RECALL_AT, REGION_AT
from rag.evaluation.questionset import Question

SAME_BOX = 0.5  # IoU from which a hit shows an evidence box
RESAMPLES = 2000  # draws of documents for an interval
CONFIDENCE = 0.95  # share of those draws that an interval holds
SEED = 20_251  # any number: the same questions always get the same interval
MIN_DOCUMENTS = 5  # with fewer the draws hardly differ, and an interval would claim too much


Floats = NDArray[np.float64]


class HitLocation(NamedTuple):
    """Where a hit stands: its document's name, the page from 1, a box in points."""

    doc: str
    page: int
    bbox: BBox


class Estimate(NamedTuple):
    """A mean over that many questions and its interval; ``low`` and ``high`` are None for too few documents."""

    mean: float
    low: float | None
    high: float | None
    questions: int


def measure(question: Question, places: Sequence[HitLocation]) -> dict[str, float]:
    """The measures of one question with evidence pages, each from 0 to 1.

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


def pages_of(places: Sequence[HitLocation]) -> list[tuple[str, int]]:
    """Document and number of every page, in the order of its first hit."""
    return list(dict.fromkeys((place.doc, place.page) for place in places))


def shows(question: Question, place: HitLocation) -> bool:
    """Whether a place fits one of the evidence boxes: an IoU of at least :data:`SAME_BOX`."""
    boxes = [box for page, box in question.boxes if page == place.page]
    return place.doc == question.doc and any(iou(place.bbox, box) >= SAME_BOX for box in boxes)


def estimates(rows: Sequence[Mapping[str, float]], documents: Sequence[str]) -> dict[str, Estimate]:
    """Mean of each measure over the rows that have it; ``documents`` says which one each row belongs to."""
    return {
        name: Estimate(float(values.mean()), *_interval(drawn), len(values))
        for name, values, drawn in _drawn(rows, documents)
    }


def shares_of_falls(rows: Sequence[Mapping[str, float]], documents: Sequence[str]) -> dict[str, float | None]:
    """In which share of the draws of documents the mean of each measure is below 0; None for too few documents."""
    return {name: None if drawn is None else float((drawn < 0).mean()) for name, _, drawn in _drawn(rows, documents)}


def _interval(drawn: Floats | None) -> tuple[float | None, float | None]:
    if drawn is None:
        return None, None
    tail = 50 * (1 - CONFIDENCE)
    low, high = np.percentile(drawn, [tail, 100 - tail]).tolist()
    return low, high


def _drawn(
    rows: Sequence[Mapping[str, float]], documents: Sequence[str]
) -> Iterator[tuple[str, Floats, Floats | None]]:
    """Each measure, its values, and its means over draws of whole documents; None where too few have it."""
    for name in dict.fromkeys(name for row in rows for name in row):
        owners = [document for row, document in zip(rows, documents, strict=True) if name in row]
        values = np.array([row[name] for row in rows if name in row])
        names, owner = np.unique(np.array(owners, dtype=object), return_inverse=True)
        if len(names) < MIN_DOCUMENTS:
            yield name, values, None
            continue
        draws = _draws(len(names))
        yield name, values, (draws @ np.bincount(owner, values)) / (draws @ np.bincount(owner))


@lru_cache(maxsize=64)
def _draws(size: int) -> Floats:
    """(draws, documents): how often each document is drawn."""
    return np.random.default_rng(SEED).multinomial(size, np.full(size, 1 / size), RESAMPLES).astype(np.float64)


class Latency(NamedTuple):
    """Seconds of a search at the median and the 95th percentile."""

    p50: float
    p95: float


def latency(seconds: Sequence[float]) -> Latency:
    """Median and 95th percentile of at least one search's seconds."""
    ordered = sorted(seconds)
    return Latency(ordered[len(ordered) // 2], ordered[min(len(ordered) - 1, int(len(ordered) * 0.95))])
