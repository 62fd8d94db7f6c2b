"""A schema (namespace) of a PostgreSQL database as the store of a library's tables, for any number of machines.

The tables are those of ``schema.sql``, translated (:mod:`rag.storage.tables.postgres_tables`); statements are those of
SQLite. Of each library one process writes at a time, as with SQLite, held by advisory locks that end with their
connection; everybody reads meanwhile. A reader whose connection was cut asks again over a new one; what was cut in the
middle of a transaction is taken back by the server, and the error says so.

It needs sessions of its own: a pooler between must not share them (PgBouncer: ``pool_mode = session``).
"""

from __future__ import annotations

import contextlib
import os
import socket
import threading
import zlib
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rag.errors import BadSettings, DiskFull, IndexBusy, StoreError
from rag.storage.tables.connections import WRITE_LOCK, Connection
from rag.storage.tables.postgres_address import Target
from rag.storage.tables.postgres_connection import PostgresConnection, with_whole_sums
from rag.storage.tables.postgres_tables import DOUBTED, HOLDER, INSTR, REFERENCES, SEQUENCE, translated

if TYPE_CHECKING:
    import psycopg

BUSY_SECONDS = 15.0  # a writer waits this long for another process's commit
LOCK_SECONDS = 10.0  # and this long for the right to write
CONNECTING = 5  # seconds for a server to take a connection
GONE = {"keepalives_idle": 30, "keepalives_interval": 10, "keepalives_count": 3}
"""Seconds of silence, seconds between signs of life, how many of them: after a minute a machine counts as vanished."""
PATIENCE = 60_000  # milliseconds for which what was sent may stay unheard
ALIVE = "".join(f"; SET tcp_{name} = {value}" for name, value in {**GONE, "user_timeout": PATIENCE}.items())
"""The same for the server, which gives up the locks of who has vanished."""
VERSION_TABLE = "schema_version"


