"""The sum of reciprocal ranks of the search's own channels."""

from __future__ import annotations

import pytest
from made_documents import make_document

from rag.config import Settings
from rag.index import Index
from rag.retrieval.baseline import channel_pages, rank_pages_by_fusion
from rag.retrieval.fusion import RANK_CONSTANT
from rag.retrieval.retrieve import Proposal, propose
from rag.retrieval.snapshot import Snapshot
from rag.storage.full_text.term_vectors import page_of
from rag.types import Query


@pytest.fixture
def index(settings: Settings) -> Index:
    opened = Index.open(settings, create=True)
    for number in (1, 2, 3):
        folder = opened.files.stage()
        opened.store(make_document(folder, number, pages=4), folder)
    return opened


def found_for(index: Index, query: Query) -> Proposal:
    with index.snapshot():
        return propose(Snapshot(index, query))


def test_every_page_gets_the_sum_of_its_reciprocal_ranks_and_no_more(index: Index) -> None:
    with index:
        found = found_for(index, Query("clean the heating element of model 2"))
    lists = channel_pages(found)
    assert {"full text", "words"} <= lists.keys() and all(len(set(keys)) == len(keys) for keys in lists.values())
    totals = {
        key: sum(1 / (RANK_CONSTANT + keys.index(key) + 1) for keys in lists.values() if key in keys)
        for keys in lists.values()
        for key in keys
    }
    ranked = rank_pages_by_fusion(found)
    assert set(ranked) == set(totals)
    sums = [totals[key] for key in ranked]
    assert sums == sorted(sums, reverse=True)


def test_a_page_stands_where_its_best_chunk_does(index: Index) -> None:
    with index:
        found = found_for(index, Query("door seal of model 1", without=frozenset({"full text"})))
    (side,) = found.sides
    (scores,) = side.words.values()
    best: dict[int, float] = {}
    for chunk, score in scores.items():
        for key in found.candidates.places[chunk]:
            best[key] = max(best.get(key, score), score)
    assert "full text" not in channel_pages(found)
    words = channel_pages(found)["words"]
    assert set(words) == set(best)
    falling = [best[key] for key in words]
    assert falling == sorted(falling, reverse=True)


def test_only_pages_asked_for_are_ranked(index: Index) -> None:
    with index:
        found = found_for(index, Query("clean the drain pump", pages=(2, 3)))
    assert rank_pages_by_fusion(found) and {page_of(key) for key in rank_pages_by_fusion(found)} == {2, 3}


def test_nothing_is_ranked_where_nothing_was_asked(index: Index) -> None:
    with index:
        found = found_for(index, Query("clean the drain pump", docs=frozenset()))
    assert rank_pages_by_fusion(found) == []
