"""What a worker does with a job: it reads a file, or some pages of a long one, and adds the document to the index.

A long document is split into ranges of pages, which any worker reads and keeps in the folder of the index; the job of
the document waits for them, finds all pages read, and does the rest: chunks, vectors, the commit.
"""

from __future__ import annotations

import logging
import os
import socket
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from ingestion.errors import Cancelled, IngestionError
from rag.config import Settings
from rag.errors import QueueError, RagError
from rag.index import Added, Index
from rag.indexing import ranges
from rag.indexing.parsing import reading_processes
from rag.queue.board import Board
from rag.queue.files import FORGOTTEN_SECONDS, WaitingFiles
from rag.queue.jobs import DELAYS, FILE_DELAYS, Job
from rag.storage.records import collections
from rag.types import Progress

RANGE_PAGES = 32  # of a long document, read at once: half a minute of a core, and little lost where a worker ends
NOTE_SECONDS = 1.0  # between two notes of how far a job is, each of which also asks whether it is still wanted
LOCKED = "the queue keeps no passwords, `python -m rag add --password - FILE` asks for it"

log = logging.getLogger(__name__)
Say = Callable[[Job, str], None]


class Work:
    """The work of one process. Threads may share it. A context manager that ends its parsing processes."""

    def __init__(
        self, index: Index, board: Board, settings: Settings, say: Say | None = None, range_pages: int = RANGE_PAGES
    ) -> None:
        self._index, self._board, self._settings = index, board, settings
        self._say = say or _say_nothing
        self._range_pages = range_pages
        self._files = WaitingFiles(index.root, settings.files)
        self._children = reading_processes(index.files, settings)
        self._tidied = time.monotonic()
        self.name = f"{socket.gethostname()}:{os.getpid()}"

    def __enter__(self) -> Work:
        return self

    def __exit__(self, *exc: object) -> None:
        self._children.close()

    def handle(self, number: int, delivery: int, stopping: Callable[[], bool]) -> None:
        """Do a job that was delivered, and write down what became of it."""
        job = self._board.take(number, delivery, self.name)
        if job is None:
            return  # cancelled, or given to another
        watch = _Watch(self._board, job, delivery, stopping)
        try:
            if job.parent is None:
                self._document(job, delivery, watch)
            else:
                self._range(job, delivery, watch)
        except QueueError:
            raise  # nothing can be written down: whoever takes up the jobs of lost workers will see to it
        except (Cancelled, IngestionError, RagError, OSError) as exc:
            self._failed(job, delivery, watch, str(exc), _delays(exc))
        except Exception as exc:
            log.exception("%s failed", job.label)
            self._failed(job, delivery, watch, f"an internal error, {type(exc).__name__}: {exc}", DELAYS)
        if time.monotonic() - self._tidied > FORGOTTEN_SECONDS:  # what was brought here, and another machine has added
            self._tidied = time.monotonic()
            self._files.tidy(self._board.needed())

    def take_up(self, deliveries: Sequence[int]) -> None:
        """Of workers that are not heard of any more: a document that one has added is done, the rest is given out."""
        for job, delivery in self._board.held(deliveries):
            if job.parent is None and self._index.catalogue.has(job.doc):
                try:
                    self._finish(job, delivery)
                    continue
                except RagError as exc:
                    log.warning("%s was added by a worker that ended: %s", job.label, exc)
            self._board.lose(job, delivery)

    def _document(self, job: Job, delivery: int, watch: _Watch) -> None:
        if not self._index.catalogue.has(job.doc):
            path = self._files.bring(job.doc, job.name)
            if not path.is_file():
                raise IngestionError(f"{path} is not there any more; enqueue the file again")
            pages = self._files.pages(job.doc, self._index.files)
            if not job.parts and (parts := self._parts(job, path, watch)):
                if pages is not None:
                    pages.offer()
                self._board.split(job.id, delivery, parts)
                return self._say(job, f"{parts[-1][1]} pages, in {len(parts)} parts")
            if job.parts and pages is not None:
                pages.bring()
            if job.collection:  # a restricted one: nobody else sees the document for a moment
                collections.expect(self._index.catalogue, job.collection, [job.doc])
            (added,) = self._index.add([path], workers=self._children, progress=watch)
            if added.status == "failed":
                reason = f"{added.error}; {LOCKED}" if added.locked else added.error
                return self._failed(job, delivery, watch, reason, _delays_of(added))
        return self._finish(job, delivery)

    def _finish(self, job: Job, delivery: int) -> None:
        """The document is in the index."""
        if job.collection:
            collections.put_by_name(self._index.catalogue, job.collection, [job.doc])
        row = self._index.catalogue.document(job.doc)
        if self._board.finish(job.id, delivery, row.pages, _remark(len(row.problems))):
            self._files.let_go(job.doc)
            self._say(job, f"added, {_count(row.pages, 'page')}")

    def _parts(self, job: Job, path: Path, watch: _Watch) -> list[tuple[int, int]]:
        """The ranges to read a long document in; none: it is read as a whole."""
        if not ranges.is_likely_long(path):
            return []
        count = ranges.prepare(self._index.files, self._settings, path, job.doc, self._children, watch.stop)
        if count > self._settings.max_pages or count < 2 * self._range_pages:
            return []  # of the former the reader says what is wrong
        firsts = range(1, count + 1, self._range_pages)
        return [(first, min(first + self._range_pages - 1, count)) for first in firsts]

    def _range(self, job: Job, delivery: int, watch: _Watch) -> None:
        index, pages = self._index, (job.first, job.last)
        if not index.catalogue.has(job.doc):
            path, shared = self._files.bring(job.doc, job.name), self._files.pages(job.doc, index.files)
            try:
                if shared is not None:
                    shared.begin()
                ranges.read_range(index.files, self._settings, path, job.doc, pages, self._children, watch, watch.stop)
                if shared is not None:
                    shared.send(*pages)
            except (IngestionError, RagError, OSError):
                if watch.ended or not index.catalogue.has(job.doc):  # else another process has added it meanwhile
                    raise
        self._board.range_done(job.id, delivery)
        self._say(job, "read")

    def _failed(self, job: Job, delivery: int, watch: _Watch, reason: str, delays: Sequence[int]) -> None:
        if watch.ended == "stopping":
            self._board.put_back(job.id, delivery)
            self._say(job, "put back")
        elif watch.ended == "unwanted":
            self._say(job, "left: it was cancelled, or another worker has it")
        else:
            self._board.fail(job.id, delivery, reason, delays)
            self._say(job, f"failed: {reason}")


