"""Libraries copied to folders and object stores, and back: the same hits and files, also after a kill."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from small_library import files, make_library, opened, put

from rag.cli.arguments import parser
from rag.cli.commands import run
from rag.errors import BadSettings, DiskFull, StoreError
from rag.retrieval.search import search
from rag.service.users import Users
from rag.storage import trash
from rag.storage.copies.library_copy import copy_from_objects, copy_to_folder, copy_to_objects
from rag.storage.files.objects import Objects
from rag.storage.records import collections, conversations
from rag.types import Progress, Query

HELPERS = Path(__file__).resolve().parents[3] / "helpers"
QUESTIONS = (Query("How do I clean the drain pump of model 8?"), Query("What does E6 mean?"))


def silent(step: Progress) -> None:
    assert step.done <= step.total


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two documents, one in the trash, a conversation with a picture, a collection, a user."""
    root = tmp_path_factory.mktemp("made") / "index"
    documents = make_library(root)
    with opened(root) as index:
        named = collections.create(index.catalogue, "Pumps")
        collections.put(index.catalogue, named.id, [documents[1].id])
    return root


@pytest.fixture
def root(made: Path, tmp_path: Path) -> Path:
    shutil.copytree(made, tmp_path / "index")
    return tmp_path / "index"


def hits(root: Path) -> list[tuple[str, float]]:
    with opened(root) as index:
        return [(hit.chunk.id, round(hit.score, 6)) for one in QUESTIONS for hit in search(index, one, 10).hits]


def is_the_same(copy: Path, made: Path) -> None:
    assert hits(copy) == hits(made) and hits(made)
    assert files(copy) == files(made)
    with opened(copy) as index, opened(made) as before:
        assert index.check() == []
        assert trash.listed(index) == trash.listed(before)
        assert collections.listed(index.catalogue) == collections.listed(before.catalogue)
        (turn,) = conversations.read(index.catalogue, "anna", "c")
        assert conversations.picture(index.catalogue, "anna", turn.id, "1").data == b"picture"
    assert Users(copy).find("anna") == Users(made).find("anna")
    assert (copy / "users.json").stat().st_mode & 0o777 == 0o600
    assert [path.name for path in copy.iterdir() if path.name.startswith(".copying")] == []


def killed_after(number: int, source: object, target: object) -> None:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    command = [sys.executable, str(HELPERS / "copy_driver.py"), str(source), str(target), str(number)]
    assert subprocess.run(command, env=environment, check=False).returncode == -signal.SIGKILL


def test_a_copy_in_a_folder_is_the_library_after_a_kill_too(root: Path, tmp_path: Path) -> None:
    target = tmp_path / "new" / "copy"
    killed_after(5, root, target)
    assert not (target / "catalogue.sqlite3").exists()
    moved = next(path for path in (target / ".copying").iterdir() if path.is_dir())
    moved.replace(target / moved.name)  # as if it had been killed while it was moved into place
    with opened(root) as index:
        third = put(index, 20)  # what changes meanwhile is in the copy, and what has gone is not
        gone = next(row for row in index.catalogue.documents() if row.id != third.id)
        index.remove(gone.id, keep=False)
        done = copy_to_folder(index, target, silent)
    assert 0 < done.sent < len(done.contents.files)
    is_the_same(target, root)
    assert not (target / "files" / gone.id).exists()


def test_killed_while_it_notes_whose_copy_it_is_a_copy_goes_on(root: Path, tmp_path: Path) -> None:
    (tmp_path / "copy").mkdir()
    (tmp_path / "copy" / ".copying.json.4711.part").write_bytes(b"half")
    with opened(root) as index:
        copy_to_folder(index, tmp_path / "copy", silent)
    is_the_same(tmp_path / "copy", root)


