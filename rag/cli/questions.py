"""What ``questions export`` and ``questions make`` do.

Enters: parsed arguments. Leaves: a question file, remarks on stderr, an exit code. Must not know: how questions are
made or scored; it calls the recipes.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Callable

from rag.cli import output
from rag.config import Settings
from rag.evaluation.own_questions import Line, lines_of_made, lines_of_votes, write_questions
from rag.index import Index


def questions(args: argparse.Namespace, settings: Settings) -> int:
    """Exit code 1 where there was nothing to write."""
    with Index.open(settings) as index:
        lines = (_export if args.what == "export" else _make)(args, index)
    if not lines:
        return 1
    write_questions(args.file, lines)
    counts = Counter(line.fields["how"] for line in lines)
    if args.json:
        output.say_json({"file": str(args.file), "questions": len(lines), "how": counts})
    else:
        parts = ", ".join(f"{count} {how}" for how, count in counts.items())
        print(f"{output.count(len(lines), 'question')} in {args.file}: {parts}")
    return 0


def _export(args: argparse.Namespace, index: Index) -> list[Line]:
    from rag.storage.feedback import votes

    lines, lost = lines_of_votes(votes(index.catalogue), lambda doc: index.catalogue.document(doc).name, args.down)
    if lost:
        output.remark(
            f"{output.count(lost, 'vote')} left out: the documents are not there any more, or nothing was cited"
        )
    if not lines:
        output.remark("There are no votes to export; the thumbs under the app's answers make them")
    return lines


def _make(args: argparse.Namespace, index: Index) -> list[Line]:
    from rag.evaluation.made_questions import WAYS, make_questions

    made = make_questions(index, args.count, args.seed, args.how or WAYS)
    if not made:
        output.remark("No figure or table of the library has a caption, mention or cut-out to ask with; add documents")
    return lines_of_made(made)


COMMANDS: dict[str, Callable[[argparse.Namespace, Settings], int]] = {"questions": questions}
