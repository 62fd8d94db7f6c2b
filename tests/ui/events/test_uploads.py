"""Uploads: several files at once, protected ones, cancelling."""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import gradio as gr
import pymupdf
import pytest

from rag.service import uploads
from rag.service.told import FULL
from rag.service.upload_store import UploadStore
from rag.service.uploads import UploadQueue, UploadQueues
from rag.types import Progress
from ui.events.handlers import Handlers
from ui.events.trash_handlers import TrashHandlers
from ui.shown import payload
from ui.state.backend import Library
from ui.state.session import Session

MakePdf = Callable[..., Path]
TAB = gr.Request()


class Gated:
    """An ``add`` that starts each file, then waits until the test lets it go on."""

    def __init__(self) -> None:
        self.started, self.go = threading.Semaphore(0), threading.Semaphore(0)

    def __call__(self, path: Path, password: str | None, report: Any) -> Any:
        report(Progress(path.name, "reading", 0, 1))
        self.started.release()
        assert self.go.acquire(timeout=60)
        report(Progress(path.name, "reading", 1, 1))
        return "added", ""


def states(queue: UploadQueue) -> dict[str, str]:
    return {item.name: item.state for item in queue.items()}


def test_uploads_one_bad_one_locked_one_good(library: Library, tmp_path: Path, make_pdf: MakePdf) -> None:
    bad = tmp_path / "page.pdf"
    bad.write_bytes(b"<html>")
    locked = make_pdf(
        tmp_path / "locked.pdf",
        "The safe opens with 4711.",
        encryption=pymupdf.PDF_ENCRYPT_AES_256,
        user_pw="sesame",
        owner_pw="owner",
    )
    good = make_pdf(tmp_path / "good.pdf", "The garden pump stands behind the shed.")
    picture = tmp_path / "a.png"
    picture.write_bytes(b"x")
    handlers, session = Handlers(library), Session()
    card = json.loads(handlers.uploads.add([str(p) for p in (bad, locked, good, picture)], session, TAB)[1])
    assert card["running"] is True
    queue = handlers.uploads.queue(TAB, session)
    queue.join(120)
    assert states(queue) == {"page.pdf": "failed", "locked.pdf": "locked", "good.pdf": "added", "a.png": "failed"}
    with pytest.warns(UserWarning, match=r"page\.pdf|a\.png") as heard:
        _, card, lock, label, _ = handlers.uploads.settled(session, TAB)
    said = "\n".join(str(w.message) for w in heard)
    assert "page.pdf" in said
    assert "a.png" in said
    assert queue.untold() == ()  # each is told once
    assert lock["visible"] is True
    assert "locked.pdf" in label
    assert "wrong" not in label
    assert json.loads(card)["running"] is False

    handlers.uploads.unlock("wrong", session, TAB)
    queue.join(60)
    _, _, lock, label, _ = handlers.uploads.settled(session, TAB)
    assert lock["visible"] is True
    assert "password is wrong" in label
    handlers.uploads.unlock("sesame", session, TAB)
    queue.join(60)
    assert handlers.uploads.settled(session, TAB)[2]["visible"] is False
    assert {"locked.pdf", "good.pdf"} <= {row.name for row in library.documents()}
    for name in ("locked.pdf", "good.pdf"):
        library.remove(next(row.id for row in library.documents() if row.name == name))


def test_a_cancelled_upload_leaves_nothing(library: Library, tmp_path: Path, make_pdf: MakePdf) -> None:
    path = make_pdf(tmp_path / "long.pdf", "Chapter one. " * 50)
    queue, started, cancelled = UploadQueue(), threading.Event(), threading.Event()

    def add(path: Path, password: str | None, report: Any) -> Any:
        def watched(progress: Any) -> None:
            started.set()
            assert cancelled.wait(60)
            report(progress)

        return library.add(path, password, watched)

    queue.submit([path, tmp_path / "second.pdf"], add)
    assert started.wait(60)
    queue.cancel()
    cancelled.set()
    queue.join(60)
    assert [item.state for item in queue.items()] == ["cancelled", "cancelled"]
    assert "long.pdf" not in {row.name for row in library.documents()}
    assert library.index.add([path])[0].status == "added"  # and it can be added afterwards
    library.remove(next(row.id for row in library.documents() if row.name == "long.pdf"))


def test_cancelling_shows_at_once_and_does_not_mean_what_comes_later() -> None:
    queue, add = UploadQueue(), Gated()
    queue.submit([Path("a.pdf"), Path("b.pdf")], add)
    assert add.started.acquire(timeout=60)
    queue.cancel()
    assert states(queue) == {"a.pdf": "stopping", "b.pdf": "cancelled"}
    queue.submit([Path("c.pdf")], add)
    add.go.release(2)
    queue.join(60)
    assert states(queue) == {"a.pdf": "cancelled", "b.pdf": "cancelled", "c.pdf": "added"}
    assert not queue.running


