"""The scores of the answers of a run: how right they are, what they cite, when they refuse, how long they take.

Each measure is a mean over the questions that have it (:func:`rag.evaluation.answer_measures.judged`), with an interval
from drawing whole documents. :func:`compare_answers` puts two runs of the same questions beside each other, question by
question.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from rag.evaluation.answer_measures import VERDICTS, Verdict, judged, on_evidence_page, verdict
from rag.evaluation.compare import SliceChange, change_of, slice_json
from rag.evaluation.metrics import Estimate, Latency, estimates, latency
from rag.evaluation.questionset import Question, Slice
from rag.evaluation.runs import CitedPlace, GivenAnswer, QuestionResult, Run, Scope
from rag.evaluation.scores import estimate_json, in_order


@dataclass(frozen=True, slots=True)
class AnswerRow:
    """The mean of each measure over the questions of one slice."""

    slice: Slice
    questions: int
    documents: int
    estimates: Mapping[str, Estimate]


class Refusals(NamedTuple):
    """Refusing as a judgement: ``precision`` is the share of the ``refused`` questions that have no answer, ``recall``
    the share of the ``unanswerable`` that are refused; None where there are none."""

    refused: int
    unanswerable: int
    precision: float | None
    recall: float | None

    @property
    def f1(self) -> float | None:
        """The harmonic mean of both."""
        if self.precision is None or self.recall is None:
            return None
        total = self.precision + self.recall
        return 2 * self.precision * self.recall / total if total else 0.0


class Step(NamedTuple):
    """What it means that answers say they are so sure: of how many ``questions``, the means of what was right.

    ``unanswerable`` is the share of questions that have no answer.
    """

    name: str
    questions: int
    unanswerable: float
    estimates: Mapping[str, Estimate]


@dataclass(frozen=True, slots=True)
class AnswerScores:
    """All scores of the answers of one scope; ``writing`` and ``whole`` are the times without and with the search,
    ``processor`` the processor's seconds without it."""

    scope: Scope
    rows: tuple[AnswerRow, ...]
    refusals: Refusals
    verdicts: Mapping[Verdict, int]
    steps: tuple[Step, ...]
    writing: Latency | None
    whole: Latency | None
    processor: Latency | None
    by_document: Mapping[str, Mapping[str, float]]

    @property
    def every(self) -> AnswerRow:
        """The row of all questions."""
        return self.rows[0]

    def as_json(self) -> dict[str, Any]:
        """For ``--json``: a stable format."""
        return {
            "slices": [_row_json(row) for row in self.rows],
            "refusals": {**self.refusals._asdict(), "f1": self.refusals.f1},
            "verdicts": dict(self.verdicts),
            "confidence": [_step_json(step) for step in self.steps],
            "seconds": {
                "answer": self.writing and self.writing._asdict(),
                "whole": self.whole and self.whole._asdict(),
                "processor": self.processor and self.processor._asdict(),
            },
            "documents": {doc: {k: round(v, 4) for k, v in means.items()} for doc, means in self.by_document.items()},
        }


@dataclass(frozen=True, slots=True)
class AnswerComparison:
    """The answers of two runs in one scope, paired; ``moved`` are the questions whose verdict changed, with both.

    ``before`` and ``after`` are the times of whole answers, None where they are not known.
    """

    scope: Scope
    slices: tuple[SliceChange, ...]
    moved: tuple[tuple[Question, Verdict, Verdict], ...]
    before: Latency | None
    after: Latency | None

    def as_json(self) -> dict[str, Any]:
        """For ``--json``: a stable format."""
        return {
            "slices": [slice_json(part) for part in self.slices],
            "moved": [
                {"id": question.line, "question": question.text, "doc": question.doc, "before": was, "after": now}
                for question, was, now in self.moved
            ],
            "seconds": {
                "before": self.before and self.before._asdict(),
                "after": self.after and self.after._asdict(),
            },
        }


class Answered(NamedTuple):
    """A question that was answered, with what was."""

    question: Question
    given: GivenAnswer


def answered_of(found: Sequence[QuestionResult]) -> list[Answered]:
    """The questions of a run that were answered."""
    return [Answered(entry.question, entry.answer) for entry in found if entry.answer is not None]


def score_answers(run: Run) -> dict[Scope, AnswerScores]:
    """The scores of each scope's answers; nothing for a scope without any."""
    by_scope = {scope: answered_of(found) for scope, found in run.items()}
    return {scope: _scores(scope, answers) for scope, answers in by_scope.items() if answers}


def compare_answers(before: Run, after: Run) -> dict[Scope, AnswerComparison]:
    """What changed, in each scope of which both runs have answers."""
    found = {}
    for scope in before:
        old, new = (
            {entry.question.line: entry for entry in answered_of(run.get(scope, ()))} for run in (before, after)
        )
        both = [(old[line], new[line]) for line in old if line in new]
        if both:
            found[scope] = _compared(scope, both)
    return found


def listing(run: Run, name: str) -> list[dict[str, Any]]:
    """Every answer as a line of a file for people to read: what was asked, what is right, what was said and cited."""
    return [{"set": name, "scope": scope, **_line(one)} for scope, found in run.items() for one in answered_of(found)]


