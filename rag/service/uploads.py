"""The uploads of one browser: a queue worked off by one thread, which may be watched and cancelled.

Each file goes from waiting to active to one of the ends in :data:`FINISHED`. One that fails is recorded, and the next
one is taken. Until a file has come to its end it lies where a stop of the program does not lose it
(:mod:`rag.service.upload_store`), and so does one that may be tried again.
"""

from __future__ import annotations

import hashlib
import logging
import threading
from collections import deque
from collections.abc import Callable, Collection, Sequence
from contextvars import copy_context
from dataclasses import dataclass, field, replace
from itertools import count
from pathlib import Path
from typing import Literal

from ingestion.errors import IngestionError
from rag.errors import RagError
from rag.monitoring import stages
from rag.monitoring.requests import serving
from rag.service.priority import give_way
from rag.service.told import said
from rag.service.upload_store import MOST_TRIES, UploadStore
from rag.types import Progress, ReportProgress

UploadState = Literal["waiting", "active", "stopping", "added", "present", "failed", "halted", "locked", "cancelled"]
FINISHED: frozenset[UploadState] = frozenset({"added", "present", "failed", "halted", "locked", "cancelled"})
KEPT: frozenset[UploadState] = frozenset({"halted", "locked"})  # their files are needed again
PAST = 200  # finished files that a queue remembers when they are no longer listed
MOST_QUEUES = 256  # browsers whose uploads are remembered; idle ones are forgotten for new ones
log = logging.getLogger(__name__)


class Cancelled(Exception):
    """Raised out of a progress report to leave a running task; what was committed before stays."""


