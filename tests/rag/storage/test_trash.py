"""Removed documents: absent everywhere, back as they were, gone after a while; nothing is lost at a kill."""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pymupdf
import pytest
from made_documents import make_document

from ingestion.elements import Document
from ingestion.page_content import PARSER_VERSION
from rag.config import Settings
from rag.errors import AmbiguousDocument, DiskFull, IndexDamaged, UnknownDocument
from rag.index import Index
from rag.indexing.parsing import parser_note
from rag.retrieval.search import search
from rag.storage import trash
from rag.storage.files.document_files import PARSER
from rag.storage.records import picture_families
from rag.types import Query

DRIVER = Path(__file__).resolve().parents[2] / "helpers" / "trash_driver.py"


def put(index: Index, number: int) -> Document:
    folder = index.files.stage()
    return index.store(make_document(folder, number), folder)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An index of three documents, two of which show the same pictures; copied by each test."""
    root = tmp_path_factory.mktemp("made") / "index"
    with Index.open(Settings(index=root, encoder="builtin", words="static"), create=True) as index:
        for number in (1, 8, 3):
            put(index, number)
    return root


@pytest.fixture
def index(made: Path, tmp_path: Path) -> Iterator[Index]:
    shutil.copytree(made, tmp_path / "index")
    with Index.open(Settings(index=tmp_path / "index", encoder="builtin", words="static")) as index:
        yield index


def state(index: Index) -> dict[str, Any]:
    """All that a search can see of the index."""
    ids = index.catalogue.ids()
    with index.catalogue.reading() as db:
        tables = ("fulltext_totals", "fulltext_documents", "alike_pictures", "alike_documents", "chunks", "pages")
        counts = {name: db.execute(f"SELECT COUNT(*) FROM {name}").fetchone()[0] for name in tables}
        totals = db.execute("SELECT * FROM fulltext_totals").fetchall()
    families = picture_families.family_of(index.catalogue, [c.id for i in ids for c in index.catalogue.chunks_of(i)])
    hits = search(index, Query("drain pump of model 8, flap 10")).hits
    return {
        "rows": [(row.id, row.name, row.added) for row in index.catalogue.documents()],
        "counts": counts,
        "totals": totals,
        "groups": sorted(sorted(c for c in families if families[c] == name) for name in set(families.values())),
        "hits": [(hit.chunk.id, round(hit.score, 6)) for hit in hits],
        "vectors": index.vectors.count(),
        "means": {key: value.round(5).tolist() for key, value in index.means.items()},
        "graph": index.vectors.lagging(),
    }


def test_what_is_removed_is_absent_everywhere_and_comes_back_as_it_was(index: Index, tmp_path: Path) -> None:
    before, (first, second, third) = state(index), index.catalogue.documents()
    index.remove(second.id)
    with Index.open(
        replace(index.settings, index=tmp_path / "without", trash_days=0), create=True
    ) as without:  # an index that never had it
        for row in (first, third):
            shutil.copytree(index.files.document(row.id), folder := without.files.stage(), dirs_exist_ok=True)
            without.store(index.files.load_document(row.id), folder)
        now, never = state(index), state(without)
    assert {**now, "rows": 0} == {**never, "rows": 0}
    assert index.check() == []
    assert [row.id for row in trash.listed(index)] == [second.id]
    assert trash.size(index, second.id) > 5000
    assert index.restore(second.id) == second
    assert state(index) == before
    assert index.check() == []
    assert trash.listed(index) == []


def test_the_same_file_added_again_is_taken_back_without_being_read(
    index: Index, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = index.catalogue.documents()[0]
    shutil.copyfile(index.files.original(row.id), again := tmp_path / "another name.pdf")
    shutil.copyfile(again, copy := tmp_path / "a copy.pdf")
    index.remove(row.id)
    monkeypatch.setattr("rag.index.Reading", None)  # nothing is read, nothing embedded
    monkeypatch.setattr("rag.indexing.restore.embed_document", None)
    one, two = index.add([again, copy])
    assert (one.status, one.restored, one.name, one.pages) == ("added", True, "another name.pdf", row.pages)
    assert (two.status, two.error) == ("present", "")
    assert index.catalogue.document(row.id).name == "another name.pdf"
    assert search(index, Query("another name")).hits[0].chunk.doc == row.id  # its new name is in the full text
    assert index.check() == []


@pytest.mark.parametrize("version", ["1", PARSER_VERSION])
def test_the_same_file_added_again_is_read_anew_where_it_was_read_by_an_older_version(
    index: Index, tmp_path: Path, version: str
) -> None:
    with pymupdf.open() as doc:
        doc.new_page().insert_text((72, 72), "Rinse the filter once a month.")
        doc.save(path := tmp_path / "filter.pdf")
    (first,) = index.add([path], workers=1)
    noted = {**parser_note(index.settings), "version": version}
    index.files.file(first.doc_id, PARSER).write_text(json.dumps(noted))
    index.remove(first.doc_id)
    (added,) = index.add([path], workers=1)
    assert (added.status, added.restored) == ("added", version == PARSER_VERSION)
    assert index.files.parser(first.doc_id)["version"] == PARSER_VERSION
    assert trash.listed(index) == [] and index.check() == []


def test_after_another_encoder_it_is_embedded_anew(index: Index) -> None:
    row = index.catalogue.documents()[1]
    index.remove(row.id)
    assert index.reindex(words="static?dim=64")
    assert index.restore(row.id) == row
    assert index.check() == []
    assert index.vectors.arrays.whole() == set(index.catalogue.ids())
    index.rollback()  # to the generation it was removed from
    assert index.check() == []


def test_it_goes_after_the_days_that_are_set_and_at_once_with_none(index: Index) -> None:
    first, second, third = index.catalogue.ids()
    index.remove(first, keep=False)
    assert trash.listed(index) == []
    index.remove(second)
    note = trash.DiskTrash(index).place(second) / trash.NOTE
    note.write_text(json.dumps({**json.loads(note.read_text()), "removed": "2020-01-01T00:00:00Z"}))
    with Index.open(replace(index.settings, trash_days=36_500)) as patient:
        assert trash.trashed(patient, second) is not None
    with Index.open(index.settings):
        assert trash.trashed(index, second) is None
    assert not trash.DiskTrash(index).place(second).exists()
    with Index.open(replace(index.settings, trash_days=0)) as strict:
        strict.remove(third)
    assert trash.size(index) == 0
    assert index.check() == []
    with pytest.raises(UnknownDocument, match="no longer in the trash"):
        index.restore(third)


def test_names_are_looked_up_and_the_trash_is_emptied_of_some_or_all(index: Index) -> None:
    first, second, _ = index.catalogue.documents()
    for row in (first, second):
        index.remove(row.id)
    assert trash.find(index, "MANUAL-1").id == trash.find(index, first.id[:10]).id == first.id
    with pytest.raises(UnknownDocument, match=r"did you mean .*manual-1\.pdf"):
        trash.find(index, "manul-1.pdf")
    note = trash.DiskTrash(index).place(second.id) / trash.NOTE
    note.write_text(json.dumps({**json.loads(note.read_text()), "name": first.name}))
    with pytest.raises(AmbiguousDocument, match=second.id[:12]):
        trash.find(index, first.name)
    note.write_text("torn")
    assert {row.name for row in trash.listed(index)} == {first.name, second.id[:12]}
    assert [row.id for row in index.empty_trash([first.id])] == [first.id]
    assert index.restore(second.id).name == second.name  # what it was called stands in its own files
    assert index.empty_trash() == []


def test_files_that_were_lost_are_named_and_a_full_disk_removes_nothing(
    index: Index, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second, _ = index.catalogue.ids()

    def full(path: Path, data: bytes) -> None:
        raise DiskFull("No space left")

    with monkeypatch.context() as patched:
        patched.setattr("rag.storage.trash.write_whole", full)
        with pytest.raises(DiskFull):
            index.remove(first)
    assert first in index.catalogue.ids()
    assert index.remove(first, keep=False).id == first
    index.remove(second)
    (trash.DiskTrash(index).place(second) / "document" / "document.json").unlink()
    assert "files of manual-8.pdf are missing" in index.check()[0]
    with pytest.raises(IndexDamaged, match="add the file of this document again"):
        index.restore(second)


class Killed(BaseException):
    """Where a process might end."""


def dies_at(moment: int, monkeypatch: pytest.MonkeyPatch) -> Callable[[], int]:
    """Renaming, deleting and committing counted; the one of that number does not come about, nor does any after it."""
    count = 0

    def counted(real: Callable[..., Any]) -> Callable[..., Any]:
        def step(*given: Any, **more: Any) -> Any:
            nonlocal count
            count += 1
            if count > moment:
                raise Killed
            return real(*given, **more)

        return step

    for owner, name in ((Path, "replace"), (shutil, "rmtree"), (Path, "unlink")):
        monkeypatch.setattr(owner, name, counted(getattr(owner, name)))
    for name in ("add", "remove", "mark_writing"):
        monkeypatch.setattr(f"rag.storage.records.catalogue.Catalogue.{name}", counted(getattr(_catalogue(), name)))
    return lambda: count


def _catalogue() -> Any:
    from rag.storage.records.catalogue import Catalogue

    return Catalogue


@pytest.mark.parametrize("act", ["remove", "restore", "empty_trash"])
def test_a_process_that_ends_anywhere_leaves_the_document_in_one_place(act: str, made: Path, tmp_path: Path) -> None:
    settings = Settings(index=tmp_path / "index", encoder="builtin", words="static")
    moment, died = 0, True
    while died:
        shutil.rmtree(settings.index, ignore_errors=True)
        shutil.copytree(made, settings.index)
        with Index.open(settings) as index:
            chosen = index.catalogue.ids()[1]
            if act != "remove":
                index.remove(chosen)
            with pytest.MonkeyPatch.context() as patched:
                dies_at(moment, patched)
                try:
                    getattr(index, act)(*([] if act == "empty_trash" else [chosen]))
                    died = False
                except Killed:
                    pass
        with Index.open(settings) as index:
            assert index.check() == [], f"{act}, after {moment} steps"
            there = (chosen in index.catalogue.ids(), trash.trashed(index, chosen) is not None)
            assert there in (
                [(False, False), (False, True)] if act == "empty_trash" else [(True, False), (False, True)]
            )
            if there == (False, True):
                index.restore(chosen)
                assert index.check() == []
        moment += 1
    assert moment > 3


@pytest.mark.slow
def test_killed_while_removing_and_taking_back(made: Path, tmp_path: Path) -> None:
    """SIGKILL at random moments, in a process of its own."""
    root, chance = tmp_path / "index", random.Random(seed := time.time_ns())
    shutil.copytree(made, root)
    environ = {**os.environ, "PYTHONPATH": os.pathsep.join([str(DRIVER.parents[2]), str(DRIVER.parent)])}
    for _ in range(10):
        with subprocess.Popen(
            [sys.executable, str(DRIVER), str(root)], stdout=subprocess.PIPE, text=True, env=environ
        ) as child:
            assert child.stdout and child.stdout.readline() == "open\n"
            time.sleep(chance.uniform(0.0, 0.7))
            child.send_signal(signal.SIGKILL)
        with Index.open(Settings(index=root, encoder="builtin", words="static")) as index:
            assert index.check() == [], f"seed {seed}"
            assert len(index.catalogue.ids()) + len(trash.listed(index)) == 3, f"seed {seed}"
