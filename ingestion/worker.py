"""Parsing in child processes with limits of time and memory.

Enters: a path, options and limits. Leaves: the same :class:`Document` as :func:`ingestion.parse.parse_pdf` would give, or
an :class:`IngestionError` for the file; a page that hangs, crashes or needs too much memory becomes a recorded problem and
the rest goes on. Must not know: PDF libraries, layout, encoders, stores.

A hang inside C code cannot be interrupted, only its process can be killed. So pages are read in plain subprocesses which
speak pickled messages over pipes: nothing depends on the caller's ``__main__``, threads or locks, and what libraries print
goes elsewhere. A child opens the file once and is given one page at a time from a common queue, so that slow pages hold
nobody up; it is replaced when it was killed, has read many pages or has grown (layout keeps what it allocates).
"""

from __future__ import annotations

import contextlib
import ctypes
import errno
import os
import pickle
import queue
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, Protocol

from ingestion import ocr
from ingestion.elements import Document
from ingestion.errors import Cancelled, CorruptPdf, IngestionError, LimitExceeded, WorkerDied
from ingestion.parse import PageContent, PageReader, ParseOptions, assemble, failed_page

GIGABYTE = 2**30
START_SECONDS = 120.0  # for a child to import its libraries: 1–2 s, longer from a cold disk on a busy machine
PAGES_A_WORKER = 3  # a document with fewer pages than this for each child is given fewer children
POLL_SECONDS = 0.2  # how soon a cancelled run stops
FULL_DISK = (errno.ENOSPC, errno.EDQUOT, errno.EROFS)
SECRETS = ("_API_KEY", "_TOKEN", "_SECRET", "_PASSWORD")  # ends of variables a parser of foreign files need not see
BOOTSTRAP = "import sys; sys.path.insert(0, sys.argv[1]); from ingestion.worker import serve; serve(int(sys.argv[2]))"
PR_SET_PDEATHSIG = 1  # linux/prctl.h

ReadProgress = Callable[[str, int, int], None]
DEFAULT_OPTIONS = ParseOptions()


@dataclass(frozen=True, slots=True)
class Limits:
    """What one document may cost. ``page_seconds`` also bounds the opening; ``memory_gb`` is the address space of a child,
    of which libraries map up to 1.7 before the first large page; ``threads`` of a child, 0 shares the cores."""

    page_seconds: float = 60.0
    memory_gb: float = 6.0
    pages_per_worker: int = 200
    resident_gb: float = 1.5  # a child that has grown beyond is replaced after its page
    lost_in_a_row: int = 20  # pages killed one after the other before the rest of the document is given up
    threads: int = 0


class Reader(Protocol):
    """What a child needs of a :class:`PageReader`."""

    count: int

    def read(self, number: int) -> PageContent: ...


ReaderFactory = Callable[[Path, Path, ParseOptions], AbstractContextManager[Reader]]


@dataclass(frozen=True, slots=True)
class _Job:
    """What a child is started for. ``reader`` travels as its name, so it must be importable."""

    path: Path
    out: Path
    options: ParseOptions
    reader: ReaderFactory
    limits: Limits


@dataclass(frozen=True, slots=True)
class _Ready:
    """The child's libraries are loaded."""


@dataclass(frozen=True, slots=True)
class _Opened:
    count: int


@dataclass(frozen=True, slots=True)
class _PageRead:
    """A page, and the child's memory after it in bytes."""

    content: PageContent
    resident: int
    mapped: int


@dataclass(frozen=True, slots=True)
class _Failed:
    """``error`` ends the document; None: memory ran out."""

    error: Exception | None


class _Expired(Exception):
    """The child was killed because it did not answer in time."""


class _Died(Exception):
    """The child ended without an answer; the argument says how."""


def parse_in_worker(
    path: Path,
    out: Path,
    options: ParseOptions = DEFAULT_OPTIONS,
    limits: Limits = Limits(),
    progress: ReadProgress | None = None,
    workers: int = 1,
    cancel: threading.Event | None = None,
    reader: ReaderFactory = PageReader,
) -> Document:
    """Parse ``path`` in ``workers`` child processes; page images and crops are written below ``out``.

    ``progress("reading", done, total)`` is called in this thread once the file is open and after every page. What it
    raises ends the run, as does setting ``cancel`` (:class:`Cancelled`); no child outlives the call. Raises an
    :class:`IngestionError` where the file cannot be opened within the limits, :class:`OSError` where the disk is full.
    """
    crew = _Crew(_Job(path, out, options, reader, limits), max(1, workers))
    try:
        contents = crew.read_all(progress or _unheard, cancel or threading.Event())
    finally:
        crew.stop()
    return assemble(path, contents, options)


