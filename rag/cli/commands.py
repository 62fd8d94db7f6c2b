"""What each command of the command line does: it calls a recipe and prints what comes of it.

Results go to stdout, as JSON with ``--json``; progress and remarks go to stderr. This module has the commands for the
library and its questions; :mod:`rag.cli.generations`, :mod:`rag.cli.vectors`, :mod:`rag.cli.align`,
:mod:`rag.cli.evaluation` and their neighbours have the others.
"""

from __future__ import annotations

import argparse
import getpass
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import replace

from rag.cli import (
    align,
    backup,
    compared,
    conversations,
    copy,
    evaluation,
    generations,
    groups,
    output,
    programs,
    queue,
    trash,
    users,
    vectors,
    watch,
)
from rag.cli import collections as collections_command
from rag.cli.progress import Bars
from rag.config import Settings
from rag.images import open_picture
from rag.index import Added, Index
from rag.indexing import recatalogue
from rag.llm.chosen import chosen
from rag.monitoring.requests import serving
from rag.monitoring.running import watched
from rag.storage.records import collections
from rag.types import Answer, Query, Turn

UNDERSTOOD = "Understood as: "
THINKING = "The model is thinking …"


def run(args: argparse.Namespace) -> int:
    """Run the command that ``args`` name; its exit code."""
    settings = chosen(Settings.from_environment(index=args.index))
    with watched(settings.log, settings.log_content == "on"), serving():
        return COMMANDS[args.command](args, settings)


# -- the library ---------------------------------------------------------------------------------------------------


def add(args: argparse.Namespace, settings: Settings) -> int:
    """Exit code 0 if every file was added or is already there."""
    password = getpass.getpass("Password of the PDFs: ") if args.password == "-" else args.password  # noqa: S105
    start = time.monotonic()
    with Bars() as bars, Index.open(settings, create=True, progress=bars) as index:
        if args.collection:
            collections_command.expect(index, args.collection, args.paths)
        results = index.add(args.paths, workers=args.workers, password=password, progress=bars)
        if args.collection:
            collections_command.add_to(index, args.collection, results)
        spent = index.encoder.spent
    seconds = time.monotonic() - start
    for item in results:
        _say_added(item, args.json)
    output.remark(_summary(results, seconds))
    if spent:
        output.remark(f"Sent to {spent}")
    return int(any(item.status == "failed" for item in results))


def list_(args: argparse.Namespace, settings: Settings) -> int:
    """The documents, one per line."""
    with Index.open(settings) as index:
        rows = index.catalogue.documents()
    for row, line in zip(rows, output.document_table(rows), strict=True):
        output.say(output.document_json(row), [line], args.json)
    if not rows and not args.json:
        output.remark("The index is empty; fill it with `python -m rag add FILE.pdf`")
    return 0


def remove(args: argparse.Namespace, settings: Settings) -> int:
    """Remove documents; nothing is removed where one of the names is not known."""
    with Index.open(settings) as index:
        found = {index.catalogue.find(name).id for name in args.docs}
        for doc_id in sorted(found):
            row = index.remove(doc_id, keep=not args.for_good)
            said = f"Removed {row.name} ({output.count(row.pages, 'page')})"
            output.say(output.document_json(row), [said], args.json)
    if settings.trash_days and not args.for_good:
        kept = output.count(settings.trash_days, "day")
        output.remark(f"Kept for {kept}: `python -m rag trash restore NAME` takes it back")
    return 0


def status(args: argparse.Namespace, settings: Settings) -> int:
    """Counts, encoder and generation."""
    from rag.indexing.reparse import outdated

    with Index.open(settings) as index:
        rows, live, nodes = index.catalogue.documents(), index.generation, index.vectors.count()
        previous, old = next(iter(index.catalogue.previous()), None), outdated(index)
    facts: output.Json = {
        "index": str(settings.index.resolve()),
        "documents": len(rows),
        **{name: sum(getattr(row, name) for row in rows) for name in ("pages", "figures", "tables", "chunks")},
        "vectors": nodes,
        "problems": sum(len(row.problems) for row in rows),
        "encoder": live.name,
        "generation": live.id,
        "created": live.created,
        "previous_encoder": previous.name if previous else None,
        "outdated_documents": len(old),  # read by an older parser version or with other settings
    }
    output.say(facts, (f"{name.replace('_', ' '):<20}{_plain(value)}" for name, value in facts.items()), args.json)
    return 0


# -- questions -----------------------------------------------------------------------------------------------------


def search(args: argparse.Namespace, settings: Settings) -> int:
    """The hits of a question, best first."""
    from rag.answering.questions.understanding import understood
    from rag.retrieval.image.locate import ONLY_SIMILAR
    from rag.retrieval.search import search as find

    question = _question(args)
    with Index.open(settings) as index:
        searched = understood(question, _before(args), encoder=index.encoder).text
        if searched != question.text:
            output.remark(f"{UNDERSTOOD}{searched}")
        question = replace(question, text=searched)
        found = find(index, _in_documents(index, question, args), args.k)
        name = _names(index)
        for number, hit in enumerate(found.hits, 1):
            output.say(output.hit_json(hit, name, index.files.path), output.hit_lines(number, hit, name), args.json)
    if question.image is not None and found.hits and not any(hit.same_picture for hit in found.hits):
        output.remark(ONLY_SIMILAR)
    if found.notice:
        output.remark(found.notice)
    if not found.hits:
        output.remark("Nothing was found; ask in other words, or without --doc, --kind and --pages")
    return 0


