"""A library in PostgreSQL is the same library: the same hits, nothing half written, and it moves there and back."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from made_documents import make_document
from vector_engines import PostgresServer, server_folder

from benchmarks.kill import pdf
from rag.cli.collections import forgetting_right
from rag.config import Settings
from rag.errors import BadSettings, IndexBusy, NoIndex, StoreError
from rag.index import Index
from rag.retrieval.search import search
from rag.storage.copies.backup import back_up
from rag.storage.copies.backup_file import restore
from rag.storage.full_text import index as fulltext
from rag.storage.integrity import faults
from rag.storage.records import collections, conversations, feedback
from rag.storage.records.catalogue import Catalogue
from rag.storage.records.conversation_values import KeptTurn, Picture
from rag.storage.records.feedback import Vote
from rag.storage.tables import schema
from rag.storage.tables.connections import WRITE_LOCK
from rag.storage.tables.moving import tables
from rag.storage.tables.postgres_address import parse
from rag.storage.tables.postgres_tables import ORDERED
from rag.storage.vectors.engines.address import close_all
from rag.types import Query

ROOT = Path(__file__).parents[3]
QUESTIONS = (
    "drain pump of model 1", "turn screw 2-10", 'screw 1-25 "wait 5 min"', "hetaer", "Türdichtung", "page 2", "%_\0",
)  # fmt: skip


def hits(index: Index) -> list[Any]:
    found = [search(index, Query(question), 5, fresh=True).hits for question in QUESTIONS]
    return [[(hit.chunk.id, round(hit.score, 6), hit.chunk.page) for hit in some] for some in found]


@pytest.fixture(scope="module")
def both(
    postgres: PostgresServer, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[dict[str, tuple[Index, list[Path]]]]:
    """The same three documents in two libraries, added in the same way."""
    folder = tmp_path_factory.mktemp("both")
    files = [pdf(folder, number) for number in range(3)]
    made = dict[str, tuple[Index, list[Path]]]()
    for name, url in (("sqlite", ""), ("postgres", f"{postgres.url}&schema=both")):
        settings = Settings(index=folder / name, encoder="builtin", words="static", workers=1, store_url=url)
        index = Index.open(settings, create=True)
        assert [added.error for added in index.add(files)] == ["", "", ""]
        made[name] = index, files
    yield made
    for index, _ in made.values():
        index.close()
    close_all()


def test_the_same_questions_find_the_same_through_every_change(both: dict[str, tuple[Index, list[Path]]]) -> None:
    seen: dict[str, list[Any]] = {}
    for name, (index, _) in both.items():
        told = seen[name] = [hits(index)]
        first = index.catalogue.documents()[1]
        index.remove(first.id)
        told.append(hits(index))
        index.restore(first.id)
        told.append([row.id for row in index.catalogue.documents()])
        told.append(hits(index))
        index.reindex(words="minilm")
        told.append(hits(index))
        index.switch(1)
        told += [hits(index), [(g.id, g.state) for g in index.catalogue.generations()]]
        assert faults(index, thorough=True) == []
        assert index.catalogue.manifest["writing"] is None
    assert seen["postgres"] == seen["sqlite"]
    assert seen["postgres"][0] == seen["postgres"][3] != seen["postgres"][1]
    assert any(seen["postgres"][0])


def test_vectors_may_be_in_the_same_database(
    both: dict[str, tuple[Index, list[Path]]], postgres: PostgresServer
) -> None:
    settings = replace(both["postgres"][0].settings, vectors=postgres.url)
    with Index.open(settings) as index:
        for anew in (False, False, True):
            gone = index.catalogue.documents()[0].id
            index.remove(gone)
            index.restore(gone)
            index.copy_vectors(anew=anew)
            assert index.vectors.copy is not None and list(index.vectors.copy.violations()) == []
        assert all(hits(index))


def test_it_moves_there_and_back_by_backups(
    both: dict[str, tuple[Index, list[Path]]], postgres_url: str, tmp_path: Path
) -> None:
    index, _ = both["postgres"]
    conversations.save_turn(
        index.catalogue, "anna", "c", KeptTurn("t", "What\0ever?"), {"1": Picture(b"\0\xff", "image/webp")}
    )
    feedback.save(index.catalogue, Vote("v", True, "What?", "That.", (), picture=b"\x89"))
    wanted = hits(index)
    contents = back_up(index, tmp_path / "one.zip", lambda _: None).contents
    assert (contents.documents, contents.conversations) == (3, 1)
    for number, url in enumerate(("", postgres_url)):
        folder = tmp_path / f"back-{number}"
        restore(tmp_path / "one.zip", folder, False, lambda _: None, url)
        with Index.open(replace(index.settings, index=folder, store_url=url)) as again:
            assert hits(again) == wanted and faults(again, thorough=True) == []
            assert [row.id for row in again.catalogue.documents()] == [row.id for row in index.catalogue.documents()]
            assert conversations.picture(again.catalogue, "anna", "t", "1").data == b"\0\xff"
            assert [vote.id for vote in feedback.votes(again.catalogue)] == ["v"]
            new = again.catalogue.new_generation("", "", "later", "f", 3)
            assert new.id == max(g.id for g in index.catalogue.generations()) + 1
            again.catalogue.drop_generation(new.id)
    with pytest.raises(StoreError, match="holds a library already"):
        restore(tmp_path / "one.zip", tmp_path / "another", False, lambda _: None, postgres_url)
    assert not (tmp_path / "another/files").exists()


WRITER = """
import sys
from pathlib import Path
from rag.config import Settings
from rag.index import Index
folder, *files = map(Path, sys.argv[1:])
with Index.open(Settings.from_environment(index=folder, workers=1), create=True) as index:
    for file in files:
        print([added.error for added in index.add([file])], flush=True)