def _scores(scope: Scope, answers: Sequence[Answered]) -> AnswerScores:
    measured = [judged(one.question, one.given) for one in answers]
    groups: dict[Slice, list[int]] = defaultdict(list)
    of_documents: dict[str, list[int]] = defaultdict(list)
    for position, one in enumerate(answers):
        of_documents[one.question.doc].append(position)
        for part in one.question.answer_slices:
            groups[part].append(position)
    rows = []
    for part in in_order(groups):
        documents = [answers[position].question.doc for position in groups[part]]
        found = estimates([measured[position] for position in groups[part]], documents)
        rows.append(AnswerRow(part, len(documents), len(set(documents)), found))
    by_document = {doc: _means([measured[at] for at in positions]) for doc, positions in of_documents.items()}
    verdicts = Counter(verdict(one.question, one.given) for one in answers)
    return AnswerScores(
        scope,
        tuple(rows),
        _refusals(answers),
        {name: verdicts[name] for name in VERDICTS if verdicts[name]},
        tuple(_steps(answers, measured)),
        _latency([one.given.writing for one in answers if one.given.writing is not None]),
        _latency([one.given.seconds for one in answers if one.given.seconds is not None]),
        _latency([one.given.processor for one in answers if one.given.processor is not None]),
        by_document,
    )


def _means(rows: Sequence[Mapping[str, float]]) -> dict[str, float]:
    values: dict[str, list[float]] = defaultdict(list)
    for row in rows:
        for name, value in row.items():
            values[name].append(value)
    return {"n": float(len(rows)), **{name: sum(found) / len(found) for name, found in values.items()}}


def _refusals(answers: Sequence[Answered]) -> Refusals:
    refused = [not one.question.answerable for one in answers if one.given.refused]
    none = [one.given.refused for one in answers if not one.question.answerable]
    return Refusals(
        len(refused),
        len(none),
        sum(refused) / len(refused) if refused else None,
        sum(none) / len(none) if none else None,
    )


def _steps(answers: Sequence[Answered], measured: Sequence[Mapping[str, float]]) -> list[Step]:
    steps: dict[str, list[int]] = defaultdict(list)
    for position, one in enumerate(answers):
        if one.given.sure:
            steps[one.given.sure].append(position)
    found = []
    for name, positions in sorted(steps.items()):
        none = sum(not answers[at].question.answerable for at in positions) / len(positions)
        documents = [answers[at].question.doc for at in positions]
        found.append(Step(name, len(positions), none, estimates([measured[at] for at in positions], documents)))
    return found


def _latency(seconds: Sequence[float]) -> Latency | None:
    return latency(seconds) if seconds else None


def _compared(scope: Scope, both: Sequence[tuple[Answered, Answered]]) -> AnswerComparison:
    groups: dict[Slice, list[tuple[Question, Mapping[str, float], Mapping[str, float]]]] = defaultdict(list)
    moved = []
    for old, new in both:
        was, now = judged(old.question, old.given), judged(new.question, new.given)
        shared = [name for name in was if name in now]
        row = (old.question, {name: was[name] for name in shared}, {name: now[name] for name in shared})
        for part in old.question.answer_slices:
            groups[part].append(row)
        verdicts = verdict(old.question, old.given), verdict(new.question, new.given)
        if verdicts[0] != verdicts[1]:
            moved.append((old.question, *verdicts))
    seconds = ([one.given.seconds for one in side if one.given.seconds is not None] for side in zip(*both, strict=True))
    before, after = map(_latency, seconds)
    slices = tuple(change_of(part, groups[part]) for part in in_order(groups))
    return AnswerComparison(scope, slices, tuple(moved), before, after)


def _line(one: Answered) -> dict[str, Any]:
    question, given = one
    return {
        "id": question.line,
        "doc": question.doc,
        "question": question.text,
        "history": list(question.history),
        "image": str(question.image) if question.image else None,
        "answerable": question.answerable,
        "gold": question.answer,
        "quote": question.quote,
        "pages": sorted(question.pages),
        "verdict": verdict(question, given),
        "answer": given.text,
        "refused": given.refused,
        "sure": given.sure,
        "cited": [_cited(question, place) for place in given.places or ()],
        "shown": [f"{doc} p. {page}" for doc, page in given.shown or ()],
        "gold_in_pages": given.gold and given.gold.pages,
        "measures": {name: round(value, 4) for name, value in judged(question, given).items()},
        "failed": given.failed,
        "seconds": given.seconds,
        "model": given.model,
    }


def _cited(question: Question, place: CitedPlace) -> dict[str, Any]:
    return {
        "n": place.number,
        "doc": place.doc,
        "page": place.page,
        "bbox": list(place.bbox),
        "supported": place.supported,
        "evidence_page": on_evidence_page(question, place),
    }


def _row_json(row: AnswerRow) -> dict[str, Any]:
    return {
        "family": row.slice.family,
        "name": row.slice.name,
        "n": row.questions,
        "documents": row.documents,
        "measures": {name: estimate_json(estimate) for name, estimate in row.estimates.items()},
    }


def _step_json(step: Step) -> dict[str, Any]:
    measures = {name: estimate_json(estimate) for name, estimate in step.estimates.items()}
    return {"step": step.name, "n": step.questions, "unanswerable": round(step.unanswerable, 4), "measures": measures}
