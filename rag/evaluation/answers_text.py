"""What an evaluation found of answers, as lines for people: measures, slices, verdicts, confidence, changes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from rag.evaluation.answer_measures import VERDICTS
from rag.evaluation.answer_scores import AnswerComparison, AnswerRow, AnswerScores, Refusals
from rag.evaluation.metrics import Estimate, Latency
from rag.evaluation.questionset import EVERY, Slice
from rag.evaluation.report_cells import SET_NAME, change_cells, cut, mean, milliseconds, shortened, with_interval
from rag.evaluation.runs import Scope, place_of

GOLD = {
    "gold said": "the answer's text says the right answer",
    "gold cited": "… a cited piece of evidence",
    "gold cited there": "… a cited piece on an evidence page",
    "gold shown": "… a piece of evidence that was shown",
}
"""Measures over the questions of which a text of the evidence pages holds the right answer."""

OTHERS = {
    "gold said, all": "the answer's text says it, of all answerable",
    "refused": "answerable, refused",
    "page shown": "an evidence page is among those shown",
    "first cited": "answered: first citation on an evidence page",
    "any cited": "answered: some citation on one",
    "stray cited": "answered: some citation on none",
    "box cited": "answered: a box with IoU ≥ .5 of the evidence's",
    "declined": "without an answer, refused",
    "refusal right": "refused: rightly",
    "supported": "citations that the claim check supports",
    "weak": "… weakly",
}
COUNTED = {
    "citations": "citations of an answer",
    "characters": "characters of an answer",
    "doubts": "sentences of an answer that cite nothing",
}
SLICED = ("gold said", "gold cited", "first cited", "refused")  # what is shown of every slice; the JSON has all
LISTED = 40  # questions whose verdict changed that are listed; the JSON has all
WIDTH = 70  # characters of a question that is listed


def answer_lines(scores: Mapping[str, Mapping[Scope, AnswerScores]]) -> list[str]:
    """The answers of question sets by their names and scopes; nothing where there are none."""
    lines: list[str] = []
    scopes = list(dict.fromkeys(scope for of_set in scores.values() for scope in of_set))
    for scope in scopes:
        sets = {name: of_set[scope] for name, of_set in scores.items() if scope in of_set}
        lines += ["", *_measures(scope, sets), "", *_slices(sets), *_steps(sets), "", *_verdicts(sets)]
    return lines


def comparison_of_answers(name: str, comparison: AnswerComparison) -> Iterator[str]:
    """What changed in the answers of one set and scope, and the questions that another thing became of."""
    whole = next(part for part in comparison.slices if part.slice == EVERY)
    yield f"answers, {f'{name}, ' if name else ''}{place_of(comparison.scope)}: {whole.questions} questions"
    yield f"{'':49}{'n':>4}  before after  difference [95 %]        less  more"
    for measure, meaning in (GOLD | OTHERS | COUNTED).items():
        if measure in whole.changes:
            change = whole.changes[measure]
            yield f"{measure:<18}{cut(meaning, 48 - 18):<31}{change.difference.questions:>4}  {change_cells(change)}"
    if comparison.before and comparison.after:
        yield f"{'p50 / p95 of an answer':<55}{milliseconds(comparison.before)} → {milliseconds(comparison.after)}"
    for question, was, now in comparison.moved[:LISTED]:
        yield f"  {question.line:>4}: {cut(question.text, WIDTH)}: {was} → {now}"
    if len(comparison.moved) > LISTED:
        yield f"  … and {len(comparison.moved) - LISTED} further questions of which another thing became"


def _measures(scope: Scope, sets: Mapping[str, AnswerScores]) -> Iterator[str]:
    yield f"answers {place_of(scope)}; in brackets what 95 % of draws of the documents give"
    found = list(sets.values())
    heads = "".join(f"{shortened(name, SET_NAME):<32}" for name in sets)
    yield f"{'':52}{heads}".rstrip()
    yield _line("right answer in a text of the evidence pages", [_of(one.every, "gold said") for one in found])
    for names in (GOLD, OTHERS, COUNTED):
        for name, meaning in names.items():
            means = [one.every.estimates.get(name) for one in found]
            if any(means):
                yield _line(meaning, [_cell(estimate, name in COUNTED) for estimate in means])
    for label, pick in (("precision", 0), ("recall", 1), ("F1", 2)):
        yield _line(f"refusing: {label}", [_refusal(one.refusals, pick) for one in found])
    yield _line("time without the search, p50 / p95", [_time(one.writing) for one in found])
    yield _line("… of the processor", [_time(one.processor) for one in found])
    yield _line("time of the whole answer, p50 / p95", [_time(one.whole) for one in found])


def _line(meaning: str, cells: Sequence[str]) -> str:
    return f"{meaning:<52}{''.join(f'{cell:<32}' for cell in cells)}".rstrip()


def _cell(estimate: Estimate | None, counted: bool) -> str:
    if estimate is None:
        return "–"
    if counted:
        return f"{estimate.mean:.1f} ({estimate.questions})"
    return f"{with_interval(estimate)} ({estimate.questions})"


def _time(seconds: Latency | None) -> str:
    return "–" if seconds is None else milliseconds(seconds)


def _of(row: AnswerRow, name: str) -> str:
    estimate = row.estimates.get(name)
    return f"{estimate.questions if estimate else 0} of {row.questions}"


def _refusal(found: Refusals, pick: int) -> str:
    value = (found.precision, found.recall, found.f1)[pick]
    return "–" if value is None else f"{value:.3f}"


def _slices(sets: Mapping[str, AnswerScores]) -> Iterator[str]:
    yield f"{'':52}{'n':>5}  {''.join(f'{name:<13}' for name in SLICED)}".rstrip()
    rows = {(name, row.slice): row for name, one in sets.items() for row in one.rows}
    parts: dict[Slice, None] = dict.fromkeys(row.slice for one in sets.values() for row in one.rows)
    for part in parts:
        for name in sets:
            row = rows.get((name, part))
            if row is not None:
                label = "all questions" if part == EVERY else f"{part.family:<10}{cut(part.name, 25)}"
                own = shortened(name, 15) if len(sets) > 1 else ""
                cells = "".join(f"{mean(row.estimates.get(measure)):<13}" for measure in SLICED)
                yield f"{label:<36}{own:<16}{row.questions:>5}  {cells}".rstrip()


def _steps(sets: Mapping[str, AnswerScores]) -> Iterator[str]:
    """What each step of confidence means: shares of what was right."""
    for name, one in sets.items():
        if one.steps:
            yield ""
            yield f"{cut(f'how sure ({name})', 35):<36}{'n':>5}  no answer    {''.join(f'{m:<13}' for m in SLICED[:3])}"
        for step in one.steps:
            cells = "".join(f"{mean(step.estimates.get(measure)):<13}" for measure in SLICED[:3])
            yield f"{step.name:<36}{step.questions:>5}  {step.unanswerable:<13.3f}{cells}".rstrip()


def _verdicts(sets: Mapping[str, AnswerScores]) -> Iterator[str]:
    yield f"{'what became of the questions':<96}{''.join(f'{shortened(name, 20):<22}' for name in sets)}".rstrip()
    for kind, meaning in VERDICTS.items():
        counts = [one.verdicts.get(kind, 0) for one in sets.values()]
        if any(counts):
            yield f"  {kind:<23}{meaning:<71}{''.join(f'{count:<22}' for count in counts)}".rstrip()
