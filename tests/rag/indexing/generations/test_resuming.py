"""A reindexing that was stopped or killed: it is taken up where it was, or begun anew where it has to be."""

from __future__ import annotations

from dataclasses import replace

import pytest
from generation_steps import DOCUMENTS, OTHER, QUESTION, interrupt_at, kill_at

from rag.config import Settings
from rag.index import Index
from rag.retrieval.search import search as search_hits
from rag.storage.vectors.files import VectorFiles


def test_a_stopped_run_is_taken_up_and_its_finished_documents_stay(index: Index) -> None:
    live = index.generation
    with pytest.raises(KeyboardInterrupt):
        index.reindex(words=OTHER, progress=interrupt_at("documents embedding", 2))
    assert index.check() == []
    assert index.generation == live
    assert search_hits(index, QUESTION).hits
    building = next(g for g in index.catalogue.generations() if g.state == "building")
    kept = VectorFiles(index.root / "vectors" / building.label, building.dim)
    before = {doc_id: kept.stamp(doc_id) for doc_id in kept.whole()}
    assert len(before) == 2
    said: list[str] = []
    assert index.reindex(words=OTHER, say=said.append)
    assert index.generation.id == building.id
    assert f"Going on with generation {building.id}" in said[0] and "2 documents" in said[0]
    assert {doc_id: kept.stamp(doc_id) for doc_id in before} == before
    assert index.check() == []


def test_with_other_settings_it_starts_anew_and_says_so(index: Index) -> None:
    with pytest.raises(KeyboardInterrupt):
        index.reindex(words=OTHER, progress=interrupt_at("documents embedding", 2))
    building = next(g for g in index.catalogue.generations() if g.state == "building")
    said: list[str] = []
    assert index.reindex(encoder="builtin", say=said.append)
    assert f"Generation {building.id}" in said[0] and "starts anew" in said[0]
    assert building.id not in {g.id for g in index.catalogue.generations()}
    assert not (index.root / "vectors" / building.label).exists()
    assert index.check() == []


def test_an_unfinished_run_that_stored_otherwise_is_not_taken_up(index: Index) -> None:
    with pytest.raises(KeyboardInterrupt):
        index.reindex(words=OTHER, progress=interrupt_at("documents embedding", 2))
    said: list[str] = []
    with Index.open(replace(index.settings, encoder="auto", words="auto", store="int8")) as smaller:
        assert smaller.reindex(encoder="builtin", words=OTHER, say=said.append)
        assert "starts anew" in said[0]
        assert {rows.stored.dtype.name for parts in smaller.vectors.rows().values() for rows in parts} == {"int8"}


@pytest.mark.parametrize(
    ("stage", "done"), [("documents embedding", 2), pytest.param("vector database saving", 2, marks=pytest.mark.slow)]
)
def test_a_killed_run_is_taken_up(index: Index, stage: str, done: int) -> None:
    index.vectors.close()
    kill_at(index, OTHER, stage, done)
    with Index.open(Settings(index=index.root)) as after:
        assert after.check() == []
        assert search_hits(after, QUESTION).hits
        building = next(g for g in after.catalogue.generations() if g.state == "building")
        kept = VectorFiles(after.root / "vectors" / building.label, building.dim)
        assert len(kept.whole()) == (2 if stage.startswith("documents") else DOCUMENTS)
        before = {doc_id: kept.stamp(doc_id) for doc_id in kept.whole()}
        assert after.reindex(words=OTHER)
        assert after.generation.id == building.id
        assert {doc_id: kept.stamp(doc_id) for doc_id in before} == before
        assert after.check() == []
        assert after.vectors.differences() == ((), ())
