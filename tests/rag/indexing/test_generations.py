"""Generations: built beside the live one, killed and taken up, judged, swapped, rolled back, deleted."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from uuid import uuid4

import numpy as np
import pytest
from made_documents import make_document
from tiny_models import save_tiny_clip
from vector_hits import one_by_one

from ingestion.elements import Document
from rag.config import Settings
from rag.errors import EncoderMismatch, EncoderUnavailable, IndexBusy, StoreError
from rag.evaluation.evaluate import Gate
from rag.index import Index
from rag.indexing.generations import prune, summaries
from rag.retrieval.search import search as search_hits
from rag.storage.database import Generation
from rag.storage.reader import IndexReader
from rag.storage.vector_files import Stamp, VectorFiles
from rag.types import Progress, Query

DRIVER = Path(__file__).resolve().parents[2] / "helpers" / "generation_driver.py"
DOCUMENTS = 4
QUESTION = Query("How is the drain pump cleaned?")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An index of so many documents, which each test copies."""
    root = tmp_path_factory.mktemp("made") / "index"
    with Index.open(Settings(index=root, encoder="builtin", words="static", workers=1), create=True) as index:
        for number in range(DOCUMENTS):
            _store(index, number)
    return root


@pytest.fixture
def index(made: Path, settings: Settings) -> Iterator[Index]:
    shutil.copytree(made, settings.index)
    with Index.open(settings) as index:
        yield index


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return save_tiny_clip(tmp_path_factory.mktemp("clip") / "model")


def _store(index: Index, number: int) -> Document:
    folder = index.files.stage()
    return index.store(make_document(folder, number), folder)


@contextmanager
def _driver(*arguments: object) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, str(DRIVER), *map(str, arguments)]
    environ = {**os.environ, "PYTHONPATH": os.pathsep.join([str(DRIVER.parents[2]), str(DRIVER.parent)])}
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True, start_new_session=True, env=environ) as child:
        yield child


def _killed(index: Index, clip: Path, stage: str, done: int, how: str = "reindex") -> None:
    """A reindexing process that gets as far as this step, and SIGKILL."""
    with _driver(how, index.root, clip, stage, done) as child:
        assert child.stdout
        assert child.stdout.readline() == "there\n"
        os.killpg(child.pid, signal.SIGKILL)


def _arrays(index: Index, number: int) -> dict[str, bytes]:
    folder = next(index.root / "vectors" / g.label for g in index.catalogue.generations() if g.id == number)
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def _interrupt_at(stage: str, done: int) -> object:
    def report(step: Progress) -> None:
        if (f"{step.name} {step.stage}", step.done) == (stage, done):
            raise KeyboardInterrupt

    return report


# -- the same again --------------------------------------------------------------------------------------------------


def test_the_same_inputs_give_the_same_vectors_and_hits(index: Index, clip: Path) -> None:
    assert index.reindex(encoder=str(clip))
    first, hits = index.generation.id, search_hits(index, QUESTION, 10).hits
    assert index.reindex(encoder=str(clip))
    assert index.generation.id != first
    assert _arrays(index, first) == _arrays(index, index.generation.id)
    assert search_hits(index, QUESTION, 10).hits == hits


def test_the_record_says_with_what_a_generation_was_made(index: Index, clip: Path) -> None:
    index.reindex(encoder=str(clip))
    live, earlier = summaries(index)
    assert (live.generation.state, earlier.generation.state) == ("live", "previous")
    assert live.documents == earlier.documents == DOCUMENTS
    assert live.vectors == index.vectors.count() > 0
    assert live.size > 0
    assert live.record["facts"]["words part"] == earlier.record["facts"]["words part"]
    assert live.record["facts"]["picture part"] != earlier.record["facts"]["picture part"]
    assert live.record["libraries"]["numpy"] == np.__version__


def test_a_changed_encoder_is_an_error_that_says_what_has_changed(index: Index, tmp_path: Path) -> None:
    folder = save_tiny_clip(tmp_path / "own")
    index.reindex(encoder=str(folder))
    config = folder / "preprocessor_config.json"
    config.write_text(
        config.read_text().replace("0.48145466", "0.5").replace('"do_resize": true', '"do_resize":  true')
    )
    with (
        Index.open(index.settings) as again,
        pytest.raises(EncoderMismatch, match=r"with the picture part it has now.*python -m rag reindex"),
    ):
        search_hits(again, QUESTION)


# -- stopped and resumed ---------------------------------------------------------------------------------------------


