"""The command ``copy``: a whole library to another folder or to an object store, and back."""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path

from rag.cli import output
from rag.cli.backup import facts, told
from rag.cli.progress import Bars
from rag.config import Settings
from rag.disk import size_in_words
from rag.errors import BadSettings
from rag.index import Index
from rag.storage.copies.library_copy import Copied, Target, copy_from_objects, copy_to_folder, copy_to_objects
from rag.storage.files.objects import Objects, is_address


def copy(args: argparse.Namespace, settings: Settings) -> int:
    """Exit code 1 where the index that was made is not whole. Raises :class:`BadSettings` for two addresses.

    A copy has its catalogue and files with it, in a folder as SQLite, wherever those of the library are; with
    ``--as-set`` they go where the settings say.
    """
    source, target = args.source or str(settings.index), args.to
    if args.as_set and (not args.source or is_address(target)):
        raise BadSettings("--as-set wants --from, what is copied, and a folder to copy to: settings are of the copy")
    into = Target(settings.store_url, settings.files) if args.as_set else Target()
    if is_address(source) and is_address(target):
        raise BadSettings(f"{source} and {target} are both object stores; copy to a folder first, and from there")
    with Bars() as bars:
        if is_address(source):
            done = copy_from_objects(Objects(source), Path(target), bars, into)
        else:
            where = replace(settings, index=Path(source), store_url="", files="") if args.source else settings
            with Index.open(where, progress=bars) as index:
                if is_address(target):
                    done = copy_to_objects(index, Objects(target), bars)
                else:
                    done = copy_to_folder(index, Path(target), bars, into)
    wrong = (
        []
        if is_address(target)
        else _violations(replace(settings, index=Path(target), store_url=into.url, files=into.files))
    )
    _say(args, source, done, wrong)
    return int(bool(wrong))


def _violations(settings: Settings) -> list[str]:
    with Index.open(settings) as index:
        return index.check()


def _say(args: argparse.Namespace, source: str, done: Copied, wrong: list[str]) -> None:
    size, files = done.contents.size, len(done.contents.files)
    said: output.Json = {"from": source, "to": args.to, **facts(done.contents), "files": files, "sent": done.sent}
    line = f"{args.to}: {told(done.contents)}, {size_in_words(size)}, {done.sent} of {output.count(files, 'file')} sent"
    output.say(said | {"bytes": size, "violations": wrong}, [line], args.json)
    for problem in wrong if not args.json else ():
        output.remark(f"✗ {problem}")
    if wrong and not args.json:
        output.remark(f"`python -m rag doctor --repair --index {args.to}` mends what can be mended")
