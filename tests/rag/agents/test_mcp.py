"""The tools by the SDK's own client, over both transports."""

from __future__ import annotations

import asyncio
import base64
import io
import os
import re
import shutil
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import AsyncExitStack, closing
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

import httpx
import httpx2
import pytest
import uvicorn
from mcp import MCPError
from mcp.client.client import Client
from mcp.client.stdio import StdioServerParameters, stdio_client
from mcp.client.streamable_http import streamable_http_client
from starlette.applications import Starlette
from starlette.routing import Route

from ingestion.formats.images import open_image
from rag.agents.serve import gated
from rag.api.about import program_version
from rag.api.gate import doors
from rag.config import Settings
from rag.index import Index
from rag.service.library import Documents
from rag.service.tokens import Tokens

ROOT = Path(__file__).resolve().parents[3]
T = TypeVar("T")


class Running(NamedTuple):
    """A library, served over HTTP at ``url`` to who shows ``secret``."""

    folder: Path
    url: str
    tokens: Tokens
    secret: str
    doc: str


@pytest.fixture(scope="module")
def running(copy_of: Callable[[], Settings]) -> Iterator[Running]:
    settings = copy_of()
    with Index.open(settings) as index:
        tokens = Tokens(index.root)
        app = Starlette(routes=[Route("/mcp", gated(Documents(index, None, settings), doors(tokens, open_here=False)))])
        with closing(socket.socket()) as listening:
            listening.bind(("127.0.0.1", 0))
            server = uvicorn.Server(uvicorn.Config(app, log_level="error"))
            thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
            thread.start()
            while not server.started:
                time.sleep(0.01)
            url = f"http://127.0.0.1:{listening.getsockname()[1]}/mcp"
            yield Running(index.root, url, tokens, tokens.add("agent", "reader"), index.catalogue.ids()[0])
            server.should_exit = True
            thread.join(10)


def over_http(running: Running, use: Callable[[Client], Awaitable[T]], secret: str = "") -> T:
    async def session() -> T:
        headers = {"authorization": f"Bearer {secret or running.secret}"}
        async with AsyncExitStack() as stack:
            http = await stack.enter_async_context(httpx2.AsyncClient(headers=headers, trust_env=False, timeout=60))
            client = await stack.enter_async_context(Client(streamable_http_client(running.url, http_client=http)))
            return await use(client)

    return asyncio.run(session())


def over_stdio(running: Running, use: Callable[[Client], Awaitable[T]]) -> T:
    async def session() -> T:
        arguments = ["-m", "rag", "mcp", "--index", str(running.folder)]
        environ = {**os.environ, "PYTHONPATH": str(ROOT)}
        command = StdioServerParameters(command=sys.executable, args=arguments, env=environ)
        async with Client(stdio_client(command)) as client:
            return await use(client)

    return asyncio.run(session())


async def called(client: Client, name: str, arguments: dict[str, Any]) -> Any:
    return await client.call_tool(name, arguments)


