"""How near passages come to a question by the encoders of a real index."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from made_documents import make_document

from rag.answering.evidence.gathering import gather
from rag.answering.extraction.meaning import EncoderCloseness, closeness_by
from rag.answering.passages.quotations import Passage, passages_of
from rag.config import Settings
from rag.index import Index
from rag.retrieval.search import search
from rag.types import Query


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Index]:
    folder = tmp_path_factory.mktemp("meaning") / "index"
    with Index.open(Settings(index=folder, encoder="builtin", words="e5+minilm"), create=True) as opened:
        staged = opened.files.stage()
        opened.store(make_document(staged, 0), staged)
        yield opened


@pytest.fixture
def passages(index: Index) -> list[Passage]:
    hits = search(index, Query("How is the drain pump cleaned?"), 20).hits
    return [passage for piece in gather(index, hits, index.settings) for passage in passages_of(piece)]


def closeness_of(index: Index) -> EncoderCloseness:
    closeness = closeness_by(index)
    assert closeness is not None
    return closeness


def test_tokens_find_the_passage_that_a_question_repeats(index: Index, passages: list[Passage]) -> None:
    told = [p for p in passages if p.kind == "sentence" and len(p.own) > 5]
    for passage in told[:3]:
        like = closeness_of(index).by_tokens(passage.text, passages)
        assert like is not None and like.shape == (len(passages),)
        assert np.nanmax(np.abs(like)) <= 1.01
        own = like[passages.index(passage)]
        others = [value for value, p in zip(like, passages, strict=True) if not p.own & passage.own]
        assert own > np.nanmax(others) + 0.1


def test_a_passage_whose_chunk_has_no_tokens_is_no_number(index: Index, passages: list[Passage]) -> None:
    whole = [p for p in passages if p.evidence.chunk.kind == "page"]
    like = closeness_of(index).by_tokens("Wie wird die Pumpe gereinigt?", passages)
    assert like is not None
    assert [bool(np.isnan(value)) for value, p in zip(like, passages, strict=True) if p in whole] == [True] * len(whole)


def test_passages_without_any_token_are_told_by_nothing(index: Index, passages: list[Passage]) -> None:
    """Of words that their chunk does not have, as a table's row put into words may be."""
    strange = [replace(p, kind="sentence", text="xyzzy") for p in passages if p.evidence.chunk.kind == "text"][:2]
    assert strange and closeness_of(index).by_tokens("Wie wird die Pumpe gereinigt?", strange) is None


def test_texts_are_compared_as_a_whole(index: Index) -> None:
    like = closeness_of(index).by_texts("Wie wird der Filter gereinigt?", ["The filter is cleaned.", "It weighs 4 kg."])
    assert like[0] > like[1]


def test_an_index_without_tokens_says_so(tmp_path: Path, passages: list[Passage]) -> None:
    with Index.open(Settings(index=tmp_path / "index", encoder="builtin", words="static"), create=True) as static:
        assert closeness_of(static).by_tokens("Wie wird die Pumpe gereinigt?", passages) is None


def test_a_text_without_words_is_neither_near_nor_far(index: Index) -> None:
    question = "Wie wird der Filter gereinigt?"
    assert closeness_of(index).by_texts(question, ["", "The filter is cleaned.", " "])[[0, 2]].tolist() == [0.0, 0.0]
    assert closeness_of(index).by_texts(question, ["", " "]).tolist() == [0.0, 0.0]
