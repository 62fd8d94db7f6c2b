"""The app with a restricted collection, its catalogue in a file and in PostgreSQL; people and tokens that ask it."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import httpx
import pytest
from restricted_library import OTHERS, PASSWORD, QUESTION, RIGHTFUL, Running
from stores import STORES

from rag.service.asking import Asking, Begun, Question
from rag.service.callers import Caller, asking
from rag.service.tokens import Tokens


@pytest.fixture(scope="session", params=STORES)
def running(request: pytest.FixtureRequest, restricted_app: Callable[[str], Running]) -> Running:
    return restricted_app(request.param)


@pytest.fixture
def commands_find_it(running: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    """Commands are told where the catalogue is, as the app was."""
    monkeypatch.setenv("PAGESIGHT_STORE_URL", running.library.settings.store_url)


@pytest.fixture(scope="session")
def http(running: Running) -> Iterator[dict[str, httpx.Client]]:
    """By user; and by token, with the word before it."""
    clients = {}
    for name in (*RIGHTFUL, *OTHERS):
        clients[name] = httpx.Client(base_url=running.url(), trust_env=False, timeout=60)
        assert clients[name].get("").status_code == 200  # gives the cookie
        assert clients[name].post("login", data={"username": name, "password": PASSWORD}).status_code == 200
    for name, token in running.tokens.items():
        shown = {"authorization": f"Bearer {token}"}
        clients[f"token {name}"] = httpx.Client(base_url=running.url(), trust_env=False, timeout=60, headers=shown)
    yield clients
    for client in clients.values():
        client.close()


@pytest.fixture(scope="session")
def talks(running: Running) -> dict[str, tuple[str, str]]:
    """By user: a conversation and its answer about the hidden document, asked when everybody might see it."""
    asker, found = Asking(running.library, running.library.conversations), dict[str, tuple[str, str]]()
    owners = {name: f"user:{name}" for name in (*RIGHTFUL, *OTHERS)}
    index = running.library.index
    owners |= {f"token {t.name}": f"token:{t.hash[:32]}" for t in Tokens(index.root, index.catalogue).listed()}
    for name, owner in owners.items():
        with asking(Caller("admin", "admin", owner)):
            begun, *_ = asker.ask(owner, Question(QUESTION))
        assert isinstance(begun, Begun)
        found[name] = begun
    return found
