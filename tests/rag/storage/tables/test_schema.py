"""Indexes of every released version open without loss; what cannot be brought up to date is read as it is."""

from __future__ import annotations

import logging
import sqlite3
import subprocess
import sys
import tarfile
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from ingestion.elements import BBox
from rag.config import Settings
from rag.errors import IndexDamaged, StoreError
from rag.index import Index
from rag.indexing.duplicates import update
from rag.retrieval.search import search
from rag.storage.files.document_files import DocumentFiles
from rag.storage.full_text.earlier import FullTextBefore
from rag.storage.full_text.index import FullText, Where
from rag.storage.full_text.term_vectors import PAGE_BITS, page_of
from rag.storage.records import conversations, feedback, picture_families
from rag.storage.records.catalogue import Catalogue
from rag.storage.records.conversation_values import KeptTurn
from rag.storage.records.feedback import Cited, Vote
from rag.storage.tables import schema, sqlite_file
from rag.storage.tables.connections import Connection
from rag.text.analysis import terms
from rag.types import Query

RELEASED = Path(__file__).parents[1] / "released"
VERSIONS = sorted(path.name.removesuffix(".tar.xz") for path in RELEASED.glob("*.tar.xz"))
VOTE = Vote("new", True, "q", "a", ())


@pytest.fixture
def unpack(tmp_path: Path) -> Callable[[str], Path]:
    def unpacked(version: str) -> Path:
        with tarfile.open(RELEASED / f"{version}.tar.xz") as archive:
            archive.extractall(tmp_path / version, filter="data")
        return tmp_path / version

    return unpacked


def _version(folder: Path) -> int:
    with sqlite3.connect(folder / "catalogue.sqlite3") as db:
        found = int(db.execute("PRAGMA user_version").fetchone()[0])
    db.close()
    return found


