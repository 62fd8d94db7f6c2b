"""The catalogue: what goes in comes out."""

from __future__ import annotations

import sqlite3
import threading
from dataclasses import replace
from pathlib import Path

import pytest
from made_documents import make_document

from ingestion.elements import BBox, Chunk, Document, Page, PageProblem, Region
from rag.errors import AmbiguousDocument, DiskFull, IndexBusy, IndexDamaged, NoIndex, StoreError, UnknownDocument
from rag.storage.full_text.index import FullText
from rag.storage.records.catalogue import Catalogue
from rag.storage.tables.schema import SCHEMA_VERSION


@pytest.fixture
def documents(tmp_path: Path) -> list[Document]:
    return [make_document(tmp_path / str(n), n) for n in range(3)]


@pytest.fixture
def catalogue(tmp_path: Path, documents: list[Document], store_url: str) -> Catalogue:
    catalogue = Catalogue(tmp_path / "index", create=True, url=store_url)
    for document in documents:
        catalogue.add(document)
    return catalogue


def test_absent_index_is_named(tmp_path: Path, store_url: str) -> None:
    with pytest.raises(NoIndex, match="rag add"):
        Catalogue(tmp_path / "nothing", url=store_url)
    assert not (tmp_path / "nothing").exists()


def test_what_goes_in_comes_out(catalogue: Catalogue, documents: list[Document]) -> None:
    first = documents[0]
    assert catalogue.pages(first.id) == list(first.pages)
    assert catalogue.page(first.id, 2) == first.pages[1]
    assert catalogue.chunks_of(first.id) == list(first.chunks)
    assert catalogue.chunk(first.chunks[3].id) == first.chunks[3]
    row = catalogue.document(first.id)
    assert (row.pages, row.figures, row.tables, row.chunks) == (2, 2, 2, len(first.chunks))
    assert [r.id for r in catalogue.documents()] == [d.id for d in documents]


def test_the_list_is_read_once_until_the_index_changes(
    catalogue: Catalogue, documents: list[Document], tmp_path: Path, store_url: str
) -> None:
    first = catalogue.listed()
    assert catalogue.listed() is first
    other = Catalogue(tmp_path / "index", url=store_url)  # as another process has it
    other.remove(documents[0].id)
    assert [row.id for row in catalogue.listed()] == [d.id for d in documents[1:]]
    with catalogue.snapshot():
        assert len(catalogue.listed()) == 2  # the moment begins with the first look
        other.remove(documents[1].id)
        assert [row.id for row in catalogue.listed()] == [d.id for d in documents[1:]]
    assert [row.id for row in catalogue.listed()] == [documents[2].id]


def test_the_list_of_a_write_that_was_undone_is_forgotten(catalogue: Catalogue, documents: list[Document]) -> None:
    with pytest.raises(ZeroDivisionError), catalogue.writing() as db:
        catalogue._delete(db, documents[0].id)
        assert len(catalogue.listed()) == 2
        raise ZeroDivisionError
    assert len(catalogue.listed()) == 3
    catalogue.note("x", 1)
    assert [row.id for row in catalogue.listed()] == [d.id for d in documents]


def test_problems_are_kept(catalogue: Catalogue, documents: list[Document]) -> None:
    problem = PageProblem(2, "layout", "gave up")
    catalogue.add(replace(documents[0], problems=(problem,)))
    assert catalogue.document(documents[0].id).problems == (problem,)
    assert len(catalogue.documents()) == 3


def test_chunks_of_a_page_include_one_that_runs_over(catalogue: Catalogue, documents: list[Document]) -> None:
    first = documents[0]
    box = BBox(0, 0, 1, 1)
    long = replace(first.chunks[0], regions=(Region(1, box), Region(2, box)))
    catalogue.add(replace(first, chunks=(long, *first.chunks[1:])))
    assert long in catalogue.chunks_of(first.id, page=2)
    assert {c.kind for c in catalogue.chunks_of(first.id, page=1, kinds=["figure", "table"])} == {"figure", "table"}


def test_chunks_of_every_page_are_all_and_no_page_has_those_of_another(catalogue: Catalogue) -> None:
    """Page 1 is neither page 11 nor a box that begins with a 1."""
    box = BBox(1.0, 11.0, 111.0, 112.0)
    chunks = tuple(
        Chunk(f"c{n}", "d", "text", f"Text {n}.", (Region(n, box), Region(n + 1, box))) for n in (1, 11, 110)
    )
    pages = tuple(Page(n, 612.0, 792.0, 0) for n in range(1, 112))
    catalogue.add(Document("d", "long.pdf", "Long", pages, (), chunks))
    found = {n: [c.id for c in catalogue.chunks_of("d", n)] for n in range(1, 113)}
    assert {n: ids for n, ids in found.items() if ids} == {
        1: ["c1"], 2: ["c1"], 11: ["c11"], 12: ["c11"], 110: ["c110"], 111: ["c110"],
    }  # fmt: skip


def test_chunks_come_in_the_order_asked_for(catalogue: Catalogue, documents: list[Document]) -> None:
    ids = [c.id for d in documents for c in d.chunks][::-1]
    assert list(catalogue.chunks([*ids, "unknown", ids[0]])) == ids


