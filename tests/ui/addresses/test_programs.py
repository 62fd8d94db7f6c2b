"""The HTTP API, MCP and Gradio's own client beside the page, on its server."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import gradio as gr
import httpx
import pytest
from gradio_client import Client as GradioClient  # type: ignore[import-untyped]
from gradio_client.exceptions import AppError  # type: ignore[import-untyped]
from mcp.client.client import Client

from rag.service.tokens import Tokens
from rag.service.users import Users
from ui import layout
from ui.addresses.programs import Programs
from ui.events.handlers import Handlers
from ui.people.access import Access
from ui.people.accounts import Accounts
from ui.state.backend import Library

Launch = Callable[..., gr.Blocks]
PASSWORD = "correct horse"
QUESTION = "What is the remedy for code E18?"


@pytest.fixture(scope="module")
def guarded(launch: Launch) -> Iterator[gr.Blocks]:
    """A page where people sign in."""
    page = launch(auth=Accounts({"ana": PASSWORD, "bea": PASSWORD}, pause=0.0).check)
    yield page
    page.close(verbose=False)


@contextmanager
def signed_in(page: gr.Blocks, user: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=page.local_url, trust_env=False, timeout=60) as http:
        assert http.post("login", data={"username": user, "password": PASSWORD}).status_code == 200
        yield http


def test_the_api_answers_beside_the_page_with_its_headers(http: httpx.Client) -> None:
    described = http.get("api/openapi.json")
    assert "/v1/ask" in described.json()["paths"]
    assert "default-src 'self'" in described.headers["content-security-policy"]
    assert http.get("api/v1/status").json()["documents"] >= 2
    assert http.get("api/v1/nothing").headers["content-type"] == "application/problem+json"
    assert http.get("api/v1/status", headers={"host": "evil.example"}).status_code == 421


def test_a_browser_sees_its_conversations_by_the_api_and_others_do_not(http: httpx.Client, library: Library) -> None:
    assert http.get("").status_code == 200  # gives the cookie
    answer = http.post("api/v1/ask", json={"question": QUESTION}).json()
    assert "impeller" in answer["text"]
    owner = f"pagesight-browser={http.cookies['pagesight-browser']}"
    assert [row["id"] for row in http.get("api/v1/conversations").json()["conversations"]] == [answer["conversation"]]
    with httpx.Client(base_url=http.base_url, trust_env=False, timeout=60) as stranger:
        assert stranger.get("api/v1/conversations").json()["conversations"] == []
        reply = stranger.get(f"api/v1/conversations/{answer['conversation']}")
        assert reply.status_code == 404 and owner not in reply.text


def test_where_people_sign_in_the_api_needs_that_or_a_token(guarded: gr.Blocks, library: Library) -> None:
    secret = Tokens(library.index.root).add("a program", "reader")
    with httpx.Client(base_url=guarded.local_url, trust_env=False, timeout=60) as http:
        for address in ("documents", "status", "conversations", "metrics"):
            assert http.get(f"api/v1/{address}").status_code == 401
        http.cookies.set(f"access-token-{guarded.app.cookie_id}", "forged")
        assert http.get("api/v1/status").status_code == 401
        http.cookies.clear()
        assert http.get("api/v1/status", headers={"authorization": f"Bearer {secret}"}).json()["role"] == "reader"
        assert http.post("mcp", json={}).status_code == 401
    Tokens(library.index.root).remove("a program")
    with signed_in(guarded, "ana") as ana, signed_in(guarded, "bea") as bea:
        talk = ana.post("api/v1/ask", json={"question": QUESTION}).json()["conversation"]
        assert ana.get(f"api/v1/conversations/{talk}").status_code == 200
        assert bea.get(f"api/v1/conversations/{talk}").status_code == 404
        foreign = {"origin": "http://evil.example"}
        assert ana.post("api/v1/ask", json={"question": QUESTION}, headers=foreign).status_code == 403
        assert ana.delete("api/v1/documents/x", headers={"sec-fetch-site": "cross-site"}).status_code == 403


def test_roles_count_for_the_api_and_end_with_their_users(
    library: Library, manual: str, tmp_path: Path, port: Callable[[], int]
) -> None:
    """With the cookie of the page, the role of who signed in; where they are no longer, nothing."""
    users = Users(tmp_path)
    users.add("rita", "reader", PASSWORD)
    users.add("edgar", "editor", PASSWORD)
    access = Access(Accounts({}, pause=0.0, users=users), alone=False)
    handlers = Handlers(library, (), access)
    page = layout.build(library, handlers)
    programs = Programs(library, handlers.uploads.queues, open_here=False)
    chosen = layout.launch_options(library, handlers, programs)
    assert access.accounts is not None
    page.launch(server_name="127.0.0.1", server_port=port(), auth=access.accounts.check, **chosen)
    try:
        with signed_in(page, "rita") as rita, signed_in(page, "edgar") as edgar:
            assert (rita.get("api/v1/status").json()["role"], edgar.get("api/v1/status").json()["role"]) == (
                *("reader", "editor"),
            )
            sent = {"file": ("empty.pdf", b"")}
            assert rita.post("api/v1/documents", files=sent).status_code == 403
            assert rita.delete(f"api/v1/documents/{manual}").status_code == 403
            assert edgar.post("api/v1/documents", files=sent).status_code == 422
            assert edgar.delete("api/v1/documents/x", headers={"origin": "http://evil.example"}).status_code == 403
            assert edgar.delete("api/v1/documents/x").status_code == 404
            users.remove("edgar")
            assert edgar.get("api/v1/status").status_code == 401
    finally:
        page.close(verbose=False)
        programs.stop()


def test_mcp_answers_beside_the_page(page: gr.Blocks) -> None:
    async def use() -> Any:
        async with Client(f"{page.local_url}mcp") as client:
            return await client.call_tool("ask", {"question": QUESTION})

    result = asyncio.run(use())
    assert "impeller" in result.content[0].text and result.structured_content["citations"]


def test_gradios_client_sees_three_endpoints_with_plain_names(page: gr.Blocks, manual: str) -> None:
    client = GradioClient(page.local_url, verbose=False, analytics_enabled=False)
    described: Any = client.view_api(print_info=False, return_format="dict")
    assert set(described["named_endpoints"]) == {"/documents", "/search", "/ask"}
    assert described["unnamed_endpoints"] == {}
    assert manual in [row["id"] for row in client.predict(api_name="/documents")]
    found = client.predict(QUESTION, ["lagoon-manual.pdf"], 3, api_name="/search")
    assert found["hits"][0]["document"] == manual
    answer = client.predict(QUESTION, api_name="/ask")
    assert "impeller" in answer["text"] and answer["citations"][0]["page"] == 2
    for wrong in ("", "x" * 5000):
        with pytest.raises(AppError, match="question"):
            client.predict(wrong, api_name="/ask")
    with pytest.raises(AppError, match="No document called"):
        client.predict(QUESTION, ["nothing.pdf"], api_name="/ask")
