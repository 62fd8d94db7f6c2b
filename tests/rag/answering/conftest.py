"""What several tests of answers need: an index of the manual, made once per process; nobody changes it."""

from collections.abc import Callable, Iterator

import pytest

from rag.config import Settings
from rag.index import Index


@pytest.fixture(scope="session")
def index(copy_of: Callable[[], Settings]) -> Iterator[Index]:
    with Index.open(copy_of()) as opened:
        yield opened
