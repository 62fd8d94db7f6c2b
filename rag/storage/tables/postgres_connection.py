"""One connection to PostgreSQL that is used as sqlite3's are: ``?`` stands for a value, a cut is noticed."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from rag.storage.tables.connections import Cursor

if TYPE_CHECKING:
    import psycopg

FETCHED = 500  # rows that are read at once where a whole table is


def with_whole_sums(db: psycopg.Connection[Any]) -> None:
    """Sums come as whole numbers, as from SQLite: PostgreSQL makes decimal ones of them."""
    from psycopg.types.numeric import NumericBinaryLoader, NumericLoader

    for loader in (NumericLoader, NumericBinaryLoader):

        def load(self: Any, data: Any, loader: Any = loader) -> int:
            return int(loader.load(self, data))

        db.adapters.register_loader("numeric", type("Whole", (loader,), {"load": load}))


class PostgresConnection:
    """A :class:`~rag.storage.tables.connections.Connection`. A read outside a transaction is repeated if it is cut."""

    def __init__(self, connect: Callable[[], psycopg.Connection[Any]]) -> None:
        self._connect = connect
        self._db = connect()

    @property
    def in_transaction(self) -> bool:
        """Of a connection that was lost: no, the server has taken it back."""
        from psycopg.pq import TransactionStatus as Status

        return bool(self._db.info.transaction_status in (Status.INTRANS, Status.INERROR, Status.ACTIVE))

    @property
    def is_lost(self) -> bool:
        """Whether it was cut, or closed."""
        return bool(self._db.closed)

    def execute(self, sql: str, values: Sequence[Any] = (), /) -> Cursor:
        """See :class:`~rag.storage.tables.connections.Connection`."""
        import psycopg

        again = not self.in_transaction and sql.lstrip().startswith(("SELECT", "WITH", "BEGIN"))
        try:
            return self._execute(sql, values)
        except (psycopg.OperationalError, psycopg.InterfaceError):
            if not again or not self.is_lost:
                raise
        self._db = self._connect()
        return self._execute(sql, values)

    def _execute(self, sql: str, values: Sequence[Any]) -> Cursor:
        given = [_storable(value) for value in values]
        found: Cursor = self._db.execute(_native(sql), given or None, binary=bool(given))
        return found

    def executemany(self, sql: str, rows: Iterable[Sequence[Any]], /) -> None:
        """See :class:`~rag.storage.tables.connections.Connection`."""
        given = [[_storable(value) for value in row] for row in rows]
        if given:
            with self._db.cursor() as cursor:
                cursor.executemany(_native(sql), given)

    def rows(self, sql: str) -> Iterator[tuple[Any, ...]]:
        """Those of a statement, some at a time, inside a transaction."""
        with self._db.cursor(name="rows") as cursor:
            cursor.itersize = FETCHED
            yield from cursor.execute(sql)

    def copy_in(self, table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
        """Append rows as fast as the server takes them."""
        with self._db.cursor() as cursor, cursor.copy(f"COPY {table}({', '.join(columns)}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row([_storable(value) for value in row])

    def close(self) -> None:
        """Whatever was not committed is lost."""
        self._db.close()


@functools.lru_cache(maxsize=2048)
def _native(sql: str) -> str:
    return sql.replace("%", "%%").replace("?", "%s")


def _storable(value: Any) -> Any:
    """PostgreSQL has no place for the sign NUL, which files hold by mistake."""
    return value.replace("\0", "\ufffd") if isinstance(value, str) and "\0" in value else value
