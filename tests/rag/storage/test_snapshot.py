"""A search sees one moment: a document removed while it runs is found to the end, or was never there."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from made_documents import make_document
from PIL import Image

from rag.answering.answer import Done, Found, answer
from rag.config import Settings
from rag.index import Index
from rag.retrieval.search import search as search_hits
from rag.types import Query

MOMENTS = {"words": 7, "picture": 3}  # of a search at which something happens
WORDS = Query("How is the drain pump cleaned? See page 2 and table 1")


@pytest.fixture
def index(settings: Settings) -> Iterator[Index]:
    with Index.open(settings, create=True) as index:
        for number in range(3):
            store(index, number)
        yield index


def store(index: Index, number: int) -> str:
    folder = index.files.stage()
    return index.store(make_document(folder, number), folder).id


@contextmanager
def at_statement(index: Index, number: int, do: Callable[[], object]) -> Iterator[list[str]]:
    """Before this thread's statement of that number ``do`` is done, once, by another thread."""
    said: list[str] = []

    def hear(sql: str) -> None:
        if sql.startswith("--"):  # FTS5's own
            return
        said.append(sql)
        if len(said) == number:
            other = threading.Thread(target=do)
            other.start()
            other.join()

    with index.catalogue.reading() as db:
        assert isinstance(db, sqlite3.Connection)
        db.set_trace_callback(hear)
        try:
            yield said
        finally:
            db.set_trace_callback(None)


def picture_of(index: Index, doc: str) -> Query:
    with Image.open(index.files.path(doc, "crops/0001-figure.webp")) as crop:
        return Query("", image=crop.convert("RGB"))


def statements(index: Index, query: Query) -> int:
    with at_statement(index, 0, lambda: None) as said:
        search_hits(index, query, fresh=True)
    return len(said)


@pytest.mark.parametrize("asked", ["words", "picture"])
def test_a_document_removed_at_any_moment_fails_no_search(index: Index, asked: str) -> None:
    doc = index.catalogue.ids()[0]
    query = picture_of(index, doc) if asked == "picture" else WORDS
    with Index.open(index.settings) as other:
        total = statements(index, query)
        for number in range(2, total - 1, max(1, total // MOMENTS[asked])):
            with at_statement(index, number, lambda: other.remove(doc)) as said:
                hits = search_hits(index, query, fresh=True).hits
            assert hits and len(said) >= number
            assert doc not in {hit.chunk.doc for hit in search_hits(index, query).hits}
            assert store(index, 0) == doc


def test_evidence_of_a_document_removed_meanwhile_is_gathered_to_the_end(index: Index) -> None:
    doc = index.catalogue.ids()[0]
    with Index.open(index.settings) as other:
        for number in (2, 8, 20):
            index.recent.clear()
            with at_statement(index, number, lambda: other.remove(doc)) as said:
                found, *_, done = list(answer(index, WORDS))
            assert isinstance(found, Found) and isinstance(done, Done)
            assert found.evidence and all(piece.doc_name and piece.text for piece in found.evidence)
            assert done.answer.citations and len(said) >= number and not index.catalogue.has(doc)
            assert store(index, 0) == doc


def test_an_answer_goes_on_when_its_documents_are_removed_after_the_search(index: Index) -> None:
    events = answer(index, WORDS)
    found = next(events)
    for doc in index.catalogue.ids():
        index.remove(doc)
    *_, done = list(events)
    assert isinstance(found, Found) and found.evidence
    assert isinstance(done, Done) and done.answer.text


@pytest.mark.slow
def test_searches_while_another_thread_removes_and_adds(index: Index, tmp_path: Path) -> None:
    failures, ended = list[str](), threading.Event()

    def search() -> None:
        while not ended.is_set():
            try:
                list(answer(index, WORDS))
            except Exception as exc:
                failures.append(repr(exc))

    threads = [threading.Thread(target=search) for _ in range(2)]
    for thread in threads:
        thread.start()
    for _ in range(12):
        index.remove(index.catalogue.ids()[0])
        for number in range(3):
            store(index, number)
    ended.set()
    for thread in threads:
        thread.join()
    assert failures == []
