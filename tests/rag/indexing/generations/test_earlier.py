"""Earlier generations: listed, gone back to, deleted."""

from __future__ import annotations

from pathlib import Path
from uuid import uuid4

import pytest
from generation_steps import interrupt_at
from tiny_models import save_tiny_clip

from rag.errors import EncoderUnavailable, StoreError
from rag.index import Index
from rag.indexing.generations import prune, summaries


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
        index.reindex(encoder=str(clip), progress=interrupt_at("documents embedding", 2))
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
