"""PostgreSQL with pgvector: a table per generation and modality, with a column per field.

    pagesight_generations                 name, stamp, fields
    pagesight_<library>_<generation>_text id, batch, doc, chunk, kind, page, v_0_384, v_384_768, …

Up to :data:`EXACT_ROWS` rows PostgreSQL compares all of them; above, :meth:`Postgres.finish` makes a graph (HNSW) per
column. A graph is asked with iterative scans: without them pgvector filters what its graph found, and may return few
rows or none (pgvector #259, #671).
"""

from __future__ import annotations

import contextlib
import json
import queue
import threading
from collections.abc import Callable, Collection, Iterator, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np

from ingestion.elements import ChunkKind
from rag.storage.vectors.engines.base import (
    GRAPH_BUILD,
    GRAPH_LINKS,
    SECONDS,
    EngineFailed,
    Field,
    Match,
    Part,
)
from rag.storage.vectors.files import MODALITIES
from rag.types import Float32Array, Modality

if TYPE_CHECKING:
    import psycopg

LEAST = (0, 8, 4)  # pgvector before it breaks its graphs: at vacuum (fixed in 0.8.3), and when repairing them (0.8.4)
EXACT_ROWS = 10_000  # rows of a table up to which no graph is made: comparing all takes some milliseconds
HALF_FROM = 2_000  # numbers above which a graph takes 16-bit numbers only
MOST = 4_000  # numbers above which it takes none: such a column is compared row by row
IDLE = 8  # connections kept open between uses: as many as search at once
CONNECTING = 5  # seconds for a server to take a connection
EF_SEARCH = 600  # of the graph: rows that a question of the whole library asks for (300 chunks, OVERFETCH 2)
MOST_SCANNED = 200_000  # rows that an iterative scan looks at before it ends with fewer than were asked for
LINKS_OF_ROW = 600  # bytes of a graph per row beside its numbers, with GRAPH_LINKS
LEAST_ROOM, MOST_ROOM = 65_536, 2_097_152  # kilobytes of memory in which a graph is made
META = "pagesight_generations"

T = TypeVar("T")


