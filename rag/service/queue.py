"""The queue that the workers take files from, for programs that serve and look at it: opened when it is asked."""

from __future__ import annotations

import threading

from rag.config import Settings
from rag.errors import RagError
from rag.queue.board import Board
from rag.queue.database import QueueDatabase
from rag.queue.files import WaitingFiles
from rag.queue.jobs import Job
from rag.queue.worker import open_board


class UnknownQueueJob(RagError):
    """There is no such job in the queue, or it is not in a state for what is asked."""


class WorkQueue:
    """Of the index of ``settings``. May be used from any thread.

    Every method raises :class:`~rag.errors.QueueError` where the queue cannot be reached, and
    :class:`~rag.errors.BadSettings` where there is none.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings, self._lock = settings, threading.Lock()
        self._opened: tuple[QueueDatabase, Board] | None = None

    @property
    def there(self) -> bool:
        """Whether the settings name a queue."""
        return bool(self._settings.queue)

    def board(self) -> Board:
        """The jobs, to be looked at."""
        with self._lock:
            if self._opened is None:
                self._opened = open_board(self._settings)
            return self._opened[1]

    def cancel(self, number: int) -> Job:
        """Stop a job, and let go of its file. Raises :class:`UnknownQueueJob`."""
        gone = self.board().cancel(number)
        if gone is None:
            raise self._unknown(number)
        WaitingFiles(self._settings.index, self._settings.files).let_go(gone.doc)
        return gone

    def retry(self, number: int) -> Job:
        """Have a job that failed tried again. Raises :class:`UnknownQueueJob`."""
        if not self.board().retry(number):
            raise self._unknown(number)
        return self.get(number)

    def get(self, number: int) -> Job:
        """Raises :class:`UnknownQueueJob`."""
        job = self.board().get(number)
        if job is None:
            raise self._unknown(number)
        return job

    def close(self) -> None:
        """Let go of the connection."""
        with self._lock:
            if self._opened is not None:
                self._opened[0].close()
                self._opened = None

    def _unknown(self, number: int) -> UnknownQueueJob:
        job = self.board().get(number)
        how = f"is {job.state}" if job else "is not in the queue"
        return UnknownQueueJob(f"Job {number} {how}; list the queue to see what there is")
