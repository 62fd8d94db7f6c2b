"""Workers, as processes and here: what is enqueued is in the index once, whoever dies on the way."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import IO, Any

import pymupdf
import pytest
import queue_worker
from make_pdfs import encrypted, text_pages
from stores import fresh
from vector_engines import PostgresServer

from ingestion.elements import file_id
from ingestion.workers.checkpoint import Checkpoint
from rag.config import Settings
from rag.errors import QueueError
from rag.index import Added, Index
from rag.queue import work as work_module
from rag.queue.board import Board
from rag.queue.database import QueueDatabase
from rag.queue.files import WaitingFiles
from rag.queue.intake import Enqueued, enqueue
from rag.queue.jobs import LOST_DELAYS, Job
from rag.queue.work import Work
from rag.queue.worker import open_board, work
from rag.storage.records import collections
from rag.types import Progress

PATIENCE = 120.0  # seconds for a process to do what it is waited for
LONG, RANGE = 6, 2  # pages


def named(folder: Path, name: str) -> Path:
    """A page that says its name."""
    with pymupdf.open() as document:
        document.new_page().insert_text((72, 72), f"Pressure of the pump {name}")
        document.save(folder / f"{name}.pdf")
    return folder / f"{name}.pdf"


@pytest.fixture(scope="module")
def long_pdf(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file so large that its pages are counted."""
    folder = tmp_path_factory.mktemp("long")
    with pymupdf.open(text_pages(folder, LONG, "short.pdf")) as document:
        noise = document.get_new_xref()
        document.update_object(noise, "<<>>")
        document.update_stream(noise, os.urandom(250_000))
        document.save(folder / "long.pdf")
    return folder / "long.pdf"


@pytest.fixture
def put(queued: Settings, board: Board) -> Callable[..., list[Enqueued]]:
    def put(*paths: Path, collection: str = "") -> list[Enqueued]:
        with Index.open(queued, create=True) as index:
            return list(enqueue(index, board, paths, collection=collection))

    return put


def run(settings: Settings, range_pages: int = RANGE) -> list[str]:
    """A worker in this process, until nothing is left; what it says."""
    said: list[str] = []
    work(
        settings, lambda job, what: said.append(f"{job.label}: {what}"), jobs=1, once=True, range_pages=range_pages,
        heartbeat=queue_worker.HEARTBEAT, stalled=queue_worker.STALLED,
    )  # fmt: skip
    return said


@contextmanager
def worker(settings: Settings, range_pages: int = RANGE) -> Iterator[subprocess.Popen[str]]:
    """A worker in a process of its own, until it is killed."""
    root = Path(__file__).parents[3]
    command = [sys.executable, queue_worker.__file__, str(settings.index), settings.queue, str(range_pages)]
    environ = {**os.environ, "PYTHONPATH": f"{root}{os.pathsep}{root / 'tests' / 'helpers'}"}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environ) as process:
        try:
            yield process
        finally:
            process.kill()


