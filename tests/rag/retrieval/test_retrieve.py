"""Retrieval on a real index: documents, full text, vectors, pictures."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont
from tiny_models import save_tiny_clip
from vector_hits import one_by_one

from ingestion.elements import BBox, Chunk, Document, Page, Region
from rag.config import Settings
from rag.encoders.space import masked
from rag.errors import EmptyQuestion, QuestionTooLong
from rag.index import Index
from rag.retrieval.named_documents import ONLY_BONUS, PAGE_BONUS, without_names
from rag.retrieval.search import MAX_QUESTION, search
from rag.retrieval.side import question_side
from rag.retrieval.snapshot import Snapshot
from rag.types import Channel, Hit, Query

WIDTH, HEIGHT = 600.0, 800.0
PAGES = {
    1: ["Safety", "Keep the machine away from water and open flames."],
    2: ["Cleaning", "Rinse the lint filter under running water every thirty cycles."],
    3: ["Drain pump", "The drain pump sits behind the flap. Figure 1 shows it."],
    4: ["Error codes", "The display shows a code when a fault was found."],
    5: ["Data", "Mass 46 kg. Supply 230 volts."],
}
TABLE = "| Code | Meaning |\n| --- | --- |\n| E04 | Door not closed |\n| E11 | Water inlet blocked |"


def make(name: str, folder: Path, extra: str = "") -> Document:
    """Five pages of passages; a figure on page 3, a table over pages 4 and 5."""
    doc = (name.encode().hex() * 8)[:64]
    (folder / "crops").mkdir(parents=True, exist_ok=True)
    (folder / "original.pdf").write_bytes(b"stand-in")
    _drawing(name).save(folder / "crops/pump.png")
    chunks = []
    for number, texts in PAGES.items():
        lines = [f"{text} {extra}".strip() for text in texts]
        for i, text in enumerate(lines):
            box = BBox(50, 60 + 80 * i, 550, 120 + 80 * i)
            chunks.append(Chunk(f"{doc[:8]}-{number}-{i}", doc, "text", text, (Region(number, box),)))
        whole = (Region(number, BBox(0, 0, WIDTH, HEIGHT)),)
        chunks.append(Chunk(f"{doc[:8]}-{number}-page", doc, "page", "\n".join(lines), whole))
    pump = (Region(3, BBox(50, 300, 550, 700)),)
    caption, said = "Figure 1: Pump, exploded view", "Figure 1 shows the impeller."
    figure = Chunk(f"{doc[:8]}-f", doc, "figure", "rotor cover", pump, caption, "Drain pump", said, "crops/pump.png")
    over_two = (Region(4, BBox(50, 300, 550, 780)), Region(5, BBox(50, 40, 550, 200)))
    table = Chunk(f"{doc[:8]}-t", doc, "table", TABLE, over_two, caption="Table 1: Codes")
    pages = tuple(Page(n, WIDTH, HEIGHT, 0, label=str(n)) for n in PAGES)
    return Document(doc, f"{name}.pdf", name, pages, (), (*chunks, figure, table))


def _drawing(seed: str) -> Image.Image:
    random = np.random.default_rng(len(seed))
    image = Image.new("RGB", (400, 300), "white")
    draw = ImageDraw.Draw(image)
    for _ in range(12):
        x, y = int(random.integers(0, 300)), int(random.integers(0, 220))
        colour = tuple(int(v) for v in random.integers(0, 255, 3))
        draw.rectangle((x, y, x + int(random.integers(20, 100)), y + int(random.integers(20, 80))), fill=colour)
    return image


def build(settings: Settings, *names: str) -> Index:
    index = Index.open(settings, create=True)
    for name in names:
        folder = index.files.stage()
        index.store(make(name, folder, extra=name), folder)
    return index


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Index]:
    folder = tmp_path_factory.mktemp("retrieve") / "index"
    with build(Settings(index=folder, encoder="builtin", words="static"), "lagoon", "breeze washer") as opened:
        yield opened


def first(hits: Sequence[Hit]) -> Chunk:
    return hits[0].chunk


def doc_id(index: Index, name: str) -> str:
    return index.catalogue.find(name).id


def test_a_passage_is_found_by_its_words(index: Index) -> None:
    hits = search(index, Query("How often is the lint filter rinsed?")).hits
    assert (first(hits).page, first(hits).kind) == (2, "text")
    assert hits[0].channels["full text"].rank <= 2
    assert hits[0].channels["words"].rank >= 1
    scores = [hit.score for hit in hits]
    assert scores == sorted(scores, reverse=True) and scores[-1] >= 0


def test_a_table_is_found_by_its_cells_and_a_figure_by_its_mention(index: Index) -> None:
    docs = frozenset([doc_id(index, "lagoon")])
    assert first(search(index, Query("What does code E11 mean in the table?", docs=docs)).hits).kind == "table"
    assert first(search(index, Query("Which figure shows the impeller?", docs=docs)).hits).kind == "figure"


def test_a_misspelt_word_still_finds_its_page(index: Index) -> None:
    assert first(search(index, Query("lint filtre rinsing")).hits).page == 2
    assert first(search(index, Query("Where is the impelller?")).hits).page == 3


@pytest.mark.parametrize("asked", ["E11", "E-11", "e 11", "E/11"])
def test_a_code_is_found_however_it_is_written(index: Index, asked: str) -> None:
    docs = frozenset([doc_id(index, "lagoon")])
    assert first(search(index, Query(f"What does {asked} mean?", docs=docs)).hits).kind == "table"


@pytest.mark.parametrize(
    "asked",
    [
        "since this morning the display of the machine shows {}, should I keep it away from water and call somebody?",
        "{} comes up after a few cycles and then the machine stops, is that serious?",
    ],
)
def test_a_rare_code_counts_more_than_all_the_words_around_it(index: Index, asked: str) -> None:
    docs = frozenset([doc_id(index, "lagoon")])
    assert first(search(index, Query(asked.format("E11"), docs=docs)).hits).kind == "table"
    assert first(search(index, Query(asked.format("E12"), docs=docs)).hits).kind != "table"  # a code nobody mentions


def test_a_picture_with_codes_in_it_is_asked_about(index: Index) -> None:
    table = Image.new("RGB", (520, 120), "white")
    ImageDraw.Draw(table).text((20, 30), "E-11   Water inlet blocked   W10", "black", ImageFont.load_default(28))
    assert first(search(index, Query("What does this mean?", table)).hits).kind == "table"


def test_a_product_says_which_document_is_meant_and_nothing_of_the_page(tmp_path: Path) -> None:
    with build(Settings(index=tmp_path / "i", encoder="builtin", words="static"), "lagoon", "KX-400 washer") as index:
        named = doc_id(index, "KX-400 washer")
        for question in (
            "How do I rinse the lint filter of the KX400?",
            "kx-400: rinse lint filter, every how many cycles",
        ):
            with index.snapshot():
                snap = Snapshot(index, Query(question))
                text, documents = without_names(snap)
                assert "400" not in text and [row.doc for row in snap.documents(documents).values()] == [named]
            best = first(search(index, Query(question)).hits)
            assert (best.doc, best.page) == (named, 2)
        with index.snapshot():
            assert without_names(Snapshot(index, Query("What is the KX-400?")))[0] == "What is the KX-400?"
            assert without_names(Snapshot(index, Query("lint filter after E11"))) == (
                "lint filter after E11",
                {},
            )


def test_beside_a_product_that_one_document_alone_has_no_other_code_is_one(tmp_path: Path) -> None:
    settings = Settings(index=tmp_path / "i", encoder="builtin", words="static")
    with build(settings, "lagoon", "KX-400 washer", "E11 handbook") as index:
        washer, handbook = doc_id(index, "KX-400 washer"), doc_id(index, "E11 handbook")
        with index.snapshot():
            text, named = without_names(Snapshot(index, Query("my KX400 washer shows E11, what now?")))
            assert "E11" in text and "400" not in text
            assert [row.doc for row in Snapshot(index, Query("x")).documents(named).values()] == [washer]
            assert set(named.values()) == {ONLY_BONUS}
            text, named = without_names(Snapshot(index, Query("where does the E11 handbook list the lint filter?")))
            assert [row.doc for row in Snapshot(index, Query("x")).documents(named).values()] == [handbook]
            assert "E11" not in text and set(named.values()) == {PAGE_BONUS}  # others have the code, too
        assert first(search(index, Query("my KX400 shows E11, lint filter?")).hits).doc == washer


def test_every_page_of_a_document_comes_back_when_many_hits_are_wanted(index: Index) -> None:
    docs = frozenset([doc_id(index, "lagoon")])
    for question in ("drain pump", "xylophone"):
        hits = search(index, Query(question, docs=docs), k=30).hits
        assert {hit.chunk.page for hit in hits} == {1, 2, 3, 4, 5}
        assert {hit.chunk.doc for hit in hits} == docs


def test_a_page_chunk_comes_only_where_its_page_has_nothing_before_it(index: Index) -> None:
    hits = search(index, Query("drain pump"), k=30).hits
    for rank, hit in enumerate(hits):
        if hit.chunk.kind == "page":
            assert (hit.chunk.doc, hit.chunk.page) not in {(h.chunk.doc, h.chunk.page) for h in hits[:rank]}


def test_the_document_named_in_the_question_comes_first(index: Index) -> None:
    wanted = doc_id(index, "breeze washer")
    assert first(search(index, Query("breeze washer mass")).hits).doc == wanted


def test_filters_by_document_kind_and_pages(index: Index) -> None:
    lagoon = frozenset([doc_id(index, "lagoon")])
    assert {hit.chunk.doc for hit in search(index, Query("water", docs=lagoon), k=30).hits} == lagoon
    kinds = search(index, Query("water", kinds=frozenset({"figure", "table"})), k=30).hits
    assert {hit.chunk.kind for hit in kinds} == {"figure", "table"}
    ranged = search(index, Query("water drain pump", docs=lagoon, pages=(2, 3)), k=30).hits
    assert {hit.chunk.page for hit in ranged} == {2, 3}
    assert search(index, Query("water", docs=frozenset(["0" * 64]))).hits == ()


def test_a_table_over_two_pages_is_shown_on_the_page_that_was_asked_for(index: Index) -> None:
    query = Query("inlet blocked", docs=frozenset([doc_id(index, "lagoon")]), kinds=frozenset({"table"}), pages=(5, 5))
    hit = search(index, query).hits[0]
    assert (hit.chunk.page, hit.bbox) == (5, BBox(50, 40, 550, 200))


def test_pictures_have_their_share_of_the_hits(index: Index) -> None:
    hits = search(index, Query("water flap display machine"), k=10).hits
    assert sum(hit.chunk.kind in ("figure", "table") for hit in hits) >= 2


def test_an_uploaded_picture_finds_its_figure(index: Index) -> None:
    shown = _drawing("breeze washer").resize((300, 225))
    hits = search(index, Query(image=shown)).hits
    assert (first(hits).doc, first(hits).kind) == (doc_id(index, "breeze washer"), "figure")
    assert hits[0].channels["image to image"].rank == 1


def test_the_words_in_an_uploaded_picture_find_their_page(index: Index) -> None:
    picture = Image.new("RGB", (700, 120), "white")
    text = "Rinse the lint filter under running water"
    ImageDraw.Draw(picture).text((20, 30), text, fill="black", font=ImageFont.load_default(32))
    hits = search(index, Query(image=picture, docs=frozenset([doc_id(index, "lagoon")]))).hits
    assert first(hits).page == 2
    assert "picture's full text" in hits[0].channels


def test_words_and_a_picture_together(index: Index) -> None:
    query = Query("Where is it?", image=_drawing("lagoon"))
    names = {name for hit in search(index, query).hits for name in hit.channels}
    assert {"full text", "words", "image to image"} <= names


def test_each_channel_can_be_switched_off(index: Index) -> None:
    query = Query("How often is the lint filter rinsed?", image=_drawing("lagoon"))
    names: tuple[Channel, ...] = ("full text", "words", "image to image")
    for channel in names:
        hits = search(index, replace(query, without=frozenset({channel}))).hits
        found = {name for hit in hits for name in hit.channels}
        assert channel not in found
        assert set(names) - {channel} <= found


def test_a_search_by_meaning_alone_still_finds(index: Index) -> None:
    alone: frozenset[Channel] = frozenset({"full text", "text to image"})
    hits = search(index, Query("How often is the lint filter rinsed?", without=alone)).hits
    assert hits and all(set(hit.channels) <= {"words"} for hit in hits)


def test_a_question_keeps_its_language_without_full_text(index: Index) -> None:
    """It says which sentence encoders are asked."""
    asked = Query("Wie oft wird das Flusensieb der Maschine gespült?")
    with index.snapshot():
        for query in (asked, replace(asked, without=frozenset({"full text"}))):
            assert question_side(Snapshot(index, query)).question.language == "de"


def test_a_page_asked_for_by_its_printed_number(settings: Settings) -> None:
    """The number in print counts more than the place in the file; both stand among the first."""
    with Index.open(settings, create=True) as index:
        for name in ("lagoon", "breeze washer"):
            folder = index.files.stage()
            document = make(name, folder, extra=name)
            pages = tuple(replace(page, label=f"{2 * page.number}–{2 * page.number + 1}") for page in document.pages)
            index.store(replace(document, pages=pages), folder)
        docs = frozenset([doc_id(index, "lagoon")])
        found = [hit.chunk.page for hit in search(index, Query("What stands on page 9?", docs=docs)).hits]
        assert found[0] == 4
        anywhere = search(index, Query("What stands on page 8 of the lagoon?")).hits
        assert (anywhere[0].chunk.doc, anywhere[0].chunk.page) == (*docs, 4)


@pytest.mark.parametrize("text", ['"', "AND OR NOT", "NEAR(pump, 3)", "*", "(((", "电源插头", "?", "\x00pump", "‮pump"])
def test_no_text_breaks_the_search(index: Index, text: str) -> None:
    assert len(search(index, Query(text), k=3).hits) == 3


def test_questions_that_cannot_be_searched(index: Index) -> None:
    with pytest.raises(EmptyQuestion, match="type one"):
        search(index, Query("  \n"))
    with pytest.raises(QuestionTooLong, match="100,000"):
        search(index, Query("x" * 100_000))
    assert search(index, Query("pump " * (MAX_QUESTION // 5)), k=1).hits


def test_an_empty_index_finds_nothing(settings: Settings) -> None:
    with Index.open(settings, create=True) as empty:
        assert search(empty, Query("pump")).hits == ()
        assert search(empty, Query("pump", image=Image.new("RGB", (64, 64)))).hits == ()


def test_what_is_removed_is_not_found(settings: Settings) -> None:
    with build(settings, "lagoon") as index:
        assert search(index, Query("lint filter")).hits
        index.remove(doc_id(index, "lagoon"))
        assert search(index, Query("lint filter")).hits == ()


def test_only_lists_by_modality_show_pictures_in_a_clip_space(settings: Settings, tmp_path: Path) -> None:
    """One mixed top-k over a CLIP space holds passages only; retrieval brings the figures in."""
    clip = str(save_tiny_clip(tmp_path / "clip"))
    with build(replace(settings, encoder=clip), "lagoon", "breeze washer") as index:
        vector = masked(index.encoder, index.encoder.embed_texts(["the pump moves water"])[0], "picture")
        mixed = one_by_one(index.vectors.nearest(vector, 4))
        hits = search(index, Query("the pump moves water"), k=4).hits
        modalities = {hit.modality for hit in mixed}
        channels = {name for hit in hits for name in hit.channels}
    if modalities == {"image"}:
        pytest.fail("the random model puts pictures first; choose another seed")
    assert modalities == {"text"}
    assert any(hit.chunk.kind == "figure" for hit in hits)
    assert "text to image" in channels


@pytest.mark.parametrize("form", ["page {0}", "pages {0} and {1}", "slide {0}, page number {1}", "the {0}th page"])
def test_a_question_that_names_thousands_of_pages_is_a_question_like_any_other(index: Index, form: str) -> None:
    named = " ".join(form.format(number, number + 1) for number in range(3, 3000))[: MAX_QUESTION - 20]
    with index.catalogue.reading() as db:
        assert isinstance(db, sqlite3.Connection)
        db.setlimit(sqlite3.SQLITE_LIMIT_VARIABLE_NUMBER, 999)  # the least that any build of SQLite has
        db.setlimit(sqlite3.SQLITE_LIMIT_SQL_LENGTH, 100_000)
        hits = search(index, Query(f"pump {named}"), 10, fresh=True).hits
        assert 3 in {hit.chunk.page for hit in hits}
        assert len(search(index, Query(f"pump {named}"), 100_000, fresh=True).hits) > len(hits)


def test_page_ranges_and_choices_beyond_all_pages_are_no_error(index: Index) -> None:
    for pages in ((1, 10**30), (10**30, 10**31), (2**31, 2**40)):
        assert bool(search(index, Query("pump", pages=pages), 5, fresh=True).hits) == (pages[0] == 1)
