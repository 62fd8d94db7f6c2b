"""One SQLite file as the store of a library's tables: how it is opened, begun, read at one moment, and explained.

The only module that imports sqlite3. Its errors come out as :class:`~rag.errors.StoreError` that name the remedy.
Write-ahead logging lets any number read while one writes. SQLite makes two files beside its own for that; where it
cannot, in a folder that may not be written to or on a full disk, the file is read as it is.
"""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from pathlib import Path

from rag.disk import locked
from rag.errors import DiskFull, IndexBusy, IndexDamaged, StoreError
from rag.storage.tables.connections import Connection

PREPARING_STEP = 0.02  # seconds between two tries to prepare a new file
BUSY_SECONDS = 15.0  # a reader or writer waits this long for another process's commit

_PRIMARY = 0xFF  # the bits of SQLite's extended result codes that say of which kind the error is
_NO_ROOM = (
    sqlite3.SQLITE_IOERR_WRITE,
    sqlite3.SQLITE_IOERR_FSYNC,
    sqlite3.SQLITE_IOERR_SHMSIZE,
    sqlite3.SQLITE_IOERR_SHMOPEN,
)
_BUSY = (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_PROTOCOL)
_BROKEN = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)
_WRITABLE = "allow writing to the file and to its folder, or set PAGESIGHT_INDEX"
_NOTHING_BESIDE = (sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR)
_REMEDIES = {
    sqlite3.SQLITE_READONLY: _WRITABLE,
    sqlite3.SQLITE_PERM: _WRITABLE,
    sqlite3.SQLITE_AUTH: _WRITABLE,
    sqlite3.SQLITE_CANTOPEN: "check that its folder is there and may be written to, and that this process may open "
    "more files (`ulimit -n`)",
    sqlite3.SQLITE_IOERR: "the disk, or the connection to it, failed: check it and try again",
    sqlite3.SQLITE_TOOBIG: "it is more than the database holds in one place: ask for less at once, or add a smaller "
    "file",
    sqlite3.SQLITE_INTERRUPT: "it was stopped from outside: try again",
    sqlite3.SQLITE_NOMEM: "this machine's memory is used up: end other programs and try again",
    sqlite3.SQLITE_SCHEMA: "another process has changed it meanwhile: try again",
}
_IN_USE = (
    "it was in use when this copy of it was made: copy the folder to a place that may be written to, and set "
    "PAGESIGHT_INDEX to that"
)
_UNKNOWN = "the index is left as it is: try again, and report this message where it comes back"


class _AsItIs(sqlite3.Connection):
    """A connection to a file beside which SQLite can write nothing, for reading; ``why`` is what it said."""

    why: sqlite3.Error