@dataclass(frozen=True, slots=True)
class Upload:
    """One file on its way in. ``stage``, ``done``, ``total``: latest progress; ``message``: outcome in words.

    ``id`` names it in its queue for good; ``stopping`` is a running file that was cancelled and has not yet stopped,
    ``halted`` one that could not be added though nothing is wrong with it: the disk was full, the index was busy.
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

    def is_one_of(self, paths: Collection[Path]) -> bool:
        """Whether one of these is the same file, or another copy of it."""
        return self.path in paths or any(path.name == self.name and _size(path) == _size(self.path) for path in paths)


AddFile = Callable[[Path, str | None, ReportProgress], tuple[UploadState, str]]


class UploadQueue:
    """The queue of ``owner``. All methods may be called from any thread. ``store`` is where files lie meanwhile."""

    def __init__(self, store: UploadStore | None = None, owner: str = "") -> None:
        self._store, self._owner = store, owner
        self._items: dict[int, Upload] = {}  # in the order they came
        self._past: deque[Upload] = deque(maxlen=PAST)
        self._ending = False
        self._ids = count(1)
        self._told: set[int] = set()
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None

    def submit(self, paths: Sequence[Path], add: AddFile, password: str | None = None) -> tuple[Upload, ...]:
        """Queue files and see that a worker runs. Of earlier ones, only what is not finished or in :data:`KEPT` stays.

        What cannot be kept is halted, and lies where it came to. Returns the files as they are queued.
        """
        taken = [self._taken(path) for path in paths]
        with self._lock:
            if self._thread is None:
                again = {path for path, _ in taken}
                for item in [u for u in self._items.values() if u.state not in KEPT or u.is_one_of(again)]:
                    self._past.append(self._items.pop(item.id))
                    if item.path not in again:
                        self._drop(item)
            queued = []
            for path, problem in taken:
                number = next(self._ids)
                self._items[number] = Upload(
                    number, path, password, state="halted" if problem else "waiting", message=problem
                )
                queued.append(self._items[number])
            self._start(add)
            return tuple(queued)

    def resume(self, path: Path, tries: int, add: AddFile) -> None:
        """Queue a file that an ended program left; one that may be why it ended is named and left out."""
        with self._lock:
            number = next(self._ids)
            again = Upload(number, path)
            if tries >= MOST_TRIES:
                message = f"the program ended {tries} times while it was being read; try again, or cancel it"
                again = replace(again, state="halted", message=message)
            self._items[number] = again
            self._start(add)

    def retry(self, add: AddFile) -> None:
        """Queue again what was halted."""
        halted = [item for item in self.items() if item.state == "halted"]
        for item in halted:
            path, problem = self._taken(item.path)
            with self._lock:
                if self._items.pop(item.id, None) is None:
                    continue  # somebody has taken it off the list meanwhile
                number = next(self._ids)
                self._items[number] = Upload(
                    number, path, item.password, state="halted" if problem else "waiting", message=problem
                )
        with self._lock:
            self._start(add)

    def _start(self, add: AddFile) -> None:
        """With the lock held: see that a worker runs where something waits."""
        waits = any(item.state == "waiting" for item in self._items.values())
        if self._thread is None and waits and not self._ending:
            for_whom = copy_context()  # what they may see goes along
            self._thread = threading.Thread(target=for_whom.run, args=(self._work, add), name="uploads", daemon=True)
            self._thread.start()

    def _taken(self, path: Path) -> tuple[Path, str]:
        """Where a file lies from now on, and why it could not be moved there."""
        if self._store is None:
            return path, ""
        try:
            return self._store.take(path, self._owner), ""
        except (RagError, OSError) as exc:
            return path, said(exc)

    def halt(self) -> None:
        """At the end of the program: the running file stops at its next report; it and what waits are left."""
        with self._lock:
            self._ending = True

    def cancel(self, only: int | None = None) -> None:
        """Drop what waits, at once, and stop the running file at its next report. What comes later is not meant.

        ``only`` is the number of the one that is meant, else all are.
        """
        with self._lock:
            for item in [u for u in self._items.values() if only in (None, u.id)]:
                if item.state == "waiting":
                    self._items[item.id] = replace(item, state="cancelled", message="cancelled")
                    self._drop(item)
                elif item.state == "active":
                    self._items[item.id] = replace(item, state="stopping")

    def forget(self, number: int) -> None:
        """Take a file off the list; one that is being read stops at its next report."""
        with self._lock:
            item = self._items.pop(number, None)
            if item is not None and item.state in FINISHED:
                self._past.append(item)
                self._drop(item)

    def unlock(self, number: int, add: AddFile, password: str) -> None:
        """Try a password on a file that waits for one: it is read again, after what waits."""
        with self._lock:
            item = self._items.pop(number, None)
            if item is not None:
                again = next(self._ids)  # another one: pages hear of what becomes of it, though that be the same
                self._items[again] = Upload(again, item.path, password)
            self._start(add)

    def clear_finished(self) -> None:
        """Forget what is done with, files that could have been tried again included; what is locked stays."""
        with self._lock:
            for item in [u for u in self._items.values() if u.state != "locked" and u.state in FINISHED]:
                del self._items[item.id]
                self._drop(item)

    def items(self) -> tuple[Upload, ...]:
        """All files, in the order in which they came."""
        with self._lock:
            return tuple(self._items.values())

    def known(self) -> tuple[Upload, ...]:
        """:meth:`items`, and before them the latest :data:`PAST` that made room for later ones."""
        with self._lock:
            return (*self._past, *self._items.values())

    def locked(self) -> Upload | None:
        """The first file that waits for a password."""
        return next((item for item in self.items() if item.state == "locked"), None)

    def untold(self) -> tuple[Upload, ...]:
        """Files that failed or were halted and were not yet returned by this: each is told once."""
        with self._lock:
            bad = ("failed", "halted")
            failed = [item for item in self._items.values() if item.state in bad and item.id not in self._told]
            self._told = {number for number in self._told if number in self._items} | {item.id for item in failed}
            return tuple(failed)

    @property
    def running(self) -> bool:
        """Whether the queue is being worked off."""
        with self._lock:
            return self._thread is not None

    @property
    def needed(self) -> bool:
        """Whether it is being worked off, or holds files that may be tried again."""
        with self._lock:
            return self._thread is not None or any(item.state in KEPT for item in self._items.values())

    def join(self, seconds: float) -> None:
        """Wait for the worker to end, at most so many seconds."""
        with self._lock:
            thread = self._thread
        if thread is not None:
            thread.join(seconds)

    def _work(self, add: AddFile) -> None:
        give_way()  # also the children that read pages
        try:
            while (item := self._next()) is not None:
                self._one(item, add)
        finally:
            self._ended()

    def _next(self) -> Upload | None:
        """The next waiting file, now active; without one the worker has ended, in the same locked step."""
        with self._lock:
            item = next((item for item in self._items.values() if item.state == "waiting"), None)
            if item is None or self._ending:
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
            if self._store is not None:
                self._store.begun(item.path)
            with serving():
                state, message = add(item.path, item.password, report)
        except Cancelled:
            state, message = ("waiting", "") if self._ending else ("cancelled", "cancelled")
        except IngestionError as exc:
            state, message = "failed", str(exc)
        except (RagError, OSError) as exc:
            state, message = "halted", said(exc)
        except BaseException as exc:  # a thread of ours: nothing above it could answer for the other files
            log.exception("adding %s failed", item.path)
            state, message = "failed", f"an internal error ({type(exc).__name__}); details are on the console"
        self._settle(item, state, message)

    def _settle(self, item: Upload, state: UploadState, message: str) -> None:
        try:
            if state not in FINISHED or state in KEPT:
                self._ended_in_order(item)
            else:
                self._drop(item)
        except (RagError, OSError) as exc:
            log.warning("the note of the upload %s was not written: %s", item.name, exc)
        self._change(item.id, state=state, message=message)
        if state in FINISHED:
            stages.count("uploads", state=state)

    def _ended_in_order(self, item: Upload) -> None:
        if self._store is not None:
            with self._lock:
                listed = item.id in self._items
            if listed:
                self._store.ended(item.path)
            else:
                self._store.forget(item.path)

    def _drop(self, item: Upload) -> None:
        """Its file is needed no more."""
        if self._store is not None:
            self._store.forget(item.path)

    def _ended(self) -> None:
        """After the worker, however it ended: nothing is shown as running that no thread works on."""
        with self._lock:
            if self._thread is not threading.current_thread():
                return
            self._thread = None
            for item in () if self._ending else tuple(self._items.values()):
                if item.state not in FINISHED:
                    self._items[item.id] = replace(item, state="failed", message="the upload broke off; add it again")

    def _stopping(self, number: int) -> bool:
        """Whether the file is to stop: cancelled, taken off the list, or the program ends."""
        with self._lock:
            item = self._items.get(number)
            return self._ending or item is None or item.state == "stopping"

    def _change(self, number: int, **fields: object) -> None:
        """Write down what is new about a file; one that was taken off the list meanwhile needs no record."""
        with self._lock:
            item = self._items.get(number)
            if item is not None:
                self._items[number] = replace(item, **fields)  # type: ignore[arg-type]


class UploadQueues:
    """One queue per browser, so that a reloaded page, a second tab and a program started anew see what runs."""

    def __init__(self, store: UploadStore | None = None) -> None:
        self._store = store
        self._queues: dict[str, UploadQueue] = {}  # by what stands for the browser's key, which is never written down
        self._lock = threading.Lock()

    def of(self, browser: str) -> UploadQueue:
        """The queue of a browser, made when it is first asked for."""
        return self._named(_name(browser))

    def known(self, browser: str) -> UploadQueue | None:
        """The queue, where that browser has one; asking does not make one."""
        with self._lock:
            return self._queues.get(_name(browser))

    def all(self) -> tuple[UploadQueue, ...]:
        """Every queue there is."""
        with self._lock:
            return tuple(self._queues.values())

    def resume(self, add: AddFile) -> int:
        """Take up what ended programs left; how many files that is. Raises :class:`~rag.errors.StoreError`."""
        left = self._store.left() if self._store is not None else []
        for path, owner, tries in left:
            self._named(owner).resume(path, tries, add)
        return len(left)

    def stop(self, seconds: float) -> None:
        """Stop everything and wait for what runs to leave the index in order; the next program takes it up."""
        with self._lock:
            queues = list(self._queues.values())
        for queue in queues:
            queue.halt()
        for queue in queues:
            queue.join(seconds)
        if self._store is not None:
            self._store.close()

    def _named(self, name: str) -> UploadQueue:
        with self._lock:
            queue = self._queues.pop(name, None) or UploadQueue(self._store, name)
            self._queues[name] = queue  # at the end: the idlest are first
            for other in [n for n, q in self._queues.items() if q is not queue and not q.needed]:
                if len(self._queues) <= MOST_QUEUES:
                    break
                del self._queues[other]
            return queue


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return -1


def _name(browser: str) -> str:
    return hashlib.sha256(browser.encode()).hexdigest()[:32]
