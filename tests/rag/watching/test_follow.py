"""Folders that are followed: real files, a real index, and one real watcher."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pymupdf
import pytest

from rag.config import Settings
from rag.errors import BadSettings, IndexBusy
from rag.index import Index
from rag.storage.records import watched
from rag.watching import follow
from rag.watching.follow import Followed, Follower, absolute
from rag.watching.watch import Watcher, alone, once

Seen = list[Followed]
Bring = Callable[..., list[tuple[str, str]]]


def pdf(path: Path, text: str) -> Path:
    with pymupdf.open() as document:
        document.new_page().insert_text((72, 72), text)
        document.save(path)
    return path


@pytest.fixture(autouse=True)
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(follow, "SETTLED", 0.05)
    monkeypatch.setattr("rag.watching.watch.SETTLED", 0.05)


@pytest.fixture
def index(tmp_path: Path) -> Iterator[Index]:
    settings = Settings(index=tmp_path / "index", encoder="builtin", words="static", workers=1)
    with Index.open(settings, create=True) as index:
        yield index


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    place = tmp_path / "manuals"
    place.mkdir()
    return place


@pytest.fixture
def bring(index: Index, folder: Path) -> Bring:
    """Bring the index up to the folder, as after a new start; what happened, by name of file."""

    def bring(*folders: Path, emptied: bool = False) -> list[tuple[str, str]]:
        said: Seen = []
        places = absolute(folders or (folder,), index.root)
        follower = Follower(index, places, said.append, threading.Event(), emptied=emptied)
        assert once(follower, 60)
        return [(followed.what, followed.path.name) for followed in said]

    return bring


def names(index: Index) -> list[str]:
    return sorted(row.name for row in index.catalogue.documents())


def test_files_that_come_change_move_and_go(index: Index, folder: Path, bring: Bring) -> None:
    pump, valve = pdf(folder / "pump.pdf", "The pump."), pdf(folder / "valve.pdf", "The valve.")
    assert sorted(bring()) == [("added", "pump.pdf"), ("added", "valve.pdf")]
    assert bring() == []

    os.utime(pump)  # touched: the same content is not read again
    assert bring() == []

    (folder / "deep").mkdir()
    valve.rename(folder / "deep" / "valve 2.pdf")
    assert bring() == [("moved", "valve 2.pdf")]
    assert names(index) == ["pump.pdf", "valve.pdf"]

    before = {row.name: row.id for row in index.catalogue.documents()}
    pdf(pump, "Another pump.")
    assert bring() == [("removed", "pump.pdf"), ("replaced", "pump.pdf")][::-1]
    after = {row.name: row.id for row in index.catalogue.documents()}
    assert before["pump.pdf"] != after["pump.pdf"] and before["valve.pdf"] == after["valve.pdf"]

    pump.unlink()
    assert bring() == [("removed", "pump.pdf")]
    assert names(index) == ["valve.pdf"]


def test_only_what_came_through_watching_goes_with_its_file(
    index: Index, folder: Path, tmp_path: Path, bring: Bring
) -> None:
    own, other = pdf(folder / "own.pdf", "Added by a person."), pdf(folder / "copied.pdf", "Twice.")
    index.add([own])
    (folder / "copy.pdf").write_bytes(other.read_bytes())
    assert sorted(bring()) == [("added", "copied.pdf"), ("present", "copy.pdf"), ("present", "own.pdf")]
    own.unlink()
    other.unlink()
    assert bring() == []
    assert names(index) == ["copied.pdf", "own.pdf"]  # one is a person's, of the other there is a copy
    pdf(folder / "third.pdf", "Third.")
    (folder / "copy.pdf").unlink()
    assert sorted(bring()) == [("added", "third.pdf"), ("removed", "copy.pdf")]
    assert names(index) == ["own.pdf", "third.pdf"]


def test_a_document_that_a_person_removed_stays_out_until_its_file_changes(
    index: Index, folder: Path, bring: Bring
) -> None:
    path = pdf(folder / "a.pdf", "One.")
    bring()
    index.remove(index.catalogue.documents()[0].id)
    assert bring() == [] and names(index) == []
    pdf(path, "Two.")
    assert ("replaced", "a.pdf") in bring() and names(index) == ["a.pdf"]


def test_a_folder_that_is_not_there_from_the_start_is_told_once(folder: Path, bring: Bring) -> None:
    folder.rmdir()
    assert bring() == [("kept", "manuals")]
    folder.mkdir()
    pdf(folder / "a.pdf", "One.")
    assert bring() == [("added", "a.pdf")]


@pytest.mark.parametrize("how", ["renamed away", "emptied", "not readable"])
def test_a_folder_that_vanishes_keeps_its_documents(
    index: Index, folder: Path, tmp_path: Path, bring: Bring, how: str
) -> None:
    pdf(folder / "a.pdf", "One.")
    bring()
    away = tmp_path / "away"
    if how == "not readable":
        folder.chmod(0)
        if os.access(folder, os.R_OK):
            folder.chmod(0o755)
            pytest.skip("may read everything")
    else:
        folder.rename(away)
        if how == "emptied":
            folder.mkdir()
    assert bring() == [("kept", "manuals")]
    assert names(index) == ["a.pdf"]
    if how == "not readable":
        folder.chmod(0o755)
    else:
        if how == "emptied":
            folder.rmdir()
        away.rename(folder)
    assert bring() == []
    (folder / "a.pdf").unlink()
    assert bring() == [("kept", "manuals")]
    assert bring(emptied=True) == [("removed", "a.pdf")]


def test_hidden_unfinished_and_circular_things_are_left_alone(index: Index, folder: Path, bring: Bring) -> None:
    for name in ("~$report.docx", ".hidden.pdf", "film.pdf.part", "movie.pdf.crdownload", "notes.txt"):
        (folder / name).write_bytes(b"%PDF-1.7 not to be looked at")
    (folder / ".git").mkdir()
    pdf(folder / ".git" / "x.pdf", "Hidden.")
    (folder / "round").symlink_to(folder, target_is_directory=True)
    (folder / "nowhere.pdf").symlink_to(folder / "nothing.pdf")
    pdf(folder / "a.pdf", "One.")
    assert bring() == [("added", "a.pdf")]
    with pytest.raises(BadSettings, match="inside the index"):
        absolute([index.root / "files"], index.root)
    with pytest.raises(BadSettings, match="is a file"):
        absolute([folder / "a.pdf"], index.root)


def test_an_unreadable_version_is_a_problem_and_the_one_before_stays(index: Index, folder: Path, bring: Bring) -> None:
    path = pdf(folder / "a.pdf", "One.")
    bring()
    path.write_bytes(b"no PDF at all")
    assert bring() == [("failed", "a.pdf")]
    assert bring() == []  # it is not read again before it changes
    follower = Follower(index, [folder], lambda followed: None, threading.Event())
    follower.look()
    assert list(follower.problems) == [path] and str(folder) not in follower.problems[path]
    assert names(index) == ["a.pdf"]
    pdf(path, "Two.")
    assert sorted(bring()) == [("removed", "a.pdf"), ("replaced", "a.pdf")]


def test_a_file_that_is_being_written_is_waited_for(index: Index, folder: Path) -> None:
    said: Seen = []
    follower = Follower(index, [folder], said.append, threading.Event())
    whole = pdf(folder.parent / "whole.pdf", "All of it.").read_bytes()
    path = folder / "a.pdf"
    for size in (0, 100, 300):
        path.write_bytes(whole[:size])
        assert follower.look()
        time.sleep(0.06)
    path.write_bytes(whole)
    assert once(follower, 60)
    assert [(followed.what, followed.path) for followed in said] == [("added", path)]


def test_a_stop_in_the_middle_is_taken_up_again(index: Index, folder: Path, bring: Bring) -> None:
    """Killed after the document was added and before that was noted: it still goes with its file."""
    path = pdf(folder / "a.pdf", "One.")
    pdf(folder / "b.pdf", "Two.")
    bring()
    (row,) = (row for row in watched.listed(index.catalogue) if row.path == str(path))
    watched.change(index.catalogue, [row._replace(state="coming")])
    assert bring() == [("added", "a.pdf")]
    path.unlink()
    assert bring() == [("removed", "a.pdf")]


def test_a_folder_that_comes_back_is_followed_at_once(
    index: Index, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing is reported of a folder that is not there, and the next look would be long after."""
    monkeypatch.setattr("rag.watching.watch.LOOK", 3600.0)
    said: Seen = []
    stop = threading.Event()
    watcher = Watcher(Follower(index, [folder], said.append, stop), stop)
    thread = threading.Thread(target=watcher.run)

    def wait(what: str, name: str) -> None:
        until = time.monotonic() + 60
        while (what, name) not in [(followed.what, followed.path.name) for followed in said]:
            assert time.monotonic() < until
            time.sleep(0.02)

    pdf(folder / "a.pdf", "One.")
    away = folder.with_name("away")
    thread.start()
    try:
        wait("added", "a.pdf")
        folder.rename(away)
        wait("kept", folder.name)
        pdf(away / "b.pdf", "Two.")
        away.rename(folder)
        wait("added", "b.pdf")
    finally:
        stop.set()
        thread.join(60)
    assert names(index) == ["a.pdf", "b.pdf"]


def test_a_watcher_hears_of_files_and_one_process_watches(index: Index, folder: Path) -> None:
    said: Seen = []
    stop, looked = threading.Event(), threading.Event()
    watcher = Watcher(Follower(index, [folder], said.append, stop), stop)
    thread = threading.Thread(target=watcher.run, args=(lambda problem: looked.set(),))

    def wait(what: str) -> None:
        until = time.monotonic() + 60
        while what not in [followed.what for followed in said]:
            assert time.monotonic() < until
            time.sleep(0.02)

    with alone(index):
        with pytest.raises(IndexBusy, match="watches folders"), alone(index):
            pass
        thread.start()
        try:
            assert looked.wait(60)
            path = pdf(folder / "a.pdf", "One.")
            wait("added")
            path.unlink()  # the last of the folder; that it went was reported
            wait("removed")
        finally:
            stop.set()
            thread.join(60)
    assert names(index) == []
