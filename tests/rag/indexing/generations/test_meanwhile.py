"""While an index is made anew, others search it, add to it and remove from it."""

from __future__ import annotations

import json
import threading

import pytest
from generation_steps import OTHER, QUESTION, driven, store_made
from vector_hits import one_by_one

from rag.errors import IndexBusy
from rag.index import Index
from rag.retrieval.search import search as search_hits
from rag.storage.reader import IndexReader
from rag.types import Progress


def test_swap_and_rollback_fail_no_search_of_a_thread_or_another_process(index: Index) -> None:
    failures, seen, ended, count = list[str](), set[int](), threading.Event(), 0

    def search() -> None:
        nonlocal count
        while not ended.is_set():
            try:
                failures.extend([] if search_hits(index, QUESTION, 5, fresh=True).hits else ["nothing was found"])
            except Exception as exc:  # a failed search is what is counted here
                failures.append(repr(exc))
            count += 1
            seen.add(index.generation.id)

    first = index.generation.id
    with driven("search", index.root) as child:
        assert child.stdout and child.stdin
        assert child.stdout.readline() == "searching\n"
        thread = threading.Thread(target=search)
        thread.start()
        try:
            assert index.reindex(words=OTHER, gate=lambda live, candidate: bool(search_hits(candidate, QUESTION).hits))
            assert index.rollback().id == first
        finally:
            ended.set()
            thread.join()
        child.stdin.close()
        there = json.loads(child.stdout.read())
    assert failures == there["failures"] == []
    assert count > 10 and there["count"] > 10
    assert first in seen and len(seen) > 1
    assert index.check() == []


def test_documents_added_and_removed_meanwhile_are_right_in_the_new_generation(index: Index) -> None:
    done: list[str] = []

    def change(step: Progress) -> None:
        if not done and (step.name, step.done) == ("documents", 1):
            with Index.open(index.settings) as other:
                done.append(store_made(other, 50).id)
                done.append(other.remove(other.catalogue.ids()[0]).id)
                done.append(other.remove(other.catalogue.ids()[2]).id)

    def late(live: IndexReader, candidate: IndexReader) -> bool:
        with Index.open(index.settings) as other:
            done.append(store_made(other, 51).id)
        return True

    assert index.reindex(words=OTHER, progress=change, gate=late)
    added, removed = {done[0], done[3]}, set(done[1:3])
    assert index.vectors.arrays.whole() == set(index.catalogue.ids()) >= added
    assert not removed & index.vectors.arrays.ids()
    assert index.check() == []


def test_two_runs_at_once_are_refused(index: Index) -> None:
    def second(live: IndexReader, candidate: IndexReader) -> bool:
        with Index.open(index.settings) as other, pytest.raises(IndexBusy):
            other.reindex()
        return True

    assert index.reindex(words=OTHER, gate=second)


def test_what_is_pinned_stays_while_others_swap(index: Index) -> None:
    with Index.open(index.settings) as reader:
        assert search_hits(reader, QUESTION).hits
        with reader.pinned() as generation:
            dim = reader.encoder.dim
            index.reindex(words=OTHER, keep=0)
            assert reader.generation == generation
            assert one_by_one(reader.vectors.nearest(reader.encoder.embed_texts(["pump"])[0], 3))
            assert reader.encoder.dim == dim
        assert reader.generation.id == index.generation.id != generation.id
        assert search_hits(reader, QUESTION).hits
