"""What only points elsewhere gives way to what it points to, on a small real PDF made here."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from manual_drawing import WARNING, manual

from ingestion.elements import Chunk
from rag.answering.citing.citations import cite
from rag.answering.citing.pinpoint import pinpointed
from rag.answering.evidence.gathering import gather
from rag.config import Settings
from rag.index import Index
from rag.retrieval.search import search
from rag.text.passages import sentences
from rag.types import Evidence, Hit, Query


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Index]:
    folder = tmp_path_factory.mktemp("signposts")
    settings = Settings(index=folder / "index", encoder="builtin", words="static", workers=1, ocr="off")
    with Index.open(settings, create=True) as opened:
        opened.add([manual(folder)])
        yield opened


def part(index: Index, page: int, words: str, kind: str = "text") -> Chunk:
    (document,) = index.catalogue.documents()
    parts = index.catalogue.chunks_of(document.id, page)
    return next(c for c in parts if c.kind == kind and words in c.text)


def gathered(index: Index, *chunks: Chunk, question: str = "") -> tuple[Evidence, ...]:
    return gather(index, [Hit(c, 1.0 - 0.01 * i) for i, c in enumerate(chunks)], index.settings, question)


def test_a_table_of_contents_gives_way_to_the_section_that_it_names(index: Index) -> None:
    parts = part(index, 5, "Drain all hoses"), part(index, 1, "Unpacking")
    found = gathered(index, *parts, question="how is the clock set?")
    assert [e.chunk.page for e in found] == [5, 3, 1]
    assert found[1].text.startswith("Set it as follows:")


def test_contents_found_first_stay_first_and_are_followed(index: Index) -> None:
    contents = part(index, 1, "Unpacking")
    assert [e.chunk.page for e in gathered(index, contents, question="when does the boiler need descaling")] == [1, 4]
    assert [e.chunk.page for e in gathered(index, contents, question="how many chapters are there?")] == [1]


def test_a_whole_page_of_contents_is_followed_too(index: Index) -> None:
    found = gathered(
        index, part(index, 2, "Lift"), part(index, 1, "Unpacking", "page"), question="which spare parts are there"
    )
    assert [e.chunk.page for e in found] == [2, 5, 1]
    assert "FX-210" in found[1].text


def test_a_heading_alone_gives_way_to_what_stands_under_it(index: Index) -> None:
    heading = replace(part(index, 5, "FX-210"), id="alone", text="Spare parts", heading="")
    (evidence,) = gathered(index, heading)
    assert evidence.text == "The seal has the number FX-210 and is replaced each year."
    before = replace(heading, text="Storing it in winter", regions=part(index, 4, "Fill").regions)  # at a page's end
    (evidence,) = gathered(index, before)
    assert (evidence.chunk.page, evidence.text[:15]) == (5, "Drain all hoses")


def test_what_is_no_heading_stays(index: Index) -> None:
    """A short fact, and a heading with nothing under it."""
    fact = replace(part(index, 5, "FX-210"), id="fact", text="Weight 3 kg", heading="Data")
    assert [e.text for e in gathered(index, fact)] == ["Weight 3 kg"]
    scrap = replace(fact, id="scrap", text="Requires improvement", heading="Ratings")
    assert [e.text for e in gathered(index, scrap, fact)] == ["Requires improvement", "Weight 3 kg"]
    assert [e.text for e in gathered(index, part(index, 5, "FX-210"), scrap, fact)][1:] == [
        "Weight 3 kg",
        "Requires improvement",
    ]


def test_a_table_of_rising_numbers_is_no_table_of_contents(index: Index) -> None:
    rows = "| Hours | Litres |\n| --- | --- |\n" + "\n".join(f"| run {n} | {10 * n} |" for n in range(1, 9))
    table = replace(part(index, 5, "FX-210"), id="table", kind="table", text=rows)
    found = gathered(index, part(index, 2, "Lift"), table, part(index, 3, "Set it"), question="litres of run 4")
    assert [e.chunk.kind for e in found] == ["text", "table", "text"]


def test_an_index_at_the_end_comes_last(index: Index) -> None:
    terms = ("boiler", "carton", "clock", "descaler", "hoses", "knob", "pump", "seal", "straps", "tank")
    entries = "\n".join(f"{term}, {n + 1}, {n + 3}" for n, term in enumerate(terms))
    back = replace(part(index, 5, "FX-210"), id="back", text=entries, heading="Index")
    found = gathered(index, part(index, 2, "Lift"), back, part(index, 3, "Set it"), question="the clock")
    assert [e.chunk.page for e in found] == [2, 3, 5]


def test_the_same_text_on_two_pages_is_one_piece_that_names_both(index: Index) -> None:
    first = replace(part(index, 4, "Never open"), id="first", text=WARNING)
    second = replace(part(index, 4, "Never open"), id="second", regions=part(index, 2, "Lift").regions)
    (evidence,) = gathered(index, first, second)
    assert (evidence.chunk.id, evidence.also) == ("first", ("manual.pdf, page 2",))


def test_every_sentence_is_cited_on_its_own_page_and_within_its_box(index: Index) -> None:
    hits = index.catalogue.chunks_of(index.catalogue.documents()[0].id)
    evidence = gathered(index, *hits, question="clock")
    checked = 0
    for piece in evidence:
        if piece.chunk.page == 1:
            continue  # a line of contents says the words of a heading elsewhere
        for sentence in (s for s in sentences(piece.text) if len(s.split()) > 5):
            (citation,) = cite(f"{sentence} [{piece.number}]", evidence)
            place = pinpointed(index, citation, piece)
            lines = index.files.lines(place.doc, place.page)
            inside = [text for text, box in lines if box.y0 >= place.bbox.y0 - 1 and box.y1 <= place.bbox.y1 + 1]
            words = sentence.removeprefix("1. ").removeprefix("2. ").removeprefix("3. ")[:40]
            assert any(words in " ".join(text.split()) for text in inside), sentence
            checked += 1
    assert checked >= 8


def test_a_question_to_an_index_is_answered_past_the_contents(index: Index) -> None:
    hits = search(index, Query("setting the clock"), 10).hits
    found = gather(index, hits, index.settings, "setting the clock")
    assert "Hold the left button" in " ".join(e.text for e in found[:2])
