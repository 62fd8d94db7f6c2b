"""A run's scores: the mean of each measure with its interval, for every slice of the questions, and time per search.

Beside each measure of pages stands the baseline's: what the plain sum of the channels' reciprocal ranks reaches, of
which every channel alone is told, too. :func:`together` gives the mean of several question sets, each the same weight.

A slice is a part of the questions: those whose evidence is a table, those of data sheets, those that ask with a
picture. Questions without evidence pages have no score; how many of them returned nothing is counted.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, get_args

from rag.evaluation.answer_measures import answer_measures
from rag.evaluation.metrics import Estimate, HitLocation, Latency, estimates, latency, measure
from rag.evaluation.names import OF_PAGES, RECALL_AT
from rag.evaluation.questionset import EVERY, Family, Slice
from rag.evaluation.runs import NOWHERE, QuestionResult, Run, Scope
from rag.types import SAME_PICTURE

BY_PICTURE = frozenset({SAME_PICTURE, "image to image"})  # channels that search with a picture, beside "picture's …"


@dataclass(frozen=True, slots=True)
class Row:
    """The mean of each measure over the questions of one scope and slice.

    ``baseline`` is the same of the sum of reciprocal ranks, for measures of pages; empty where that is not known.
    """

    scope: Scope
    slice: Slice
    questions: int
    documents: int
    estimates: Mapping[str, Estimate]
    baseline: Mapping[str, Estimate] = field(default_factory=dict)

    @property
    def measures(self) -> dict[str, float]:
        """The means alone."""
        return {name: estimate.mean for name, estimate in self.estimates.items()}


@dataclass(frozen=True, slots=True)
class Unanswerable:
    """Questions without evidence pages, and how many of them returned nothing.

    ``pictures`` of them ask with a picture; ``claimed`` is how many of these were said to stand on some page. Of those
    that were answered (``answered``) ``refused`` got no answer, as is right.
    """

    questions: int
    empty: int
    pictures: int
    claimed: int
    answered: int = 0
    refused: int = 0


@dataclass(frozen=True, slots=True)
class Report:
    """All scores of a run: a row per scope and slice; per scope the times, the questions without an answer, and how
    often each channel alone has an evidence page among its first pages (by its name, then ``R@k``, of ``n``)."""

    rows: tuple[Row, ...]
    latencies: Mapping[Scope, Latency]
    unanswerable: Mapping[Scope, Unanswerable]
    channels: Mapping[Scope, Mapping[str, Mapping[str, float]]] = field(default_factory=dict)

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
            "channels": {
                scope: {name: _rounded(shares) for name, shares in channels.items()}
                for scope, channels in self.channels.items()
            },
            "unanswerable": {scope: _unanswerable_json(none) for scope, none in self.unanswerable.items()},
        }


def report_of(run: Run) -> Report:
    """The scores of a run. Questions without evidence pages are counted, not scored."""
    none = {scope: [entry for entry in found if not entry.question.pages] for scope, found in run.items()}
    return Report(
        tuple(row for scope, found in run.items() for row in score(found, scope)),
        {scope: latency([entry.seconds for entry in found]) for scope, found in run.items() if found},
        {scope: _unanswerable(found) for scope, found in none.items() if found},
        {scope: alone for scope, found in run.items() if (alone := channels_alone(found))},
    )


def together(reports: Sequence[Report]) -> dict[Scope, dict[str, tuple[float, float | None]]]:
    """By scope, each measure's mean over the sets that have it, each set the same weight, and its baseline's.

    Scopes and measures that not all sets have are left out: their mean would be of other sets than the rest.
    """
    found: dict[Scope, dict[str, tuple[float, float | None]]] = {}
    for scope in dict.fromkeys(row.scope for report in reports for row in report.rows):
        rows = [row for report in reports if (row := report.row(scope)) is not None]
        if len(rows) == len(reports):
            names = [name for name in rows[0].estimates if all(name in row.estimates for row in rows)]
            found[scope] = {name: (_mean([r.estimates for r in rows], name), _baseline(rows, name)) for name in names}
    return found


def _mean(found: Sequence[Mapping[str, Estimate]], name: str) -> float:
    return sum(entry[name].mean for entry in found) / len(found)


def _baseline(rows: Sequence[Row], name: str) -> float | None:
    return _mean([row.baseline for row in rows], name) if all(name in row.baseline for row in rows) else None


def _unanswerable(found: Sequence[QuestionResult]) -> Unanswerable:
    shown = [entry for entry in found if entry.question.image]
    claimed = sum(any(SAME_PICTURE in hit.channels for hit in entry.hits) for entry in shown)
    answers = [entry.answer for entry in found if entry.answer is not None]
    refused = sum(answer.refused for answer in answers)
    return Unanswerable(len(found), sum(not entry.hits for entry in found), len(shown), claimed, len(answers), refused)


def channels_alone(found: Sequence[QuestionResult]) -> dict[str, dict[str, float]]:
    """By channel the share of questions with evidence of which it has a page among its first k; empty if not known.

    Channels of pictures are judged by the questions that ask with one, those of words by those that ask in words.
    """
    known = [(entry.question, entry.ranked.channels) for entry in found if entry.question.pages and entry.ranked]
    alone: dict[str, dict[str, float]] = {}
    for name in sorted({name for _, channels in known for name in channels}):
        by_picture = name in BY_PICTURE or name.startswith("picture's ")
        ranks = [
            channels.get(name) for question, channels in known if (question.image if by_picture else question.text)
        ]
        found_at = {f"R@{k}": sum(rank is not None and rank <= k for rank in ranks) / len(ranks) for k in RECALL_AT}
        alone[name] = {"n": len(ranks), **found_at}
    return alone


def score(found: Sequence[QuestionResult], scope: Scope) -> list[Row]:
    """One row for all questions with evidence, then one per slice, by family and name."""
    evident = [entry for entry in found if entry.question.pages]
    scored, baselines = [(entry.question, measures_of(entry)) for entry in evident], [*map(baseline_of, evident)]
    groups: dict[Slice, list[int]] = defaultdict(list)
    for position, (question, _) in enumerate(scored):
        for part in question.slices:
            groups[part].append(position)
    rows = []
    for part in in_order(groups):
        chosen = [scored[position] for position in groups[part]]
        documents = [question.doc for question, _ in chosen]
        found_in = estimates([measures for _, measures in chosen], documents)
        fused = [baselines[position] for position in groups[part]]
        known = [(row, doc) for row, doc in zip(fused, documents, strict=True) if row is not None]
        baseline = estimates([row for row, _ in known], [doc for _, doc in known]) if len(known) == len(fused) else {}
        rows.append(Row(scope, part, len(chosen), len(set(documents)), found_in, baseline))
    return rows


def measures_of(found: QuestionResult) -> dict[str, float]:
    """All measures of a question with evidence: where its pages stand, and what it was answered."""
    measures = measure(found.question, found.places)
    if found.answer is not None:
        measures |= answer_measures(found.question, found.answer)
    return measures


def baseline_of(found: QuestionResult) -> dict[str, float] | None:
    """The measures of pages of the sum of the channels' reciprocal ranks; None where the run does not have it."""
    if found.baseline is None:
        return None
    places = [HitLocation(doc, page, NOWHERE) for doc, page in found.baseline]
    return {name: value for name, value in measure(found.question, places).items() if name in OF_PAGES}


def in_order(slices: Mapping[Slice, object]) -> list[Slice]:
    """All questions first, then by what they are parted by, each in alphabetical order."""
    families = get_args(Family)
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
        "baseline": {name: estimate_json(estimate) for name, estimate in row.baseline.items()},
    }


def _unanswerable_json(none: Unanswerable) -> dict[str, int]:
    counts = {"n": none.questions, "empty": none.empty, "pictures": none.pictures, "claimed": none.claimed}
    return counts | ({"answered": none.answered, "refused": none.refused} if none.answered else {})


def _rounded(values: Mapping[str, float]) -> dict[str, float]:
    return {name: round(value, 4) for name, value in values.items()}


def estimate_json(estimate: Estimate) -> dict[str, float | int | None]:
    """A mean with its interval, rounded to four decimals."""
    low, high = (None if bound is None else round(bound, 4) for bound in (estimate.low, estimate.high))
    return {"mean": round(estimate.mean, 4), "low": low, "high": high, "n": estimate.questions}
