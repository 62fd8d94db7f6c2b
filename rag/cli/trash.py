"""The commands for removed documents: ``trash list``, ``trash restore`` and ``trash empty``."""

from __future__ import annotations

import argparse

from rag.cli import output
from rag.cli.progress import Bars
from rag.config import Settings
from rag.disk import size_in_words
from rag.index import Index
from rag.storage import trash as removed
from rag.storage.stored_trash import Trashed


def trash(args: argparse.Namespace, settings: Settings) -> int:
    """Whichever of the three was asked for."""
    return {"list": _list, "restore": _restore, "empty": _empty}[args.what](args, settings)


def _list(args: argparse.Namespace, settings: Settings) -> int:
    """The latest first, each with what it takes of the disk."""
    with Index.open(settings) as index:
        rows = [(row, removed.size(index, row.id)) for row in removed.listed(index)]
    for row, size in rows:
        line = f"{row.id[:12]}  removed {row.removed[:10]}  {size_in_words(size):>9}  {row.name}"
        output.say({**_json(row), "bytes": size}, [line], args.json)
    if not args.json:
        output.remark(_total(rows, settings) if rows else "The trash is empty")
    return 0


def _total(rows: list[tuple[Trashed, int]], settings: Settings) -> str:
    size = size_in_words(sum(size for _, size in rows))
    kept = output.count(settings.trash_days, "day")
    return f"{output.count(len(rows), 'document')}, {size}, each kept for {kept} (PAGESIGHT_TRASH_DAYS)"


def _restore(args: argparse.Namespace, settings: Settings) -> int:
    """Nothing is taken back where one of the names is not known."""
    with Bars() as bars, Index.open(settings) as index:
        found = {removed.find(index, name).id for name in args.docs}
        for doc_id in sorted(found):
            row = index.restore(doc_id, bars)
            said = f"Took back {row.name} ({output.count(row.pages, 'page')})"
            output.say(output.document_json(row), [said], args.json)
    return 0


def _empty(args: argparse.Namespace, settings: Settings) -> int:
    """All of it, or the documents that are named."""
    with Index.open(settings) as index:
        chosen = [removed.find(index, name).id for name in args.docs] if args.docs else None
        before = removed.size(index)
        rows = index.empty_trash(chosen)
        freed = before - removed.size(index)
    for row in rows:
        output.say(_json(row), [f"Deleted {row.name}"], args.json)
    if not args.json:
        output.remark(f"{size_in_words(freed)} freed" if rows else "The trash is empty")
    return 0


def _json(row: Trashed) -> output.Json:
    return {"id": row.id, "name": row.name, "pages": row.pages, "added": row.added, "removed": row.removed}


COMMANDS: dict[str, output.Command] = {"trash": trash}
