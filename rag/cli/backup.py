"""The commands ``backup``, one moment of the index in one file, and ``restore``, an index made of it again."""

from __future__ import annotations

import argparse
from dataclasses import asdict, replace

from rag.cli import output
from rag.cli.progress import Bars
from rag.config import Settings
from rag.disk import size_in_words
from rag.errors import RagError
from rag.index import Index
from rag.storage.copies.backup import back_up
from rag.storage.copies.backup_file import Contents
from rag.storage.copies.backup_file import restore as unpack


def backup(args: argparse.Namespace, settings: Settings) -> int:
    """Exit code 1 where a file of the index is not what it should be; it is in the backup as it is."""
    with Bars() as bars, Index.open(settings, progress=bars) as index:
        done = back_up(index, args.file, bars)
    output.say(
        {"file": str(args.file), "bytes": done.size, **facts(done.contents), "problems": list(done.problems)},
        [f"{args.file}: {told(done.contents)}, {size_in_words(done.size)}"],
        args.json,
    )
    for problem in done.problems if not args.json else ():
        output.remark(f"✗ {problem}")
    if done.problems:
        output.remark("These were packed as they are; `python -m rag doctor --repair` mends what can be mended")
    return int(bool(done.problems))


def restore(args: argparse.Namespace, settings: Settings) -> int:
    """Exit code 1 where the index that was made is not whole."""
    settings = replace(settings, index=args.to or settings.index)
    with Bars() as bars:
        done = unpack(args.file, settings.index, args.replace, bars, settings.store_url, settings.files)
        with Index.open(settings, progress=bars) as index:
            try:
                index.settle(bars)
            except RagError as exc:  # without its encoder an index can be listed, backed up, and repaired later
                output.remark(f"Searches are not prepared: {exc}")
            wrong = index.check()
    said: output.Json = {"index": str(settings.index), **facts(done.contents), "violations": wrong}
    aside = {"aside": str(done.aside)} if done.aside else {}
    output.say(said | aside, [f"{settings.index}: {told(done.contents)}, from {args.file}"], args.json)
    if done.aside and not args.json:
        output.remark(f"What was there before lies in {done.aside}; delete it when you no longer need it")
    for line in wrong if not args.json else ():
        output.remark(f"✗ {line}")
    return int(bool(wrong))


def facts(contents: Contents) -> output.Json:
    """Of a moment of a library, for programs."""
    return {name: value for name, value in asdict(contents).items() if name != "files"}


def told(contents: Contents) -> str:
    """Of a moment of a library, for people."""
    counts = [output.count(contents.documents, "document"), output.count(contents.pages, "page")]
    counts.append(output.count(contents.conversations, "conversation"))
    return f"{', '.join(counts)}, as of {contents.created}"


COMMANDS: dict[str, output.Command] = {"backup": backup, "restore": restore}
