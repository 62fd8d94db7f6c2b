"""The gate: whether a new index generation may take the place of the live one.

Enters: comparisons of both on a question set. Leaves: a verdict that names every slice that fell, with numbers.
Must not know: how either was searched or built.

A wrong refusal costs little (the old generation stays, the flips can be looked at), a wrong swap costs answers. So:

- over all questions of a scope no measure may fall by more than ``TOLERANCE``, by chance or not;
- in a slice (kind of evidence, document type, direction between words and pictures) a measure may not fall by more than
  ``SLICE_TOLERANCE`` unless chance explains it (the paired 95 % interval reaches 0); a slice too small for an interval
  may not lose ``SMALL_LOSS`` questions more than it gains;
- the 95th percentile of a search's seconds may not grow beyond ``SLOWER`` times and ``SLOWER_SECONDS``.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from rag.evaluation.compare import Change, Comparison, SliceChange
from rag.evaluation.questionset import EVERY
from rag.evaluation.runs import Scope

MEASURES = ("R@5", "MRR@10", "region@5")
TOLERANCE = 0.005  # less than one question in 200
SLICE_TOLERANCE = 0.02  # falls below it are not worth a refusal, however sure
SMALL_SLICE = 10  # questions; with fewer an interval says little
SMALL_LOSS = 3.0  # questions, net
SLOWER, SLOWER_SECONDS = 2.0, 0.05  # factor and seconds: the machine's own load moves a p95 by a half


@dataclass(frozen=True, slots=True)
class Fall:
    """Something that may not happen: ``what`` fell (or grew, in seconds) from ``before`` to ``after``."""

    scope: Scope
    what: str
    measure: str
    before: float
    after: float
    reason: str

    def __str__(self) -> str:
        if self.measure == "p95":
            return f"{self.scope}: p95 {self.before * 1000:.0f} → {self.after * 1000:.0f} ms a question ({self.reason})"
        return f"{self.scope}, {self.what}: {self.measure} {self.before:.3f} → {self.after:.3f} ({self.reason})"


@dataclass(frozen=True, slots=True)
class Verdict:
    falls: tuple[Fall, ...]
    comparisons: tuple[Comparison, ...]

    @property
    def accepted(self) -> bool:
        return not self.falls

    def as_json(self) -> dict[str, Any]:
        names = ("scope", "what", "measure", "before", "after", "reason")
        falls = [{name: getattr(fall, name) for name in names} for fall in self.falls]
        return {"accepted": self.accepted, "falls": falls, **{c.scope: c.as_json() for c in self.comparisons}}


def judge(comparisons: Sequence[Comparison]) -> Verdict:
    """All rules over all scopes."""
    return Verdict(tuple(fall for comparison in comparisons for fall in _falls(comparison)), tuple(comparisons))


def _falls(comparison: Comparison) -> Iterator[Fall]:
    for part in comparison.slices:
        rule = _overall if part.slice == EVERY else _in_slice
        what = "all questions" if part.slice == EVERY else f"{part.slice.family} {part.slice.name}"
        for name in MEASURES:
            change = part.changes.get(name)
            if change is not None and (reason := rule(part, change)):
                yield Fall(comparison.scope, what, name, change.before, change.after, reason)
    before, after = comparison.before.p95, comparison.after.p95
    if after > SLOWER * before and after > before + SLOWER_SECONDS:
        yield Fall(comparison.scope, "latency", "p95", before, after, f"more than {SLOWER:g} times as long")


def _overall(part: SliceChange, change: Change) -> str:
    if change.difference.mean >= -TOLERANCE:
        return ""
    return f"{change.difference.questions} questions; {TOLERANCE:.3f} is tolerated"


def _in_slice(part: SliceChange, change: Change) -> str:
    """Why a slice has fallen; empty where it has not."""
    fall, low, high, count = change.difference
    if low is None or high is None or count < SMALL_SLICE:
        lost = -fall * count
        few = f"{count} questions, too few for an interval"
        return f"{few}; {lost:.1f} lost net, {SMALL_LOSS:g} are too many" if lost >= SMALL_LOSS - 1e-9 else ""
    if fall >= -SLICE_TOLERANCE or high >= 0:
        return ""
    return f"{count} questions; difference {fall:+.3f}, 95 % interval {low:+.3f} to {high:+.3f}"
