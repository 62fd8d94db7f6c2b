"""Where a library may be: tests that take ``store_url`` are run with both places of its tables; an S3 server."""

from __future__ import annotations

import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from stores import STORES, fresh
from vector_engines import PostgresServer

HELPERS = Path(__file__).resolve().parents[2] / "helpers"


@pytest.fixture(params=STORES)
def store_url(request: pytest.FixtureRequest) -> str:
    """Of a store that is empty: nothing for a file in the folder, or an address in PostgreSQL."""
    return fresh(request.getfixturevalue("postgres")) if request.param == "postgres" else ""


@pytest.fixture
def postgres_url(postgres: PostgresServer) -> str:
    """An address in PostgreSQL, for tests of what only it does."""
    return fresh(postgres)


@pytest.fixture(scope="session")
def s3() -> Iterator[str]:
    """Where a real S3 server answers, which holds the bucket "library". moto's botocore does not go with the lock."""
    pytest.importorskip("moto", reason="pip install 'moto[s3,server]', in an environment where it fits")
    command = [sys.executable, str(HELPERS / "s3_server.py")]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        assert server.stdin is not None
        lines = (line.strip() for line in server.stdout)
        where = f"http://127.0.0.1:{next(line for line in lines if line.isdigit())}"
        with urllib.request.urlopen(urllib.request.Request(f"{where}/library", method="PUT")):  # noqa: S310
            pass
        yield where
        server.stdin.close()


@pytest.fixture
def signed_in(s3: str, monkeypatch: pytest.MonkeyPatch) -> None:
    keys = {"AWS_ACCESS_KEY_ID": "anna", "AWS_SECRET_ACCESS_KEY": "secret", "AWS_REGION": "us-east-1"}
    for name, value in {**keys, "AWS_ENDPOINT_URL": s3, "AWS_ALLOW_HTTP": "true"}.items():
        monkeypatch.setenv(name, value)
