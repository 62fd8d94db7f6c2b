"""Connections are borrowed, not kept: threads come and go, files stay few; errors say what to do."""

from __future__ import annotations

import multiprocessing
import os
import resource
import signal
import sqlite3
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from rag.errors import DiskFull, IndexBusy, IndexDamaged, StoreError
from rag.storage.records.catalogue import Catalogue
from rag.storage.tables.connections import IDLE, IN_LIMIT, in_parts
from rag.storage.tables.sqlite_file import explained

FILES_EACH = 3  # of an open connection: the database, its log, the index of its log


@pytest.fixture
def catalogue(tmp_path: Path) -> Catalogue:
    return Catalogue(tmp_path / "index", create=True)


def _open_files() -> int:
    for folder in (Path("/proc/self/fd"), Path("/dev/fd")):
        if folder.is_dir():
            return sum(1 for _ in folder.iterdir())
    pytest.skip("this system does not list the open files of a process")


def _in_threads(count: int, work: Callable[[int], object], at_once: bool) -> None:
    failed: list[BaseException] = []
    together = threading.Barrier(count if at_once else 1)

    def run(number: int) -> None:
        try:
            together.wait()
            work(number)
        except BaseException as exc:
            failed.append(exc)

    threads = [threading.Thread(target=run, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
        if not at_once:
            thread.join()
    for thread in threads:
        thread.join()
    assert not failed


@pytest.mark.parametrize("what", ["reading", "writing", "both"])
def test_three_hundred_threads_one_after_another_leave_no_open_files(catalogue: Catalogue, what: str) -> None:
    def work(number: int) -> None:
        if what != "reading":
            catalogue.note(f"key {number}", number)
        if what != "writing":
            assert catalogue.ids() == ()

    work(-1)
    before = _open_files()
    _in_threads(300, work, at_once=False)
    assert _open_files() <= before + FILES_EACH
    assert len(catalogue.manifest) == 2 + (301 if what != "reading" else 0)


def test_bursts_of_threads_do_not_add_up(catalogue: Catalogue) -> None:
    catalogue.ids()
    before, together = _open_files(), 40
    for _ in range(4):
        _in_threads(together, lambda _: catalogue.ids(), at_once=True)
    # SQLite itself keeps the file of a closed connection until it can be used again or the last one is closed
    assert _open_files() <= before + FILES_EACH * IDLE + together
    catalogue.close()
    assert _open_files() <= before


def test_blocks_within_a_thread_share_one_connection_and_its_transaction(catalogue: Catalogue) -> None:
    with catalogue.writing() as outer:
        outer.execute("INSERT INTO manifest VALUES ('a', '1')")
        with catalogue.reading() as inner:
            assert inner is outer
        assert catalogue.manifest["a"] == 1
        seen: list[bool] = []
        threading.Thread(target=lambda: seen.append("a" in catalogue.manifest)).run()
        other = threading.Thread(target=lambda: seen.append("a" in catalogue.manifest))
        other.start()
        other.join()
        assert seen == [True, False]
    with catalogue.reading() as outer, catalogue.snapshot() as inner:
        assert inner is outer is catalogue.connection()


def test_a_failed_write_takes_back_all_of_it_and_the_connection_goes_on(catalogue: Catalogue) -> None:
    with pytest.raises(ZeroDivisionError), catalogue.writing() as db:
        db.execute("INSERT INTO manifest VALUES ('a', '1')")
        raise ZeroDivisionError
    assert "a" not in catalogue.manifest
    catalogue.note("a", 2)
    assert catalogue.manifest["a"] == 2


def test_a_snapshot_stays_at_its_moment_while_others_and_its_own_thread_write(catalogue: Catalogue) -> None:
    catalogue.note("a", 1)
    with catalogue.snapshot():
        assert catalogue.manifest["a"] == 1
        writer = threading.Thread(target=catalogue.note, args=("a", 2))
        writer.start()
        writer.join()
        assert catalogue.manifest["a"] == 1
        catalogue.note("b", 3)
        assert "b" not in catalogue.manifest
        with catalogue.latest(), catalogue.snapshot():
            assert (catalogue.manifest["a"], catalogue.manifest["b"]) == (2, 3)
    assert (catalogue.manifest["a"], catalogue.manifest["b"]) == (2, 3)


def test_a_connection_is_only_there_inside_a_block(catalogue: Catalogue) -> None:
    with pytest.raises(RuntimeError, match="only there inside"):
        catalogue.connection()


def test_after_closing_it_opens_again(catalogue: Catalogue) -> None:
    with catalogue.reading():
        catalogue.close()
        assert catalogue.ids() == ()
    assert catalogue.ids() == ()


def _error(code: int, text: str) -> sqlite3.Error:
    exc = sqlite3.OperationalError(text)
    exc.sqlite_errorcode = code
    return exc


@pytest.mark.parametrize(
    ("code", "kind", "remedy"),
    [
        (sqlite3.SQLITE_CORRUPT, IndexDamaged, "move this file"),
        (sqlite3.SQLITE_CORRUPT_VTAB, IndexDamaged, "move this file"),
        (sqlite3.SQLITE_NOTADB, IndexDamaged, "move this file"),
        (sqlite3.SQLITE_BUSY, IndexBusy, "wait until"),
        (sqlite3.SQLITE_BUSY_SNAPSHOT, IndexBusy, "wait until"),
        (sqlite3.SQLITE_LOCKED, IndexBusy, "wait until"),
        (sqlite3.SQLITE_FULL, DiskFull, "free some space"),
        (sqlite3.SQLITE_IOERR_WRITE, DiskFull, "free some space"),
        (sqlite3.SQLITE_IOERR_READ, StoreError, "disk"),
        (sqlite3.SQLITE_READONLY, StoreError, "allow writing"),
        (sqlite3.SQLITE_READONLY_DIRECTORY, StoreError, "allow writing"),
        (sqlite3.SQLITE_CANTOPEN, StoreError, "ulimit"),
        (sqlite3.SQLITE_TOOBIG, StoreError, "less at once"),
        (sqlite3.SQLITE_INTERRUPT, StoreError, "try again"),
        (sqlite3.SQLITE_NOMEM, StoreError, "memory"),
        (sqlite3.SQLITE_ERROR, StoreError, "left as it is"),
        (sqlite3.SQLITE_CONSTRAINT, StoreError, "left as it is"),
    ],
)  # fmt: skip
def test_every_error_has_its_own_remedy(tmp_path: Path, code: int, kind: type[StoreError], remedy: str) -> None:
    found = explained(_error(code, "words of SQLite"), tmp_path / "catalogue.sqlite3")
    assert type(found) is kind
    assert "words of SQLite" in str(found)
    assert ("move this file" in str(found)) == (kind is IndexDamaged)
    assert remedy in str(found)


def test_only_a_broken_file_is_called_damaged(catalogue: Catalogue, tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="too many SQL variables") as error, catalogue.reading() as db:
        db.execute(f"SELECT {','.join('?' * 300_000)}", [0] * 300_000)
    assert not isinstance(error.value, IndexDamaged) and "move this file" not in str(error.value)
    with pytest.raises(StoreError) as error, catalogue.reading() as db:
        assert isinstance(db, sqlite3.Connection)
        db.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, 1000)
        try:
            db.execute("SELECT ?", ["x" * 2000])
        finally:
            db.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, 10**9)
    assert "less at once" in str(error.value)
    with pytest.raises(StoreError, match="try again") as error, catalogue.reading() as db:
        assert isinstance(db, sqlite3.Connection)
        db.set_progress_handler(lambda: 1, 1)
        try:
            db.execute("SELECT COUNT(*) FROM manifest, manifest, manifest").fetchall()
        finally:
            db.set_progress_handler(None, 0)
    assert not isinstance(error.value, IndexDamaged)
    catalogue.close()
    for page in range(1, len(catalogue.path.read_bytes()) // 4096):
        with catalogue.path.open("r+b") as file:
            file.seek(4096 * page)
            file.write(b"\xff" * 4096)
    with pytest.raises(IndexDamaged, match="move this file"):
        Catalogue(tmp_path / "index").documents()


def test_where_nothing_can_be_written_beside_it_a_catalogue_is_read_as_it_is(tmp_path: Path) -> None:
    catalogue = Catalogue(tmp_path / "index", create=True)
    catalogue.note("made", "before")
    catalogue.close()
    beside = tmp_path / "index" / "catalogue.sqlite3-shm"
    beside.symlink_to(tmp_path / "nowhere" / "x")  # SQLite cannot make its file: as where nothing may be written
    readable = Catalogue(tmp_path / "index")
    assert readable.manifest["made"] == "before"
    with readable.snapshot():
        assert readable.ids() == () and readable.manifest["made"] == "before"
    with pytest.raises(StoreError, match="cannot be used"):
        readable.note("made", "not")
    beside.unlink()
    other = Catalogue(tmp_path / "index")
    other.note("made", "later")
    assert readable.manifest["made"] == "later"
    readable.note("made", "last")
    assert other.manifest["made"] == "last"


def test_what_stands_in_the_log_alone_is_not_left_out_when_nothing_can_be_written(tmp_path: Path) -> None:
    catalogue = Catalogue(tmp_path / "index", create=True)
    catalogue.note("made", "before")
    (tmp_path / "copy").mkdir()
    for end in ("", "-wal"):
        name = f"catalogue.sqlite3{end}"
        (tmp_path / "copy" / name).write_bytes((tmp_path / "index" / name).read_bytes())
    (tmp_path / "copy" / "catalogue.sqlite3-shm").symlink_to(tmp_path / "nowhere" / "x")
    with pytest.raises(StoreError, match="cannot be"):
        Catalogue(tmp_path / "copy")


def _read_on_a_full_disk(folder: Path) -> None:
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    catalogue = Catalogue(folder)
    try:
        catalogue.note("made", "now")
    except DiskFull as exc:
        os._exit(0 if catalogue.manifest["made"] == "before" and "free some space" in str(exc) else 2)
    os._exit(1)


def test_on_a_full_disk_a_catalogue_is_still_read(tmp_path: Path) -> None:
    catalogue = Catalogue(tmp_path / "index", create=True)
    catalogue.note("made", "before")
    catalogue.close()
    child = multiprocessing.get_context("fork").Process(target=_read_on_a_full_disk, args=(tmp_path / "index",))
    child.start()
    child.join()
    assert child.exitcode == 0


def test_a_folder_that_may_not_be_written_to_is_named_as_that(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "catalogue.sqlite3"
    path.write_bytes(b"x")
    exc = sqlite3.OperationalError("unable to open database file")
    exc.sqlite_errorcode = sqlite3.SQLITE_CANTOPEN
    assert "open more files" in str(explained(exc, path))
    monkeypatch.setattr("rag.storage.tables.sqlite_file.os.access", lambda folder, mode: False)
    assert "allow writing" in str(explained(exc, path))
    path.with_name("catalogue.sqlite3-wal").write_bytes(b"x")
    assert "copy the folder to a place that may be written to" in str(explained(exc, path))


@pytest.mark.parametrize("count", [0, 1, 2, 3, 5, 64, 65, IN_LIMIT - 1, IN_LIMIT, IN_LIMIT + 1, 2 * IN_LIMIT + 3])
def test_any_number_of_values_is_looked_up_each_once_in_few_statements(count: int) -> None:
    db = sqlite3.connect(":memory:")
    db.execute("CREATE TABLE numbers(number INTEGER PRIMARY KEY, even INTEGER)")
    db.executemany("INSERT INTO numbers VALUES (?, ?)", [(number, number % 2 == 0) for number in range(2_000)])
    statements: list[str] = []
    db.set_trace_callback(statements.append)
    wanted = list(range(0, 3 * count, 3))[:count]
    sql = "SELECT number FROM numbers WHERE even = ? AND number IN"
    found = [number for (number,) in in_parts(db, sql, wanted, before=(1,))]
    assert sorted(found) == [number for number in wanted if number < 2_000 and number % 2 == 0]
    assert len(statements) == -(-count // IN_LIMIT)


def test_lengths_that_differ_a_little_share_a_statement() -> None:
    seen: set[str] = set()

    class Noting(sqlite3.Connection):
        def execute(self, sql: str, *values: Any) -> sqlite3.Cursor:
            seen.add(sql)
            return super().execute(sql, *values)

    db = sqlite3.connect(":memory:", factory=Noting)
    for count in range(1, 2 * IN_LIMIT):
        list(in_parts(db, "SELECT 1 WHERE 1 IN", list(range(count))))
    assert len(seen) == len({1, 2, 4, 8, 16, 32, 64, 128, 256, IN_LIMIT})
