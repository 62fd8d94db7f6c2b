"""Whole pages by their words: which encoder reads which page, what the others get, and what an older index is told."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from made_documents import make_document

from ingestion.elements import Document
from rag.cli.doctor_index import _made_before
from rag.config import Settings
from rag.encoders.open import open_encoder
from rag.encoders.parts import Span, only_reader
from rag.index import Index
from rag.indexing.embed import embed_document
from rag.indexing.page_windows import WINDOW, Passage, page_languages, page_nodes, pooled, read_pages, reads_pages
from rag.retrieval.channels import by_meaning
from rag.retrieval.search import search
from rag.retrieval.snapshot import Snapshot
from rag.storage.reader import PAGES_RECORD
from rag.types import Query

E5, MINILM = Span("e5", 0, 2), Span("minilm", 2, 4, frozenset({"en"}))
ENGLISH = (
    "Open the flap at the lower right before you take the filter out, and hold a cloth under it. Turn it to the left "
    "until it comes off, then rinse it under running water and let it dry for an hour. If the pump is still noisy "
    "after that, something hard may be in the impeller: switch the machine off, wait until it has cooled and "
    "look into the housing with a lamp. Do not use a screwdriver, since the seal around the shaft is of soft rubber "
    "and will leak once it has been scratched. Put everything back in the same order and run an empty programme."
)
GERMAN = (
    "Öffnen Sie die Klappe unten rechts, bevor Sie den Filter herausnehmen, und halten Sie ein Tuch darunter. Drehen "
    "Sie ihn nach links, bis er sich löst, spülen Sie ihn dann unter fließendem Wasser und lassen Sie ihn eine Stunde "
    "trocknen. Wenn die Pumpe danach noch laut ist, kann etwas Hartes im Laufrad sein: Schalten Sie das Gerät aus, "
    "warten Sie, bis es abgekühlt ist, und sehen Sie mit einer Lampe in das Gehäuse. Nehmen Sie dafür keinen "
    "Schraubendreher, denn die Dichtung um die Welle ist aus weichem Gummi und wird undicht, sobald sie verkratzt ist. "
    "Setzen Sie alles in der gleichen Reihenfolge wieder ein und lassen Sie ein leeres Programm laufen."
)
JAPANESE = "右下のふたを開けてからフィルターを取り出し、下に布を当ててください。" * 40


class SideBySide(SimpleNamespace):
    """Two encoders of two columns each; what is embedded is only counted."""

    word_spans = (E5, MINILM)

    def windows(self, text: str) -> list[str]:
        return [text[start : start + 1000] for start in range(0, len(text), 1000)]


def with_pages(document: Document, *texts: str) -> Document:
    """The document, its pages saying these texts."""
    left = iter(texts)
    return replace(
        document, chunks=tuple(replace(c, text=next(left)) if c.kind == "page" else c for c in document.chunks)
    )


@pytest.fixture
def document(tmp_path: Path) -> Document:
    return make_document(tmp_path, 1, pages=3)


def test_the_only_reader_of_a_language_is_the_one_of_several() -> None:
    assert only_reader((E5, MINILM), "de") == only_reader((MINILM, E5), "de") == E5
    assert only_reader((E5, MINILM), "en") is None
    assert only_reader((E5,), "de") is None and only_reader((MINILM, MINILM), "de") is None


def test_a_page_is_read_whole_where_one_encoder_alone_reads_its_language(document: Document) -> None:
    encoder: Any = SideBySide()
    found = read_pages(page_languages(with_pages(document, ENGLISH, GERMAN, "")), encoder)
    pages = [chunk for chunk in document.chunks if chunk.kind == "page"]
    assert [(read.page.id, read.reader) for read in found] == [(page.id, E5) for page in pages]
    english, german, empty = (read.windows for read in found)
    assert english == () and empty == ()
    assert len(german) > 1 and " ".join(german).split() == GERMAN.split()
    assert max(len(text.split()) for text in german) <= WINDOW


def test_a_page_in_a_script_without_spaces_is_cut_where_the_window_of_the_encoder_ends(document: Document) -> None:
    encoder: Any = SideBySide()
    first, _, _ = read_pages(page_languages(with_pages(document, JAPANESE, GERMAN, GERMAN)), encoder)
    assert len(first.windows) == 2 and "".join(first.windows) == JAPANESE


def test_means_of_passages_are_of_neighbours_by_their_words_and_as_long_as_a_passage() -> None:
    half = np.float32(0.5)
    passages = [
        Passage(np.array([half, 0, half, 0], dtype=np.float32), 30),
        Passage(np.array([0, half, half, 0], dtype=np.float32), 30),
        Passage(np.array([0, 0, half, 0], dtype=np.float32), 500),  # of which this encoder knows no word
        Passage(np.array([0, half, half, 0], dtype=np.float32), 60),
    ]
    first, second = pooled(passages, E5)
    assert first.tolist() == pytest.approx([0.5 / 2**0.5, 0.5 / 2**0.5, 0.0, 0.0])
    assert second.tolist() == pytest.approx([0.0, 0.5, 0.0, 0.0])
    assert pooled([], E5) == []


def test_a_page_that_is_not_read_is_found_by_means_of_its_passages(document: Document) -> None:
    encoder: Any = SideBySide()
    pages = read_pages(page_languages(with_pages(document, ENGLISH, GERMAN, "")), encoder)
    vectors = {("e5", text): np.array([1, 0, 0, 0], dtype=np.float32) for text in pages[1].windows}
    passages = {page: [Passage(np.array([0, 1, 1, 0], dtype=np.float32), 40)] for page in (1, 2)}
    nodes = page_nodes(pages, vectors, passages)
    english, german = ([node for node in nodes if node.chunk_id == read.page.id] for read in pages[:2])
    assert [node.vector.tolist() for node in english] == [[0, 1, 0, 0]]
    assert [node.vector.tolist() for node in german] == [[1, 0, 0, 0]] * len(pages[1].windows)
    assert [node.ordinal for node in german] == list(range(len(german)))
    assert len(nodes) == len(english) + len(german)


def test_one_encoder_alone_reads_passages_and_no_pages(document: Document, tmp_path: Path) -> None:
    encoder = open_encoder(Settings(encoder="builtin", words="static"))
    assert not reads_pages(encoder)
    nodes = embed_document(document, tmp_path, encoder, 16, lambda done, total: None, pages=False).nodes
    assert not {node.chunk_id for node in nodes} & {chunk.id for chunk in document.chunks if chunk.kind == "page"}


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Index]:
    """Both packaged encoders over two made documents."""
    settings = Settings(index=tmp_path_factory.mktemp("pages") / "index", encoder="builtin", words="e5+minilm")
    with Index.open(settings, create=True) as opened:
        for number in range(2):
            store(opened, number)
        yield opened


def store(index: Index, number: int) -> Document:
    folder = index.files.stage()
    document = make_document(folder, number)
    index.store(document, folder)
    return document


def pages_with_vectors(index: Index) -> dict[str, set[int]]:
    """By document the pages that have vectors of their words."""
    return {
        doc: {p.page for rows in parts if rows.modality == "text" for p in rows.places if p.kind == "page"}
        for doc, parts in index.vectors.rows().items()
    }


def told(index: Index) -> list[str]:
    return [finding.remedy for finding in _made_before(index)]


def test_whole_pages_are_a_channel_of_questions_that_one_encoder_reads_alone(
    index: Index,
) -> None:
    assert index.has_pages and all(pages == {1, 2} for pages in pages_with_vectors(index).values())
    assert index.check() == [] and not told(index)
    for text, language in (("How is the drain pump cleaned?", "en"), ("Wie wird die Ablaufpumpe gereinigt?", "de")):
        query = Query(text)
        with index.snapshot():
            vector = index.encoder.embed_texts([text], query=True)[0]
            found = by_meaning(Snapshot(index, query), vector, language)
        assert len(found.pages) == (0 if language == "en" else 4)
        assert set(found.parts) == ({"e5", "minilm"} if language == "en" else {"e5"})
        assert not set(found.pages) & {chunk for scores in found.parts.values() for chunk in scores}
        hits = search(index, query, 5).hits
        assert hits and hits[0].chunk.kind != "page"
    tables = search(index, Query("drain pump", kinds=frozenset({"table"}))).hits
    assert {hit.chunk.kind for hit in tables} == {"table"}


def test_an_index_of_before_goes_on_without_is_told_and_gets_pages_by_reindex(index: Index) -> None:
    index.catalogue.add_to_record(index.generation.id, **{PAGES_RECORD: False})
    with Index.open(index.settings) as old:
        assert not old.has_pages and told(old) == [
            "`python -m rag reindex` makes it anew with them; nothing is read again"
        ]
        added = store(old, 5)
        assert pages_with_vectors(old)[added.id] == set()
        assert search(old, Query("How is the drain pump cleaned?"), 5).hits
        assert old.reindex()
        assert old.has_pages and set(map(frozenset, pages_with_vectors(old).values())) == {frozenset({1, 2})}
        assert not told(old) and old.check() == []