def _tables(path: Path) -> dict[str, object]:
    """Of each table: its columns, foreign keys and indexes with their columns."""
    db = sqlite3.connect(path)
    names = sorted(row[0] for row in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'"))
    found = dict[str, object]()
    for name in names:
        indexes = db.execute(f"PRAGMA index_list({name})").fetchall()
        parts = sorted((row[1:], db.execute(f"PRAGMA index_info({row[1]})").fetchall()) for row in indexes)
        keys = db.execute(f"PRAGMA foreign_key_list({name})").fetchall()
        found[name] = db.execute(f"PRAGMA table_xinfo({name})").fetchall(), keys, parts
    db.close()
    return found


def test_every_released_version_is_tried() -> None:
    assert VERSIONS == ["0.1.0", "0.2.0", "0.3.0"]


@pytest.mark.parametrize("version", VERSIONS)
def test_an_index_of_a_released_version_opens_without_loss(version: str, unpack: Callable[[str], Path]) -> None:
    folder = unpack(version)
    assert _version(folder) == 1
    with Index.open(Settings(folder)) as index:
        assert _version(folder) == schema.SCHEMA_VERSION
        rows = index.catalogue.documents()
        assert [(r.name, r.title, r.pages, r.figures, r.tables) for r in rows] == [
            (f"leaflet-{year}.pdf", f"Turbine leaflet {year}", 1, 1, 1) for year in (2024, 2025)
        ]
        chunks = [index.catalogue.chunks_of(row.id) for row in rows]
        assert [len(found) for found in chunks] == [row.chunks for row in rows]
        assert all(
            found == list(index.files.load_document(row.id).chunks) for row, found in zip(rows, chunks, strict=True)
        )
        with index.catalogue.reading():
            text = FullText(index.catalogue.connection)
            no = {row.id: text.documents([row.id])[0].no for row in rows}
            assert [page_of(key) for key in text.search([terms("E27")], 9, Where((no[rows[1].id],)))] == [1]
            assert text.search([terms("E27")], 9, Where((no[rows[0].id],))) == []
        (hit, *_) = search(index, Query("What does error E17 mean?")).hits
        assert (hit.chunk.doc, "bearing of edition 2024" in hit.chunk.text) == (rows[0].id, True)
        assert [(g.id, g.state) for g in index.catalogue.generations()] == [(1, "previous"), (2, "live")]
        _families_are_there(index, version)
        _votes_are_there(index.catalogue, version)
        assert index.check() == []
        index.rollback()
        assert index.generation.id == 1 and index.check() == []
    with Index.open(Settings(folder)) as index:
        assert len(index.catalogue.documents()) == 2 and feedback.votes(index.catalogue)[-1]._replace(at="") == VOTE


def _families_are_there(index: Index, version: str) -> None:
    """Versions before 0.3.0 knew none: they are found when something is added."""
    figures = [c for row in index.catalogue.documents() for c in index.catalogue.chunks_of(row.id, kinds=["figure"])]
    known = picture_families.family_of(index.catalogue, [figure.id for figure in figures])
    assert bool(known) == (version == "0.3.0")
    if not known:
        update(index.catalogue, index.files, lambda _: None)
        known = picture_families.family_of(index.catalogue, [figure.id for figure in figures])
    assert known == {figure.id: figures[0].id for figure in figures}


def _votes_are_there(catalogue: Catalogue, version: str) -> None:
    doc = catalogue.documents()[0].id
    cited = (Cited(doc, 1, BBox(40.0, 510.0, 380.0, 560.0), "text"),)
    old = [
        Vote("answer-1", True, "What does E17 mean?", "The bearing is dry [1].", cited, (doc,)),
        Vote("answer-2", False, "", "No idea.", (), picture=b"\x89PNG"),
    ]
    feedback.save(catalogue, VOTE)
    assert [vote._replace(at="") for vote in feedback.votes(catalogue)] == [*(old if version == "0.3.0" else []), VOTE]


@pytest.mark.parametrize("version", VERSIONS)
def test_migrations_lead_to_the_tables_of_a_new_index(
    version: str, unpack: Callable[[str], Path], tmp_path: Path
) -> None:
    Catalogue(tmp_path / "new", create=True)
    folder = unpack(version)
    Catalogue(folder).renew_full_text(lambda done, total: None)  # drops the tables of the full text before
    assert _tables(folder / "catalogue.sqlite3") == _tables(tmp_path / "new/catalogue.sqlite3")


def test_full_text_of_before_is_searched_as_it_is_until_it_can_be_made_anew(unpack: Callable[[str], Path]) -> None:
    folder = unpack("0.3.0")
    catalogue = Catalogue(folder)
    first, second = catalogue.ids()
    with catalogue.reading():
        text = catalogue.full_text()
        assert isinstance(text, FullTextBefore)
        no = {row.doc: row.no for row in text.documents([first, second])}
        assert {key >> PAGE_BITS for key in text.search([["e27"], ["turbin"]], 9, Where())} == set(no.values())
        assert [key >> PAGE_BITS for key in text.search([["e27"]], 9, Where())] == [no[second]]
        assert text.search([["e27"]], 9, Where((no[first],))) == text.search([["e27"]], 9, Where(pages=(2, 3))) == []
        assert text.search([['e27" OR *']], 9, Where()) == []
        assert (text.has(["e27"]), text.has(["e", "27"]), text.page_count(["turbin", "leaflet"])) == (True, False, 2)
        assert text.documents_with(["e27"]).documents.tolist() == [no[second]]
        assert (text.near("turbim"), text.near("xyzzyplugh")) == ("turbin", None)
        assert text.languages() == ("en",)
    catalogue.remove(second)
    with catalogue.reading():
        assert catalogue.full_text().search([["e27"]], 9, Where()) == []
    catalogue.add(DocumentFiles(folder).load_document(second))  # by then all is made anew
    with catalogue.reading():
        text = catalogue.full_text()
        assert type(text) is FullText
        assert {key >> PAGE_BITS for key in text.search([["turbin"]], 9, Where())} == set(no.values())


def test_conversations_that_somebody_kept_stay(unpack: Callable[[str], Path]) -> None:
    folder = unpack("0.3.0")
    with sqlite3.connect(folder / "catalogue.sqlite3") as db:
        db.execute("INSERT INTO turns VALUES ('mine', 0, 'one?', '1', '2026-11-21T00:00:00Z')")
    db.close()
    with Catalogue(folder).reading() as read:
        assert read.execute("SELECT conversation, question FROM turns").fetchall() == [("mine", "one?")]
    assert _version(folder) == schema.SCHEMA_VERSION


def test_a_kill_in_the_middle_leaves_the_earlier_version_whole(unpack: Callable[[str], Path]) -> None:
    folder = unpack("0.2.0")
    before = _tables(folder / "catalogue.sqlite3")
    code = (
        "import os, sys\nfrom pathlib import Path\nfrom rag.storage.tables import schema\n"
        "from rag.storage.records.catalogue import Catalogue\n"
        "schema._AFTER[2] = lambda db: os._exit(9)\n"
        "Catalogue(Path(sys.argv[1]))\n"
    )
    root = Path(__file__).parents[4]
    killed = subprocess.run([sys.executable, "-c", code, str(folder)], cwd=root, check=False)
    assert killed.returncode == 9
    assert (_version(folder), _tables(folder / "catalogue.sqlite3")) == (1, before)
    assert len(Catalogue(folder).documents()) == 2
    assert _version(folder) == schema.SCHEMA_VERSION


@pytest.mark.parametrize("version", ["0.2.0", *(f"new {n}" for n in range(8))])
def test_many_that_open_at_once_take_turns(version: str, unpack: Callable[[str], Path], tmp_path: Path) -> None:
    folder = tmp_path / "new" if version.startswith("new") else unpack(version)
    together, opened, failed = threading.Barrier(6), list[Catalogue](), list[BaseException]()

    def run() -> None:
        together.wait()
        try:
            opened.append(Catalogue(folder, create=True))
        except BaseException as exc:
            failed.append(exc)

    threads = [threading.Thread(target=run) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failed
    for catalogue in opened:
        assert feedback.votes(catalogue) == [] and catalogue.violations() == []


def test_while_another_writes_an_index_of_an_earlier_version_is_read_as_it_is(
    unpack: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    folder = unpack("0.2.0")
    monkeypatch.setattr(sqlite_file, "BUSY_SECONDS", 0.01)
    other = sqlite3.connect(folder / "catalogue.sqlite3", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with caplog.at_level(logging.WARNING):
        catalogue = Catalogue(folder)
    assert "read as it is" in caplog.text and "wait until it has finished" in caplog.text
    assert [row.name for row in catalogue.documents()] == ["leaflet-2024.pdf", "leaflet-2025.pdf"]
    figures = [chunk.id for row in catalogue.documents() for chunk in catalogue.chunks_of(row.id, kinds=["figure"])]
    assert feedback.votes(catalogue) == [] and picture_families.family_of(catalogue, figures) == {}
    assert conversations.listed(catalogue, "anna") == [] and conversations.revision(catalogue, "anna") == 0
    other.execute("ROLLBACK")
    other.close()
    feedback.save(catalogue, VOTE)
    assert [vote.id for vote in feedback.votes(catalogue)] == ["new"]
    assert _version(folder) == schema.SCHEMA_VERSION


def test_an_index_of_an_earlier_version_that_may_not_be_written_to_is_read_as_it_is(
    unpack: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    folder = unpack("0.3.0")
    opened = Catalogue._open

    def read_only(self: Catalogue) -> Connection:
        db = opened(self)
        db.execute("PRAGMA query_only = ON")
        return db

    monkeypatch.setattr(Catalogue, "_open", read_only)
    with caplog.at_level(logging.WARNING):
        catalogue = Catalogue(folder)
    assert "allow writing" in caplog.text
    figures = [chunk.id for row in catalogue.documents() for chunk in catalogue.chunks_of(row.id, kinds=["figure"])]
    assert len(feedback.votes(catalogue)) == 2 and len(picture_families.family_of(catalogue, figures)) == 2
    with pytest.raises(StoreError, match="allow writing"):
        feedback.save(catalogue, VOTE)
    assert _version(folder) == 1
    with pytest.raises(StoreError, match="allow writing"):
        Catalogue(folder.with_name("new"), create=True)


def test_an_index_of_a_newer_version_is_refused_and_left_as_it_is(unpack: Callable[[str], Path]) -> None:
    folder = unpack("0.3.0")
    with sqlite3.connect(folder / "catalogue.sqlite3") as db:
        db.execute(f"PRAGMA user_version = {schema.SCHEMA_VERSION + 1}")
    db.close()
    before = (folder / "catalogue.sqlite3").read_bytes()
    newer = rf"catalogue\.sqlite3 has schema {schema.SCHEMA_VERSION + 1}, .* open it with a newer PageSight"
    with pytest.raises(IndexDamaged, match=newer):
        Catalogue(folder)
    assert (folder / "catalogue.sqlite3").read_bytes() == before


@pytest.mark.parametrize("version", VERSIONS)
def test_conversations_are_kept_in_an_index_of_a_released_version(version: str, unpack: Callable[[str], Path]) -> None:
    folder = unpack(version)
    with Index.open(Settings(folder)) as index:
        assert conversations.listed(index.catalogue, "anna") == []
        turn = KeptTurn("t", "What does error E17 mean?", text="The bearing is dry.", status="done")
        conversations.save_turn(index.catalogue, "anna", "c", turn, {})
    with Index.open(Settings(folder)) as index:
        assert [c.title for c in conversations.listed(index.catalogue, "anna")] == [turn.question]
        index.remove(index.catalogue.documents()[0].id)
        assert [t.text for t in conversations.read(index.catalogue, "anna", "c")] == [turn.text]
        assert index.check() == []
