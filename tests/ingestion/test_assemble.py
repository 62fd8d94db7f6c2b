"""What repeats on the pages of a document, on literals: it is read once, where nothing else says it."""

from dataclasses import replace
from pathlib import Path

import pytest

from ingestion.assemble import assemble
from ingestion.blocks import Block
from ingestion.elements import BBox, Cell, Document, ElementKind, Page
from ingestion.page_content import PageContent, Piece
from ingestion.tables.markdown import cells_to_markdown


def block(kind: ElementKind, text: str, y: float, furniture: bool = False) -> Block:
    return Block(kind, BBox(60, y, 400, y + 10), text, 10, furniture=furniture)


def of(*pages: tuple[Piece | Block, ...]) -> Document:
    contents = [
        PageContent(Page(n, 600, 800, 0), tuple(x if isinstance(x, Piece) else Piece(x) for x in held))
        for n, held in enumerate(pages, 1)
    ]
    return assemble(Path(__file__), contents)


def texts(document: Document) -> list[tuple[int, str]]:
    return [(e.region.page, e.text) for e in document.elements]


def test_what_only_running_lines_say_is_read_on_their_first_pages() -> None:
    document = of(
        *(
            (
                block("text", f"Document 800-SM \N{MIDDLE DOT} Edition 3 \N{MIDDLE DOT} {n} of 4", 20, furniture=True),
                block("heading", f"Part {n * n}", 60),
                block("text", f"Body {n}", 300),
                block("text", "Harbour Works" if n % 2 else f"Pumps | {n}", 770, furniture=True),
                block("text", str(n), 785, furniture=True),
            )
            for n in range(1, 5)
        )
    )
    running = [(e.region.page, e.text, e.heading) for e in document.elements if e.region.bbox.y0 in (20, 770, 785)]
    edition = "Document 800-SM \N{MIDDLE DOT} Edition 3 \N{MIDDLE DOT} 1 of 4"
    assert running == [(1, edition, ""), (1, "Harbour Works", ""), (2, "Pumps | 2", "")]
    assert {(c.page, c.text) for c in document.chunks if c.kind == "text"} >= {(1, edition), (1, "Harbour Works")}


def test_running_lines_that_a_heading_or_a_text_says_are_left_out() -> None:
    body = block("text", "This manual of the Harbour Works tells how pumps are kept.", 300)
    document = of(
        *(
            (
                block("heading", "2 Pumps", 60),
                body,
                block("text", f"2 Pumps | {n}", 20, furniture=True),
                block("text", "HARBOUR WORKS", 770, furniture=True),
            )
            for n in range(1, 4)
        )
    )
    assert {text for _, text in texts(document)} == {"2 Pumps", body.text}


def test_a_lone_footer_heads_nothing_and_a_lone_header_does() -> None:
    large = [replace(block("text", "4.2 Pumps", y, furniture=True), font_size=14) for y in (20, 770)]
    body = block("text", "This pump is filled before it is switched on, and again after a week.", 300)
    (heading,) = [e for e in of((body, large[0])).elements if e.text == "4.2 Pumps"]
    (foot,) = [e for e in of((body, large[1])).elements if e.text == "4.2 Pumps"]
    assert (heading.kind, foot.kind, foot.order) == ("heading", "text", 1)


def test_a_running_line_stands_between_no_table_and_its_continuation() -> None:
    def table(page: int, y: float) -> Block:
        rows = [("Code", "Meaning")] * (page == 1) + [(f"E{page}{i}", f"Fault {page}{i}") for i in range(3)]
        cells = tuple(
            Cell(r, c, text, bbox=BBox(60 + 100 * c, y + 14 * r, 160 + 100 * c, y + 14 * r + 14))
            for r, row in enumerate(rows)
            for c, text in enumerate(row)
        )
        return Block("table", BBox(60, y, 260, y + 60), cells_to_markdown(cells), cells=cells)

    foot = block("text", "Edition of March", 770, furniture=True)
    document = of((table(1, 600), foot), (table(2, 60), foot))
    assert [e.continues for e in document.elements if e.kind == "table"] == [None, 0]
    assert [e.order for e in document.elements if e.region.page == 1] == [0, 1]


def test_a_heading_is_kept_as_a_passage_where_what_follows_is_not_below_it() -> None:
    lone = block("heading", "4 Spare parts", 700)
    pages = [
        (block("text", f"Body {n}", 300), *([lone] if n == 1 else []), block("text", "Ed. 3", 770, True))
        for n in (1, 2)
    ]
    document = of(*pages)
    assert "4 Spare parts" in [c.text for c in document.chunks if c.kind == "text"]


@pytest.mark.parametrize("word", ["WARNING:", "Achtung!", "警告", "⚠ Внимание"])
def test_a_signal_word_heads_its_warning_and_no_more_of_the_section(word: str) -> None:
    document = of(
        (
            block("heading", "4 Care and cleaning", 60),
            block("text", "Take the battery out first.", 80),
            block("heading", word, 100),
            block("text", "Keep the battery away from water.", 120),
            block("text", "Clean the frame with mild soap.", 140),
        ),
        (block("text", "Oil the chain when it is dry.", 60),),
    )
    below = {e.text: e.heading for e in document.elements if e.kind == "text"}
    assert below["Keep the battery away from water."].endswith(word)
    assert below["Clean the frame with mild soap."] == "4 Care and cleaning"
    assert below["Oil the chain when it is dry."] == "4 Care and cleaning"


def test_a_signal_word_heads_all_of_a_list_and_a_chapter_of_warnings_stays_one() -> None:
    document = of(
        (
            block("heading", "CAUTION", 60),
            block("list", "• Hot surface", 80),
            block("list", "• Sharp edges", 90),
            block("heading", "WARNINGS", 120),
            block("text", "Never open the lid.", 140),
            block("text", "Never use solvents.", 160),
        )
    )
    below = {e.text: e.heading for e in document.elements}
    assert below["• Sharp edges"] == "CAUTION"
    assert below["Never use solvents."] == "WARNINGS"


def test_a_small_picture_that_repeats_is_kept_once_for_its_words() -> None:
    def logo(words: str) -> Piece:
        return Piece(Block("figure", BBox(400, 20, 480, 60), words), "crops/logo.jpg", 7, words)

    body = block("text", "Call Falk GmbH about it.", 300)
    document = of(*((logo("Hotline 0800 5512"), body) for _ in range(3)))
    assert [(e.region.page, e.text) for e in document.elements if e.kind == "figure"] == [(1, "Hotline 0800 5512")]
    assert not [e for e in of(*((logo("Falk GmbH"), body) for _ in range(3))).elements if e.kind == "figure"]
    assert not [e for e in of(*((logo(""), body) for _ in range(3))).elements if e.kind == "figure"]


def test_a_numbered_caption_is_no_title() -> None:
    caption = block("text", "Figure 2: Flow of the water to the nozzle", 60)
    assert of((caption, replace(block("text", "Pump for the garden", 300), font_size=9))).title == "Pump for the garden"
    assert of((caption,)).title == Path(__file__).stem
