"""Uploads: several files at once, protected ones, cancelling."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import gradio as gr
import pymupdf
import pytest

from rag.types import Progress
from ui import uploads
from ui.backend import Library
from ui.handlers import Handlers
from ui.session import Session
from ui.uploads import UploadQueue, UploadQueues

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