"""


def test_cut_while_a_file_is_added_it_is_said_and_the_file_can_be_added_again(
    both: dict[str, tuple[Index, list[Path]]],
    postgres: PostgresServer,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    index, _ = both["postgres"]
    before, (one, two) = index.catalogue.ids(), (pdf(tmp_path, 7), pdf(tmp_path, 8))
    real, cuts = fulltext.insert, iter([True])

    def cut(*values: Any) -> None:
        real(*values)
        if next(cuts, False):
            postgres.cut()

    monkeypatch.setattr("rag.storage.full_text.index.insert", cut)
    first, second = index.add([one, two])
    assert "was lost" in first.error and first.again and (second.status, second.error) == ("added", "")
    assert [added.error for added in index.add([one])] == [""]
    assert set(index.catalogue.ids()) == {*before, first.doc_id, second.doc_id}
    assert faults(index, thorough=True) == []
    for added in (first, second):
        index.remove(added.doc_id, keep=False)


TINY = """
import sys
from pathlib import Path
from ingestion.elements import BBox, Chunk, Document, Page, Region
from rag.storage.records.catalogue import Catalogue
from rag.storage.tables.connections import WRITE_LOCK
catalogue = Catalogue(Path(sys.argv[1]), create=True, url=sys.argv[2])
for number in range(12):
    doc = f"{sys.argv[3]}-{number}"
    chunk = Chunk(f"{doc}-1", doc, "text", f"Turn screw {number} of {doc}.", (Region(1, BBox(0, 0, 9, 9)),))
    with catalogue.lock(WRITE_LOCK):
        catalogue.add(Document(doc, f"{doc}.pdf", doc, (Page(1, 100, 100, 0),), (), (chunk,)))
        if number % 3 == 2:
            catalogue.remove(f"{sys.argv[3]}-{number - 1}")
