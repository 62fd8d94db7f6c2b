"""The command ``group``: users and tokens that are given rights on collections together."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from contextlib import closing

from rag.cli import output
from rag.cli.collections import named_members
from rag.config import Settings
from rag.errors import BadSettings
from rag.storage.records import groups
from rag.storage.records.catalogue import Catalogue
from rag.storage.records.groups import Group


def run(args: argparse.Namespace, settings: Settings) -> int:
    """``list``, ``add``, ``take`` or ``remove``. Takes effect at once, also in an app that runs."""
    catalogue = Catalogue(settings.index, url=settings.store_url, elsewhere=bool(settings.files))
    with closing(catalogue):
        return WHAT[args.what](args, settings, catalogue)


def _list(args: argparse.Namespace, settings: Settings, catalogue: Catalogue) -> int:
    rows = groups.listed(catalogue)
    for row in rows:
        _say(row, args)
    if not rows and not args.json:
        output.remark("There are no groups; `python -m rag group add NAME --user USER` makes one")
    return 0


def _add(args: argparse.Namespace, settings: Settings, catalogue: Catalogue) -> int:
    members = named_members(args, settings.index, catalogue)
    try:
        found = groups.named(catalogue, args.name)
    except BadSettings:
        found = groups.create(catalogue, args.name)
    groups.put(catalogue, found.name, members)
    _say(groups.named(catalogue, found.name), args)
    return 0


def _take(args: argparse.Namespace, settings: Settings, catalogue: Catalogue) -> int:
    found, wanted = groups.named(catalogue, args.name), named_members(args, settings.index, catalogue, known=False)
    unknown = sorted(f"{member.kind} {member.name}" for member in wanted - found.members)
    if unknown or not wanted:
        said = f"{', '.join(unknown)} is not in {found.name!r}" if unknown else "Name somebody: --user NAME"
        raise BadSettings(f"{said}; in it: {_who(found)}")
    groups.take_out(catalogue, found.name, wanted)
    _say(groups.named(catalogue, found.name), args)
    return 0


def _remove(args: argparse.Namespace, settings: Settings, catalogue: Catalogue) -> int:
    found = groups.named(catalogue, args.name)
    count = groups.delete(catalogue, found.name)
    _say(found, args, gone=True)
    if count:
        output.remark(f"{output.count(count, 'restricted collection')} named it, and no more")
    return 0


def _who(row: Group) -> str:
    return ", ".join(f"{member.kind} {member.name}" for member in sorted(row.members)) or "nobody"


def _say(row: Group, args: argparse.Namespace, gone: bool = False) -> None:
    members = [{"kind": kind, "name": name} for kind, name in sorted(row.members)]
    line = f"Removed {row.name}" if gone else f"{row.name}: {_who(row)}"
    output.say({"name": row.name, "members": members, "removed": gone}, [line], args.json)


WHAT: dict[str, Callable[[argparse.Namespace, Settings, Catalogue], int]] = {
    "list": _list,
    "add": _add,
    "take": _take,
    "remove": _remove,
}
COMMANDS: dict[str, output.Command] = {"group": run}
