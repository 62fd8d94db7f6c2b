"""The queue as the HTTP API shows it: to admins, with counts for Prometheus; clear where there is none or it fails."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from serving_api import Served, served

from rag.config import Settings
from rag.queue.board import Board
from rag.queue.database import QueueDatabase
from rag.queue.files import library_name


@pytest.fixture
def api(queued: Settings) -> Iterator[Served]:
    with served(queued) as api:
        yield api


def test_jobs_are_listed_cancelled_and_tried_again(
    api: Served, queued: Settings, database: QueueDatabase, board: Board
) -> None:
    first, second = board.put("a" * 64, "a.pdf", 7), board.put("b" * 64, "b.pdf")
    assert first and second
    with database.transaction() as db:
        row = db.execute("SELECT delivery FROM pagesight_jobs WHERE id = %s", (second,)).fetchone()
    assert row is not None and board.take(second, row["delivery"], "here:1")
    board.note(second, row["delivery"], "reading", 2, 5)
    with api.client("admin") as http:
        listed = http.get("queue").json()
        assert listed["counts"] == {"waiting": 1, "running": 1, "done": 0, "failed": 0, "cancelled": 0}
        assert [(job["id"], job["state"], job["done"], job["total"]) for job in listed["jobs"]] == [
            (second, "running", 2, 5),
            (first, "waiting", 0, 0),
        ]
        assert [job["id"] for job in http.get("queue", params={"state": "waiting"}).json()["jobs"]] == [first]
        assert len(http.get("queue", params={"limit": 1}).json()["jobs"]) == 1
        assert http.get("queue", params={"state": "lost"}).status_code == 422

        board.fail(second, row["delivery"], "no luck", ())
        failed = http.get(f"queue/{second}").json()
        assert (failed["state"], failed["reason"], failed["finished"]) == ("failed", "no luck", True)
        assert "pagesight_queue_failed 1" in http.get("metrics").text
        assert http.post(f"queue/{second}/retry").json()["state"] == "waiting"
        assert http.post(f"queue/{second}/retry").json()["detail"].startswith(f"Job {second} is waiting;")
        assert http.delete(f"queue/{first}").json()["state"] == "cancelled"
        for method, path in (("DELETE", f"queue/{first}"), ("GET", "queue/999999"), ("POST", "queue/999999/retry")):
            assert http.request(method, path).status_code == 404


@pytest.mark.parametrize("role", ["reader", "editor", ""])
def test_only_admins_see_everybodys_files(api: Served, role: str) -> None:
    with api.client(role) as http:
        assert [http.request(how, path).status_code for how, path in (
            ("GET", "queue"), ("GET", "queue/1"), ("DELETE", "queue/1"), ("POST", "queue/1/retry"),
        )] == [403 if role else 401] * 4  # fmt: skip


def test_no_queue_and_one_that_is_down_are_told_apart(queued: Settings) -> None:
    with served(replace(queued, queue="")) as api, api.client("admin") as http:
        said = http.get("queue")
        assert said.status_code == 404 and "PAGESIGHT_QUEUE" in said.json()["detail"]
        assert "pagesight_queue" not in http.get("metrics").text
    down = replace(queued, queue="postgresql://me:hidden@127.0.0.1:1/library", index=queued.index.with_name("other"))
    library_name(down.index)
    with served(down) as api, api.client("admin") as http:
        said = http.get("queue")
        assert said.status_code == 503 and "hidden" not in said.text
        assert "pagesight_documents" in http.get("metrics").text
