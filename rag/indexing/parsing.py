"""Reading documents for the index: what the settings mean to ingestion, and processes shared by all documents of a run.

Each document is claimed before it is read, so that two processes that add the same file do the work once. A run that is
stopped, or fails later, leaves what it has read in the document's folder, and the next one goes on from there.
"""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from contextlib import AbstractContextManager, ExitStack
from contextvars import copy_context
from importlib.metadata import version
from pathlib import Path
from typing import Any, NamedTuple

from ingestion.chunk import JOIN_GAP, JOINED_WORDS, SHORT_WORDS
from ingestion.elements import Document, well_formed
from ingestion.errors import Cancelled
from ingestion.ocr.models import BUNDLED, normal
from ingestion.page_content import PARSER_VERSION
from ingestion.workers.parse import Workers, parse_in_worker
from rag.config import Settings
from rag.disk import disk_errors, write_whole
from rag.errors import IndexBusy
from rag.monitoring.stages import count, stage
from rag.storage.files.document_files import PARSED, PARSER, DocumentFiles, copy_original, from_json, to_json
from rag.types import Progress

LIBRARIES = ("pymupdf", "pymupdf4llm", "rapidocr", "onnxruntime")
MOST_WORKERS = 4  # parsing processes unless told otherwise: each takes about 1 GB
MOST_WAITING = 8  # documents that were read and wait for their commit; each holds its claim, an open file
RETRY_SECONDS = 1.0  # between two looks at whether to stop while waiting for another process


class Parsed(NamedTuple):
    """A document that was read, and the folder with its pictures and the original file."""

    document: Document
    folder: Path


class Read(NamedTuple):
    """A document whose reading has ended: the ``job`` has it, None where another process has added it by now, or the
    reason why it could not be read."""

    doc_id: str
    path: Path
    job: Future[Parsed | None]


