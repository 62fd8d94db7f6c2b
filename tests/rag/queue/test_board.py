"""Every step of a job, in a real PostgreSQL: each job is done by one delivery, and no step leaves half of it."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from vector_engines import PostgresServer

from rag.config import Settings
from rag.errors import BadSettings, QueueError
from rag.queue.board import Board
from rag.queue.database import QueueDatabase
from rag.queue.files import library_name
from rag.queue.jobs import Job

ME, OTHER = "here:1", "there:2"


def delivered(database: QueueDatabase, number: int) -> int:
    """The delivery of a job, as a worker would be told it."""
    with database.transaction() as db:
        row = db.execute("SELECT delivery FROM pagesight_jobs WHERE id = %s", (number,)).fetchone()
    assert row is not None and row["delivery"] is not None
    return int(row["delivery"])


def parts(database: QueueDatabase, number: int) -> list[int]:
    with database.transaction() as db:
        rows = db.execute("SELECT id FROM pagesight_jobs WHERE parent = %s ORDER BY first", (number,)).fetchall()
    return [row["id"] for row in rows]


def seen(board: Board, number: int) -> Job:
    job = board.get(number)
    assert job is not None
    return job


def put(board: Board, doc: str, priority: int = 0) -> int:
    number = board.put(doc, f"{doc}.pdf", priority)
    assert number is not None
    return number


def test_a_file_is_in_the_queue_once(board: Board) -> None:
    number = put(board, "a")
    assert board.put("a", "again.pdf") is None
    assert board.counts() == {"waiting": 1, "running": 0, "done": 0, "failed": 0, "cancelled": 0}
    assert board.cancel(number)
    assert board.put("a", "again.pdf") == number
    assert (seen(board, number).state, seen(board, number).name) == ("waiting", "again.pdf")


def test_of_many_that_enqueue_a_file_at_once_one_does(queued: Settings, board: Board) -> None:
    others = [Board(QueueDatabase(queued.queue), library_name(queued.index)) for _ in range(4)]
    gate = threading.Barrier(4)

    def enqueue(other: Board) -> list[int | None]:
        gate.wait()
        return [other.put(f"{n}", f"{n}.pdf") for n in range(10)]

    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(enqueue, others))
    assert [sum(one[n] is not None for one in found) for n in range(10)] == [1] * 10
    for other in others:
        other._database.close()


def test_what_is_done_says_how_far_it_is(board: Board, database: QueueDatabase) -> None:
    number = put(board, "a")
    delivery = delivered(database, number)
    job = board.take(number, delivery, ME)
    assert job is not None and (job.state, job.worker) == ("running", ME)
    assert board.note(number, delivery, "reading", 3, 9)
    assert (seen(board, number).stage, seen(board, number).done, seen(board, number).total) == ("reading", 3, 9)
    assert board.finish(number, delivery, 9)
    assert (seen(board, number).state, seen(board, number).total, board.needed()) == ("done", 9, set())
    assert board.take(number, delivery, OTHER) is None
    assert board.forget() == 1 and board.listed() == []


def test_what_was_cancelled_is_no_longer_wanted(board: Board, database: QueueDatabase) -> None:
    number = put(board, "a")
    delivery = delivered(database, number)
    board.take(number, delivery, ME)
    assert board.cancel(number) is not None
    assert board.cancel(number) is None
    assert not board.note(number, delivery, "reading", 1, 9)
    assert not board.finish(number, delivery, 9)
    board.fail(number, delivery, "too late", (0,))
    board.put_back(number, delivery)
    assert seen(board, number).state == "cancelled"


def lose(board: Board, delivery: int) -> None:
    """Its worker is not heard of any more."""
    for job, held in board.held([delivery]):
        board.lose(job, held)


def test_a_worker_that_was_replaced_writes_nothing(board: Board, database: QueueDatabase) -> None:
    number = put(board, "a")
    first = delivered(database, number)
    board.take(number, first, ME)
    lose(board, first)
    job = seen(board, number)
    assert (job.state, job.tries, job.reason) == ("waiting", 1, f"the worker {ME} ended while it was at work on it")
    second = delivered(database, number)
    board.take(number, second, OTHER)
    assert not board.note(number, first, "reading", 1, 9)
    board.fail(number, first, "too late", (0,))
    assert not board.finish(number, first, 1)
    lose(board, first)  # told once more, by another worker
    assert (seen(board, number).state, seen(board, number).worker) == ("running", OTHER)
    assert board.finish(number, second, 1)


def test_what_fails_is_tried_again_later_and_at_last_given_up_with_the_reason(
    board: Board, database: QueueDatabase
) -> None:
    number = put(board, "a")
    for attempt in range(3):
        delivery = delivered(database, number)
        assert board.take(number, delivery, ME) is not None
        board.fail(number, delivery, f"no luck {attempt}", (60, 600))
        job = seen(board, number)
        assert (job.tries, job.reason) == (attempt + 1, f"no luck {attempt}")
        assert (job.due is not None) == (attempt < 2)
    assert job.state == "failed"
    assert board.retry(number)
    assert not board.retry(number)
    assert (seen(board, number).state, seen(board, number).tries, seen(board, number).reason) == ("waiting", 0, "")
    assert board.take(number, delivered(database, number), ME) is not None


@pytest.fixture
def long(board: Board, database: QueueDatabase) -> int:
    """A document in three ranges, begun."""
    number = put(board, "long", priority=5)
    delivery = delivered(database, number)
    board.take(number, delivery, ME)
    board.split(number, delivery, [(1, 4), (5, 8), (9, 10)])
    return number


def test_a_long_document_waits_for_its_ranges(board: Board, database: QueueDatabase, long: int) -> None:
    first, *others = parts(database, long)
    board.take(first, delivered(database, first), OTHER)
    board.note(first, delivered(database, first), "reading", 2, 4)
    job = seen(board, long)
    assert (job.state, job.stage, job.done, job.total, job.parts, job.worker) == ("running", "reading", 2, 0, 3, OTHER)
    for one in (first, *others):
        delivery = delivered(database, one)
        board.take(one, delivery, ME)
        assert seen(board, long).state == "running"
        board.range_done(one, delivery)
    join = delivered(database, long)
    assert (seen(board, long).state, seen(board, long).done) == ("waiting", 0)
    joined = board.take(long, join, ME)
    assert joined is not None and joined.parts == 3
    assert board.finish(long, join, 10)
    assert parts(database, long) == []


def test_ranges_that_end_at_the_same_moment_have_it_joined_once(
    queued: Settings, board: Board, database: QueueDatabase, long: int
) -> None:
    deliveries = {one: delivered(database, one) for one in parts(database, long)}
    for one, delivery in deliveries.items():
        board.take(one, delivery, ME)
    gate = threading.Barrier(len(deliveries))

    def end(one: int) -> None:
        other = QueueDatabase(queued.queue)
        gate.wait()
        Board(other, library_name(queued.index)).range_done(one, deliveries[one])
        other.close()

    with ThreadPoolExecutor(len(deliveries)) as pool:
        list(pool.map(end, deliveries))
    with database.transaction() as db:
        found = db.execute(
            "SELECT count(*) AS count FROM procrastinate_jobs WHERE args ->> 'job' = %s", (str(long),)
        ).fetchone()
    assert found == {"count": 2}  # its own, and one to join


def test_a_range_that_is_given_up_fails_its_document_and_is_tried_again_alone(
    board: Board, database: QueueDatabase, long: int
) -> None:
    bad, *good = parts(database, long)
    for one in good:
        board.take(one, delivered(database, one), ME)
        board.range_done(one, delivered(database, one))
    board.take(bad, delivered(database, bad), ME)
    board.fail(bad, delivered(database, bad), "no luck", ())
    assert (seen(board, long).state, seen(board, long).reason) == ("failed", "pages 1–4: no luck")
    assert board.retry(long)
    assert (seen(board, long).state, seen(board, long).reason) == ("running", "")
    board.take(bad, delivered(database, bad), ME)
    board.range_done(bad, delivered(database, bad))
    assert board.take(long, delivered(database, long), ME) is not None


def test_cancelling_a_long_document_leaves_none_of_its_ranges(board: Board, database: QueueDatabase, long: int) -> None:
    one = parts(database, long)[0]
    delivery = delivered(database, one)
    board.take(one, delivery, ME)
    assert board.cancel(long) is not None
    assert not board.note(one, delivery, "reading", 1, 4)
    board.range_done(one, delivery)
    assert (seen(board, long).state, parts(database, long)) == ("cancelled", [])


def test_indexes_that_share_a_queue_do_not_see_each_other(database: QueueDatabase, board: Board) -> None:
    number, other = put(board, "a"), Board(database, "pagesight_other")
    assert other.listed() == [] and other.get(number) is None and other.cancel(number) is None
    assert other.put("a", "a.pdf") != number


def test_a_connection_that_was_cut_is_made_anew(board: Board, server: PostgresServer, database: QueueDatabase) -> None:
    put(board, "a")
    server.cut()
    with pytest.raises(QueueError, match=r"^The queue at postgresql://postgres/postgres\S* cannot be used \("):
        board.counts()
    assert board.counts()["waiting"] == 1


@pytest.mark.parametrize(
    "url",
    [
        "mysql://x", "postgresql://user:hush@w0rd@host:port/name", "postgresql://user:hu/sh@host/db",
        "postgresql://host/db?password=hush&nonsense=1",
    ],
)  # fmt: skip
def test_no_message_shows_a_password(url: str) -> None:
    with pytest.raises(BadSettings, match="PAGESIGHT_QUEUE") as caught:
        QueueDatabase(url)
    assert not any(secret in str(caught.value) for secret in ("hush", "w0rd", "hu/", "sh@"))


def test_a_server_that_is_not_there_is_named_without_its_password() -> None:
    database = QueueDatabase("postgresql://me:hidden@127.0.0.1:1/library")
    with (
        pytest.raises(QueueError, match=r"postgresql://me@127\.0\.0\.1:1/library cannot be used") as caught,
        database.transaction(),
    ):
        pass
    assert "hidden" not in str(caught.value)


def test_settings_do_not_show_the_address() -> None:
    assert "hidden" not in repr(Settings(queue="postgresql://me:hidden@host/library"))
