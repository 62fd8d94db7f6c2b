"""The tools over both of the protocol's transports: standard input and output, and HTTP."""

from __future__ import annotations

import asyncio
from collections.abc import MutableMapping
from typing import Any

from mcp.server.transport_security import TransportSecuritySettings

from rag.agents.tools import server
from rag.api.gate import Doors, Gate
from rag.api.limits import App, Rates, Receive, Send
from rag.api.problems import Refused, response_of
from rag.service.library import Documents

NO_STREAM = Refused(
    405,
    "wrong-method",
    "This address is for agents, which send POST by the Model Context Protocol; give it to one as it is.",
    {"allow": "POST"},
)


def over_stdio(documents: Documents) -> None:
    """Serve who has started this program, until they close its standard input."""
    server(documents).run("stdio")


def gated(documents: Documents, doors: Doors) -> App:
    """:class:`OverHttp` behind the same gate as the HTTP API."""
    return Gate(OverHttp(documents, doors.rates), doors)


class OverHttp:
    """An ASGI application for one address. It begins with its first request and ends with the server's event loop.

    Each request stands for itself: there is no session that would outlive a token.
    """

    def __init__(self, documents: Documents, rates: Rates) -> None:
        self._server = server(documents, rates)
        self._app: App = self._server.streamable_http_app(
            stateless_http=True,
            transport_security=TransportSecuritySettings(enable_dns_rebinding_protection=False),  # the gate has looked
        )
        self._ready: asyncio.Event | None = None
        self._running: asyncio.Task[None] | None = None

    async def __call__(self, scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
        """Answer one request. Nothing is ever sent unasked, so there is no stream to open with GET and no session to
        end with DELETE, which the SDK (2.3) would answer with a stream that says nothing and never ends."""
        if scope["type"] == "http" and scope["method"] != "POST":
            await response_of(NO_STREAM)(scope, receive, send)
            return
        if self._ready is None:
            self._ready = asyncio.Event()
            self._running = asyncio.create_task(self._run(self._ready), name="mcp")
        await self._ready.wait()
        if self._running is None or self._running.done():
            raise RuntimeError("the protocol's session manager has ended")
        await self._app(dict(scope, path="/mcp", root_path=""), receive, send)

    async def _run(self, ready: asyncio.Event) -> None:
        try:
            async with self._server.session_manager.run():
                ready.set()
                await asyncio.Event().wait()
        finally:
            ready.set()  # nobody waits for what will not come
