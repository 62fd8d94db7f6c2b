"""Files that programs send, as jobs they can ask about: each has an id that outlives a restart of the program.

The work is done by the same queues as a browser's uploads (:mod:`rag.service.uploads`), one for each owner.
"""

from __future__ import annotations

import threading
from pathlib import Path
from typing import NamedTuple

from ingestion.elements import file_id
from rag.errors import RagError
from rag.service.uploads import FINISHED, KEPT, AddFile, Upload, UploadQueues, UploadState

MOST_REMEMBERED = 4096  # document ids of jobs; the oldest are forgotten


class UnknownJob(RagError):
    """No such job, or somebody else's."""


class Job(NamedTuple):
    """A file on its way in. ``document`` is the id that its document has, or will have; see :class:`Upload`."""

    id: str
    name: str
    state: UploadState
    stage: str
    done: int
    total: int
    message: str
    document: str

    @property
    def finished(self) -> bool:
        """Whether nothing more will be done."""
        return self.state in FINISHED


class Jobs:
    """Of all owners. May be called from any thread."""

    def __init__(self, queues: UploadQueues, add: AddFile) -> None:
        self._queues, self._add = queues, add
        self._documents: dict[str, str] = {}  # by job
        self._lock = threading.Lock()

    def submit(self, owner: str, path: Path, document: str, password: str | None = None) -> Job:
        """Queue a file that lies in a folder of its own, two levels down: the outer one's name becomes the job's.

        Files of earlier jobs that could be tried again are kept no longer: programs send a file again.
        """
        queue = self._queues.of(_key(owner))
        for item in queue.items():
            if item.state in KEPT:
                queue.forget(item.id)
        self._note(path.parent.parent.name, document)
        (queued,) = queue.submit([path], self._add, password)
        self._note(_id(queued), document)
        return self._job(queued)

    def listed(self, owner: str) -> list[Job]:
        """Those that run and wait, and those that came to their end lately, in the order in which they came."""
        queue = self._queues.known(_key(owner))
        return [self._job(item) for item in queue.known()] if queue is not None else []

    def get(self, owner: str, number: str) -> Job:
        """Raises :class:`UnknownJob`."""
        return self._job(self._find(owner, number))

    def cancel(self, owner: str, number: str) -> Job:
        """Stop it where it has not come to its end, else let go of its file. Raises :class:`UnknownJob`."""
        found, queue = self._find(owner, number), self._queues.known(_key(owner))
        if queue is not None:
            queue.cancel(found.id)
            if found.state in KEPT:
                queue.forget(found.id)
        return self.get(owner, number)

    def running(self) -> int:
        """How many files of all owners, browsers included, are not at their end."""
        return sum(item.state not in FINISHED for queue in self._queues.all() for item in queue.items())

    def _find(self, owner: str, number: str) -> Upload:
        queue = self._queues.known(_key(owner))
        found = next((item for item in queue.known() if _id(item) == number), None) if queue is not None else None
        if found is None:
            raise UnknownJob(
                f"There is no job {number[:12]!r} of yours, or it ended long ago; list the documents to see them"
            )
        return found

    def _note(self, job: str, document: str) -> None:
        with self._lock:
            self._documents[job] = document
            if len(self._documents) > MOST_REMEMBERED:
                del self._documents[next(iter(self._documents))]

    def _job(self, item: Upload) -> Job:
        with self._lock:
            document = self._documents.get(_id(item), "")
        if not document and item.path.is_file():  # sent before the program was started anew
            document = file_id(item.path)
            self._note(_id(item), document)
        return Job(_id(item), item.name, item.state, item.stage, item.done, item.total, item.message, document)


def _id(item: Upload) -> str:
    """The name of the folder that was made for the file: cannot be guessed, and outlives the program."""
    return item.path.parent.parent.name


def _key(owner: str) -> str:
    return f"program {owner}"
