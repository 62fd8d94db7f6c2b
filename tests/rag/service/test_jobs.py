"""Files that programs send: asked about by an id that outlives the program, cancelled one by one."""

from __future__ import annotations

import threading
from pathlib import Path
from uuid import uuid4

import pytest

from rag.service.jobs import Job, Jobs, UnknownJob
from rag.service.upload_store import UploadStore
from rag.service.uploads import UploadQueues, UploadState
from rag.types import Progress, ReportProgress


class Reader:
    """Adds files; those called ``slow`` wait until they may go on, and report meanwhile."""

    def __init__(self) -> None:
        self.go, self.begun = threading.Event(), threading.Event()

    def add(self, path: Path, password: str | None, report: ReportProgress) -> tuple[UploadState, str]:
        if path.stem == "locked":
            return "locked", "needs a password"
        if path.stem == "slow":
            self.begun.set()
            while not self.go.wait(0.01):
                report(Progress(path.name, "reading", 1, 2))
        return "added", ""


def sent(folder: Path, name: str) -> Path:
    path = folder / uuid4().hex / "file" / name
    path.parent.mkdir(parents=True)
    path.write_text(name)
    return path


def settled(queues: UploadQueues) -> None:
    for queue in queues.all():
        queue.join(30)


def test_jobs_are_told_apart_by_owner_and_remembered_after_later_ones(tmp_path: Path) -> None:
    queues = UploadQueues(UploadStore(tmp_path))
    jobs = Jobs(queues, Reader().add)
    ended: list[Job] = []
    for name in ("first.txt", "second.txt"):
        ended.append(jobs.submit("ana", sent(tmp_path / "temporary", name), f"id of {name}"))
        settled(queues)
    assert [(j.name, j.state, j.document, j.finished) for j in jobs.listed("ana")] == [
        ("first.txt", "added", "id of first.txt", True),
        ("second.txt", "added", "id of second.txt", True),
    ]
    assert jobs.get("ana", ended[0].id).state == "added" and jobs.running() == 0
    assert jobs.listed("bea") == []
    for owner, number in (("bea", ended[0].id), ("ana", "0" * 32), ("ana", ""), ("ana", "../x")):
        with pytest.raises(UnknownJob, match="list the documents"):
            jobs.get(owner, number)
        with pytest.raises(UnknownJob):
            jobs.cancel(owner, number)
    queues.stop(30)


def test_one_job_is_cancelled_and_the_others_go_on(tmp_path: Path) -> None:
    queues, reader = UploadQueues(UploadStore(tmp_path)), Reader()
    jobs = Jobs(queues, reader.add)
    slow, waiting, last = (
        jobs.submit("ana", sent(tmp_path / "temporary", f"{name}.txt"), name) for name in ("slow", "waits", "last")
    )
    assert reader.begun.wait(30) and jobs.running() == 3
    assert jobs.cancel("ana", waiting.id).state == "cancelled"
    assert jobs.cancel("ana", slow.id).state in ("stopping", "cancelled")
    settled(queues)
    assert [jobs.get("ana", j.id).state for j in (slow, waiting, last)] == ["cancelled", "cancelled", "added"]
    queues.stop(30)
    assert not any((tmp_path / "uploads").iterdir())


def test_files_that_wait_for_a_password_are_not_kept_for_ever(tmp_path: Path) -> None:
    """A program sends the file again, with the password; until then the job says what is missing."""
    store = UploadStore(tmp_path)
    queues = UploadQueues(store)
    jobs = Jobs(queues, Reader().add)
    first = jobs.submit("ana", sent(tmp_path / "temporary", "locked.txt"), "its id")
    settled(queues)
    assert (jobs.get("ana", first.id).state, jobs.get("ana", first.id).message) == ("locked", "needs a password")
    jobs.submit("ana", sent(tmp_path / "temporary", "other.txt"), "other")
    settled(queues)
    assert jobs.get("ana", first.id).state == "locked"
    last = jobs.submit("ana", sent(tmp_path / "temporary", "locked.txt"), "its id")
    settled(queues)
    assert jobs.cancel("ana", last.id).state == "locked"
    assert list((tmp_path / "uploads").rglob("*.txt")) == []
    queues.stop(30)


def test_a_job_is_still_known_after_the_program_was_started_anew(tmp_path: Path) -> None:
    queues, reader = UploadQueues(UploadStore(tmp_path)), Reader()
    before = Jobs(queues, reader.add).submit("ana", sent(tmp_path / "temporary", "slow.txt"), "its id")
    assert reader.begun.wait(30)
    queues.stop(30)

    again, reader = UploadQueues(UploadStore(tmp_path)), Reader()
    jobs = Jobs(again, reader.add)
    assert again.resume(reader.add) == 1
    assert reader.begun.wait(30)
    now = jobs.get("ana", before.id)
    assert (now.name, now.finished) == ("slow.txt", False) and len(now.document) == 64
    reader.go.set()
    settled(again)
    assert jobs.get("ana", before.id).state == "added"
    again.stop(30)
