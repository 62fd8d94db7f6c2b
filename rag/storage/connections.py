"""Connections to one SQLite file: borrowed for a read, a write or one moment of the database, then given back.

The only module that imports sqlite3. Its errors come out as :class:`~rag.errors.StoreError` that name the remedy.

Write-ahead logging lets any number read while one writes. A thread has a connection for as long as it is inside one of
the blocks here and not longer: thread pools make new threads all the time, and a connection is two open files.
"""

from __future__ import annotations

import contextlib
import queue
import sqlite3
import threading
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from rag.errors import DiskFull, IndexBusy, IndexDamaged, StoreError

Connection = sqlite3.Connection

BUSY_SECONDS = 15.0  # a reader or writer waits this long for another process's commit
IDLE = 8  # connections kept open between uses: as many as read at once on a busy laptop
IN_LIMIT = 500  # values of one IN (…): with some beside them at most the 999 variables that work in every SQLite

_PRIMARY = 0xFF  # the bits of SQLite's extended result codes that say of which kind the error is
_NO_ROOM = (sqlite3.SQLITE_IOERR_WRITE, sqlite3.SQLITE_IOERR_FSYNC, sqlite3.SQLITE_IOERR_SHMSIZE)
_BUSY = (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_PROTOCOL)
_BROKEN = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)
_WRITABLE = "allow writing to the file and to its folder, or set PAGESIGHT_INDEX"
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
_UNKNOWN = "the index is left as it is: try again, and report this message where it comes back"


class _Held(NamedTuple):
    db: Connection
    writes: bool


class Connections:
    """To the file ``path``. Blocks may be nested within a thread: the inner one has the connection of the outer."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._idle: queue.LifoQueue[Connection] = queue.LifoQueue(IDLE)
        self._of_thread = threading.local()
        self._closings = 0

    def connection(self) -> Connection:
        """The one of the block that this thread is in."""
        held = self._held()
        if not held:
            raise RuntimeError("a connection is only there inside reading(), writing() or snapshot()")
        return held[-1].db

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Every statement sees what is committed by then; inside another block what that block sees."""
        with self.translated():
            held = self._held()
            if held:
                yield held[-1].db
                return
            with self._borrowed() as db:
                yield db

    @contextmanager
    def snapshot(self) -> Iterator[Connection]:
        """All that is read inside is of one moment, whatever is committed meanwhile."""
        with self.reading() as db:
            if db.in_transaction:
                yield db
                return
            db.execute("BEGIN")
            try:
                yield db
            finally:
                _end(db)

    @contextmanager
    def latest(self) -> Iterator[Connection]:
        """What is committed by now, also where this thread is inside a snapshot of an earlier moment."""
        held = self._held()
        past = bool(held) and held[-1].db.in_transaction and not held[-1].writes
        with self.translated(), self._borrowed() if past else self.reading() as db:
            yield db

    @contextmanager
    def writing(self, wait: float | None = None) -> Iterator[Connection]:
        """One transaction: committed whole, or not at all. Inside a snapshot it has a connection of its own.

        ``wait``: seconds that another's commit is waited for, where not :data:`BUSY_SECONDS`.
        """
        with self.translated(), self.latest() as outer, self._marked(outer, writes=True) as db:
            _begin(db, wait)
            try:
                yield db
                db.execute("COMMIT")
            finally:
                _end(db)

    @contextmanager
    def translated(self) -> Iterator[None]:
        """SQLite's errors come out as :class:`StoreError`."""
        try:
            yield
        except sqlite3.Error as exc:
            raise explained(exc, self.path) from exc
        except UnicodeEncodeError as exc:
            half = f"it holds half of a character ({exc.object[exc.start : exc.end]!r})"
            raise StoreError(f"That text cannot be written down: {half}; type it again") from exc

    def copy_to(self, path: Path) -> None:
        """One moment of the database, whole, into a new file, while others read and write."""
        with self.reading() as db, closing(sqlite3.connect(path)) as copy:
            try:
                db.backup(copy)
            except sqlite3.Error as exc:  # a full disk, most likely that of the copy
                raise explained(exc, path) from exc

    def close(self) -> None:
        """Close what is idle now, and what is in use when it is given back. A later use opens the file again."""
        self._closings += 1
        with contextlib.suppress(queue.Empty):
            while True:
                self._idle.get_nowait().close()

    def _held(self) -> list[_Held]:
        """The connections of the blocks this thread is in, the innermost last."""
        held: list[_Held] | None = getattr(self._of_thread, "held", None)
        if held is None:
            held = self._of_thread.held = []
        return held

    @contextmanager
    def _marked(self, db: Connection, writes: bool = False) -> Iterator[Connection]:
        held = self._held()
        held.append(_Held(db, writes))
        try:
            yield db
        finally:
            held.pop()

    @contextmanager
    def _borrowed(self) -> Iterator[Connection]:
        closings = self._closings
        try:
            db = self._idle.get_nowait()
        except queue.Empty:
            db = self._open()
        try:
            with self._marked(db):
                yield db
        finally:
            self._give_back(db, closings)

    def _give_back(self, db: Connection, closings: int) -> None:
        try:
            if closings == self._closings:
                self._idle.put_nowait(db)
                return
        except queue.Full:
            pass
        db.close()

    def _open(self) -> Connection:
        """To be used by one thread after another."""
        db = sqlite3.connect(self.path, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False)
        db.execute("PRAGMA foreign_keys = ON")
        db.execute("PRAGMA synchronous = NORMAL")
        return db


def first_column(path: Path, sql: str) -> set[str]:
    """Of another program's SQLite file, which is only read."""
    try:
        with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True, timeout=BUSY_SECONDS)) as db:
            return {str(row[0]) for row in db.execute(sql)}
    except sqlite3.Error as exc:
        raise StoreError(f"{path} cannot be read ({exc}); opening the index again repairs it") from exc


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


def in_parts(
    db: Connection, sql: str, values: Sequence[object], before: Sequence[object] = ()
) -> Iterator[tuple[Any, ...]]:
    """The rows of ``sql``, which ends in IN, for any number of values; ``before`` are those of its other variables.

    No statement has more variables than SQLite takes. The last value fills up to a power of two, so that few different
    statements are prepared, and those once: 300 values are looked up in half the time.
    """
    for start in range(0, len(values), IN_LIMIT):
        part = values[start : start + IN_LIMIT]
        count = min(IN_LIMIT, 1 << (len(part) - 1).bit_length())
        filled = (*before, *part, *[part[-1]] * (count - len(part)))
        yield from db.execute(f"{sql} ({','.join('?' * count)})", filled).fetchall()


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
        return IndexDamaged(f"{path} is damaged ({exc}); move the folder {path.parent} away and add the PDFs again")
    return StoreError(f"{path} cannot be used ({exc}); {_REMEDIES.get(kind, _UNKNOWN)}")


def _begin(db: Connection, wait: float | None) -> None:
    if wait is None:
        db.execute("BEGIN IMMEDIATE")
        return
    db.execute(f"PRAGMA busy_timeout = {round(wait * 1000)}")
    try:
        db.execute("BEGIN IMMEDIATE")
    finally:
        db.execute(f"PRAGMA busy_timeout = {round(BUSY_SECONDS * 1000)}")


def _end(db: Connection) -> None:
    if db.in_transaction:
        db.execute("ROLLBACK")
