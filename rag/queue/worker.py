"""A worker: a process that does jobs of an index until it is told to end, or nothing is left."""

from __future__ import annotations

from rag.config import Settings
from rag.errors import BadSettings
from rag.index import Index
from rag.queue.board import Board
from rag.queue.database import HEARTBEAT, STALLED, QueueDatabase
from rag.queue.files import WaitingFiles, library_name, shared_name
from rag.queue.work import RANGE_PAGES, Say, Work
from rag.storage.records.catalogue import Catalogue

JOBS = 2  # at once: while one document is embedded, pages of another are read


def open_board(settings: Settings, create: bool = False) -> tuple[QueueDatabase, Board]:
    """The queue of the settings, for their index. Raises :class:`BadSettings` where none is set, and
    :class:`~rag.errors.NoIndex` where several machines are to share one that is not there, and ``create`` is False."""
    if not settings.queue:
        raise BadSettings(
            "There is no queue; set PAGESIGHT_QUEUE to the address of a PostgreSQL database, postgresql://user@host/name"
        )
    database = QueueDatabase(settings.queue)
    return database, Board(database, _library(settings, create))


def _library(settings: Settings, create: bool) -> str:
    if not settings.store_url:
        return library_name(settings.index)
    catalogue = Catalogue(settings.index, create, settings.store_url, bool(settings.files))
    try:
        return shared_name(catalogue)
    finally:
        catalogue.close()


def work(
    settings: Settings,
    say: Say | None = None,
    jobs: int = JOBS,
    once: bool = False,
    range_pages: int = RANGE_PAGES,
    heartbeat: float = HEARTBEAT,
    stalled: float = STALLED,
) -> None:
    """Do jobs, so many at once; ``once``: until none waits or runs, retries included. For the main thread.

    Raises :class:`~rag.errors.EncoderMismatch`, :class:`~rag.errors.QueueError` before anything is done. All workers of
    a queue have the same ``heartbeat`` and ``stalled``, seconds: see :mod:`rag.queue.database`.
    """
    with Index.open(settings, create=True) as index:
        index.check_encoder()
        database, board = open_board(settings)
        WaitingFiles(index.root, settings.files).tidy(board.needed())

        def is_over() -> bool:
            counts = board.counts()
            return once and not counts["waiting"] and not counts["running"]

        try:
            with Work(index, board, settings, say, range_pages) as hands:
                database.work(board.library, hands.handle, hands.take_up, is_over, jobs, heartbeat, stalled)
        finally:
            database.close()
