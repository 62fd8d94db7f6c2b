"""All rows of a library from one store to another: from PostgreSQL to an SQLite file, as a backup has it, and back.

Codes of vectors stay behind: they are made anew from the arrays. So do users and tokens, which go along as files that
only who runs the program can read (:mod:`rag.storage.records.credentials`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import closing
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

from rag.storage.tables import schema
from rag.storage.tables.connections import Connection, Store
from rag.storage.tables.postgres_connection import FETCHED, PostgresConnection
from rag.storage.tables.postgres_tables import ORDERED
from rag.storage.tables.sqlite_file import SqliteFile, in_memory

LEFT_OUT = ("vector_codes", "credentials")
LIBRARY = "library"
"""Manifest key: the name by which a library in PostgreSQL and its folder of files know each other."""


class Table(NamedTuple):
    """``columns`` are all of it, the hidden rowid where it matters; ``counted``: it gives numbers to its rows."""

    name: str
    columns: tuple[str, ...]
    counted: bool


def tables() -> list[Table]:
    """Those of a library, each after those that it refers to."""
    script = schema.script()
    names = re.findall(r"^CREATE TABLE (\w+)\(", script, re.MULTILINE)
    counted = re.findall(r"^CREATE TABLE (\w+)\(\w+ INTEGER PRIMARY KEY AUTOINCREMENT", script, re.MULTILINE)
    with in_memory() as db:
        schema.create(db)
        columns = {name: [row[0] for row in db.execute(f"SELECT * FROM {name} LIMIT 0").description] for name in names}
    return [
        Table(name, (*columns[name], *(["rowid"] if name in ORDERED else [])), name in counted)
        for name in names
        if name not in LEFT_OUT
    ]


def into_file(store: Store, db: Connection, path: Path) -> None:
    """One moment of a library in PostgreSQL into a new SQLite file, which is a catalogue like any other."""
    assert isinstance(db, PostgresConnection)
    target = SqliteFile(path)
    with closing(target.open()) as file:
        own = not db.in_transaction
        if own:
            store.begin_reading(db)
        try:
            file.execute("BEGIN")
            schema.create(file)
            for table in tables():
                file.execute(f"DELETE FROM {table.name}")
                found = db.rows(_select(table))
                while rows := list(islice(found, FETCHED)):
                    file.executemany(_insert(table), rows)
                if table.counted:
                    target.set_last_number(file, table.name, store.last_number(db, table.name))
            file.execute("DELETE FROM manifest WHERE key = ?", (LIBRARY,))
            target.set_version(file, store.version(db))
            file.execute("COMMIT")
        finally:
            if own:
                store.end(db)


def out_of_file(path: Path, store: Store, db: Connection) -> None:
    """All rows of an SQLite file whose tables are those of now into the empty tables of a library in PostgreSQL."""
    assert isinstance(db, PostgresConnection)
    source = SqliteFile(path)
    with closing(source.open()) as file:
        for table in tables():
            db.execute(f"DELETE FROM {table.name}")
            db.copy_in(table.name, table.columns, _rows(file, table))
            if table.counted:
                store.set_last_number(db, table.name, source.last_number(file, table.name))
            elif table.name in ORDERED:
                last = file.execute(f"SELECT MAX(rowid) FROM {table.name}").fetchone()[0]
                store.set_last_number(db, table.name, int(last or 0))


def _rows(db: Connection, table: Table) -> Iterator[tuple[Any, ...]]:
    yield from db.execute(_select(table))


def _select(table: Table) -> str:
    order = " ORDER BY rowid" if "rowid" in table.columns else ""
    return f"SELECT {', '.join(table.columns)} FROM {table.name}{order}"


def _insert(table: Table) -> str:
    return f"INSERT INTO {table.name}({', '.join(table.columns)}) VALUES ({','.join('?' * len(table.columns))})"
