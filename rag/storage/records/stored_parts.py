"""Which files of which documents lie elsewhere: rows of the catalogue, so that they change with it in one transaction.

A document has parts: its folder ("document"), its vectors of each generation (the generation's label), and what of
these is in the trash ("trash/document", …). Each writing of a part is a version with a name of its own, whose files are
never changed. A version is noted before its first file is written and is COMING until a commit makes it the document's;
what it replaces is GONE from then on, and its files are deleted afterwards. So no kill leaves a file that nobody knows
of.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from rag.errors import StoreError
from rag.storage.tables.connections import Connection

COMING, THERE, GONE = 0, 1, 2
DOCUMENT = "document"  # the part that is a document's folder
TRASH = "trash/"  # what a part in the trash begins with
NOTE = "trash/note"  # that a document is in the trash; its one file is made of the note itself, and is no object

Files = dict[str, tuple[int, str]]
"""Bytes and SHA-256 of each file, by its name in the part."""


class StoredPart(NamedTuple):
    """A version of a part of a document."""

    version: str
    doc: str
    part: str


_COLUMNS = "SELECT version, doc, part FROM stored_parts"


def begin(db: Connection, doc: str, part: str, files: Files, at: str) -> str:
    """Note a version that is about to be written; its name."""
    version = secrets.token_hex(16)
    db.execute(
        "INSERT INTO stored_parts VALUES (?,?,?,?,?,?)",
        (version, doc, part, COMING, at, json.dumps(files, ensure_ascii=False)),
    )
    return version


def adopt(db: Connection, doc: str, versions: Mapping[str, str]) -> None:
    """From here on these are the document's parts (part to version), and those before are gone.

    Raises :class:`StoreError` where one is there no more, because writing it took longer than it is waited for.
    """
    for part, version in versions.items():
        db.execute(
            "UPDATE stored_parts SET state = ? WHERE doc = ? AND part = ? AND state = ? AND version <> ?",
            (GONE, doc, part, THERE, version),
        )
        sql = "UPDATE stored_parts SET state = ? WHERE version = ? AND state <> ?"
        if db.execute(sql, (THERE, version, GONE)).rowcount != 1:
            raise StoreError(f"What was sent of document {doc[:12]} is there no more; add its file again")


def rename(db: Connection, doc: str, part: str, to: str) -> bool:
    """A part becomes another one, in place of what that was; False where the document has no such part."""
    found = current(db, doc, part)
    if found is None:
        return False
    drop(db, doc, to)
    db.execute("UPDATE stored_parts SET part = ? WHERE version = ?", (to, found))
    return True


def drop(db: Connection, doc: str, part: str) -> bool:
    """A part is gone; False where it was not there."""
    sql = "UPDATE stored_parts SET state = ? WHERE doc = ? AND part = ? AND state = ?"
    return db.execute(sql, (GONE, doc, part, THERE)).rowcount > 0


def give_up(db: Connection, version: str) -> None:
    """A version is not to be the document's."""
    db.execute("UPDATE stored_parts SET state = ? WHERE version = ? AND state = ?", (GONE, version, COMING))


def give_up_old(db: Connection, before: str) -> None:
    """The same of all that were noted before a time and have come to nothing."""
    db.execute("UPDATE stored_parts SET state = ? WHERE state = ? AND at < ?", (GONE, COMING, before))


def current(db: Connection, doc: str, part: str) -> str | None:
    """The version that is a document's part; None where it has none."""
    sql = "SELECT version FROM stored_parts WHERE doc = ? AND part = ? AND state = ?"
    row = db.execute(sql, (doc, part, THERE)).fetchone()
    return None if row is None else str(row[0])


def parts_of(db: Connection, doc: str) -> list[StoredPart]:
    """All that a document has, in the trash, too."""
    return [StoredPart(*row) for row in db.execute(f"{_COLUMNS} WHERE doc = ? AND state = ?", (doc, THERE))]


def in_state(db: Connection, state: int) -> list[StoredPart]:
    """In the order of their parts."""
    return [StoredPart(*row) for row in db.execute(f"{_COLUMNS} WHERE state = ? ORDER BY part, doc", (state,))]


def documents(db: Connection, part: str) -> set[str]:
    """Which have a part."""
    rows = db.execute("SELECT doc FROM stored_parts WHERE state = ? AND part = ?", (THERE, part))
    return {str(row[0]) for row in rows}


def labels(db: Connection) -> set[str]:
    """The names of all parts that are there."""
    return {str(row[0]) for row in db.execute("SELECT DISTINCT part FROM stored_parts WHERE state = ?", (THERE,))}


def files(db: Connection, version: str) -> Files:
    """Of a version; none of one that is not known, or is a note."""
    row = db.execute("SELECT files FROM stored_parts WHERE version = ?", (version,)).fetchone()
    said = {} if row is None else json.loads(row[0])
    return {name: (int(size), str(sha)) for name, (size, sha) in said.items()} if isinstance(said, dict) else {}


def write_note(db: Connection, doc: str, note: str, at: str) -> None:
    """That a document is in the trash, as text."""
    drop(db, doc, NOTE)
    values = (secrets.token_hex(16), doc, NOTE, THERE, at, json.dumps(note, ensure_ascii=False))
    db.execute("INSERT INTO stored_parts VALUES (?,?,?,?,?,?)", values)


def note(db: Connection, version: str) -> str:
    """That was written as this version."""
    return str(json.loads(db.execute("SELECT files FROM stored_parts WHERE version = ?", (version,)).fetchone()[0]))


def notes(db: Connection) -> dict[str, str]:
    """By document, of all in the trash."""
    rows = db.execute("SELECT doc, files FROM stored_parts WHERE state = ? AND part = ?", (THERE, NOTE))
    return {str(doc): str(json.loads(text)) for doc, text in rows}


def forget(db: Connection, versions: Iterable[str]) -> None:
    """Their files are deleted."""
    for version in versions:
        db.execute("DELETE FROM stored_parts WHERE version = ? AND state = ?", (version, GONE))


def forget_all(db: Connection) -> None:
    """The library's files lie in its folder."""
    db.execute("DELETE FROM stored_parts")