class Postgres:
    """A :class:`~rag.storage.vectors.engines.base.VectorEngine`; ``shown`` is the address without its password."""

    def __init__(self, url: str, shown: str) -> None:
        self._url, self._shown = url, shown
        self._mutex = threading.Lock()
        self._prepared = False
        self._idle: queue.LifoQueue[psycopg.Connection[Any]] = queue.LifoQueue(IDLE)

    def about(self) -> str:
        """Product and version; connects."""

        def asked(db: psycopg.Connection[Any]) -> str:
            return f"PostgreSQL {_row(db, 'SHOW server_version')[0]} with pgvector {_pgvector(db)}"

        return self._run(asked)

    def stamp(self, name: str) -> int | None:
        """The batch that was begun last; None where there is nothing of this name, or not all of it."""

        def asked(db: psycopg.Connection[Any]) -> int | None:
            row = db.execute(f"SELECT stamp, fields FROM {META} WHERE name = %s", (name,)).fetchone()
            if row is None:
                return None
            tables = {_table(name, Field(*one).modality) for one in json.loads(row[1])}
            return int(row[0]) if tables <= set(_tables(db, name)) else None

        return self._run(asked)

    def make(self, name: str, fields: Sequence[Field]) -> None:
        """Empty tables; what there was is dropped."""

        def asked(db: psycopg.Connection[Any]) -> None:
            with db.transaction():
                _drop(db, name)
                for modality in sorted({field.modality for field in fields}):
                    columns = ", ".join(f"{f.name} {_type(f)} NOT NULL" for f in fields if f.modality == modality)
                    table = _table(name, modality)
                    db.execute(
                        f"CREATE TABLE {table}(id bigint PRIMARY KEY, batch bigint NOT NULL, doc text NOT NULL, "
                        f"chunk text NOT NULL, kind text NOT NULL, page integer NOT NULL, {columns})"
                    )
                    db.execute(f"CREATE INDEX {table}_batch ON {table}(batch)")
                said = json.dumps([list(field) for field in fields])
                db.execute(f"INSERT INTO {META} VALUES (%s, 0, %s)", (name, said))

        self._run(asked)

    def begin(self, name: str, batch: int) -> None:
        """Raise the stamp, before rows of the batch are added."""
        self._run(lambda db: db.execute(f"UPDATE {META} SET stamp = %s WHERE name = %s", (batch, name)))

    def add(self, name: str, parts: Sequence[Part]) -> None:
        """Write rows in one transaction, in PostgreSQL's binary form; those of the same batches are replaced."""

        def asked(db: psycopg.Connection[Any]) -> None:
            with db.transaction(), db.cursor() as cursor:
                for modality in sorted({part.modality for part in parts}):
                    chosen = [part for part in parts if part.modality == modality]
                    fields = [field for field, _ in chosen[0].vectors]
                    table, ids = _table(name, modality), [one for part in chosen for one in part.ids()]
                    cursor.execute(f"DELETE FROM {table} WHERE id = ANY(%s)", (ids,))
                    columns = ", ".join(field.name for field in fields)
                    sql = f"COPY {table}(id, batch, doc, chunk, kind, page, {columns}) FROM STDIN (FORMAT BINARY)"
                    with cursor.copy(sql) as copy:
                        copy.set_types(["int8", "int8", "text", "text", "text", "int4", *map(_base_type, fields)])
                        for row in _rows(chosen):
                            copy.write_row(row)

        self._run(asked)

    def remove(self, name: str, batches: Collection[int]) -> None:
        """Delete all rows of these batches."""

        def asked(db: psycopg.Connection[Any]) -> None:
            with db.transaction():
                for table in _tables(db, name):
                    db.execute(f"DELETE FROM {table} WHERE batch = ANY(%s)", (list(batches),))

        self._run(asked)

    def finish(self, name: str, fields: Sequence[Field]) -> None:
        """Graphs of large tables that have none yet, and what the planner knows of their rows."""

        def asked(db: psycopg.Connection[Any]) -> None:
            made = set[str]()
            with db.transaction():
                db.execute("SET LOCAL statement_timeout = 0")
                for field in fields:
                    table, graph = _table(name, field.modality), f"{_table(name, field.modality)}_{field.name}"
                    known = _one(db.execute("SELECT count(*) WHERE to_regclass(%s) IS NOT NULL", (graph,)))
                    rows = 0 if known or field.size > MOST else _one(db.execute(f"SELECT count(*) FROM {table}"))
                    if rows > EXACT_ROWS:
                        db.execute(f"SET LOCAL maintenance_work_mem = '{_room(field, rows)}kB'")
                        db.execute(
                            f"CREATE INDEX IF NOT EXISTS {graph} ON {table} USING hnsw "
                            f"({field.name} {_base_type(field)}_ip_ops) "
                            f"WITH (m = {GRAPH_LINKS}, ef_construction = {GRAPH_BUILD})"
                        )
                        made.add(table)
            for table in {_table(name, field.modality) for field in fields}:
                known = db.execute(
                    "SELECT reltuples >= 0 FROM pg_class WHERE oid = to_regclass(%s)", (table,)
                ).fetchone()
                if table in made or not (known and known[0]):  # later the server sees to it
                    db.execute(f"ANALYZE {table}")

        self._run(asked)

    def query(
        self,
        name: str,
        field: Field,
        vector: Float32Array,
        count: int,
        batches: Collection[int] | None = None,
        kinds: Collection[ChunkKind] | None = None,
    ) -> list[Match]:
        """The ``count`` rows with the highest inner product with ``vector`` (size,), best first."""
        asked, where, values = _value(field, vector), [], list[Any]()
        if batches is not None:
            where.append("batch = ANY(%s)")
            values.append(list(batches))
        if kinds is not None:
            where.append("kind = ANY(%s)")
            values.append(list(kinds))
        order = f"{field.name} <#> %s"  # the negative inner product
        sql = f"SELECT batch, chunk, {order} FROM {_table(name, field.modality)} "
        sql += f"WHERE {' AND '.join(where)} " if where else ""
        sql += f"ORDER BY {order} LIMIT {count}"

        def run(db: psycopg.Connection[Any]) -> list[Match]:
            found = db.execute(sql, (asked, *values, asked), binary=True)
            return [Match(batch, chunk, -away) for batch, chunk, away in found.fetchall()]

        return self._run(run)

    def count(self, name: str, modality: Modality) -> int:
        """Rows."""
        return self._run(lambda db: _one(db.execute(f"SELECT count(*) FROM {_table(name, modality)}")))

    def names(self) -> set[str]:
        """Names of which there is anything."""
        return self._run(lambda db: {row[0] for row in db.execute(f"SELECT name FROM {META}").fetchall()})

    def drop(self, name: str) -> None:
        """Delete everything of this name, if there is any."""

        def asked(db: psycopg.Connection[Any]) -> None:
            with db.transaction():
                _drop(db, name)

        self._run(asked)

    def close(self) -> None:
        """Close what is idle; the next use makes new connections."""
        with contextlib.suppress(queue.Empty):
            while True:
                self._idle.get_nowait().close()

    # -- connections ---------------------------------------------------------------------------------------------

    def _run(self, asked: Callable[[psycopg.Connection[Any]], T]) -> T:
        """What ``asked`` returns. Where a connection that was open turns out to be cut, it is asked over a new one."""
        import psycopg

        for new in (False, True):
            db = self._connection(new)
            try:
                found = asked(db)
            except psycopg.OperationalError as exc:
                broken, _ = db.broken, db.close()
                if new or not broken:
                    raise EngineFailed(f"{self._shown} fails ({_said(exc)}); see the server's log") from exc
            except psycopg.Error as exc:
                db.close()
                raise EngineFailed(f"{self._shown} refuses ({_said(exc)})") from exc
            except BaseException:
                db.close()
                raise
            else:
                self._give_back(db)
                return found
        raise AssertionError("the second try returns or raises")

    def _connection(self, new: bool) -> psycopg.Connection[Any]:
        """An idle one, or else a new one; ``new``: no idle one is trusted any more."""
        if new:
            self.close()
        with contextlib.suppress(queue.Empty):
            return self._idle.get_nowait()
        return self._connect()

    def _give_back(self, db: psycopg.Connection[Any]) -> None:
        try:
            self._idle.put_nowait(db)
        except queue.Full:
            db.close()

    def _connect(self) -> psycopg.Connection[Any]:
        import psycopg

        try:
            db = psycopg.connect(self._url, autocommit=True, connect_timeout=CONNECTING)
        except psycopg.OperationalError as exc:
            raise EngineFailed(
                f"{self._shown} is not reached ({_said(exc)}); start it, or check PAGESIGHT_VECTORS"
            ) from exc
        try:
            with self._mutex:
                if not self._prepared:
                    self._prepare(db)
                    self._prepared = True
            _configure(db)
        except BaseException:
            db.close()
            raise
        return db

    def _prepare(self, db: psycopg.Connection[Any]) -> None:
        import psycopg

        found = db.execute("SELECT 1 FROM pg_extension WHERE extname = 'vector'").fetchone()
        try:
            if found is None:
                db.execute("CREATE EXTENSION IF NOT EXISTS vector")
            db.execute(f"CREATE TABLE IF NOT EXISTS {META}(name text PRIMARY KEY, stamp bigint, fields text)")
        except psycopg.Error as exc:
            raise EngineFailed(
                f"{self._shown} has no pgvector that this user may use ({_said(exc)}); have its administrator run "
                "CREATE EXTENSION vector, and give the user a schema to make tables in"
            ) from exc
        version = _pgvector(db)
        if tuple(int(part) for part in version.split(".")[:3]) < LEAST:
            least = ".".join(map(str, LEAST))
            raise EngineFailed(f"{self._shown} has pgvector {version}, whose graphs break; {least} or newer is needed")


