"""Lines that nothing says, on literals; then whole pages of which no line may be lost."""

import io
import json
from collections.abc import Sequence
from pathlib import Path

import pymupdf
import pytest
from PIL import Image, ImageDraw

from ingestion.blocks import Line
from ingestion.elements import BBox, Document, lines_file
from ingestion.layout.lost_lines import BlockText, find_lost_lines, share_said
from ingestion.parse import ParseOptions, parse_pdf

AREA = BBox(50, 50, 400, 400)


def line(text: str, y: float = 100, x0: float = 60, x1: float = 300, slanted: bool = False) -> Line:
    return Line(text, BBox(x0, y, x1, y + 12), slanted=slanted)


def lost(lines: list[Line], *texts: str) -> list[str]:
    return [item.text for item in find_lost_lines(lines, [BlockText(AREA, text) for text in texts])]


def test_a_line_is_said_where_its_words_are_whatever_their_shape() -> None:
    assert lost([line("Unscrew the por-"), line("tafilter (2 turns)", 114)], "Unscrew the portafilter (2 turns)") == []
    assert lost([line("Torque 12 Nm 14 Nm")], "| Torque | 12 Nm | 14 Nm |\n| --- | --- | --- |") == []
    assert lost([line("Überdruck 0,5 bar")], "uberdruck 0,5 BAR") == []
    assert lost([line("1.2 Safety ........... 7")], "1.2 Safety … 7") == []
    assert lost([line("安全に使う")], "必ず安全に使うこと") == []


def test_a_line_without_its_words_is_lost_and_so_is_one_said_elsewhere() -> None:
    assert lost([line("Replace the guide")], "Clean the strainer") == ["Replace the guide"]
    assert lost([line("Clean the strainer", 600)], "Clean the strainer") == ["Clean the strainer"]


def test_a_block_that_lies_in_a_line_of_a_tall_font_says_it() -> None:
    tall = Line("CE 400", BBox(60, 40, 200, 74))
    heading, table = BlockText(BBox(60, 44, 150, 53), "CE 400"), BlockText(BBox(50, 44, 400, 400), "CE 451\nCE 467")
    assert find_lost_lines([tall, line("CE 451"), line("CE 467", 120)], [heading, table]) == []


def test_words_count_as_often_as_they_stand() -> None:
    rows = [line("Valve V3 open", 100), line("Valve V3 open", 120), line("Valve V3 open", 140)]
    assert lost(rows, "Valve V3 open\nValve V3 open") == ["Valve V3 open"]
    assert lost([rows[0], rows[0]], "Valve V3 open") == []  # printed twice: bold


def test_a_short_number_is_no_part_of_another() -> None:
    assert lost([line("15")], "2015 was 150") == ["15"]


def test_a_line_may_be_said_by_several_blocks() -> None:
    left, right = (
        BlockText(BBox(50, 90, 160, 200), "Filter class F7"),
        BlockText(BBox(170, 90, 320, 200), "every 90 days"),
    )
    assert find_lost_lines([line("Filter class F7 every 90 days")], [left, right]) == []


def test_a_heading_close_above_a_table_takes_none_of_its_words() -> None:
    table = BlockText(BBox(50, 110, 400, 200), "UNITS | NOMINAL | MAXIMUM")
    heading = Line("ABSOLUTE MAXIMUM RATINGS", BBox(50, 102, 180, 112))
    head = Line("NOMINAL MAXIMUM", BBox(250, 113, 325, 121))
    assert find_lost_lines([heading, head], [table]) == [heading]


def test_a_watermark_is_said_once() -> None:
    tiles = [line("for dealer 12 only", y, slanted=True) for y in (100, 200, 300)] + [
        line("for deal", 350, slanted=True)
    ]
    assert lost(tiles) == ["for dealer 12 only"]


def test_the_share_of_a_text_that_another_says() -> None:
    assert share_said("rope guide bent", "the rope guide is bent") == 1
    assert share_said("", "anything") == 1
    assert 0 < share_said("rope guide bent", "a rope") < 0.5


