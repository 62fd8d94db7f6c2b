"""Numbers, names and places as they stand in the cells of a report."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence

from rag.evaluation.compare import Change
from rag.evaluation.metrics import Estimate, Latency
from rag.evaluation.runs import Scope, place_of
from rag.evaluation.scores import Row

SLICED = ("R@5", "region@5")  # what is shown of every slice; the JSON has all
LONGEST_NAME = 48  # characters of a document's name; the middle of a longer one is left out
CHANGE_HEAD = "before after  difference [95 %]        lost found"  # above the cells of changes
SET_NAME = 30  # the same of a question set's


def with_interval(estimate: Estimate | None) -> str:
    """A mean with its interval, where there is one."""
    if estimate is None or not estimate.questions:
        return "–"
    if estimate.low is None or estimate.high is None:
        return f"{estimate.mean:.3f}"
    return f"{estimate.mean:.3f} [{estimate.low:.2f}, {estimate.high:.2f}]"


def mean(estimate: Estimate | None) -> str:
    """A mean alone."""
    return "–" if estimate is None or not estimate.questions else f"{estimate.mean:.3f}"


def beside(row: Row, name: str) -> str:
    """What the sum of ranks reaches; empty where that is not known."""
    return mean(row.baseline[name]) if name in row.baseline else ""


def timed(scope: Scope, seconds: Latency) -> str:
    """Where was searched, and how long a search took."""
    return f"{place_of(scope)}: {milliseconds(seconds)} per question (p50 / p95)"


def milliseconds(seconds: Latency) -> str:
    """Median and 95th percentile."""
    return f"{seconds.p50 * 1000:.0f} / {seconds.p95 * 1000:.0f} ms"


def in_pairs(scopes: Sequence[Scope]) -> list[Sequence[Scope]]:
    """As many scopes as fit beside each other."""
    return [scopes[start : start + 2] for start in range(0, len(scopes), 2)]


def shortened(name: str, longest: int = LONGEST_NAME) -> str:
    """A name; the middle of one that is too long is left out."""
    return name if len(name) <= longest else f"{name[: longest - 13]}…{name[-12:]}"


def cut(text: str, width: int) -> str:
    """A text; the end of one that is too long is left out."""
    return textwrap.shorten(text, width, placeholder=" …")


def change_cells(change: Change) -> str:
    """As under :data:`CHANGE_HEAD`; a fractional measure is lost or found where it is less or more than before."""
    mean, low, high, _ = change.difference
    if not change.lost and not change.found:
        return f"{_short(change.before)}{_short(change.after)}–"
    interval = "" if low is None or high is None else f" [{low:+.3f}, {high:+.3f}]"
    sure = "" if low is None or high is None or low <= 0 <= high else "  better" if mean > 0 else "  worse"
    both = f"{_short(change.before)}{_short(change.after)}"
    return f"{both}{mean:+.3f}{interval:<18}{change.lost:>5} {change.found:>5}{sure}"


def _short(value: float) -> str:
    """A share with three decimals; a count, which may be large, with one."""
    return f"{f'{value:.3f}' if value < 10 else f'{value:.1f}':<7}"