def _configure(db: psycopg.Connection[Any]) -> None:
    from pgvector.psycopg import register_vector

    register_vector(db)
    db.execute(f"SET hnsw.ef_search = {EF_SEARCH}")
    db.execute("SET hnsw.iterative_scan = strict_order")
    db.execute(f"SET hnsw.max_scan_tuples = {MOST_SCANNED}")
    db.execute(f"SET statement_timeout = {round(SECONDS * 1000)}")


def _pgvector(db: psycopg.Connection[Any]) -> str:
    return str(_row(db, "SELECT extversion FROM pg_extension WHERE extname = 'vector'")[0])


def _row(db: psycopg.Connection[Any], sql: str) -> tuple[Any, ...]:
    row: tuple[Any, ...] | None = db.execute(sql).fetchone()
    assert row is not None
    return row


def _one(cursor: psycopg.Cursor[Any]) -> int:
    row = cursor.fetchone()
    return int(row[0]) if row else 0


def _table(name: str, modality: Modality) -> str:
    return f"{name}_{modality}"


def _tables(db: psycopg.Connection[Any], name: str) -> list[str]:
    names = [_table(name, modality) for modality in MODALITIES]
    return [n for n in names if _one(db.execute("SELECT count(*) WHERE to_regclass(%s) IS NOT NULL", (n,)))]


def _drop(db: psycopg.Connection[Any], name: str) -> None:
    for table in _tables(db, name):
        db.execute(f"DROP TABLE {table}")
    db.execute(f"DELETE FROM {META} WHERE name = %s", (name,))


def _base_type(field: Field) -> str:
    return "halfvec" if HALF_FROM < field.size <= MOST else "vector"


def _type(field: Field) -> str:
    return f"{_base_type(field)}({field.size})"


def _room(field: Field, rows: int) -> int:
    """Kilobytes in which a graph is made: one that does not fit is made several times more slowly."""
    needed = rows * (4 * field.size + LINKS_OF_ROW) // 1024
    return min(max(needed, LEAST_ROOM), MOST_ROOM)


def _value(field: Field, vector: Float32Array) -> Any:
    from pgvector import HalfVector, Vector

    return (HalfVector if _base_type(field) == "halfvec" else Vector)(np.ascontiguousarray(vector))


def _rows(parts: Sequence[Part]) -> Iterator[list[Any]]:
    for part in parts:
        for place, number in enumerate(part.ids()):
            vectors = [_value(field, matrix[place]) for field, matrix in part.vectors]
            yield [
                number, part.batch, part.doc, part.chunks[place], part.kinds[place], part.pages[place], *vectors,
            ]  # fmt: skip


def _said(exc: Exception) -> str:
    return " ".join(str(exc).split())
