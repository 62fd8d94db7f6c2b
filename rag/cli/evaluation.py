"""The commands that measure retrieval: ``eval``, ``compare``, and ``questions`` for question sets of one's own."""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Sequence

from rag.cli import output
from rag.cli.progress import Bars
from rag.config import Settings
from rag.errors import StoreError
from rag.evaluation.compare import Comparison, compare
from rag.evaluation.own_questions import QuestionLine, lines_of_made, lines_of_votes, write_questions
from rag.evaluation.questionset import read_questions
from rag.evaluation.report_text import comparison_lines, report_lines
from rag.evaluation.runs import read_run, write_run
from rag.evaluation.scores import report_of
from rag.index import Index


def evaluate(args: argparse.Namespace, settings: Settings) -> int:
    """Search a question set and score it; with ``--against`` beside an earlier run or another generation."""
    from rag.evaluation.evaluate import (
        description_of,
        generation_named,
        record_scores,
        run_on_both,
        run_questions,
        scopes_of,
    )
    from rag.evaluation.explain import explained

    questions, scopes, without = read_questions(args.questions), scopes_of(args.scope), frozenset(args.without)
    before = read_run(args.against, questions) if args.against and args.against.is_file() else None
    with Bars() as bars, Index.open(settings, progress=bars) as index:
        other = generation_named(index, str(args.against)) if args.against and before is None else None
        chosen = generation_named(index, args.generation) if args.generation else index
        names = description_of(other) if other else str(args.against), description_of(chosen, without)
        if other and not without:
            before, after = run_on_both(other, chosen, questions, scopes, bars)
        else:
            after = run_questions(chosen, questions, scopes, bars, without)
            before = run_questions(other, questions, scopes, bars) if other else before
        if args.hits:
            write_run(args.hits, after)
        try:
            if not args.without:
                record_scores(chosen, args.questions, after)
        except StoreError as exc:
            bars.line(f"The result is not noted with the generation: {exc}")
        compared = None if before is None else compare(before, after, args.flips)
        if compared is not None and not args.without:
            compared = [explained(one, other, chosen) for one in compared]
    scored = report_of(after)
    as_json, lines = scored.as_json(), report_lines(scored)
    if compared is not None:
        as_json |= {"comparison": _by_scope(compared)}
        lines += ["", *comparison_lines(compared, *names)]
    output.say(as_json, lines, args.json)
    return 0


def compare_runs(args: argparse.Namespace, settings: Settings) -> int:
    """Two hits files of the same questions beside each other; needs no index."""
    questions = read_questions(args.questions)
    compared = compare(read_run(args.before, questions), read_run(args.after, questions), args.flips)
    output.say(_by_scope(compared), comparison_lines(compared, str(args.before), str(args.after)), args.json)
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
    from rag.storage.feedback import votes

    lines, lost = lines_of_votes(votes(index.catalogue), lambda doc: index.catalogue.document(doc).name, args.down)
    if lost:
        output.remark(
            f"{output.count(lost, 'vote')} left out: the documents are not there any more, or nothing was cited"
        )
    if not lines:
        output.remark("There are no votes to export; the thumbs under the app's answers make them")
    return lines


def _make(args: argparse.Namespace, index: Index) -> list[QuestionLine]:
    from rag.evaluation.made_questions import WAYS, make_questions

    made = make_questions(index, args.count, args.seed, args.how or WAYS)
    if not made:
        output.remark("No figure or table of the library has a caption, mention or cut-out to ask with; add documents")
    return lines_of_made(made)


def _by_scope(compared: Sequence[Comparison]) -> output.Json:
    return {comparison.scope: comparison.as_json() for comparison in compared}


COMMANDS: dict[str, output.Command] = {"eval": evaluate, "compare": compare_runs, "questions": questions}
