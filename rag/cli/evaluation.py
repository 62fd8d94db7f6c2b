"""What the commands that measure retrieval do: eval, compare.

Enters: parsed arguments. Leaves: reports on stdout, progress on stderr, an exit code. Must not know: how anything is
searched, scored or judged; it calls the recipes.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence

from rag.cli import output
from rag.cli.progress import Bars
from rag.config import Settings
from rag.errors import StoreError
from rag.evaluation.compare import Comparison, compare
from rag.evaluation.questionset import read_questions
from rag.evaluation.report import comparison_lines, report_lines
from rag.evaluation.runs import read_run, write_run
from rag.evaluation.scores import report
from rag.index import Index


def evaluate(args: argparse.Namespace, settings: Settings) -> int:
    """Search a question set and score it; with ``--against`` beside an earlier run or another generation."""
    from rag.evaluation.evaluate import called, generation, record, scopes_of, search, search_both
    from rag.evaluation.explain import explained

    questions, scopes, without = read_questions(args.questions), scopes_of(args.scope), frozenset(args.without)
    before = read_run(args.against, questions) if args.against and args.against.is_file() else None
    with Bars() as bars, Index.open(settings, progress=bars) as index:
        other = generation(index, str(args.against)) if args.against and before is None else None
        chosen = generation(index, args.generation) if args.generation else index
        names = called(other) if other else str(args.against), called(chosen, without)
        if other and not without:
            before, after = search_both(other, chosen, questions, scopes, bars)
        else:
            after = search(chosen, questions, scopes, bars, without)
            before = search(other, questions, scopes, bars) if other else before
        if args.hits:
            write_run(args.hits, after)
        try:
            if not args.without:
                record(chosen, args.questions, after)
        except StoreError as exc:
            bars.line(f"The result is not noted with the generation: {exc}")
        compared = None if before is None else compare(before, after, args.flips)
        if compared is not None and not args.without:
            compared = [explained(one, other, chosen) for one in compared]
    scored = report(after)
    if args.json:
        output.say_json(scored.as_json() | ({} if compared is None else {"comparison": _by_scope(compared)}))
    else:
        side_by_side = [] if compared is None else ["", *comparison_lines(compared, *names)]
        print("\n".join(report_lines(scored) + side_by_side))
    return 0


def compare_runs(args: argparse.Namespace, settings: Settings) -> int:
    """Two hits files of the same questions beside each other; needs no index."""
    questions = read_questions(args.questions)
    compared = compare(read_run(args.before, questions), read_run(args.after, questions), args.flips)
    if args.json:
        output.say_json(_by_scope(compared))
    else:
        print("\n".join(comparison_lines(compared, str(args.before), str(args.after))))
    return 0


def _by_scope(compared: Sequence[Comparison]) -> output.Json:
    return {comparison.scope: comparison.as_json() for comparison in compared}


COMMANDS: dict[str, Callable[[argparse.Namespace, Settings], int]] = {"eval": evaluate, "compare": compare_runs}
