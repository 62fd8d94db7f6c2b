"""Before a request is read: who sends it, whether they may, how often; after: what is counted of it.

Plain ASGI, since the framework reads a body, uploads of a gigabyte included, before it asks its own dependencies.
"""

from __future__ import annotations

import time
from collections.abc import MutableMapping
from typing import Any, NamedTuple

from starlette.requests import HTTPConnection

from rag.api.access import Access, TokensAndPeople, demand
from rag.api.limits import App, Kind, Message, Rates, Receive, Send
from rag.api.methods import METHODS
from rag.api.metrics import Metrics
from rag.api.problems import Refused, response_of
from rag.monitoring import requests
from rag.monitoring.stages import Stage, stage
from rag.service.callers import Caller, asking
from rag.service.roles import Role
from rag.service.tokens import Tokens

CALLER = "pagesight.caller"
"""Key of a request's scope: the :class:`~rag.service.callers.Caller` that was let in."""

STILL = "pagesight.still"
"""Key of what asks again whether they are let in, for what takes its time; raises :class:`Refused` where not."""

NUMBER = "pagesight.request"
"""Key of its number (:mod:`rag.monitoring.requests`), for what answers it in a context of its own."""

PUBLIC = ("", "/", "/openapi.json", "/v1/health")
"""What says nothing of documents or people, and is given to everyone."""


class Doors(NamedTuple):
    """What all applications of one program share."""

    access: Access
    rates: Rates
    metrics: Metrics


def doors(tokens: Tokens, open_here: bool) -> Doors:
    """``open_here``: nobody signs in, and only this machine can reach the address."""
    rates = Rates()
    return Doors(TokensAndPeople(tokens, open_here, rates), rates, Metrics())


class Gate:
    """In front of an application."""

    def __init__(self, app: App, shared: Doors) -> None:
        self.app = app
        self._access, self._rates, self._metrics = shared

    async def __call__(self, scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        given = HTTPConnection(scope).headers.get(requests.HEADER, "")
        with requests.serving(requests.accepted(given)) as request, stage("request") as running:
            scope[NUMBER] = request.number
            await self._answer(scope, receive, send, running)

    async def _answer(self, scope: MutableMapping[str, Any], receive: Receive, send: Send, running: Stage) -> None:
        status, started = 500, time.monotonic()
        number = (requests.HEADER.lower().encode(), running.number.encode())

        async def sending(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = int(message["status"])
                message = {**message, "headers": [*message.get("headers", []), number]}
            await send(message)

        try:
            self._let_in(scope)
        except Refused as exc:
            await response_of(exc)(scope, receive, sending)
        except Exception as exc:  # the list of tokens cannot be read: nobody is let in
            await response_of(exc)(scope, receive, sending)
        else:
            with asking(scope.get(CALLER)):
                await self.app(scope, receive, sending)
        finally:
            route = getattr(scope.get("route"), "path", "unknown")
            method = scope["method"] if scope["method"] in METHODS else "other"
            running.facts |= {"method": method, "route": route, "status": status}
            self._metrics.count(method, route, status, time.monotonic() - started)

    def _let_in(self, scope: MutableMapping[str, Any]) -> None:
        path = str(scope["path"]).removeprefix(str(scope.get("root_path", "")))
        if path in PUBLIC:
            return
        needed = needed_role(scope["method"], path)

        def let_in() -> Caller:
            found = self._access.caller(HTTPConnection(scope))
            demand(found, needed)
            return found

        caller = let_in()
        self._rates.take(caller.name, "request")
        kind = _kind(scope["method"], path)
        if kind is not None:
            self._rates.take(caller.name, kind)
        scope[CALLER], scope[STILL] = caller, let_in


def caller_of(request: HTTPConnection) -> Caller:
    """Who was let in; for the framework's dependencies."""
    caller: Caller = request.scope[CALLER]
    return caller


def needed_role(method: str, path: str) -> Role:
    """Documents are changed by editors, the queue is for admins; all else is a reader's own, or only read."""
    if path.startswith("/v1/queue"):  # names of everybody's files
        return "admin"
    changes = method not in ("GET", "HEAD", "OPTIONS")
    return "editor" if changes and path.startswith(("/v1/documents", "/v1/jobs")) else "reader"


def _kind(method: str, path: str) -> Kind | None:
    if path.startswith(("/v1/ask", "/v1/search")):
        return "question"
    return "upload" if method == "POST" and path.startswith("/v1/documents") else None