@pytest.mark.parametrize("name", ["manual-1.pdf", "manual-1", "MANUAL-1.PDF", " manual-1 "])
def test_find_by_name(catalogue: Catalogue, documents: list[Document], name: str) -> None:
    assert catalogue.find(name).id == documents[1].id


def test_find_by_id(catalogue: Catalogue, documents: list[Document]) -> None:
    assert catalogue.find(documents[2].id[:12]).name == "manual-2.pdf"
    assert catalogue.find(documents[2].id).name == "manual-2.pdf"


def test_unknown_name_lists_near_ones(catalogue: Catalogue) -> None:
    with pytest.raises(UnknownDocument, match=r"'nual-1'.*did you mean manual-1\.pdf"):
        catalogue.find("nual-1")  # a part of a name, however short beside the whole
    with pytest.raises(UnknownDocument, match=r"manul-1.*did you mean .*manual-1\.pdf"):
        catalogue.find("manul-1")


def test_two_documents_of_one_name_are_told_apart_by_id(catalogue: Catalogue, documents: list[Document]) -> None:
    twin = replace(documents[0], id="f" * 64, chunks=())
    catalogue.add(twin)
    with pytest.raises(AmbiguousDocument, match="ffffffffffff"):
        catalogue.find("manual-0")


def test_removing_takes_full_text_along(catalogue: Catalogue, documents: list[Document]) -> None:
    catalogue.remove(documents[1].id)
    with catalogue.reading():
        held = FullText(catalogue.connection).documents([d.id for d in documents])
    assert {d.doc for d in held} == {documents[0].id, documents[2].id}
    assert catalogue.chunks([documents[1].chunks[0].id]) == {}
    assert catalogue.violations() == []
    with pytest.raises(UnknownDocument):
        catalogue.remove(documents[1].id)


def test_a_failing_add_leaves_nothing(catalogue: Catalogue, documents: list[Document], tmp_path: Path) -> None:
    new = make_document(tmp_path / "new", 7)
    before = catalogue.state()
    with pytest.raises(StoreError):
        catalogue.add(replace(new, pages=(*new.pages, new.pages[0])))
    assert [d.id for d in catalogue.documents()] == [d.id for d in documents]
    with catalogue.reading():
        assert FullText(catalogue.connection).documents([new.id]) == []
    assert catalogue.state() == before


@pytest.mark.parametrize("store_url", ["sqlite"], indirect=True)
def test_full_disk(catalogue: Catalogue, documents: list[Document], tmp_path: Path) -> None:
    with catalogue.reading() as db:  # given back and borrowed again
        pages = db.execute("PRAGMA page_count").fetchone()[0]
        db.execute(f"PRAGMA max_page_count = {pages + 1}")
    with pytest.raises(DiskFull, match="free some space"):
        catalogue.add(make_document(tmp_path / "big", 8, pages=40))
    assert len(catalogue.documents()) == 3
    assert catalogue.violations() == []


@pytest.mark.parametrize("store_url", ["sqlite"], indirect=True)
def test_locked_file(catalogue: Catalogue, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with catalogue.reading() as db:  # given back and borrowed again
        db.execute("PRAGMA busy_timeout = 10")
    other = sqlite3.connect(catalogue.path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(IndexBusy, match="locked by another process"):
        catalogue.note("key", 1)
    other.execute("ROLLBACK")
    other.close()


def test_not_a_database(tmp_path: Path) -> None:
    (tmp_path / "catalogue.sqlite3").write_bytes(b"no database at all" * 100)
    with pytest.raises(IndexDamaged, match=r"catalogue\.sqlite3"):
        Catalogue(tmp_path)


def test_schema_of_another_version(catalogue: Catalogue, store_url: str) -> None:
    with catalogue.writing() as db:
        catalogue.store.set_version(db, SCHEMA_VERSION + 1)
    with pytest.raises(IndexDamaged, match="newer PageSight"):
        Catalogue(catalogue.path.parent, url=store_url)


def test_threads_have_their_own_connections(catalogue: Catalogue) -> None:
    seen: list[int] = []
    threads = [threading.Thread(target=lambda: seen.append(len(catalogue.documents()))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert seen == [3] * 8


def test_another_catalogue_sees_a_commit(catalogue: Catalogue, documents: list[Document], store_url: str) -> None:
    other = Catalogue(catalogue.path.parent, url=store_url)
    before = other.state().revision
    catalogue.remove(documents[0].id)
    assert other.state().revision > before
    assert len(other.documents()) == 2


def test_generations_swap_and_only_one_earlier_is_kept(catalogue: Catalogue) -> None:
    made = [catalogue.new_generation("builtin", "static", f"n{i}", f"f{i}", 4) for i in range(3)]
    assert catalogue.generation() is None
    for generation in made:
        catalogue.make_live(generation.id)
    assert [(g.name, g.state) for g in catalogue.generations()] == [("n1", "previous"), ("n2", "live")]
    catalogue.make_live(made[1].id)
    assert [(g.name, g.state) for g in catalogue.generations()] == [("n1", "live"), ("n2", "previous")]
    assert len({g.label for g in catalogue.generations()}) == 2


def test_manifest_holds_json(catalogue: Catalogue) -> None:
    catalogue.note("parser", {"version": "1", "ocr": "auto"})
    assert catalogue.manifest["parser"] == {"version": "1", "ocr": "auto"}
