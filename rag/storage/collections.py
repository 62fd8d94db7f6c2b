"""Collections in the catalogue: named sets of documents to ask within.

A document may be in several. Membership outlives a document that is read again, or removed and added once more: it goes
by the document's id, and only documents that are there count. Nothing here touches the index or its revision.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from typing import NamedTuple
from uuid import uuid4

from rag.errors import CollectionExists, EmptyCollection, StoreError, UnknownCollection
from rag.storage.catalogue import Catalogue
from rag.storage.connections import Connection, in_parts
from rag.storage.conversations import folded
from rag.storage.database import utc_now

LONGEST_NAME = 80  # characters
MOST = 1000  # collections of one index
NEAR_NAMES = 3  # suggestions for a name that is not there


class Collection(NamedTuple):
    """``docs`` are the ids of its documents that are in the library; ``created`` is UTC (ISO 8601)."""

    id: str
    name: str
    created: str
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
    return [Collection(number, name, created, frozenset(docs.get(number, ()))) for number, name, created in rows]


def named(catalogue: Catalogue, name: str) -> Collection:
    """By its name, whatever its case and accents, or its id. Raises :class:`UnknownCollection` with the nearest."""
    wanted, rows = folded(name).strip(), listed(catalogue)
    found = next((row for row in rows if wanted in (folded(row.name), row.id)), None)
    if found is not None:
        return found
    near = difflib.get_close_matches(wanted, [folded(row.name) for row in rows], NEAR_NAMES, cutoff=0.4)
    close = ", ".join(f"{row.name!r}" for n in near for row in rows if folded(row.name) == n)
    hint = f"did you mean {close}?" if close else "`python -m rag collections` lists those that are there"
    raise UnknownCollection(f"There is no collection {name[:LONGEST_NAME]!r}; {hint}")


def documents_of(catalogue: Catalogue, names: Iterable[str]) -> frozenset[str]:
    """The ids of the documents in any of these collections. Raises :class:`UnknownCollection`, and
    :class:`EmptyCollection` where none of them has a document: nothing else is searched instead."""
    found = [named(catalogue, name) for name in names]
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
    return collection


def rename(catalogue: Catalogue, number: str, name: str) -> None:
    """By its id. Raises :class:`UnknownCollection`, :class:`CollectionExists`, :class:`StoreError`."""
    shown, words = _name(name)
    with catalogue.writing() as db:
        _check_free(db, words, shown, number)
        _known(db.execute("UPDATE collections SET name = ?, words = ? WHERE id = ?", (shown, words, number)).rowcount)


def delete(catalogue: Catalogue, number: str) -> None:
    """The collection alone; its documents stay in the library. Raises :class:`UnknownCollection`."""
    with catalogue.writing() as db:
        _known(db.execute("DELETE FROM collections WHERE id = ?", (number,)).rowcount)


def put(catalogue: Catalogue, number: str, docs: Iterable[str]) -> None:
    """Documents into it; those that are in it already stay. Ids that are no document's are left out.

    Raises :class:`UnknownCollection`.
    """
    with catalogue.writing() as db:
        _known(db.execute("SELECT COUNT(*) FROM collections WHERE id = ?", (number,)).fetchone()[0])
        there = [row[0] for row in in_parts(db, "SELECT id FROM documents WHERE id IN", list(dict.fromkeys(docs)))]
        rows = [(number, doc) for doc in there]
        db.executemany("INSERT INTO collection_documents VALUES (?, ?) ON CONFLICT DO NOTHING", rows)


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