@pytest.mark.parametrize("over", [over_http, over_stdio])
def test_an_agent_lists_searches_reads_cuts_out_and_asks(over: Any, running: Running) -> None:
    async def use(client: Client) -> None:
        told = client.server_info
        assert told is not None and (told.name, told.version) == ("PageSight", program_version())
        tools: dict[str, Any] = {tool.name: tool for tool in (await client.list_tools()).tools}
        assert set(tools) == {"list_documents", "search", "read_page", "cut_out", "ask"}
        assert all(t.description and t.output_schema and t.annotations.read_only_hint for t in tools.values())
        assert "context" not in tools["ask"].input_schema["properties"]

        listed = await called(client, "list_documents", {})
        assert listed.structured_content["documents"][0]["name"] == "lagoon-manual.pdf"

        found = await called(client, "search", {"question": "What does E18 mean?", "kinds": ["table"]})
        hit = found.structured_content["hits"][0]
        assert (hit["page"], hit["document"]) == (2, running.doc) and "lagoon-manual.pdf, page 2" in found.content[
            0
        ].text

        read = await called(client, "read_page", {"document": "lagoon-manual", "page": 2, "picture": True})
        assert "E18" in read.content[0].text and read.content[1].type == "image"
        assert any(p["chunk"] == hit["chunk"] for p in read.structured_content["passages"])

        cut = await called(client, "cut_out", {"document": running.doc, "chunk": hit["chunk"]})
        shown = open_image(io.BytesIO(base64.b64decode(cut.content[1].data)))
        assert shown.width > shown.height and cut.structured_content["bbox"] == pytest.approx(hit["bbox"], abs=0.1)
        left, top, right, bottom = hit["bbox"]
        part = {"document": running.doc, "page": 2, "bbox": [left, top, (left + right) / 2, bottom]}
        half = open_image(io.BytesIO(base64.b64decode((await called(client, "cut_out", part)).content[1].data)))
        assert half.width < 0.7 * shown.width * half.height / shown.height

        answer = await called(client, "ask", {"question": "What is the remedy for code E18?"})
        assert "impeller" in answer.content[0].text and "lagoon-manual.pdf, page 2" in answer.content[0].text
        cited = answer.structured_content["citations"][0]
        assert (cited["number"], cited["page"], cited["supported"], cited["chunk"]) == (1, 2, True, hit["chunk"])

        page: Any = await client.read_resource(f"pagesight://documents/{running.doc}/pages/1")
        assert "lint filter" in page.contents[0].text

    over(running, use)