def test_a_stopped_run_is_taken_up_and_its_finished_documents_stay(index: Index, clip: Path) -> None:
    live = index.generation
    with pytest.raises(KeyboardInterrupt):
        index.reindex(encoder=str(clip), progress=_interrupt_at("documents embedding", 2))  # type: ignore[arg-type]
    assert index.check() == []
    assert index.generation == live
    assert search_hits(index, QUESTION).hits
    building = next(g for g in index.catalogue.generations() if g.state == "building")
    kept = VectorFiles(index.root / "vectors" / building.label, building.dim)
    before = {doc_id: kept.stamp(doc_id) for doc_id in kept.whole()}
    assert len(before) == 2
    said: list[str] = []
    assert index.reindex(encoder=str(clip), say=said.append)
    assert index.generation.id == building.id
    assert f"Going on with generation {building.id}" in said[0] and "2 documents" in said[0]
    assert {doc_id: kept.stamp(doc_id) for doc_id in before} == before
    assert index.check() == []


def test_with_other_settings_it_starts_anew_and_says_so(index: Index, clip: Path) -> None:
    with pytest.raises(KeyboardInterrupt):
        index.reindex(encoder=str(clip), progress=_interrupt_at("documents embedding", 2))  # type: ignore[arg-type]
    building = next(g for g in index.catalogue.generations() if g.state == "building")
    said: list[str] = []
    assert index.reindex(encoder="builtin", say=said.append)
    assert f"Generation {building.id}" in said[0] and "starts anew" in said[0]
    assert building.id not in {g.id for g in index.catalogue.generations()}
    assert not (index.root / "vectors" / building.label).exists()
    assert index.check() == []


def test_an_unfinished_run_that_stored_otherwise_is_not_taken_up(index: Index, clip: Path) -> None:
    with pytest.raises(KeyboardInterrupt):
        index.reindex(encoder=str(clip), progress=_interrupt_at("documents embedding", 2))  # type: ignore[arg-type]
    said: list[str] = []
    with Index.open(replace(index.settings, encoder="auto", words="auto", store="int8")) as smaller:
        assert smaller.reindex(encoder=str(clip), words="static", say=said.append)
        assert "starts anew" in said[0]
        assert {rows.stored.dtype.name for parts in smaller.vectors.rows().values() for rows in parts} == {"int8"}


@pytest.mark.parametrize(
    ("stage", "done"), [("documents embedding", 2), pytest.param("vector database saving", 2, marks=pytest.mark.slow)]
)
def test_a_killed_run_is_taken_up(index: Index, clip: Path, stage: str, done: int) -> None:
    index.vectors.close()
    _killed(index, clip, stage, done)
    with Index.open(Settings(index=index.root)) as after:
        assert after.check() == []
        assert search_hits(after, QUESTION).hits
        building = next(g for g in after.catalogue.generations() if g.state == "building")
        kept = VectorFiles(after.root / "vectors" / building.label, building.dim)
        assert len(kept.whole()) == (2 if stage.startswith("documents") else DOCUMENTS)
        before = {doc_id: kept.stamp(doc_id) for doc_id in kept.whole()}
        assert after.reindex(encoder=str(clip))
        assert after.generation.id == building.id
        assert {doc_id: kept.stamp(doc_id) for doc_id in before} == before
        assert after.check() == []
        assert after.vectors.differences() == ((), ())


# -- while others search, add and remove -----------------------------------------------------------------------------


def test_swap_and_rollback_fail_no_search_of_a_thread_or_another_process(index: Index, clip: Path) -> None:
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
    with _driver("search", index.root) as child:
        assert child.stdout and child.stdin
        assert child.stdout.readline() == "searching\n"
        thread = threading.Thread(target=search)
        thread.start()
        try:
            for _ in range(2):
                assert index.reindex(
                    encoder=str(clip), gate=lambda live, candidate: bool(search_hits(candidate, QUESTION).hits)
                )
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


def test_documents_added_and_removed_meanwhile_are_right_in_the_new_generation(index: Index, clip: Path) -> None:
    done: list[str] = []

    def change(step: Progress) -> None:
        if not done and (step.name, step.done) == ("documents", 1):
            with Index.open(index.settings) as other:
                done.append(_store(other, 50).id)
                done.append(other.remove(other.catalogue.ids()[0]).id)
                done.append(other.remove(other.catalogue.ids()[2]).id)

    def late(live: IndexReader, candidate: IndexReader) -> bool:
        with Index.open(index.settings) as other:
            done.append(_store(other, 51).id)
        return True

    assert index.reindex(encoder=str(clip), progress=change, gate=late)
    added, removed = {done[0], done[3]}, set(done[1:3])
    assert index.vectors.arrays.whole() == set(index.catalogue.ids()) >= added
    assert not removed & index.vectors.arrays.ids()
    assert index.check() == []


def test_two_runs_at_once_are_refused(index: Index, clip: Path) -> None:
    def second(live: IndexReader, candidate: IndexReader) -> bool:
        with Index.open(index.settings) as other, pytest.raises(IndexBusy):
            other.reindex()
        return True

    assert index.reindex(encoder=str(clip), gate=second)


