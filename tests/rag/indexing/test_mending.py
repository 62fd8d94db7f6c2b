"""Real damage to an index, each kind named and mended; what cannot be mended is said."""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest
from made_documents import make_document
from PIL import Image

from rag.cli.arguments import parser
from rag.cli.commands import run
from rag.cli.doctor import repaired
from rag.config import Settings
from rag.index import Index
from rag.retrieval.search import search
from rag.storage import trash
from rag.types import Query

QUESTION = Query("How do I clean the drain pump of model 8?")
Damage = Callable[[Path, str], object]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two documents, and one in the trash; copied by each test."""
    root = tmp_path_factory.mktemp("made") / "index"
    with Index.open(Settings(index=root, encoder="builtin", words="static"), create=True) as index:
        for number in (8, 1, 3):
            folder = index.files.stage()
            index.store(make_document(folder, number), folder)
        index.remove(index.catalogue.ids()[2])
    return root


@pytest.fixture
def root(made: Path, tmp_path: Path) -> Path:
    shutil.copytree(made, tmp_path / "index")
    return tmp_path / "index"


@pytest.fixture
def index(root: Path) -> Iterator[Index]:
    with Index.open(Settings(index=root, encoder="builtin", words="static")) as index:
        yield index


def hits(root: Path) -> list[tuple[str, float]]:
    with Index.open(Settings(index=root, encoder="builtin", words="static")) as index:
        return [(hit.chunk.id, round(hit.score, 5)) for hit in search(index, QUESTION, 10).hits]


def sql(*statements: str) -> Damage:
    def damage(root: Path, doc: str) -> None:
        with closing(sqlite3.connect(root / "catalogue.sqlite3")) as db:
            for statement in statements:
                assert db.execute(statement, {"doc": doc} if ":doc" in statement else {}).rowcount > 0
            db.commit()

    return damage


def array(root: Path, doc: str, ending: str = ".npy") -> Path:
    return root / "vectors" / "generation-0001" / f"{doc}{ending}"


def changed(path: Path, place: int) -> None:
    data = bytearray(path.read_bytes())
    data[place] ^= 0x40
    path.write_bytes(data)


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def broken_collection(root: Path, doc: str) -> None:
    for path in (root / "chroma").glob("generation-*/chroma.sqlite3"):
        path.write_bytes(b"this is no database" * 100)


def lost_collection(root: Path, doc: str) -> None:
    for path in (root / "chroma").glob("generation-*.*[0-9]"):
        shutil.rmtree(path)


def strangers(root: Path, doc: str) -> None:
    (root / "files" / ("e" * 64) / "crops").mkdir(parents=True)
    shutil.copyfile(array(root, doc), array(root, "e" * 64))


def left_over(root: Path, doc: str) -> None:
    (root / "staging" / "x").mkdir(parents=True)


def without_files(root: Path, doc: str) -> None:
    for path in (root / "trash").glob("*/document"):
        shutil.rmtree(path)


NUMBER = "(SELECT no FROM fulltext_documents WHERE doc = :doc)"
DAMAGES: dict[str, tuple[Damage, str]] = {
    "an array is gone": (lambda root, doc: array(root, doc).unlink(), "vectors of document"),
    "an array was cut short": (lambda root, doc: cut(array(root, doc)), "vectors of document"),
    "a number of an array is another": (lambda root, doc: changed(array(root, doc), -3), "other numbers"),
    "an array's note is no JSON": (lambda root, doc: cut(array(root, doc, ".json")), "vectors of document"),
    "the collection is no database": (broken_collection, "vector database"),
    "the collection is gone": (lost_collection, "vector database"),
    "postings are gone": (sql(f"DELETE FROM fulltext_postings WHERE no = {NUMBER} AND term < 'm'"), "other terms"),
    "a page's words are others": (sql("UPDATE fulltext_pages SET words = zeroblob(length(words))"), "other terms"),
    "a document is not in the full text": (sql("DELETE FROM fulltext_documents WHERE doc = :doc"), "not in it"),
    "the full text has a stranger": (
        sql("INSERT INTO fulltext_documents VALUES (7, 'nobody', 1, 1, x'')"),
        "belongs to no committed document",
    ),
    "counts are wrong": (sql("UPDATE fulltext_totals SET words = words + 9"), "counts of pages and words"),
    "a chunk's row is gone": (
        sql("DELETE FROM chunks WHERE id IN (SELECT id FROM chunks WHERE doc = :doc LIMIT 1)"),
        "the catalogue holds",
    ),
    "a chunk's text is another": (
        sql("UPDATE chunks SET text = 'nothing' WHERE doc = :doc AND position = 1"),
        "words of document.json",
    ),
    "a page's row is gone": (sql("DELETE FROM pages WHERE doc = :doc AND number = 2"), "the catalogue holds"),
    "files and arrays of nobody": (strangers, "no committed document owns"),
    "staging was left": (left_over, "left over"),
    "the trash lost its files": (
        without_files,
        "files of manual-3.pdf are missing",
    ),
}


TOGETHER = (
    *("files and arrays of nobody", "an array is gone", "the collection is no database", "a page's words are others"),
    *("the full text has a stranger", "counts are wrong", "a chunk's row is gone", "a page's row is gone"),
    *("staging was left", "the trash lost its files"),
)


@pytest.fixture(scope="module")
def right(made: Path) -> list[tuple[str, float]]:
    return hits(made)


@pytest.mark.parametrize("what", DAMAGES)
def test_damage_is_named_and_mended(what: str, root: Path, right: list[tuple[str, float]]) -> None:
    damage, named = DAMAGES[what]
    with Index.open(Settings(index=root, encoder="builtin", words="static")) as index:
        doc = index.catalogue.ids()[0]
    damage(root, doc)
    with Index.open(Settings(index=root, encoder="builtin", words="static")) as index:
        done = index.mend()
        assert any(named in one.fault.text for one in done) and {one.remedy for one in done} == {""}
        assert index.check() == [] and len(index.catalogue.ids()) == 2
    assert hits(root) == right


def test_a_collection_that_was_looked_at_before_is_made_anew_too(root: Path) -> None:
    broken_collection(root, "")
    settings = Settings(index=root, encoder="builtin", words="static")
    with Index.open(settings) as index:
        assert any("vector database" in line for line in index.check())
    with Index.open(settings) as index:
        assert not index.vectors.graph.held()
        index.mend()
        assert set(index.vectors.graph.held()) == set(index.catalogue.ids())


def test_much_at_once(root: Path, right: list[tuple[str, float]]) -> None:
    with Index.open(Settings(index=root, encoder="builtin", words="static")) as index:
        doc = index.catalogue.ids()[0]
    for what in TOGETHER:
        DAMAGES[what][0](root, doc)
    with Index.open(Settings(index=root, encoder="builtin", words="static")) as index:
        assert {one.remedy for one in index.mend()} == {""}
        assert index.mend() == [] and index.check() == []
    assert hits(root) == right


def test_a_document_that_left_the_catalogue_half_way_can_be_taken_back(index: Index) -> None:
    doc, other = index.catalogue.ids()
    sql("DELETE FROM documents WHERE id = :doc")(index.root, doc)
    sql("DELETE FROM chunks WHERE doc = :doc", "DELETE FROM pages WHERE doc = :doc")(index.root, doc)
    done = index.mend()
    assert {one.remedy for one in done} == {""} and index.check() == []
    assert doc in {row.id for row in trash.listed(index)} and index.catalogue.ids() == (other,)
    assert index.restore(doc).name == "manual-8.pdf"
    assert index.mend() == [] and set(index.catalogue.ids()) == {doc, other}


def test_files_that_went_into_the_trash_without_their_document_come_back(index: Index) -> None:
    """As after a power cut that the removal did not survive, but the move did."""
    doc = index.catalogue.ids()[0]
    trash.note(index, index.catalogue.document(doc))
    trash.move_in(index, doc)
    index.catalogue.mark_writing(1)
    with Index.open(index.settings) as again:
        assert again.check() == [] and again.files.original(doc).is_file()
        assert trash.trashed(again, doc) is None


def test_a_lost_original_is_said_and_put_back_by_adding_it(index: Index, tmp_path: Path) -> None:
    doc = index.catalogue.ids()[0]
    file = tmp_path / "manual-8.pdf"
    shutil.copyfile(index.files.original(doc), file)
    changed(index.files.original(doc), -5)
    for said in ("is not the file that was added", "is missing"):
        ((fault, remedy),) = index.mend()
        assert said in fault.text and "rag add FILE" in remedy
    (added,) = index.add([file])
    assert added.status == "present" and index.mend() == []
    index.files.original(doc).unlink()
    (index.files.document(doc) / "document.json").write_text("{")
    assert all(remedy for _, remedy in index.mend()) and len(index.catalogue.ids()) == 2


# -- with a real original --------------------------------------------------------------------------------------------


@pytest.fixture
def read(copy_of: Callable[[], Settings]) -> Settings:
    return copy_of()


def test_pictures_are_drawn_again(read: Settings, indexed: Settings) -> None:
    with Index.open(read) as index:
        (doc,) = index.catalogue.ids()
        folder = index.files.document(doc)
        crops = sorted((folder / "crops").iterdir())
        page = folder / index.catalogue.page(doc, 2).image  # type: ignore[operator]
        assert len(crops) >= 2
        before = {path: Image.open(path).convert("L") for path in (crops[0], crops[1], page)}
        crops[0].unlink()
        cut(crops[1])
        page.write_bytes(b"")
        done = index.mend()
        assert [one.remedy for one in done] == ["", "", ""] and index.mend() == []
        for path, picture in before.items():
            again = Image.open(path).convert("L")
            assert again.size == picture.size
            difference = np.asarray(again, dtype=np.int16) - np.asarray(picture, dtype=np.int16)
            assert np.abs(difference).mean() < 2.0, path


@pytest.mark.parametrize(
    "name",
    ["document.json", *(pytest.param(name, marks=pytest.mark.slow) for name in ("parser.json", "pages/0002.json"))],
)
def test_what_was_understood_is_read_again(name: str, read: Settings, indexed: Settings) -> None:
    with Index.open(read) as index:
        (doc,) = index.catalogue.ids()
        before = index.files.load_document(doc)
        cut(index.files.document(doc) / name)
        (done,) = index.mend()
        assert done.remedy == "" and index.mend() == []
        assert index.files.load_document(doc) == before


def test_the_command_mends_and_says_so(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (doc, *_) = sorted(path.name for path in (root / "files").iterdir())
    array(root, doc).unlink()
    run(parser().parse_args(["doctor", "--repair", "--index", str(root), "--json"]))
    said = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert said[0]["what"] == "mended" and said[0]["level"] == "ok"
    assert next(row for row in said if row["what"] == "index")["detail"].endswith("whole")
    with Index.open(Settings(index=root, encoder="builtin", words="static")) as index:
        assert [found.detail for found in repaired(index, print)] == ["everything was read, nothing is damaged"]