def parse(doc: pymupdf.Document, folder: Path) -> Document:
    doc.save(folder / "it.pdf")
    return parse_pdf(folder / "it.pdf", folder / "out", ParseOptions(ocr="off"))


def said(document: Document, page: int = 1) -> str:
    texts = (f"{e.text}\n{e.caption}" for e in document.elements if e.region.page == page)
    return " ".join("\n".join(texts).split())


def assert_whole(document: Document, folder: Path) -> None:
    """Every line of the document's pages is in an element at its place."""
    for page in document.pages:
        rows = json.loads((folder / "out" / lines_file(page.number)).read_text())
        lines = [Line(str(text), BBox(*box)) for text, *box in rows]
        elements = [e for e in document.elements if e.region.page == page.number]
        assert not find_lost_lines(lines, [BlockText(e.region.bbox, f"{e.text}\n{e.caption}") for e in elements])


def ruled(page: pymupdf.Page, x: float, y: float, rows: Sequence[tuple[str, ...]], width: float = 150) -> float:
    """Draw a table; the height where it ends."""
    for r in range(len(rows) + 1):
        page.draw_line((x, y + 24 * r), (x + width * len(rows[0]), y + 24 * r), width=0.6)
    for c in range(len(rows[0]) + 1):
        page.draw_line((x + width * c, y), (x + width * c, y + 24 * len(rows)), width=0.6)
    for r, row in enumerate(rows):
        for c, text in enumerate(row):
            page.insert_text((x + 5 + width * c, y + 16 + 24 * r), text, fontsize=10, fontname="helv" if r else "hebo")
    return y + 24 * len(rows)


READINGS = [
    ("Reading", "Should be", "Is"),
    ("Belt tension", "120 to 140 N", "131 N"),
    ("Roller play", "under 0.4 mm", "0.2 mm"),
    ("Motor current", "6.1 A", "5.8 A"),
    ("Oil level", "at the mark", "in order"),
]


def test_a_note_in_the_frame_of_a_table_is_kept(tmp_path: Path) -> None:
    doc = pymupdf.open()
    page = doc.new_page(width=595, height=842)
    page.insert_text((60, 60), "Conveyor 7, yearly check", fontsize=15, fontname="hebo")
    foot = ruled(page, 60, 90, READINGS)
    page.draw_rect(pymupdf.Rect(60, 90, 510, foot + 100), width=0.8)
    note = "Found: the left idler squeaks when cold. Grease it with compound KL-90 and look again in week 31."
    page.insert_textbox(pymupdf.Rect(66, foot + 20, 500, foot + 60), note, fontsize=10)
    page.insert_text((66, foot + 85), "Checked by A. Sample on 4 May, counter 5531", fontsize=10)
    document = parse(doc, tmp_path)
    assert note in said(document)
    assert "counter 5531" in said(document)
    table = next(e for e in document.elements if e.kind == "table")
    assert table.region.bbox.y1 < foot + 40
    assert_whole(document, tmp_path)


def test_text_on_a_page_wide_drawing_is_kept(tmp_path: Path) -> None:
    """A certificate: an ornament all over the page, a few lines on it."""
    doc = pymupdf.open()
    page = doc.new_page(width=842, height=595)
    image = Image.new("RGB", (842, 595), "white")
    pen = ImageDraw.Draw(image)
    for i in range(0, 120, 6):
        pen.rectangle((i, i, 841 - i, 594 - i), outline=(200 - i, 170, 120 + i), width=2)
    out = io.BytesIO()
    image.save(out, "PNG")
    page.insert_image(page.rect, stream=out.getvalue())
    texts = ["Certificate of training", "Maria Example", "has passed the course Lifting gear, level 2,"]
    texts.append("on 12 March with 47 of 50 points. Number LG-2231.")
    for i, text in enumerate(texts):
        page.insert_text((180, 200 + 50 * i), text, fontsize=22 if i < 2 else 14)
    document = parse(doc, tmp_path)
    paragraphs = " ".join(e.text for e in document.elements if e.kind in ("text", "heading", "title"))
    assert all(text in paragraphs for text in texts)


