"""The index worked on while it is used: embedded anew with a gate, gone back, cancelled, watched."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from made_library import add_long

from rag.config import Settings
from rag.errors import BadSettings
from rag.index import Index
from rag.service.upkeep import Upkeep, Work
from rag.storage.reader import IndexReader
from rag.types import Progress


class Refusing:
    """A gate that takes nothing; what a real one judges by is tested where it stands."""

    verdict = None

    def __call__(self, live: IndexReader, candidate: IndexReader) -> bool:
        return False


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Index]:
    folder = tmp_path_factory.mktemp("upkeep")
    settings = Settings(index=folder / "index", encoder="builtin", words="static", workers=1)
    with Index.open(settings, create=True) as made:
        add_long(made, "long.pdf", 12, "d" * 32)
        made.reindex("builtin", "static")
        yield made


def ended(upkeep: Upkeep) -> Work:
    assert upkeep._thread is not None
    upkeep._thread.join(120)
    return upkeep.state()


def test_a_new_generation_is_judged_taken_and_left_again(index: Index) -> None:
    upkeep, first = Upkeep(index), index.generation
    assert upkeep.state() == Work()
    upkeep.reindex("builtin", "static", gate=False)
    with pytest.raises(BadSettings, match="already"):
        upkeep.rollback()
    work = ended(upkeep)
    assert (work.task, work.fate, work.running) == ("reindex", "done", False)
    assert index.generation.id > first.id and "Roll back" in work.lines[-1]
    upkeep.rollback()
    assert ended(upkeep).fate == "done" and index.generation.id == first.id


def test_what_the_gate_refuses_is_not_taken(index: Index, monkeypatch: Any) -> None:
    upkeep, before = Upkeep(index), index.generation
    monkeypatch.setattr(upkeep, "_gate", lambda folder: Refusing())
    upkeep.reindex("builtin", "static", gate=True)
    work = ended(upkeep)
    assert (work.fate, index.generation) == ("refused", before)
    assert "worse" in work.lines[-1]


def test_a_task_that_is_cancelled_changes_nothing(index: Index, monkeypatch: Any) -> None:
    upkeep, before, wrong = Upkeep(index), index.generation, index.check()
    report = upkeep._report

    def cancelling(progress: Progress) -> None:
        upkeep.cancel()
        report(progress)

    monkeypatch.setattr(upkeep, "_report", cancelling)
    upkeep.reindex("builtin", "static", gate=False)
    work = ended(upkeep)
    assert (work.fate, index.generation) == ("cancelled", before)
    assert index.check() == wrong


def test_what_cannot_be_done_is_said(index: Index) -> None:
    upkeep = Upkeep(index)
    upkeep.reindex("", "/no/such/folder", gate=False)
    assert ended(upkeep).fate == "failed" and "/no/such/folder" in upkeep.state().lines[-1]
    for spec in ("x" * 600, "a\nb"):
        with pytest.raises(BadSettings, match="encoder's name"):
            upkeep.reindex(spec, "", gate=False)


def test_a_library_without_figures_has_no_gate(settings: Settings) -> None:
    with Index.open(settings, create=True) as empty:
        upkeep = Upkeep(empty)
        upkeep.reindex("", "", gate=True)
        assert ended(upkeep).fate == "failed" and "without the gate" in upkeep.state().lines[-1]
