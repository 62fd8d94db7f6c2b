"""Both places where a library's tables may be: SQLite in the index folder, or a schema in PostgreSQL."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from pathlib import Path

from vector_engines import PostgresServer

STORES = ("sqlite", "postgres")
_numbers = itertools.count()


def serving_postgres(folder: Path) -> Iterator[PostgresServer]:
    """A server that is stopped when the iterator is closed."""
    server = PostgresServer(folder)
    import psycopg

    with psycopg.connect(server.url, autocommit=True) as db:  # the machine will not lose power
        db.execute("ALTER SYSTEM SET fsync = off")
        db.execute("SELECT pg_reload_conf()")
    yield server
    server.stop()


def fresh(server: PostgresServer) -> str:
    """The address of a schema that nobody has used."""
    return f"{server.url}{'&' if '?' in server.url else '?'}schema=test_{next(_numbers)}"