def wait_for(what: Callable[[], object]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not what():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def names_in(settings: Settings) -> list[str]:
    with Index.open(settings) as index:
        assert index.check() == []
        return sorted(row.name for row in index.catalogue.documents())


def the_job(board: Board) -> Job:
    (job,) = board.listed()
    return job


def test_what_is_enqueued_is_added_once(
    put: Callable[..., list[Enqueued]], queued: Settings, board: Board, tmp_path: Path
) -> None:
    one, two = named(tmp_path, "one"), named(tmp_path, "two")
    twin = tmp_path / "twin.pdf"
    twin.write_bytes(one.read_bytes())
    broken = tmp_path / "broken.pdf"
    broken.write_bytes(b"nothing")
    results = put(one, two, twin, broken, tmp_path / "none.pdf", collection="Pumps")
    assert [item.status for item in results] == ["enqueued", "enqueued", "queued", "failed", "failed"]
    one.unlink()  # what waits is a copy
    assert sorted(run(queued)) == ["one.pdf: added, 1 page", "two.pdf: added, 1 page"]
    assert [(job.state, job.total) for job in board.listed()] == [("done", 1), ("done", 1)]
    assert names_in(queued) == ["one.pdf", "two.pdf"]
    assert [path.name for path in (queued.index / "queue").iterdir()] == ["library"]
    assert [item.status for item in put(two)] == ["present"]
    with Index.open(queued) as index:
        assert len(collections.named(index.catalogue, "pumps").docs) == 2


def test_a_document_is_in_its_restricted_collection_from_the_first_moment(
    put: Callable[..., list[Enqueued]], queued: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Index.open(queued, create=True) as index:
        secret = collections.create(index.catalogue, "Secret")
        collections.restrict(index.catalogue, secret.id, frozenset())
    (item,) = put(named(tmp_path, "plans"), collection="secret")
    members, add = set[str](), Index.add

    def seen(self: Index, *args: Any, **more: Any) -> list[Added]:
        with self.catalogue.reading() as db:
            members.update(row[0] for row in db.execute("SELECT doc FROM collection_documents"))
        assert not self.catalogue.has(item.doc_id)
        return add(self, *args, **more)

    monkeypatch.setattr(Index, "add", seen)
    run(queued)
    assert members == {item.doc_id}
    with Index.open(queued) as index:
        assert collections.named(index.catalogue, "Secret").docs == {item.doc_id}


def test_what_cannot_be_read_fails_with_the_reason_and_can_be_tried_again(
    put: Callable[..., list[Enqueued]], queued: Settings, board: Board, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(work_module, "FILE_DELAYS", (0, 0))
    cut = tmp_path / "cut.pdf"
    cut.write_bytes(text_pages(tmp_path, 3, "whole.pdf").read_bytes()[:100])
    put(cut, named(tmp_path, "good"))
    assert sum("cut.pdf: failed" in line for line in run(queued)) == 3
    (failed,) = board.listed(("failed",))
    assert (failed.name, failed.tries) == ("cut.pdf", 3)
    assert failed.reason.startswith("cut.pdf ")
    assert names_in(queued) == ["good.pdf"]

    WaitingFiles(queued.index).place(failed.doc, failed.name).unlink()  # another reason now
    assert board.retry(failed.id)
    run(queued)
    assert "enqueue the file again" in board.listed(("failed",))[0].reason


def test_a_password_is_asked_for_elsewhere(
    put: Callable[..., list[Enqueued]], queued: Settings, board: Board, tmp_path: Path
) -> None:
    put(encrypted(tmp_path))
    run(queued)
    assert (the_job(board).state, the_job(board).tries) == ("failed", 1)
    assert "python -m rag add --password" in the_job(board).reason


def test_a_long_document_is_read_in_parts(
    put: Callable[..., list[Enqueued]], queued: Settings, board: Board, long_pdf: Path
) -> None:
    put(long_pdf)
    said = run(queued)
    assert said[0] == "long.pdf: 6 pages, in 3 parts"
    assert sorted(said[1:4]) == [f"long.pdf, pages {pages}: read" for pages in ("1–2", "3–4", "5–6")]
    assert said[4:] == ["long.pdf: added, 6 pages"]
    with Index.open(queued) as index:
        document = index.files.load_document(file_id(long_pdf))
    assert [page.number for page in document.pages] == list(range(1, LONG + 1)) and document.problems == ()


@pytest.mark.slow
def test_a_part_is_not_read_with_other_settings_than_the_rest(
    put: Callable[..., list[Enqueued]], queued: Settings, board: Board, long_pdf: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(work_module, "FILE_DELAYS", ())
    put(long_pdf)
    end_after(monkeypatch, "split")
    run(queued)
    monkeypatch.undo()
    monkeypatch.setattr(work_module, "FILE_DELAYS", ())
    run(replace(queued, ocr="off"))
    assert the_job(board).state == "failed"
    assert "long.pdf is being read with other settings" in the_job(board).reason
    assert board.retry(the_job(board).id)
    run(queued)
    assert names_in(queued) == ["long.pdf"]


@pytest.fixture
def machines(queued: Settings, server: PostgresServer, tmp_path: Path) -> list[Settings]:
    """Of one library, with a folder each."""
    shared = replace(queued, store_url=fresh(server), files=str(tmp_path / "elsewhere"))
    return [replace(shared, index=tmp_path / name) for name in ("one", "two", "three")]


def test_machines_without_a_common_folder_share_the_work(
    machines: list[Settings], long_pdf: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, two, three = machines
    with Index.open(one, create=True) as index:
        database, board = open_board(one)
        assert [item.status for item in enqueue(index, board, [named(tmp_path, "short"), long_pdf])] == ["enqueued"] * 2
        assert [item.status for item in enqueue(index, board, [long_pdf])] == ["queued"]
    end_after(monkeypatch, "split")
    run(one)
    monkeypatch.undo()
    end_after(monkeypatch, "range_done", 3)
    assert {f"long.pdf, pages {pages}: read" for pages in ("1–2", "3–4", "5–6")} <= set(run(two))
    monkeypatch.undo()

    def keep(self: Checkpoint, content: object) -> None:
        raise AssertionError("a page that another machine has read is read again")

    with monkeypatch.context() as patched:
        patched.setattr(Checkpoint, "keep", keep)
        assert run(three) == ["long.pdf: added, 6 pages"]
    for settings in machines:
        assert names_in(settings) == ["long.pdf", "short.pdf"]
    assert board.counts()["done"] == 2
    assert not [path for path in (tmp_path / "elsewhere/queue").rglob("*") if path.is_file()]
    database.close()


def test_what_has_not_come_from_another_machine_is_read_again(
    machines: list[Settings], long_pdf: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, two, _ = machines
    with Index.open(one, create=True) as index:
        database, board = open_board(one)
        list(enqueue(index, board, [long_pdf]))
    end_after(monkeypatch, "range_done", 3)
    run(one)
    monkeypatch.undo()
    (lost,) = (tmp_path / "elsewhere/queue").rglob("pages/pages/0002.[jw]?*[gp]")
    lost.unlink()
    (torn,) = (tmp_path / "elsewhere/queue").rglob("pages/read/0005")
    torn.write_bytes(torn.read_bytes()[:20])
    assert run(two) == ["long.pdf: added, 6 pages"]
    with Index.open(two) as index:
        document = index.files.load_document(file_id(long_pdf))
        assert [page.number for page in document.pages] == list(range(1, LONG + 1)) and document.problems == ()
        assert index.check() == []
    database.close()


def end_after(monkeypatch: pytest.MonkeyPatch, what: str, times: int = 1) -> None:
    """Have this process told to end (Ctrl-C) when its worker has done a step of the board so many times."""
    original, left = getattr(Board, what), [times]

    def step(self: Board, *args: Any) -> None:
        original(self, *args)
        left[0] -= 1
        if not left[0]:
            os.kill(os.getpid(), signal.SIGINT)

    monkeypatch.setattr(Board, what, step)


def test_a_worker_that_is_told_to_end_puts_its_job_back(
    put: Callable[..., list[Enqueued]], queued: Settings, board: Board, long_pdf: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(long_pdf)
    note = Board.note

    def told(self: Board, number: int, delivery: int, stage: str, done: int, total: int) -> bool:
        if done:
            os.kill(os.getpid(), signal.SIGTERM)
        return note(self, number, delivery, stage, done, total)

    monkeypatch.setattr(Board, "note", told)
    monkeypatch.setattr(work_module, "NOTE_SECONDS", 0.0)
    assert run(queued, range_pages=100)[-1:] == ["long.pdf: put back"]
    assert (the_job(board).state, the_job(board).tries) == ("waiting", 0)
    kept = list((queued.index / "reading" / the_job(board).doc / "read").glob("0*"))
    assert kept
    monkeypatch.undo()
    run(queued, range_pages=100)
    assert names_in(queued) == ["long.pdf"]


def test_a_running_job_can_be_cancelled(
    put: Callable[..., list[Enqueued]], queued: Settings, board: Board, long_pdf: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(long_pdf)
    call = work_module._Watch.__call__

    def cancelled(self: work_module._Watch, progress: Progress) -> None:
        if progress.done:
            board.cancel(self._job.id)
        call(self, progress)

    monkeypatch.setattr(work_module._Watch, "__call__", cancelled)
    monkeypatch.setattr(work_module, "NOTE_SECONDS", 0.0)
    assert run(queued, range_pages=100) == ["long.pdf: left: it was cancelled, or another worker has it"]
    assert the_job(board).state == "cancelled" and names_in(queued) == []


@pytest.mark.slow
def test_two_workers_read_one_document(
    put: Callable[..., list[Enqueued]], queued: Settings, board: Board, long_pdf: Path
) -> None:
    put(long_pdf)
    with worker(queued, 2) as one, worker(queued, 2) as two:
        wait_for(lambda: the_job(board).finished)
        for process in (one, two):
            process.send_signal(signal.SIGTERM)
        said = [process.communicate(timeout=PATIENCE)[0] for process in (one, two)]
        assert [one.returncode, two.returncode] == [0, 0]
    assert (the_job(board).state, the_job(board).total) == ("done", LONG)
    lines = [line for text in said for line in text.splitlines()]
    assert sum(line.endswith(": read") for line in lines) == LONG // 2
    assert sum(line.endswith(": added, 6 pages") for line in lines) == 1
    assert names_in(queued) == ["long.pdf"]


def test_the_jobs_of_a_worker_that_was_killed_are_taken_up_by_another(
    put: Callable[..., list[Enqueued]], queued: Settings, board: Board, long_pdf: Path
) -> None:
    put(long_pdf)
    with worker(queued) as killed:
        wait_for(lambda: any(job.parts and job.worker for job in board.listed()))
        os.kill(killed.pid, signal.SIGKILL)
    with worker(queued):
        wait_for(lambda: the_job(board).finished)
    assert the_job(board).state == "done"
    assert names_in(queued) == ["long.pdf"]


def test_what_a_lost_worker_has_added_is_done_however_often_it_was_lost(
    put: Callable[..., list[Enqueued]], queued: Settings, board: Board, database: QueueDatabase, tmp_path: Path
) -> None:
    """Killed, or held up, between the commit and the word of it: nobody does it again, and it has not failed."""
    (item,) = put(named(tmp_path, "one"), collection="Pumps")
    number = the_job(board).id
    said: list[str] = []
    with Index.open(queued) as index, Work(index, board, queued, lambda job, what: said.append(what)) as hands:
        for _ in range(len(LOST_DELAYS)):
            board.take(number, delivery_of(database, number), "elsewhere:1")
            hands.take_up([delivery_of(database, number)])
        assert (the_job(board).state, the_job(board).tries, said) == ("waiting", len(LOST_DELAYS), [])
        board.take(number, delivery_of(database, number), "elsewhere:1")
        index.add([WaitingFiles(queued.index, "").place(item.doc_id, "one.pdf")])
        hands.take_up([delivery_of(database, number)])
        assert [row.id for row in index.catalogue.documents()] == [item.doc_id]
        assert collections.named(index.catalogue, "Pumps").docs == {item.doc_id}
    assert (the_job(board).state, the_job(board).total, said) == ("done", 1, ["added, 1 page"])
    assert not list((queued.index / "queue").glob("*/*"))


def delivery_of(database: QueueDatabase, number: int) -> int:
    with database.transaction() as db:
        row = db.execute("SELECT delivery FROM pagesight_jobs WHERE id = %s", (number,)).fetchone()
    delivery: int = row["delivery"]
    return delivery


@pytest.mark.slow
def test_a_worker_that_was_held_up_leaves_its_job_to_the_one_that_was_given_it(
    put: Callable[..., list[Enqueued]], queued: Settings, board: Board, long_pdf: Path
) -> None:
    put(long_pdf)
    with worker(queued, 100) as held_up, worker(queued, 100) as other:
        wait_for(lambda: the_job(board).state == "running")
        holder = next(one for one in (held_up, other) if the_job(board).worker.endswith(f":{one.pid}"))
        os.kill(holder.pid, signal.SIGSTOP)
        (second,) = {held_up, other} - {holder}
        wait_for(lambda: the_job(board).worker.endswith(f":{second.pid}"))
        assert "ended while it was at work on it" in the_job(board).reason
        os.kill(holder.pid, signal.SIGCONT)
        wait_for(lambda: the_job(board).finished)
        for process in (held_up, other):
            process.send_signal(signal.SIGTERM)
        said = [process.communicate(timeout=PATIENCE)[0] for process in (holder, second)]
    assert "another worker has it" in said[0] and "added, 6 pages" in said[1]
    assert (the_job(board).state, the_job(board).tries, names_in(queued)) == ("done", 1, ["long.pdf"])


def test_a_sign_of_life_that_fails_is_followed_by_others(
    database: QueueDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    from procrastinate.exceptions import ConnectorException
    from procrastinate.manager import JobManager

    given, beat, deadline = list[int](), JobManager.update_heartbeat, time.monotonic() + PATIENCE

    async def failing(self: JobManager, worker_id: int) -> None:
        given.append(worker_id)
        if len(given) == 1:
            raise ConnectorException
        await beat(self, worker_id)

    def is_over() -> bool:
        return len(given) > 2 or time.monotonic() > deadline

    monkeypatch.setattr(JobManager, "update_heartbeat", failing)
    database.work("nobody", lambda *job: None, lambda lost: None, is_over, heartbeat=0.05)
    assert len(given) > 2 and set(given) == {given[0]}


@pytest.mark.slow
def test_a_worker_outlives_a_queue_that_goes_down(
    put: Callable[..., list[Enqueued]],
    queued: Settings,
    board: Board,
    server: PostgresServer,
    tmp_path: Path,
) -> None:
    """As a thread of this process would, the server comes back while the worker waits."""
    put(named(tmp_path, "before"))

    def disturb() -> None:
        for _ in range(5):
            server.cut()
            time.sleep(0.2)

    thread = threading.Thread(target=disturb)
    with worker(queued) as process:
        wait_for(lambda: _line(process.stdout) == "begins\n")
        thread.start()
        thread.join()
        wait_for(lambda: _is_done(board))
    assert names_in(queued) == ["before.pdf"]


def _line(stream: IO[str] | None) -> str:
    assert stream is not None
    return stream.readline()


def _is_done(board: Board) -> bool:
    try:
        return board.counts()["done"] == 1
    except QueueError:  # this connection was cut, too
        return False
