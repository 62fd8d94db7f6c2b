"""Which methods an address takes (RFC 9110, 9.1), and HEAD wherever GET is taken, which the framework (FastAPI 0.165)
does not add by itself."""

from __future__ import annotations

from collections.abc import Iterable, MutableMapping
from typing import Any

from starlette.routing import BaseRoute, Match

from rag.api.limits import App, Message, Receive, Send

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
"""Those that are asked about, and counted by their name; anybody can send any other."""


def taken(scope: MutableMapping[str, Any], routes: Iterable[BaseRoute]) -> list[str]:
    """All methods of an address. Of its routes, one a method, the framework tells only the first one's."""
    known = list(routes)
    found = [m for m in METHODS if any(one.matches({**scope, "method": m})[0] is Match.FULL for one in known)]
    return [m for m in METHODS if m in found or (m == "HEAD" and "GET" in found)]


class Heads:
    """Answers HEAD as GET, without the body."""

    def __init__(self, app: App) -> None:
        self.app = app

    async def __call__(self, scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http" or scope["method"] != "HEAD":
            await self.app(scope, receive, send)
            return

        async def sending(message: Message) -> None:
            await send({**message, "body": b""} if message["type"] == "http.response.body" else message)

        inner = {**scope, "method": "GET"}
        try:
            await self.app(inner, receive, sending)
        finally:
            if "route" in inner:  # by which the request is counted
                scope["route"] = inner["route"]
