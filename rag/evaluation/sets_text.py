"""What an evaluation found beside the measures of one set, as lines for people: several question sets in one table, the
channels alone and left out, what lies below the sum of ranks, misses."""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping, Sequence

from rag.evaluation.misses import Miss, counts
from rag.evaluation.names import FLIP
from rag.evaluation.questionset import EVERY, Slice
from rag.evaluation.report_cells import SET_NAME, SLICED, beside, in_pairs, mean, shortened, timed
from rag.evaluation.runs import Scope, place_of
from rag.evaluation.scores import Report, Row, in_order, together

OVERVIEW = ("R@1", "R@5", "R@10", "MRR@10", "region@5")  # of several question sets
ANSWERED = ("answered", "exact", "F1", "words", "numbers", "cites page", "cites quote")
ALONE = ("R@1", "R@5", "R@10")  # of a channel
SUM = "sum"  # heads the column of the baseline


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
    lines += [*_sets_slices(scored, scopes), *channel_lines(scored), "", *below_lines(scored)]
    for name, report in reports.items():
        seconds = [f"{timed(scope, latency)}" for scope, latency in report.latencies.items()]
        lines += [f"{name}, {line}" for line in (*seconds, *unanswerable_lines(report))]
    return lines


def _sets_table(
    scope: Scope, names: Sequence[str], rows: Mapping[str, Row], means: Mapping[str, tuple[float, float | None]]
) -> Iterator[str]:
    shown = [name for name in names if any(name in row.estimates for row in rows.values())]
    with_sum = {name for name in shown if any(name in row.baseline for row in rows.values())}
    heads = "".join(f"{name:<{_width(name)}}{f'{SUM:<8}' if name in with_sum else ''}" for name in shown)
    yield f"{place_of(scope):<31}{'n':>5}  {heads}".rstrip()
    for label, row in rows.items():
        values = [(mean(row.estimates.get(name)), beside(row, name)) for name in shown]
        yield _sets_row(label, str(row.questions), shown, values, with_sum)
    if len(rows) > 1:
        pairs = [means.get(name) for name in shown]
        values = [("–", "") if pair is None else (f"{pair[0]:.3f}", _optional(pair[1])) for pair in pairs]
        yield _sets_row("mean, each set the same weight", "", shown, values, with_sum)


def _sets_row(
    label: str, count: str, names: Sequence[str], values: Sequence[tuple[str, str]], with_sum: Container[str]
) -> str:
    cells = [
        f"{value:<{_width(name)}}{f'{base:<8}' if name in with_sum else ''}"
        for name, (value, base) in zip(names, values, strict=True)
    ]
    return f"{shortened(label, SET_NAME):<31}{count:>5}  {''.join(cells)}".rstrip()


def _width(name: str) -> int:
    return max(7, len(name) + 2)


def _optional(value: float | None) -> str:
    return "" if value is None else f"{value:.3f}"


def _sets_slices(reports: Mapping[str, Report], scopes: Sequence[Scope]) -> Iterator[str]:
    """Slices down, below each the sets that have it."""
    rows = {(name, row.scope, row.slice): row for name, report in reports.items() for row in report.rows}
    parts = in_order({row.slice: None for row in rows.values() if row.slice != EVERY})
    heads = f"{SLICED[0]:<7}{SUM:<7}{SLICED[1]:<10}"
    for pair in in_pairs(scopes):
        yield ""
        yield f"{'':40}{''.join(f'{place_of(scope):<24}' for scope in pair)}".rstrip()
        yield f"{'':33}{'n':>5}  {heads * len(pair)}".rstrip()
        for part in parts:
            yield _part(part)
            for name in reports:
                found = [rows.get((name, scope, part)) for scope in pair]
                count = next((row.questions for row in found if row is not None), None)
                if count is not None:
                    cells = "".join(map(_short, found))
                    yield f"  {shortened(name, SET_NAME):<31}{count:>5}  {cells}".rstrip()


def _short(row: Row | None) -> str:
    if row is None:
        return f"{'–':<24}"
    first, second = (row.estimates.get(name) for name in SLICED)
    return f"{mean(first):<7}{beside(row, SLICED[0]):<7}{mean(second):<10}"


def channel_lines(reports: Mapping[str, Report]) -> list[str]:
    """What each channel alone finds, by question set; nothing where the runs do not tell."""
    scopes = list(dict.fromkeys(scope for report in reports.values() for scope in report.channels))
    lines: list[str] = []
    for pair in in_pairs(scopes):
        lines += ["", f"{'each channel alone':<64}{''.join(f'{place_of(scope):<24}' for scope in pair)}".rstrip()]
        lines += [f"{'':57}{'n':>5}  {''.join(f'{name:<8}' for _ in pair for name in ALONE)}".rstrip()]
        for label, report in reports.items():
            found = [report.channels.get(scope, {}) for scope in pair]
            for name in dict.fromkeys(name for channels in found for name in channels):
                values = [channels.get(name, {}).get(measure) for channels in found for measure in ALONE]
                cells = "".join(f"{'–' if value is None else f'{value:.3f}':<8}" for value in values)
                count = next(channels[name]["n"] for channels in found if name in channels)
                lines += [f"{name:<26}{shortened(label, SET_NAME):<31}{count:>5.0f}  {cells}".rstrip()]
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
                lines.append(f"{channel or 'with all':<22}{shortened(label, SET_NAME):<32}{cells}".rstrip())
    return lines


def _fallen(whole: Row | None, other: Row | None, off: bool) -> str:
    if whole is None or other is None:
        return "–"
    now = other.estimates[FLIP].mean
    return f"{now:.3f} {now - whole.estimates[FLIP].mean:+.3f}" if off else f"{now:.3f}"


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