class _Crew:
    """The children that read one document, each driven by a thread, and what the threads share."""

    def __init__(self, job: _Job, workers: int) -> None:
        self.job, self.workers = job, workers
        self.todo: queue.SimpleQueue[int | None] = queue.SimpleQueue()
        self.results: queue.SimpleQueue[int | PageContent | BaseException] = queue.SimpleQueue()
        self.stopped = threading.Event()
        self.lost = 0  # pages in a row; a race between threads only shifts the moment of giving up
        self._seats: list[_Seat] = []

    def read_all(self, progress: ReadProgress, cancel: threading.Event) -> list[PageContent]:
        """Every page, in order."""
        self._add_seat(first=True)
        count = self._next(cancel)
        assert isinstance(count, int)
        progress("reading", 0, count)
        for number in range(1, count + 1):
            self.todo.put(number)
        for _ in range(1, min(self.workers, count // PAGES_A_WORKER)):
            self._add_seat(first=False)
        found: dict[int, PageContent] = {}
        while len(found) < count:
            content = self._next(cancel)
            assert isinstance(content, PageContent)
            found[content.page.number] = content
            progress("reading", len(found), count)
        return [found[number] for number in range(1, count + 1)]

    def stop(self) -> None:
        """Kill what still runs and wait for the threads."""
        self.stopped.set()
        for seat in self._seats:
            self.todo.put(None)
            seat.kill()
        for seat in self._seats:
            seat.join()

    def _add_seat(self, first: bool) -> None:
        seat = _Seat(self, first)
        self._seats.append(seat)
        seat.start()

    def _next(self, cancel: threading.Event) -> int | PageContent:
        while True:
            if cancel.is_set():
                raise Cancelled(f"reading {self.job.path.name} was cancelled")
            with contextlib.suppress(queue.Empty):
                result = self.results.get(timeout=POLL_SECONDS)
                if isinstance(result, BaseException):
                    raise result
                return result


class _Seat(threading.Thread):
    """A thread that keeps one child at work and replaces it when it is lost or worn out."""

    def __init__(self, crew: _Crew, first: bool) -> None:
        super().__init__(name=f"parse {crew.job.path.name}", daemon=True)
        self._crew, self._first = crew, first
        self._name, self._limits = crew.job.path.name, crew.job.limits
        self._child: _Child | None = None

    def run(self) -> None:
        results = self._crew.results
        try:
            if self._first:
                results.put(self._opened().count)
            while (number := self._crew.todo.get()) is not None and not self._crew.stopped.is_set():
                results.put(self._page(number))
        except BaseException as exc:  # belongs to the thread that called parse_in_worker
            results.put(exc)
        finally:
            self._drop()

    def kill(self) -> None:
        child = self._child
        if child is not None:
            child.kill()

    def _opened(self) -> _Child:
        """The child with the file open; a new one if there is none."""
        if self._child is None:
            self._child = _Child(self._crew.workers)
            if self._crew.stopped.is_set():
                self._child.kill()
            self._child.open(self._crew.job)
        return self._child

    def _drop(self) -> None:
        if self._child is not None:
            self._child.close()
            self._child = None

    def _page(self, number: int) -> PageContent:
        """Read a page. One that ended a used child is tried again in a new one: the fault may lie with earlier pages."""
        if self._crew.lost >= self._limits.lost_in_a_row:
            return failed_page(
                number, "read", f"page {number} was not tried: {self._crew.lost} pages before it were lost"
            )
        while True:
            used = self._child is not None and self._child.pages > 0
            try:
                content = self._try(number)
            except _Expired:
                return self._lose(number, "time", f"took more than {_seconds(self._limits)}")
            except (_Died, MemoryError) as exc:
                self._check_stopped()
                if used:
                    self._drop()
                    continue
                if isinstance(exc, MemoryError):
                    return self._lose(number, "memory", f"needs more than {_memory(self._limits)}")
                return self._lose(
                    number, "crash", f"ended its process ({exc}); it is damaged, or larger than {_memory(self._limits)}"
                )
            except IngestionError as exc:  # the file could be opened before, but not for this page's new child
                self._check_stopped()
                return self._lose(number, "open", f"could not be reached: {exc}")
            self._crew.lost = 0
            return content

    def _try(self, number: int) -> PageContent:
        child = self._opened()
        read = child.read(number, self._limits.page_seconds)
        grown = (
            read.resident > self._limits.resident_gb * GIGABYTE or read.mapped > 0.8 * self._limits.memory_gb * GIGABYTE
        )
        if grown or child.pages >= self._limits.pages_per_worker:
            self._drop()
        return read.content

    def _lose(self, number: int, stage: str, what: str) -> PageContent:
        self._drop()
        self._crew.lost += 1
        return failed_page(number, stage, f"page {number} of {self._name} {what}")

    def _check_stopped(self) -> None:
        if self._crew.stopped.is_set():
            raise Cancelled(f"reading {self._name} was cancelled")


class _Child:
    """One subprocess. Not for two threads at once, except :meth:`kill`."""

    _living = 0
    _count = threading.Lock()

    def __init__(self, workers: int) -> None:
        with _Child._count:
            _Child._living += 1
            self._threads = max(1, _cores() // max(workers, _Child._living))
        self.count = self.pages = 0
        self._ticket = 0
        self._expired = False
        self._lock = threading.Lock()
        root = str(Path(__file__).resolve().parent.parent)
        try:
            self._process = subprocess.Popen(
                [sys.executable, "-P", "-c", BOOTSTRAP, root, str(os.getpid())],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env=_environment(self._threads),
                start_new_session=True,
            )
        except OSError as exc:
            with _Child._count:
                _Child._living -= 1
            raise WorkerDied(f"the parsing process cannot be started ({exc.strerror}); close other programs") from exc

    def open(self, job: _Job) -> None:
        """Load the libraries, then open the file. Raises an :class:`IngestionError`."""
        name, limits = job.path.name, job.limits
        try:
            self._ask((sys.path, limits.threads or self._threads), START_SECONDS)
        except (_Died, _Expired) as exc:
            raise WorkerDied(
                f"the parsing process did not start ({str(exc) or 'no answer'}); "
                "check the installation with python -m rag doctor"
            ) from exc
        try:
            reply = self._ask(job, limits.page_seconds)
        except _Expired as exc:
            raise LimitExceeded(f"{name}: opening it took more than {_seconds(limits)}") from exc
        except _Died as exc:
            raise CorruptPdf(
                f"{name} ended the parsing process while it was opened ({exc}); "
                f"it is damaged, or larger than {_memory(limits)}"
            ) from exc
        except MemoryError as exc:
            raise LimitExceeded(f"{name}: opening it needs more than {_memory(limits)}") from exc
        self.count = reply.count

    def read(self, number: int, seconds: float) -> _PageRead:
        reply: _PageRead = self._ask(number, seconds)
        self.pages += 1
        return reply

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
        self.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                with contextlib.suppress(OSError):  # what was buffered for a dead child cannot be delivered
                    pipe.close()
        with _Child._count:
            _Child._living -= 1

    def _ask(self, question: object, seconds: float) -> Any:
        """Send and wait. Raises :class:`_Expired`, :class:`_Died`, :class:`MemoryError` or what the child sends."""
        sender, receiver = self._process.stdin, self._process.stdout
        assert sender is not None and receiver is not None
        timer = threading.Timer(seconds, self._expire, [self._ticket])
        timer.daemon = True
        timer.start()
        try:
            pickle.dump(question, sender)
            sender.flush()
            reply = pickle.load(receiver)
        except (EOFError, OSError, pickle.UnpicklingError) as exc:
            self.kill()
            ended = _ending(self._process.wait())
            raise (_Expired() if self._expired else _Died(ended)) from exc
        finally:
            timer.cancel()
            with self._lock:
                self._ticket += 1
        if isinstance(reply, _Failed):
            raise MemoryError if reply.error is None else reply.error
        return reply

    def _expire(self, ticket: int) -> None:
        with self._lock:
            if ticket != self._ticket:
                return
            self._expired = True
        self.kill()


# -- in the child ------------------------------------------------------------------------------------------------------


def serve(parent: int) -> None:
    """The child's whole life: set up, open the file, read the pages asked for, end with the pipe."""
    replies, requests = os.fdopen(os.dup(1), "wb"), os.fdopen(os.dup(0), "rb")
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.dup2(2, 1)  # whatever libraries print must not reach the pipe
    _end_with(parent)
    with contextlib.suppress(EOFError, BrokenPipeError):
        sys.path[:], threads = pickle.load(requests)
        ocr.use_threads(threads)
        _send(_Ready(), replies)
        _read_pages(pickle.load(requests), requests, replies)


def _read_pages(job: _Job, requests: BinaryIO, replies: BinaryIO) -> None:
    _limit(job.limits)
    try:
        with job.reader(job.path, job.out, job.options) as reader:
            _send(_Opened(reader.count), replies)
            while True:
                _send(_read_page(reader, pickle.load(requests), job), replies)
    except MemoryError:
        _send(_Failed(None), replies)
    except (EOFError, BrokenPipeError):
        raise
    except IngestionError as exc:
        _send(_Failed(exc), replies)
    except OSError as exc:
        _send(_Failed(OSError(exc.errno, exc.strerror, exc.filename)), replies)
    except Exception as exc:  # libraries raise anything on a broken file
        _send(_Failed(CorruptPdf(f"{job.path.name} cannot be opened ({_described(exc)}); export it again")), replies)


def _read_page(reader: Reader, number: int, job: _Job) -> _PageRead:
    try:
        content = reader.read(number)
    except MemoryError:
        raise
    except IngestionError as exc:
        content = failed_page(number, "read", str(exc))
    except Exception as exc:  # libraries raise anything on a broken page
        if isinstance(exc, OSError) and exc.errno in FULL_DISK:
            raise
        content = failed_page(number, "read", f"page {number} of {job.path.name} cannot be read ({_described(exc)})")
    resident, mapped = _memory_in_use()
    return _PageRead(content, resident, mapped)


def _send(reply: object, replies: BinaryIO) -> None:
    pickle.dump(reply, replies)
    replies.flush()


def _end_with(parent: int) -> None:
    """Ask the kernel to kill this process when the thread that started it ends, even inside C code. Elsewhere than on
    Linux the closed pipe ends it after its page."""
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
        if os.getppid() != parent:
            os._exit(1)
        with contextlib.suppress(OSError), Path("/proc/self/oom_score_adj").open("w") as file:
            file.write("500")  # if memory runs out, the kernel takes this process and not the one that writes the index


def _limit(limits: Limits) -> None:
    if sys.platform != "win32":
        import resource

        size = int(limits.memory_gb * GIGABYTE)
        with contextlib.suppress(ValueError):  # a lower hard limit is already set
            resource.setrlimit(resource.RLIMIT_AS, (size, size))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _memory_in_use() -> tuple[int, int]:
    """Resident and mapped bytes of this process; zeros where the system does not say."""
    try:
        mapped, resident = Path("/proc/self/statm").read_text().split()[:2]
    except OSError:
        return 0, 0
    page = os.sysconf("SC_PAGE_SIZE")
    return int(resident) * page, int(mapped) * page


# -- words -------------------------------------------------------------------------------------------------------------


def _unheard(stage: str, done: int, total: int) -> None:
    pass


def _environment(threads: int) -> dict[str, str]:
    """The child's variables: no secrets; few threads and allocation arenas, each of which maps 64 MB or more."""
    kept = {name: value for name, value in os.environ.items() if not name.upper().endswith(SECRETS)}
    return {**kept, "OMP_NUM_THREADS": str(threads), "MALLOC_ARENA_MAX": "2"}


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _seconds(limits: Limits) -> str:
    return f"{limits.page_seconds:g} s and was given up; raise PAGESIGHT_PAGE_SECONDS to wait longer"


def _memory(limits: Limits) -> str:
    return f"{limits.memory_gb:g} GB of memory allow; raise PAGESIGHT_MEMORY_GB"


def _ending(code: int) -> str:
    if code < 0:
        with contextlib.suppress(ValueError):
            return signal.Signals(-code).name
    return f"exit code {code}"


def _described(exc: Exception) -> str:
    first = (str(exc).strip().splitlines() or [""])[0]
    return f"{type(exc).__name__}: {first}" if first else type(exc).__name__
