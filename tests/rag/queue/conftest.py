"""One PostgreSQL for all tests of the queue; each index has a name of its own in it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from vector_engines import PostgresServer, module

from rag.config import Settings
from rag.queue.board import Board
from rag.queue.database import QueueDatabase
from rag.queue.files import library_name


@pytest.fixture(scope="session")
def server(postgres: PostgresServer) -> PostgresServer:
    module("procrastinate")
    return postgres


@pytest.fixture
def queued(tmp_path: Path, server: PostgresServer) -> Settings:
    """An index that is not there yet, and a queue."""
    return Settings(index=tmp_path / "index", encoder="builtin", words="static", workers=1, queue=server.url)


@pytest.fixture
def database(queued: Settings) -> Iterator[QueueDatabase]:
    database = QueueDatabase(queued.queue)
    yield database
    database.close()


@pytest.fixture
def board(database: QueueDatabase, queued: Settings) -> Board:
    return Board(database, library_name(queued.index))
