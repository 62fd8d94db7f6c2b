"""The linear ranker: fitted weights over features, and probabilities from them. Pure but for reading its data file.

A listwise softmax (Cao et al. 2007, "Learning to rank: from pairwise to listwise approach"). No weight of evidence is
negative. Words have two sets of weights, mixed by how much of a question stands on the page that has most of it: who
asks in the document's words is served by what words tell, who asks in his own by how the channels agree. The second set
stays close to the plain sum of their reciprocal ranks, which holds for every kind of question.

The weights are a small data file that says what they were fitted on, made by ``benchmarks/train_ranker.py``.
"""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np

from rag.retrieval.chunk_features import CHUNK_FEATURES
from rag.retrieval.page_features import PAGE_FEATURES
from rag.types import Float64Array

WEIGHTS = Path(__file__).with_name("ranker_weights.json")
HALF_SAID = 0.35  # share of a question on one page at which both sets of weights count the same
SAID_WIDTH = 0.05  # how fast one gives way to the other
SEAT = 5  # place among a library's pages that belongs to the one on which the channels agree most


@dataclass(frozen=True, slots=True)
class Weights:
    """One weight per feature, (features,) float64: of pages for questions in the documents' words (``said``) and in
    other words (``meant``), and for a picture's words; of chunks for both.
    """

    said: Float64Array
    meant: Float64Array
    picture: Float64Array
    chunks: Float64Array
    picture_chunks: Float64Array

    def pages(self, coverage: float) -> Float64Array:
        """(page features,) weights for a question of which the share ``coverage`` stands on one page."""
        share = share_said(coverage)
        mixed: Float64Array = share * self.said + (1.0 - share) * self.meant
        return mixed


def share_said(coverage: float) -> float:
    """From 0 to 1: how far a question counts as asked in the documents' words."""
    return 1.0 / (1.0 + math.exp((HALF_SAID - coverage) / SAID_WIDTH))


def log_probabilities(features: Float64Array, weights: Float64Array) -> Float64Array:
    """(candidates,) float64: log softmax of ``features``, (candidates, features), weighted by ``weights``,
    (features,)."""
    scores = features @ weights
    if not len(scores):
        return scores
    below: Float64Array = scores - scores.max()
    result: Float64Array = below - np.log(np.exp(below).sum())
    return result


def with_seat(scores: Float64Array, agreement: Float64Array) -> Float64Array:
    """``scores`` of pages, with the page of most ``agreement`` (plain sum of the channels' reciprocal ranks) in place
    :data:`SEAT` where it has no better one. Both (pages,); other pages keep their order.

    Over a library the fitted weights are right about which page is first, and sometimes wrong about all of the first
    five, where the plain sum seldom is.
    """
    if len(scores) <= SEAT:
        return scores
    order = np.argsort(-scores, kind="stable")
    before, behind = order[: SEAT - 1], order[SEAT - 1 :]
    chosen = behind[int(np.argmax(agreement[behind]))]
    if chosen == behind[0] or agreement[chosen] <= agreement[behind[0]]:
        return scores
    seated = scores.copy()
    seated[chosen] = (scores[before[-1]] + scores[behind[0]]) / 2.0
    return seated


@lru_cache(maxsize=4)
def load_weights(path: Path = WEIGHTS) -> Weights:
    """Read fitted weights; a feature the file does not name weighs nothing."""
    raw = json.loads(path.read_text(encoding="utf-8"))["weights"]
    pages = [_row(raw[name], PAGE_FEATURES) for name in ("said", "meant", "picture")]
    chunks = [_row(raw[name], CHUNK_FEATURES) for name in ("chunks", "picture_chunks")]
    return Weights(pages[0], pages[1], pages[2], chunks[0], chunks[1])


def _row(named: dict[str, float], names: tuple[str, ...]) -> Float64Array:
    return np.array([named.get(name, 0.0) for name in names], dtype=np.float64)