def test_taking_files_off_the_list_while_one_is_read_ends_nothing() -> None:
    queue, add = UploadQueue(), Gated()
    queue.submit([Path(f"{name}.pdf") for name in "abcd"], add)
    assert add.started.acquire(timeout=60)
    first, second, *_ = queue.items()
    queue.forget(second.id)  # it waits
    queue.forget(first.id)  # it is being read: stopped at its next report
    add.go.release(10)
    queue.join(60)
    assert states(queue) == {"c.pdf": "added", "d.pdf": "added"}
    assert not queue.running


@pytest.mark.parametrize("error", [RuntimeError, MemoryError, RecursionError, SystemExit, KeyboardInterrupt])
def test_no_file_ends_the_worker(error: type[BaseException], caplog: pytest.LogCaptureFixture) -> None:
    def add(path: Path, password: str | None, report: Any) -> Any:
        if path.stem == "bad":
            raise error("secret detail")
        return "added", ""

    queue = UploadQueue()
    queue.submit([Path("bad.pdf"), Path("good.pdf")], add)
    queue.join(60)
    assert states(queue) == {"bad.pdf": "failed", "good.pdf": "added"}
    assert error.__name__ in queue.items()[0].message
    assert "secret" not in queue.items()[0].message
    queue.submit([Path("next.pdf")], add)
    queue.join(60)
    assert states(queue) == {"next.pdf": "added"}


def test_unlocking_while_another_file_is_read(tmp_path: Path) -> None:
    """Unlocking takes a file off the list and puts it at its end while the worker is in the middle of it."""
    add, right = Gated(), []

    def locked_first(path: Path, password: str | None, report: Any) -> Any:
        if path.stem == "locked":
            right.append(password)
            return ("added", "") if password == "sesame" else ("locked", "is encrypted")
        return add(path, password, report)

    queue = UploadQueue()
    queue.submit([Path("locked.pdf"), Path("other.pdf"), Path("last.pdf")], locked_first)
    assert add.started.acquire(timeout=60)
    item = queue.locked()
    assert item is not None
    queue.forget(item.id)
    queue.submit([item.path], locked_first, "sesame")
    add.go.release(2)
    queue.join(60)
    assert states(queue) == {"other.pdf": "added", "last.pdf": "added", "locked.pdf": "added"}
    assert right == [None, "sesame"]


def test_a_browser_finds_its_queue_again_and_idle_ones_are_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploads, "MOST_QUEUES", 3)
    queues, add = UploadQueues(), Gated()
    running = queues.of("reads")
    running.submit([Path("a.pdf")], add)
    assert add.started.acquire(timeout=60)
    for number in range(5):
        queues.of(f"idle {number}")
    assert queues.of("reads") is running
    assert queues.known("idle 0") is None
    assert queues.known("idle 4") is not None
    add.go.release()
    queues.stop(60)
    assert not running.running


def test_removing_what_is_gone_is_a_message(library: Library) -> None:
    event, before = gr.EventData(None, {"doc": "unknown"}), len(library.documents())
    with pytest.warns(UserWarning, match="no longer in the library"):
        listed, _ = Handlers(library).remove("", Session(), event)
    assert len(json.loads(listed)["documents"]) == before > 0


def test_what_cannot_be_taken_back_is_a_message_and_its_list_is_drawn_again(library: Library) -> None:
    """The page draws a list only where it differs, and the button that was pressed waits for that."""
    event, trash, session = gr.EventData(None, {"doc": "unknown"}), TrashHandlers(Handlers(library)), Session()
    shown = []
    for _ in range(2):
        with pytest.warns(UserWarning, match="no longer"):
            shown.append(trash.restore("", session, event)[-1])
    first, second = map(json.loads, shown)
    assert first["rows"] == second["rows"] and first["refused"] != second["refused"]


def added(path: Path, password: str | None, report: Any) -> Any:
    return "added", path.read_text()


def written(path: Path, text: str = "words") -> Path:
    path.parent.mkdir(exist_ok=True)
    path.write_text(text)
    return path


