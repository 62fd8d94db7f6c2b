"""What keeps one caller from using the program up: how often, and how large."""

from __future__ import annotations

import threading
import time
from collections.abc import Awaitable, Callable, MutableMapping
from dataclasses import dataclass
from typing import Any, Literal

from starlette.datastructures import Headers
from starlette.requests import HTTPConnection

from rag.api.problems import Refused, response_of

MOST_JSON = 1_000_000  # bytes: a thousand documents named by id are 70 kB
MOST_PICTURE = 25_000_000  # bytes of a question's picture with what stands around it in the request
MOST_FILE = 2**30  # bytes of an uploaded file, as the page takes them
MOST_KNOWN = 4096  # callers remembered at once; the one that has waited longest is forgotten

Kind = Literal["request", "question", "upload", "wrong token"]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[MutableMapping[str, Any], Receive, Send], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Rate:
    """``burst`` at once, then ``per_second``."""

    per_second: float
    burst: float


RATES: dict[Kind, Rate] = {
    "request": Rate(20, 300),  # a program that reads a document page by page with its pictures
    "question": Rate(1, 60),  # a search takes tens of milliseconds, an answer of a model seconds
    "upload": Rate(2, 200),  # a folder's worth at once
    "wrong token": Rate(0.1, 10),  # a token cannot be guessed; this keeps the log and the machine quiet
}


class Rates:
    """Token buckets of all callers. May be called from any thread."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._left: dict[tuple[str, Kind], tuple[float, float]] = {}  # by caller: how many are left, and since when
        self._lock = threading.Lock()

    def take(self, name: str, kind: Kind) -> None:
        """One more of this kind by a caller. Raises :class:`Refused` with the seconds to wait."""
        rate, now = RATES[kind], self._clock()
        with self._lock:
            left, since = self._left.pop((name, kind), (rate.burst, now))
            left = min(rate.burst, left + (now - since) * rate.per_second)
            allowed = left >= 1
            self._left[name, kind] = (left - 1 if allowed else left, now)
            if len(self._left) > MOST_KNOWN:
                del self._left[next(iter(self._left))]
        if not allowed:
            wait = max(1, round((1 - left) / rate.per_second + 0.5))
            raise Refused(
                429, "too-often", f"{name} sends too many requests; wait {wait} s.", {"retry-after": str(wait)}
            )

    def wrong_token(self, request: HTTPConnection) -> None:
        """Somebody at an address showed a token that is not known. Raises :class:`Refused` after too many."""
        self.take(request.client.host if request.client else "somebody", "wrong token")


class BodyLimit:
    """Refuses a request whose body is larger than its address takes: before it is read where it says so, else while it
    comes. Plain ASGI, so that uploads stay streams."""

    def __init__(self, app: App) -> None:
        self.app = app

    async def __call__(self, scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        most, came, begun = _most(Headers(scope=scope).get("content-type", ""), str(scope["path"])), 0, False
        declared = Headers(scope=scope).get("content-length", "")
        if declared.isdecimal() and int(declared) > most:
            await response_of(_too_large(most))(scope, receive, send)
            return

        async def receiving() -> Message:
            nonlocal came
            message = await receive()
            came += len(message.get("body", b""))
            if came > most:
                raise _TooLarge
            return message

        async def sending(message: Message) -> None:
            nonlocal begun
            begun = True
            await send(message)

        try:
            await self.app(scope, receiving, sending)
        except _TooLarge:
            if not begun:
                await response_of(_too_large(most))(scope, receive, send)


class _TooLarge(BaseException):
    """Not an ``Exception``: whoever parses the body must not take it for one of its own."""


def _most(content_type: str, path: str) -> int:
    if not content_type.startswith("multipart/form-data"):
        return MOST_JSON
    return MOST_FILE if path.rstrip("/").endswith("/documents") else MOST_PICTURE


def _too_large(most: int) -> Refused:
    return Refused(
        413,
        "too-large",
        f"The body is larger than the {most / 1e6:,.0f} MB that this address takes; send less at once.",
    )
