"""Files that wait, in the index folder or elsewhere: where they lie; no name from the queue leads out of it."""

from __future__ import annotations

import os
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from ingestion.elements import file_id
from ingestion.recordings.container import subtitle_file
from rag.errors import StoreError
from rag.queue import files
from rag.queue.files import WaitingFiles

DOC = "a" * 64


def test_an_index_has_one_name_whoever_asks_first(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        names = set(pool.map(lambda _: files.library_name(tmp_path), range(32)))
    assert len(names) == 1 and names.pop().startswith("pagesight_")
    assert [path.name for path in (tmp_path / "queue").iterdir()] == ["library"]
    assert files.library_name(tmp_path / "other") != files.library_name(tmp_path)


@pytest.fixture(params=["folder", "elsewhere"])
def machines(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[WaitingFiles, WaitingFiles]:
    """Who enqueues, and who works: with the same folder, or with folders of their own."""
    if request.param == "folder":
        return WaitingFiles(tmp_path / "one"), WaitingFiles(tmp_path / "one")
    return tuple(WaitingFiles(tmp_path / name, str(tmp_path / "elsewhere")) for name in ("one", "two"))  # type: ignore[return-value]


@pytest.mark.parametrize("name", ["ä manual.txt", "50% – a?b#c&d;e.txt", "~.txt", "x" * 200 + ".txt"])
def test_a_file_waits_as_a_copy_until_it_is_let_go(
    machines: tuple[WaitingFiles, WaitingFiles], tmp_path: Path, name: str
) -> None:
    here, there = machines
    path = tmp_path / name
    path.write_bytes(b"one")
    doc = file_id(path)
    here.lay(path, doc)
    path.write_bytes(b"two")
    for _ in range(2):
        assert there.bring(doc, name).read_bytes() == b"one"
    assert [one.name for one in there.bring(doc, name).parent.iterdir()] == [name]
    there.let_go(doc)
    there.let_go(doc)
    assert not here.bring(doc, name).parent.exists()
    assert not [path for path in (tmp_path / "elsewhere").rglob("*") if path.is_file()]


def test_what_is_not_the_file_that_was_enqueued_is_not_taken(tmp_path: Path) -> None:
    path = tmp_path / "manual.txt"
    path.write_bytes(b"one")
    waiting, doc = WaitingFiles(tmp_path / "index", str(tmp_path / "elsewhere")), file_id(path)
    waiting.lay(path, doc)
    (tmp_path / "elsewhere/queue" / doc / "file").write_bytes(b"another")
    assert not waiting.bring(doc, path.name).exists()


@pytest.mark.parametrize("name", ["repair.srt", "repair.de.vtt"])
def test_subtitles_wait_with_their_recording(
    machines: tuple[WaitingFiles, WaitingFiles], tmp_path: Path, name: str
) -> None:
    path = tmp_path / "repair.mp4"
    path.write_bytes(b"\0\0\0\x18ftypmp42" + bytes(32))
    (tmp_path / name).write_text("1\n00:00:01,000 --> 00:00:02,000\nOpen the cover.\n")
    (tmp_path / "repair.txt").write_text("no subtitles")
    machines[0].lay(path, file_id(path))
    place = machines[1].bring(file_id(path), path.name)
    beside = subtitle_file(place)
    assert beside is not None and beside.suffix == Path(name).suffix
    assert beside.read_bytes() == (tmp_path / name).read_bytes()
    assert len(list(place.parent.iterdir())) == 2


@pytest.mark.parametrize("name", ["", ".", "..", "../files", "a/b.pdf", "/etc/passwd", "a\0b"])
def test_no_name_from_the_queue_leads_elsewhere(tmp_path: Path, name: str) -> None:
    with pytest.raises(StoreError, match="see who writes into the database"):
        WaitingFiles(tmp_path).place(DOC, name)
    with pytest.raises(StoreError, match="is no document"):
        WaitingFiles(tmp_path).let_go(name)


def test_only_old_files_that_nobody_needs_are_tidied_away(
    machines: tuple[WaitingFiles, WaitingFiles], tmp_path: Path
) -> None:
    source = tmp_path / "manual.txt"
    source.write_bytes(b"one")
    old, new, needed = "b" * 64, "c" * 64, "d" * 64
    for doc in (old, new, needed):
        machines[0].lay(source, doc)
    files.library_name(tmp_path / "one")
    long_ago = time.time() - 2 * files.FORGOTTEN_SECONDS
    for path in tmp_path.rglob("*"):
        if new not in path.parts:
            os.utime(path, (long_ago, long_ago))
    machines[1].tidy({needed})
    left = {part for path in tmp_path.rglob("*") if path.is_file() for part in path.parts}
    assert {new, needed, "library"} <= left and old not in left