def test_body_text_under_a_slanted_watermark_is_kept_and_the_mark_is_not(tmp_path: Path) -> None:
    doc = pymupdf.open()
    for number in (1, 2):
        page = doc.new_page(width=595, height=842)
        for y in range(80, 840, 110):
            for x in range(40, 560, 180):
                at = pymupdf.Point(x, y)
                turn = at, pymupdf.Matrix(30)
                page.insert_text(at, "sample of Northern Pumps", fontsize=11, color=(0.85,) * 3, morph=turn)
        page.insert_text((60, 70), f"{number}. Cooling loop", fontsize=14, fontname="hebo")
        for i, text in enumerate(
            ("Fill the loop with 4.6 litres of", "glycol G48 and vent it twice at", "the screw S9.")
        ):
            page.insert_text((60, 100 + 15 * i), text, fontsize=11)
    document = parse(doc, tmp_path)
    for number in (1, 2):
        assert "4.6 litres of glycol G48 and vent it twice at the screw S9." in said(document, number)
        assert "Northern Pumps" not in said(document, number)


def test_a_title_that_stands_once_is_a_heading_where_layout_takes_it_for_a_header(tmp_path: Path) -> None:
    doc = pymupdf.open()
    chart = Image.new("RGB", (600, 320), "white")
    pen = ImageDraw.Draw(chart)
    for i, high in enumerate((90, 180, 140, 250, 210)):
        pen.rectangle((40 + i * 110, 310 - high, 110 + i * 110, 310), fill=(60 + 35 * i, 100, 170))
    out = io.BytesIO()
    chart.save(out, "PNG")
    titles = ["Yearly report of the water works", "Water lost by district", "Repairs planned for spring"]
    for i, title in enumerate(titles):
        page = doc.new_page(width=720, height=405)
        page.insert_text((40, 48), title, fontsize=27, fontname="hebo")
        if i == 0:
            page.insert_textbox(pymupdf.Rect(40, 100, 680, 200), "Less water was lost than in any year.", fontsize=18)
        if i == 1:
            page.insert_image(pymupdf.Rect(60, 80, 660, 390), stream=out.getvalue())
    document = parse(doc, tmp_path)
    for number, title in enumerate(titles, 1):
        assert any(e.text == title and e.kind in ("heading", "title") for e in document.elements), number
    figures = [e for e in document.elements if e.kind == "figure"]
    assert figures
    assert all(e.heading == titles[1] for e in figures)


@pytest.mark.parametrize("number", ["4", "Page 4 of 9"])
def test_a_page_number_that_no_other_page_bears_out_is_text(tmp_path: Path, number: str) -> None:
    doc = pymupdf.open()
    for page_number in (1, 2):
        page = doc.new_page(width=595, height=842)
        page.insert_textbox(pymupdf.Rect(60, 100, 535, 300), "Check the brake every day before work. " * 6, fontsize=11)
        if page_number == 2:
            page.insert_text((280, 815), number, fontsize=9)
    assert number in said(parse(doc, tmp_path), 2)


def test_an_appendix_named_in_the_margin_is_a_heading(tmp_path: Path) -> None:
    doc = pymupdf.open()
    page = doc.new_page(width=595, height=842)
    page.insert_textbox(
        pymupdf.Rect(60, 100, 535, 400), "Shut the valve by hand and hang up the tag. " * 12, fontsize=11
    )
    page = doc.new_page(width=595, height=842)
    page.insert_text((220, 40), "Appendix D: Spare parts", fontsize=12, fontname="hebo")
    ruled(page, 60, 200, [("No.", "Part"), ("1", "Rotor"), ("2", "Stator"), ("3", "Seal")])
    document = parse(doc, tmp_path)
    table = next(e for e in document.elements if e.kind == "table")
    assert table.heading.endswith("Appendix D: Spare parts")
