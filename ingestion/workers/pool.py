"""Child processes kept warm between documents: the caller's end of their pipes, and how many there may be.

Each is a plain subprocess that speaks :mod:`ingestion.workers.serialize` over pipes: nothing depends on the caller's
``__main__``, threads or locks, and what libraries print goes elsewhere. A hang inside C code cannot be interrupted, so
a child that is late is killed.
"""

from __future__ import annotations

import contextlib
import os
import pickle
import queue
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from pathlib import Path
from typing import IO, TypeVar

from ingestion.errors import IngestionError, WorkerDied
from ingestion.workers.child import (
    GIGABYTE,
    PAGE_READER,
    Failed,
    Job,
    Limits,
    Opened,
    PageAsked,
    PageRead,
    Ready,
    Start,
)
from ingestion.workers.serialize import receive, send

START_SECONDS = 120.0  # for a child to import its libraries: 1–2 s, longer from a cold disk on a busy machine
RELEASE_SECONDS = 5.0  # to close a file
PATIENCE = 4  # deadlines that may pass while the child gets less than BUSY_SHARE of a core: the machine is overloaded
BUSY_SHARE = 0.5
POLL_SECONDS = 0.2  # how soon a cancelled run stops
MAPPED_SHARE = 0.8  # of the memory limit: a child that has mapped more is replaced after its page
LONGEST_WAIT = threading.TIMEOUT_MAX  # seconds; no limit is longer, an endless one neither
SECRETS = (  # ends of variables a parser of foreign files need not see: keys, and addresses that may hold passwords
    *("_KEY", "_TOKEN", "_SECRET", "_PASSWORD"),
    *("PAGESIGHT_QUEUE", "PAGESIGHT_STORE_URL", "PAGESIGHT_VECTORS"),
)
BOOTSTRAP = (
    "import sys; sys.path.insert(0, sys.argv[1]); from ingestion.workers.child import serve; serve(int(sys.argv[2]))"
)


Reply = TypeVar("Reply")


class Expired(Exception):
    """The child was killed because it did not answer in time."""


class Died(Exception):
    """The child ended without an answer; the argument says how."""


