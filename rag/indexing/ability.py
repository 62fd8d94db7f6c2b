"""How well pictures are found by what is said of them, as numbers of vectors. Pure numpy.

Every caption is asked, and the right crop's rank among all crops of its kind is noted. The mean reciprocal rank, less
what chance reaches, is the reliability; so that few captions, or lucky ones, do not make a channel loud, not the mean
itself counts but its lower confidence bound: Wilson's (1927, "Probable inference"), which is exact enough for shares of
any count and on the safe side for averages of numbers between 0 and 1, whose variance is at most that of a share.

Example: of 8 captions among 8 crops that are all found first the bound is 0.60, chance 0.34, the reliability 0.39; of
128 among 128 it is 0.96.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from rag.storage.vectors.calibration import Ability
from rag.types import Float32Array, Float64Array

LEAST_QUESTIONS = 8  # different captions; fewer say nothing, whatever they find
BOUND = 2.33  # standard deviations: one encoder of a hundred that guesses is thought better than chance
SAME = 0.01  # of the mean squared distance from the mean: crops nearer to each other than this show the same
NO_SPREAD = 1e-6  # of that mean squared distance (lengths are 1): all crops are one picture
ANY_WORDS = 0.95  # share of passages no crop of which scores higher than the one that is surely meant
MISSED = 0.1  # share of right crops that may score less than what counts as likely by chance
LEAST_RISE = 1e-3  # between the two thresholds

Bools = NDArray[np.bool_]


class Asked(NamedTuple):
    """Captions and the crops that they belong to.

    ``captions`` (questions, d) and ``passages`` (any, d) are centred unit rows of texts, ``pictures`` (pictures, d)
    rows of crops less their mean. ``right`` (questions,) are rows of ``pictures``; ``not_wrong`` (questions, pictures)
    marks others that are no wrong answer: parts of the right crop, crops with the same caption.
    """

    captions: Float32Array
    right: NDArray[np.intp]
    pictures: Float32Array
    not_wrong: Bools
    passages: Float32Array


def measure(asked: Asked) -> Ability:
    """The ability of one kind of pictures. Crops that show the same count as one, with one question."""
    groups = groups_of(asked.pictures)
    first = np.unique(groups)
    rows = _one_each(groups[asked.right])
    pictures = asked.pictures[first]
    right = np.searchsorted(first, groups[asked.right[rows]])
    if len(rows) < LEAST_QUESTIONS or len(first) < LEAST_QUESTIONS:
        return Ability(len(rows), len(first))
    scores = (asked.captions[rows] @ pictures.T).astype(np.float64)
    wrong = ~asked.not_wrong[rows][:, first]
    wrong[np.arange(len(rows)), right] = False
    own = scores[np.arange(len(rows)), right]
    ranks = ranks_of(scores, own, wrong)
    found, chance = float(np.mean(1.0 / ranks)), float(np.mean([_by_chance(count + 1) for count in wrong.sum(axis=1)]))
    bound = lower_bound(found, len(rows))
    reliability = max(0.0, (bound - chance) / (1.0 - chance)) if chance < 1.0 else 0.0
    least, sure = _thresholds(own, np.where(wrong, scores, -1.0).max(axis=1), asked.passages @ pictures.T)
    return Ability(len(rows), len(first), found, chance, reliability, least, sure)


def ranks_of(scores: Float64Array, own: Float64Array, wrong: Bools) -> Float64Array:
    """(questions,) rank from 1 of the right crop among the wrong ones; of those that tie with it half stand before it.

    ``scores`` and ``wrong`` are (questions, pictures), ``own`` (questions,) the score of the right one.
    """
    above = ((scores > own[:, None]) & wrong).sum(axis=1)
    level = ((scores == own[:, None]) & wrong).sum(axis=1)
    return np.asarray(1.0 + above + level / 2.0, dtype=np.float64)


def lower_bound(mean: float, count: int) -> float:
    """Wilson's lower bound of a mean of ``count`` numbers between 0 and 1."""
    z = BOUND * BOUND / count
    margin = BOUND * np.sqrt(mean * (1.0 - mean) / count + z / (4.0 * count))
    return float(max(0.0, (mean + z / 2.0 - margin) / (1.0 + z)))


def groups_of(pictures: Float32Array) -> NDArray[np.intp]:
    """(pictures,) the first row that shows the same as each row: the logo on every page is one picture."""
    spread = float(np.mean(np.sum((pictures - pictures.mean(axis=0)) ** 2, axis=1)))
    if spread < NO_SPREAD:
        return np.zeros(len(pictures), dtype=np.intp)
    lengths = np.sum(pictures**2, axis=1)
    groups = np.full(len(pictures), -1, dtype=np.intp)
    for row in range(len(pictures)):
        if groups[row] < 0:
            apart = lengths + lengths[row] - 2.0 * (pictures @ pictures[row])
            groups[(apart < SAME * spread) & (groups < 0)] = row
            groups[row] = row
    return groups


def _one_each(groups: NDArray[np.intp]) -> NDArray[np.intp]:
    """The first question of each group, in the order of the questions."""
    return np.sort(np.unique(groups, return_index=True)[1])


def _by_chance(count: int) -> float:
    """Mean of 1 / rank over ``count`` equally likely ranks."""
    return float(np.mean(1.0 / np.arange(1, count + 1)))


def _thresholds(own: Float64Array, best_wrong: Float64Array, by_passages: Float32Array) -> tuple[float, float]:
    """``least`` and ``sure`` of :class:`Ability`: passages, most of which are about no picture, tell what any words
    score; where there are few of them, the best wrong crops of the captions. Few right crops are below ``least``."""
    any_words = by_passages.max(axis=1) if len(by_passages) >= LEAST_QUESTIONS else best_wrong
    least = min(float(np.median(any_words)), float(np.quantile(own, MISSED)))
    return least, max(float(np.median(own)), float(np.quantile(any_words, ANY_WORDS)), least + LEAST_RISE)
