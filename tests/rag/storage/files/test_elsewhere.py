"""Files in a folder elsewhere or an object store: the same library, whatever is killed, cut off or lost."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from made_documents import make_document
from stores import fresh

from benchmarks.kill import pdf
from rag.cli.arguments import parser
from rag.cli.commands import run
from rag.config import Settings
from rag.errors import BadSettings, StoreError
from rag.index import Index
from rag.retrieval.search import search
from rag.storage import trash
from rag.storage.copies.backup import back_up
from rag.storage.copies.backup_file import restore
from rag.storage.copies.library_copy import copy_to_folder
from rag.storage.integrity import faults
from rag.storage.records import stored_parts
from rag.types import Query

QUESTIONS = (Query("How do I clean the drain pump of model 8?"), Query("E18"), Query("turn screw 2-10"))
DRIVER = Path(__file__).resolve().parents[3] / "helpers" / "stored_driver.py"
MIB = 1 << 20


def hits(index: Index) -> list[list[Any]]:
    found = [search(index, question, 5, fresh=True).hits for question in QUESTIONS]
    return [[(hit.chunk.id, round(hit.score, 5)) for hit in some] for some in found]


def put(index: Index, number: int) -> str:
    folder = index.files.stage()
    return index.store(make_document(folder, number), folder).id


def objects(files: Path) -> list[Path]:
    return [path for path in (files / "parts").rglob("*") if path.is_file()]


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    files = str(tmp_path / "files elsewhere")
    return Settings(index=tmp_path / "index", encoder="builtin", words="static", workers=1, files=files)


@pytest.fixture
def stored(settings: Settings) -> Path:
    return Path(settings.files)


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.slow)])
def either(request: pytest.FixtureRequest, settings: Settings) -> Settings:
    """The settings with each place of the catalogue."""
    is_there = request.param == "postgres"
    return replace(settings, store_url=fresh(request.getfixturevalue("postgres")) if is_there else "")


def test_the_same_library_as_on_the_disk(settings: Settings, stored: Path, store_url: str, tmp_path: Path) -> None:
    told = []
    there, here = replace(settings, store_url=store_url), replace(settings, index=tmp_path / "disk", files="")
    for one in (there, here):
        with Index.open(one, create=True) as index:
            docs = [put(index, number) for number in (8, 1, 3)]
            seen: list[Any] = [hits(index)]
            index.remove(docs[1])
            seen.append([hits(index), [row[:3] for row in trash.listed(index)]])
            index.restore(docs[1])
            seen.append(hits(index))
            index.reindex()
            seen += [hits(index), [(g.id, g.state) for g in index.catalogue.generations()]]
            index.remove(docs[2])
            index.empty_trash()
            seen.append(sorted(index.files.ids()) == sorted(docs[:2]))
            assert faults(index, thorough=True) == []
            told.append(seen)
    assert told[0] == told[1]
    assert any(told[0][0])
    for name in ("files", "vectors", "trash"):
        assert not list((there.index / name).rglob("*"))
    before = {path.relative_to(stored) for path in objects(stored)}
    shutil.rmtree(there.index / "cache")
    with Index.open(there) as index:
        assert any(hits(index))
        picture = index.files.path(docs[0], "pages/0001.webp")
        assert picture.read_bytes() == (tmp_path / "disk/files" / docs[0] / "pages/0001.webp").read_bytes()
        assert faults(index, thorough=True) == []
        assert index.elsewhere is not None and index.elsewhere.unknown() == []
    assert {path.relative_to(stored) for path in objects(stored)} == before  # nothing of what has gone is left


def test_another_machine_reads_and_writes_the_same(settings: Settings, postgres_url: str, tmp_path: Path) -> None:
    one = replace(settings, store_url=postgres_url)
    other = replace(one, index=tmp_path / "another machine")
    with Index.open(one, create=True) as first, Index.open(other) as second:
        doc = put(first, 8)
        assert hits(second) == hits(first) and any(hits(second))
        added = put(second, 1)
        second.remove(doc)
        assert [row.id for row in trash.listed(first)] == [doc]
        first.restore(doc)
        assert hits(second) == hits(first)
        assert {row.id for row in second.catalogue.documents()} == {doc, added}
        assert faults(second, thorough=True) == []


@pytest.mark.parametrize("step", [23, pytest.param(1, marks=pytest.mark.slow)])
def test_whatever_is_killed_when_nothing_is_lost_or_left(settings: Settings, stored: Path, step: int) -> None:
    with Index.open(settings, create=True) as index:
        kept = put(index, 8)
        index.settle()
    environ = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    most, moment = 10_000, 1
    while moment <= most:
        command = [sys.executable, str(DRIVER), str(settings.index), settings.files, str(moment)]
        done = subprocess.run(command, env=environ, stdout=subprocess.PIPE, text=True, check=False)
        said = [line.split() for line in done.stdout.splitlines()]
        if done.returncode == 0:
            most = int(said[-1][1])
        else:
            assert done.returncode == -9, done.stdout
        with Index.open(settings) as index:
            index.settle()
            assert faults(index, thorough=True) == [], moment
            assert index.elsewhere is not None
            index.elsewhere.sweep()
            there = {**{row.id: "out" for row in trash.listed(index)}, **dict.fromkeys(index.catalogue.ids(), "in")}
            assert there.pop(kept) == "in"
            with index.catalogue.reading() as db:
                known = {part.version for part in stored_parts.in_state(db, stored_parts.THERE)}
                coming = {part.version for part in stored_parts.in_state(db, stored_parts.COMING)}
            assert {path.relative_to(stored).parts[1] for path in objects(stored)} <= known | coming
            states = [line[0] for line in said if line[0] in ("in", "out", "gone")]
            if states and done.returncode:  # what was told may have gone one step further, and no step back
                steps = ["in", "in", "out", "in", "gone"]
                assert next(iter(there.values()), "gone") in steps[len(states) - 1 : len(states) + 1]
            for doc in there:
                if doc in index.catalogue.ids():
                    index.remove(doc, keep=False)
            index.empty_trash()
        moment += step


def test_a_store_that_goes_away_in_the_middle_of_an_add(either: Settings, stored: Path) -> None:
    with Index.open(either, create=True) as index:
        first = put(index, 8)
        index.settle()
        before = hits(index)
        (stored / "parts").rename(stored / "away")
        (stored / "parts").write_text("a file where the folder was")
        with pytest.raises(StoreError, match="cannot be used"):
            put(index, 1)
        assert index.catalogue.ids() == (first,) and hits(index) == before  # of the cache
        shutil.rmtree(either.index / "cache")
        with pytest.raises(StoreError, match=r"cannot be used.*check the address"):
            index.files.path(first, "pages/0002.webp").read_bytes()
        (stored / "parts").unlink()
        (stored / "away").rename(stored / "parts")
        put(index, 1)
        assert len(index.catalogue.ids()) == 2
        assert faults(index, thorough=True) == []


Choose = Callable[[list[Path]], list[Path]]


@pytest.mark.parametrize(
    ("gone", "kind"),
    [
        (lambda paths: [path for path in paths if path.parent.name == "pages" and path.suffix != ".json"], "picture"),
        (lambda paths: [path for path in paths if path.name == "document.json"], "reading"),
        (lambda paths: [path for path in paths if path.suffix == ".npy"], "array"),
        (lambda paths: [path for path in paths if path.name.startswith("original")], "original"),
    ],
)
def test_an_object_that_somebody_deleted_is_named_and_mended(
    either: Settings, stored: Path, tmp_path: Path, gone: Choose, kind: str
) -> None:
    source = pdf(tmp_path, 7)
    with Index.open(either, create=True) as index:
        (added,) = index.add([source])
        before = hits(index)
        chosen = gone(objects(stored))
        assert chosen
        for path in chosen:
            path.unlink()
        assert {fault.kind for fault in faults(index)} == {kind}
        index.settle()
    shutil.copytree(either.index / "cache", tmp_path / "cache")
    with Index.open(either) as index:  # the cache still has it
        assert index.mend(lambda step: None)
        assert faults(index, thorough=True) == []
        for path in gone(objects(stored)):
            path.unlink()
    shutil.rmtree(either.index / "cache")
    with Index.open(either) as index:
        assert kind in {fault.kind for fault in faults(index)}
        left = [mended for mended in index.mend(lambda step: None) if mended.remedy]
        if kind == "original":
            assert "add that file again" in left[0].remedy
            assert index.add([source])[0].status == "present"
        else:
            assert left == []
        assert faults(index, thorough=True) == []
        assert hits(index) == before and index.catalogue.ids() == (added.doc_id,)


def test_objects_that_no_document_has(settings: Settings, stored: Path) -> None:
    """A catalogue of an earlier day: a whole document can be taken back, the rest goes."""
    with Index.open(settings, create=True) as index:
        put(index, 8)
        index.catalogue.copy_to(settings.index / "earlier")
        later = put(index, 1)
    for name in ("catalogue.sqlite3-wal", "catalogue.sqlite3-shm"):
        (settings.index / name).unlink(missing_ok=True)
    (settings.index / "earlier").replace(settings.index / "catalogue.sqlite3")
    (stored / "parts" / "stranger").mkdir()
    (stored / "parts" / "stranger" / "note.txt").write_text("of somebody else")
    with Index.open(settings) as index:
        assert {fault.kind for fault in faults(index)} == {"leftover"}
        index.mend(lambda step: None)
        assert faults(index, thorough=True) == []
        assert [row.id for row in trash.listed(index)] == [later]
        index.restore(later)
        assert faults(index, thorough=True) == [] and len(index.catalogue.ids()) == 2


def test_wrong_addresses_are_refused(settings: Settings, stored: Path, tmp_path: Path) -> None:
    with Index.open(settings, create=True) as index:
        put(index, 8)
    with pytest.raises(StoreError, match="set PAGESIGHT_FILES"):
        Index.open(replace(settings, files=""))
    with pytest.raises(StoreError, match="has no library any more"):
        Index.open(replace(settings, files=str(tmp_path / "empty")))
    another = replace(settings, index=tmp_path / "another")
    with pytest.raises(StoreError, match="files of another library"):
        Index.open(another, create=True)
    with Index.open(replace(another, index=tmp_path / "disk", files=""), create=True) as index:
        put(index, 1)
    with pytest.raises(StoreError, match=r"has its files in its folder.*restore"):
        Index.open(replace(another, index=tmp_path / "disk", files=str(tmp_path / "new")))
    for address, why in (("ftp://host/x", "no object store"), ("s3:///x", "names no bucket"), ("s3://a:b@c", "a key")):
        with pytest.raises(BadSettings, match=why):
            Index.open(replace(another, files=address), create=True)
    with Index.open(settings) as index:
        assert faults(index, thorough=True) == []


def test_backups_and_copies_lead_there_and_back(
    settings: Settings, postgres_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Index.open(settings, create=True) as index:
        docs = [put(index, number) for number in (8, 1, 3)]
        index.remove(docs[2])
        wanted = hits(index), trash.listed(index), [row.name for row in index.catalogue.documents()]
        back_up(index, tmp_path / "one.zip", lambda step: None)
        copy_to_folder(index, tmp_path / "copied", lambda step: None)
    disk = replace(settings, files="", index=tmp_path / "copied")
    elsewhere = replace(settings, files=str(tmp_path / "other"), index=tmp_path / "restored", store_url=postgres_url)
    restore(tmp_path / "one.zip", elsewhere.index, False, lambda step: None, postgres_url, elsewhere.files)
    both = replace(elsewhere, files=str(tmp_path / "third"), store_url=f"{postgres_url}_c", index=tmp_path / "c")
    monkeypatch.setenv("PAGESIGHT_STORE_URL", both.store_url)
    monkeypatch.setenv("PAGESIGHT_FILES", both.files)
    command = ["copy", "--from", str(disk.index), "--to", str(both.index), "--as-set"]
    assert run(parser().parse_args(command)) == 0
    with pytest.raises(StoreError, match="holds a library already"):
        run(parser().parse_args(command))
    with pytest.raises(BadSettings, match="wants --from"):
        run(parser().parse_args(["copy", "--to", str(tmp_path / "x"), "--as-set"]))
    monkeypatch.setenv("PAGESIGHT_INDEX", str(both.index))
    back = replace(disk, index=tmp_path / "back")
    assert run(parser().parse_args(["copy", "--to", str(back.index)])) == 0
    for one in (disk, elsewhere, both, back):
        with Index.open(one) as index:
            assert (hits(index), trash.listed(index), [row.name for row in index.catalogue.documents()]) == wanted
            assert faults(index, thorough=True) == []
            index.restore(docs[2])
            assert len(index.catalogue.ids()) == 3
        assert bool(list((one.index / "files").glob("*"))) == (not one.files)
    with pytest.raises(StoreError, match="has a library already"):
        restore(tmp_path / "one.zip", tmp_path / "again", False, lambda step: None, "", both.files)


def test_the_cache_stays_within_its_limit(settings: Settings) -> None:
    with Index.open(replace(settings, files_cache=1e-6), create=True) as index:
        docs = [put(index, number) for number in (8, 1, 3)]
        before = hits(index)
        assert index.elsewhere is not None
        long_ago = time.time() - 3600
        for version in index.elsewhere.cache.folder.iterdir():
            os.utime(version, (long_ago, long_ago))
        put(index, 2)
        assert len(list(index.elsewhere.cache.folder.iterdir())) < 4
        index.remove(index.catalogue.ids()[3])
        assert hits(index) == before
        assert index.files.path(docs[0], "pages/0001.webp").is_file()
        assert faults(index, thorough=True) == []


def test_what_a_kill_left_half_written_in_the_cache_goes(settings: Settings) -> None:
    with Index.open(settings, create=True) as index:
        put(index, 8)
    draft = settings.index / "cache" / "0123456789abcdef.draft"
    draft.mkdir()
    (draft / "x.npy.4711.part").write_bytes(b"half")
    with Index.open(settings):
        assert draft.exists()  # another process may be writing it
        os.utime(draft, (time.time() - 3600, time.time() - 3600))
    with Index.open(settings) as index:
        assert not draft.exists()
        assert any(hits(index)) and faults(index, thorough=True) == []


@pytest.mark.usefixtures("signed_in")
def test_a_library_in_s3(settings: Settings, tmp_path: Path) -> None:
    there, here = replace(settings, files="s3://library/used"), replace(settings, files="", index=tmp_path / "disk")
    with Index.open(there, create=True) as index, Index.open(here, create=True) as disk:
        docs = [put(index, number) for number in (8, 1)]
        assert [put(disk, number) for number in (8, 1)] == docs
        index.remove(docs[1])
        assert [row.id for row in trash.listed(index)] == [docs[1]]
        index.restore(docs[1])
        index.reindex()
        assert hits(index) == hits(disk) and any(hits(index))
        assert faults(index, thorough=True) == []
    shutil.rmtree(there.index / "cache")
    with Index.open(there) as index:
        assert any(hits(index)) and index.elsewhere is not None
        store, before = index.elsewhere.objects, index.elsewhere.objects.sizes("parts")
        store.delete([name for name in before if name.endswith(".npy")])  # of both generations
        assert {fault.kind for fault in faults(index)} == {"array", "other array"}
        index.mend(lambda step: None)
        assert faults(index, thorough=True) == []
        for doc in docs:
            index.remove(doc, keep=False)
        assert store.sizes("parts") == {}
