"""A run's scores: the mean of each measure with its interval, for every slice of the questions, and time per search.

A slice is a part of the questions: those whose evidence is a table, those of data sheets, those that ask with a
picture. Questions without evidence pages have no score; how many of them returned nothing is counted.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rag.evaluation.metrics import Estimate, Latency, estimates, latency, measure
from rag.evaluation.questionset import EVERY, Slice
from rag.evaluation.runs import QuestionResult, Run, Scope
from rag.types import SAME_PICTURE


@dataclass(frozen=True, slots=True)
class Row:
    """The mean of each measure over the questions of one scope and slice."""

    scope: Scope
    slice: Slice
    questions: int
    documents: int
    estimates: Mapping[str, Estimate]

    @property
    def measures(self) -> dict[str, float]:
        """The means alone."""
        return {name: estimate.mean for name, estimate in self.estimates.items()}


@dataclass(frozen=True, slots=True)
class Unanswerable:
    """Questions without evidence pages, and how many of them returned nothing.

    ``pictures`` of them ask with a picture; ``claimed`` is how many of these were said to stand on some page.
    """

    questions: int
    empty: int
    pictures: int
    claimed: int


@dataclass(frozen=True, slots=True)
class Report:
    """All scores of a run: a row per scope and slice; per scope the times and the questions without an answer."""

    rows: tuple[Row, ...]
    latencies: Mapping[Scope, Latency]
    unanswerable: Mapping[Scope, Unanswerable]

    def row(self, scope: Scope, name: str = "all") -> Row | None:
        """The row of a slice, None where the run has no such questions."""
        return next((row for row in self.rows if (row.scope, row.slice.name) == (scope, name)), None)

    def as_json(self) -> dict[str, Any]:
        """``measures`` by ``scope/kind``; ``slices`` has all of them, with intervals and counts. A stable format."""
        plain = [row for row in self.rows if row.slice.family in ("all", "kind", "how")]
        return {
            "measures": {f"{row.scope}/{row.slice.name}": _plain(row) for row in plain},
            "seconds": {scope: seconds._asdict() for scope, seconds in self.latencies.items()},
            "slices": [_full(row) for row in self.rows],
            "unanswerable": {
                scope: {"n": none.questions, "empty": none.empty, "pictures": none.pictures, "claimed": none.claimed}
                for scope, none in self.unanswerable.items()
            },
        }


def report_of(run: Run) -> Report:
    """The scores of a run. Questions without evidence pages are counted, not scored."""
    none = {scope: [entry for entry in found if not entry.question.pages] for scope, found in run.items()}
    return Report(
        tuple(row for scope, found in run.items() for row in score(found, scope)),
        {scope: latency([entry.seconds for entry in found]) for scope, found in run.items() if found},
        {scope: _unanswerable(found) for scope, found in none.items() if found},
    )


def _unanswerable(found: Sequence[QuestionResult]) -> Unanswerable:
    shown = [entry for entry in found if entry.question.image]
    claimed = sum(any(SAME_PICTURE in hit.channels for hit in entry.hits) for entry in shown)
    return Unanswerable(len(found), sum(not entry.hits for entry in found), len(shown), claimed)


def score(found: Sequence[QuestionResult], scope: Scope) -> list[Row]:
    """One row for all questions with evidence, then one per slice, by family and name."""
    scored = [(entry.question, measure(entry.question, entry.places)) for entry in found if entry.question.pages]
    groups: dict[Slice, list[int]] = defaultdict(list)
    for position, (question, _) in enumerate(scored):
        for part in question.slices:
            groups[part].append(position)
    rows = []
    for part in in_order(groups):
        chosen = [scored[position] for position in groups[part]]
        documents = [question.doc for question, _ in chosen]
        found_in = estimates([measures for _, measures in chosen], documents)
        rows.append(Row(scope, part, len(chosen), len(set(documents)), found_in))
    return rows


def in_order(slices: Mapping[Slice, object]) -> list[Slice]:
    """All questions first, then by kind, treatment, type and direction, each in alphabetical order."""
    families = ("all", "kind", "how", "type", "direction")
    return sorted(slices, key=lambda part: (part != EVERY, families.index(part.family), part.name))


def _plain(row: Row) -> dict[str, float]:
    return {"n": row.questions, **{name: round(value, 4) for name, value in row.measures.items()}}


def _full(row: Row) -> dict[str, Any]:
    return {
        "scope": row.scope,
        "family": row.slice.family,
        "name": row.slice.name,
        "n": row.questions,
        "documents": row.documents,
        "measures": {name: estimate_json(estimate) for name, estimate in row.estimates.items()},
    }


def estimate_json(estimate: Estimate) -> dict[str, float | int | None]:
    """A mean with its interval, rounded to four decimals."""
    low, high = (None if bound is None else round(bound, 4) for bound in (estimate.low, estimate.high))
    return {"mean": round(estimate.mean, 4), "low": low, "high": high, "n": estimate.questions}