def test_what_is_pinned_stays_while_others_swap(index: Index, clip: Path) -> None:
    with Index.open(index.settings) as reader:
        assert search_hits(reader, QUESTION).hits
        with reader.pinned() as generation:
            dim = reader.encoder.dim
            index.reindex(encoder=str(clip), keep=0)
            assert reader.generation == generation
            assert one_by_one(reader.vectors.nearest(reader.encoder.embed_texts(["pump"])[0], 3))
            assert reader.encoder.dim == dim
        assert reader.generation.id == index.generation.id != generation.id
        assert search_hits(reader, QUESTION).hits


# -- refused ---------------------------------------------------------------------------------------------------------


def refuse(live: IndexReader, candidate: IndexReader) -> bool:
    return False


def _refused(index: Index) -> Generation:
    (found,) = [g for g in index.catalogue.generations() if g.state == "refused"]
    return found


def _stamps(index: Index, generation: Generation) -> dict[str, Stamp]:
    kept = VectorFiles(index.root / "vectors" / generation.label, generation.dim)
    return {doc_id: kept.stamp(doc_id) for doc_id in kept.whole()}


@pytest.fixture
def refused(index: Index, clip: Path) -> Generation:
    assert not index.reindex(encoder=str(clip), gate=refuse)
    return _refused(index)


def test_a_refused_generation_stays_whole_and_is_not_shown(index: Index, refused: Generation) -> None:
    assert index.generation.id != refused.id
    assert [s.generation.state for s in summaries(index)] == ["live", "refused"]
    assert summaries(index)[1].documents == DOCUMENTS
    assert index.catalogue.previous() == []
    assert index.check() == []


@pytest.mark.parametrize("accepted", [True, False])
def test_the_same_encoder_is_judged_again_without_embedding(
    index: Index, clip: Path, refused: Generation, accepted: bool
) -> None:
    before, said, judged = _stamps(index, refused), list[str](), list[int]()

    def gate(live: IndexReader, candidate: IndexReader) -> bool:
        judged.append(candidate.generation.id)
        assert candidate.vectors.differences() == ((), ())
        return accepted

    assert index.reindex(encoder=str(clip), gate=gate, say=said.append) is accepted
    assert judged == [refused.id]
    assert f"Going on with generation {refused.id}" in said[0] and "refused, with its 4 documents" in said[0]
    assert _stamps(index, refused) == before
    assert index.generation.id == refused.id if accepted else _refused(index) == refused
    assert index.check() == []


def test_a_refused_generation_is_switched_to_and_back(index: Index, refused: Generation) -> None:
    first, before = index.generation.id, _stamps(index, refused)
    assert index.switch(refused.id).id == index.generation.id == refused.id
    assert _stamps(index, refused) == before
    assert search_hits(index, QUESTION).hits
    assert index.check() == []
    assert index.rollback().id == first
    assert [s.generation.state for s in summaries(index)] == ["live", "previous"]


@pytest.mark.parametrize("way", ["switch", "reindex", "judge"])
def test_documents_come_and_gone_since_are_right_before_it_goes_live(
    index: Index, clip: Path, refused: Generation, way: str
) -> None:
    before = _stamps(index, refused)
    gone, added = index.catalogue.ids()[1], _store(index, 60).id
    index.remove(gone)
    seen: list[set[str]] = []

    def gate(live: IndexReader, candidate: IndexReader) -> bool:
        seen.append(set(candidate.vectors.rows()))
        return True

    if way == "switch":
        index.switch(refused.id)
    else:
        assert index.reindex(encoder=str(clip), gate=gate if way == "judge" else None)
    assert index.generation.id == refused.id
    after = _stamps(index, refused)
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
    assert _refused(index) == refused
    assert refused in prune(index, keep=1)
    assert not (index.root / "vectors" / refused.label).exists()
    assert index.check() == []


def test_arrays_of_a_refused_one_that_cannot_be_read_are_made_again(
    index: Index, clip: Path, refused: Generation
) -> None:
    before, doc_id = _arrays(index, refused.id), index.catalogue.ids()[0]
    (index.root / "vectors" / refused.label / f"{doc_id}.npy").write_bytes(b"torn")
    assert index.reindex(encoder=str(clip))
    assert index.generation.id == refused.id
    assert _arrays(index, refused.id) == before