class Child:
    """The caller's end of one subprocess. For one thread at a time, except :meth:`kill`."""

    def __init__(self, reader: str, threads: int, folders: tuple[str, ...] | None = None) -> None:
        """Start it with the ``reader`` named ``"module:class"``; ``folders`` as of :class:`Start`.

        Raises :class:`WorkerDied`.
        """
        self.count = self.pages = 0  # pages of the open file; pages read in this process's life
        self.asking = self.is_open = False
        self._worn = self._ready = False
        self._files = 0
        root = str(Path(__file__).resolve().parents[2])
        try:
            self._process = subprocess.Popen(
                [sys.executable, "-P", "-c", BOOTSTRAP, root, str(os.getpid())],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env=_environment(threads),
                start_new_session=True,
            )
        except OSError as exc:
            raise WorkerDied(f"the parsing process cannot be started ({exc.strerror}); close other programs") from exc
        assert self._process.stdin is not None
        with contextlib.suppress(OSError):  # it ended at once: open() says so
            send(Start(tuple(sys.path), reader, folders), self._process.stdin)  # libraries are loaded from now on

    @property
    def used(self) -> bool:
        """Whether it has read pages or opened other files: what they left behind may end it."""
        return self.pages > 0 or self._files > self.is_open

    @property
    def usable(self) -> bool:
        """Whether another page may be asked of it: it lives, and has neither read many pages nor grown."""
        return not self._worn and self._process.poll() is None

    def open(self, job: Job) -> None:
        """Open a file, the first time after the libraries are loaded.

        Raises :class:`Expired`, :class:`Died`, :class:`MemoryError` or what the reader says of the file.
        """
        if not self._ready:
            try:
                self._answer(START_SECONDS, Ready)
            except (Died, Expired) as exc:
                raise WorkerDied(
                    f"the parsing process did not start ({str(exc) or 'no answer'}); "
                    "check the installation with python -m rag doctor"
                ) from exc
            self._ready = True
        self._files += 1
        self.count = self._ask(job.sent(), job.limits.page_seconds, Opened).count
        self.is_open = True

    def read(self, asked: PageAsked, limits: Limits) -> PageRead:
        """A page, or why it could not be read.

        Raises :class:`Expired`, :class:`Died`, :class:`MemoryError`, or :class:`OSError` for a full disk.
        """
        seconds = limits.page_seconds if asked.depth == "whole" else limits.plain_seconds
        reply = self._ask(asked, seconds, PageRead)
        self.pages += 1
        grown = reply.resident > limits.resident_gb * GIGABYTE
        mapped = reply.mapped > MAPPED_SHARE * limits.memory_gb * GIGABYTE
        self._worn = grown or mapped or self.pages >= limits.pages_per_worker
        return reply

    def release(self) -> None:
        """Let go of the open file. A process that cannot is not used again."""
        if self.is_open and self.usable:
            self.is_open = False
            try:
                self._ask(None, RELEASE_SECONDS, Ready)
            except (Died, Expired, MemoryError, OSError, IngestionError):
                self._worn = True

    def kill(self) -> None:
        """End the process and whatever it started, at once."""
        if self._process.poll() is not None:
            return
        if sys.platform == "win32":
            self._process.kill()
        else:
            with contextlib.suppress(ProcessLookupError, PermissionError):  # it ended by itself just now
                os.killpg(self._process.pid, signal.SIGKILL)

    def close(self) -> None:
        """End the process, wait for that, and close the pipes."""
        self.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                with contextlib.suppress(OSError):  # what was buffered for a dead child cannot be delivered
                    pipe.close()

    def _ask(self, question: object, seconds: float, kind: type[Reply]) -> Reply:
        return self._answer(seconds, kind, lambda pipe: send(question, pipe))

    def _answer(self, seconds: float, kind: type[Reply], ask: Callable[[IO[bytes]], None] | None = None) -> Reply:
        """The answer to what ``ask`` writes, or to what was asked before."""
        sender, receiver = self._process.stdin, self._process.stdout
        assert sender is not None and receiver is not None
        answered, expired = threading.Event(), threading.Event()
        self.asking = True
        threading.Thread(target=self._watch, args=(answered, expired, seconds), daemon=True).start()
        try:
            if ask is not None:
                ask(sender)
            reply = receive(receiver)
            if not isinstance(reply, kind | Failed):
                raise pickle.UnpicklingError(f"it answered with {type(reply).__name__}")
        except (EOFError, OSError) as exc:
            self.kill()
            ending = _ending(self._process.wait())
            raise (Expired() if expired.is_set() else Died(ending)) from exc
        except pickle.UnpicklingError as exc:
            self.kill()
            self._process.wait()
            raise (Expired() if expired.is_set() else Died(f"its answer was refused: {exc}")) from exc
        finally:
            answered.set()
            self.asking = False
        if isinstance(reply, Failed):
            self.is_open = False
            if reply.error is None:
                self._worn = True
                raise MemoryError
            raise reply.error
        assert not isinstance(reply, Failed)
        return reply

    def _watch(self, answered: threading.Event, expired: threading.Event, seconds: float) -> None:
        """Kill the child after ``seconds``, or later where the machine left it too little processor time to finish."""
        before = _processor_seconds(self._process.pid)
        for _ in range(PATIENCE):
            if answered.wait(min(seconds, LONGEST_WAIT)):
                return
            if _processor_seconds(self._process.pid) - before >= BUSY_SHARE * seconds:
                break
        expired.set()
        self.kill()


