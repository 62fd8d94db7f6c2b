"""Parsing in child processes with limits of time and memory.

The same :class:`Document` as :func:`ingestion.parse.parse_pdf` gives. A page that hangs, crashes or takes too much
memory is a recorded problem, and the rest goes on. A child opens the file once and is given one page at a time from a
common queue, so that slow pages hold nobody up. It is replaced when it was killed, has read many pages or has grown
(layout keeps the memory it has allocated). This process loads no PDF library.
"""

from __future__ import annotations

import contextlib
import hashlib
import queue
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from ingestion.assemble import assemble
from ingestion.elements import Document, PageProblem, file_id
from ingestion.errors import Cancelled, CorruptPdf, IngestionError, LimitExceeded
from ingestion.page_content import DEPTHS, PARSER_VERSION, PageContent, ParseOptions, degraded
from ingestion.workers.checkpoint import Checkpoint
from ingestion.workers.child import Job, PageAsked
from ingestion.workers.child import Limits as Limits
from ingestion.workers.pool import POLL_SECONDS, Child, Died, Expired
from ingestion.workers.pool import Workers as Workers

PAGES_PER_WORKER = 3  # a document with fewer pages per child than this is given fewer children
LIKELY_LONG = 200_000  # bytes: a file so large has, by experience, more pages than one child is given

ReadProgress = Callable[[str, int, int], None]
DEFAULT_OPTIONS = ParseOptions()
DEFAULT_LIMITS = Limits()


def parse_in_worker(
    path: Path,
    out: Path,
    options: ParseOptions = DEFAULT_OPTIONS,
    limits: Limits = DEFAULT_LIMITS,
    progress: ReadProgress | None = None,
    workers: int | Workers = 1,
    cancel: threading.Event | None = None,
) -> Document:
    """Parse ``path`` in ``workers`` child processes; page images and crops are written below ``out``.

    Many documents are parsed faster with :class:`Workers`, which outlive the call and are shared between threads.
    ``progress("reading", done, total)`` is called in this thread once the file is open and after every page. What it
    raises ends the run, as does setting ``cancel`` (:class:`Cancelled`); no child keeps working after the call. Where a
    run before was stopped, it goes on from the pages kept below ``out``.

    Raises an :class:`IngestionError` where the file cannot be opened within the limits, :class:`OSError` where the disk
    is full.
    """
    cancel = cancel or threading.Event()
    with _opened(Job(path, out, options, limits), workers, cancel) as (parse, count):
        checkpoint = Checkpoint(out, _key(path, options))
        contents = parse.read(options.wanted(count), checkpoint, progress or _ignore_progress, cancel)
    document = assemble(path, contents)
    checkpoint.clear()
    return document


def prepare_in_worker(
    path: Path,
    out: Path,
    options: ParseOptions = DEFAULT_OPTIONS,
    limits: Limits = DEFAULT_LIMITS,
    workers: int | Workers = 1,
    cancel: threading.Event | None = None,
) -> int:
    """How many pages ``path`` has. Several processes may now :func:`read_in_worker` some of them each, into ``out``.

    Raises as :func:`parse_in_worker`.
    """
    with _opened(Job(path, out, options, limits), workers, cancel or threading.Event()) as (_, count):
        Checkpoint(out, _key(path, options))
    return count


def read_in_worker(
    path: Path,
    out: Path,
    options: ParseOptions,
    limits: Limits = DEFAULT_LIMITS,
    progress: ReadProgress | None = None,
    workers: int | Workers = 1,
    cancel: threading.Event | None = None,
) -> None:
    """Read only the pages that ``options`` name and keep them below ``out``, where :func:`parse_in_worker` finds them.

    Other processes may read other pages meanwhile. Raises as :func:`parse_in_worker`, and :class:`IngestionError` where
    the folder was not prepared, or for other options.
    """
    cancel, key = cancel or threading.Event(), _key(path, options)
    if not Checkpoint.is_of(out, key):
        raise IngestionError(
            f"{path.name} is being read with other settings, or by another version of PageSight; give all processes "
            "that read it the same ones"
        )
    with _opened(Job(path, out, options, limits), workers, cancel) as (parse, count):
        parse.read(options.wanted(count), Checkpoint(out, key), progress or _ignore_progress, cancel)