@pytest.mark.parametrize(
    ("stage", "again"),
    [
        ("gate", False),
        ("refused", False),
        pytest.param("gate", True, marks=pytest.mark.slow),
        pytest.param("refused", True, marks=pytest.mark.slow),
        pytest.param("vector database saving", True, marks=pytest.mark.slow),
    ],
)
def test_a_kill_loses_nothing_of_a_refused_one(index: Index, clip: Path, stage: str, again: bool) -> None:
    """Killed while it is judged, or refused; the first time, or ``again`` with a document more."""
    if again:
        assert not index.reindex(encoder=str(clip), gate=refuse)
        _store(index, 60)
    index.vectors.close()
    _killed(index, clip, stage, 1, "refuse")
    with Index.open(Settings(index=index.root)) as after:
        assert after.check() == []
        assert search_hits(after, QUESTION).hits
        (found,) = [g for g in after.catalogue.generations() if g.state != "live"]
        assert found.state == ("refused" if again or stage == "refused" else "building")
        before = _stamps(after, found)
        assert before.keys() == set(after.catalogue.ids())
        assert after.reindex(encoder=str(clip))
        assert after.generation.id == found.id
        assert _stamps(after, found) == before
        assert after.check() == []
        assert after.vectors.differences() == ((), ())


# -- going back, deleting --------------------------------------------------------------------------------------------


def test_earlier_generations_are_kept_listed_and_chosen(index: Index, clip: Path) -> None:
    first = index.generation.id
    index.reindex(encoder=str(clip), keep=2)
    second = index.generation.id
    index.reindex(encoder="builtin", words="static", keep=2)
    third = index.generation.id
    assert [s.generation.id for s in summaries(index)] == [third, second, first]
    assert index.switch(first).id == first
    assert [s.generation.id for s in summaries(index)] == [first, third, second]
    with pytest.raises(StoreError, match=rf"no previous or refused generation 99 in .*; there are {first} \(live, "):
        index.switch(99)
    with pytest.raises(StoreError, match=f"no previous or refused generation {first} "):
        index.switch(first)
    assert [g.id for g in prune(index, keep=1)] == [second]
    assert [s.generation.id for s in summaries(index)] == [first, third]
    assert {p.name for p in (index.root / "vectors").iterdir()} == {g.label for g in index.catalogue.generations()}
    assert index.catalogue.record(second) == {}
    assert index.check() == []


def test_pruning_deletes_an_unfinished_one_and_never_the_live_one(index: Index, clip: Path) -> None:
    with pytest.raises(KeyboardInterrupt):
        index.reindex(encoder=str(clip), progress=_interrupt_at("documents embedding", 2))  # type: ignore[arg-type]
    live = index.generation
    assert [g.state for g in prune(index, keep=0)] == ["building"]
    assert index.catalogue.generations() == [live]
    assert prune(index, keep=0) == []
    assert index.check() == []


def test_graphs_that_the_vector_database_left_behind_are_deleted(index: Index, clip: Path) -> None:
    index.reindex(encoder=str(clip))
    index.vectors.close()
    left, other = index.root / "chroma" / str(uuid4()), index.root / "chroma" / "notes"
    for folder in (left, other):
        folder.mkdir()
        (folder / "data_level0.bin").write_bytes(b"graph")
    prune(index, keep=0)
    assert not left.exists() and other.exists()
    assert index.vectors.differences() == ((), ())
    assert index.check() == []


def test_only_the_generations_named_are_deleted(index: Index, clip: Path) -> None:
    first = index.generation.id
    index.reindex(encoder=str(clip), keep=2)
    second = index.generation.id
    index.reindex(encoder="builtin", words="static", keep=2)
    assert [g.id for g in prune(index, keep=0, numbers=[first])] == [first]
    assert [s.generation.id for s in summaries(index)] == [index.generation.id, second]
    with pytest.raises(StoreError, match=f"no previous or building or refused generation {index.generation.id} "):
        prune(index, keep=0, numbers=[second, index.generation.id])
    assert second in {g.id for g in index.catalogue.generations()}, "nothing is deleted where one cannot be"


def test_without_its_weights_an_earlier_generation_is_not_gone_back_to(index: Index, tmp_path: Path) -> None:
    folder = save_tiny_clip(tmp_path / "own")
    index.reindex(encoder=str(folder))
    index.reindex(encoder="builtin", words="static")
    live = index.generation
    (folder / "model.safetensors").unlink()
    with Index.open(index.settings) as again:
        with pytest.raises(EncoderUnavailable, match=str(folder)):
            again.rollback()
        assert again.generation == live
        assert again.check() == []


def test_what_the_gate_measured_is_recorded_with_both_generations(index: Index, clip: Path, tmp_path: Path) -> None:
    questions = tmp_path / "own.jsonl"
    line = {"doc": "manual-1.pdf", "question": "To clean the heating element", "pages": [1], "kinds": ["text"]}
    questions.write_text(json.dumps(line) + "\n")
    gate = Gate(questions)
    assert index.reindex(encoder=str(clip), gate=lambda live, candidate: gate(live, candidate) or True)
    for summary in summaries(index):
        measures = summary.record["evaluations"]["own.jsonl"]["measures"]
        assert measures.keys() >= {"doc R@1", "doc R@5", "library MRR@10"}
        assert measures["doc R@5"] == 1.0
