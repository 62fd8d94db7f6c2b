"""Connections to the tables of a library: borrowed for a read, a write or one moment of them, then given back.

Where the tables are, and what such a place does in its own way, is a :class:`Store`: one SQLite file
(:mod:`rag.storage.tables.sqlite_file`) or a schema of a PostgreSQL database
(:mod:`rag.storage.tables.postgres_schema`). Statements are written in what both have in common: ``?`` stands for a
value.

A thread has a connection for as long as it is inside one of the blocks here and not longer: thread pools make new
threads all the time, and a connection is two open files, or a process of the server.
"""

from __future__ import annotations

import contextlib
import queue
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any, NamedTuple, Protocol

from rag.errors import StoreError

IDLE = 8  # connections kept open between uses: as many as read at once on a busy laptop
WRITE_LOCK = "write.lock"  # the right to change what a library holds
IN_LIMIT = 500  # values of one IN (…): with some beside them at most the 999 variables that work in every SQLite


class Cursor(Protocol):
    """What a statement found or did."""

    @property
    def rowcount(self) -> int:
        """Rows that were changed."""
        ...

    @property
    def description(self) -> Any:
        """Of each column a sequence that begins with its name."""
        ...

    def fetchone(self) -> Any:
        """The next row, or None."""
        ...

    def fetchall(self) -> list[Any]:
        """All other rows."""
        ...

    def __iter__(self) -> Iterator[Any]: ...


class Connection(Protocol):
    """One connection, as sqlite3 has it."""

    @property
    def in_transaction(self) -> bool:
        """Whether a transaction is open."""
        ...

    def execute(self, sql: str, values: Sequence[Any] = ..., /) -> Cursor:
        """Run one statement; ``?`` stands for the next of the values."""
        ...

    def executemany(self, sql: str, rows: Iterable[Sequence[Any]], /) -> object:
        """Run one statement with each of the rows."""
        ...

    def close(self) -> None:
        """Whatever was not committed is lost."""
        ...


class Store(Protocol):
    """Where the tables are, and what each such place does in its own way. Errors of ``errors`` are explained by it."""

    errors: tuple[type[Exception], ...]

    @property
    def path(self) -> Path:
        """The file in the index folder that says that there is an index."""
        ...

    @property
    def shown(self) -> str:
        """Where the tables are, in words that hold nothing secret."""
        ...

    def open(self) -> Connection:
        """A new connection, to be used by one thread after another."""
        ...

    def begin_reading(self, db: Connection) -> None:
        """From here on every statement sees one moment."""
        ...

    def begin_writing(self, db: Connection, wait: float | None) -> None:
        """Nobody else writes from here on; ``wait``: seconds that another is waited for, None: as long as usual."""
        ...

    def end(self, db: Connection) -> None:
        """Take back what was not committed."""
        ...

    def is_usable(self, db: Connection) -> bool:
        """False of a connection that was lost."""
        ...

    def explained(self, exc: Exception) -> StoreError:
        """What went wrong and what to do."""
        ...

    def lock(self, name: str, wait: float | None) -> AbstractContextManager[object]:
        """A lock between all processes that use the library; it ends with the process, however that ends.

        Raises :class:`~rag.errors.IndexBusy` naming the holder after ``wait`` seconds (None: as long as usual).
        """
        ...

    def prepare(self, db: Connection) -> None:
        """Before the first tables are made."""
        ...

    def version(self, db: Connection) -> int:
        """Of the tables; 0 where there are none."""
        ...

    def set_version(self, db: Connection, version: int) -> None:
        """Note what :meth:`version` says from now on."""
        ...

    def run(self, db: Connection, script: str) -> None:
        """Run statements as SQLite writes them, each ending with a line, inside the open transaction."""
        ...

    def has_table(self, db: Connection, name: str) -> bool:
        """Whether there is one."""
        ...

    def last_number(self, db: Connection, table: str) -> int:
        """The highest that a table with counted numbers ever gave; 0 before the first."""
        ...

    def set_last_number(self, db: Connection, table: str, number: int) -> None:
        """The next one that it gives is higher."""
        ...

    def faults(self, db: Connection) -> list[str]:
        """What the database itself finds wrong."""
        ...

    def references(self, db: Connection) -> list[tuple[str, str, str, str]]:
        """Table, column, and the table and column that it refers to, of those with a row that refers to nothing."""
        ...

    def copy_to(self, db: Connection, path: Path) -> None:
        """One moment of all tables into a new SQLite file."""
        ...


class _Held(NamedTuple):
    db: Connection
    writes: bool


class Connections:
    """To the tables of ``store``. Blocks may be nested within a thread: the inner has the connection of the outer."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self._idle: queue.LifoQueue[Connection] = queue.LifoQueue(IDLE)
        self._of_thread = threading.local()
        self._closings = 0

    @property
    def path(self) -> Path:
        """The file in the index folder that says that there is an index."""
        return self.store.path

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
            self.store.begin_reading(db)
            try:
                yield db
            finally:
                self.store.end(db)

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

        ``wait``: seconds that another's commit is waited for, where not as long as usual.
        """
        with self.translated(), self.latest() as outer, self._marked(outer, writes=True) as db:
            self.store.begin_writing(db, wait)
            try:
                yield db
                db.execute("COMMIT")
            finally:
                self.store.end(db)

    @contextmanager
    def translated(self) -> Iterator[None]:
        """The database's errors come out as :class:`StoreError`."""
        try:
            yield
        except self.store.errors as exc:
            raise self.store.explained(exc) from exc
        except UnicodeEncodeError as exc:
            half = f"it holds half of a character ({exc.object[exc.start : exc.end]!r})"
            raise StoreError(f"That text cannot be written down: {half}; type it again") from exc

    def lock(self, name: str, wait: float | None = None) -> AbstractContextManager[object]:
        """See :meth:`Store.lock`."""
        return self.store.lock(name, wait)

    def copy_to(self, path: Path) -> None:
        """One moment of the database, whole, into a new SQLite file, while others read and write."""
        with self.reading() as db:
            self.store.copy_to(db, path)

    def close(self) -> None:
        """Close what is idle now, and what is in use when it is given back. A later use opens new ones."""
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
            if closings == self._closings and self.store.is_usable(db):
                self._idle.put_nowait(db)
                return
        except queue.Full:
            pass
        db.close()

    def _open(self) -> Connection:
        return self.store.open()


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
