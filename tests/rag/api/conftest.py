"""A small library, and its API on a real server that is started once for a module's tests."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import httpx
import pytest
from serving_api import Served, served

from rag.config import Settings


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
