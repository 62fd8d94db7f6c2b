"""Inside a child process that reads pages: what it is asked and answers, and the limits it lives under.

Over its pipe come a :class:`Start`, then a job (one file), then its pages one by one, then the next job. It answers
with what it read of each page, or with the error that ended the job.
"""

from __future__ import annotations

import contextlib
import ctypes
import errno
import gc
import importlib
import math
import operator
import os
import re
import signal
import sys
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, NamedTuple, Protocol

from ingestion.errors import CorruptPdf, IngestionError
from ingestion.page_content import Depth, PageContent, ParseOptions
from ingestion.workers.sandbox import shut_in
from ingestion.workers.serialize import receive, send

PAGE_READER = "ingestion.readers:open_reader"  # by name: the parent process never loads the PDF library
GIGABYTE = 2**30
FULL_DISK = (errno.ENOSPC, errno.EDQUOT, errno.EROFS)
NO_MEMORY = re.compile(r"alloc\b.* failed|bad_?alloc", re.I)  # MuPDF and C++ have no MemoryError
COLLECTED_AFTER = 50_000  # new values with parts, after which those in circles are looked for; Python: 700
PR_SET_PDEATHSIG = 1  # linux/prctl.h


@dataclass(frozen=True, slots=True)
class Limits:
    """What one document may cost.

    ``page_seconds`` bounds the reading of each page, and the opening of the file. ``memory_gb`` is the address space of
    a child; its libraries map 1.7 GB of it, with OCR loaded, before the first large page.
    """

    page_seconds: float = 60.0
    plain_share: float = 0.25  # of page_seconds, for what is kept of a page that took too long: text and picture
    memory_gb: float = 6.0
    pages_per_worker: int = 200
    resident_gb: float = 1.5  # a child that has grown beyond is replaced after its page
    sandbox: bool = True  # children give up network, programs and writing elsewhere, where the system lets them
    lost_in_a_row: int = 20  # pages killed one after the other before the rest of the document is given up

    @property
    def plain_seconds(self) -> float:
        """Seconds for the text and picture of a page that took too long."""
        return max(1.0, self.plain_share * self.page_seconds)

    @property
    def time_text(self) -> str:
        """The end of a message on a page that took too long: the limit, and how to raise it."""
        return f"{self.page_seconds:g} s and was given up; raise PAGESIGHT_PAGE_SECONDS to wait longer"

    @property
    def memory_text(self) -> str:
        """The limit of memory in a message, and how to raise it."""
        return f"the limit of {self.memory_gb:g} GB of memory; raise PAGESIGHT_MEMORY_GB"


class Reader(Protocol):
    """What a child needs of a :class:`~ingestion.page_reader.PageReader`."""

    count: int

    def read(self, number: int, depth: Depth = ...) -> PageContent:
        """Page ``number``, from 1."""
        ...


ReaderFactory = Callable[[Path, Path, ParseOptions], AbstractContextManager[Reader]]


@dataclass(frozen=True, slots=True)
class Job:
    """What a child is started for."""

    path: Path
    out: Path
    options: ParseOptions
    limits: Limits

    def sent(self) -> SentJob:
        """The job as it goes over the pipe."""
        return SentJob(str(self.path), str(self.out), self.options, self.limits)


class SentJob(NamedTuple):
    """A job as it goes over the pipe, where paths are strings."""

    path: str
    out: str
    options: ParseOptions
    limits: Limits

    def job(self) -> Job:
        """The job as it was before it was sent."""
        return Job(Path(self.path), Path(self.out), self.options, self.limits)


class Start(NamedTuple):
    """What a child needs to begin: where modules are looked for, its reader as ``"module:class"``, and the folders it
    may write to; None: it is not shut in."""

    paths: tuple[str, ...]
    reader: str
    folders: tuple[str, ...] | None = None

    def load(self) -> ReaderFactory:
        """The reader. Importing its module is where the time goes."""
        module, _, name = self.reader.partition(":")
        found: ReaderFactory = operator.attrgetter(name)(importlib.import_module(module))
        return found


class PageAsked(NamedTuple):
    """A page, and how much of it."""

    number: int
    depth: Depth


