"""Parsing in child processes with limits of time and memory.

Enters: a path, options and limits. Leaves: the same :class:`Document` as :func:`ingestion.parse.parse_pdf` would give,
or an :class:`IngestionError` for the file; a page that hangs, crashes or takes too much memory is a recorded problem
and the rest goes on. Must not know: PDF libraries, layout, encoders, stores.

A child opens the file once and is given one page at a time from a common queue, so that slow pages hold nobody up. It
is replaced when it was killed, has read many pages or has grown (layout keeps the memory it has allocated).
"""

from __future__ import annotations

import contextlib
import queue
import threading
from collections.abc import Callable
from pathlib import Path

from ingestion.child import GIGABYTE, Child, Died, Expired, Job, ReaderFactory
from ingestion.child import Limits as Limits
from ingestion.elements import Document
from ingestion.errors import Cancelled, IngestionError
from ingestion.parse import PageContent, PageReader, ParseOptions, assemble, failed_page

PAGES_A_WORKER = 3  # a document with fewer pages than this for each child is given fewer children
MAPPED_SHARE = 0.8  # of the memory limit: a child that has mapped more is replaced after its page
POLL_SECONDS = 0.2  # how soon a cancelled run stops

ReadProgress = Callable[[str, int, int], None]
DEFAULT_OPTIONS = ParseOptions()
DEFAULT_LIMITS = Limits()


def parse_in_worker(
    path: Path,
    out: Path,
    options: ParseOptions = DEFAULT_OPTIONS,
    limits: Limits = DEFAULT_LIMITS,
    progress: ReadProgress | None = None,
    workers: int = 1,
    cancel: threading.Event | None = None,
    reader: ReaderFactory = PageReader,
) -> Document:
    """Parse ``path`` in ``workers`` child processes; page images and crops are written below ``out``.

    ``progress("reading", done, total)`` is called in this thread once the file is open and after every page. What it
    raises ends the run, as does setting ``cancel`` (:class:`Cancelled`); no child outlives the call. Raises an
    :class:`IngestionError` where the file cannot be opened within the limits, :class:`OSError` where the disk is full.
    """
    crew = _Crew(Job(path, out, options, limits), reader, max(1, workers))
    try:
        contents = crew.read_all(progress or _unheard, cancel or threading.Event())
    finally:
        crew.stop()
    return assemble(path, contents)


class _Crew:
    """The children that read one document, each driven by a thread, and what the threads share."""

    def __init__(self, job: Job, reader: ReaderFactory, workers: int) -> None:
        self.job, self.reader, self.workers = job, reader, workers
        self.todo: queue.SimpleQueue[int | None] = queue.SimpleQueue()
        self.results: queue.SimpleQueue[int | PageContent | BaseException] = queue.SimpleQueue()
        self.stopped = threading.Event()
        self.lost = 0  # pages in a row; a race between threads only shifts the moment of giving up
        self._seats: list[_Seat] = []

    def read_all(self, progress: ReadProgress, cancel: threading.Event) -> list[PageContent]:
        """Every page, in order."""
        self._add_seat(first=True)
        count = self._next(cancel)
        assert isinstance(count, int)
        progress("reading", 0, count)
        for number in range(1, count + 1):
            self.todo.put(number)
        for _ in range(1, min(self.workers, count // PAGES_A_WORKER)):
            self._add_seat(first=False)
        found: dict[int, PageContent] = {}
        while len(found) < count:
            content = self._next(cancel)
            assert isinstance(content, PageContent)
            found[content.page.number] = content
            progress("reading", len(found), count)
        return [found[number] for number in range(1, count + 1)]

    def stop(self) -> None:
        """Kill what still runs and wait for the threads."""
        self.stopped.set()
        for seat in self._seats:
            self.todo.put(None)
            seat.kill()
        for seat in self._seats:
            seat.join()

    def _add_seat(self, first: bool) -> None:
        seat = _Seat(self, first)
        seat.start()
        self._seats.append(seat)

    def _next(self, cancel: threading.Event) -> int | PageContent:
        while True:
            if cancel.is_set():
                raise Cancelled(f"reading {self.job.path.name} was cancelled")
            with contextlib.suppress(queue.Empty):
                result = self.results.get(timeout=POLL_SECONDS)
                if isinstance(result, BaseException):
                    raise result
                return result


class _Seat(threading.Thread):
    """A thread that keeps one child at work and replaces it when it is lost or worn out."""

    def __init__(self, crew: _Crew, first: bool) -> None:
        super().__init__(name=f"parse {crew.job.path.name}", daemon=True)
        self._crew, self._first = crew, first
        self._name, self._limits = crew.job.path.name, crew.job.limits
        self._child: Child | None = None

    def run(self) -> None:
        results = self._crew.results
        try:
            if self._first:
                results.put(self._opened().count)
            while (number := self._crew.todo.get()) is not None and not self._crew.stopped.is_set():
                results.put(self._page(number))
        except BaseException as exc:  # belongs to the thread that called parse_in_worker
            results.put(exc)
        finally:
            self._drop()

    def kill(self) -> None:
        child = self._child
        if child is not None:
            child.kill()

    def _opened(self) -> Child:
        """The child with the file open; a new one if there is none."""
        if self._child is None:
            self._child = Child(self._crew.workers)
            if self._crew.stopped.is_set():
                self._child.kill()
            self._child.open(self._crew.job, self._crew.reader)
        return self._child

    def _drop(self) -> None:
        if self._child is not None:
            self._child.close()
            self._child = None

    def _page(self, number: int) -> PageContent:
        """Read a page. One that ended a used child is tried again in a new one: the pages before may be the cause."""
        if self._crew.lost >= self._limits.lost_in_a_row:
            return failed_page(
                number, "read", f"page {number} was not tried: the {self._crew.lost} before it were lost"
            )
        while True:
            used = self._child is not None and self._child.pages > 0
            try:
                content = self._try(number)
            except Expired:
                return self._lose(number, "time", f"took more than {self._limits.time_text}")
            except (Died, MemoryError) as exc:
                self._check_stopped()
                if not used:
                    return self._lose_to(exc, number)
                self._drop()
            except IngestionError as exc:  # the file could be opened before, but not for this page's new child
                self._check_stopped()
                return self._lose(number, "open", f"could not be reached: {exc}")
            else:
                self._crew.lost = 0
                return content

    def _try(self, number: int) -> PageContent:
        child = self._opened()
        read = child.read(number, self._limits.page_seconds)
        worn = child.pages >= self._limits.pages_per_worker
        grown = read.resident > self._limits.resident_gb * GIGABYTE
        if worn or grown or read.mapped > MAPPED_SHARE * self._limits.memory_gb * GIGABYTE:
            self._drop()
        return read.content or failed_page(number, "read", read.problem)

    def _lose_to(self, exc: Died | MemoryError, number: int) -> PageContent:
        limit = self._limits.memory_text
        if isinstance(exc, MemoryError):
            return self._lose(number, "memory", f"went over {limit}")
        return self._lose(number, "crash", f"ended its process ({exc}): it is damaged, or went over {limit}")

    def _lose(self, number: int, stage: str, what: str) -> PageContent:
        self._drop()
        self._crew.lost += 1
        return failed_page(number, stage, f"page {number} of {self._name} {what}")

    def _check_stopped(self) -> None:
        if self._crew.stopped.is_set():
            raise Cancelled(f"reading {self._name} was cancelled")


def _unheard(stage: str, done: int, total: int) -> None:
    pass
