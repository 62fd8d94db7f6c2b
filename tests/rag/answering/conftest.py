"""What several tests of answers need: an index of the manual, made once per process; nobody changes it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from rag.config import Settings
from rag.index import Index


@pytest.fixture(scope="session")
def index(manual_pdf: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Index]:
    settings = Settings(index=tmp_path_factory.mktemp("answers"), encoder="builtin", words="static", workers=1)
    with Index.open(settings, create=True) as opened:
        (added,) = opened.add([manual_pdf])
        assert added.status == "added", added.error
        yield opened
