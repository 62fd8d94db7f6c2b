"""What an evaluation found, as lines for people: a report, a comparison of two runs, the gate's verdict."""

from __future__ import annotations

import textwrap
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence

from rag.evaluation.compare import FLIP, Change, Comparison, FirstRight, Flip, SliceChange
from rag.evaluation.gate import COUNTED, Verdict
from rag.evaluation.metrics import Estimate, Latency
from rag.evaluation.misses import Miss, counts
from rag.evaluation.questionset import EVERY, Question, Slice
from rag.evaluation.runs import Scope, place_of
from rag.evaluation.scores import Report, Row, in_order, together

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
OVERVIEW = ("R@1", "R@5", "R@10", "MRR@10", "region@5")  # of several question sets
ANSWERED = ("answered", "exact", "F1", "words", "numbers", "cites page", "cites quote")
SUM = "sum"  # heads the column of the baseline
ALONE = ("R@1", "R@5", "R@10")  # of a channel
SLICED = ("R@5", "region@5")  # what is shown of every slice; the JSON has all
WIDTH = 86  # characters of a question that is listed: a line has 100
LONGEST_NAME = 48  # characters of a document's name; the middle of a longer one is left out
SET_NAME = 30  # the same of a question set's


def report_lines(report: Report) -> list[str]:
    """A report: measures down, scopes across, the baseline beside each; then the slices and the channels alone."""
    scopes = [row.scope for row in report.rows if row.slice == EVERY]
    if not scopes:
        return ["nothing to score: no question has evidence pages"]
    rows = {scope: {row.slice: row for row in report.rows if row.scope == scope} for scope in scopes}
    lines = [*_head(rows[scopes[0]][EVERY])]
    for pair in _pairs(scopes):
        lines += ["", *_measures(rows, pair)]
    for pair in _pairs(scopes):
        lines += ["", *_slices(rows, pair)]
    lines += [*channel_lines({"": report}), "", *below_lines({"": report})]
    lines += [_seconds(scope, report.latencies[scope]) for scope in scopes]
    return [*lines, *unanswerable_lines(report)]


def unanswerable_lines(report: Report) -> list[str]:
    """Questions and pictures that nothing should be found for, and how many were told so."""
    found = report.unanswerable.items()
    empty = [
        f"{place_of(scope)}: of {none.questions} questions without evidence {none.empty} returned nothing"
        for scope, none in found
    ]
    claimed = [
        f"{place_of(scope)}: of {none.pictures} pictures without evidence {none.claimed} were said to stand somewhere"
        for scope, none in found
        if none.pictures
    ]
    refused = [
        f"{place_of(scope)}: of {none.answered} questions without an answer {none.refused} were declined"
        for scope, none in found
        if none.answered
    ]
    return [*empty, *claimed, *refused]


def _pairs(scopes: Sequence[Scope]) -> list[Sequence[Scope]]:
    """As many scopes as fit beside each other."""
    return [scopes[start : start + 2] for start in range(0, len(scopes), 2)]


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
            values = "".join(f"{_estimate(row.estimates.get(name)):<22}{_beside(row, name):<10}" for row in whole)
            yield f"{name:<12}{MEANINGS[name]:<20}{values}".rstrip()


def _beside(row: Row, name: str) -> str:
    return _mean(row.baseline[name]) if name in row.baseline else ""


def _slices(rows: Mapping[Scope, Mapping[Slice, Row]], scopes: Sequence[Scope]) -> Iterator[str]:
    yield f"{'':43}{''.join(f'{place_of(scope):<37}' for scope in scopes)}".rstrip()
    heads = f"{SLICED[0]:<20}{'sum':<7}{SLICED[1]:<10}"
    yield f"{'':36}{'n':>5}  {heads * len(scopes)}".rstrip()
    for part in rows[scopes[0]]:
        if part != EVERY:
            values = "".join(_slice(rows[scope].get(part)) for scope in scopes)
            yield f"{part.family:<10}{_cut(part.name, 25):<26}{rows[scopes[0]][part].questions:>5}  {values}".rstrip()


