"""Hits become numbered evidence, on a real catalogue with real pictures."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image

from ingestion.elements import BBox, Chunk, ChunkKind, Document, Page, Region, lines_file
from rag.answering.citing.citations import cite
from rag.answering.citing.pinpoint import pinpointed
from rag.answering.evidence.gathering import PADDING, crop_image, gather, shows_its_page
from rag.config import Settings
from rag.index import Index
from rag.text.passages import tokens
from rag.types import Evidence, Hit

DOC = "a" * 64
PAGE = BBox(0, 0, 612, 792)


def chunk(
    name: str, text: str, top: float, kind: ChunkKind = "text", heading: str = "Care", page: int = 1, caption: str = ""
) -> Chunk:
    box = PAGE if kind == "page" else BBox(50, top, 300, top + 40)
    image = "crops/figure.webp" if kind == "figure" else None
    return Chunk(name, DOC, kind, text, (Region(page, box),), caption, heading, image=image)


SHORT = [
    chunk("one", "Open the flap.", 100),
    chunk("two", "Turn the filter to the left.", 150),
    chunk("three", "Rinse it under water.", 200),
    chunk("other", "Call the service.", 300, heading="Faults"),
]
FIGURE = chunk("figure", "impeller rotor", 400, "figure", caption="Figure 1: Pump")
WHOLE = chunk("page", "\n\n".join(c.text for c in SHORT), 0, "page", heading="")
LONG = chunk("long", "The pump moves the water. " * 400, 100, page=2)
OVER_PAGES = replace(
    chunk("steps", "| Step | Tool |\n|---|---|\n| Drain | Bucket |\n| Refill | Funnel |", 700, "table"),
    regions=(Region(1, BBox(50, 700, 300, 740)), Region(2, BBox(50, 60, 300, 90))),
    caption="Table 2: Service",
    mentions="Call the service.",
)
LINES = {
    1: [
        ("Open the flap.", 50, 105, 130, 117),
        ("Turn the filter to the left.", 50, 155, 200, 167),
        ("Rinse it under water.", 50, 205, 180, 217),
        ("Call the service.", 50, 305, 150, 317),
        ("Drain Bucket", 50, 705, 200, 717),
    ],
    2: [("Refill Funnel", 50, 65, 200, 77)],
}
ROWS = "| Code | Cause |\n|---|---|\n" + "\n".join(f"| E{i} | cause number {i} |" for i in range(2000))
TABLE = chunk("table", ROWS, 300, "table", page=2, caption="Table 1: Codes")


@pytest.fixture
def index(settings: Settings) -> Iterator[Index]:
    with Index.open(settings, create=True) as opened:
        folder = opened.files.document(DOC)
        (folder / "pages").mkdir(parents=True)
        (folder / "crops").mkdir()
        page = Image.new("RGB", (1224, 1584), "white")
        page.paste((255, 0, 0), (100, 300, 600, 380))  # the box of "two": (50, 150, 300, 190) at 2 pixels a point
        page.save(folder / "pages/0001.webp", lossless=True)
        Image.new("RGB", (200, 100), "blue").save(folder / "crops/figure.webp", lossless=True)
        pages = (Page(1, 612, 792, 0, "pages/0001.webp"), Page(2, 612, 792, 0, None))
        for number, lines in LINES.items():
            (folder / lines_file(number)).write_text(json.dumps(lines), encoding="utf-8")
        chunks = (*SHORT, FIGURE, WHOLE, LONG, TABLE, OVER_PAGES)
        opened.catalogue.add(Document(DOC, "manual.pdf", "Manual", pages, (), chunks))
        yield opened


def gathered(index: Index, *chunks: Chunk, tokens: int = 6000) -> tuple[Evidence, ...]:
    hits = [Hit(c, 1.0 - 0.01 * i) for i, c in enumerate(chunks)]
    return gather(index, hits, replace(index.settings, llm_tokens=tokens))


def test_a_short_passage_brings_its_neighbours_under_the_heading_but_keeps_its_box(index: Index) -> None:
    (evidence,) = gathered(index, SHORT[1])
    assert evidence.text == "Open the flap.\n\nTurn the filter to the left.\n\nRinse it under water."
    assert evidence.chunk.bbox == SHORT[1].bbox
    assert (evidence.number, evidence.doc_name, evidence.page_size) == (1, "manual.pdf", (612, 792))


def test_a_neighbour_already_shown_is_not_shown_again(index: Index) -> None:
    assert [e.chunk.id for e in gathered(index, SHORT[1], SHORT[0], SHORT[3], SHORT[1])] == ["two", "other"]


def test_a_page_adds_only_what_was_not_shown(index: Index) -> None:
    assert [e.chunk.id for e in gathered(index, SHORT[1], SHORT[3], FIGURE, WHOLE)] == ["two", "other", "figure"]
    assert gathered(index, WHOLE)[0].text == WHOLE.text


def test_a_figure_has_caption_words_and_crop(index: Index) -> None:
    (evidence,) = gathered(index, FIGURE)
    assert evidence.text == "Figure 1: Pump\nimpeller rotor"
    assert evidence.crop is not None and evidence.crop.is_file()
    picture = crop_image(evidence)
    assert picture is not None and picture.size == (200, 100)


def test_a_box_that_the_match_located_wins(index: Index) -> None:
    located = BBox(60, 410, 120, 430)
    (evidence,) = gather(index, [Hit(FIGURE, 1.0, region=located)], index.settings)
    assert evidence.chunk.bbox == located
    assert evidence.chunk.id == "figure"


def test_the_same_place_with_the_same_words_counts_once(index: Index) -> None:
    twin = replace(FIGURE, id="twin", regions=(Region(1, BBox(52, 402, 298, 438)),))
    assert [e.chunk.id for e in gathered(index, FIGURE, twin)] == ["figure"]


def test_the_budget_holds_and_a_table_is_cut_between_rows(index: Index) -> None:
    found = gathered(index, TABLE, LONG, SHORT[1], tokens=1000)
    assert [e.number for e in found] == [1, 2, 3]
    assert sum(tokens(e.text) for e in found) <= 1000
    assert found[0].text.startswith("Table 1: Codes\n| Code | Cause |\n|---|---|\n| E0 |")
    assert found[0].text.endswith("| …")
    assert found[1].text.endswith("water. …")


def test_a_passage_is_cut_out_of_its_page_with_padding(index: Index) -> None:
    (evidence,) = gathered(index, SHORT[1])
    picture = crop_image(evidence)
    assert picture is not None
    edge = round(2 * PADDING)
    assert picture.size == (500 + 2 * edge, 80 + 2 * edge)
    assert picture.getpixel((edge + 1, edge + 1)) == (255, 0, 0)
    assert picture.getpixel((edge - 2, edge - 2)) == (255, 255, 255)


def test_without_any_picture_there_is_none(index: Index, tmp_path: Path) -> None:
    (evidence,) = gathered(index, LONG)
    assert crop_image(evidence) is None
    assert crop_image(replace(evidence, page_image=tmp_path / "gone.webp")) is None


def test_a_quotation_is_marked_where_its_words_stand_not_where_the_hit_was(index: Index) -> None:
    (evidence,) = gathered(index, SHORT[0])
    (cited,) = cite("Rinse it under water [1].", (evidence,))
    assert pinpointed(index, cited, evidence).bbox == BBox(50, 205, 180, 217)  # the third passage under the heading
    (cited,) = cite("Open the flap [1].", (evidence,))
    assert pinpointed(index, cited, evidence).bbox == BBox(50, 105, 130, 117)


def test_all_that_cites_a_piece_is_marked(index: Index) -> None:
    (evidence,) = gathered(index, SHORT[0])
    text = "1. Open the flap [1].\n2. Turn the filter to the left. Rinse it under water [1]."
    boxes = [BBox(50, 105, 130, 117), BBox(50, 155, 200, 167), BBox(50, 205, 180, 217)]
    for verbatim, marked in ((True, boxes), (False, [boxes[0], boxes[2]])):  # a model may say more before a marker
        (cited,) = cite(text, (evidence,), verbatim)
        found = pinpointed(index, cited, evidence)
        assert found.quote == cited.quote and found.bbox in marked
        assert sorted(line.bbox for line in found.highlights) == marked


def test_all_rows_that_are_quoted_are_marked(index: Index) -> None:
    (evidence,) = gathered(index, OVER_PAGES)
    (cited,) = cite("Drain with the bucket [1].\nRefill with the funnel [1].", (evidence,))
    lines = [(line.page, line.bbox) for line in pinpointed(index, cited, evidence).highlights]
    assert sorted(lines) == [(1, BBox(50, 705, 200, 717)), (2, BBox(50, 65, 200, 77))]


def test_a_row_of_a_table_over_pages_is_cited_on_its_page(index: Index) -> None:
    (evidence,) = gathered(index, OVER_PAGES)
    (cited,) = cite("Refill with the funnel [1].", (evidence,))
    found = pinpointed(index, cited, evidence)
    assert (found.page, found.bbox, found.kind, found.image) == (2, OVER_PAGES.regions[1].bbox, "table", None)
    (cited,) = cite("Drain with the bucket [1].", (evidence,))
    assert (pinpointed(index, cited, evidence).page, cited.bbox) == (1, OVER_PAGES.bbox)


def test_a_sentence_that_only_names_a_table_is_cited_where_it_stands(index: Index) -> None:
    (evidence,) = gathered(index, OVER_PAGES)
    (cited,) = cite("Call the service [1].", (evidence,))
    found = pinpointed(index, cited, evidence)
    assert (found.kind, found.bbox) == ("text", BBox(50, 305, 150, 317))


def test_passages_found_beside_each_other_say_nothing_twice(index: Index) -> None:
    steps = [
        chunk(f"step{n}", f"{n}. " + f"Turn valve number {n} slowly. " * 8, 100 + 50 * n, page=3) for n in range(6)
    ]
    pages = (Page(1, 612, 792, 0), Page(2, 612, 792, 0), Page(3, 612, 792, 0))
    index.catalogue.add(Document(DOC, "manual.pdf", "Manual", pages, (), tuple(steps)))
    found = gathered(index, steps[2], steps[5], steps[0])
    said = "\n\n".join(e.text for e in found)
    assert [said.count(step.text) for step in steps] == [1] * 6
    for piece in found:
        assert [c.text for c in sorted((piece.chunk, *piece.beside), key=lambda c: c.bbox.y0)] == piece.text.split(
            "\n\n"
        )


def test_a_procedure_goes_on_over_the_page_but_takes_no_other_hit_of_there(index: Index) -> None:
    first = chunk("end", "3. Close the lid.", 700, page=1, heading="Cleaning")
    more = [chunk(f"m{n}", f"{n}. Wait {n} minutes.", 60 + 40 * n, page=2, heading="Cleaning") for n in (4, 5)]
    pages = (Page(1, 612, 792, 0), Page(2, 612, 792, 0))
    index.catalogue.add(Document(DOC, "manual.pdf", "Manual", pages, (), (first, *more)))
    (evidence,) = gathered(index, first)
    assert evidence.text == "3. Close the lid.\n\n4. Wait 4 minutes.\n\n5. Wait 5 minutes."
    assert [region.page for c in evidence.beside for region in c.regions] == [2, 2]
    assert [e.text for e in gathered(index, first, more[1])] == [
        "3. Close the lid.\n\n4. Wait 4 minutes.",
        "5. Wait 5 minutes.",
    ]


def test_a_list_brings_the_table_that_it_introduces(index: Index) -> None:
    intro = chunk("intro", "The lamps mean:", 100, heading="Lamps")
    table = chunk("lamps", "| red | stop |\n|---|---|\n| green | go |", 150, "table", heading="Lamps")
    index.catalogue.add(Document(DOC, "manual.pdf", "Manual", (Page(1, 612, 792, 0),), (), (intro, table)))
    (evidence,) = gathered(index, intro)
    assert "| green | go |" in evidence.text and [c.id for c in evidence.beside] == ["lamps"]
    assert [e.chunk.id for e in gathered(index, intro, table)] == ["intro", "lamps"]  # found itself: a piece of its own


def test_a_part_within_a_figure_gives_the_closer_box_to_what_is_quoted_from_it(index: Index) -> None:
    whole = chunk("whole", "start stop menu back", 400, "figure", caption="Figure 2: The panel")
    part = replace(whole, id="part", text="menu back", caption="", regions=(Region(1, BBox(60, 410, 120, 430)),))
    (evidence,) = gathered(index, whole, part)
    assert evidence.chunk.id == "whole" and [c.id for c in evidence.beside] == ["part"]
    (cited,) = cite("The buttons are menu and back [1].", (replace(evidence, text="menu back"),))
    assert pinpointed(index, replace(cited, quote="menu back"), evidence).bbox == BBox(60, 410, 120, 430)
    assert pinpointed(index, replace(cited, quote="start stop menu back"), evidence).bbox == whole.bbox


def test_a_passage_of_a_page_that_is_shown_whole_is_no_second_piece(index: Index) -> None:
    found = gathered(index, WHOLE, SHORT[3], FIGURE)
    assert [e.chunk.id for e in found] == ["page", "figure"]
    assert SHORT[3].id in [c.id for c in found[0].beside]


def test_what_is_asked_for_stays_of_a_piece_that_is_too_long(index: Index) -> None:
    found = gather(index, [Hit(TABLE, 1.0)], replace(index.settings, llm_tokens=1000), "what is E1742?")
    assert found[0].text.startswith("Table 1: Codes\n| Code | Cause |\n|---|---|\n| E0 |")
    assert "| E1742 | cause number 1742 |" in found[0].text
    assert tokens(found[0].text) <= 400


def test_the_first_pieces_are_whole_and_later_ones_are_shortened(index: Index) -> None:
    texts = [f"Pump {name} runs. " + f"It moves the water of basin {name}. " * 40 for name in "abcde"]
    chunks = [chunk(f"l{i}", text, 100 + 100 * i, page=2) for i, text in enumerate(texts)]
    found = gathered(index, *chunks, tokens=1200)
    assert [len(e.text) < len(e.chunk.text) for e in found] == [False, False, True, True, True]
    assert sum(tokens(e.text) for e in found) <= 1200


@pytest.mark.parametrize("kind", ["figure", "table"])
def test_what_is_named_on_another_page_stays_what_is_cited(index: Index, kind: ChunkKind) -> None:
    """A figure found by the sentence that names it is cited itself, its sentence highlighted; on its own page the
    sentence stands for it."""
    named = replace(chunk("far", "", 300, kind, page=2, caption="Figure 9: Panel"), mentions="Call the service.")
    (evidence,) = gathered(index, named)
    (cited,) = cite("Call the service [1].", (evidence,))
    placed = pinpointed(index, cited, evidence)
    assert (placed.page, placed.bbox, placed.kind) == (2, named.bbox, kind)
    assert [(region.page, region.bbox) for region in placed.highlights] == [(1, BBox(50, 305, 150, 317))]
    beside = replace(named, regions=(Region(1, BBox(50, 400, 300, 440)),))
    (evidence,) = gathered(index, beside)
    placed = pinpointed(index, cite("Call the service [1].", (evidence,))[0], evidence)
    assert (placed.page, placed.bbox, placed.kind) == (1, BBox(50, 305, 150, 317), "text")


def test_beside_the_figure_that_was_found_first_stand_the_passages_of_its_page(index: Index) -> None:
    pieces = gathered(index, FIGURE, replace(LONG, regions=(Region(2, LONG.bbox),), id=LONG.id))
    assert pieces[0].chunk.id == FIGURE.id
    assert any("Open the flap." in piece.text for piece in pieces[1:])
    assert [piece.chunk.id for piece in gathered(index, FIGURE)] == [FIGURE.id], "only figures were asked for"
    others = [chunk(f"other-{i}", f"Spare part {i} is sold in packs.", 100, page=2) for i in range(9)]
    late = gathered(index, FIGURE, *others, SHORT[3])
    assert "Open the flap." in late[1].text, "a passage of the page that was found late does not stand for all of them"


def test_beside_photos_that_say_nothing_stand_the_passages_of_their_pages(index: Index) -> None:
    photo = replace(FIGURE, id="photo", text="R.50", caption="", mentions="")
    assert any("Open the flap." in piece.text for piece in gathered(index, photo)[1:])
    only = gather(index, [Hit(photo, 1.0)], index.settings, kinds={"figure"})
    assert [piece.chunk.id for piece in only] == ["photo"], "only figures were asked for"


def test_a_table_found_on_its_second_page_is_not_shown_by_its_picture_of_the_first() -> None:
    box = BBox(50, 100, 300, 140)
    table = Chunk("t", DOC, "table", "| a |", (Region(2, box), Region(1, box)), image="crops/first.webp")
    assert not shows_its_page(table)
    assert shows_its_page(replace(table, regions=table.regions[::-1]))
