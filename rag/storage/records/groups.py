"""Groups of users and tokens, which may be given the right to see a collection together.

Users and tokens are named without being referred to, since users may be those of a file or of a proxy. Every change
counts as one of the collections: what somebody may see goes by both.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from rag.errors import BadSettings, StoreError
from rag.storage.records.catalogue import Catalogue
from rag.storage.records.collections import LONGEST_NAME, Right, changed
from rag.storage.records.conversation_values import folded
from rag.storage.tables.connections import Connection

MOST = 1000  # groups of one index
MOST_MEMBERS = 10_000  # of one group


class Group(NamedTuple):
    """``members`` are rights of kind user or token."""

    name: str
    members: frozenset[Right]


def listed(catalogue: Catalogue) -> list[Group]:
    """All, by name; of an index that an earlier version has made and that cannot be written to none."""
    if not catalogue.has_table("user_groups"):
        return []
    with catalogue.reading() as db:
        names = [name for (name,) in db.execute("SELECT name FROM user_groups ORDER BY words")]
        members: dict[str, set[Right]] = {name: set() for name in names}
        for group, kind, name in db.execute("SELECT group_name, kind, name FROM group_members"):
            members[group].add(Right(kind, name))
    return [Group(name, frozenset(members[name])) for name in names]


def named(catalogue: Catalogue, name: str) -> Group:
    """By its name, whatever its case and accents. Raises :class:`BadSettings` with those that are there."""
    rows = listed(catalogue)
    found = next((row for row in rows if folded(row.name) == folded(name).strip()), None)
    if found is not None:
        return found
    names = ", ".join(row.name for row in rows)
    there = f"there are: {names}" if names else "there are none; `python -m rag group add NAME --user USER` makes one"
    raise BadSettings(f"There is no group {name[:LONGEST_NAME]!r}; {there}")


def create(catalogue: Catalogue, name: str) -> Group:
    """An empty one. Raises :class:`BadSettings` for a name that is taken or none, :class:`StoreError`."""
    shown = "".join(sign for sign in " ".join(name.split()) if sign.isprintable())
    if not 0 < len(shown) <= LONGEST_NAME:
        raise BadSettings(f"A group needs a name of 1 to {LONGEST_NAME} characters; this one has {len(shown)}")
    with catalogue.writing() as db:
        if db.execute("SELECT 1 FROM user_groups WHERE words = ?", (folded(shown),)).fetchone():
            raise BadSettings(f"There is a group {shown!r} already; choose another name")
        if db.execute("SELECT COUNT(*) FROM user_groups").fetchone()[0] >= MOST:
            raise StoreError(f"There are {MOST} groups already; delete one first")
        db.execute("INSERT INTO user_groups VALUES (?, ?)", (shown, folded(shown)))
        changed(db)
    return Group(shown, frozenset())


def put(catalogue: Catalogue, name: str, members: Iterable[Right]) -> None:
    """Members into the group of exactly this name; those that are in it already stay. Raises :class:`StoreError`."""
    with catalogue.writing() as db:
        _known(db, name)
        rows = [(name, *member) for member in members]
        db.executemany("INSERT INTO group_members VALUES (?, ?, ?) ON CONFLICT DO NOTHING", rows)
        count = db.execute("SELECT COUNT(*) FROM group_members WHERE group_name = ?", (name,)).fetchone()[0]
        if count > MOST_MEMBERS:
            raise StoreError(f"A group has at most {MOST_MEMBERS} members; make another one")
        changed(db)


def take_out(catalogue: Catalogue, name: str, members: Iterable[Right]) -> None:
    """Members out of the group of exactly this name; what they may see by it alone they see no more. Raises
    :class:`StoreError`."""
    with catalogue.writing() as db:
        _known(db, name)
        rows = [(name, *member) for member in members]
        db.executemany("DELETE FROM group_members WHERE group_name = ? AND kind = ? AND name = ?", rows)
        changed(db)


def delete(catalogue: Catalogue, name: str) -> int:
    """The group of exactly this name, with its rights: whoever makes one of that name gives it none from before. How
    many collections named it; they stay restricted. Raises :class:`StoreError`."""
    with catalogue.writing() as db:
        _known(db, name)
        db.execute("DELETE FROM user_groups WHERE name = ?", (name,))
        count = db.execute("DELETE FROM collection_rights WHERE kind = 'group' AND name = ?", (name,)).rowcount
        changed(db)
    return int(count)


def _known(db: Connection, name: str) -> None:
    if not db.execute("SELECT 1 FROM user_groups WHERE name = ?", (name,)).fetchone():
        raise StoreError("That group is no longer there; the list shows those that are")
