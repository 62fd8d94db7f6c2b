"""The uploads of one tab: a queue worked off by one thread, which may be watched and cancelled.

Enters: paths of uploaded files and a function that adds one file to the library. Leaves: :class:`Upload` values.
Must not know: Gradio, the index. A file that fails is recorded and the next one is taken.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal

from ingestion.errors import IngestionError
from rag.errors import RagError
from rag.types import Progress

State = Literal["waiting", "active", "added", "present", "failed", "locked", "cancelled"]
FINISHED: frozenset[State] = frozenset({"added", "present", "failed", "locked", "cancelled"})
log = logging.getLogger(__name__)


class Cancelled(Exception):
    """Raised out of a progress report to leave a running task; what was committed before stays."""


@dataclass(frozen=True, slots=True)
class Upload:
    """One file on its way in. ``stage``, ``done``, ``total``: latest progress; ``message``: outcome in words."""

    path: Path
    password: str | None = field(default=None, repr=False)
    state: State = "waiting"
    stage: str = ""
    done: int = 0
    total: int = 0
    message: str = ""

    @property
    def name(self) -> str:
        return self.path.name


Report = Callable[[Progress], None]
Add = Callable[[Path, str | None, Report], tuple[State, str]]


class Uploads:
    """The queue. All methods may be called from any thread."""

    def __init__(self) -> None:
        self._items: list[Upload] = []
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._cancelled = threading.Event()

    def submit(self, paths: Sequence[Path], add: Add, password: str | None = None) -> bool:
        """Queue files; True if this started the worker, False if one was running and takes them too."""
        with self._lock:
            running = self._thread is not None
            if not running:
                self._cancelled.clear()
                self._items = [item for item in self._items if item.state == "locked" and item.path not in paths]
            self._items += [Upload(path, password) for path in paths]
            if not running:
                self._thread = threading.Thread(target=self._work, args=(add,), name="uploads", daemon=True)
                self._thread.start()
            return not running

    def cancel(self) -> None:
        """Stop the running file at its next report and drop those that wait."""
        self._cancelled.set()

    def forget(self, path: Path) -> None:
        with self._lock:
            self._items = [item for item in self._items if item.path != path]

    def items(self) -> tuple[Upload, ...]:
        with self._lock:
            return tuple(self._items)

    def locked(self) -> Upload | None:
        """The first file that waits for a password."""
        return next((item for item in self.items() if item.state == "locked"), None)

    @property
    def running(self) -> bool:
        with self._lock:
            return self._thread is not None

    def join(self, seconds: float) -> None:
        with self._lock:
            thread = self._thread
        if thread is not None:
            thread.join(seconds)

    def _work(self, add: Add) -> None:
        while (number := self._next()) is not None:
            self._one(number, add)

    def _next(self) -> int | None:
        """Index of the next waiting file; without one the worker ends, in the same locked step."""
        with self._lock:
            for number, item in enumerate(self._items):
                if item.state == "waiting":
                    return number
            self._thread = None
            return None

    def _one(self, number: int, add: Add) -> None:
        item = self._change(number, state="active")

        def report(progress: Progress) -> None:
            if self._cancelled.is_set():
                raise Cancelled
            self._change(number, stage=progress.stage, done=progress.done, total=progress.total)

        try:
            if self._cancelled.is_set():
                raise Cancelled
            state, message = add(item.path, item.password, report)
        except Cancelled:
            state, message = "cancelled", "cancelled"
        except (IngestionError, RagError, OSError) as exc:
            state, message = "failed", str(exc)
        except Exception as exc:
            log.exception("adding %s failed", item.path)
            state, message = "failed", f"an internal error ({type(exc).__name__}); details are on the console"
        self._change(number, state=state, message=message)

    def _change(self, number: int, **fields: object) -> Upload:
        with self._lock:
            item = replace(self._items[number], **fields)  # type: ignore[arg-type]
            self._items[number] = item
            return item
