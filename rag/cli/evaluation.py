"""The commands that measure retrieval: ``eval``, ``compare``, and ``questions`` for question sets of one's own."""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from rag.cli import output
from rag.cli.progress import Bars
from rag.config import Settings
from rag.disk import disk_errors
from rag.errors import StoreError
from rag.evaluation.answer_scores import AnswerComparison, AnswerScores, compare_answers, listing, score_answers
from rag.evaluation.answers_text import answer_lines, comparison_of_answers
from rag.evaluation.compare import Comparison, compare
from rag.evaluation.misses import Miss, as_json, counts, markdown, misses
from rag.evaluation.own_questions import QuestionLine, lines_of_made, lines_of_votes, write_questions
from rag.evaluation.questionset import QuestionSet, read_sets
from rag.evaluation.report_text import comparison_lines, report_lines
from rag.evaluation.runs import Run, Scope, read_runs, write_runs
from rag.evaluation.scores import Report, report_of, together
from rag.evaluation.sets_text import ablation_lines, miss_lines, sets_lines
from rag.index import Index
from rag.types import CHANNELS, Channel

if TYPE_CHECKING:
    from rag.storage.reader import IndexReader


def evaluate(args: argparse.Namespace, settings: Settings) -> int:
    """Search question sets and score them; with ``--against`` beside an earlier run or another generation."""
    from rag.evaluation.evaluate import description_of, generation_named, scopes_of

    sets, scopes, without = read_sets(args.questions), scopes_of(args.scope, args.libraries), frozenset(args.without)
    before = read_runs(args.against, sets) if args.against and args.against.is_file() else None
    with Bars() as bars, Index.open(settings, progress=bars) as index:
        other = generation_named(index, str(args.against)) if args.against and before is None else None
        chosen = generation_named(index, args.generation) if args.generation else index
        names = description_of(other) if other else str(args.against), description_of(chosen, without)
        searched = _Searched(args, sets, scopes, without, bars)
        befores, afters = searched.runs(other, chosen)
        before = befores if other else before
        if args.hits:
            write_runs(args.hits, afters)
        searched.record(chosen, afters)
        compared = None if before is None else searched.compared(before, afters, other, chosen)
        reports = {name: report_of(run) for name, run in afters.items()}
        off = searched.ablation(chosen, reports) if args.ablation else None
    missed = {name: misses(run) for name, run in afters.items()}
    if args.misses:
        _write_misses(args.misses, missed)
    if args.answers_out:
        _write_answers(args.answers_out, afters)
    answered = {name: scores for name, run in afters.items() if (scores := score_answers(run))}
    (name, scored), *others = reports.items()
    lines = sets_lines(reports) if others else report_lines(scored)
    lines += miss_lines(missed, bool(others)) + answer_lines(answered)
    lines += ["", *ablation_lines(off)] if off else []
    changed = None if before is None else _compared_answers(before, afters)
    if compared is not None:
        lines += ["", *comparison_lines([one for of_set in compared.values() for one in of_set], *names)]
        lines += _changed_lines(changed or {})
    by_set = {name: _set_json(name, reports[name], missed[name], compared, off) for name in reports}
    for name, scores in answered.items():
        by_set[name] |= _answers_json(scores, (changed or {}).get(name))
    as_json = {"sets": by_set, "mean": _mean_json(list(reports.values()))} if others else {"set": name, **by_set[name]}
    output.say(as_json, lines, args.json)
    return 0


def _compared_answers(before: Mapping[str, Run], after: Mapping[str, Run]) -> dict[str, dict[Scope, AnswerComparison]]:
    """By question set and scope, where both runs have answers."""
    both = {name: compare_answers(before[name], run) for name, run in after.items() if name in before}
    return {name: compared for name, compared in both.items() if compared}


def _changed_lines(changed: Mapping[str, Mapping[Scope, AnswerComparison]]) -> list[str]:
    return [
        line
        for name, by_scope in changed.items()
        for compared in by_scope.values()
        for line in ("", *comparison_of_answers(name if len(changed) > 1 else "", compared))
    ]