class _Watch:
    """Hears how far a job is, notes it, and ends the job where it is no longer wanted or the worker is to end."""

    def __init__(self, board: Board, job: Job, delivery: int, stopping: Callable[[], bool]) -> None:
        self._board, self._job, self._delivery, self._stopping = board, job, delivery, stopping
        self._noted = 0.0
        self.stop = threading.Event()
        self.ended = ""  # "stopping", "unwanted"

    def __call__(self, progress: Progress) -> None:
        """Raises :class:`Cancelled`."""
        if self._stopping():
            self.ended = "stopping"
        elif time.monotonic() - self._noted >= NOTE_SECONDS:
            self._noted = time.monotonic()
            try:
                if not self._board.note(self._job.id, self._delivery, progress.stage, progress.done, progress.total):
                    self.ended = "unwanted"
            except QueueError as exc:
                log.warning("how far %s is could not be noted: %s", self._job.label, exc)
        if self.ended:
            self.stop.set()
            raise Cancelled(f"{self._job.label} was stopped")


def _delays(exc: BaseException) -> Sequence[int]:
    return FILE_DELAYS if isinstance(exc, IngestionError) else DELAYS


def _delays_of(added: Added) -> Sequence[int]:
    if added.locked:
        return ()  # no further try knows the password
    return DELAYS if added.again else FILE_DELAYS


def _remark(problems: int) -> str:
    return f"{_count(problems, 'problem')} while it was read" if problems else ""


def _count(number: int, thing: str) -> str:
    return f"{number:,} {thing}{'' if number == 1 else 's'}"


def _say_nothing(job: Job, what: str) -> None:
    pass
