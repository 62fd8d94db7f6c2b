"""Pictures found by words, as far as the library's own captions show that its encoder can.

How well an encoder finds pictures by words is measured on each library (:mod:`rag.indexing.calibrate`), not fitted: so
this stands beside the ranker's weights and adds to what they give, in the measure of what words tell apart: a picture
that an encoder of reliability 0.5 is sure of lifts itself and its page by as much as the best page stands above the
last, so that a page without a word about it comes level with the best. With reliability 0 nothing is added.

Example: figures have reliability 0.6; the best figure scores 0.5, where captions tell that 0.2 is likely by chance and
0.6 sure: its page is lifted by 2 × 0.6 × 0.75 of the distance from the last page to the best.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from ingestion.elements import ChunkKind
from rag.retrieval.channels import by_vector
from rag.retrieval.snapshot import Snapshot
from rag.retrieval.term_matching import scaled
from rag.storage.vectors.calibration import Ability
from rag.types import Float32Array, Float64Array

PICTURE_WEIGHT = 3.0
"""How far a sure picture of a fully reliable encoder is lifted; 1 is from the last page by words to the best.
Measured by ``benchmarks/clip_calibration.py``: with 2 the ranker's scores of today leave found drawings below pages of
words."""


UNDECIDED = 0.05
"""Probability that words leave to all but their best, below which pictures are lifted by less: where words are sure, a
picture that is near to them is so by chance."""


def able_kinds(snap: Snapshot) -> dict[ChunkKind, Ability]:
    """The kinds of pictures that are found by words better than by chance, of those asked for."""
    known, kinds = snap.calibration, snap.query.kinds
    abilities = known.kinds.items() if known else ()
    return {kind: a for kind, a in abilities if a.reliability > 0 and (kinds is None or kind in kinds)}


def weight(snap: Snapshot) -> float:
    """Of the channel where pages are proposed, beside 1 of the others: 1 also where it was never measured."""
    if snap.calibration is None:
        return 1.0
    return max((ability.reliability for ability in able_kinds(snap).values()), default=0.0)


def by_kind(snap: Snapshot, vector: Float32Array) -> dict[ChunkKind, dict[str, float]]:
    """Scores of chunk ids by the text-to-image channel, best first, for each kind of :func:`able_kinds`."""
    return {kind: by_vector(snap, vector, "text to image", frozenset([kind])) for kind in able_kinds(snap)}


def lifts(snap: Snapshot, found: Mapping[ChunkKind, Mapping[str, float]]) -> dict[str, float]:
    """Chunk ids with how much they are to be lifted, 0 to 1: reliability × certainty × standing among the others."""
    lifted: dict[str, float] = {}
    for kind, ability in able_kinds(snap).items():
        scores = np.array(list(found[kind].values()))
        values = ability.reliability * certainty(scores, ability) * standing(scores)
        lifted |= {chunk: v for chunk, v in zip(found[kind], values.tolist(), strict=True) if v > 0}
    return lifted


def certainty(scores: Float64Array, ability: Ability) -> Float64Array:
    """0 for a picture that any words would find, 1 for one as near to the words as captions are to their own."""
    return np.asarray(np.clip((scores - ability.least) / (ability.sure - ability.least), 0.0, 1.0))


def standing(scores: Float64Array) -> Float64Array:
    """1 for the best, 0 for those below the middle."""
    return scaled(np.maximum(scores - float(np.median(scores)), 0.0)) if len(scores) else scores


def lifted(scores: Float64Array, lift: Float64Array | Sequence[float]) -> Float64Array:
    """Log probabilities by words, each lifted by its share of the distance from the last one to the best, and by less
    where words leave little to others than the best."""
    lift = np.asarray(lift, dtype=np.float64)
    if not lift.any():
        return scores
    left = 1.0 - 1.0 / float(np.exp(scores - scores.max()).sum())
    undecided = min(1.0, left / UNDECIDED)
    return np.asarray(scores + PICTURE_WEIGHT * undecided * lift * (scores.max() - scores.min()))
