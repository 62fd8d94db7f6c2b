"""Tokens of passages in a real index: whose they are, what search makes of them, what an older index is told."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from made_documents import make_document

from ingestion.elements import Document
from rag.cli.doctor_index import _made_before
from rag.config import Settings
from rag.encoders.base import ReadsTokens
from rag.encoders.open import open_encoder
from rag.encoders.parts import Span, TokenStates, readers_in
from rag.index import Index
from rag.indexing.page_windows import page_languages
from rag.indexing.passage_tokens import readers_of, reads_tokens
from rag.retrieval.retrieve import propose, rank_pages
from rag.retrieval.search import search
from rag.retrieval.snapshot import Snapshot
from rag.retrieval.token_interaction import reordered, similarities, tokens_of_pages
from rag.storage.reader import TOKENS_RECORD
from rag.types import Float64Array, Query

E5, MINILM = Span("e5", 0, 2), Span("minilm", 2, 4, frozenset({"en"}))
GERMAN = (
    "Öffnen Sie die Klappe unten rechts, bevor Sie den Filter herausnehmen, und halten Sie ein Tuch darunter. Drehen "
    "Sie ihn nach links, bis er sich löst, und spülen Sie ihn dann unter fließendem Wasser."
)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An index of both packaged encoders over two made documents."""
    folder = tmp_path_factory.mktemp("tokens") / "index"
    with Index.open(Settings(index=folder, encoder="builtin", words="e5+minilm"), create=True) as opened:
        for number in range(2):
            store(opened, number)
    return folder


@pytest.fixture
def index(made: Path, tmp_path: Path) -> Iterator[Index]:
    shutil.copytree(made, tmp_path / "index")
    with Index.open(Settings(index=tmp_path / "index", encoder="builtin", words="e5+minilm")) as opened:
        yield opened


def store(index: Index, number: int) -> Document:
    folder = index.files.stage()
    document = make_document(folder, number)
    index.store(document, folder)
    return document


def in_german(document: Document) -> Document:
    """The document with every page in German."""
    return replace(document, chunks=tuple(replace(c, text=GERMAN) if c.kind == "page" else c for c in document.chunks))


def names(readers: dict[int, tuple[Span, ...]]) -> set[tuple[str, ...]]:
    return {tuple(span.name for span in spans) for spans in readers.values()}


def worst_first(like: Float64Array) -> Float64Array:
    """Scores, close together, that have the pages in the opposite order."""
    scores: Float64Array = np.linspace(0.0, -0.01, len(like))
    return scores[np.argsort(np.argsort(like, kind="stable"), kind="stable")]


def told(index: Index) -> list[str]:
    return [finding.remedy for finding in _made_before(index)]


def test_the_encoder_made_for_fewer_languages_reads_its_own() -> None:
    assert readers_in((E5, MINILM), "en") == readers_in((MINILM, E5), "en") == (MINILM, E5)
    assert readers_in((E5, MINILM), "de") == (E5,)
    assert readers_in((MINILM,), "de") == (MINILM,)


def test_an_encoder_that_stands_alone_gives_no_tokens() -> None:
    assert not reads_tokens(open_encoder(Settings(encoder="builtin", words="static")))


def test_pages_are_read_by_the_encoder_of_their_language(index: Index) -> None:
    encoder, document = index.encoder, index.files.load_document(index.catalogue.documents()[0].id)
    assert isinstance(encoder, ReadsTokens) and reads_tokens(encoder)
    assert names(readers_of(page_languages(document), encoder)) == {("minilm", "e5")}
    assert names(readers_of(page_languages(in_german(document)), encoder)) == {("e5",)}


def test_vectors_are_the_same_whether_tokens_are_kept_or_not(index: Index) -> None:
    encoder, texts = index.encoder, ["The pump draws water from below.", "Voltage: 230 V", "Pumpe"]
    assert isinstance(encoder, ReadsTokens)
    readers = [readers_in(encoder.token_spans, language) for language in ("en", "en", "de")]
    rows, tokens = encoder.embed_with_tokens(texts, readers)
    assert np.array_equal(rows, encoder.embed_texts(texts))
    assert [list(found) for found in tokens] == [["e5", "minilm"], ["e5", "minilm"], ["e5"]]
    every = [states for found in tokens for states in found.values()]
    assert all(len(states.numbers) == len(states.states) > 0 for states in every)
    lengths = np.concatenate([np.linalg.norm(states.states, axis=1) for states in every])
    assert lengths.tolist() == pytest.approx([1.0] * len(lengths), abs=1e-5)
    one = encoder.question_tokens("Pumpe", readers[0][0])
    two = encoder.question_tokens("Where is the pump?", readers[0][0])
    assert set(one.numbers.tolist()) & set(two.numbers.tolist()) or len(one.numbers) > 1