def ask(args: argparse.Namespace, settings: Settings) -> int:
    """The answer as it comes, then its sources; as JSON when it is whole. Exit code 1 where the model failed."""
    from rag.answering.answer import Delta, Done, Found, Thinking, answer
    from rag.llm.open import open_llm

    question = _question(args)
    with Index.open(settings) as index:
        query, thinking, code = _in_documents(index, question, args), False, 0
        for event in answer(index, query, _before(args), llm=open_llm(settings), settings=settings):
            if isinstance(event, Found) and event.understood and not args.json:
                output.remark(f"{UNDERSTOOD}{event.understood}")
            elif isinstance(event, Thinking) and not thinking:
                thinking = True
                output.remark(THINKING)
            elif isinstance(event, Delta) and not args.json:
                output.put(event.text)
            elif isinstance(event, Done):
                code = int(bool(event.answer.failed))
                _say_answer(event.answer, index, args.json)
                if args.export:
                    conversations.export_answer(args.export, question.text, event.answer, args.image)
    return code


def _say_answer(answer: Answer, index: Index, as_json: bool) -> None:
    name = _names(index)
    if as_json:
        output.say_json(output.answer_json(answer, name, index.files.path))
        return
    lines = [output.citation_line(c, answer, name, index.files.path) for c in answer.citations]
    output.put("\n" + "".join(f"\n{line}" for line in lines) + "\n")
    if answer.notice:
        output.remark(answer.notice)


def _question(args: argparse.Namespace) -> Query:
    """The question as typed; documents are looked up later, in the opened index."""
    from rag.answering.answer import checked

    text = sys.stdin.read() if args.question == "-" else args.question
    image = open_picture(args.image) if args.image else None
    query = Query(
        text=text,
        image=image,
        kinds=frozenset(args.kind) or None,
        pages=args.pages,
        without=frozenset(args.without),
        as_typed=args.as_typed,
    )
    return replace(query, text=checked(query))


def _before(args: argparse.Namespace) -> list[Turn]:
    return [Turn(question, "") for question in args.after]


def _in_documents(index: Index, query: Query, args: argparse.Namespace) -> Query:
    docs = frozenset(index.catalogue.find(name).id for name in args.doc)
    docs |= collections.documents_of(index.catalogue, args.collection)
    return replace(query, docs=docs) if docs else query


# -- looking after it ----------------------------------------------------------------------------------------------


def doctor(args: argparse.Namespace, settings: Settings) -> int:
    """Exit code 0 if PageSight can be used."""
    from rag.cli.doctor import examine, repaired
    from rag.cli.finding import BAD

    usable = True
    if args.repair:
        anew = not settings.store_url and recatalogue.set_aside(settings.index)
        with Bars() as bars, Index.open(settings, create=anew, progress=bars) as index:
            for finding in repaired(index, bars):
                output.say(finding._asdict(), finding.lines(), args.json)
    for finding in examine(settings):
        usable = usable and finding.level != BAD
        output.say(finding._asdict(), finding.lines(), args.json)
    return int(not usable)


COMMANDS: dict[str, output.Command] = {
    "add": add,
    "watch": watch.watch,
    "list": list_,
    "remove": remove,
    "collections": collections_command.run,
    "status": status,
    "doctor": doctor,
    **queue.COMMANDS,
    **generations.COMMANDS,
    **compared.COMMANDS,
    "vectors": vectors.vectors,
    "align": align.run,
    "search": search,
    "ask": ask,
    **trash.COMMANDS,
    **backup.COMMANDS,
    "copy": copy.copy,
    **conversations.COMMANDS,
    **programs.COMMANDS,
    **evaluation.COMMANDS,
    **users.COMMANDS,
    **groups.COMMANDS,
}


# -- saying things -------------------------------------------------------------------------------------------------


def _names(index: Index) -> Callable[[str], str]:
    return {row.id: row.name for row in index.catalogue.documents()}.__getitem__


def _say_added(item: Added, as_json: bool) -> None:
    if as_json:
        what = {"path": str(item.path), "doc": item.name, "id": item.doc_id, "status": item.status, "pages": item.pages}
        output.say_json({**what, "problems": output.problems_json(item.problems), "error": str(item.error or "")})
    elif item.status == "failed":
        output.remark(f"✗ {item.name}: {output.one_line(str(item.error))}")
    else:
        done = output.count(item.pages, "page") if item.status == "added" else "already there"
        done += ", taken back from the trash" if item.restored else ""
        output.put(f"✓ {item.name}: {done}\n")
    for problem in () if as_json else item.problems:
        place = f" p. {problem.page}" if problem.page else ""
        output.remark(f"  ! {item.name}{place}, {problem.stage}: {output.one_line(problem.message)}")


def _summary(results: Sequence[Added], seconds: float) -> str:
    added = [item for item in results if item.status == "added"]
    present, failed = (sum(item.status == s for item in results) for s in ("present", "failed"))
    pages = sum(item.pages for item in added)
    rate = f" in {seconds:.0f} s, {pages / seconds:.1f} pages/s" if pages else ""
    return f"{len(added)} added ({output.count(pages, 'page')}{rate}), {present} already there, {failed} failed"


def _plain(value: object) -> str:
    return "–" if value is None else f"{value:,}" if isinstance(value, int) else str(value)