def _slice(row: Row | None) -> str:
    if row is None:
        return f"{'–':<37}"
    first, second = (row.estimates.get(name) for name in SLICED)
    return f"{_estimate(first):<20}{_beside(row, SLICED[0]):<7}{_mean(second):<10}"


# -- several question sets -----------------------------------------------------------------------------------------


def sets_lines(reports: Mapping[str, Report]) -> list[str]:
    """Several question sets: a table per scope with a set in each line, then their slices and channels."""
    scored = {name: report for name, report in reports.items() if report.rows}
    lines = [f"{name}: no question has evidence pages, so nothing is scored" for name in reports.keys() - scored.keys()]
    lines += ["'sum' is what the plain sum of the channels' reciprocal ranks reaches"]
    scopes = list(dict.fromkeys(row.scope for report in scored.values() for row in report.rows))
    means = together(list(scored.values()))
    for scope in scopes:
        rows = {name: row for name, report in scored.items() if (row := report.row(scope)) is not None}
        lines += ["", *_sets_table(scope, OVERVIEW, rows, means.get(scope, {}))]
        if any(name in row.estimates for row in rows.values() for name in ANSWERED):
            lines += ["", *_sets_table(scope, ANSWERED, rows, means.get(scope, {}))]
    lines += ["", *_sets_slices(scored, scopes), *channel_lines(scored), "", *below_lines(scored)]
    for name, report in reports.items():
        seconds = [f"{_seconds(scope, latency)}" for scope, latency in report.latencies.items()]
        lines += [f"{name}, {line}" for line in (*seconds, *unanswerable_lines(report))]
    return lines


def _sets_table(
    scope: Scope, names: Sequence[str], rows: Mapping[str, Row], means: Mapping[str, tuple[float, float | None]]
) -> Iterator[str]:
    shown = [name for name in names if any(name in row.estimates for row in rows.values())]
    beside = {name for name in shown if any(name in row.baseline for row in rows.values())}
    heads = "".join(f"{name:<{_width(name)}}{f'{SUM:<8}' if name in beside else ''}" for name in shown)
    yield f"{place_of(scope):<31}{'n':>5}  {heads}".rstrip()
    for label, row in rows.items():
        values = [(_mean(row.estimates.get(name)), _beside(row, name)) for name in shown]
        yield _sets_row(label, str(row.questions), shown, values, beside)
    if len(rows) > 1:
        pairs = [means.get(name) for name in shown]
        values = [("–", "") if pair is None else (f"{pair[0]:.3f}", _optional(pair[1])) for pair in pairs]
        yield _sets_row("mean, each set the same weight", "", shown, values, beside)


def _sets_row(
    label: str, count: str, names: Sequence[str], values: Sequence[tuple[str, str]], beside: Container[str]
) -> str:
    cells = [
        f"{value:<{_width(name)}}{f'{base:<8}' if name in beside else ''}"
        for name, (value, base) in zip(names, values, strict=True)
    ]
    return f"{_name(label, SET_NAME):<31}{count:>5}  {''.join(cells)}".rstrip()


def _width(name: str) -> int:
    return max(7, len(name) + 2)


def _optional(value: float | None) -> str:
    return "" if value is None else f"{value:.3f}"


