"""An index of a few made documents, made once per process and copied by each test; an encoder to change to."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from generation_steps import DOCUMENTS, OTHER, refuse, store_made, the_refused
from tiny_models import save_tiny_clip

from rag.config import Settings
from rag.index import Index
from rag.storage.tables.database import Generation


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An index of so many documents, which each test copies."""
    root = tmp_path_factory.mktemp("made") / "index"
    with Index.open(Settings(index=root, encoder="builtin", words="static", workers=1), create=True) as index:
        for number in range(DOCUMENTS):
            store_made(index, number)
    return root


@pytest.fixture
def index(made: Path, settings: Settings) -> Iterator[Index]:
    shutil.copytree(made, settings.index)
    with Index.open(settings) as index:
        yield index


@pytest.fixture(scope="session")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return save_tiny_clip(tmp_path_factory.mktemp("clip") / "model")


@pytest.fixture
def refused(index: Index) -> Generation:
    assert not index.reindex(words=OTHER, gate=refuse)
    return the_refused(index)
