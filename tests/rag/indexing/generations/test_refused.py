"""A generation that the gate refused: kept whole, judged again without embedding, switched to, deleted."""

from __future__ import annotations

import pytest
from generation_steps import DOCUMENTS, OTHER, QUESTION, arrays, kill_at, refuse, stamps, store_made, the_refused

from rag.config import Settings
from rag.index import Index
from rag.indexing.generations import prune, summaries
from rag.retrieval.search import search as search_hits
from rag.storage.reader import IndexReader
from rag.storage.tables.database import Generation


def test_a_refused_generation_stays_whole_and_is_not_shown(index: Index, refused: Generation) -> None:
    assert index.generation.id != refused.id
    assert [s.generation.state for s in summaries(index)] == ["live", "refused"]
    assert summaries(index)[1].documents == DOCUMENTS
    assert index.catalogue.previous() == []
    assert index.check() == []


@pytest.mark.parametrize("accepted", [True, False])
def test_the_same_encoder_is_judged_again_without_embedding(index: Index, refused: Generation, accepted: bool) -> None:
    before, said, judged = stamps(index, refused), list[str](), list[int]()

    def gate(live: IndexReader, candidate: IndexReader) -> bool:
        judged.append(candidate.generation.id)
        assert candidate.vectors.differences() == ((), ())
        return accepted

    assert index.reindex(words=OTHER, gate=gate, say=said.append) is accepted
    assert judged == [refused.id]
    assert f"Going on with generation {refused.id}" in said[0] and "refused, with its 4 documents" in said[0]
    assert stamps(index, refused) == before
    assert index.generation.id == refused.id if accepted else the_refused(index) == refused
    assert index.check() == []


def test_a_refused_generation_is_switched_to_and_back(index: Index, refused: Generation) -> None:
    first, before = index.generation.id, stamps(index, refused)
    assert index.switch(refused.id).id == index.generation.id == refused.id
    assert stamps(index, refused) == before
    assert search_hits(index, QUESTION).hits
    assert index.check() == []
    assert index.rollback().id == first
    assert [s.generation.state for s in summaries(index)] == ["live", "previous"]


@pytest.mark.parametrize("way", ["switch", "reindex", "judge"])
def test_documents_come_and_gone_since_are_right_before_it_goes_live(
    index: Index, refused: Generation, way: str
) -> None:
    before = stamps(index, refused)
    gone, added = index.catalogue.ids()[1], store_made(index, 60).id
    index.remove(gone)
    seen: list[set[str]] = []

    def gate(live: IndexReader, candidate: IndexReader) -> bool:
        seen.append(set(candidate.vectors.rows()))
        return True

    if way == "switch":
        index.switch(refused.id)
    else:
        assert index.reindex(words=OTHER, gate=gate if way == "judge" else None)
    assert index.generation.id == refused.id
    after = stamps(index, refused)
    assert after.keys() == set(index.catalogue.ids()) == before.keys() - {gone} | {added}
    assert {doc_id: after[doc_id] for doc_id in before if doc_id != gone} == {
        doc_id: stamp for doc_id, stamp in before.items() if doc_id != gone
    }
    assert seen == ([after.keys()] if way == "judge" else [])
    assert index.vectors.differences() == ((), ())
    assert index.check() == []


def test_another_encoder_leaves_a_refused_one_and_pruning_deletes_it(index: Index, refused: Generation) -> None:
    said: list[str] = []
    assert index.reindex(encoder="builtin", words="static", say=said.append)
    assert said == []
    assert the_refused(index) == refused
    assert refused in prune(index, keep=1)
    assert not (index.root / "vectors" / refused.label).exists()
    assert index.check() == []


def test_arrays_of_a_refused_one_that_cannot_be_read_are_made_again(index: Index, refused: Generation) -> None:
    before, doc_id = arrays(index, refused.id), index.catalogue.ids()[0]
    (index.root / "vectors" / refused.label / f"{doc_id}.npy").write_bytes(b"torn")
    assert index.reindex(words=OTHER)
    assert index.generation.id == refused.id
    assert arrays(index, refused.id) == before


@pytest.mark.parametrize(
    ("stage", "again"),
    [
        pytest.param("gate", False, marks=pytest.mark.slow),
        ("refused", False),
        pytest.param("gate", True, marks=pytest.mark.slow),
        pytest.param("refused", True, marks=pytest.mark.slow),
        pytest.param("vector database saving", True, marks=pytest.mark.slow),
    ],
)
def test_a_kill_loses_nothing_of_a_refused_one(index: Index, stage: str, again: bool) -> None:
    """Killed while it is judged, or refused; the first time, or ``again`` with a document more."""
    if again:
        assert not index.reindex(words=OTHER, gate=refuse)
        store_made(index, 60)
    index.vectors.close()
    kill_at(index, OTHER, stage, 1, "refuse")
    with Index.open(Settings(index=index.root)) as after:
        assert after.check() == []
        assert search_hits(after, QUESTION).hits
        (found,) = [g for g in after.catalogue.generations() if g.state != "live"]
        assert found.state == ("refused" if again or stage == "refused" else "building")
        before = stamps(after, found)
        assert before.keys() == set(after.catalogue.ids())
        assert after.reindex(words=OTHER)
        assert after.generation.id == found.id
        assert stamps(after, found) == before
        assert after.check() == []
        assert after.vectors.differences() == ((), ())
