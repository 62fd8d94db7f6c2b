"""Looking again and again: when the system says that something has changed, and once a minute where it says nothing.

Network shares often say nothing, and a folder that comes back after its disk was away is another one to the system.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

import watchfiles

from rag.errors import IndexBusy
from rag.index import Index
from rag.watching.follow import SETTLED, Follower, Stopped
from rag.watching.scan import skipped

LOCK = "watch.lock"
LOOK = 60.0  # seconds between two looks where nothing is reported
CALM = 400  # milliseconds for which reports of changes are collected
STEP = 0.1  # second between two looks at whether the program ends
log = logging.getLogger(__name__)


@contextmanager
def alone(index: Index) -> Iterator[None]:
    """One process watches for an index. Raises :class:`IndexBusy`."""
    with ExitStack() as held:
        try:
            held.enter_context(index.catalogue.lock(LOCK, wait=0.0))
        except IndexBusy as exc:
            raise IndexBusy(
                "Another process watches folders for this index already (the app with PAGESIGHT_WATCH, "
                "or `python -m rag watch`); name all folders to one of them"
            ) from exc
        yield


def once(follower: Follower, patience: float) -> bool:
    """Bring the index up to the folders; False where a file was still being written after ``patience`` seconds."""
    deadline = time.monotonic() + patience
    while follower.look():
        if time.monotonic() > deadline:
            return False
        time.sleep(SETTLED + STEP)
    return True


class Listener:
    """Hears from the system what changes below ``folders`` until it is closed."""

    def __init__(self, folders: Sequence[Path], changed: threading.Event) -> None:
        self.problem = ""
        self._folders, self._changed, self._closed = folders, changed, threading.Event()
        self._vanished: set[Path] = set()
        self._lock = threading.Lock()
        self._thread = threading.Thread(target=self._listen, name="watch", daemon=True)
        if folders:
            self._thread.start()

    def vanished(self) -> set[Path]:
        """Paths whose deletion was reported since this was asked last."""
        with self._lock:
            vanished, self._vanished = self._vanished, set()
        return vanished

    def close(self) -> None:
        """Hear no more."""
        self._closed.set()
        if self._thread.is_alive():
            self._thread.join()

    def _listen(self) -> None:
        try:
            for changes in watchfiles.watch(
                *self._folders,
                watch_filter=_matters,
                debounce=4 * CALM,
                step=CALM,
                stop_event=self._closed,
                rust_timeout=1000,
                raise_interrupt=False,
                ignore_permission_denied=True,
            ):
                with self._lock:
                    self._vanished |= {Path(path) for change, path in changes if change is watchfiles.Change.deleted}
                self._changed.set()
        except (OSError, RuntimeError) as exc:  # the system's limit of watches (Linux: fs.inotify.max_user_watches)
            self.problem = f"Changes are not reported by the system ({exc}); the folders are looked at every minute"
            log.warning("%s", self.problem)


def _matters(change: watchfiles.Change, path: str) -> bool:
    return not skipped(Path(path).name)


class Watcher:
    """Follows folders until ``stop`` is set."""

    def __init__(self, follower: Follower, stop: threading.Event) -> None:
        self.follower, self._stop = follower, stop
        self._changed = threading.Event()
        self._listener: Listener | None = None
        self._places: tuple[tuple[int, int] | None, ...] = ()

    def run(self, looked: Callable[[str], None] = lambda problem: None) -> None:
        """Look, wait for a change, look again. After each look ``looked`` hears what keeps changes from being heard of
        at once, or nothing. Raises what a look raises for the
        whole index, but waits where another process keeps it."""
        try:
            while not self._stop.is_set():
                listener = self._listening()
                self._changed.clear()
                try:
                    waiting = self.follower.look(listener.vanished())
                except IndexBusy as exc:
                    log.info("looked at another time: %s", exc)
                    waiting = True
                looked(listener.problem)
                self._wait(SETTLED + STEP if waiting else LOOK)
        except Stopped:
            return
        finally:
            if self._listener is not None:
                self._listener.close()

    def _listening(self) -> Listener:
        """The listener, made anew where a folder came, went or is another one than before."""
        places = self._now()
        if self._listener is None or places != self._places:
            if self._listener is not None:
                self._listener.close()
            there = [folder for folder, place in zip(self.follower.folders, places, strict=True) if place]
            self._listener, self._places = Listener(there, self._changed), places
        return self._listener

    def _wait(self, seconds: float) -> None:
        """For a change, or for a folder that comes or goes: of one that is not there nothing is reported."""
        until, asked = time.monotonic() + seconds, time.monotonic()
        while not self._stop.is_set() and not self._changed.is_set() and time.monotonic() < until:
            self._changed.wait(STEP)
            if time.monotonic() - asked >= SETTLED:
                if self._now() != self._places:
                    return
                asked = time.monotonic()

    def _now(self) -> tuple[tuple[int, int] | None, ...]:
        return tuple(_place(folder) for folder in self.follower.folders)


def _place(folder: Path) -> tuple[int, int] | None:
    try:
        found = folder.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino
