"""A child process that reads the pages of one file: both ends of its pipe, and the limits it lives under.

Enters: a job, then page numbers. Leaves: what was read of each page, or an error that says how the child failed.
Must not know: which page comes next, what becomes of a lost page, how a document is put together.

A plain subprocess speaking pickled messages over pipes: nothing depends on the caller's ``__main__``, threads or
locks, and what libraries print goes elsewhere. A hang inside C code cannot be interrupted, so a late child is killed.
"""

from __future__ import annotations

import contextlib
import ctypes
import errno
import os
import pickle
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, Protocol

from ingestion.errors import CorruptPdf, IngestionError, LimitExceeded, WorkerDied

if TYPE_CHECKING:
    from ingestion.parse import PageContent, ParseOptions

GIGABYTE = 2**30
START_SECONDS = 120.0  # for a child to import its libraries: 1–2 s, longer from a cold disk on a busy machine
PATIENCE = 4  # deadlines that may pass while the child gets less than BUSY_SHARE of a core: the machine is overloaded
BUSY_SHARE = 0.5
FULL_DISK = (errno.ENOSPC, errno.EDQUOT, errno.EROFS)
NO_MEMORY = re.compile(r"alloc\b.* failed|bad_?alloc", re.I)  # MuPDF and C++ have no MemoryError
SECRETS = ("_API_KEY", "_TOKEN", "_SECRET", "_PASSWORD")  # ends of variables a parser of foreign files need not see
BOOTSTRAP = "import sys; sys.path.insert(0, sys.argv[1]); from ingestion.child import serve; serve(int(sys.argv[2]))"
PR_SET_PDEATHSIG = 1  # linux/prctl.h


@dataclass(frozen=True, slots=True)
class Limits:
    """What one document may cost.

    ``page_seconds`` bounds a page, and the opening. ``memory_gb`` is the address space of a child, of which libraries
    map 1.7 with OCR loaded, before the first large page.
    """

    page_seconds: float = 60.0
    memory_gb: float = 6.0
    pages_per_worker: int = 200
    resident_gb: float = 1.5  # a child that has grown beyond is replaced after its page
    lost_in_a_row: int = 20  # pages killed one after the other before the rest of the document is given up

    @property
    def time_text(self) -> str:
        return f"{self.page_seconds:g} s and was given up; raise PAGESIGHT_PAGE_SECONDS to wait longer"

    @property
    def memory_text(self) -> str:
        return f"the limit of {self.memory_gb:g} GB of memory; raise PAGESIGHT_MEMORY_GB"


class Reader(Protocol):
    """What a child needs of a :class:`~ingestion.parse.PageReader`."""

    count: int

    def read(self, number: int) -> PageContent: ...


ReaderFactory = Callable[[Path, Path, "ParseOptions"], AbstractContextManager[Reader]]


@dataclass(frozen=True, slots=True)
class Job:
    """What a child is started for."""

    path: Path
    out: Path
    options: ParseOptions
    limits: Limits


@dataclass(frozen=True, slots=True)
class PageRead:
    """A page, or the ``problem`` it could not be read for, and the child's memory after it in bytes."""

    content: PageContent | None
    problem: str
    resident: int
    mapped: int


@dataclass(frozen=True, slots=True)
class _Ready:
    """The child's libraries are loaded."""


@dataclass(frozen=True, slots=True)
class _Opened:
    count: int


@dataclass(frozen=True, slots=True)
class _Failed:
    """``error`` ends the document; None: memory ran out."""

    error: Exception | None


class Expired(Exception):
    """The child was killed because it did not answer in time."""


class Died(Exception):
    """The child ended without an answer; the argument says how."""


class Child:
    """The caller's end of one subprocess. For one thread, except :meth:`kill`."""

    _living = 0
    _counting = threading.Lock()

    def __init__(self, workers: int) -> None:
        """Start it. ``workers`` is how many share the cores at least. Raises :class:`WorkerDied`."""
        with Child._counting:
            Child._living += 1
            threads = max(1, _cores() // max(workers, Child._living))
        self.count = self.pages = 0
        root = str(Path(__file__).resolve().parent.parent)
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
            self._uncount()
            raise WorkerDied(f"the parsing process cannot be started ({exc.strerror}); close other programs") from exc

    def open(self, job: Job, reader: ReaderFactory) -> None:
        """Load the libraries, then open the file. ``reader`` travels as its name, so it must be importable.

        Raises an :class:`IngestionError`.
        """
        name, limits = job.path.name, job.limits
        try:
            self._ask((sys.path, pickle.dumps(reader)), START_SECONDS)
        except (Died, Expired) as exc:
            raise WorkerDied(
                f"the parsing process did not start ({str(exc) or 'no answer'}); "
                "check the installation with python -m rag doctor"
            ) from exc
        try:
            self.count = self._ask(job, limits.page_seconds).count
        except Expired as exc:
            raise LimitExceeded(f"{name}: opening it took more than {limits.time_text}") from exc
        except MemoryError as exc:
            raise LimitExceeded(f"{name}: opening it went over {limits.memory_text}") from exc
        except Died as exc:
            raise CorruptPdf(
                f"{name} ended the parsing process while it was opened ({exc}); "
                f"it is damaged, or went over {limits.memory_text}"
            ) from exc

    def read(self, number: int, seconds: float) -> PageRead:
        """Page ``number``. Raises :class:`Expired`, :class:`Died`, :class:`MemoryError`, or OSError for a full disk."""
        reply: PageRead = self._ask(number, seconds)
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
        self._uncount()

    def _uncount(self) -> None:
        with Child._counting:
            Child._living -= 1

    def _ask(self, question: object, seconds: float) -> Any:
        sender, receiver = self._process.stdin, self._process.stdout
        assert sender is not None and receiver is not None
        answered, expired = threading.Event(), threading.Event()
        threading.Thread(target=self._watch, args=(answered, expired, seconds), daemon=True).start()
        try:
            pickle.dump(question, sender)
            sender.flush()
            reply = pickle.load(receiver)
        except (EOFError, OSError, pickle.UnpicklingError) as exc:
            self.kill()
            ending = _ending(self._process.wait())
            raise (Expired() if expired.is_set() else Died(ending)) from exc
        finally:
            answered.set()
        if isinstance(reply, _Failed):
            raise MemoryError if reply.error is None else reply.error
        return reply

    def _watch(self, answered: threading.Event, expired: threading.Event, seconds: float) -> None:
        """Kill the child after ``seconds``, or later where the machine left it too little processor time to finish."""
        before = _processor_seconds(self._process.pid)
        for _ in range(PATIENCE):
            if answered.wait(seconds):
                return
            if _processor_seconds(self._process.pid) - before >= BUSY_SHARE * seconds:
                break
        expired.set()
        self.kill()


# -- in the child ------------------------------------------------------------------------------------------------------


def serve(parent: int) -> None:
    """The child's whole life: set up, open the file, read the pages asked for, end with the pipe."""
    replies, requests = os.fdopen(os.dup(1), "wb"), os.fdopen(os.dup(0), "rb")
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.dup2(2, 1)  # what libraries print must not reach the pipe
    _end_with(parent)
    with contextlib.suppress(EOFError, BrokenPipeError):
        sys.path[:], packed = pickle.load(requests)
        reader: ReaderFactory = pickle.loads(packed)  # imports its module: here the time goes
        _send(_Ready(), replies)
        _read_pages(pickle.load(requests), reader, requests, replies)


def _read_pages(job: Job, open_reader: ReaderFactory, requests: BinaryIO, replies: BinaryIO) -> None:
    _limit(job.limits)
    try:
        with open_reader(job.path, job.out, job.options) as reader:
            _send(_Opened(reader.count), replies)
            while True:
                _send(_read_page(reader, pickle.load(requests), job), replies)
    except (EOFError, BrokenPipeError):
        raise
    except MemoryError:
        _send(_Failed(None), replies)
    except IngestionError as exc:
        _send(_Failed(exc), replies)
    except OSError as exc:
        _send(_Failed(OSError(exc.errno, exc.strerror, exc.filename)), replies)
    except Exception as exc:  # libraries raise anything on a broken file
        _send(_Failed(CorruptPdf(f"{job.path.name} cannot be opened ({_described(exc)}); export it again")), replies)


def _read_page(reader: Reader, number: int, job: Job) -> PageRead:
    content, problem = None, ""
    try:
        content = reader.read(number)
    except MemoryError:
        raise
    except IngestionError as exc:
        problem = str(exc)
    except Exception as exc:  # libraries raise anything on a broken page
        if isinstance(exc, OSError) and exc.errno in FULL_DISK:
            raise
        if NO_MEMORY.search(str(exc)):
            raise MemoryError from exc
        problem = f"page {number} of {job.path.name} cannot be read ({_described(exc)})"
    resident, mapped = _memory_in_use()
    return PageRead(content, problem, resident, mapped)


def _send(reply: object, replies: BinaryIO) -> None:
    pickle.dump(reply, replies)
    replies.flush()


def _end_with(parent: int) -> None:
    """Have the kernel kill this process when the thread that started it ends, even inside C code (Linux; elsewhere the
    closed pipe ends it after its page)."""
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
        if os.getppid() != parent:
            os._exit(1)
        with contextlib.suppress(OSError):
            # if memory runs out, the kernel takes this process rather than the one that writes the index
            Path("/proc/self/oom_score_adj").write_text("500")


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


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _ending(code: int) -> str:
    if code < 0:
        with contextlib.suppress(ValueError):
            return signal.Signals(-code).name
    return f"exit code {code}"


def _described(exc: Exception) -> str:
    first = (str(exc).strip().splitlines() or [""])[0]
    return f"{type(exc).__name__}: {first}" if first else type(exc).__name__
