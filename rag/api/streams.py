"""Answers as they come: each runs on a thread of its own, some at a time, and is sent as server-sent events.

    event: begun       {"conversation": …, "answer": …}
    event: evidence    {"evidence": […], "seconds": …, "understood": …}
    event: thinking    {"text": …}          of a model that thinks first; never part of the answer
    event: text        {"text": …}          the next piece of the answer
    event: citations   {"citations": […]}   checked against the evidence
    event: done        the whole answer
    event: error       a problem, as other requests are answered with one

Who goes away stops the model, and so does the removal of their token. A comment is sent when nothing else was for a
while, so that proxies keep the connection.
"""

from __future__ import annotations

import asyncio
import json
import threading
import time
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from contextvars import Context, copy_context
from typing import Any

from pydantic import BaseModel
from starlette.concurrency import run_in_threadpool

from rag.answering.answer import Delta, Done, Event, Found, Thinking
from rag.api import views
from rag.api.models import Answer
from rag.api.problems import BUSY_WAIT, Refused, problem_of
from rag.service.asking import Begun

AT_ONCE = 4  # answers that are made at the same time, as many as the page makes
MOST_WAITING = 32  # more than these, waiting ones included, are refused
QUIET = 15.0  # seconds without an event after which a comment is sent: proxies often close after 30 or 60
SLOW = 60.0  # seconds for which a reader may take nothing before it counts as gone
CHECKED = 1.0  # seconds after which it is asked again whether who reads may still do so
AHEAD = 64  # events that may wait for a slow reader before the model is kept waiting

Events = Callable[[], Iterator[Begun | Event]]


class Answers:
    """The threads on which answers are made."""

    def __init__(self) -> None:
        self._threads = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="api-answers")
        self._lock = threading.Lock()
        self._stopping = threading.Event()
        self.running = 0

    def stop(self) -> None:
        """At the end of the program: what runs stops at its next event."""
        self._stopping.set()
        self._threads.shutdown(wait=False, cancel_futures=True)

    async def checked(self, ask: Callable[[], Iterator[Begun | Event]]) -> Events:
        """Have a question checked, off the event loop. Raises what asking raises before its first event."""
        coming = await run_in_threadpool(ask)
        return lambda: coming

    async def whole(self, events: Events) -> Answer:
        """An answer when it is there. Raises what asking raises, and :class:`Refused` where too many ask."""

        def work() -> Answer:
            return _whole(events())

        return await self._run(work)

    def streamed(self, events: Events, still: Callable[[], object]) -> AsyncIterator[bytes]:
        """An answer's events on the wire, as long as ``still`` does not raise: whose token is removed meanwhile is told
        no more. Raises :class:`Refused` at once where too many ask."""
        self._enter()
        return self._streamed(events, still, copy_context())

    async def _run(self, work: Callable[[], Answer]) -> Answer:
        self._enter()
        try:
            here = copy_context()  # the number of the request, and for whom it is, go along
            return await asyncio.get_running_loop().run_in_executor(self._threads, here.run, work)
        finally:
            self._leave()

    async def _streamed(self, events: Events, still: Callable[[], object], context: Context) -> AsyncIterator[bytes]:
        loop, gone = asyncio.get_running_loop(), threading.Event()
        queue: asyncio.Queue[bytes | None] = asyncio.Queue(AHEAD)

        def put(item: bytes | None) -> None:
            if not gone.is_set():
                try:
                    asyncio.run_coroutine_threadsafe(queue.put(item), loop).result(SLOW)
                except TimeoutError:
                    gone.set()

        def work() -> None:
            try:
                if gone.is_set():
                    return
                with closing(events()) as coming:  # type: ignore[type-var]
                    for line in _while(still, lines(coming)):
                        put(line)
                        if gone.is_set() or self._stopping.is_set():
                            return
            except Exception as exc:
                put(_line("error", problem_of(exc)[0]))
            finally:
                put(None)

        running = loop.run_in_executor(self._threads, context.run, work)  # for whom the answer is goes along
        try:
            while True:
                try:
                    item = await asyncio.wait_for(queue.get(), QUIET)
                except TimeoutError:
                    yield b": still at work\n\n"
                    continue
                if item is None:
                    return
                yield item
        finally:
            gone.set()
            while not queue.empty():  # a thread that waits for room goes on, and sees that nobody reads any more
                queue.get_nowait()
            running.cancel()  # where it has not begun
            self._leave()

    def _enter(self) -> None:
        with self._lock:
            if self.running >= MOST_WAITING:
                raise Refused(
                    503,
                    "too-many-answers",
                    f"{self.running} questions are being answered or wait for it; ask again in a moment.",
                    {"retry-after": str(BUSY_WAIT)},
                )
            self.running += 1

    def _leave(self) -> None:
        with self._lock:
            self.running -= 1


def lines(events: Iterable[Begun | Event]) -> Iterator[bytes]:
    """The events of answering on the wire."""
    begun = Begun("", "")
    for event in events:
        if isinstance(event, Begun):
            begun = event
            yield _line("begun", event._asdict())
        elif isinstance(event, Found):
            pieces = [piece.model_dump() for piece in views.evidence(event.evidence)]
            yield _line("evidence", {"evidence": pieces, "seconds": event.seconds, "understood": event.understood})
        elif isinstance(event, Thinking):
            yield _line("thinking", {"text": event.text})
        elif isinstance(event, Delta):
            yield _line("text", {"text": event.text})
        else:
            yield _line("citations", {"citations": [one.model_dump() for one in views.citations(event.answer)]})
            yield _line("done", views.answer(event.answer, begun))


def _while(still: Callable[[], object], coming: Iterable[bytes]) -> Iterator[bytes]:
    """What comes, until ``still`` raises, which is called every :data:`CHECKED` seconds."""
    checked = time.monotonic()
    for line in coming:
        if time.monotonic() - checked >= CHECKED:
            still()
            checked = time.monotonic()
        yield line


def _line(name: str, data: dict[str, Any] | BaseModel) -> bytes:
    record = data.model_dump() if isinstance(data, BaseModel) else data
    return f"event: {name}\ndata: {json.dumps(record, ensure_ascii=False)}\n\n".encode()


def _whole(events: Iterator[Begun | Event]) -> Answer:
    begun, done = Begun("", ""), None
    for event in events:
        if isinstance(event, Begun):
            begun = event
        elif isinstance(event, Done):
            done = event.answer
    if done is None:
        raise RuntimeError("an answer ended without its last event")
    return views.answer(done, begun)
