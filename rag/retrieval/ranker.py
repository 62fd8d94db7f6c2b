"""The linear ranker: fitted weights over features, and probabilities from them. Pure but for reading its data file.

A listwise softmax (Cao et al. 2007, "Learning to rank: from pairwise to listwise approach"). The weights are a
small data file that says what they were fitted on, made by ``benchmarks/train_ranker.py``.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Literal

import numpy as np

from rag.retrieval.chunk_features import CHUNK_FEATURES
from rag.retrieval.page_features import PAGE_FEATURES
from rag.types import Float64Array

Scope = Literal["doc", "library", "picture"]
WEIGHTS = Path(__file__).with_name("ranker_weights.json")


@dataclass(frozen=True, slots=True)
class Weights:
    """One weight per feature, (features,) float64: for pages within few documents, over a library, and for a picture's
    words; for chunks."""

    doc: Float64Array
    library: Float64Array
    picture: Float64Array
    chunks: Float64Array
    picture_chunks: Float64Array

    def pages(self, scope: Scope) -> Float64Array:
        """(page features,) weights where the question is asked of one document, of the library, or with a picture."""
        return {"doc": self.doc, "library": self.library, "picture": self.picture}[scope]

    def parts(self, scope: Scope) -> Float64Array:
        """(chunk features,) weights for what stands on a page."""
        return self.picture_chunks if scope == "picture" else self.chunks


def log_probabilities(features: Float64Array, weights: Float64Array) -> Float64Array:
    """(candidates,) float64: log softmax of ``features``, (candidates, features), weighted by ``weights``,
    (features,)."""
    scores = features @ weights
    if not len(scores):
        return scores
    below: Float64Array = scores - scores.max()
    result: Float64Array = below - np.log(np.exp(below).sum())
    return result


@lru_cache(maxsize=4)
def load_weights(path: Path = WEIGHTS) -> Weights:
    """Read fitted weights; a feature the file does not name weighs nothing."""
    raw = json.loads(path.read_text(encoding="utf-8"))["weights"]
    pages = [_row(raw[scope], PAGE_FEATURES) for scope in ("doc", "library", "picture")]
    chunks = [_row(raw[scope], CHUNK_FEATURES) for scope in ("chunks", "picture_chunks")]
    return Weights(pages[0], pages[1], pages[2], chunks[0], chunks[1])


def _row(named: dict[str, float], names: tuple[str, ...]) -> Float64Array:
    return np.array([named.get(name, 0.0) for name in names], dtype=np.float64)
