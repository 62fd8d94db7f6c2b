"""The command for collections: lists them, makes, renames and deletes them, puts documents in and takes them out, and
says who may see them.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from ingestion.elements import file_id
from rag.cli import output
from rag.config import Settings
from rag.errors import BadSettings, NoIndex
from rag.index import Added, Index
from rag.indexing.discover import files_in
from rag.service.rights import rights_of
from rag.service.tokens import Tokens
from rag.storage.records import collections as kept
from rag.storage.records import groups
from rag.storage.records.catalogue import Catalogue
from rag.storage.records.collections import Collection, Right
from rag.storage.tables.library import MARK


def run(args: argparse.Namespace, settings: Settings) -> int:
    """Do what is asked for, then say how the collection is now; without anything else all are listed."""
    with Index.open(settings) as index:
        if args.what == "list":
            return _list(args, index)
        docs = [index.catalogue.find(name).id for name in getattr(args, "docs", ())]
        if args.what == "create":
            found = kept.create(index.catalogue, args.name)
        else:
            found = kept.named(index.catalogue, args.name)
        if args.what == "rename":
            kept.rename(index.catalogue, found.id, args.new)
        elif args.what == "delete":
            kept.delete(index.catalogue, found.id)
        if args.what in ("create", "put") and docs:
            kept.put(index.catalogue, found.id, docs)
        elif args.what == "take":
            kept.take_out(index.catalogue, found.id, docs)
        elif args.what in RIGHTS:
            RIGHTS[args.what](args, index, found)
        now = next((row for row in kept.listed(index.catalogue) if row.id == found.id), None)
        _say(now or found, index, args.json, gone=now is None)
    return 0


def _restrict(args: argparse.Namespace, index: Index, found: Collection) -> None:
    kept.restrict(index.catalogue, found.id, _named(args, index))


def _allow(args: argparse.Namespace, index: Index, found: Collection) -> None:
    """Raises :class:`BadSettings` where everybody may see it, or nobody is named."""
    kept.restrict(index.catalogue, found.id, _restricted(found).rights | _some(args, index))


def _deny(args: argparse.Namespace, index: Index, found: Collection) -> None:
    """Raises :class:`BadSettings` where everybody may see it, or nobody is named who may."""
    wanted, named = _some(args, index), _restricted(found).rights
    unknown = sorted(f"{right.kind} {right.name}" for right in wanted - named)
    if unknown:
        raise BadSettings(f"{found.name!r} does not name {', '.join(unknown)}; it may be seen by: {_who(found)}")
    kept.restrict(index.catalogue, found.id, named - wanted)


def _unrestrict(args: argparse.Namespace, index: Index, found: Collection) -> None:
    kept.unrestrict(index.catalogue, found.id)


def _restricted(found: Collection) -> Collection:
    if not found.restricted:
        raise BadSettings(f"Everybody may see {found.name!r}; `collections restrict` says who may instead")
    return found


def _some(args: argparse.Namespace, index: Index) -> frozenset[Right]:
    named = _named(args, index)
    if not named:
        raise BadSettings("Name somebody: --user NAME, --group NAME, --role ROLE or --token NAME")
    return named


def _named(args: argparse.Namespace, index: Index) -> frozenset[Right]:
    """Raises :class:`BadSettings` for a token or group that there is not; a user may be one of a file or of a proxy."""
    members = named_members(args, index.root, index.catalogue)
    found = (groups.named(index.catalogue, name).name for name in args.group)
    return members | rights_of(roles=args.role, groups=found)


def named_members(args: argparse.Namespace, root: Path, catalogue: Catalogue, known: bool = True) -> frozenset[Right]:
    """The users and tokens of a command. Raises :class:`BadSettings` for a token that there is not, where they have to
    be ``known``."""
    if not known:
        return rights_of(args.user, tokens=args.token)
    tokens = {token.name for token in Tokens(root, catalogue).listed()}
    for name in args.token:
        if name not in tokens:
            raise BadSettings(f"There is no token {name!r}; `python -m rag token list` lists them")
    from rag.service.users import Users

    users = {user.name for user in Users(root, catalogue).listed()}
    for name in args.user:
        if name not in users:
            output.remark(f"The index has no user {name!r}: this counts for whoever signs in by that name otherwise")
    return rights_of(args.user, tokens=args.token)


def _who(row: Collection) -> str:
    named = sorted(right for right in row.rights if right != kept.ADMINS)
    return ", ".join(["admins", *(f"{kind} {name}" for kind, name in named)])


def expect(index: Index, name: str, paths: Sequence[Path]) -> None:
    """Before files are added to a restricted collection: they are in it from their first moment on."""
    kept.expect(index.catalogue, name, (doc for path, _ in files_in(paths) if (doc := _id_of(path))))


def _id_of(path: Path) -> str:
    try:
        return file_id(path)
    except OSError:  # said when it is added
        return ""


@contextmanager
def forgetting_right(settings: Settings, right: Right) -> Iterator[None]:
    """Around the removal of a user or token: whoever is given the name later may not see what they could.

    Raises :class:`~rag.errors.NoIndex` before anything is removed where the rights are in PostgreSQL and its address is
    not given: they would stay.
    """
    try:
        catalogue = Catalogue(settings.index, url=settings.store_url, elsewhere=bool(settings.files))
    except NoIndex:
        if (settings.index / MARK).is_file():
            raise
        yield
        return
    try:
        yield
        count = kept.forget_right(catalogue, right)
    finally:
        catalogue.close()
    if count:
        output.remark(f"{output.count(count, 'restricted collection')} named {right.kind} {right.name}, and no more")


def add_to(index: Index, name: str, results: list[Added]) -> None:
    """Put what was added, or was there already, into the collection of this name, which is made where there is none."""
    docs = [item.doc_id for item in results if item.status != "failed"]
    if docs:
        kept.put_by_name(index.catalogue, name, docs)


def _list(args: argparse.Namespace, index: Index) -> int:
    rows = kept.listed(index.catalogue)
    for row in rows:
        _say(row, index, args.json)
    if not rows and not args.json:
        output.remark("There are no collections; `python -m rag collections create NAME DOC…` makes one")
    return 0


def _say(row: Collection, index: Index, as_json: bool, gone: bool = False) -> None:
    names = [doc.name for doc in index.catalogue.documents() if doc.id in row.docs]
    seen = f", seen by {_who(row)} only" if row.restricted else ""
    line = f"{row.name}: {output.count(len(names), 'document')}{seen}"
    lines = [f"Deleted {line}; they stay in the library"] if gone else [line, *(f"  {name}" for name in names)]
    rights = [{"kind": kind, "name": name} for kind, name in sorted(row.rights)]
    shown = {"id": row.id, "name": row.name, "documents": names, "deleted": gone}
    output.say({**shown, "restricted": row.restricted, "rights": rights}, lines, as_json)


RIGHTS: dict[str, Callable[[argparse.Namespace, Index, Collection], None]] = {
    "restrict": _restrict,
    "allow": _allow,
    "deny": _deny,
    "unrestrict": _unrestrict,
}
