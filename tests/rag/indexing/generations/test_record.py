"""What is recorded with a generation: the same inputs give the same vectors, another encoder is told."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from generation_steps import DOCUMENTS, QUESTION, arrays
from tiny_models import save_tiny_clip

from rag.errors import EncoderMismatch
from rag.evaluation.evaluate import Gate
from rag.index import Index
from rag.indexing.generations import summaries
from rag.retrieval.search import search as search_hits


def test_the_same_inputs_give_the_same_vectors_and_hits(index: Index, clip: Path) -> None:
    assert index.reindex(encoder=str(clip))
    first, hits = index.generation.id, search_hits(index, QUESTION, 10).hits
    assert index.reindex(encoder=str(clip))
    assert index.generation.id != first
    assert arrays(index, first) == arrays(index, index.generation.id)
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