class Workers:
    """At most ``most`` children, kept between documents so that their libraries are loaded once. A context manager.

    Safe to share between threads. Children are started by a thread that lives as long as this object, since Linux ends
    a child with the thread that started it.
    """

    def __init__(self, most: int, reader: str = PAGE_READER, folders: Sequence[Path] | None = None) -> None:
        """``folders``: all that the children may write to; None: they are not shut in."""
        self.most = max(1, most)
        self._reader = reader
        self._folders = None if folders is None else tuple(str(folder.absolute()) for folder in folders)
        self._places = threading.Semaphore(self.most)
        self._wanted: queue.SimpleQueue[Future[Child] | None] = queue.SimpleQueue()
        self._starter = threading.Thread(target=self._start_children, name="start parsing", daemon=True)
        self._starter.start()
        self._idle: list[Child] = []
        self._lock = threading.Condition()
        self._taken = self._coming = 0  # children in use; those that warm() has asked for and are not there yet

    def __enter__(self) -> Workers:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()

    def close(self) -> None:
        """End all children. Whoever holds one must have given it back."""
        self._wanted.put(None)
        self._starter.join()
        while self._idle:
            self._idle.pop().close()

    @contextlib.contextmanager
    def place(self, unwanted: Callable[[], bool]) -> Iterator[bool]:
        """Hold the right to one child. False: none came free before it was ``unwanted``."""
        while not (held := self._places.acquire(timeout=POLL_SECONDS)):
            if unwanted():
                break
        try:
            yield held
        finally:
            if held:
                self._places.release()

    def take(self) -> Child:
        """A child without a file, for who holds a place. Raises :class:`WorkerDied`."""
        with self._lock:
            self._taken += 1
            self._lock.wait_for(lambda: self._idle or not self._coming)  # it is started in milliseconds
        try:
            while self._idle:
                child = self._idle.pop()
                if child.usable:
                    return child
                child.close()
            wanted: Future[Child] = Future()
            self._wanted.put(wanted)
            return wanted.result()
        except BaseException:
            with self._lock:
                self._taken -= 1
            raise

    def warm(self) -> None:
        """Have as many children as there may be load their libraries, for those who will take them soon."""
        with self._lock:
            missing = self.most - self._taken - len(self._idle) - self._coming
            self._coming += max(0, missing)
        for _ in range(missing):
            wanted: Future[Child] = Future()
            wanted.add_done_callback(self._keep_warm)
            self._wanted.put(wanted)

    def _keep_warm(self, started: Future[Child]) -> None:
        with self._lock:
            self._coming -= 1
            if started.exception() is None:  # else whoever takes a child tries again, and says what fails
                self._idle.append(started.result())
            self._lock.notify_all()

    def _start_children(self) -> None:
        while (wanted := self._wanted.get()) is not None:
            try:
                wanted.set_result(Child(self._reader, _threads(self.most), self._folders))
            except BaseException as exc:  # belongs to the thread that waits for the child
                wanted.set_exception(exc)

    def give_back(self, child: Child) -> None:
        """Keep a child for the next document; one that is killed, full or worn out ends here."""
        with self._lock:
            self._taken -= 1
        if child.usable:
            self._idle.append(child)
        else:
            child.close()


def _processor_seconds(pid: int) -> float:
    """Processor time a process has used; counts as much as can be where the system does not say."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return float("inf")
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _environment(threads: int) -> dict[str, str]:
    """The child's variables: no secrets; few threads and allocation arenas, each of which maps 64 MB or more."""
    kept = {name: value for name, value in os.environ.items() if not name.upper().endswith(SECRETS)}
    return {**kept, "OMP_NUM_THREADS": str(threads), "MALLOC_ARENA_MAX": "2"}


def _threads(processes: int) -> int:
    """Threads for each of so many processes: its share of the cores, or fewer where ``OMP_NUM_THREADS`` says so."""
    share, asked = max(1, _cores() // processes), os.environ.get("OMP_NUM_THREADS", "")
    return min(share, max(1, int(asked))) if asked.isdecimal() else share


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _ending(code: int) -> str:
    if code < 0:
        with contextlib.suppress(ValueError):
            return signal.Signals(-code).name
    return f"exit code {code}"
