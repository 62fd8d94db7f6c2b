"""Collections in the catalogue: named sets of documents to ask within.

A document may be in several. Membership outlives a document that is read again, or removed and added once more: it goes
by the document's id, and only documents that are there count. Nothing here touches the index or its revision.

A collection is everybody's, or restricted to some (:class:`Right`). A document that is in restricted collections is
seen by those who may see one of these, whatever other collections it is in. Admins see all.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from typing import Literal, NamedTuple
from uuid import uuid4

from rag.errors import CollectionExists, CollectionRestricted, EmptyCollection, StoreError, UnknownCollection
from rag.storage.records.catalogue import Catalogue
from rag.storage.records.conversation_values import folded
from rag.storage.tables.connections import Connection, in_parts
from rag.storage.tables.database import utc_now

LONGEST_NAME = 80  # characters
MOST = 1000  # collections of one index
MOST_RIGHTS = 1000  # users, roles, tokens and groups that may see one collection
NEAR_NAMES = 3  # suggestions for a name that is not there
REVISION = "collections"  # manifest key: a number that is raised with every change of a collection


class Right(NamedTuple):
    """Who may see a collection: a user or a token by name, all of a group, or everybody who signs in with at least that
    role."""

    kind: Literal["user", "role", "token", "group"]
    name: str


ADMINS = Right("role", "admin")
"""Those who may see every collection: what a restricted one always names."""


class Collection(NamedTuple):
    """``docs`` are the ids of its documents that are in the library; ``created`` is UTC (ISO 8601); ``rights`` are who
    may see it, none where everybody may."""

    id: str
    name: str
    created: str
    docs: frozenset[str]
    rights: frozenset[Right] = frozenset()

    @property
    def restricted(self) -> bool:
        """Whether not everybody may see it."""
        return bool(self.rights)


class Restricted(NamedTuple):
    """A restricted collection with all of its documents, also those that are not in the library now;
    ``rights`` name the members of groups, too."""

    id: str
    rights: frozenset[Right]
    docs: frozenset[str]


def listed(catalogue: Catalogue) -> list[Collection]:
    """All, by name."""
    if not catalogue.has_table("collections"):
        return []
    members = "SELECT m.collection, m.doc FROM collection_documents m JOIN documents d ON d.id = m.doc"
    with catalogue.reading() as db:
        docs: dict[str, set[str]] = {}
        for collection, doc in db.execute(members):
            docs.setdefault(collection, set()).add(doc)
        rows = db.execute("SELECT id, name, created FROM collections ORDER BY words, id").fetchall()
        rights = _rights(db) if catalogue.has_table("collection_rights") else {}
    return [
        Collection(number, name, created, frozenset(docs.get(number, ())), frozenset(rights.get(number, ())))
        for number, name, created in rows
    ]


def revision(catalogue: Catalogue) -> int:
    """Another number whenever a collection was changed, in whichever process."""
    with catalogue.reading() as db:
        row = db.execute("SELECT value FROM manifest WHERE key = ?", (REVISION,)).fetchone()
    return int(row[0]) if row else 0


def restricted(catalogue: Catalogue) -> list[Restricted]:
    """The restricted ones; of an index that an earlier version has made and that cannot be written to none."""
    if not catalogue.has_table("collection_rights"):
        return []
    members = "SELECT collection, doc FROM collection_documents WHERE collection IN"
    with catalogue.reading() as db:
        rights = _rights(db)
        if catalogue.has_table("group_members"):
            _name_members(db, rights)
        docs: dict[str, set[str]] = {number: set() for number in rights}
        for collection, doc in in_parts(db, members, sorted(rights)):
            docs[collection].add(doc)
    return [Restricted(number, frozenset(may), frozenset(docs[number])) for number, may in rights.items()]


def named(catalogue: Catalogue, name: str, among: Iterable[Collection] | None = None) -> Collection:
    """By its name, whatever its case and accents, or its id, of all or ``among`` these. Raises
    :class:`UnknownCollection` with the nearest."""
    wanted, rows = folded(name).strip(), listed(catalogue) if among is None else list(among)
    found = next((row for row in rows if wanted in (folded(row.name), row.id)), None)
    if found is not None:
        return found
    near = difflib.get_close_matches(wanted, [folded(row.name) for row in rows], NEAR_NAMES, cutoff=0.4)
    close = ", ".join(f"{row.name!r}" for n in near for row in rows if folded(row.name) == n)
    hint = f"did you mean {close}?" if close else "`python -m rag collections` lists those that are there"
    raise UnknownCollection(f"There is no collection {name[:LONGEST_NAME]!r}; {hint}")


def documents_of(
    catalogue: Catalogue, names: Iterable[str], among: Iterable[Collection] | None = None
) -> frozenset[str]:
    """The ids of the documents in any of these collections, each looked up as by :func:`named`. Raises
    :class:`UnknownCollection`, and :class:`EmptyCollection` where none of them has a document: nothing else is searched
    instead."""
    among = None if among is None else list(among)
    found = [named(catalogue, name, among) for name in names]
    docs = frozenset[str]().union(*(collection.docs for collection in found))
    if found and not docs:
        called = " and ".join(f"{collection.name!r}" for collection in found)
        raise EmptyCollection(f"The collection {called} has no documents yet; put some into it and ask again")
    return docs


def create(catalogue: Catalogue, name: str) -> Collection:
    """An empty one. Raises :class:`CollectionExists`, :class:`StoreError` for a name that is none."""
    shown, words = _name(name)
    collection = Collection(uuid4().hex, shown, utc_now(), frozenset())
    with catalogue.writing() as db:
        _check_free(db, words, shown, "")
        if db.execute("SELECT COUNT(*) FROM collections").fetchone()[0] >= MOST:
            raise StoreError(f"There are {MOST} collections already; delete one first")
        db.execute("INSERT INTO collections VALUES (?, ?, ?, ?)", (collection.id, shown, words, collection.created))
        changed(db)
    return collection


def rename(catalogue: Catalogue, number: str, name: str) -> None:
    """By its id. Raises :class:`UnknownCollection`, :class:`CollectionExists`, :class:`StoreError`."""
    shown, words = _name(name)
    with catalogue.writing() as db:
        _check_free(db, words, shown, number)
        _known(db.execute("UPDATE collections SET name = ?, words = ? WHERE id = ?", (shown, words, number)).rowcount)
        changed(db)


def delete(catalogue: Catalogue, number: str) -> None:
    """The collection alone; its documents stay in the library.

    Raises :class:`UnknownCollection`, and :class:`CollectionRestricted` where that would show documents, in the library
    or removed from it, to those who may not see them now: that is to be said, not to happen on the way.
    """
    with catalogue.writing() as db:
        row = db.execute("SELECT name FROM collections WHERE id = ?", (number,)).fetchone()
        _known(row is not None)
        restriction = db.execute("SELECT 1 FROM collection_rights WHERE collection = ?", (number,)).fetchone()
        held = db.execute("SELECT COUNT(*) FROM collection_documents WHERE collection = ?", (number,)).fetchone()[0]
        if restriction and held:
            raise CollectionRestricted(
                f"The collection {row[0]!r} is restricted, and deleting it would show its {held} documents (removed "
                "ones included) to everybody; put them into another restricted collection and take them out of this "
                "one, or let everybody see it first (`python -m rag collections unrestrict`)"
            )
        db.execute("DELETE FROM collections WHERE id = ?", (number,))
        changed(db)


def restrict(catalogue: Catalogue, number: str, rights: Iterable[Right]) -> None:
    """From now on admins and these may see it, and nobody else. Raises :class:`UnknownCollection`,
    :class:`StoreError`."""
    wanted = {ADMINS, *rights}
    if len(wanted) > MOST_RIGHTS:
        raise StoreError(
            f"At most {MOST_RIGHTS} users, roles, tokens and groups can be named for a collection; name groups or roles"
        )
    with catalogue.writing() as db:
        _known(db.execute("SELECT COUNT(*) FROM collections WHERE id = ?", (number,)).fetchone()[0])
        db.execute("DELETE FROM collection_rights WHERE collection = ?", (number,))
        db.executemany("INSERT INTO collection_rights VALUES (?, ?, ?)", [(number, *right) for right in sorted(wanted)])
        changed(db)


def unrestrict(catalogue: Catalogue, number: str) -> None:
    """Everybody may see it again. Raises :class:`UnknownCollection`."""
    with catalogue.writing() as db:
        _known(db.execute("SELECT COUNT(*) FROM collections WHERE id = ?", (number,)).fetchone()[0])
        db.execute("DELETE FROM collection_rights WHERE collection = ?", (number,))
        changed(db)


def forget_right(catalogue: Catalogue, right: Right) -> int:
    """A user or token is no more: whoever gets the name later has no right from before, by a group neither. How many
    collections named it."""
    if not catalogue.has_table("collection_rights"):
        return 0
    with catalogue.writing() as db:
        count = db.execute("DELETE FROM collection_rights WHERE kind = ? AND name = ?", right).rowcount
        db.execute("DELETE FROM group_members WHERE kind = ? AND name = ?", right)
        changed(db)
    return int(count)


def put(catalogue: Catalogue, number: str, docs: Iterable[str]) -> None:
    """Documents into it; those that are in it already stay. Ids that are no document's are left out.

    Raises :class:`UnknownCollection`.
    """
    with catalogue.writing() as db:
        _known(db.execute("SELECT COUNT(*) FROM collections WHERE id = ?", (number,)).fetchone()[0])
        there = [row[0] for row in in_parts(db, "SELECT id FROM documents WHERE id IN", list(dict.fromkeys(docs)))]
        rows = [(number, doc) for doc in there]
        db.executemany("INSERT INTO collection_documents VALUES (?, ?) ON CONFLICT DO NOTHING", rows)
        changed(db)


def expect(catalogue: Catalogue, name: str, docs: Iterable[str]) -> None:
    """Before documents are added to the collection of this name: where it is restricted they are in it from now on, so
    that nobody else sees them for a moment. Where there is none of that name nothing is done."""
    try:
        found = named(catalogue, name)
    except UnknownCollection:
        return
    if not found.restricted:
        return
    with catalogue.writing() as db:
        _known(db.execute("SELECT COUNT(*) FROM collections WHERE id = ?", (found.id,)).fetchone()[0])
        rows = [(found.id, doc) for doc in dict.fromkeys(docs)]
        db.executemany("INSERT INTO collection_documents VALUES (?, ?) ON CONFLICT DO NOTHING", rows)
        changed(db)


def put_by_name(catalogue: Catalogue, name: str, docs: Iterable[str]) -> None:
    """As :func:`put`, into the collection of this name, which is made where there is none."""
    try:
        found = named(catalogue, name)
    except UnknownCollection:
        try:
            found = create(catalogue, name)
        except CollectionExists:  # another process was faster
            found = named(catalogue, name)
    put(catalogue, found.id, docs)


def take_out(catalogue: Catalogue, number: str, docs: Iterable[str]) -> None:
    """Documents out of it; they stay in the library. Raises :class:`UnknownCollection`."""
    with catalogue.writing() as db:
        _known(db.execute("SELECT COUNT(*) FROM collections WHERE id = ?", (number,)).fetchone()[0])
        rows = [(number, doc) for doc in docs]
        db.executemany("DELETE FROM collection_documents WHERE collection = ? AND doc = ?", rows)
        changed(db)


def _rights(db: Connection) -> dict[str, set[Right]]:
    """By collection, of those that are restricted."""
    found: dict[str, set[Right]] = {}
    for collection, kind, name in db.execute("SELECT collection, kind, name FROM collection_rights"):
        found.setdefault(collection, set()).add(Right(kind, name))
    return found


def _name_members(db: Connection, rights: dict[str, set[Right]]) -> None:
    """Beside each group, those who are in it."""
    members: dict[str, set[Right]] = {}
    for group, kind, name in db.execute("SELECT group_name, kind, name FROM group_members"):
        members.setdefault(group, set()).add(Right(kind, name))
    for may in rights.values():
        may.update(*(members.get(right.name, ()) for right in may if right.kind == "group"))


def changed(db: Connection) -> None:
    """Say that what somebody may see may be another thing now: see :func:`revision`."""
    row = db.execute("SELECT value FROM manifest WHERE key = ?", (REVISION,)).fetchone()
    now = str(int(row[0]) + 1 if row else 1)
    db.execute(
        "INSERT INTO manifest VALUES (?, ?) ON CONFLICT(key) DO UPDATE SET value = excluded.value", (REVISION, now)
    )


def _name(name: str) -> tuple[str, str]:
    """As it is shown, and as it is compared."""
    shown = "".join(char for char in " ".join(name.split()) if char.isprintable())
    if not shown:
        raise StoreError("A collection needs a name; give it one")
    if len(shown) > LONGEST_NAME:
        raise StoreError(f"The name has {len(shown)} characters, at most {LONGEST_NAME} are kept; give a shorter one")
    return shown, folded(shown)


def _check_free(db: Connection, words: str, shown: str, number: str) -> None:
    if db.execute("SELECT 1 FROM collections WHERE words = ? AND id <> ?", (words, number)).fetchone():
        raise CollectionExists(f"There is a collection {shown!r} already; choose another name")


def _known(count: int) -> None:
    if not count:
        raise UnknownCollection("That collection is no longer there; the list shows those that are")