def test_a_copy_for_which_there_is_no_room_says_how_much_it_wants(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    little = shutil._ntuple_diskusage(9, 9, 12_000)
    monkeypatch.setattr("rag.storage.copies.library_copy.shutil.disk_usage", lambda path: little)
    with opened(root) as index, pytest.raises(DiskFull, match=r"needs \d+\.\d MB more, and 12 kB are free"):
        copy_to_folder(index, tmp_path / "copy", silent)


def test_a_copy_in_an_object_store_and_back_is_the_library_after_kills_too(
    root: Path, tmp_path: Path, signed_in: None
) -> None:
    address, back = "s3://library/some/prefix", tmp_path / "back"
    killed_after(5, root, address)
    with pytest.raises(StoreError, match="has no library"):
        copy_from_objects(Objects(address), tmp_path / "none", silent)
    with opened(root) as index:
        done = copy_to_objects(index, Objects(address), silent)
        assert 0 < done.sent < len(done.contents.files)
        assert copy_to_objects(index, Objects(address), silent).sent == 0
    killed_after(5, address, back)
    assert 0 < copy_from_objects(Objects(address), back, silent).sent < len(done.contents.files)
    is_the_same(back, root)


def test_a_library_in_an_object_store_is_brought_up_to_date_and_never_replaced_by_another(
    root: Path, tmp_path: Path
) -> None:
    address = (tmp_path / "objects").as_uri()
    with opened(root) as index:
        first = copy_to_objects(index, Objects(address), silent)
        index.remove(index.catalogue.documents()[0].id, keep=False)
        put(index, 20)
        second = copy_to_objects(index, Objects(address), silent)
    assert 0 < second.sent < first.sent
    kept = {path.name for path in (tmp_path / "objects" / "blobs").iterdir()}
    assert kept == {entry.sha256 for entry in second.contents.files}
    with opened(tmp_path / "other", create=True) as other, pytest.raises(StoreError, match="has another library"):
        copy_to_objects(other, Objects(address), silent)
    copy_from_objects(Objects(address), tmp_path / "back", silent)
    assert hits(tmp_path / "back") == hits(root)


def test_nothing_that_is_there_is_written_over(root: Path, tmp_path: Path) -> None:
    other, target = tmp_path / "other", tmp_path / "copy"
    with opened(root) as index, opened(other, create=True) as second:
        put(second, 4)
        for folder, why in ((other, "not empty"), (root / "below", "lies in the index")):
            with pytest.raises(StoreError, match=why):
                copy_to_folder(index, folder, silent)
        killed_after(3, root, target)
        with pytest.raises(StoreError, match="holds an unfinished copy of another library"):
            copy_to_folder(second, target, silent)
        copy_to_folder(index, target, silent)
    assert hits(target) == hits(root)


def test_an_object_that_was_changed_becomes_no_index(root: Path, tmp_path: Path) -> None:
    address, back = (tmp_path / "objects").as_uri(), tmp_path / "back"
    with opened(root) as index:
        done = copy_to_objects(index, Objects(address), silent)
        entry = next(entry for entry in done.contents.files if entry.name.endswith(".npy"))
        blob = tmp_path / "objects" / "blobs" / entry.sha256
        whole = blob.read_bytes()
        blob.write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))
        with pytest.raises(StoreError, match="is not as it was written"):
            copy_from_objects(Objects(address), back, silent)
        assert not (back / "catalogue.sqlite3").exists()
        blob.unlink()
        with pytest.raises(StoreError, match="is not there"):
            copy_from_objects(Objects(address), back, silent)
        assert copy_to_objects(index, Objects(address), silent).sent == 1
    copy_from_objects(Objects(address), back, silent)
    assert files(back) == files(root)


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("ftp://host/x", "is no object store"),
        ("s3:///x", "names no bucket"),
        ("s3://key:secret@bucket/x", "keys are read from the environment"),
    ],
)
def test_an_address_that_cannot_be_used_says_why_and_shows_no_key(address: str, said: str) -> None:
    with pytest.raises(BadSettings, match=said) as raised:
        Objects(address)
    assert "secret" not in str(raised.value)


def test_an_object_store_that_is_away_or_lacks_the_bucket_says_so(root: Path, signed_in: None) -> None:
    with opened(root) as index, pytest.raises(StoreError, match=r"s3://nobody/x.* cannot be used|is not there"):
        copy_to_objects(index, Objects("s3://nobody/x"), silent)


def test_the_command_copies_there_and_back(root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    address = (tmp_path / "objects").as_uri()
    assert run(parser().parse_args(["copy", "--index", str(root), "--to", address])) == 0
    assert run(parser().parse_args(["copy", "--from", address, "--to", str(tmp_path / "back")])) == 0
    assert "2 documents" in capsys.readouterr().out
    with pytest.raises(BadSettings, match="both object stores"):
        run(parser().parse_args(["copy", "--from", address, "--to", "s3://bucket"]))
    assert hits(tmp_path / "back") == hits(root)
