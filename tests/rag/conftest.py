"""An index of the manual, built once for all tests that serve it."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from rag.config import Settings
from rag.index import Index


@pytest.fixture(scope="session")
def indexed(manual_pdf: Path, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """An index of the manual; to be copied by who changes it."""
    settings = Settings(
        index=tmp_path_factory.mktemp("indexed") / "index", encoder="builtin", words="static", workers=1
    )
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
