"""Collections: named sets of documents, kept while documents are read again; an empty one is not the whole library."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from ingestion.elements import BBox, Chunk, Document, Page, Region
from rag.errors import CollectionExists, EmptyCollection, StoreError, UnknownCollection
from rag.storage.records import collections
from rag.storage.records.catalogue import Catalogue


def document(name: str) -> Document:
    doc = name[0] * 64
    chunk = Chunk(f"{doc}-1", doc, "text", f"Words of {name}.", (Region(1, BBox(0, 0, 9, 9)),))
    return Document(doc, name, name, (Page(1, 100, 100, 0),), (), (chunk,))


@pytest.fixture
def catalogue(tmp_path: Path, store_url: str) -> Catalogue:
    made = Catalogue(tmp_path, create=True, url=store_url)
    for name in ("a.pdf", "b.pdf", "c.pdf"):
        made.add(document(name))
    return made


def test_documents_are_put_in_and_taken_out(catalogue: Catalogue) -> None:
    a, b, c = catalogue.ids()
    pumps = collections.create(catalogue, "  Pumps &  valves ")
    assert pumps.name == "Pumps & valves" and pumps.docs == frozenset()
    collections.put(catalogue, pumps.id, [a, b, a, "unknown"])
    assert collections.named(catalogue, "PUMPS & VALVES").docs == {a, b}
    other = collections.create(catalogue, "Éclair")
    collections.put(catalogue, other.id, [b, c])
    assert collections.documents_of(catalogue, ["eclair", pumps.id]) == {a, b, c}
    collections.take_out(catalogue, pumps.id, [a, c])
    assert {row.name: set(row.docs) for row in collections.listed(catalogue)} == {"Éclair": {b, c}, pumps.name: {b}}
    collections.rename(catalogue, pumps.id, "pumps & VALVES")
    collections.delete(catalogue, other.id)
    assert [row.name for row in collections.listed(catalogue)] == ["pumps & VALVES"]
    assert len(catalogue.ids()) == 3


def test_a_document_that_is_read_again_or_comes_back_is_still_in_it(catalogue: Catalogue) -> None:
    a, *_ = catalogue.ids()
    pumps = collections.create(catalogue, "Pumps")
    collections.put(catalogue, pumps.id, [a])
    catalogue.add(document("a.pdf"))
    assert collections.named(catalogue, "Pumps").docs == {a}
    catalogue.remove(a)
    assert collections.named(catalogue, "Pumps").docs == frozenset()
    catalogue.add(document("a.pdf"))
    assert collections.named(catalogue, "Pumps").docs == {a} and catalogue.violations() == []


def test_an_empty_collection_is_not_the_whole_library(catalogue: Catalogue) -> None:
    collections.create(catalogue, "Empty")
    with pytest.raises(EmptyCollection, match="'Empty' has no documents"):
        collections.documents_of(catalogue, ["empty"])
    assert collections.documents_of(catalogue, []) == frozenset()


def test_names_are_names_and_one_is_one(catalogue: Catalogue) -> None:
    pumps, other = (collections.create(catalogue, name) for name in ("Pumps", "Other"))
    for name in ("pumps", "PÜMPS "):
        with pytest.raises(CollectionExists, match="choose another name"):
            collections.create(catalogue, name)
    with pytest.raises(CollectionExists):
        collections.rename(catalogue, other.id, "PUMPS")
    for name in ("", " \n\t ", "x" * 81, "\u202e\u0000"):
        with pytest.raises(StoreError, match="name"):
            collections.create(catalogue, name)
    with pytest.raises(UnknownCollection, match="did you mean 'Pumps'"):
        collections.named(catalogue, "pump")
    collections.delete(catalogue, pumps.id)
    with pytest.raises(UnknownCollection, match="no longer there"):
        collections.put(catalogue, pumps.id, catalogue.ids())


def test_two_that_make_the_same_at_once_make_one(catalogue: Catalogue) -> None:
    outcomes: list[str] = []

    def make() -> None:
        try:
            outcomes.append(collections.create(catalogue, "Pumps").name)
        except CollectionExists:
            outcomes.append("exists")

    threads = [threading.Thread(target=make) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["Pumps", "exists", "exists", "exists"]