def test_what_was_not_read_when_the_program_stopped_is_taken_up_by_the_next(tmp_path: Path) -> None:
    queues, add = UploadQueues(UploadStore(tmp_path)), Gated()
    mine, other = queues.of("me"), queues.of("somebody else")
    files = [written(tmp_path / "temporary" / f"{name}.txt", name) for name in ("being read", "waits", "upload.json")]
    mine.submit(files, add)
    other.submit([written(tmp_path / "temporary" / "theirs.txt")], add)
    assert add.started.acquire(timeout=60)
    assert add.started.acquire(timeout=60)
    assert not any(file.exists() for file in files)  # they lie where the temporary folder's end does not reach them
    add.go.release(2)
    queues.stop(60)
    again = UploadQueues(UploadStore(tmp_path))
    assert again.resume(added) == 4
    again.of("me").join(60)
    again.of("somebody else").join(60)
    assert {i.name: (i.state, i.message) for i in again.of("me").items()} == {
        "being read.txt": ("added", "being read"),
        "waits.txt": ("added", "waits"),
        "upload.json.txt": ("added", "upload.json"),
    }
    assert states(again.of("somebody else")) == {"theirs.txt": "added"}
    again.stop(60)
    assert list((tmp_path / "uploads").iterdir()) == []


KILLED = """
import os, sys
from pathlib import Path
from rag.service.upload_store import UploadStore
store = UploadStore(Path(sys.argv[1]))
for path in map(Path, sys.argv[2:]):
    store.begun(store.take(path, "me"))
    for earlier in store.left():
        store.begun(earlier.path)
os._exit(9)
"""


def test_a_file_that_was_being_read_whenever_the_program_was_killed_is_named_and_left_until_it_is_wanted(
    tmp_path: Path,
) -> None:
    for name in ("first.txt", "second.txt"):
        command = [sys.executable, "-c", KILLED, str(tmp_path), str(written(tmp_path / "temporary" / name))]
        assert subprocess.run(command, check=False).returncode == 9
    queues = UploadQueues(UploadStore(tmp_path))
    store = queues._store
    assert store is not None
    for path, owner, tries in (found := store.left()):
        queues._named(owner).resume(path, tries, added)
    queue = queues._named("me")
    queue.join(60)
    assert [left.path.name for left in found] == ["first.txt", "second.txt"]
    assert states(queue) == {"first.txt": "halted", "second.txt": "added"}
    assert "ended 2 times while it was being read" in queue.items()[0].message
    queue.retry(added)
    queue.join(60)
    assert states(queue)["first.txt"] == "added"


def test_another_program_on_the_same_index_keeps_its_uploads(tmp_path: Path) -> None:
    with closing(UploadStore(tmp_path)) as busy, closing(UploadStore(tmp_path)) as other:
        kept = busy.take(written(tmp_path / "temporary" / "a.txt"), "me")
        assert other.left() == []
        other.forget(kept)
        assert kept.is_file()


def test_cancelled_closed_and_failed_files_leave_nothing_behind(tmp_path: Path) -> None:
    store, add = UploadStore(tmp_path), Gated()
    queue = UploadQueue(store, "me")

    def refused(path: Path, password: str | None, report: Any) -> Any:
        return ("halted", "the disk is full") if path.stem == "later" else ("failed", "is no document")

    queue.submit([written(tmp_path / "t" / f"{name}.txt") for name in ("bad", "later")], refused)
    queue.join(60)
    assert states(queue) == {"bad.txt": "failed", "later.txt": "halted"}
    queue.submit([written(tmp_path / "t" / f"{name}.txt") for name in ("read", "waits")], add)
    assert add.started.acquire(timeout=60)
    assert list(states(queue)) == ["later.txt", "read.txt", "waits.txt"]  # what can be tried again stays
    queue.cancel()
    add.go.release()
    queue.join(60)
    queue.clear_finished()
    assert queue.items() == ()
    store.close()
    assert list((tmp_path / "uploads").iterdir()) == []


def test_on_a_full_disk_nothing_is_lost_and_there_is_another_try(
    library: Library, tmp_path: Path, make_pdf: MakePdf
) -> None:
    """The system refuses every write beyond some thousand bytes, as it does on a full disk."""
    paths = [make_pdf(tmp_path / f"{name}.pdf", f"The {name} lamp burns for {name} hours.") for name in ("six", "ten")]
    handlers, session = Handlers(library), Session()
    queue = handlers.uploads.queue(TAB, session)
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (4000, hard))
    try:
        handlers.uploads.add([str(path) for path in paths], session, TAB)
        queue.join(120)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert set(states(queue).values()) == {"halted"}
    assert {item.message for item in queue.items()} == {FULL}
    with pytest.warns(UserWarning, match="space freed"):
        handlers.uploads.settled(session, TAB)
    assert len(library.documents()) == 2
    before = payload.uploads(queue.items())
    handlers.uploads.retry(session, TAB)
    queue.join(120)
    assert states(queue) == {"six.pdf": "added", "ten.pdf": "added"}
    assert {one["id"] for one in json.loads(before)["files"]}.isdisjoint(item.id for item in queue.items())
    assert library.index.check() == []
    for name in ("six.pdf", "ten.pdf"):
        library.remove(next(row.id for row in library.documents() if row.name == name))
    handlers.uploads.stop(60)
