"""Questions made from a library: what they ask for, and what asks nothing."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from made_documents import make_document
from PIL import Image

from ingestion.elements import Chunk, Document
from rag.config import Settings
from rag.evaluation.made_questions import make_questions
from rag.index import Index
from rag.text.analysis import terms

CAPTION = "Figure {n}: Exploded view of the {what} with bearing, shaft and stainless housing number {n}"
MENTION = "As shown in Figure {n} (b), the {what} turns clockwise whenever bearing number {n} is free of dust and oil."
THINGS = ["drain pump", "spin motor", "fan wheel", "heat exchanger", "belt drive", "water valve"]


@pytest.fixture
def index(tmp_path: Path) -> Iterator[Index]:
    """Two documents of three pages, one of one page; each figure with a caption and a mention of its own."""
    with Index.open(Settings(tmp_path / "index", "builtin", "static"), create=True) as index:
        for number, pages in ((0, 3), (1, 3), (2, 1)):
            folder = index.files.stage()
            document = make_document(folder, number, pages)
            for crop in (folder / "crops").iterdir():
                with Image.open(crop) as image:
                    large = image.resize((360, 270))
                large.save(crop)
            index.store(_with_captions(document, number), folder)
        yield index


def _with_captions(document: Document, number: int) -> Document:
    def captioned(chunk: Chunk) -> Chunk:
        if chunk.kind == "table":
            return replace(chunk, caption="Table 1: Error codes", mentions="")
        if chunk.kind != "figure":
            return chunk
        fields = {"n": 10 * number + chunk.page, "what": THINGS[(3 * number + chunk.page) % 6]}
        return replace(chunk, caption=CAPTION.format(**fields), mentions=MENTION.format(**fields))

    return replace(document, chunks=tuple(map(captioned, document.chunks)))


def test_every_way_asks_for_a_figure_without_naming_it(index: Index) -> None:
    made = make_questions(index, 40)
    counts = Counter(question.way for question in made)
    assert counts == {"caption": 7, "words": 7, "mention": 7, "picture": 14}
    for question in made:
        doc = index.catalogue.find(question.doc)
        (chunk,) = index.catalogue.chunks_of(doc.id, question.page, [question.kind])
        assert question.bbox == chunk.bbox
        if question.way == "picture":
            with Image.open(io.BytesIO(question.picture or b"")) as picture:
                assert picture.width < 360
            continue
        assert question.kind == "figure", "captions that stand twice ask for no one table"
        assert "figure" not in question.text.lower() and "(b)" not in question.text
        source = chunk.mentions if question.way == "mention" else chunk.caption
        assert set(terms(question.text)) <= set(terms(source))
    words = next(question for question in made if question.way == "words")
    assert len(words.text.split()) <= 6


def test_the_same_seed_asks_the_same_and_another_asks_otherwise(index: Index) -> None:
    assert make_questions(index, 12, seed=3) == make_questions(index, 12, seed=3)
    assert make_questions(index, 12, seed=3) != make_questions(index, 12, seed=4)


def test_no_document_has_most_of_the_questions(index: Index) -> None:
    made = make_questions(index, 3, ways=["caption"])
    assert len({question.doc for question in made}) == 3


def test_short_captions_and_small_cut_outs_ask_nothing(index: Index) -> None:
    with Index.open(replace(index.settings, index=index.root.with_name("other")), create=True) as other:
        folder = other.files.stage()
        other.store(make_document(folder, 1), folder)  # crops of 120 × 90 pixels, captions of three words
        assert make_questions(other, 40, ways=["picture", "words"]) == []
