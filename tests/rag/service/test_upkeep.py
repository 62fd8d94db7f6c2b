"""The index worked on while it is used: embedded anew with a gate, gone back, cancelled, watched."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from rag.config import Settings
from rag.errors import BadSettings
from rag.index import Index
from rag.service.upkeep import Upkeep, Work
from rag.types import Progress


@pytest.fixture(scope="module")
def index(manual_pdf: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Index]:
    folder = tmp_path_factory.mktemp("upkeep")
    settings = Settings(index=folder / "index", encoder="builtin", words="static", workers=1)
    with Index.open(settings, create=True) as made:
        assert [added.error for added in made.add([manual_pdf])] == [""]
        yield made


def ended(upkeep: Upkeep) -> Work:
    assert upkeep._thread is not None
    upkeep._thread.join(120)
    return upkeep.state()


def test_a_new_generation_is_judged_taken_and_left_again(index: Index) -> None:
    upkeep, first = Upkeep(index), index.generation
    assert upkeep.state() == Work()
    upkeep.reindex("", "off", gate=False)
    with pytest.raises(BadSettings, match="already"):
        upkeep.rollback()
    work = ended(upkeep)
    assert (work.task, work.fate, work.running) == ("reindex", "done", False)
    assert index.generation.words == "off" and "Roll back" in work.lines[-1]
    upkeep.rollback()
    assert ended(upkeep).fate == "done" and index.generation == first


def test_what_the_gate_refuses_is_not_taken(index: Index, monkeypatch: Any) -> None:
    upkeep, before = Upkeep(index), index.generation
    monkeypatch.setattr("rag.evaluation.evaluate.Gate.__call__", lambda gate, live, candidate: False)
    upkeep.reindex("", "off", gate=True)
    work = ended(upkeep)
    assert (work.fate, index.generation) == ("refused", before)
    assert "worse" in work.lines[-1]


def test_a_task_that_is_cancelled_changes_nothing(index: Index, monkeypatch: Any) -> None:
    upkeep, before = Upkeep(index), index.generation
    report = upkeep._report

    def cancelling(progress: Progress) -> None:
        upkeep.cancel()
        report(progress)

    monkeypatch.setattr(upkeep, "_report", cancelling)
    upkeep.reindex("", "off", gate=False)
    work = ended(upkeep)
    assert (work.fate, index.generation) == ("cancelled", before)
    assert index.check() == []


def test_what_cannot_be_done_is_said(index: Index) -> None:
    upkeep = Upkeep(index)
    upkeep.reindex("", "/no/such/folder", gate=False)
    assert ended(upkeep).fate == "failed" and "/no/such/folder" in upkeep.state().lines[-1]
    upkeep.parse()
    assert ended(upkeep).lines[-1].startswith("Nothing to read again")
    for spec in ("x" * 600, "a\nb"):
        with pytest.raises(BadSettings, match="encoder's name"):
            upkeep.reindex(spec, "", gate=False)


def test_a_library_without_figures_has_no_gate(settings: Settings) -> None:
    with Index.open(settings, create=True) as empty:
        upkeep = Upkeep(empty)
        upkeep.reindex("", "", gate=True)
        assert ended(upkeep).fate == "failed" and "without the gate" in upkeep.state().lines[-1]
