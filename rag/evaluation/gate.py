"""The gate: whether a new index generation may take the place of the live one.

A wrong swap costs answers; a wrong refusal costs little (what is refused stays, and the flips can be looked at), but a
gate that refuses for a single question is soon ignored. So a fall must be large enough to matter and no chance:

- large enough: more than the tolerance over all questions of a scope, more than ``IN_SLICES`` times it in a slice (kind
  of evidence, style of asking, document type, direction between words and pictures);
- no chance: of draws of the documents ``SURE`` see it fall over all questions, ``SURE_IN_SLICES`` in a slice, because
  of a dozen slices one falls by chance;
- where there are too few documents to draw, and for a fall of ``FAR`` times what is tolerated, which may be that of a
  single document, questions are counted: at least ``COUNTED`` lost net, and no more found than as many tosses of a coin
  would give with a probability of ``COIN`` (the sign test);
- of several question sets each is judged by itself: what one gains does not make up for what another loses;
- the 95th percentile of a search's seconds may not grow beyond ``SLOWER`` times and ``SLOWER_SECONDS``.

Of simulated generations that are no worse, only different (3 % or 10 % of 251 questions of 40 documents take the rank
of another question), 10 % and 37 % are refused; of those that lose 2 % of the questions 85 %, 4 % of them 98 %.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from math import comb
from typing import Any

from rag.evaluation.compare import Change, Comparison
from rag.evaluation.questionset import EVERY
from rag.evaluation.runs import Scope

MEASURES = ("R@5", "MRR@10", "region@5")
TOLERANCE = 0.01  # over all questions: two or three of 251, as many as change places with any change
IN_SLICES = 2.0  # times the tolerance
SURE = 0.95  # share of the draws, over all questions
SURE_IN_SLICES = 0.99  # the same in a slice: of a dozen slices one falls by chance
FAR = 5.0  # times what is tolerated
SMALL_SLICE = 10  # questions; with fewer the draws say little
COUNTED = 3.0  # questions lost, less those found
COIN = 1 / 8  # three lost and none found, or seven and two
SLOWER = 2.0  # factor of the 95th percentile: the machine's own load moves it by a half
SLOWER_SECONDS = 0.05  # seconds that it must grow by as well


@dataclass(frozen=True, slots=True)
class Fall:
    """Something that may not happen: ``what`` fell (or grew, in seconds) from ``before`` to ``after``.

    ``name`` is that of the question set, where there are several.
    """

    scope: Scope
    what: str
    measure: str
    before: float
    after: float
    reason: str
    name: str = ""

    def __str__(self) -> str:
        where = f"{self.name}, {self.scope}" if self.name else self.scope
        if self.measure == "p95":
            before, after = self.before * 1000, self.after * 1000
            return f"{where}: p95 {before:.0f} → {after:.0f} ms per question ({self.reason})"
        return f"{where}, {self.what}: {self.measure} {self.before:.3f} → {self.after:.3f} ({self.reason})"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What fell, and the comparisons that show it."""

    falls: tuple[Fall, ...]
    comparisons: tuple[Comparison, ...]

    @property
    def accepted(self) -> bool:
        """Whether the new generation may be used."""
        return not self.falls

    def summary(self) -> dict[str, Any]:
        """Whether it was accepted, and what fell: for the record, as JSON can hold it."""
        return {"accepted": self.accepted, "falls": [asdict(fall) for fall in self.falls]}

    def as_json(self) -> dict[str, Any]:
        """The summary with all comparisons by scope, and of several question sets by the sets' names first."""
        by_set: dict[str, dict[str, Any]] = {}
        for found in self.comparisons:
            by_set.setdefault(found.name, {})[found.scope] = found.as_json()
        return self.summary() | by_set.pop("", {}) | ({"sets": by_set} if by_set else {})


def judge(comparisons: Sequence[Comparison], tolerance: float = TOLERANCE) -> Verdict:
    """The verdict of all rules over all scopes; ``tolerance`` is the fall of a mean (0 to 1) that is let pass."""
    falls = (fall for comparison in comparisons for fall in _falls(comparison, tolerance))
    return Verdict(tuple(falls), tuple(comparisons))


def _falls(comparison: Comparison, tolerance: float) -> Iterator[Fall]:
    for part in comparison.slices:
        whole = part.slice == EVERY
        what = "all questions" if whole else f"{part.slice.family} {part.slice.name}"
        tolerated, sure = (tolerance, SURE) if whole else (IN_SLICES * tolerance, SURE_IN_SLICES)
        for name in MEASURES:
            change = part.changes.get(name)
            if change is not None and (reason := _reason(change, tolerated, sure)):
                yield Fall(comparison.scope, what, name, change.before, change.after, reason, comparison.name)
    before, after = comparison.before.p95, comparison.after.p95
    if after > SLOWER * before and after > before + SLOWER_SECONDS:
        reason = f"more than {SLOWER:g} times as long"
        yield Fall(comparison.scope, "latency", "p95", before, after, reason, comparison.name)


def _reason(change: Change, tolerated: float, sure: float) -> str:
    """Why a fall counts, with its numbers; empty where there is none that does."""
    mean, _, _, count = change.difference
    if mean >= -tolerated:
        return ""
    flips = f"{count} questions: {change.lost} lost, {change.found} found; {tolerated:.3f} tolerated"
    drawable = change.fell is not None and count >= SMALL_SLICE
    if drawable and change.fell is not None and change.fell >= sure:
        return f"{flips}; falls in {change.fell:.1%} of draws"
    if (not drawable or mean < -FAR * tolerated) and _by_count(change):
        return f"{flips}; a coin does so in {_coin(change.lost, change.found):.1%}"
    return ""


def _by_count(change: Change) -> bool:
    lost = -change.difference.mean * change.difference.questions
    return lost >= COUNTED - 1e-9 and _coin(change.lost, change.found) <= COIN


def _coin(lost: int, found: int) -> float:
    """How probable it is that of as many flips at least so many are lost, where either is as likely."""
    flips = lost + found
    return sum(comb(flips, number) for number in range(lost, flips + 1)) / (1 << flips)
