"""What a process that reads foreign files can still do: tried in real ones. Where the system refuses, all goes on."""

from __future__ import annotations

import json
import socket
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from make_pdfs import text_pages

from ingestion.workers import sandbox
from ingestion.workers.child import Limits
from ingestion.workers.parse import Workers, parse_in_worker
from ingestion.workers.sandbox import EVERYTHING, shut_in, what_is_given_up

GIVEN_UP = what_is_given_up()
needs_all = pytest.mark.skipif(GIVEN_UP != EVERYTHING, reason=f"this system lets a process give up {GIVEN_UP} only")


@pytest.fixture
def listening() -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


def tries(tmp_path: Path, port: int, shut: bool) -> dict[str, str]:
    own = tmp_path / "own"
    own.mkdir()
    (tmp_path / "kept").write_text("kept")
    file = tmp_path / f"{port}.pdf"
    file.write_bytes(b"%PDF-1.4")
    with Workers(1, "odd_readers:Escaping", (own,) if shut else None) as workers:
        document = parse_in_worker(file, own, workers=workers)
    found: dict[str, str] = json.loads(document.title)
    return found


@needs_all
def test_a_reader_that_was_taken_over_reaches_nothing(
    tmp_path: Path, listening: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "tmp").mkdir()
    monkeypatch.setenv("TMPDIR", str(tmp_path / "tmp"))
    ended = tries(tmp_path, listening, shut=True)
    refused = {name for name, how in ended.items() if how in ("EPERM", "EACCES")}
    assert refused == {
        *("internet", "datagram", "program", "fork", "write", "change", "delete", "move", "link"),
        *(["signal"] if ended["signal"] != "done" else []),  # Linux 6.12
    }
    assert {ended[name] for name in ("own folder", "temporary", "read", "thread")} == {"done"}
    assert (tmp_path / "kept").read_text() == "kept" and not (tmp_path / "new").exists()


def test_the_same_reader_could_without(tmp_path: Path, listening: int) -> None:
    ended = tries(tmp_path, listening, shut=False)
    assert ended["internet"] == ended["program"] == ended["write"] == "done"


@pytest.mark.parametrize("refused", ["prctl", "Landlock", "seccomp", "other system", "other processor"])
def test_a_system_that_refuses_stops_nothing(refused: str, monkeypatch: pytest.MonkeyPatch) -> None:
    class Refusing:
        def prctl(self, *values: object) -> int:
            return -1 if refused == "prctl" else 0

        def syscall(self, number: object, *values: object) -> int:
            return -1

    monkeypatch.setattr(sandbox.ctypes, "CDLL", lambda *args, **named: Refusing())  # type: ignore[attr-defined]
    if refused == "other system":
        monkeypatch.setattr(sys, "platform", "darwin")
    if refused == "other processor":
        monkeypatch.setattr(sandbox.platform, "machine", lambda: "riscv64")  # type: ignore[attr-defined]
    assert shut_in(()) == (() if refused in ("prctl", "other system") else (sandbox.RIGHTS,))


def test_pages_are_read_as_without(tmp_path: Path) -> None:
    file = text_pages(tmp_path, 2)
    shut = parse_in_worker(file, tmp_path / "shut")
    free = parse_in_worker(file, tmp_path / "free", limits=Limits(sandbox=False))
    assert [chunk.text for chunk in shut.chunks] == [chunk.text for chunk in free.chunks] != []
    assert shut.problems == free.problems