class Reading:
    """Reads many documents at once. A context manager; leaving it stops what still runs.

    ``claim(doc_id, seconds)`` is the right to work on a document, held from before it is read until it was committed;
    ``is_done(doc_id)`` says, once it is had, whether another process has done the work meanwhile.
    """

    def __init__(
        self,
        files: DocumentFiles,
        settings: Settings,
        claim: Callable[[str, float], AbstractContextManager[None]],
        is_done: Callable[[str], bool],
        report: Callable[[Progress], None],
        workers: int | Workers | None = None,
        password: str | None = None,
    ) -> None:
        """``workers``: how many child processes, or those of a pool, which outlive this."""
        self._files, self._claim, self._is_done, self._report = files, claim, is_done, report
        self._options, self._note = settings.parse_options(password), parser_note(settings)
        self._limits = settings.limits()
        self._stop = threading.Event()
        self._shared = isinstance(workers, Workers)
        self._children = workers if isinstance(workers, Workers) else reading_processes(files, settings, workers)
        most = self._children.most
        self._threads = ThreadPoolExecutor(most, "parse")
        self._room = threading.BoundedSemaphore(most + MOST_WAITING)
        self._held: dict[str, ExitStack] = {}

    def __enter__(self) -> Reading:
        return self

    def __exit__(self, *exc: object) -> None:
        self.stop()
        self._threads.shutdown(cancel_futures=True)
        if not self._shared:
            self._children.close()
        for doc_id in list(self._held):
            self._release(doc_id)

    def stop(self) -> None:
        """Read no further; documents in work end with :class:`~ingestion.errors.Cancelled`."""
        self._stop.set()

    @property
    def stopped(self) -> bool:
        """Whether it was told to read no further."""
        return self._stop.is_set()

    def documents(self, todo: dict[str, Path]) -> Iterator[Read]:
        """The documents in the order in which they are ready.

        Large files come first. Whichever is last is read by all processes, as soon as the others are done.
        """
        ordered = sorted(todo.items(), key=lambda item: _size(item[1]), reverse=True)
        jobs = {  # each in a copy of this context: the number of the request goes along
            self._threads.submit(copy_context().run, self._read, path, doc_id): (doc_id, path)
            for doc_id, path in ordered
        }
        for job in as_completed(jobs):
            doc_id, path = jobs[job]
            try:
                yield Read(doc_id, path, job)
            finally:  # committed, or given up
                self._release(doc_id)

    def holds(self, doc_id: str) -> bool:
        """Whether the document is ours: another process may be reading it while we wait for it."""
        return doc_id in self._held

    def _take(self, doc_id: str) -> None:
        """Wait for room and for the document. Raises :class:`Cancelled` when everything is stopped meanwhile."""
        stack = ExitStack()
        while not self._room.acquire(timeout=RETRY_SECONDS):
            self._check()
        stack.callback(self._room.release)
        try:
            while True:
                self._check()
                try:
                    stack.enter_context(self._claim(doc_id, RETRY_SECONDS))
                    break
                except IndexBusy:
                    continue  # another process is at work on it
        except BaseException:
            stack.close()
            raise
        self._held[doc_id] = stack

    def _check(self) -> None:
        if self._stop.is_set():
            raise Cancelled("reading was stopped")

    def _release(self, doc_id: str) -> None:
        stack = self._held.pop(doc_id, None)
        if stack is not None:
            stack.close()

    def _read(self, path: Path, doc_id: str) -> Parsed | None:
        """In a thread: child processes parse into the document's folder."""
        self._take(doc_id)
        if self._is_done(doc_id):
            return None

        def heard(stage: str, done: int, total: int) -> None:
            self._report(Progress(path.name, stage, done, total))

        folder = self._files.unfinished(doc_id)
        done = self._whole(folder, path.name, doc_id)
        if done is not None:
            heard("reading", len(done.pages), len(done.pages))
            return Parsed(done, folder)
        try:
            with disk_errors(folder):
                (folder / PARSER).unlink(missing_ok=True)
                with stage("parse") as running:
                    document = parse_in_worker(
                        path, folder, self._options, self._limits, heard, self._children, self._stop
                    )
                    running.facts |= {"pages": len(document.pages), "problems": len(document.problems)}
                count("pages_read", len(document.pages))
            copy_original(path, folder)
            write_whole(folder / PARSED, to_json(document))
            write_whole(folder / PARSER, json.dumps(self._note).encode())  # last: it says that all is there
        except Cancelled:
            raise
        except BaseException:
            self._files.discard(folder)
            raise
        return Parsed(document, folder)

    def _whole(self, folder: Path, name: str, doc_id: str) -> Document | None:
        """The document, where a run that failed later has read it to the end, in the same way and by the same name."""
        try:
            if json.loads((folder / PARSER).read_bytes()) != self._note:
                return None
            document = from_json((folder / PARSED).read_bytes())
        except (OSError, ValueError, KeyError, TypeError):  # not there, or of an earlier version: it is read again
            return None
        pictures = {page.image for page in document.pages} | {chunk.image for chunk in document.chunks}
        pictures |= {element.image for element in document.elements}
        there = all((folder / picture).is_file() for picture in pictures if picture)
        return document if there and (document.id, document.name) == (doc_id, well_formed(name)) else None


def reading_processes(files: DocumentFiles, settings: Settings, most: int | None = None) -> Workers:
    """The child processes that read documents of an index; ``most``: else as many as the settings say."""
    with disk_errors(files.reading):
        files.reading.mkdir(parents=True, exist_ok=True)
    most = most or settings.workers or min(MOST_WORKERS, os.cpu_count() or 1)
    return Workers(most, folders=(files.reading,) if settings.limits().sandbox else None)


def parser_note(settings: Settings) -> dict[str, Any]:
    """All that decides which elements and chunks a file gives: a document with another note is worth reading again."""
    language = normal(settings.ocr_language)
    own_models = {} if language in BUNDLED else {"ocr_models": settings.ocr_models}
    return {
        **own_models,
        "version": PARSER_VERSION,
        "ocr": settings.ocr,
        "ocr_language": language,
        "max_paths": settings.max_paths,
        "max_pixels": settings.max_pixels,
        "passages": [SHORT_WORDS, JOINED_WORDS, JOIN_GAP],
    }


def libraries() -> dict[str, str]:
    """Versions of what reads files, for the record: they are told, not compared."""
    return {name: version(name) for name in LIBRARIES}


def _size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0