def _answers_json(
    scores: Mapping[Scope, AnswerScores], changed: Mapping[Scope, AnswerComparison] | None
) -> output.Json:
    """By scope what was answered; with ``changed`` also beside the run before."""
    found: output.Json = {"answers": {scope: of_scope.as_json() for scope, of_scope in scores.items()}}
    if changed:
        found["answers_compared"] = {scope: compared.as_json() for scope, compared in changed.items()}
    return found


def _write_answers(path: Path, runs: Mapping[str, Run]) -> None:
    """Every answer on a line, for people to read."""
    rows = (line for name, run in runs.items() for line in listing(run, name))
    with disk_errors(path):
        path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")


class _Searched(NamedTuple):
    """What ``eval`` was asked to search, and how."""

    args: argparse.Namespace
    sets: Sequence[QuestionSet]
    scopes: Sequence[Scope]
    without: frozenset[Channel]
    bars: Bars

    def runs(self, other: IndexReader | None, chosen: IndexReader) -> tuple[dict[str, Run], dict[str, Run]]:
        """The runs of both generations, by question set; nothing of ``other`` where it is None."""
        from rag.evaluation.answers import Answerer
        from rag.evaluation.evaluate import run_on_both, run_questions
        from rag.llm.open import open_llm

        answerer = Answerer(open_llm(chosen.settings)) if self.args.answers or self.args.answers_out else None
        before: dict[str, Run] = {}
        after: dict[str, Run] = {}
        for one in self.sets:
            asked, name = one.questions, one.name
            if other is not None and not self.without and answerer is None:
                before[name], after[name] = run_on_both(other, chosen, asked, self.scopes, self.bars)
                continue
            after[name] = run_questions(chosen, asked, self.scopes, self.bars, self.without, answerer)
            if other is not None:
                before[name] = run_questions(other, asked, self.scopes, self.bars, answerer=answerer)
        return before, after

    def record(self, chosen: IndexReader, afters: Mapping[str, Run]) -> None:
        """Note the results with the generation, unless channels were left out."""
        from rag.evaluation.evaluate import record_scores

        try:
            for name, run in afters.items() if not self.without else ():
                record_scores(chosen, name, run)
        except StoreError as exc:
            self.bars.line(f"The result is not noted with the generation: {exc}")

    def compared(
        self, before: Mapping[str, Run], after: Mapping[str, Run], other: IndexReader | None, chosen: IndexReader
    ) -> dict[str, list[Comparison]]:
        """By question set what changed, and why; a set that was not searched before is told."""
        from rag.evaluation.explain import explained

        compared = _compared(self.sets, before, after, self.args.flips)
        if self.without:
            return compared
        return {name: [explained(one, other, chosen) for one in of_set] for name, of_set in compared.items()}

    def ablation(self, chosen: IndexReader, whole: Mapping[str, Report]) -> dict[str, dict[str, Report]]:
        """Reports without each channel that finds anything, by its name; empty: with all of them."""
        from rag.evaluation.evaluate import run_questions

        used = {_channel(name) for report in whole.values() for alone in report.channels.values() for name in alone}
        reports = {"": dict(whole)}
        for channel in CHANNELS:
            if channel in used and channel not in self.without:
                runs = {
                    one.name: run_questions(chosen, one.questions, self.scopes, self.bars, self.without | {channel})
                    for one in self.sets
                }
                reports[channel] = {name: report_of(run) for name, run in runs.items()}
        return reports


def _channel(name: str) -> str:
    """The channel that ``--without`` knows of a list of pages: of each sentence encoder and of a picture's words."""
    return "picture's text" if name.startswith("picture's ") else "words" if name.startswith("words ") else name


def _compared(
    sets: Sequence[QuestionSet], before: Mapping[str, Run], after: Mapping[str, Run], flips: str
) -> dict[str, list[Comparison]]:
    for one in sets:
        if one.name not in before or one.name not in after:
            output.remark(f"{one.name} is not in both runs, so it is not compared")
    return {
        one.name: compare(before[one.name], after[one.name], flips, one.name if len(sets) > 1 else "")
        for one in sets
        if one.name in before and one.name in after
    }


def _set_json(
    name: str,
    report: Report,
    missed: Sequence[Miss],
    compared: Mapping[str, Sequence[Comparison]] | None,
    off: Mapping[str, Mapping[str, Report]] | None,
) -> output.Json:
    further: output.Json = {"misses": counts(missed)}
    if compared is not None:
        further["comparison"] = _by_scope(compared.get(name, ()))
    if off is not None:
        further["without"] = {
            channel: reports[name].as_json()["measures"] for channel, reports in off.items() if channel
        }
    return report.as_json() | further


def _mean_json(reports: Sequence[Report]) -> output.Json:
    """By scope and measure the mean over the sets, each the same weight, and that of the sum of ranks."""
    return {
        scope: {
            measure: {"mean": round(mean, 4), "baseline": None if base is None else round(base, 4)}
            for measure, (mean, base) in of_scope.items()
        }
        for scope, of_scope in together(reports).items()
    }


def _write_misses(path: Path, missed: Mapping[str, Sequence[Miss]]) -> None:
    """As JSON lines where the file is called so, else as Markdown."""
    if path.suffix == ".jsonl":
        rows = ({"set": name, **as_json(miss)} for name, of_set in missed.items() for miss in of_set)
        text = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    else:
        text = markdown(missed)
    with disk_errors(path):
        path.write_text(text, encoding="utf-8")


def compare_runs(args: argparse.Namespace, settings: Settings) -> int:
    """Two hits files of the same questions beside each other; needs no index."""
    sets = read_sets(args.questions)
    before, after = read_runs(args.before, sets), read_runs(args.after, sets)
    compared = _compared(sets, before, after, args.flips)
    changed = _compared_answers(before, after)
    every = [one for of_set in compared.values() for one in of_set]
    as_json: output.Json = {name: _by_scope(of_set) for name, of_set in compared.items()}
    for name, by_scope in changed.items():
        as_json[name]["answers"] = {scope: found.as_json() for scope, found in by_scope.items()}
    whole = {"sets": as_json} if len(sets) > 1 else as_json.get(sets[0].name, {})
    lines = comparison_lines(every, str(args.before), str(args.after)) + _changed_lines(changed)
    output.say(whole, lines, args.json)
    return 0


def questions(args: argparse.Namespace, settings: Settings) -> int:
    """``export`` or ``make`` a question file; exit code 1 where there was nothing to write."""
    with Index.open(settings) as index:
        lines = (_export if args.what == "export" else _make)(args, index)
    if not lines:
        return 1
    write_questions(args.file, lines)
    counts = Counter(line.fields["how"] for line in lines)
    parts = ", ".join(f"{count} {how}" for how, count in counts.items())
    said = f"{output.count(len(lines), 'question')} in {args.file}: {parts}"
    output.say({"file": str(args.file), "questions": len(lines), "how": counts}, [said], args.json)
    return 0


def _export(args: argparse.Namespace, index: Index) -> list[QuestionLine]:
    from rag.storage.records.feedback import votes

    lines, lost = lines_of_votes(votes(index.catalogue), lambda doc: index.catalogue.document(doc).name, args.down)
    if lost:
        output.remark(
            f"{output.count(lost, 'vote')} left out: the documents are not there any more, or nothing was cited"
        )
    if not lines:
        output.remark("There are no votes to export; the thumbs under the app's answers make them")
    return lines


def _make(args: argparse.Namespace, index: Index) -> list[QuestionLine]:
    from rag.evaluation.made_questions import make_questions
    from rag.evaluation.names import WAYS

    made = make_questions(index, args.count, args.seed, args.how or WAYS)
    if not made:
        output.remark("No figure or table of the library has a caption, mention or cut-out to ask with; add documents")
    return lines_of_made(made)


def _by_scope(compared: Sequence[Comparison]) -> output.Json:
    return {comparison.scope: comparison.as_json() for comparison in compared}


COMMANDS: dict[str, output.Command] = {"eval": evaluate, "compare": compare_runs, "questions": questions}
