"""The uploads of one browser: a queue worked off by one thread, which may be watched and cancelled.

Each file goes from waiting to active to one of the ends in :data:`FINISHED`. One that fails is recorded, and the next
one is taken.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from itertools import count
from pathlib import Path
from typing import Literal

from ingestion.errors import IngestionError
from rag.errors import RagError
from rag.types import Progress, ReportProgress

UploadState = Literal["waiting", "active", "stopping", "added", "present", "failed", "locked", "cancelled"]
FINISHED: frozenset[UploadState] = frozenset({"added", "present", "failed", "locked", "cancelled"})
MOST_QUEUES = 256  # browsers whose uploads are remembered; idle ones are forgotten for new ones
log = logging.getLogger(__name__)


class Cancelled(Exception):
    """Raised out of a progress report to leave a running task; what was committed before stays."""


@dataclass(frozen=True, slots=True)
class Upload:
    """One file on its way in. ``stage``, ``done``, ``total``: latest progress; ``message``: outcome in words.

    ``id`` names it in its queue for good; ``stopping`` is a running file that was cancelled and has not yet stopped.
    """

    id: int
    path: Path
    password: str | None = field(default=None, repr=False)
    state: UploadState = "waiting"
    stage: str = ""
    done: int = 0
    total: int = 0
    message: str = ""

    @property
    def name(self) -> str:
        """The file's name, without its folder."""
        return self.path.name


AddFile = Callable[[Path, str | None, ReportProgress], tuple[UploadState, str]]


class UploadQueue:
    """The queue. All methods may be called from any thread."""

    def __init__(self) -> None:
        self._items: dict[int, Upload] = {}  # in the order they came
        self._ids = count(1)
        self._told: set[int] = set()
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None

    def submit(self, paths: Sequence[Path], add: AddFile, password: str | None = None) -> None:
        """Queue files and see that a worker runs. Of earlier ones, only what is not finished or still locked stays."""
        with self._lock:
            if self._thread is None:
                self._items = {i: u for i, u in self._items.items() if u.state == "locked" and u.path not in paths}
            for path in paths:
                number = next(self._ids)
                self._items[number] = Upload(number, path, password)
            if self._thread is None and paths:
                self._thread = threading.Thread(target=self._work, args=(add,), name="uploads", daemon=True)
                self._thread.start()

    def cancel(self) -> None:
        """Drop what waits, at once, and stop the running file at its next report. What comes later is not meant."""
        with self._lock:
            for item in self._items.values():
                if item.state == "waiting":
                    self._items[item.id] = replace(item, state="cancelled", message="cancelled")
                elif item.state == "active":
                    self._items[item.id] = replace(item, state="stopping")

    def forget(self, number: int) -> None:
        """Take a file off the list; one that is being read stops at its next report."""
        with self._lock:
            self._items.pop(number, None)

    def clear_finished(self) -> None:
        """Forget what is done with; a file that waits for its password stays."""
        with self._lock:
            self._items = {i: u for i, u in self._items.items() if u.state == "locked" or u.state not in FINISHED}

    def items(self) -> tuple[Upload, ...]:
        """All files, in the order in which they came."""
        with self._lock:
            return tuple(self._items.values())

    def locked(self) -> Upload | None:
        """The first file that waits for a password."""
        return next((item for item in self.items() if item.state == "locked"), None)

    def untold(self) -> tuple[Upload, ...]:
        """Files that failed and were not yet returned by this: each is told once."""
        with self._lock:
            failed = [item for item in self._items.values() if item.state == "failed" and item.id not in self._told]
            self._told = {number for number in self._told if number in self._items} | {item.id for item in failed}
            return tuple(failed)

    @property
    def running(self) -> bool:
        """Whether the queue is being worked off."""
        with self._lock:
            return self._thread is not None

    def join(self, seconds: float) -> None:
        """Wait for the worker to end, at most so many seconds."""
        with self._lock:
            thread = self._thread
        if thread is not None:
            thread.join(seconds)

    def _work(self, add: AddFile) -> None:
        try:
            while (item := self._next()) is not None:
                self._one(item, add)
        finally:
            self._ended()

    def _next(self) -> Upload | None:
        """The next waiting file, now active; without one the worker has ended, in the same locked step."""
        with self._lock:
            item = next((item for item in self._items.values() if item.state == "waiting"), None)
            if item is None:
                self._thread = None
                return None
            self._items[item.id] = replace(item, state="active")
            return self._items[item.id]

    def _one(self, item: Upload, add: AddFile) -> None:
        def report(progress: Progress) -> None:
            if self._stopping(item.id):
                raise Cancelled
            self._change(item.id, stage=progress.stage, done=progress.done, total=progress.total)

        try:
            state, message = add(item.path, item.password, report)
        except Cancelled:
            state, message = "cancelled", "cancelled"
        except (IngestionError, RagError, OSError) as exc:
            state, message = "failed", str(exc)
        except BaseException as exc:  # a thread of ours: nothing above it could answer for the other files
            log.exception("adding %s failed", item.path)
            state, message = "failed", f"an internal error ({type(exc).__name__}); details are on the console"
        self._change(item.id, state=state, message=message)

    def _ended(self) -> None:
        """After the worker, however it ended: nothing is shown as running that no thread works on."""
        with self._lock:
            if self._thread is not threading.current_thread():
                return
            self._thread = None
            for item in self._items.values():
                if item.state not in FINISHED:
                    self._items[item.id] = replace(item, state="failed", message="the upload broke off; add it again")

    def _stopping(self, number: int) -> bool:
        """Whether the file is to stop: cancelled, or taken off the list."""
        with self._lock:
            item = self._items.get(number)
            return item is None or item.state == "stopping"

    def _change(self, number: int, **fields: object) -> None:
        """Write down what is new about a file; one that was taken off the list meanwhile needs no record."""
        with self._lock:
            item = self._items.get(number)
            if item is not None:
                self._items[number] = replace(item, **fields)  # type: ignore[arg-type]


class UploadQueues:
    """One queue per browser, so that a reloaded page and a second tab see what runs."""

    def __init__(self) -> None:
        self._queues: dict[str, UploadQueue] = {}
        self._lock = threading.Lock()

    def of(self, browser: str) -> UploadQueue:
        """The queue of a browser, made when it is first asked for."""
        with self._lock:
            queue = self._queues.pop(browser, None) or UploadQueue()
            self._queues[browser] = queue  # at the end: the idlest are first
            for name in [n for n, q in self._queues.items() if q is not queue and not q.running]:
                if len(self._queues) <= MOST_QUEUES:
                    break
                del self._queues[name]
            return queue

    def known(self, browser: str) -> UploadQueue | None:
        """The queue, where that browser has one; asking does not make one."""
        with self._lock:
            return self._queues.get(browser)

    def stop(self, seconds: float) -> None:
        """Cancel everything and wait for what runs to leave the index in order."""
        with self._lock:
            running = [queue for queue in self._queues.values() if queue.running]
        for queue in running:
            queue.cancel()
        for queue in running:
            queue.join(seconds)
