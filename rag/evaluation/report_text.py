"""What an evaluation found, as lines for people: a report, a comparison of two runs, the gate's verdict."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from rag.evaluation.compare import Change, Comparison, FirstRight, Flip, SliceChange
from rag.evaluation.gate import COUNTED, Verdict
from rag.evaluation.names import FLIP
from rag.evaluation.questionset import EVERY, Question, Slice
from rag.evaluation.report_cells import (
    CHANGE_HEAD,
    SLICED,
    beside,
    change_cells,
    cut,
    in_pairs,
    mean,
    milliseconds,
    shortened,
    timed,
    with_interval,
)
from rag.evaluation.runs import Scope, place_of
from rag.evaluation.scores import Report, Row
from rag.evaluation.sets_text import below_lines, channel_lines, unanswerable_lines

MEANINGS = {
    "R@1": "evidence page first",
    "R@3": "… among 3 pages",
    "R@5": "… among 5 pages",
    "R@10": "… among 10 pages",
    "MRR@10": "mean of 1/rank",
    "nDCG@10": "order of 10 pages",
    "P@1": "right pages of 1",
    "P@5": "… of 5",
    "P@10": "… of 10",
    "cover@5": "its pages among 5",
    "cover@10": "… among 10",
    "many@5": "if several: among 5",
    "many@10": "… among 10",
    "region@1": "evidence box first",
    "region@5": "… among 5 hits",
    "region@10": "… among 10 hits",
    "empty": "nothing returned",
    "answered": "not declined",
    "exact": "the right answer",
    "F1": "words in common",
    "words": "its words said",
    "numbers": "its numbers said",
    "cites page": "an evidence page",
    "cites quote": "evidence's words",
}
WIDTH = 86  # characters of a question that is listed: a line has 100


def report_lines(report: Report) -> list[str]:
    """A report: measures down, scopes across, the baseline beside each; then the slices and the channels alone."""
    scopes = [row.scope for row in report.rows if row.slice == EVERY]
    if not scopes:
        return ["nothing to score: no question has evidence pages"]
    rows = {scope: {row.slice: row for row in report.rows if row.scope == scope} for scope in scopes}
    lines = [*_head(rows[scopes[0]][EVERY])]
    for pair in in_pairs(scopes):
        lines += ["", *_measures(rows, pair)]
    for pair in in_pairs(scopes):
        lines += ["", *_slices(rows, pair)]
    lines += [*channel_lines({"": report}), "", *below_lines({"": report})]
    lines += [timed(scope, report.latencies[scope]) for scope in scopes]
    return [*lines, *unanswerable_lines(report)]


def _head(row: Row) -> list[str]:
    return [
        f"{row.questions} questions with evidence in {row.documents} documents; in brackets what 95 % of draws of "
        "the documents give,",
        "under 'sum' what the plain sum of the channels' reciprocal ranks reaches",
    ]


def _measures(rows: Mapping[Scope, Mapping[Slice, Row]], scopes: Sequence[Scope]) -> Iterator[str]:
    whole = [rows[scope][EVERY] for scope in scopes]
    yield f"{'':32}" + "".join(f"{place_of(scope):<22}{'sum':<10}" for scope in scopes).rstrip()
    for name in MEANINGS:
        if any(name in row.estimates for row in whole):
            values = "".join(f"{with_interval(row.estimates.get(name)):<22}{beside(row, name):<10}" for row in whole)
            yield f"{name:<12}{MEANINGS[name]:<20}{values}".rstrip()


def _slices(rows: Mapping[Scope, Mapping[Slice, Row]], scopes: Sequence[Scope]) -> Iterator[str]:
    yield f"{'':43}{''.join(f'{place_of(scope):<37}' for scope in scopes)}".rstrip()
    heads = f"{SLICED[0]:<20}{'sum':<7}{SLICED[1]:<10}"
    yield f"{'':36}{'n':>5}  {heads * len(scopes)}".rstrip()
    for part in rows[scopes[0]]:
        if part != EVERY:
            values = "".join(_slice(rows[scope].get(part)) for scope in scopes)
            yield f"{part.family:<10}{cut(part.name, 25):<26}{rows[scopes[0]][part].questions:>5}  {values}".rstrip()


def _slice(row: Row | None) -> str:
    if row is None:
        return f"{'–':<37}"
    first, second = (row.estimates.get(name) for name in SLICED)
    return f"{with_interval(first):<20}{beside(row, SLICED[0]):<7}{mean(second):<10}"


# -- two runs ------------------------------------------------------------------------------------------------------


def comparison_lines(comparisons: Iterable[Comparison], before: str = "", after: str = "") -> list[str]:
    """What changed, and every flip with its reason; ``before`` and ``after`` say what was searched."""
    head = [f"before: {before}", f"after:  {after}", ""] if before and after else []
    lines = [line for comparison in comparisons for line in _comparison(comparison)]
    return head + (lines or ["nothing to compare: the two runs have no scope in common"])


def _comparison(comparison: Comparison) -> Iterator[str]:
    whole = next((part for part in comparison.slices if part.slice == EVERY), None)
    if whole is None:
        yield f"{_place(comparison)}: no question with evidence is in both runs"
        return
    yield f"{_place(comparison)}: {whole.questions} questions with evidence in {whole.documents} documents"
    for count, name in ((comparison.only_before, "before"), (comparison.only_after, "after")):
        if count:
            yield f"{count} questions are only in the run {name} and left out"
    yield f"{'':32}{CHANGE_HEAD}"
    yield from (f"{name:<10}{MEANINGS[name]:<22}{change_cells(whole.changes[name])}" for name in _named(whole))
    yield f"{'p50 / p95 of a question':<32}{milliseconds(comparison.before)} → {milliseconds(comparison.after)}"
    for name in SLICED:
        yield from _slices_that_moved(comparison, name)
    lost = sum(flip.lost for flip in comparison.flips)
    yield ""
    yield f"{comparison.measure}: {lost} lost, {len(comparison.flips) - lost} found"
    for flip in comparison.flips:
        yield from _flip(flip)
    yield ""


def _slices_that_moved(comparison: Comparison, name: str) -> Iterator[str]:
    parts = [part for part in comparison.slices if part.slice != EVERY and name in part.changes]
    moved = [part for part in parts if part.changes[name].lost or part.changes[name].found]
    if moved:
        yield ""
        yield f"{f'{name} by slice':<32}questions  {CHANGE_HEAD}"
    for part in moved:
        change = part.changes[name]
        label = f"{part.slice.family:<10}{cut(part.slice.name, 25):<26}{change.difference.questions:>5}  "
        yield f"{label}{change_cells(change)}"
    if len(parts) > len(moved):
        rest = "no question of any slice" if not moved else f"no question of the other {len(parts) - len(moved)} slices"
        yield from ([] if moved else [""])
        yield f"{name}: {rest} is lost or found"


def _place(comparison: Comparison) -> str:
    return f"{comparison.name}, {place_of(comparison.scope)}" if comparison.name else place_of(comparison.scope)


def _named(part: SliceChange) -> list[str]:
    return [name for name in MEANINGS if name in part.changes]


def _flip(flip: Flip) -> Iterator[str]:
    question = flip.question
    yield f"{'− lost ' if flip.lost else '+ found'} {question.line}: {_asked(question)}"
    pages = ", ".join(str(page) for page in sorted(question.pages))
    kinds = f" ({', '.join(question.kinds)})" if question.kinds else ""
    yield f"          evidence: {shortened(question.doc)} p. {pages}{kinds}"
    yield f"          before: {_first_right(flip.before, question.doc)}"
    yield f"          after:  {_first_right(flip.after, question.doc)}"


def _first_right(right: FirstRight, own: str) -> str:
    other = f"{shortened(right.first.doc)} " if right.first and right.first.doc != own else ""
    first = f"; first is {other}p. {right.first.page}" if right.first else ""
    ranks = ", ".join(f"{name} {rank}" for name, rank in (right.channels or {}).items())
    if right.rank is None:
        known = ranks or ("no channel proposes it" if right.channels is not None else "")
        return f"not among {right.depth} returned{f' ({known})' if known else ''}{first}"
    return f"p. {right.page} at {right.rank}{f' ({ranks})' if ranks else ''}{first}"


def verdict_lines(verdict: Verdict) -> list[str]:
    """What fell, for the gate's verdict; without a fall that counts, how the first pages changed."""
    if not verdict.accepted:
        return [f"− {fall}" for fall in verdict.falls]
    lines = [
        "Nothing fell beyond what is tolerated or chance explains: no measure over all questions, no slice, no latency"
    ]
    for comparison in verdict.comparisons:
        whole = next((part for part in comparison.slices if part.slice == EVERY), None)
        if whole is not None:
            lines.append(f"{_place(comparison)}: {FLIP} {_moved(whole.changes[FLIP])}")
    return lines


# -- pieces --------------------------------------------------------------------------------------------------------


def _moved(change: Change) -> str:
    flips = f"of {change.difference.questions} questions {change.lost} lost, {change.found} found"
    return f"{change.before:.3f} → {change.after:.3f} ({flips}; fewer than {COUNTED:g} lost count as chance)"


def _asked(question: Question) -> str:
    picture = f"[{question.image.name}] " if question.image else ""
    return cut(picture + question.text, WIDTH)