class PostgresSchema:
    """A :class:`~rag.storage.tables.connections.Store`; ``path`` is the file in the index that names the library."""

    def __init__(self, target: Target, path: Path) -> None:
        import psycopg

        self.errors: tuple[type[Exception], ...] = (psycopg.Error,)
        self.path = path
        self._target = target
        self._of_thread = threading.local()
        self._mutex = threading.Lock()
        self._checked = False

    @property
    def shown(self) -> str:
        """The address without its password."""
        return self._target.shown

    def open(self) -> PostgresConnection:
        """See :class:`~rag.storage.tables.connections.Store`."""
        return PostgresConnection(self._connect)

    def _connect(self) -> psycopg.Connection[Any]:
        import psycopg

        about = f"PageSight {socket.gethostname()} {os.getpid()}"[:63]
        try:
            db = psycopg.connect(
                self._target.url,
                autocommit=True,
                connect_timeout=CONNECTING,
                client_encoding="utf8",
                application_name=about,
                tcp_user_timeout=PATIENCE,
                **GONE,
            )
        except psycopg.OperationalError as exc:
            raise StoreError(
                f"{self.shown} is not reached ({_said(exc)}); start it, or check PAGESIGHT_STORE_URL"
            ) from exc
        except psycopg.Error as exc:  # its words may hold a part of the address
            raise BadSettings(
                "PAGESIGHT_STORE_URL is no address that PostgreSQL's client can read; check its options, and write "
                "signs such as @ : / # in the password as %40 …"
            ) from exc
        try:
            with_whole_sums(db)
            db.execute(f'SET search_path = "{self._target.schema}"{ALIVE}')
            with self._mutex:
                if not self._checked:
                    self._check(db)
                    self._checked = True
        except BaseException:
            db.close()
            raise
        return db

    def _check(self, db: psycopg.Connection[Any]) -> None:
        row = db.execute("SHOW server_encoding").fetchone()
        if row is None or row[0] != "UTF8":
            raise BadSettings(
                f"{self.shown} is a database in {row and row[0]}, which lacks most letters; make one with "
                "CREATE DATABASE … ENCODING 'UTF8' TEMPLATE template0"
            )

    # -- transactions --------------------------------------------------------------------------------------------

    def begin_reading(self, db: Connection) -> None:
        """See :class:`~rag.storage.tables.connections.Store`."""
        db.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")

    def begin_writing(self, db: Connection, wait: float | None) -> None:
        """One process at a time; inside :meth:`lock` only while that lock is still held."""
        db.execute("BEGIN")
        try:
            _wait_for(db, BUSY_SECONDS if wait is None else wait, local=True)
            db.execute("SELECT pg_advisory_xact_lock(?, ?)", self._key("commit"))
            for held in getattr(self._of_thread, "locks", ()):
                held.execute("SELECT 1")
        except BaseException:
            self.end(db)
            raise

    def end(self, db: Connection) -> None:
        """See :class:`~rag.storage.tables.connections.Store`; of a connection that was lost the server has done it."""
        with contextlib.suppress(*self.errors):
            if db.in_transaction:
                db.execute("ROLLBACK")

    def is_usable(self, db: Connection) -> bool:
        """See :class:`~rag.storage.tables.connections.Store`."""
        return not (isinstance(db, PostgresConnection) and db.is_lost)

    @contextmanager
    def lock(self, name: str, wait: float | None) -> Iterator[None]:
        """Held by a connection of its own; while it is lost this thread cannot commit anything.

        Whoever takes the right to write waits for the last commit of one who has lost it, so that both never overlap.
        """
        key = self._key(name)
        with self._explaining(), closing(self._connect()) as held:
            self._acquire(held, key, name, LOCK_SECONDS if wait is None else wait)
            if name == WRITE_LOCK:
                with held.transaction():
                    held.execute("SELECT pg_advisory_xact_lock(%s, %s)", self._key("commit"))
            locks = self._of_thread.__dict__.setdefault("locks", [])
            locks.append(held)
            try:
                yield
            finally:
                locks.remove(held)

    @contextmanager
    def _explaining(self) -> Iterator[None]:
        try:
            yield
        except self.errors as exc:
            raise self.explained(exc) from exc

    def _acquire(self, held: psycopg.Connection[Any], key: tuple[int, int], name: str, wait: float) -> None:
        import psycopg

        try:
            if wait <= 0:
                row = held.execute("SELECT pg_try_advisory_lock(%s, %s)", key).fetchone()
                if row and row[0]:
                    return
            else:
                held.execute(f"SET lock_timeout = {max(1, round(wait * 1000))}")
                held.execute("SELECT pg_advisory_lock(%s, %s)", key)
                held.execute(f"SET lock_timeout = {round(BUSY_SECONDS * 1000)}")
                return
        except psycopg.errors.LockNotAvailable:
            pass
        holder = held.execute(HOLDER, [part % (1 << 32) for part in key]).fetchone()
        by = f" ({holder[0].removeprefix('PageSight ')})" if holder and holder[0] else ""
        raise IndexBusy(
            f"The index {self.path.parent} in {self.shown} is being written by another process{by}; "
            "wait until it has finished, or end it, then try again"
        )

    def _key(self, name: str) -> tuple[int, int]:
        """Two numbers of 32 bits with a sign: locks are of a whole database, and not of a schema."""
        pair = (zlib.crc32(f"PageSight {self._target.schema}".encode()), zlib.crc32(name.encode()))
        return pair[0] - (pair[0] >> 31 << 32), pair[1] - (pair[1] >> 31 << 32)

    def explained(self, exc: Exception) -> StoreError:
        """See :class:`~rag.storage.tables.connections.Store`."""
        import psycopg
        from psycopg import errors

        said = _said(exc)
        if isinstance(exc, errors.LockNotAvailable):
            return IndexBusy(f"{self.shown} is being written by another process ({said}); wait, then try again")
        if isinstance(exc, errors.DiskFull):
            return DiskFull(f"No space left for {self.shown} ({said}); what was indexed before is intact")
        if isinstance(exc, errors.InsufficientPrivilege | errors.ReadOnlySqlTransaction):
            return StoreError(f"{self.shown} may not be written to ({said}); use a user and a server that may")
        if isinstance(exc, errors.TooManyConnections):
            return StoreError(f"{self.shown} has no connection left ({said}); raise max_connections, or end programs")
        if isinstance(exc, psycopg.OperationalError | psycopg.InterfaceError):
            return StoreError(
                f"The connection to {self.shown} was lost ({said}); what was not committed is taken back. Try again"
            )
        return StoreError(f"{self.shown} cannot be used ({said}); it is left as it is: try again, and report this")

    # -- tables --------------------------------------------------------------------------------------------------

    def prepare(self, db: Connection) -> None:
        """The schema, where the administrator has made none."""
        if not db.execute("SELECT 1 FROM pg_namespace WHERE nspname = ?", (self._target.schema,)).fetchone():
            db.execute(f'CREATE SCHEMA IF NOT EXISTS "{self._target.schema}"')

    def version(self, db: Connection) -> int:
        """See :class:`~rag.storage.tables.connections.Store`."""
        if not self.has_table(db, VERSION_TABLE):
            return 0
        return int(db.execute(f"SELECT version FROM {VERSION_TABLE}").fetchone()[0])

    def set_version(self, db: Connection, version: int) -> None:
        """See :class:`~rag.storage.tables.connections.Store`."""
        db.execute(f"CREATE TABLE IF NOT EXISTS {VERSION_TABLE}(version INTEGER NOT NULL)")
        db.execute(f"DELETE FROM {VERSION_TABLE}")
        db.execute(f"INSERT INTO {VERSION_TABLE} VALUES (?)", (version,))

    def run(self, db: Connection, script: str) -> None:
        """See :class:`~rag.storage.tables.connections.Store`."""
        if not self.has_table(db, VERSION_TABLE):
            db.execute(INSTR)
        db.execute("; ".join(translated(script)))

    def has_table(self, db: Connection, name: str) -> bool:
        """See :class:`~rag.storage.tables.connections.Store`."""
        sql = "SELECT 1 FROM pg_class WHERE oid = to_regclass(?)"
        return db.execute(sql, (f'"{self._target.schema}".{name}',)).fetchone() is not None

    def last_number(self, db: Connection, table: str) -> int:
        """See :class:`~rag.storage.tables.connections.Store`."""
        row = db.execute(f"SELECT last_value, is_called FROM {self._sequence(db, table)}").fetchone()
        return int(row[0]) if row[1] else 0

    def set_last_number(self, db: Connection, table: str, number: int) -> None:
        """See :class:`~rag.storage.tables.connections.Store`."""
        db.execute("SELECT setval(?::regclass, ?, ?)", (self._sequence(db, table), max(1, number), number > 0))

    def _sequence(self, db: Connection, table: str) -> str:
        return str(db.execute(SEQUENCE, (self._target.schema, table)).fetchone()[0])

    def faults(self, db: Connection) -> list[str]:
        """Constraints that the server does not vouch for; pages of its files it checks itself, as it reads them."""
        rows = db.execute(DOUBTED, (self._target.schema,)).fetchall()
        return [f"{table} has the constraint {name} that was never checked" for table, name in rows]

    def references(self, db: Connection) -> list[tuple[str, str, str, str]]:
        """See :class:`~rag.storage.tables.connections.Store`; some are there where a dump was restored unchecked."""
        found: list[tuple[str, str, str, str]] = []
        for table, column, parent, key in db.execute(REFERENCES, (self._target.schema,)).fetchall():
            there = f"SELECT 1 FROM {parent} WHERE {parent}.{key} = {table}.{column}"
            if db.execute(f"SELECT 1 FROM {table} WHERE NOT EXISTS ({there}) LIMIT 1").fetchone():
                found.append((table, column, parent, key))
        return found

    def copy_to(self, db: Connection, path: Path) -> None:
        """See :class:`~rag.storage.tables.connections.Store`; codes of vectors are left out, they are made anew."""
        from rag.storage.tables.moving import into_file

        into_file(self, db, path)


def _wait_for(db: Connection, seconds: float, local: bool) -> None:
    """For a lock; 0 would be without an end."""
    db.execute(f"SET {'LOCAL ' if local else ''}lock_timeout = {max(1, round(seconds * 1000))}")


def _said(exc: Exception) -> str:
    return " ".join(str(exc).split())