"""


def test_two_processes_that_make_and_fill_a_library_at_once(postgres_url: str, tmp_path: Path) -> None:
    environ = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-c", TINY, str(tmp_path / "library"), postgres_url]
    running = [subprocess.Popen([*command, name], env=environ) for name in ("a", "b")]
    assert [one.wait() for one in running] == [0, 0]
    catalogue = Catalogue(tmp_path / "library", url=postgres_url)
    left = {f"{name}-{number}" for name in "ab" for number in range(12) if number % 3 != 1}
    assert set(catalogue.ids()) == left and len(catalogue.ids()) == len(left)
    with catalogue.reading() as db:
        assert fulltext.totals_agree(db) and not fulltext.has_ownerless(db)
    assert catalogue.state().revision == 2 * (12 + 4) + 1  # one of the two made the full text
    assert catalogue.violations() == []
    catalogue.close()


@pytest.mark.slow
def test_two_processes_that_add_files_at_once_both_have_their_way(postgres_url: str, tmp_path: Path) -> None:
    files = [pdf(tmp_path, number) for number in range(4)]
    environ = {**os.environ, "PAGESIGHT_STORE_URL": postgres_url, "PYTHONPATH": str(ROOT)}
    folder = tmp_path / "library"
    running = [
        subprocess.Popen(
            [sys.executable, "-c", WRITER, str(folder), *map(str, some)],
            env=environ, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        )
        for some in (files[:2], files[2:])
    ]  # fmt: skip
    assert [one.communicate()[0] for one in running] == ["['']\n['']\n"] * 2
    with Index.open(Settings(index=folder, encoder="builtin", words="static", store_url=postgres_url)) as index:
        assert sorted(row.name for row in index.catalogue.documents()) == sorted(file.name for file in files)
        assert faults(index, thorough=True) == []


# -- connections that are cut ----------------------------------------------------------------------------------------


@pytest.fixture
def catalogue(postgres_url: str, tmp_path: Path) -> Iterator[Catalogue]:
    made = Catalogue(tmp_path / "index", create=True, url=postgres_url)
    made.add(make_document(tmp_path / "0", 0))
    yield made
    made.close()


def test_cut_between_two_reads_nobody_notices(catalogue: Catalogue, postgres: PostgresServer) -> None:
    wanted = catalogue.ids()
    for _ in range(3):
        postgres.cut()
        assert catalogue.ids() == wanted
        with catalogue.reading():
            postgres.cut()
            assert catalogue.ids() == wanted
        postgres.cut()
        with catalogue.snapshot():
            assert catalogue.ids() == wanted
        postgres.cut()
        catalogue.note("a", 1)


def test_cut_in_the_middle_of_a_write_nothing_is_half_written(
    catalogue: Catalogue, postgres: PostgresServer, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    new, before = make_document(tmp_path / "1", 1), (catalogue.state(), catalogue.documents())
    for place in ("insert", "delete"):
        real = getattr(catalogue.__class__.add.__globals__["fulltext"], place)

        def cut(*values: Any, real: Any = real) -> None:
            real(*values)
            postgres.cut()

        with monkeypatch.context() as patched:
            patched.setattr(f"rag.storage.full_text.index.{place}", cut)
            changed = new if place == "insert" else replace(make_document(tmp_path / "0", 0), title="Other")
            with pytest.raises(StoreError, match=r"connection to .* was lost .* taken back\. Try again"):
                catalogue.add(changed)
        assert (catalogue.state(), catalogue.documents()) == before
        assert catalogue.violations() == []
    catalogue.add(new)
    assert len(catalogue.documents()) == 2


def test_in_the_middle_of_a_snapshot_another_moment_is_not_taken_for_it(
    catalogue: Catalogue, postgres: PostgresServer
) -> None:
    with pytest.raises(StoreError, match="was lost"), catalogue.snapshot():
        catalogue.ids()
        postgres.cut()
        catalogue.ids()
    assert len(catalogue.ids()) == 1


@pytest.mark.slow
def test_a_server_that_was_started_anew_is_used_again(tmp_path: Path) -> None:
    with server_folder() as folder:
        server = PostgresServer(folder / "postgres")
        try:
            catalogue = Catalogue(tmp_path / "index", create=True, url=server.url)
            server.stop()
            with pytest.raises(StoreError, match=r"is not reached .* start it"):
                catalogue.ids()
            server.start()
            assert catalogue.ids() == ()
            catalogue.close()
        finally:
            server.stop()


# -- the right to write ----------------------------------------------------------------------------------------------


def test_the_right_to_write_is_one_processs_and_names_it(
    catalogue: Catalogue, postgres_url: str, tmp_path: Path
) -> None:
    other = Catalogue(tmp_path / "index", url=postgres_url)
    with catalogue.lock(WRITE_LOCK), catalogue.lock("another.lock"):
        with pytest.raises(IndexBusy, match=rf"another process \(.* {os.getpid()}\)"), other.lock(WRITE_LOCK, wait=0.0):
            pass
        with pytest.raises(IndexBusy, match="another process"), other.lock(WRITE_LOCK, wait=0.05):
            pass
        other.note("meanwhile", 1)  # what needs no right, as conversations, goes on
    with other.lock(WRITE_LOCK):
        pass
    other.close()


def test_who_has_lost_the_right_to_write_cannot_commit(catalogue: Catalogue, postgres: PostgresServer) -> None:
    with pytest.raises(StoreError, match="was lost"), catalogue.lock(WRITE_LOCK):
        postgres.cut()
        catalogue.note("late", 1)
    assert "late" not in catalogue.manifest
    catalogue.note("late", 1)


def test_who_takes_the_right_waits_for_a_commit_that_is_under_way(
    catalogue: Catalogue, postgres_url: str, tmp_path: Path
) -> None:
    other, order = Catalogue(tmp_path / "index", url=postgres_url), list[str]()

    def take() -> None:
        with other.lock(WRITE_LOCK):
            order.append("taken")

    with catalogue.writing() as db:  # of one whose right was lost after it looked
        db.execute("INSERT INTO manifest VALUES ('x', '1')")
        waiting = threading.Thread(target=take)
        waiting.start()
        waiting.join(0.3)
        order.append("committed")
    waiting.join()
    other.close()
    assert order == ["committed", "taken"]


# -- tables ----------------------------------------------------------------------------------------------------------


def test_both_stores_have_the_same_tables_and_columns(catalogue: Catalogue, tmp_path: Path) -> None:
    sqlite = Catalogue(tmp_path / "file", create=True)
    assert len(tables()) > 15
    with catalogue.reading() as here, sqlite.reading() as there:
        for table in [*(table.name for table in tables()), "vector_codes"]:
            columns, wanted = (
                [column[0] for column in db.execute(f"SELECT * FROM {table} LIMIT 0").description]
                for db in (here, there)
            )
            assert columns == [*wanted, *(["rowid"] if table in ORDERED else [])]
        indexes = "SELECT indexname FROM pg_indexes WHERE schemaname = current_schema()"
        named = {row[0] for row in here.execute(indexes).fetchall()}
        assert {
            row[0] for row in there.execute("SELECT name FROM sqlite_master WHERE sql LIKE 'CREATE INDEX%'")
        } <= named


def test_numbers_come_back_as_they_do_from_a_file(catalogue: Catalogue) -> None:
    with catalogue.reading() as db:
        for sql, values in (
            ("SELECT SUM(pages), COUNT(*), MAX(pages) FROM documents", ()),
            ("SELECT SUM(pages), 1, 2 FROM documents WHERE pages < ?", (9,)),
        ):
            assert [type(value) for value in db.execute(sql, values).fetchone()] == [int] * 3


def test_a_later_schema_is_reached_by_the_same_migration(
    catalogue: Catalogue, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, postgres_url: str
) -> None:
    (tmp_path / "migrations").mkdir()
    number = schema.SCHEMA_VERSION + 1
    script = "-- One column; and a table.\nALTER TABLE documents ADD COLUMN shelf TEXT NOT NULL DEFAULT '';\n"
    script += "CREATE TABLE shelves(name TEXT PRIMARY KEY, size INTEGER, mark BLOB) WITHOUT ROWID;\n"
    (tmp_path / f"migrations/{number:04}_shelves.sql").write_text(script)
    monkeypatch.setattr(schema, "_FOLDER", tmp_path)
    monkeypatch.setattr(schema, "SCHEMA_VERSION", number)
    later = Catalogue(tmp_path / "index", url=postgres_url)
    with later.reading() as db:
        assert db.execute("SELECT shelf FROM documents").fetchall() == [("",)]
    assert later.schema == number and later.ids() == catalogue.ids()
    later.close()


def test_rows_that_belong_to_nothing_are_found_and_dropped(catalogue: Catalogue) -> None:
    with catalogue.writing() as db:  # as a dump leaves them that was restored without its checks
        db.execute("ALTER TABLE pages DISABLE TRIGGER ALL")
        db.execute("INSERT INTO pages VALUES ('gone', 1, 9, 9, 0, NULL, '1')")
        db.execute("ALTER TABLE pages ENABLE TRIGGER ALL")
    assert catalogue.violations() == ["catalogue: ownerless row in pages"]
    catalogue.drop_ownerless()
    assert catalogue.violations() == []


# -- addresses -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://me:s3cret#word@host/db", "postgresql://me:s3cret@host:port/db", "mysql://me:s3cret@host/db",
        "s3cret", "postgresql://me:s3cret@[host/db", "postgresql://me:s3cret@host/db?schema=a-b",
        "postgresql://me:s3cret@127.0.0.1:1/db?connect_timeout=1&sslpassword=s3cret",
        "postgresql://me:s3cret@127.0.0.1:1/db?s3cret=1", "postgresql://me@127.0.0.1:1/db?password=s3cret",
    ],
)  # fmt: skip
def test_no_error_and_no_file_shows_a_password(url: str, tmp_path: Path) -> None:
    pytest.importorskip("psycopg")
    settings = Settings(index=tmp_path / "index", store_url=url)
    assert "s3cret" not in repr(settings)
    with pytest.raises((BadSettings, StoreError)) as error:
        Index.open(settings, create=True)
    assert "s3cret" not in str(error.value) and "PAGESIGHT_STORE_URL" in str(error.value)
    assert "word" not in str(error.value).replace("password", "")


def test_an_address_is_shown_with_its_schema_and_without_what_is_secret() -> None:
    target = parse("postgresql://me:s%40cret@host:5433/db?sslmode=require&schema=team_1&sslpassword=x")
    assert target.shown == "postgresql://me@host:5433/db?sslmode=require&schema=team_1"
    assert target.url == "postgresql://me:s%40cret@host:5433/db?sslmode=require&sslpassword=x"
    assert (target.schema, parse("postgresql://host/db").schema) == ("team_1", "pagesight")


def test_folder_and_tables_that_do_not_belong_together_are_refused(
    catalogue: Catalogue, postgres_url: str, tmp_path: Path
) -> None:
    with pytest.raises(NoIndex, match="set PAGESIGHT_STORE_URL"):
        Catalogue(tmp_path / "index")
    with pytest.raises(StoreError, match="has its files in another folder"):
        Catalogue(tmp_path / "empty", url=postgres_url)
    other = f"{postgres_url}_other"
    with pytest.raises(NoIndex, match="There is no index in postgresql"):
        Catalogue(tmp_path / "index", url=other)
    Catalogue(tmp_path / "second", create=True, url=other).close()
    with pytest.raises(StoreError, match="different libraries"):
        Catalogue(tmp_path / "second", url=postgres_url)
    Catalogue(tmp_path / "file", create=True).close()
    with pytest.raises(StoreError, match="rag backup FILE"):
        Catalogue(tmp_path / "file", create=True, url=f"{postgres_url}_third")
    (tmp_path / "index/files/d").mkdir(parents=True)
    with pytest.raises(StoreError, match=r"holds documents, and .* has no library"):
        Catalogue(tmp_path / "index", create=True, url=f"{postgres_url}_third")
    assert json.loads((tmp_path / "index/library.json").read_text())["library"] == catalogue.manifest["library"]


def test_rights_of_a_removed_user_go_from_the_database_too(postgres_url: str, tmp_path: Path) -> None:
    settings = Settings(index=tmp_path / "index", encoder="builtin", words="static", store_url=postgres_url)
    anna = collections.Right("user", "anna")
    with Index.open(settings, create=True) as index:
        named = collections.create(index.catalogue, "Secrets")
        collections.restrict(index.catalogue, named.id, [anna])
        assert anna in collections.restricted(index.catalogue)[0].rights
        with forgetting_right(settings, anna):
            pass
        assert anna not in collections.restricted(index.catalogue)[0].rights
