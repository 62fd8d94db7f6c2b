"""Uploads: several files at once, protected ones, cancelling."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import gradio as gr
import pymupdf
import pytest

from ui.backend import Library
from ui.handlers import Handlers
from ui.session import Session

MakePdf = Callable[..., Path]


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
    with pytest.warns(UserWarning) as heard:
        steps = list(handlers.add([str(p) for p in (bad, locked, good, picture)], "", session))
    said = "\n".join(str(w.message) for w in heard)
    assert "page.pdf" in said
    assert "a.png" in said
    states = {item.name: item.state for item in session.uploads.items()}
    assert states == {"page.pdf": "failed", "locked.pdf": "locked", "good.pdf": "added", "a.png": "failed"}
    _, card, documents, lock, label, _ = steps[-1]
    assert lock["visible"] is True
    assert "locked.pdf" in label
    assert "good.pdf" in documents
    assert json.loads(card)["running"] is False
    seen = {f["stage"] for step in steps for f in json.loads(step[1])["files"]}
    assert seen & {"reading", "embedding", "saving"}  # of a page, quick steps pass between two looks

    assert list(handlers.unlock("wrong", "", session))[-1][3]["visible"] is True
    done = list(handlers.unlock("sesame", "", session))[-1]
    assert done[3]["visible"] is False
    assert {"locked.pdf", "good.pdf"} <= {row.name for row in library.documents()}
    for name in ("locked.pdf", "good.pdf"):
        library.remove(next(row.id for row in library.documents() if row.name == name))


def test_a_cancelled_upload_leaves_nothing(library: Library, tmp_path: Path, make_pdf: MakePdf) -> None:
    path = make_pdf(tmp_path / "long.pdf", "Chapter one. " * 50)
    session, started = Session(), threading.Event()

    def add(path: Path, password: str | None, report: Any) -> Any:
        def watched(progress: Any) -> None:
            started.set()
            while not session.uploads._cancelled.is_set():
                time.sleep(0.01)
            report(progress)

        return library.add(path, password, watched)

    session.uploads.submit([path, tmp_path / "second.pdf"], add)
    assert started.wait(60)
    Handlers(library).cancel(session)
    session.uploads.join(60)
    assert [item.state for item in session.uploads.items()] == ["cancelled", "cancelled"]
    assert "long.pdf" not in {row.name for row in library.documents()}
    assert library.index.add([path])[0].status == "added"  # and it can be added afterwards
    library.remove(next(row.id for row in library.documents() if row.name == "long.pdf"))


def test_removing_what_is_gone_is_a_message(library: Library) -> None:
    event, before = gr.EventData(None, {"doc": "unknown"}), len(library.documents())
    with pytest.warns(UserWarning, match="no longer in the library"):
        listed = Handlers(library).remove("", event)
    assert len(json.loads(listed)["documents"]) == before > 0