@contextlib.contextmanager
def _opened(job: Job, workers: int | Workers, cancel: threading.Event) -> Iterator[tuple[_ParallelParse, int]]:
    """The file, open in a child, and how many pages it has; no child keeps working afterwards."""
    with contextlib.ExitStack() as stack:
        if isinstance(workers, Workers):
            pool = workers
        else:
            job.out.mkdir(parents=True, exist_ok=True)
            pool = stack.enter_context(Workers(workers, folders=(job.out,) if job.limits.sandbox else None))
        parse = _ParallelParse(job, pool)
        stack.callback(parse.stop)
        yield parse, parse.open(cancel)


class _ParallelParse:
    """The children that read one document, each driven by a thread, and what the threads share."""

    def __init__(self, job: Job, pool: Workers) -> None:
        self.job, self.pool = job, pool
        self.todo: queue.SimpleQueue[int | None] = queue.SimpleQueue()
        self.results: queue.SimpleQueue[int | PageContent | BaseException] = queue.SimpleQueue()
        self.stopped = threading.Event()
        self.lost = dict.fromkeys(DEPTHS, 0)  # pages in a row; a race only shifts the moment of giving up
        self._threads: list[_ChildThread] = []

    def open(self, cancel: threading.Event) -> int:
        """Open the file; how many pages it has."""
        self._add_thread(first=True)
        count = self._next(cancel)
        assert isinstance(count, int)
        return count

    def read(
        self, wanted: Sequence[int], checkpoint: Checkpoint, progress: ReadProgress, cancel: threading.Event
    ) -> list[PageContent]:
        """The pages wanted, in order; those that an earlier run has left are not read again."""
        found = checkpoint.load(wanted)
        progress("reading", len(found), len(wanted))
        missing = [number for number in wanted if number not in found]
        for number in missing:
            self.todo.put(number)
        for _ in range(1, min(self.pool.most, len(missing) // PAGES_PER_WORKER)):
            self._add_thread(first=False)
        while len(found) < len(wanted):
            content = self._next(cancel)
            assert isinstance(content, PageContent)
            checkpoint.keep(content)
            found[content.page.number] = content
            progress("reading", len(found), len(wanted))
        return [found[number] for number in wanted]

    def stop(self) -> None:
        """Kill what still works and wait for the threads."""
        self.stopped.set()
        for _ in self._threads:
            self.todo.put(None)
        for thread in self._threads:
            while thread.is_alive():
                thread.kill()
                thread.join(POLL_SECONDS)

    def _add_thread(self, first: bool) -> None:
        thread = _ChildThread(self, first)
        thread.start()
        self._threads.append(thread)

    def _next(self, cancel: threading.Event) -> int | PageContent:
        while True:
            if cancel.is_set():
                raise Cancelled(f"reading {self.job.path.name} was cancelled")
            with contextlib.suppress(queue.Empty):
                result = self.results.get(timeout=POLL_SECONDS)
                if isinstance(result, BaseException):
                    raise result
                return result


class _ChildThread(threading.Thread):
    """A thread that keeps one child at work and replaces it when it is lost or worn out."""

    def __init__(self, parse: _ParallelParse, first: bool) -> None:
        super().__init__(name=f"parse {parse.job.path.name}", daemon=True)
        self._parse, self._first = parse, first
        self._name, self._limits = parse.job.path.name, parse.job.limits
        self._child: Child | None = None

    def run(self) -> None:
        parse = self._parse
        try:
            with parse.pool.place(parse.stopped.is_set) as held:
                try:
                    if held and not parse.stopped.is_set():
                        self._work()
                finally:
                    self._let_go()
        except BaseException as exc:  # belongs to the thread that called parse_in_worker
            parse.results.put(exc)

    def _work(self) -> None:
        if self._first:
            self._child = self._parse.pool.take()
            if _may_be_long(self._parse.job.path):
                self._parse.pool.warm()  # the other children get ready while this one opens the file
            self._parse.results.put(self._opened().count)
        while (number := self._parse.todo.get()) is not None and not self._parse.stopped.is_set():
            self._parse.results.put(self._page(number))

    def kill(self) -> None:
        """End the child in the middle of a question; one at rest is left for other documents."""
        child = self._child
        if child is not None and child.asking:
            child.kill()

    def _opened(self) -> Child:
        """A child with the file open. One that a used child could not open is tried again in a new one."""
        while True:
            child = self._child = self._child or self._parse.pool.take()
            if child.is_open:
                return child
            used, job = child.used, self._parse.job
            try:
                child.open(job)
            except Expired as exc:
                raise LimitExceeded(f"{self._name}: opening it took more than {self._limits.time_text}") from exc
            except (Died, MemoryError) as exc:
                self._check_stopped()
                self._let_go()
                if used:
                    continue
                if isinstance(exc, MemoryError):
                    raise LimitExceeded(f"{self._name}: opening it went over {self._limits.memory_text}") from exc
                raise CorruptPdf(
                    f"{self._name} ended the parsing process while it was opened ({exc}); "
                    f"it is damaged, or went over {self._limits.memory_text}"
                ) from exc

    def _let_go(self) -> None:
        if self._child is not None:
            child, self._child = self._child, None
            child.release()
            self._parse.pool.give_back(child)

    def _page(self, number: int) -> PageContent:
        """Read a page; where that fails less of it, and at last its size. The first failure is its problem."""
        first: PageProblem | None = None
        for depth in DEPTHS:
            found = self._try(PageAsked(number, depth))
            if isinstance(found, PageContent):
                return found if first is None else degraded(first, found, depth)
            first = first or found
        assert first is not None
        return degraded(first)

    def _try(self, asked: PageAsked) -> PageContent | PageProblem:
        """One that ended a used child is tried again in a new one: the pages before may be the cause."""
        lost = self._parse.lost
        if lost[asked.depth] >= self._limits.lost_in_a_row:
            return self._problem(asked, "read", f"was not tried: the {self._limits.lost_in_a_row} before it were lost")
        while True:
            used = self._child is not None and self._child.used
            try:
                read = self._opened().read(asked, self._limits)
            except Expired:
                return self._lose(asked, "time", f"took more than {self._limits.time_text}")
            except (Died, MemoryError) as exc:
                self._check_stopped()
                if not used:
                    return self._lose_to(exc, asked)
                self._let_go()
            except IngestionError as exc:  # the file could be opened before, but not for this page's new child
                self._check_stopped()
                return self._lose(asked, "open", f"could not be reached: {exc}")
            else:
                lost[asked.depth] = 0
                if self._child is not None and not self._child.usable:
                    self._let_go()
                return read.content or PageProblem(asked.number, "read", read.problem)

    def _lose_to(self, exc: Died | MemoryError, asked: PageAsked) -> PageProblem:
        limit = self._limits.memory_text
        if isinstance(exc, MemoryError):
            return self._lose(asked, "memory", f"went over {limit}")
        return self._lose(asked, "crash", f"ended its process ({exc}): it is damaged, or went over {limit}")

    def _lose(self, asked: PageAsked, stage: str, what: str) -> PageProblem:
        self._let_go()
        self._parse.lost[asked.depth] += 1
        return self._problem(asked, stage, what)

    def _problem(self, asked: PageAsked, stage: str, what: str) -> PageProblem:
        return PageProblem(asked.number, stage, f"page {asked.number} of {self._name} {what}")

    def _check_stopped(self) -> None:
        if self._parse.stopped.is_set():
            raise Cancelled(f"reading {self._name} was cancelled")


def _may_be_long(path: Path) -> bool:
    try:
        return path.stat().st_size >= LIKELY_LONG
    except OSError:  # whoever opens it says what is wrong
        return False


def _ignore_progress(stage: str, done: int, total: int) -> None:
    pass


def _key(path: Path, options: ParseOptions) -> str:
    """What a read page depends on, hashed: the file's bytes, the options, the parser."""
    options = replace(options, password=None, pages=None, max_pages=1)
    return hashlib.sha256(f"{file_id(path)} {PARSER_VERSION} {options}".encode()).hexdigest()
