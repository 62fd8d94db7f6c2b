"""Both places where a library's tables may be: tests that take ``store_url`` are run with each."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import pytest
from vector_engines import PostgresServer

STORES = ("sqlite", "postgres")
_numbers = itertools.count()


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PostgresServer]:
    """One server for all tests of a process; each takes a schema of its own."""
    server = PostgresServer(tmp_path_factory.mktemp("store") / "postgres")
    import psycopg

    with psycopg.connect(server.url, autocommit=True) as db:  # the machine will not lose power
        db.execute("ALTER SYSTEM SET fsync = off")
        db.execute("SELECT pg_reload_conf()")
    yield server
    server.stop()


def fresh(server: PostgresServer) -> str:
    """The address of a schema that nobody has used."""
    return f"{server.url}{'&' if '?' in server.url else '?'}schema=test_{next(_numbers)}"


@pytest.fixture(params=STORES)
def store_url(request: pytest.FixtureRequest) -> str:
    """Of a store that is empty: nothing for a file in the folder, or an address in PostgreSQL."""
    return fresh(request.getfixturevalue("postgres")) if request.param == "postgres" else ""


@pytest.fixture
def postgres_url(postgres: PostgresServer) -> str:
    """An address in PostgreSQL, for tests of what only it does."""
    return fresh(postgres)
