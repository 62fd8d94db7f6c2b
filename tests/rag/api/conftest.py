"""A small library, and its API on a real server that is started once for a module's tests."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest
from serving_api import Served, served

from rag.config import Settings
from rag.index import Index


@pytest.fixture(scope="session")
def indexed(manual_pdf: Path, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """An index of the manual; to be copied by who changes it."""
    settings = Settings(index=tmp_path_factory.mktemp("api") / "index", encoder="builtin", words="static", workers=1)
    with Index.open(settings, create=True) as index:
        assert [added.error for added in index.add([manual_pdf])] == [""]
    return settings


@pytest.fixture(scope="session")
def copy_of(indexed: Settings, tmp_path_factory: pytest.TempPathFactory) -> Callable[[], Settings]:
    def copied() -> Settings:
        folder = tmp_path_factory.mktemp("copy") / "index"
        shutil.copytree(indexed.index, folder)
        return Settings(index=folder, encoder="builtin", words="static", workers=1)

    return copied


@pytest.fixture(scope="module")
def api(copy_of: Callable[[], Settings]) -> Iterator[Served]:
    """The manual's library, tokens needed."""
    with served(copy_of()) as running:
        yield running


@pytest.fixture
def http(api: Served) -> Iterator[httpx.Client]:
    """A client with the role admin."""
    with api.client() as client:
        yield client


@pytest.fixture(scope="module")
def manual(api: Served) -> str:
    """The manual's id."""
    return api.documents.ids()[0]
