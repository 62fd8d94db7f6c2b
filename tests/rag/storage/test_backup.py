"""Backups: one moment of an index that is used meanwhile, and an index made of it again; nothing that is damaged is."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import signal
import stat
import subprocess
import sys
import tarfile
import threading
import time
import zipfile
from pathlib import Path

import pytest
from small_library import files, make_library, opened, put

from rag.cli.arguments import parser
from rag.cli.commands import run
from rag.config import Settings
from rag.errors import DiskFull, IndexBusy, StoreError
from rag.index import Index
from rag.retrieval.search import search
from rag.service.users import Users
from rag.storage import trash
from rag.storage.copies import backup
from rag.storage.copies.backup import back_up
from rag.storage.copies.backup_file import MANIFEST, contents_of, is_backup, restore
from rag.storage.records import conversations
from rag.storage.records.conversation_values import KeptTurn, new_id
from rag.storage.tables import schema
from rag.types import Progress, Query

QUESTION = Query("How do I clean the drain pump of model 8?")
HELPERS = Path(__file__).resolve().parents[2] / "helpers"


def silent(step: Progress) -> None:
    assert step.done <= step.total


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two documents, one in the trash, a conversation with a picture, a user; copied by who changes it."""
    root = tmp_path_factory.mktemp("made") / "index"
    make_library(root)
    return root


