"""Documents of a restricted collection are not there for others, whichever tool of MCP they call.

A new tool has to be named here.
"""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack
from typing import Any

import httpx2
from mcp.client.client import Client
from mcp.client.streamable_http import streamable_http_client
from restricted_library import NAME, Running, traces

TOOLS: dict[str, dict[str, Any]] = {
    "list_documents": {},
    "search": {"question": "quantum flange", "k": 30},
    "read_page": {"document": "{doc}", "page": 1},
    "cut_out": {"document": NAME, "page": 1},
    "ask": {"question": "Which documents do you have?"},
}


def by_mcp(running: Running, headers: dict[str, str]) -> dict[str, str]:
    """What each tool, and the resource, says."""

    async def session() -> dict[str, str]:
        async with AsyncExitStack() as stack:
            made = httpx2.AsyncClient(headers=headers, trust_env=False, timeout=60)
            client = await stack.enter_async_context(
                Client(streamable_http_client(running.url("mcp"), http_client=await stack.enter_async_context(made)))
            )
            assert {tool.name for tool in (await client.list_tools()).tools} == set(TOOLS)
            said = {}
            for tool, arguments in TOOLS.items():
                sent = {k: running.doc if v == "{doc}" else v for k, v in arguments.items()}
                said[tool] = (await client.call_tool(tool, sent)).model_dump_json(exclude={"content": {1}})
            try:
                read = await client.read_resource(f"pagesight://documents/{running.doc}/pages/1")
                said["resource"] = read.model_dump_json()
            except Exception as exc:
                said["resource"] = str(exc)
            return said

    return asyncio.run(session())


def test_by_mcp_others_hear_nothing_and_the_rightful_see_it(running: Running) -> None:
    said = by_mcp(running, {"authorization": f"Bearer {running.tokens['other']}"})
    assert not {tool: found for tool, text in said.items() if (found := traces(text.replace(NAME, "", 1)))}, said
    seen = by_mcp(running, {"authorization": f"Bearer {running.tokens['allowed']}"})
    assert all(traces(text) for text in seen.values()), seen
