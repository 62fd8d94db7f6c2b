"""Folders that the app follows, and what the page says of them."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from rag.config import Settings
from rag.errors import BadSettings
from rag.index import Index
from rag.watching import follow
from rag.watching.watch import alone
from ui.state.watching import Watching
from ui.words.language import speaking


def until(true: Callable[[], object]) -> None:
    end = time.monotonic() + 60
    while not true():
        assert time.monotonic() < end
        time.sleep(0.02)


def test_folders_are_followed_and_their_problems_told_without_paths(
    tmp_path: Path, make_pdf: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(follow, "SETTLED", 0.05)
    monkeypatch.setattr("rag.watching.watch.SETTLED", 0.05)
    monkeypatch.setattr("ui.state.watching.give_way", lambda: None)  # else it waits for whatever else the machine does
    manuals, gone = tmp_path / "manuals", tmp_path / "gone"
    manuals.mkdir()
    make_pdf(manuals / "pump.pdf", "The pump.")
    (manuals / "<b>broken.pdf").write_bytes(b"no PDF at all")
    watch = os.pathsep.join([str(manuals), str(gone)])
    settings = Settings(index=tmp_path / "index", encoder="builtin", words="static", workers=1, watch=watch)
    with Index.open(settings, create=True) as index:
        watching = Watching(index, settings)
        assert "being looked at" in str(watching.news()["line"])
        watching.start()
        try:
            until(lambda: "manuals (0 documents, 2 waiting)" in str(watching.news()["line"]))
            until(lambda: "manuals (1 document)" in str(watching.news()["line"]))
            until(lambda: len(watching.news()["problems"]) == 2)  # type: ignore[arg-type]
            told = json.dumps(watching.news())
            assert '"gone is not there' in told and "manuals/<b>broken.pdf: " in told
            with speaking("de"):
                assert "gone ist nicht da; ist die Festplatte" in json.dumps(watching.news())
            assert str(tmp_path) not in told
        finally:
            watching.stop(60)
        with alone(index):  # the other has let go
            other = Watching(index, settings)
            other.start()
            try:
                until(lambda: "Another process watches" in json.dumps(other.news()))
                assert str(tmp_path) not in json.dumps(other.news())
            finally:
                other.stop(60)


def test_without_folders_nothing_is_said_and_a_wrong_one_is_refused(tmp_path: Path) -> None:
    settings = Settings(index=tmp_path / "index", encoder="builtin", words="static", watch=str(tmp_path / "a.pdf"))
    (tmp_path / "a.pdf").write_bytes(b"")
    with Index.open(settings, create=True) as index:
        with pytest.raises(BadSettings, match=r"a\.pdf is a file"):
            Watching(index, settings)
        none = Watching(index, Settings(index=tmp_path / "index", watch=f" {os.pathsep}"))
        none.start()
        assert none.news() == {"line": "", "problems": []}
        none.stop(0)