@dataclass(frozen=True, slots=True)
class PageRead:
    """A page, or the ``problem`` it could not be read for, and the child's memory after it in bytes."""

    content: PageContent | None
    problem: str
    resident: int
    mapped: int


@dataclass(frozen=True, slots=True)
class Ready:
    """The child's libraries are loaded and no file is open."""


@dataclass(frozen=True, slots=True)
class Opened:
    """The file is open, and has so many pages."""

    count: int


@dataclass(frozen=True, slots=True)
class Failed:
    """Why no file is open any more; ``error`` None: memory ran out."""

    error: Exception | None


def serve(parent: int) -> None:
    """The child's whole life: set up, read the pages asked for of one file after another, end with the pipe."""
    replies, requests = os.fdopen(os.dup(1), "wb"), os.fdopen(os.dup(0), "rb")
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.dup2(2, 1)  # what libraries print must not reach the pipe
    _end_with(parent)
    with contextlib.suppress(EOFError, BrokenPipeError):
        start: Start = receive(requests)
        sys.path[:] = start.paths
        if start.folders is not None:
            shut_in(start.folders)  # before libraries start threads of their own
        reader = start.load()
        _collect_seldom()
        send(Ready(), replies)
        while True:
            sent: SentJob = receive(requests)
            send(_read_file(sent.job(), reader, requests, replies), replies)


def _read_file(job: Job, open_reader: ReaderFactory, requests: BinaryIO, replies: BinaryIO) -> Ready | Failed:
    """Answer requests for pages until None comes for one; the answer to that, or why it ended before."""
    _limit(job.limits)
    try:
        with open_reader(job.path, job.out, job.options) as reader:
            send(Opened(reader.count), replies)
            while (asked := receive(requests)) is not None:
                send(_read_page(reader, asked, job), replies)
    except (EOFError, BrokenPipeError):
        raise
    except MemoryError:
        return Failed(None)
    except IngestionError as exc:
        return Failed(exc)
    except OSError as exc:
        return Failed(OSError(exc.errno, exc.strerror, exc.filename))
    except Exception as exc:  # libraries raise anything on a broken file
        return Failed(CorruptPdf(f"{job.path.name} cannot be opened ({_described(exc)}); export it again"))
    return Ready()


def _read_page(reader: Reader, asked: PageAsked, job: Job) -> PageRead:
    content, problem, number = None, "", asked.number
    try:
        content = reader.read(number, asked.depth)
    except MemoryError:
        raise
    except IngestionError as exc:
        if NO_MEMORY.search(str(exc)):
            raise MemoryError from exc
        problem = str(exc)
    except Exception as exc:  # libraries raise anything on a broken page
        if isinstance(exc, OSError) and exc.errno in FULL_DISK:
            raise
        if NO_MEMORY.search(str(exc)):
            raise MemoryError from exc
        problem = f"page {number} of {job.path.name} cannot be read ({_described(exc)})"
    resident, mapped = _memory_in_use()
    return PageRead(content, problem, resident, mapped)


def _collect_seldom() -> None:
    """Leave what the libraries have loaded out of the search for circles, and search after more new values: a page's
    characters are some 10,000 dictionaries, which set it off a dozen times (15 to 35 ms a page)."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(COLLECTED_AFTER, *gc.get_threshold()[1:])


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

        hard = resource.getrlimit(resource.RLIMIT_AS)[1]
        size = int(limits.memory_gb * GIGABYTE) if math.isfinite(limits.memory_gb) else hard
        if hard != resource.RLIM_INFINITY:
            size = min(size, hard)
        resource.setrlimit(resource.RLIMIT_AS, (size, hard))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _memory_in_use() -> tuple[int, int]:
    """Resident and mapped bytes of this process; zeros where the system does not say."""
    try:
        mapped, resident = Path("/proc/self/statm").read_text().split()[:2]
    except OSError:
        return 0, 0
    page = os.sysconf("SC_PAGE_SIZE")
    return int(resident) * page, int(mapped) * page


def _described(exc: Exception) -> str:
    first = (str(exc).strip().splitlines() or [""])[0]
    return f"{type(exc).__name__}: {first}" if first else type(exc).__name__