class SqliteFile:
    """A :class:`~rag.storage.tables.connections.Store`: the file ``path``, and locks that are files beside it."""

    errors: tuple[type[Exception], ...] = (sqlite3.Error,)

    def __init__(self, path: Path) -> None:
        self.path = path

    @property
    def shown(self) -> str:
        """The file's path."""
        return str(self.path)

    def open(self) -> sqlite3.Connection:
        """To be used by one thread after another. Where SQLite can write nothing beside the file: see :class:`_AsItIs`.

        That holds for the one use: the file could change meanwhile, which such a connection does not see.
        """
        db = sqlite3.connect(self.path, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False)
        try:
            db.execute("PRAGMA foreign_keys = ON")
            db.execute("PRAGMA synchronous = NORMAL")
            db.execute("PRAGMA schema_version")  # the first look at the file, for which the others are made
        except sqlite3.Error as exc:
            db.close()
            if getattr(exc, "sqlite_errorcode", 0) & _PRIMARY in _NOTHING_BESIDE and self._is_all_there_is():
                return self._as_it_is(exc)
            raise
        return db

    def _is_all_there_is(self) -> bool:
        """Whether the file holds everything that was committed."""
        log = self.path.with_name(f"{self.path.name}-wal")
        try:
            return self.path.stat().st_size > 0 and (not log.exists() or log.stat().st_size == 0)
        except OSError:
            return False

    def _as_it_is(self, why: sqlite3.Error) -> sqlite3.Connection:
        uri = f"{self.path.resolve().as_uri()}?mode=ro&immutable=1"
        db = sqlite3.connect(uri, uri=True, isolation_level=None, check_same_thread=False, factory=_AsItIs)
        db.why = why
        return db

    def begin_reading(self, db: Connection) -> None:
        """One moment, that of the first statement."""
        db.execute("BEGIN")

    def begin_writing(self, db: Connection, wait: float | None) -> None:
        """Waits ``wait`` seconds (None: :data:`BUSY_SECONDS`) for whoever writes now."""
        if isinstance(db, _AsItIs):
            raise db.why
        if wait is None:
            db.execute("BEGIN IMMEDIATE")
            return
        db.execute(f"PRAGMA busy_timeout = {round(wait * 1000)}")
        try:
            db.execute("BEGIN IMMEDIATE")
        finally:
            db.execute(f"PRAGMA busy_timeout = {round(BUSY_SECONDS * 1000)}")

    def end(self, db: Connection) -> None:
        """Take back what was not committed."""
        if db.in_transaction:
            db.execute("ROLLBACK")

    def is_usable(self, db: Connection) -> bool:
        """A file is there until it is closed, and must not change while it is read as it is."""
        return not isinstance(db, _AsItIs)

    def explained(self, exc: Exception) -> StoreError:
        """See :func:`explained`."""
        assert isinstance(exc, sqlite3.Error)
        return explained(exc, self.path)

    def lock(self, name: str, wait: float | None) -> AbstractContextManager[object]:
        """A lock between processes on the file ``name`` in the folder; see :func:`rag.disk.locked`."""
        return locked(self.path.parent / name, wait=wait)

    # -- tables --------------------------------------------------------------------------------------------------

    def prepare(self, db: Connection) -> None:
        """Before the first tables are made. While others do the same SQLite says that it is busy without waiting."""
        deadline = time.monotonic() + BUSY_SECONDS
        while True:
            try:
                db.execute("PRAGMA journal_mode = WAL")
                return
            except sqlite3.OperationalError as exc:
                if exc.sqlite_errorcode & _PRIMARY not in _BUSY or time.monotonic() > deadline:
                    raise
            time.sleep(PREPARING_STEP)

    def version(self, db: Connection) -> int:
        """Of the tables; 0 where there are none."""
        return int(db.execute("PRAGMA user_version").fetchone()[0])

    def set_version(self, db: Connection, version: int) -> None:
        """Note what :meth:`version` says from now on."""
        db.execute(f"PRAGMA user_version = {version}")

    def run(self, db: Connection, script: str) -> None:
        """Run statements, each ending with a line, inside the open transaction."""
        run_script(db, script)

    def has_table(self, db: Connection, name: str) -> bool:
        """Whether there is one."""
        return db.execute("SELECT 1 FROM sqlite_master WHERE name = ?", (name,)).fetchone() is not None

    def last_number(self, db: Connection, table: str) -> int:
        """The highest that a table with counted numbers ever gave; 0 before the first."""
        row = db.execute("SELECT seq FROM sqlite_sequence WHERE name = ?", (table,)).fetchone()
        return int(row[0]) if row else 0

    def set_last_number(self, db: Connection, table: str, number: int) -> None:
        """The next one that it gives is higher."""
        if not db.execute("UPDATE sqlite_sequence SET seq = ? WHERE name = ?", (number, table)).rowcount:
            db.execute("INSERT INTO sqlite_sequence(name, seq) VALUES (?, ?)", (table, number))

    def faults(self, db: Connection) -> list[str]:
        """What SQLite itself finds wrong; empty where the file is whole."""
        return [str(row[0]) for row in db.execute("PRAGMA quick_check") if row[0] != "ok"]

    def references(self, db: Connection) -> list[tuple[str, str, str, str]]:
        """Table, column, and the table and column that it refers to, of those with a row that refers to nothing."""
        found: list[tuple[str, str, str, str]] = []
        for table in sorted({row[0] for row in db.execute("PRAGMA foreign_key_check").fetchall()}):
            for _, _, parent, column, key, *_ in db.execute(f"PRAGMA foreign_key_list({table})").fetchall():
                found.append((table, column, parent, key or column))
        return found

    def copy_to(self, db: Connection, path: Path) -> None:
        """One moment of the database, whole, into a new file, while others read and write."""
        assert isinstance(db, sqlite3.Connection)
        with closing(sqlite3.connect(path)) as copy:
            try:
                db.backup(copy)
            except sqlite3.Error as exc:  # a full disk, most likely that of the copy
                raise explained(exc, path) from exc


@contextmanager
def in_memory() -> Iterator[Connection]:
    """A database of its own that goes with the block."""
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as db:
        yield db


def fault_of(path: Path) -> str:
    """What SQLite finds wrong with a file of its own; empty where it is whole."""
    try:
        with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as db:
            found = str(db.execute("PRAGMA quick_check(1)").fetchone()[0])
    except sqlite3.Error as exc:
        return str(exc)
    return "" if found == "ok" else found


def is_in_use(path: Path) -> bool:
    """Whether any program has a database open: with write-ahead logging each keeps a lock on it for as long."""
    try:
        with closing(sqlite3.connect(path, timeout=0.0, isolation_level=None)) as db:
            db.execute("PRAGMA journal_mode = DELETE")
            db.execute("PRAGMA journal_mode = WAL")
    except sqlite3.Error as exc:
        return getattr(exc, "sqlite_errorcode", 0) & _PRIMARY in _BUSY
    return False


def run_script(db: Connection, script: str) -> None:
    """Run statements, each ending with a line, inside the open transaction, which ``executescript`` would end."""
    statement = ""
    for line in script.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            db.execute(statement)
            statement = ""


def explained(exc: sqlite3.Error, path: Path) -> StoreError:
    """What went wrong and what to do; only what SQLite itself calls broken is called damaged."""
    code: int = getattr(exc, "sqlite_errorcode", sqlite3.SQLITE_ERROR)
    kind = code & _PRIMARY
    if kind == sqlite3.SQLITE_FULL or code in _NO_ROOM:
        remedy = "free some space and try again. What was indexed before is intact."
        return DiskFull(f"No space left for {path} ({exc}); {remedy}")
    if kind in _BUSY:
        return IndexBusy(f"{path} is locked by another process ({exc}); wait until it has finished, then try again")
    if kind in _BROKEN:
        return IndexDamaged(
            f"{path} is damaged ({exc}); restore a backup (`python -m rag restore FILE --replace`), or move this file "
            "away and have `python -m rag doctor --repair` make a new one of the documents' files"
        )
    if kind in (sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY) and path.exists():
        if path.with_name(f"{path.name}-wal").exists() and not os.access(path.parent, os.W_OK):
            return StoreError(f"{path} cannot be read where nothing may be written ({exc}); {_IN_USE}")
        kind = kind if os.access(path.parent, os.W_OK) else sqlite3.SQLITE_READONLY
    return StoreError(f"{path} cannot be used ({exc}); {_REMEDIES.get(kind, _UNKNOWN)}")
