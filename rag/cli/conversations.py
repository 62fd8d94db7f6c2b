"""The commands for conversations that are kept: ``conversations`` lists them, ``export`` writes one into a file."""

from __future__ import annotations

import argparse

from rag.cli import output
from rag.config import Settings
from rag.disk import write_whole
from rag.index import Index
from rag.storage import conversations as kept


def list_(args: argparse.Namespace, settings: Settings) -> int:
    """Those of everybody, the latest first."""
    with Index.open(settings) as index:
        rows = kept.listed(index.catalogue, None, args.find)
    for row in rows:
        line = f"{row.id[:12]}  {row.changed[:16]}  {output.count(row.turns, 'question')}  {row.title}"
        output.say(row._asdict(), [line], args.json)
    if not rows and not args.json:
        output.remark("No conversation is kept" + (" that holds these words" if args.find else ""))
    return 0


def export(args: argparse.Namespace, settings: Settings) -> int:
    """As the ending of the file says: .html, .pdf or .zip (Markdown and pictures)."""
    from rag.export.document import Exported
    from rag.export.formats import exported

    with Index.open(settings) as index:
        found = kept.named(index.catalogue, None, args.conversation)
        turns = [
            Exported(turn, {name: kept.picture(index.catalogue, None, turn.id, name) for name in turn.pictures})
            for turn in kept.read(index.catalogue, None, found.id)
        ]
    write_whole(args.file, exported(found.title, turns, args.file.suffix.lower().removeprefix(".")))
    said = f"{args.file}: {output.count(len(turns), 'question')} of “{found.title}”"
    output.say({"file": str(args.file), "id": found.id, "title": found.title, "turns": len(turns)}, [said], args.json)
    return 0


COMMANDS: dict[str, output.Command] = {"conversations": list_, "export": export}
