"""What who does not sit at the machine is told of its disks."""

from __future__ import annotations

import errno
import logging
import os
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from ingestion.errors import NotAPdf
from rag.api.problems import problem_of
from rag.disk import disk_errors, locked
from rag.errors import IndexBusy, StoreError, UnknownCollection, UnknownDocument
from rag.service import told
from rag.service.told import said, said_of
from rag.storage.tables.sqlite_file import explained


def disk(number: int) -> Callable[[Path], None]:
    def fails(path: Path) -> None:
        with disk_errors(path):
            raise OSError(number, os.strerror(number), str(path))

    return fails


def read_only(path: Path) -> None:
    with closing(sqlite3.connect(path)) as db:
        db.execute("CREATE TABLE notes (words)")
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as db:
        try:
            db.execute("INSERT INTO notes VALUES ('a')")
        except sqlite3.Error as exc:
            raise explained(exc, path) from exc


def no_database(path: Path) -> None:
    path.write_bytes(b"not a database" * 99)
    with closing(sqlite3.connect(path)) as db:
        try:
            db.execute("SELECT * FROM notes")
        except sqlite3.Error as exc:
            raise explained(exc, path) from exc


def held_by_another(path: Path) -> None:
    with locked(path), locked(path, wait=0.0):
        pass


def bare(path: Path) -> None:
    path.joinpath("not there").read_bytes()


@pytest.mark.parametrize(
    ("fails", "sentence"),
    [
        (disk(errno.ENOSPC), told.FULL),
        (disk(errno.EDQUOT), told.FULL),
        (disk(errno.EROFS), told.LOCKED),
        (disk(errno.EACCES), told.LOCKED),
        (disk(errno.EIO), told.FAILED),
        (read_only, told.LOCKED),
        (no_database, told.DAMAGED),
        (held_by_another, told.BUSY),
        (bare, told.FAILED),
    ],
)
def test_what_a_disk_says_is_told_without_its_places_and_logged_with_them(
    fails: Callable[[Path], None], sentence: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with pytest.raises((StoreError, OSError)) as raised:
        fails(tmp_path / "catalogue.db")
    with caplog.at_level(logging.WARNING):
        assert said(raised.value) == sentence
    assert str(tmp_path) in caplog.text
    assert str(tmp_path) not in problem_of(raised.value)[0].detail


def test_what_names_a_place_in_its_words_alone_is_told_without_it() -> None:
    assert said(StoreError("The index /srv/library/main holds no vectors; add documents")) == told.FAILED


@pytest.mark.parametrize(
    "exc",
    [
        UnknownDocument("No document called 'wiring/2024/plan.pdf'"),
        UnknownCollection("There is no collection '/a/b/c'; see the list"),
        IndexBusy("The index is being worked on already; wait until that is done, or cancel it"),
        StoreError("The name has 900 characters, at most 200 are kept; give a shorter one"),
        NotAPdf("old.doc is a Word file; save it as PDF"),
    ],
)
def test_what_is_of_the_askers_own_words_stays(exc: Exception) -> None:
    assert said(exc) == str(exc)


def test_words_around_those_of_an_error_stay(tmp_path: Path) -> None:
    with pytest.raises(StoreError) as raised:
        disk(errno.EROFS)(tmp_path / "catalogue.db")
    words = f"manual.pdf was read but not added: {raised.value}. Add it again"
    told_of = said_of(words, raised.value)
    assert told_of == f"manual.pdf was read but not added: {told.LOCKED} Add it again"
    assert said_of("Nothing is wrong", None) == "Nothing is wrong"
