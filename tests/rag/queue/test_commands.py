"""The commands for the queue, as they are typed."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from make_pdfs import text_pages

from rag.__main__ import main
from rag.config import Settings
from rag.queue.database import QueueDatabase

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(queued: Settings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    monkeypatch.setenv("PAGESIGHT_QUEUE", queued.queue)
    monkeypatch.setenv("PAGESIGHT_INDEX", str(queued.index))

    def run(*arguments: object) -> tuple[int, str, str]:
        code = main([str(one) for one in arguments])
        out, err = capsys.readouterr()
        return code, out, err

    return run


def test_from_enqueueing_to_the_list(run: Run, tmp_path: Path) -> None:
    good, bad = text_pages(tmp_path, 2, "good.pdf"), tmp_path / "bad.pdf"
    bad.write_bytes(b"%PDF-1.7\n" + os.urandom(99))
    code, out, err = run("enqueue", good, bad, tmp_path / "none.pdf", "--priority", -3)
    assert code == 1
    assert [line.partition(": job ")[0] for line in out.splitlines()] == ["✓ good.pdf", "✓ bad.pdf"]
    assert err.splitlines()[-1] == "2 enqueued, 0 already there, 1 failed"

    rows = [json.loads(line) for line in run("jobs", "--json")[1].splitlines()]
    assert [(row["name"], row["state"], row["priority"]) for row in rows] == [
        ("good.pdf", "waiting", -3),
        ("bad.pdf", "waiting", -3),
    ]
    number = rows[1]["id"]
    assert run("jobs", "--cancel", number) == (0, "Cancelled bad.pdf\n", "")
    assert run("jobs", "--cancel", number)[0] == 1
    assert "is cancelled" in run("jobs", "--retry", number)[2]

    code, out, err = run("worker", "--once", "--jobs", 1)
    assert (code, out) == (0, "good.pdf: added, 2 pages\n")
    code, out, err = run("jobs")
    assert "good.pdf: done, 2 pages" in out and err == "1 done, 1 cancelled\n"
    assert run("jobs", "--forget")[2] == "2 jobs taken off the list\n"
    assert run("jobs") == (0, "", "The queue is empty\n")
    assert run("enqueue", good)[1] == "✓ good.pdf: in the index already\n"


def test_waiting_for_nobody_is_said(run: Run, database: QueueDatabase, tmp_path: Path) -> None:
    run("enqueue", text_pages(tmp_path))
    with database.transaction() as db:
        db.execute("DELETE FROM procrastinate_workers")  # those that other tests have killed
    assert run("jobs")[2] == "1 waiting\nNo worker is there; start one with `python -m rag worker`\n"
    found = [json.loads(line) for line in run("doctor", "--json")[1].splitlines()]
    (queue,) = [finding for finding in found if finding["what"] == "queue"]
    assert queue["detail"].endswith("1 waiting; workers heard of lately: 0")
    assert queue["remedy"] == "start `python -m rag worker`"


def test_what_is_missing_is_said_with_the_remedy(
    run: Run, monkeypatch: pytest.MonkeyPatch, queued: Settings, tmp_path: Path
) -> None:
    assert "There is no index in" in run("jobs")[2]
    queued.index.mkdir()
    assert "is no job; give numbers" in run("jobs", "--cancel", "x")[2]
    assert "is not in the queue of this index" in run("jobs", "--cancel", "123456")[2]
    monkeypatch.delenv("PAGESIGHT_QUEUE")
    for command in (("worker",), ("jobs",), ("enqueue", text_pages(tmp_path))):
        code, _, err = run(*command)
        assert code == 1 and "set PAGESIGHT_QUEUE to the address of a PostgreSQL database" in err


@pytest.mark.parametrize("wrong", ["101", "-101", "1.5", "high"])
def test_priorities_are_small_whole_numbers(run: Run, wrong: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        run("enqueue", "x.pdf", "--priority", wrong)
    assert "is not a whole number from -100 to 100" in capsys.readouterr().err
