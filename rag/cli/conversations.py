"""The commands for conversations that are kept: ``conversations`` lists them, ``export`` writes one into a file."""

from __future__ import annotations

import argparse
from pathlib import Path

from rag.cli import output
from rag.config import Settings
from rag.disk import write_whole
from rag.index import Index
from rag.storage.records import conversations as kept
from rag.storage.records.conversation_values import ASKED, KeptTurn, new_id
from rag.storage.tables.database import utc_now
from rag.types import Answer


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


def export_answer(file: Path, question: str, answer: Answer, image: Path | None) -> None:
    """An answer of a moment ago with its cut-outs, as the ending of the file says."""
    from rag.answering.evidence.cutouts import asked_picture, cutouts
    from rag.export.document import Exported, asked
    from rag.export.formats import exported

    name = image.name if image else ""
    turn = KeptTurn(new_id(), question, utc_now(), "done", answer.text, answer, answer.evidence, picture_name=name)
    pictures = cutouts(answer)
    own = asked_picture(image) if image else None
    whole = Exported(turn, {**pictures, **({ASKED: own} if own else {})})
    write_whole(file, exported(asked(turn), [whole], file.suffix.lower().removeprefix(".")))
    output.remark(f"Written to {file}")


COMMANDS: dict[str, output.Command] = {"conversations": list_, "export": export}
