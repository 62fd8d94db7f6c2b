"""Columns, what a heading heads, and where a late block belongs, on literals."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pymupdf

from ingestion.assemble import assemble
from ingestion.blocks import Block
from ingestion.elements import BBox, ElementKind, Page
from ingestion.layout.heading_scope import mark_heading_frames, may_head
from ingestion.layout.reading_order import order_columns
from ingestion.page_content import PageContent, Piece
from ingestion.parse import ParseOptions, parse_pdf

PAPER = BBox(0, 0, 600, 800)
PROSE = "Loosen the lock ring by one turn and wait until the spindle has come to a stop."


def text(name: str, x0: float, y0: float, x1: float, y1: float, kind: ElementKind = "text") -> Block:
    return Block(kind, BBox(x0, y0, x1, y1), f"{name} {PROSE}" if kind == "text" else name)


def names(blocks: Sequence[Block]) -> list[str]:
    return [block.text.split()[0] for block in blocks]


def test_two_columns_read_in_stripes_are_read_one_after_the_other() -> None:
    stripes = [
        text("Title", 50, 40, 550, 60, "heading"),
        text("L1", 50, 80, 280, 200),
        text("R1", 310, 80, 540, 140),
        text("R2", 310, 150, 540, 260),
        text("L2", 50, 220, 280, 400),
        text("R3", 310, 290, 540, 400),
    ]
    assert names(order_columns(stripes, PAPER)) == ["Title", "L1", "L2", "R1", "R2", "R3"]


def test_three_columns_are_read_from_the_left() -> None:
    stripes = [
        text(f"{column}{row}", x, 80 + 130 * row + 17 * place, x + 150, 190 + 130 * row + 17 * place)
        for row in range(3)
        for place, (column, x) in enumerate((("A", 40), ("B", 220), ("C", 400)))
    ]
    assert names(order_columns(stripes, PAPER)) == ["A0", "A1", "A2", "B0", "B1", "B2", "C0", "C1", "C2"]


def test_a_heading_and_a_table_over_both_columns_end_them() -> None:
    stripes = [
        text("L1", 50, 40, 280, 160),
        text("R1", 310, 40, 540, 90),
        text("L2", 50, 180, 280, 240),
        text("R2", 310, 100, 540, 240),
        text("Heading", 50, 260, 540, 280, "heading"),
        text("L3", 50, 300, 280, 350),
        text("R3", 310, 300, 540, 380),
        text("L4", 50, 370, 280, 460),
        text("Table", 50, 480, 540, 600, "table"),
        text("L5", 50, 620, 280, 700),
        text("R4", 310, 620, 540, 700),
    ]
    expected = ["L1", "L2", "R1", "R2", "Heading", "L3", "L4", "R3", "Table", "L5", "R4"]
    assert names(order_columns(stripes, PAPER)) == expected


def test_a_sidebar_is_read_apart() -> None:
    mixed = [
        text("Body1", 50, 60, 380, 200),
        text("Note1", 420, 80, 560, 150),
        text("Body2", 50, 215, 380, 330),
        text("Note2", 420, 170, 560, 260),
        text("Body3", 50, 345, 380, 500),
    ]
    assert names(order_columns(mixed, PAPER)) == ["Body1", "Body2", "Body3", "Note1", "Note2"]


def test_cards_in_rows_and_columns_in_order_stay() -> None:
    cards = [
        text(f"{side}{row}", x, 60 + 150 * row, x + 230, 160 + 150 * row)
        for row in range(4)
        for side, x in (("L", 50), ("R", 310))
    ]
    assert order_columns(cards, PAPER) == cards
    columns = [cards[i] for i in (0, 2, 4, 6, 1, 3, 5, 7)]
    assert order_columns(columns, PAPER) == columns


def test_cards_whose_headings_were_read_first_get_their_texts() -> None:
    cards = [
        text("Left", 50, 60, 150, 75, "heading"),
        text("Right", 310, 60, 410, 75, "heading"),
        text("L1", 50, 80, 280, 160),
        text("R1", 310, 80, 540, 160),
    ]
    assert names(order_columns(cards, PAPER)) == ["Left", "L1", "Right", "R1"]


def test_three_headings_in_a_row_get_what_stands_below_them() -> None:
    cards = [
        *(text(name, x, 60, x + 90, 75, "heading") for name, x in (("One", 50), ("Two", 230), ("Three", 410))),
        text("Table", 50, 80, 200, 120, "table"),
        text("B", 230, 80, 390, 120),
        text("C", 410, 80, 560, 120),
        text("All", 50, 140, 560, 180),
    ]
    assert names(order_columns(cards, PAPER)) == ["One", "Table", "Two", "B", "Three", "C", "All"]
    over = [*cards[:3], text("All", 50, 80, 560, 120)]
    assert order_columns(over, PAPER) == over


def test_the_last_column_of_a_text_may_be_short() -> None:
    stripes = [
        text("L1", 50, 60, 280, 120),
        text("Last", 310, 60, 380, 72, "heading"),
        text("R1", 310, 76, 540, 98),
        text("L2", 50, 130, 280, 400),
        text("L3", 50, 410, 280, 700),
    ]
    assert names(order_columns(stripes, PAPER)) == ["L1", "L2", "L3", "Last", "R1"]
    note = [stripes[0], *stripes[2:]]  # a note in the margin
    assert order_columns(note, PAPER) == note


def test_labels_and_cells_are_no_columns() -> None:
    labels = [
        Block("text", BBox(x, 60 + 90 * i, x + 200, 70 + 90 * i + i), "Oil level") for i in range(4) for x in (50, 310)
    ]
    assert order_columns(labels, PAPER) == labels


def test_a_heading_heads_nothing_in_the_column_before_it() -> None:
    heading = text("4.3", 310, 100, 420, 115, "heading")
    left, below = text("L", 50, 120, 280, 200), text("R", 310, 120, 540, 200)
    assert not may_head(heading, left, [heading, left, below])
    assert may_head(heading, below, [heading, left, below])
    table, next_band = text("T", 50, 300, 540, 400, "table"), text("N", 50, 420, 280, 500)
    assert may_head(heading, next_band, [heading, left, below, table, next_band])


def test_a_heading_in_a_box_heads_what_is_in_the_box() -> None:
    drawn = BBox(300, 90, 550, 210)
    tip, inner = text("Hint", 310, 100, 400, 115, "heading"), text("R", 310, 120, 540, 200)
    after = text("Q", 310, 230, 540, 300)
    title = text("Title", 50, 40, 550, 60, "heading")
    framed = mark_heading_frames([title, tip, inner, after], [drawn, PAPER], PAPER)
    assert [b.frame for b in framed] == [None, drawn, None, None]
    assert may_head(framed[1], inner, framed)
    assert not may_head(framed[1], after, framed)


def test_paths_return_to_the_column_and_out_of_the_box() -> None:
    tip = replace(text("Hint", 310, 100, 400, 115, "heading"), frame=BBox(300, 90, 550, 210))
    blocks = [
        text("4.1", 50, 60, 150, 75, "heading"),
        text("4.2", 310, 60, 410, 75, "heading"),
        tip,
        text("Boxed", 310, 120, 540, 200),
        text("Lower", 310, 230, 540, 300),
        text("Left", 50, 80, 280, 300),
    ]
    page = Page(1, 600, 800, 0)
    document = assemble(Path(__file__), [PageContent(page, tuple(map(Piece, blocks)))])
    under = {e.text.split()[0]: e.heading.split(" > ")[-1] for e in document.elements if e.kind == "text"}
    assert under == {"Boxed": "Hint", "Lower": "4.2", "Left": "4.1"}


def test_sections_in_two_columns_keep_their_own_texts(tmp_path: Path) -> None:
    doc = pymupdf.open()
    page = doc.new_page(width=595, height=842)
    page.insert_text((50, 55), "4 Nuts and their torques", fontsize=16, fontname="hebo")
    care = "Clean the thread and turn the nut by hand until it rests. "
    sections = [
        (50, 91, "4.1 Cap nuts", care * 3 + "The cap nut needs a torque of 9 Nm."),
        (310, 91, "4.3 Wing nuts", care * 2 + "The wing nut is turned by hand only."),
        (310, 171, "4.4 Crown nuts", care * 4 + "The crown nut needs a torque of 31 Nm."),
        (50, 211, "4.2 Twin nuts", care * 2 + "The twin nut needs a torque of 18 Nm."),
    ]
    for x, y, title, body in sections:
        page.insert_text((x, y), title, fontsize=11, fontname="hebo")
        page.insert_textbox(pymupdf.Rect(x, y + 5, x + 235, y + 120), body, fontsize=10)
    page.draw_rect(pymupdf.Rect(310, 310, 545, 400), fill=(0.92, 0.92, 0.8))
    page.insert_text((316, 327), "Good to know", fontsize=11, fontname="hebo")
    page.insert_textbox(pymupdf.Rect(316, 332, 540, 398), "Old nuts have a left-hand thread and a notch.", fontsize=10)
    page.insert_textbox(pymupdf.Rect(310, 410, 545, 500), "Used crown nuts are thrown away. " + care * 2, fontsize=10)
    page.insert_textbox(
        pymupdf.Rect(50, 310, 285, 420), "Both parts of the twin nut are alike. " + care * 3, fontsize=10
    )
    doc.save(tmp_path / "nuts.pdf")
    document = parse_pdf(tmp_path / "nuts.pdf", tmp_path / "out", ParseOptions(ocr="off"))
    under = {
        said: next(e.heading for e in document.elements if said in e.text)
        for said in ("9 Nm", "18 Nm", "by hand only", "31 Nm", "left-hand", "thrown away", "are alike")
    }
    assert [heading.split(" > ")[-1] for heading in under.values()] == [
        "4.1 Cap nuts",
        "4.2 Twin nuts",
        "4.3 Wing nuts",
        "4.4 Crown nuts",
        "Good to know",
        "4.4 Crown nuts",
        "4.2 Twin nuts",
    ]


def test_columns_in_a_frame_are_read_before_what_stands_below_it() -> None:
    frame = BBox(40, 90, 560, 300)
    boxed = [
        text("L1", 50, 100, 280, 180),
        text("R1", 310, 100, 540, 160),
        text("R2", 310, 170, 540, 290),
        text("L2", 50, 190, 280, 290),
    ]
    below = [
        text("Next", 50, 320, 200, 340, "heading"),
        text("Fill", 50, 350, 280, 400),
        text("Then", 50, 410, 280, 500),
    ]
    assert names(order_columns([*boxed, *below], PAPER, [frame])) == ["L1", "L2", "R1", "R2", "Next", "Fill", "Then"]


def test_two_pages_on_one_sheet_are_read_one_after_the_other() -> None:
    sheet = BBox(0, 0, 842, 595)
    pages = [
        text("L1", 40, 60, 400, 200),
        text("R1", 460, 60, 800, 200),
        text("L2", 40, 400, 400, 440),
        text("R2", 460, 400, 800, 440),
        text("- 12 -", 200, 560, 220, 572, "heading"),
        text("- 13 -", 620, 560, 640, 572, "heading"),
    ]
    ordered = [block.text for block in order_columns(pages, sheet)]
    assert [name.split()[0] for name in ordered if "-" not in name[:1]] == ["L1", "L2", "R1", "R2"]
    assert ordered[2] == "- 12 -" and ordered[-1] == "- 13 -"
    other = [*pages[:-1], text("- 14 -", 620, 560, 640, 572, "heading")]
    assert names(order_columns(other, sheet)) != names(order_columns(pages, sheet))


def test_a_box_over_both_columns_ends_those_above_it_though_its_text_is_short() -> None:
    boxed = [
        text("L1", 50, 80, 280, 200),
        text("Facts", 60, 235, 150, 250, "heading"),
        text("short", 60, 255, 200, 300),
        text("L2", 50, 340, 280, 400),
        text("R1", 315, 80, 545, 190),
        text("R2", 315, 340, 545, 420),
    ]
    bar = BBox(45, 225, 550, 310)
    assert names(order_columns(boxed, PAPER, [bar])) == ["L1", "R1", "Facts", "short", "L2", "R2"]
    beside = [*boxed, text("R3", 315, 240, 545, 300)]  # no bar: something stands beside its text
    found = names(order_columns(beside, PAPER, [bar]))
    assert found.index("L2") < found.index("R1")


def test_lists_under_headings_stand_in_columns() -> None:
    def points(name: str, x: float, y: float) -> Block:
        return Block("text", BBox(x, y, x + 150, y + 60), f"{name} wide range, two relays")

    stripes = [
        text("Features", 50, 60, 150, 80, "heading"),
        points("R1", 310, 50),
        points("L1", 50, 90),
        text("Ordering", 310, 140, 400, 160, "heading"),
        text("Uses", 50, 180, 150, 200, "heading"),
        points("R2", 310, 170),
        points("L2", 50, 210),
        text("Notes", 310, 250, 400, 270, "heading"),
        text("R3", 310, 280, 500, 400),
    ]
    assert names(order_columns(stripes, PAPER)) == [
        "Features",
        "L1",
        "Uses",
        "L2",
        "R1",
        "Ordering",
        "R2",
        "Notes",
        "R3",
    ]


def test_a_heading_at_the_foot_of_a_column_heads_the_short_last_one() -> None:
    blocks = [
        text("L1", 46, 86, 270, 300),
        text("R1", 301, 84, 529, 140),
        text("L2", 46, 310, 270, 490),
        text("Service", 46, 509, 96, 520, "heading"),
    ]
    assert names(order_columns(blocks, PAPER)) == ["L1", "L2", "Service", "R1"]
    long = [block if block.text[:2] != "R1" else text("R1", 301, 84, 529, 480) for block in blocks]
    assert names(order_columns(long, PAPER))[-1] == "Service", "as of what comes below both"