def _sets_slices(reports: Mapping[str, Report], scopes: Sequence[Scope]) -> Iterator[str]:
    """Slices down, in each the sets that have it; what only one set has is told as well."""
    rows = {(name, row.scope, row.slice): row for name, report in reports.items() for row in report.rows}
    parts = in_order({row.slice: None for row in rows.values() if row.slice != EVERY})
    for pair in _pairs(scopes):
        yield f"{'':62}{'n':>5}  {''.join(f'{place_of(scope):<24}' for scope in pair)}".rstrip()
        heads = f"{SLICED[0]:<7}{'sum':<7}{SLICED[1]:<10}"
        yield f"{'':69}{heads * len(pair)}".rstrip()
        for part in parts:
            label = f"{part.family:<10}{_cut(part.name, 20):<21}"
            for name in reports:
                found = [rows.get((name, scope, part)) for scope in pair]
                count = next((row.questions for row in found if row is not None), None)
                if count is not None:
                    yield f"{label:<31}{_name(name, SET_NAME):<31}{count:>5}  {''.join(map(_short, found))}".rstrip()
                    label = ""


def _short(row: Row | None) -> str:
    if row is None:
        return f"{'–':<24}"
    first, second = (row.estimates.get(name) for name in SLICED)
    return f"{_mean(first):<7}{_beside(row, SLICED[0]):<7}{_mean(second):<10}"


def channel_lines(reports: Mapping[str, Report]) -> list[str]:
    """What each channel alone finds, by question set; nothing where the runs do not tell."""
    scopes = list(dict.fromkeys(scope for report in reports.values() for scope in report.channels))
    lines: list[str] = []
    for pair in _pairs(scopes):
        lines += ["", f"{'each channel alone':<60}{''.join(f'{place_of(scope):<24}' for scope in pair)}".rstrip()]
        lines += [f"{'':53}{'n':>5}  {''.join(f'{name:<8}' for _ in pair for name in ALONE)}".rstrip()]
        for label, report in reports.items():
            found = [report.channels.get(scope, {}) for scope in pair]
            for name in dict.fromkeys(name for channels in found for name in channels):
                values = [channels.get(name, {}).get(measure) for channels in found for measure in ALONE]
                cells = "".join(f"{'–' if value is None else f'{value:.3f}':<8}" for value in values)
                count = next(channels[name]["n"] for channels in found if name in channels)
                lines += [f"{name:<22}{_name(label, SET_NAME):<31}{count:>5.0f}  {cells}".rstrip()]
    return lines


def below_lines(reports: Mapping[str, Report]) -> list[str]:
    """Where the search finds less than the plain sum of its channels' reciprocal ranks: the ranker fails there."""
    rows = [(name, row) for name, report in reports.items() for row in report.rows if FLIP in row.baseline]
    if not rows:
        return []
    below = [(name, row) for name, row in rows if row.estimates[FLIP].mean < row.baseline[FLIP].mean - 1e-9]
    if not below:
        return [f"{FLIP} is nowhere below the sum of ranks: in no scope and no slice"]
    return [f"{FLIP} is below the sum of ranks for"] + [
        f"  {f'{name}, ' if name else ''}{place_of(row.scope)}, {_part(row.slice)}: {row.estimates[FLIP].mean:.3f} < "
        f"{row.baseline[FLIP].mean:.3f} ({row.questions} questions)"
        for name, row in below
    ]


def _part(part: Slice) -> str:
    return "all questions" if part == EVERY else f"{part.family} {part.name}"


def miss_lines(found: Mapping[str, Sequence[Miss]], many: bool) -> list[str]:
    """How many questions each step of the search lost, by question set and scope."""
    return [
        f"{f'{name}, ' if many else ''}{place_of(scope)}: {sum(numbers.values())} missed ("
        + ", ".join(f"{number} {kind}" for kind, number in numbers.items())
        + ")"
        for name, of_set in found.items()
        for scope, numbers in counts(of_set).items()
    ]


def ablation_lines(reports: Mapping[str, Mapping[str, Report]]) -> list[str]:
    """Each channel off in turn: by its name (empty: none off) the report of each question set."""
    whole = reports[""]
    scopes = list(dict.fromkeys(row.scope for report in whole.values() for row in report.rows))
    heads = "".join(f"{place_of(scope):<24}" for scope in scopes)
    lines = [f"{f'{FLIP} without a channel':<54}{heads}".rstrip()]
    for label, report in whole.items():
        for channel, others in reports.items():
            rows = [(report.row(scope), others[label].row(scope)) for scope in scopes]
            if any(one is not None for one, _ in rows):
                cells = "".join(f"{_fallen(one, other, bool(channel)):<24}" for one, other in rows)
                lines.append(f"{channel or 'with all':<22}{_name(label, SET_NAME):<32}{cells}".rstrip())
    return lines


