"""The HTTP API and MCP beside the page, on the same server: built when they are first asked for, so that the page does
not wait for them.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING

from starlette.routing import BaseRoute, Mount, Route

from rag.service.callers import Caller
from rag.service.jobs import Jobs
from rag.service.tokens import Tokens
from ui.state.backend import Library

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.types import ASGIApp, Receive, Scope, Send

    from rag.api.app import Api
    from rag.api.gate import Doors
    from rag.service.uploads import UploadQueues

PERSON = "pagesight.person"  # see rag/api/access.py, which is not loaded before it is needed
PersonOf = Callable[["Request"], Caller | None]


class Programs:
    """Of one library. ``open_here``: nobody signs in, and only this machine can reach the address."""

    def __init__(self, library: Library, queues: UploadQueues, open_here: bool) -> None:
        self._library, self._open_here = library, open_here
        self._jobs, self._tokens = Jobs(queues, library.add), Tokens(library.index.root, library.index.catalogue)
        self._api: Api | None = None
        self._doors: Doors | None = None
        self._lock = threading.Lock()

    def routes(self, person_of: PersonOf) -> list[BaseRoute]:
        """The addresses; ``person_of`` says who has signed in on the page, or whose browser it is."""
        return [
            Route("/mcp", OnDemand(self._make_mcp, person_of)),
            Mount("/api", OnDemand(self._make_api, person_of)),
        ]

    def stop(self) -> None:
        """At the end of the program."""
        if self._api is not None:
            self._api.stop()

    def _make_api(self) -> ASGIApp:
        from rag.api.app import Api

        self._api = Api(self._library, self._library.conversations, self._jobs, self._shared())
        return self._api.app

    def _make_mcp(self) -> ASGIApp:
        from rag.agents.serve import gated

        return gated(self._library, self._shared())

    def _shared(self) -> Doors:
        from rag.api.gate import doors

        with self._lock:
            self._doors = self._doors or doors(self._tokens, self._open_here)
            return self._doors


class OnDemand:
    """An ASGI application that is made with its first request, off the event loop; each is told who asks."""

    def __init__(self, make: Callable[[], ASGIApp], person_of: PersonOf) -> None:
        self._make, self._person_of = make, person_of
        self._app: ASGIApp | None = None
        self._making = asyncio.Lock()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        from starlette.requests import Request

        if scope["type"] == "http":
            scope[PERSON] = self._person_of(Request(scope))
        if self._app is None:
            async with self._making:
                if self._app is None:
                    self._app = await asyncio.to_thread(self._make)
        await self._app(scope, receive, send)
