"""Files that wait in the index folder: where they lie, and that no name from the queue leads out of it."""

from __future__ import annotations

import os
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from ingestion.elements import file_id
from rag.errors import StoreError
from rag.queue import files

DOC = "a" * 64


def test_an_index_has_one_name_whoever_asks_first(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        names = set(pool.map(lambda _: files.library_name(tmp_path), range(32)))
    assert len(names) == 1 and names.pop().startswith("pagesight_")
    assert [path.name for path in (tmp_path / "queue").iterdir()] == ["library"]
    assert files.library_name(tmp_path / "other") != files.library_name(tmp_path)


def test_a_file_waits_as_a_copy_until_it_is_let_go(tmp_path: Path) -> None:
    path = tmp_path / "ä manual.txt"
    path.write_bytes(b"one")
    doc = file_id(path)
    files.lay(tmp_path, path, doc)
    path.write_bytes(b"two")
    assert files.place_of(tmp_path, doc, path.name).read_bytes() == b"one"
    files.let_go(tmp_path, doc)
    files.let_go(tmp_path, doc)
    assert not files.place_of(tmp_path, doc, path.name).parent.exists()


@pytest.mark.parametrize("name", ["repair.srt", "repair.de.vtt"])
def test_subtitles_wait_with_their_recording(tmp_path: Path, name: str) -> None:
    path = tmp_path / "repair.mp4"
    path.write_bytes(b"\0\0\0\x18ftypmp42" + bytes(32))
    (tmp_path / name).write_text("1\n00:00:01,000 --> 00:00:02,000\nOpen the cover.\n")
    (tmp_path / "repair.txt").write_text("no subtitles")
    files.lay(tmp_path, path, file_id(path))
    place = files.place_of(tmp_path, file_id(path), path.name)
    assert sorted(one.name for one in place.parent.iterdir()) == sorted([name, "repair.mp4"])


@pytest.mark.parametrize("name", ["", ".", "..", "../files", "a/b.pdf", "/etc/passwd", "a\0b"])
def test_no_name_from_the_queue_leads_elsewhere(tmp_path: Path, name: str) -> None:
    with pytest.raises(StoreError, match="see who writes into the database"):
        files.place_of(tmp_path, DOC, name)
    with pytest.raises(StoreError, match="is no document"):
        files.let_go(tmp_path, name)


def test_only_old_files_that_nobody_needs_are_tidied_away(tmp_path: Path) -> None:
    source = tmp_path / "manual.txt"
    source.write_bytes(b"one")
    old, new, needed = "b" * 64, "c" * 64, "d" * 64
    for doc in (old, new, needed):
        files.lay(tmp_path, source, doc)
    files.library_name(tmp_path)
    long_ago = time.time() - 2 * files.FORGOTTEN_SECONDS
    for entry in (old, needed, "library"):
        os.utime(tmp_path / "queue" / entry, (long_ago, long_ago))
    files.tidy(tmp_path, {needed})
    assert sorted(path.name for path in (tmp_path / "queue").iterdir()) == [new, needed, "library"]