@pytest.fixture(scope="module")
def packed(made: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("packed") / "library.backup"
    with opened(made) as index:
        assert back_up(index, target, silent).problems == ()
    return target


@pytest.fixture
def root(made: Path, tmp_path: Path) -> Path:
    shutil.copytree(made, tmp_path / "index")
    return tmp_path / "index"


def hits(root: Path) -> list[tuple[str, float]]:
    with opened(root) as index:
        return [(hit.chunk.id, round(hit.score, 6)) for hit in search(index, QUESTION, 10).hits]


def test_an_index_made_of_a_backup_is_the_one_that_was_backed_up(packed: Path, made: Path, tmp_path: Path) -> None:
    done = restore(packed, tmp_path / "new" / "index", False, silent)
    assert (done.contents.documents, done.contents.pages, done.contents.conversations) == (2, 4, 1)
    with opened(done.folder) as index:
        index.settle()
        assert index.check() == []
        (row,) = trash.listed(index)
        assert index.restore(row.id).name == "manual-3.pdf"
        (turn,) = conversations.read(index.catalogue, "anna", "c")
        assert conversations.picture(index.catalogue, "anna", turn.id, "1").data == b"picture"
        index.remove(row.id)
    assert hits(done.folder) == hits(made) and hits(made)
    assert {k: v for k, v in files(done.folder).items() if not k.endswith("trash.json")} == {
        k: v for k, v in files(made).items() if not k.endswith("trash.json")
    }
    assert Users(done.folder).find("anna") == Users(made).find("anna")
    assert [stat.S_IMODE(path.stat().st_mode) for path in (packed, done.folder / "users.json")] == [0o600, 0o600]
    assert [path.name for path in done.folder.iterdir() if "restoring" in path.name] == []


def test_backups_taken_while_documents_come_and_go_are_each_of_one_moment(root: Path, tmp_path: Path) -> None:
    ended, failed = threading.Event(), list[BaseException]()

    def others() -> None:
        try:
            with opened(root) as writer:
                number = 20
                while not ended.is_set():
                    document = put(writer, number)
                    turn = KeptTurn(new_id(), f"Question {number}?", status="done", text="An answer.")
                    conversations.save_turn(writer.catalogue, "anna", f"c{number}", turn, {})
                    writer.remove(document.id, keep=number % 2 == 0)
                    number += 1
        except BaseException as exc:
            failed.append(exc)

    busy = threading.Thread(target=others)
    busy.start()
    try:
        targets = [tmp_path / f"{number}.backup" for number in range(4)]
        with opened(root) as index:
            revisions = list[int]()
            for target in targets:
                _until_changed(index, revisions[-1] if revisions else -1)
                revisions.append(back_up(index, target, silent).contents.revision)
    finally:
        ended.set()
        busy.join()
    assert failed == [] and revisions == sorted(set(revisions))
    for target in (targets[0], targets[-1]):
        done = restore(target, target.with_suffix(""), False, silent)
        with opened(done.folder) as index:
            index.settle()
            assert index.check() == []
            assert len(index.catalogue.ids()) == done.contents.documents
            assert conversations.count(index.catalogue) == done.contents.conversations


def test_a_question_asked_meanwhile_is_not_counted(root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever asks needs no right to write, and waits for no backup."""
    with opened(root) as index, opened(root) as other:
        real = backup._link_tree

        def asked_meanwhile(source: Path, target: Path) -> None:
            turn = KeptTurn(new_id(), "And now?", status="done", text="An answer.")
            conversations.save_turn(other.catalogue, "anna", new_id(), turn, {})
            real(source, target)

        monkeypatch.setattr(backup, "_link_tree", asked_meanwhile)
        told = back_up(index, tmp_path / "a.backup", silent).contents
        assert conversations.count(index.catalogue) > told.conversations == 1
    done = restore(tmp_path / "a.backup", tmp_path / "new", False, silent)
    with opened(done.folder) as index:
        assert conversations.count(index.catalogue) == told.conversations
        assert index.catalogue.state().revision == told.revision


def _until_changed(index: Index, revision: int) -> None:
    """The others get their turn."""
    ends = time.monotonic() + 30
    while index.catalogue.state(latest=True).revision == revision and time.monotonic() < ends:
        time.sleep(0.01)


@pytest.mark.parametrize("place", [0.02, 0.5, 0.98])
def test_a_changed_byte_is_found_and_nothing_is_restored(packed: Path, tmp_path: Path, place: float) -> None:
    data = bytearray(packed.read_bytes())
    data[int(len(data) * place)] ^= 0x10
    damaged = tmp_path / "damaged.backup"
    damaged.write_bytes(data)
    with pytest.raises(StoreError, match=r"damaged|no backup"):
        restore(damaged, tmp_path / "index", False, silent)
    assert list((tmp_path / "index").iterdir()) == []


@pytest.mark.parametrize("share", [0.0, 0.3, 0.999])
def test_a_backup_that_was_cut_short_is_none(packed: Path, tmp_path: Path, share: float) -> None:
    cut = tmp_path / "cut.backup"
    cut.write_bytes(packed.read_bytes()[: int(packed.stat().st_size * share)])
    assert not is_backup(cut)
    with pytest.raises(StoreError, match=r"cut\.backup is no backup"):
        restore(cut, tmp_path / "index", False, silent)


@pytest.mark.parametrize(
    "name", ["../outside", "/etc/outside", "files/../../outside", "files//outside", "write.lock", "files/a:b", "files"]
)
def test_a_backup_names_files_of_an_index_only(packed: Path, tmp_path: Path, name: str) -> None:
    forged = tmp_path / "forged.backup"
    with zipfile.ZipFile(packed) as source, zipfile.ZipFile(forged, "w") as target:
        raw = json.loads(source.read(MANIFEST))
        raw["files"].append([name, 1, "0" * 64])
        target.writestr(MANIFEST, json.dumps(raw))
        target.writestr(name, b"x")
    with pytest.raises(StoreError, match="no file of an index"):
        restore(forged, tmp_path / "to" / "index", False, silent)
    assert not (tmp_path / "outside").exists() and not (tmp_path / "to" / "outside").exists()


def test_a_backup_that_is_larger_than_it_says_is_refused(packed: Path, tmp_path: Path) -> None:
    forged = tmp_path / "forged.backup"
    with zipfile.ZipFile(packed) as source, zipfile.ZipFile(forged, "w", zipfile.ZIP_DEFLATED) as target:
        raw = json.loads(source.read(MANIFEST))
        (first, *_) = [entry for entry in raw["files"] if entry[0].startswith("files/")]
        for info in source.infolist():
            data = bytes(50_000_000) if info.filename == first[0] else source.read(info)
            target.writestr(info.filename, data)
    with pytest.raises(StoreError, match="not as it was packed"):
        restore(forged, tmp_path / "index", False, silent)


@pytest.mark.parametrize("away", [1, 256, 0x7FFF0000])
def test_a_backup_whose_list_is_said_to_be_elsewhere_is_none(packed: Path, tmp_path: Path, away: int) -> None:
    data = bytearray(packed.read_bytes())
    end = data.rindex(b"PK\5\6") + 16  # where a ZIP file says where its list begins
    place = int.from_bytes(data[end : end + 4], "little") + away
    data[end : end + 4] = place.to_bytes(4, "little")
    (tmp_path / "x.backup").write_bytes(data)
    with pytest.raises(StoreError, match="is no backup"):
        restore(tmp_path / "x.backup", tmp_path / "new", False, silent)
    assert not any((tmp_path / "new").iterdir())


def test_a_newer_backup_is_left_to_a_newer_program(packed: Path, tmp_path: Path) -> None:
    for field in ("format", "schema"):
        newer = tmp_path / f"{field}.backup"
        with zipfile.ZipFile(packed) as source, zipfile.ZipFile(newer, "w") as target:
            raw = json.loads(source.read(MANIFEST)) | {field: 999}
            target.writestr(MANIFEST, json.dumps(raw))
        with pytest.raises(StoreError, match="newer PageSight"):
            restore(newer, tmp_path / "index", False, silent)


def test_an_index_of_an_earlier_version_is_brought_up_to_date(tmp_path: Path) -> None:
    """Packed as it was: no program of today had opened it for writing."""
    with tarfile.open(Path(__file__).with_name("released") / "0.3.0.tar.xz") as archive:
        archive.extractall(tmp_path / "old", filter="data")
    with Index.open(Settings(tmp_path / "old")) as index:
        back_up(index, tmp_path / "old.backup", silent)
    with tarfile.open(Path(__file__).with_name("released") / "0.3.0.tar.xz") as archive:
        archive.extractall(tmp_path / "bare", filter="data")
    data = (tmp_path / "bare" / "catalogue.sqlite3").read_bytes()
    old = tmp_path / "schema-1.backup"
    with zipfile.ZipFile(tmp_path / "old.backup") as source, zipfile.ZipFile(old, "w") as target:
        raw = json.loads(source.read(MANIFEST)) | {"schema": 1}
        digest = hashlib.sha256(data).hexdigest()
        raw["files"] = [e if e[0] != "catalogue.sqlite3" else [e[0], len(data), digest] for e in raw["files"]]
        for name, _, _ in raw["files"]:
            target.writestr(name, data if name == "catalogue.sqlite3" else source.read(name))
        target.writestr(MANIFEST, json.dumps(raw))
    done = restore(old, tmp_path / "new", False, silent)
    with Index.open(Settings(done.folder)) as index:
        assert index.catalogue.schema == schema.SCHEMA_VERSION and len(index.catalogue.ids()) == 2
        index.settle()
        assert index.check() == []


def test_a_folder_with_anything_in_it_is_kept(packed: Path, root: Path, tmp_path: Path) -> None:
    with pytest.raises(StoreError, match=r"not empty.*--replace"):
        restore(packed, root, False, silent)
    with opened(root) as index, pytest.raises(IndexBusy, match=r"has the index .* open"):
        put(index, 30)
        restore(packed, root, True, silent)
    done = restore(packed, root, True, silent)
    assert done.aside is not None and done.aside.parent == root
    with opened(root) as index, opened(done.aside) as before:
        assert len(index.catalogue.ids()) == 2 and len(before.catalogue.ids()) == 3
        assert before.check() == []


def test_a_target_that_is_something_else_is_kept(root: Path, packed: Path, tmp_path: Path) -> None:
    (tmp_path / "manual.pdf").write_bytes(b"%PDF-1.7")
    with opened(root) as index:
        with pytest.raises(StoreError, match="is there and is no backup"):
            back_up(index, tmp_path / "manual.pdf", silent)
        with pytest.raises(StoreError, match="in the index itself"):
            back_up(index, root / "own.backup", silent)
        again = tmp_path / "again.backup"
        shutil.copyfile(packed, again)
        back_up(index, again, silent)
        with zipfile.ZipFile(again) as archive:
            assert contents_of(archive, again).documents == 2
        with pytest.raises(StoreError):
            back_up(index, tmp_path / "nowhere" / "x.backup", silent)
    assert not (root / "backup").exists()


def test_a_folder_that_is_not_there_is_named(root: Path, tmp_path: Path) -> None:
    with opened(root) as index, pytest.raises(StoreError, match=r"is no folder that is there; make it"):
        back_up(index, tmp_path / "none" / "x.backup", silent)


def test_files_that_changed_on_the_disk_are_told(root: Path, tmp_path: Path) -> None:
    with opened(root) as index:
        first, second = index.catalogue.ids()
        index.files.original(first).write_bytes(b"%PDF-1.7 something else")
        array = index.vectors.arrays.array(second)
        data = bytearray(array.read_bytes())
        data[-1] ^= 1
        array.write_bytes(data)
        told = back_up(index, tmp_path / "x.backup", silent).problems
    assert [line.partition("/")[0] for line in told] == ["files", "vectors"]
    args = parser().parse_args(["backup", str(tmp_path / "x.backup"), "--index", str(root)])
    assert run(args) == 1


def test_a_disk_that_fills_leaves_the_backup_of_before(
    root: Path, packed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "kept.backup"
    shutil.copyfile(packed, target)
    with opened(root) as index:
        monkeypatch.setattr("rag.storage.copies.backup.os.fsync", _no_space)
        with pytest.raises(DiskFull, match="No space left"):
            back_up(index, target, silent)
    assert target.read_bytes() == packed.read_bytes() and not (root / "backup").exists()
    assert [path.name for path in tmp_path.iterdir() if path.name.endswith(".part")] == []
    nothing_free = shutil._ntuple_diskusage(9, 9, 9)
    monkeypatch.setattr("rag.storage.copies.backup_file.shutil.disk_usage", lambda path: nothing_free)
    with pytest.raises(DiskFull, match=r"needs .* are free"):
        restore(target, tmp_path / "new", False, silent)


def _no_space(handle: int) -> None:
    raise OSError(28, "No space left on device")


@pytest.fixture
def killed(root: Path, tmp_path: Path) -> Path:
    """A process that is killed while it packs."""
    code = (
        "import sys, pathlib, os, signal\n"
        "from rag.config import Settings; from rag.index import Index; from rag.storage.copies.backup import back_up\n"
        "index = Index.open(Settings(pathlib.Path(sys.argv[1])))\n"
        "back_up(index, pathlib.Path(sys.argv[2]), lambda step: os.kill(os.getpid(), signal.SIGKILL))\n"
    )
    command = [sys.executable, "-c", code, str(root), str(tmp_path / "killed.backup")]
    environ = {**os.environ, "PYTHONPATH": str(HELPERS.parents[1])}
    assert subprocess.run(command, env=environ, check=False).returncode == -signal.SIGKILL
    return root


def test_what_a_killed_backup_leaves_goes_with_the_next_opening(killed: Path, tmp_path: Path) -> None:
    assert (killed / "backup").is_dir() and not (tmp_path / "killed.backup").exists()
    with opened(killed) as index:
        assert not (killed / "backup").exists() and index.check() == []
        back_up(index, tmp_path / "killed.backup", silent)
    assert is_backup(tmp_path / "killed.backup") and not (tmp_path / "killed.backup.part").exists()


def test_the_commands_say_what_was_done(root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    target, new = tmp_path / "a.backup", tmp_path / "new"
    assert run(parser().parse_args(["backup", str(target), "--index", str(root)])) == 0
    assert "2 documents, 4 pages, 1 conversation, as of 20" in capsys.readouterr().out
    assert run(parser().parse_args(["restore", str(target), "--to", str(new), "--json"])) == 0
    said = json.loads(capsys.readouterr().out)
    assert (said["documents"], said["violations"], said["index"]) == (2, [], str(new))
