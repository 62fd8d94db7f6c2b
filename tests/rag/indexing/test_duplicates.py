"""The same picture in two places: found when it is added, shown once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from made_documents import make_document
from PIL import Image, ImageDraw

from ingestion.elements import BBox, Chunk, Document, Region
from rag.answering.evidence.gathering import gather
from rag.config import Settings
from rag.encoders.builtin import VisualDescriptor
from rag.index import Index
from rag.indexing.duplicates import says_the_same, update
from rag.retrieval.deduplicate import folded
from rag.retrieval.search import search
from rag.types import Float32Array, Hit, Progress, Query

QUESTION = Query("exploded view of the turbine with its bearing")
CAPTION = "Figure {n}: Exploded view of the turbine with its bearing"


@pytest.fixture
def index(tmp_path: Path) -> Iterator[Index]:
    with Index.open(Settings(tmp_path / "index", "builtin", "static"), create=True) as index:
        yield index


def _drawing(width: int, height: int, bearing: float = 0.3) -> Image.Image:
    image = Image.new("RGB", (width, height), "white")
    pen = ImageDraw.Draw(image)
    for i in range(6):
        x, y = (0.1 + 0.13 * i) * width, (0.15 + 0.1 * (i % 3)) * height
        pen.rectangle((x, y, x + 0.09 * width, y + 0.4 * height), fill=(30 * i, 80, 200 - 25 * i))
    pen.ellipse((bearing * width, 0.6 * height, (bearing + 0.3) * width, 0.95 * height), fill="black")
    return image


def _edition(
    index: Index, number: int, picture: Image.Image, text: str = "turbine bearing", quality: int = 90
) -> Document:
    """A one-page document whose figure is this picture."""
    folder = index.files.stage()
    document = make_document(folder, number, pages=1)
    picture.save(folder / "crops/0001-figure.webp", quality=quality)

    def shown(chunk: Chunk) -> Chunk:
        caption = CAPTION.format(n=number)
        return replace(chunk, caption=caption, text=text) if chunk.kind == "figure" else chunk

    return index.store(replace(document, chunks=tuple(map(shown, document.chunks))), folder)


def _figures(hits: Sequence[Hit]) -> list[Hit]:
    return [hit for hit in hits if hit.chunk.kind == "figure"]


def test_a_figure_of_two_editions_is_shown_once_with_both_places(index: Index) -> None:
    old = _edition(index, 1, _drawing(400, 300))
    new = _edition(index, 2, _drawing(520, 390), quality=35)
    (hit,) = _figures(search(index, QUESTION).hits)
    (spot,) = hit.also
    assert {hit.chunk.doc, spot.doc} == {old.id, new.id}
    assert (spot.page, spot.bbox) == (1, hit.bbox)
    shown = next(e for e in gather(index, [hit], index.settings))
    assert shown.also == (f"{index.catalogue.document(spot.doc).name}, page 1",)
    within = _figures(search(index, replace(QUESTION, docs=frozenset([old.id]))).hits)
    assert [(h.chunk.doc, h.also) for h in within] == [(old.id, ())]
    index.remove(spot.doc)
    assert [h.also for h in _figures(search(index, QUESTION).hits)] == [()]
    assert index.check() == []


@pytest.mark.parametrize(
    ("bearing", "text"), [(0.6, "turbine bearing"), (0.3, "turbine bearing 24 mm")], ids=["picture", "words"]
)
def test_what_differs_in_picture_or_words_is_not_the_same(index: Index, bearing: float, text: str) -> None:
    _edition(index, 1, _drawing(400, 300))
    _edition(index, 2, _drawing(400, 300, bearing), text)
    hits = _figures(search(index, QUESTION).hits)
    assert len(hits) == 2 and not any(hit.also for hit in hits)


def test_an_index_of_an_earlier_version_learns_it_when_it_is_reindexed(index: Index) -> None:
    _edition(index, 1, _drawing(400, 300))
    _edition(index, 2, _drawing(400, 300))
    with index.catalogue.writing() as db:
        db.execute("DELETE FROM alike_pictures")
        db.execute("DELETE FROM alike_documents")
    assert [hit.also for hit in _figures(search(index, QUESTION).hits)] == [(), ()]
    index.reindex()
    assert [len(hit.also) for hit in _figures(search(index, QUESTION).hits)] == [1]


def test_every_cut_out_is_described_once(index: Index, monkeypatch: pytest.MonkeyPatch) -> None:
    editions = [_edition(index, number, _drawing(400, 300)) for number in range(5)]
    with index.catalogue.writing() as db:
        db.execute("DELETE FROM alike_documents")
        db.execute("DELETE FROM alike_pictures")
    described, embed = list[int](), VisualDescriptor.embed_images

    def counted(self: VisualDescriptor, images: Sequence[Image.Image]) -> Float32Array:
        described.append(len(images))
        return embed(self, images)

    monkeypatch.setattr(VisualDescriptor, "embed_images", counted)
    steps: list[Progress] = []
    update(index.catalogue, index.files, steps.append)
    assert [(step.name, step.stage, step.done, step.total) for step in steps] == [
        ("pictures", "comparing", number, len(editions)) for number in range(1, len(editions) + 1)
    ]
    assert sum(described) == len(editions)
    assert [len(hit.also) for hit in _figures(search(index, QUESTION).hits)] == [len(editions) - 1]


def test_captions_are_compared_without_their_numbers() -> None:
    one = _chunk("a", 1, 0, caption="Figure 2-1: Five levels")
    assert says_the_same(one, replace(one, caption="Abb. 7. Five levels"))
    assert says_the_same(one, replace(one, caption=""))
    assert not says_the_same(one, replace(one, caption="Figure 2-1: Six levels"))
    assert not says_the_same(replace(one, text="1 2"), replace(one, text="2 1"))


def _chunk(doc: str, page: int, number: int, caption: str = "") -> Chunk:
    return Chunk(f"{doc}{page}.{number}", doc, "figure", "", (Region(page, BBox(0, 0, 1, 1)),), caption=caption)


def test_folding_keeps_every_page_of_a_document() -> None:
    hits = [Hit(_chunk("a", 1, 0), 1.0), Hit(_chunk("a", 2, 0), 0.9), Hit(_chunk("b", 1, 0), 0.8)]
    text = Hit(replace(_chunk("a", 2, 1), kind="text"), 0.7)
    family = {hit.chunk.id: "f" for hit in hits}
    assert folded([*hits, text], {}) == [*hits, text]
    assert folded(hits, family) == hits[:2], "page 2 of a has nothing else"
    assert folded([*hits, text], family) == [hits[0], text]