def test_where_the_model_fails_an_agent_is_told_and_gets_the_quotation(
    running: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PAGESIGHT_LLM_MODEL", "m")
    monkeypatch.setenv("PAGESIGHT_LLM_BASE_URL", "http://127.0.0.1:9/v1")

    async def use(client: Client) -> None:
        answer = await called(client, "ask", {"question": "What is the remedy for code E18?"})
        assert not answer.is_error
        said, given = answer.content[0].text, answer.structured_content
        assert "Cannot reach the model server" in given["failed"] and given["failed"] in said
        assert "impeller" in given["text"] and given["citations"][0]["page"] == 2

    over_stdio(running, use)


def test_wrong_calls_are_errors_that_name_the_remedy(running: Running) -> None:
    calls: list[tuple[str, dict[str, Any], str]] = [
        ("search", {"question": ""}, "There is no question"),
        ("search", {"question": "x", "documents": []}, "is empty"),
        ("search", {"question": "x", "document": "lagoon-manual"}, "did you mean documents?"),
        ("list_documents", {"words": "x"}, "There is no argument 'words'. There are find."),
        ("ask", {"question": "x", "documents": ["nothing.pdf"]}, "No document called"),
        ("ask", {"question": "x", "pages": [5, 2]}, "Pages 5 to 2"),
        ("ask", {"question": "x" * 5000}, "The arguments of ask are not as its schema says: question: String should"),
        ("ask", {}, "question: is missing"),
        ("search", {"question": "x", "documents": "lagoon-manual"}, "documents: Input should be a valid list"),
        ("serch", {"question": "x"}, "There is no tool 'serch'; did you mean search?"),
        ("search", {"question": "x", "documents": ["nothing"]}, "the list of documents shows what is there"),
        ("search", {"question": "x", "collections": ["nothing"]}, "the list of collections shows"),
        ("read_page", {"document": "lagoon-manual", "page": 99}, "has no page 99; it has 3"),
        ("read_page", {"document": "../../tokens.json", "page": 1}, "No document called"),
        ("cut_out", {"document": "lagoon-manual"}, "Name the place"),
        ("cut_out", {"document": "lagoon-manual", "chunk": "../../x"}, "no such passage"),
        ("cut_out", {"document": "lagoon-manual", "page": 1, "bbox": [9, 9, 2, 2]}, "holds nothing of the page"),
    ]

    async def use(client: Client) -> list[Any]:
        return [await called(client, name, arguments) for name, arguments, _ in calls]

    results = over_http(running, use)
    for (name, _, said), result in zip(calls, results, strict=True):
        assert result.is_error and said in result.content[0].text, (name, result.content)
        assert "pydantic" not in result.content[0].text and "python -m" not in result.content[0].text
    reported = " ".join(result.content[0].text for result in results)
    assert len(set(re.findall(r"\(request ([0-9a-f]{12})\)", reported))) >= 6  # each its own, for a report


def test_a_list_without_a_find_says_so_and_a_resource_why_it_is_not_there(running: Running) -> None:
    async def use(client: Client) -> tuple[str, str]:
        none = await called(client, "list_documents", {"find": "zzz"})
        with pytest.raises(MCPError) as raised:
            await client.read_resource("pagesight://documents/lagoon-manual/pages/99")
        return none.content[0].text, str(raised.value)

    none, page = over_http(running, use)
    assert none == "No document has all these words in its name or title; leave `find` out to list all."
    assert "lagoon-manual.pdf has no page 99; it has 3." in page


def test_the_address_is_guarded_like_the_api(running: Running) -> None:
    hello = {"jsonrpc": "2.0", "id": 1, "method": "tools/list"}
    accept = {"accept": "application/json, text/event-stream"}
    right = {**accept, "authorization": f"Bearer {running.secret}"}
    with httpx.Client(trust_env=False, timeout=30) as http:
        assert http.post(running.url, json=hello, headers=accept).status_code == 401
        assert http.post(running.url, json=hello, headers={**accept, "authorization": "Bearer x"}).status_code == 401
        assert http.post(running.url, json=hello, headers={**right, "origin": "http://evil.example"}).status_code == 403
        assert http.post(running.url, json=hello, headers=right).status_code == 200
        for method in ("GET", "DELETE"):  # no stream to wait on for ever, as a browser would
            other = http.request(method, running.url, headers=right)
            assert other.status_code == 405 and other.headers["allow"] == "POST"
            assert "send POST by the Model Context Protocol" in other.json()["detail"]
        leaving = running.tokens.add("leaving", "reader")
        gone = {**accept, "authorization": f"Bearer {leaving}"}
        assert http.post(running.url, json=hello, headers=gone).status_code == 200
        running.tokens.remove("leaving")
        assert http.post(running.url, json=hello, headers=gone).status_code == 401
        assert http.post(running.url, content=b"x" * 5_000_000, headers=right).status_code == 413


NOISY = """
import os
import rag.index
opening = rag.index.Index.open
def noisy(*arguments, **options):
    print("noise")
    os.write(1, b"below")
    return opening(*arguments, **options)
rag.index.Index.open = noisy
from rag.__main__ import main
raise SystemExit(main())
"""


def test_standard_output_is_the_protocols_alone(running: Running, tmp_path: Path) -> None:
    """What a library prints, also below Python, goes to standard error; the end of the input ends the program."""
    copy = shutil.copytree(running.folder, tmp_path / "index")
    hello = b'{"jsonrpc":"2.0","id":1,"method":"tools/list"}\n'
    command = [sys.executable, "-c", NOISY, "mcp", "--index", str(copy)]
    environ = {**os.environ, "PYTHONPATH": str(ROOT)}
    ended = subprocess.run(command, input=hello, capture_output=True, env=environ, timeout=120, check=False)
    assert ended.returncode == 0, ended.stderr
    assert b"noise" in ended.stderr and b"below" in ended.stderr
    assert all(line.startswith(b'{"jsonrpc"') for line in ended.stdout.splitlines()), ended.stdout


def test_without_an_index_the_command_says_so_on_standard_error(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "rag", "mcp", "--index", str(tmp_path / "none")]
    ended = subprocess.run(command, input=b"", capture_output=True, cwd=ROOT, timeout=60, check=False)
    assert (ended.returncode, ended.stdout) == (1, b"")
    assert b"python -m rag add" in ended.stderr and ended.stderr.count(b"\n") == 1