def _fallen(whole: Row | None, other: Row | None, off: bool) -> str:
    if whole is None or other is None:
        return "–"
    now = other.estimates[FLIP].mean
    return f"{now:.3f} {now - whole.estimates[FLIP].mean:+.3f}" if off else f"{now:.3f}"


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
    yield f"{'':32}{_CHANGE_HEAD}"
    yield from (f"{name:<10}{MEANINGS[name]:<22}{_change(whole.changes[name])}" for name in _named(whole))
    yield f"{'p50 / p95 of a question':<32}{_milliseconds(comparison.before)} → {_milliseconds(comparison.after)}"
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
        yield f"{f'{name} by slice':<32}questions  {_CHANGE_HEAD}"
    for part in moved:
        change = part.changes[name]
        label = f"{part.slice.family:<10}{_cut(part.slice.name, 25):<26}{change.difference.questions:>5}  "
        yield f"{label}{_change(change)}"
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
    yield f"          evidence: {_name(question.doc)} p. {pages}{kinds}"
    yield f"          before: {_first_right(flip.before, question.doc)}"
    yield f"          after:  {_first_right(flip.after, question.doc)}"


def _first_right(right: FirstRight, own: str) -> str:
    other = f"{_name(right.first.doc)} " if right.first and right.first.doc != own else ""
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


def _estimate(estimate: Estimate | None) -> str:
    if estimate is None or not estimate.questions:
        return "–"
    if estimate.low is None or estimate.high is None:
        return f"{estimate.mean:.3f}"
    return f"{estimate.mean:.3f} [{estimate.low:.2f}, {estimate.high:.2f}]"


def _mean(estimate: Estimate | None) -> str:
    return "–" if estimate is None or not estimate.questions else f"{estimate.mean:.3f}"


_CHANGE_HEAD = "before after  difference [95 %]        lost found"


def _change(change: Change) -> str:
    """As under ``_CHANGE_HEAD``; a fractional measure is lost or found where it is less or more than before."""
    mean, low, high, _ = change.difference
    if not change.lost and not change.found:
        return f"{change.before:<7.3f}{change.after:<7.3f}–"
    interval = "" if low is None or high is None else f" [{low:+.3f}, {high:+.3f}]"
    sure = "" if low is None or high is None or low <= 0 <= high else "  better" if mean > 0 else "  worse"
    return f"{change.before:<7.3f}{change.after:<7.3f}{mean:+.3f}{interval:<18}{change.lost:>5} {change.found:>5}{sure}"


def _moved(change: Change) -> str:
    flips = f"of {change.difference.questions} questions {change.lost} lost, {change.found} found"
    return f"{change.before:.3f} → {change.after:.3f} ({flips}; fewer than {COUNTED:g} lost count as chance)"


def _seconds(scope: Scope, seconds: Latency) -> str:
    return f"{place_of(scope)}: {_milliseconds(seconds)} per question (p50 / p95)"


def _milliseconds(seconds: Latency) -> str:
    return f"{seconds.p50 * 1000:.0f} / {seconds.p95 * 1000:.0f} ms"


def _asked(question: Question) -> str:
    picture = f"[{question.image.name}] " if question.image else ""
    return _cut(picture + question.text, WIDTH)


def _name(name: str, longest: int = LONGEST_NAME) -> str:
    return name if len(name) <= longest else f"{name[: longest - 13]}…{name[-12:]}"


def _cut(text: str, width: int) -> str:
    return textwrap.shorten(text, width, placeholder=" …")