def test_every_passage_of_the_index_has_its_tokens(index: Index) -> None:
    assert index.has_tokens and index.check() == [] and not told(index)
    for row in index.catalogue.documents():
        document = index.files.load_document(row.id)
        passages = [chunk.id for chunk in document.chunks if chunk.kind != "page" and chunk.text.strip()]
        for reader in ("e5", "minilm"):
            found = index.vectors.tokens(row.id, passages, reader)
            assert found is not None and set(found) == set(passages)
        assert index.vectors.tokens(row.id, passages, "another") is None
        assert index.vectors.arrays.is_as_written(row.id)


def test_the_first_pages_change_places_and_their_scores_stay(index: Index) -> None:
    text = "How is the drain pump cleaned?"
    with index.snapshot():
        found = propose(Snapshot(index, Query(text)))
        tokens = tokens_of_pages(found.snap, found.keys, "minilm")
        assert tokens is not None and isinstance(index.encoder, ReadsTokens)
        question = index.encoder.question_tokens(text, index.encoder.token_spans[-1])
        like = similarities(question, tokens)
        scores = worst_first(like)
        after = reordered(found.snap, found.keys, scores, "en", 0.0)
        far = reordered(found.snap, found.keys, 1000 * scores, "en", 0.0)
    assert sorted(after) == sorted(scores)
    assert np.argsort(-after, kind="stable").tolist() == np.argsort(-like, kind="stable").tolist()
    assert far.tolist() == (1000 * scores).tolist()  # what the search is sure of stays
    assert search(index, Query(text), 5).hits


def test_a_question_in_another_language_is_put_to_the_encoder_that_reads_both(index: Index) -> None:
    text = "Wie wird die Ablaufpumpe gereinigt?"
    with index.snapshot():
        found = propose(Snapshot(index, Query(text)))
        tokens = tokens_of_pages(found.snap, found.keys, "e5")
        assert tokens is not None and isinstance(index.encoder, ReadsTokens)
        like = similarities(index.encoder.question_tokens(text, index.encoder.token_spans[0]), tokens)
        after = reordered(found.snap, found.keys, worst_first(like), "de", 0.0)
    assert np.argsort(-after, kind="stable").tolist() == np.argsort(-like, kind="stable").tolist()


def test_pages_of_several_languages_are_put_in_order_by_the_encoder_that_reads_all(
    index: Index, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The other is not asked to read the question."""
    folder = index.files.stage()
    german = in_german(make_document(folder, 3))
    index.store(german, folder)
    with index.snapshot():
        found = propose(Snapshot(index, Query("How is the drain pump cleaned?")))
        assert tokens_of_pages(found.snap, found.keys, "minilm") is None
        assert tokens_of_pages(found.snap, found.keys, "e5") is not None
        assert isinstance(index.encoder, ReadsTokens)
        read, asked = index.encoder.question_tokens, list[str]()

        def noted(text: str, reader: Span) -> TokenStates:
            asked.append(reader.name)
            return read(text, reader)

        monkeypatch.setattr(index.encoder, "question_tokens", noted)
        scores = rank_pages(found, found.sides[0])
        assert reordered(found.snap, found.keys, scores, "en", 0.0) is not scores
        assert asked == ["e5"]


def test_pages_whose_tokens_nobody_has_kept_are_left_as_they_are(index: Index) -> None:
    with index.snapshot():
        found = propose(Snapshot(index, Query("How is the drain pump cleaned?")))
        scores = rank_pages(found, found.sides[0])
        for row in index.catalogue.documents():
            index.vectors.arrays.tokens(row.id).unlink()
        assert reordered(found.snap, found.keys, scores, "en", 0.0) is scores


def test_damaged_tokens_are_found_and_the_search_goes_on_without(index: Index) -> None:
    doc = index.catalogue.documents()[0].id
    path = index.vectors.arrays.tokens(doc)
    data = bytearray(path.read_bytes())
    data[-3] ^= 0x55
    path.write_bytes(data)
    assert not index.vectors.arrays.is_as_written(doc)
    path.unlink()
    with Index.open(index.settings) as anew:
        assert search(anew, Query("How is the drain pump cleaned?"), 5).hits


def test_an_index_of_before_goes_on_without_is_told_and_gets_tokens_by_reindex(index: Index) -> None:
    index.catalogue.add_to_record(index.generation.id, **{TOKENS_RECORD: False})
    for row in index.catalogue.documents():
        index.vectors.arrays.tokens(row.id).unlink()
    with Index.open(index.settings) as old:
        assert not old.has_tokens
        assert told(old) == ["`python -m rag reindex` makes it anew with them; nothing is read again"]
        added = store(old, 5)
        assert not old.vectors.arrays.tokens(added.id).exists()
        assert search(old, Query("How is the drain pump cleaned?"), 5).hits
        assert old.reindex()
        assert old.has_tokens and not told(old) and old.check() == []
        assert all(old.vectors.arrays.tokens(row.id).exists() for row in old.catalogue.documents())
