"""The folder of each document: adopted whole, never left."""

from __future__ import annotations

import errno
import json
import multiprocessing
import os
import resource
import signal
import time
from dataclasses import replace
from pathlib import Path

import pytest
from made_documents import make_document

from ingestion.elements import BBox, Cell, Element, Region, file_id
from rag.config import Settings
from rag.disk import disk_errors, locked, write_whole
from rag.errors import DiskFull, IndexBusy, IndexDamaged, StoreError
from rag.index import Index
from rag.storage.files.document_files import DocumentFiles, from_json, to_json


def test_document_survives_json(tmp_path: Path) -> None:
    document = make_document(tmp_path, 1)
    assert from_json(to_json(document)) == document


def test_adopted_folder_is_whole_and_staging_empty(tmp_path: Path) -> None:
    files = DocumentFiles(tmp_path)
    folder = files.stage()
    document = make_document(folder, 1)
    files.adopt(document, folder)
    assert files.ids() == {document.id}
    assert files.load_document(document.id) == document
    assert file_id(files.original(document.id)) == document.id
    assert all(files.path(document.id, str(page.image)).is_file() for page in document.pages)
    assert not any(files.staging.iterdir())


def test_adopting_replaces_an_orphan(tmp_path: Path) -> None:
    files = DocumentFiles(tmp_path)
    orphan = files.document("d" * 64)
    orphan.mkdir(parents=True)
    (orphan / "half").write_text("")
    folder = files.stage()
    document = make_document(folder, 1)
    files.adopt(document, folder)
    other = files.stage()
    files.adopt(make_document(other, 1), other)
    files.remove(document.id)
    assert files.ids() == {"d" * 64}
    assert not any(files.staging.iterdir())


@pytest.mark.parametrize("relative", ["../../secret", "/etc/passwd", "", "crops/../../x"])
def test_paths_outside_the_folder_are_refused(tmp_path: Path, relative: str) -> None:
    with pytest.raises(StoreError, match="not inside"):
        DocumentFiles(tmp_path).path("a" * 64, relative)


def test_damaged_document_names_the_file_and_the_remedy(tmp_path: Path) -> None:
    files = DocumentFiles(tmp_path)
    folder = files.stage()
    document = make_document(folder, 1)
    files.adopt(document, folder)
    (files.document(document.id) / "document.json").write_text('{"format": 1, "id"')
    with pytest.raises(IndexDamaged, match=r"document\.json cannot be read.*rag remove"):
        files.load_document(document.id)


def _write_with_little_room(path: Path) -> None:
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))
    try:
        write_whole(path, b"x" * 5000)
    except DiskFull:
        os._exit(0 if path.read_bytes() == b"old" and len(list(path.parent.iterdir())) == 1 else 2)
    os._exit(1)


def test_a_write_without_room_is_disk_full_and_leaves_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"old")
    child = multiprocessing.get_context("fork").Process(target=_write_with_little_room, args=(path,))
    child.start()
    child.join()
    assert child.exitcode == 0


def test_files_that_a_killed_process_left_half_written_go_after_an_hour(tmp_path: Path) -> None:
    settings = Settings(index=tmp_path / "index", encoder="builtin", words="static")
    with Index.open(settings, create=True):
        pass
    left = [settings.index / name for name in ("users.json.4711.part", "alignments/words.safetensors.4711.part")]
    others = [settings.index / name for name in ("tokens.json.4712.part", "notes.part")]
    left[1].parent.mkdir()
    for path in (*left, *others):
        path.write_bytes(b"half")
    for path in (*left, others[1]):
        os.utime(path, (time.time() - 4000,) * 2)
    with Index.open(settings):
        assert [path for path in (*left, *others) if path.exists()] == others


@pytest.mark.parametrize(
    ("number", "kind"), [(errno.ENOSPC, DiskFull), (errno.EDQUOT, DiskFull), (errno.EACCES, StoreError)]
)
def test_system_errors_become_ours_with_the_file_named(number: int, kind: type[StoreError]) -> None:
    with pytest.raises(kind, match="crop"), disk_errors(Path("index")):
        raise OSError(number, os.strerror(number), "crop.webp")


def test_the_file_that_found_no_room_is_named_not_the_one_that_was_copied() -> None:
    with pytest.raises(DiskFull, match=r"room\.pdf"), disk_errors(Path("index")):
        raise OSError(errno.ENOSPC, "No space left on device", "given.pdf", None, "room.pdf")


def test_a_lock_names_its_holder(tmp_path: Path) -> None:
    lock = tmp_path / "write.lock"
    with locked(lock), pytest.raises(IndexBusy, match=str(os.getpid())), locked(lock, wait=0.0):
        pass
    with locked(lock, wait=0.0):
        pass


def test_readers_share_a_lock(tmp_path: Path) -> None:
    lock = tmp_path / "lock"
    shared = (locked(lock, shared=True), locked(lock, shared=True, wait=0.0))
    with shared[0], shared[1], pytest.raises(IndexBusy), locked(lock, wait=0.0):
        pass


def test_a_table_comes_back_with_all_that_is_known_of_its_cells(tmp_path: Path) -> None:
    cells = (Cell(0, 0, "a", 1, 2, True, BBox(1, 2, 3, 4), 5), Cell(1, 0, "b"))
    table = Element("table", Region(1, BBox(0, 0, 9, 9)), "| a |", cells=cells, body=BBox(1, 1, 8, 8))
    document = replace(make_document(tmp_path, 1), elements=(table,))
    assert from_json(to_json(document)) == document


def test_a_document_that_version_0_3_0_wrote_is_read(tmp_path: Path) -> None:
    """Of a cell it knew seven values, of an element no ``code``; fields of later versions keep their usual values."""
    document = make_document(tmp_path, 1)
    written = json.loads(to_json(document))
    for element in written["elements"]:
        del element["code"]
        element["cells"] = [[0, 0, "Code", 1, 1, True, [50.0, 60.0, 70.0, 80.0]], [1, 0, "E18", 1, 1, False, None]]
    read = from_json(json.dumps(written).encode())
    assert read.elements[0].cells == (
        Cell(0, 0, "Code", 1, 1, True, BBox(50.0, 60.0, 70.0, 80.0)),
        Cell(1, 0, "E18"),
    )
    assert replace(read, elements=()) == replace(document, elements=())
