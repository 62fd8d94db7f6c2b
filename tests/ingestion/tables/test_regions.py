"""What a table region holds, on literals and on small real PDFs."""

import io
from pathlib import Path

import pymupdf
from PIL import Image, ImageDraw, ImageFont
from table_drawing import drawn, tables_in

from ingestion.blocks import Block, LayoutBox, Line
from ingestion.elements import BBox, Cell, Element
from ingestion.ocr.models import OcrMode
from ingestion.parse import ParseOptions, parse_pdf
from ingestion.tables.cells import compact
from ingestion.tables.headers import mark_header
from ingestion.tables.markdown import from_markdown
from ingestion.tables.regions import (
    grow_to_rules,
    headed_cells,
    looks_like_facts,
    reconsider_table,
    ruled_cells,
    table_blocks,
)


def test_a_table_grows_to_its_rules_but_not_to_other_drawings() -> None:
    words = BBox(59, 521, 472, 629)
    header, last_rule = BBox(54, 515, 541, 533), BBox(54, 634, 541, 634.5)
    elsewhere, frame, tick = BBox(54, 700, 541, 720), BBox(0, 0, 595, 842), BBox(60, 540, 66, 546)
    assert grow_to_rules(words, [header, last_rule, elsewhere, frame, tick]) == BBox(54, 515, 541, 634.5)
    assert grow_to_rules(words, []) == words


def test_a_table_grows_to_the_frame_its_rules_form_but_not_to_a_larger_one() -> None:
    words = BBox(94, 400, 488, 670)
    grid = [BBox(x, y, x + 80, y + 0.5) for x in range(90, 490, 80) for y in range(396, 690, 40)]
    sides = [BBox(x, 396, x + 0.5, 676) for x in (90, 170, 250, 330, 410, 505)]
    assert grow_to_rules(words, [*grid, *sides, BBox(90, 676, 505, 676.5)]) == BBox(90, 396, 505.5, 676.5)
    frame = [BBox(20, 20, 580, 20.5), BBox(20, 780, 580, 780.5), BBox(20, 20, 20.5, 780), BBox(90, 20, 90.5, 780)]
    assert grow_to_rules(words, frame) == words


def test_rules_are_sought_a_line_away_and_no_further() -> None:
    words, rules = BBox(93, 422, 492, 715), [BBox(87, y, 525, y + 0.5) for y in (264, 388, 419, 716)]
    lines = [Line("Name", BBox(93, 422, 140, 432)), Line("Words in a tall row", BBox(93, 700, 200, 710))]
    assert grow_to_rules(words, rules, lines) == BBox(87, 419, 525, 716.5)
    large = [Line("Name", BBox(93, 422, 300, 452))]
    assert grow_to_rules(words, rules, large) == BBox(87, 388, 525, 716.5)


def framed(words: str, columns: int = 1) -> LayoutBox:
    """A region of one row."""
    lines = tuple(Line(w, BBox(60 + 40 * i, 62, 90 + 40 * i, 72)) for i, w in enumerate(words.split()))
    held = BBox(50, 50, 500, 300)
    cells = tuple(Cell(0, c, words if c == 0 else "x", bbox=held) for c in range(columns))
    return LayoutBox("table", held, lines, cells=cells)


def test_a_framed_text_is_no_table_and_a_framed_drawing_a_figure() -> None:
    note = framed("Unplug the machine before you open it")
    assert [(b.kind, b.text) for b in table_blocks(note, [], [])] == [("text", "Unplug the machine before you open it")]
    curves = [BBox(80, 90, 300, 280), BBox(80, 100, 320, 270)]
    assert [b.kind for b in table_blocks(note, curves, [])] == ["figure"]
    rules = [BBox(50, 50, 500, 50.5), BBox(50, 50, 500, 300)]
    assert [b.kind for b in table_blocks(note, rules, [])] == ["text"]


COLUMNS = (60, 180, 300, 400)
ELECTRICAL = [
    ["Symbol", "Condition", "Typ.", "Max."],
    ["VDD", "always", "5.0", "5.5"],
    ["IM", "measuring", "0.95", "1.3"],
]
SENSING = [["Symbol", "Condition", "Typ.", "Max."], ["RH", "25 degrees", "2.0", "3.0"], ["T", "in air", "0.3", "0.5"]]


def draw(page: pymupdf.Page, rows: list[list[str]], top: float, columns: tuple[int, ...] = COLUMNS) -> float:
    """A table without rules; returns where it ends."""
    for i, row in enumerate(rows):
        for x, text in zip(columns, row, strict=True):
            page.insert_text((x, top + 16 * i), text, fontsize=10, fontname="hebo" if i == 0 else "helv")
    return top + 16 * len(rows)


def parsed(doc: pymupdf.Document, folder: Path, ocr: OcrMode = "off") -> list[Element]:
    path = folder / "tables.pdf"
    doc.save(path)
    doc.close()
    return list(parse_pdf(path, folder / "out", ParseOptions(ocr=ocr)).elements)


def test_two_tables_with_a_caption_between_them_are_two(tmp_path: Path) -> None:
    doc = pymupdf.open()
    page = doc.new_page()
    page.insert_text((60, 80), "Table 1: Electrical characteristics", fontsize=10)
    end = draw(page, [*ELECTRICAL, *ELECTRICAL[1:], *ELECTRICAL[1:]], 104)
    page.insert_text((60, end + 24), "Sensing", fontsize=15, fontname="hebo")
    page.insert_text((60, end + 46), "Table 2: Characteristics of sensing", fontsize=10)
    draw(page, [*SENSING, *SENSING[1:], *SENSING[1:]], end + 70)
    elements = parsed(doc, tmp_path)
    tables = [e for e in elements if e.kind == "table"]
    assert [t.caption for t in tables] == [
        "Table 1: Electrical characteristics",
        "Table 2: Characteristics of sensing",
    ]
    assert "RH" not in tables[0].text and "VDD" not in tables[1].text
    assert tables[0].region.bbox.y1 < end + 12 < tables[1].region.bbox.y0
    assert [e.text for e in elements if e.kind == "heading"] == ["Sensing"]


def test_a_picture_of_a_table_is_read_to_cells(tmp_path: Path) -> None:
    picture = Image.new("RGB", (1100, 420), "white")
    pen, font = ImageDraw.Draw(picture), ImageFont.load_default(34)
    rows = [
        ["Code", "Meaning", "Price"],
        ["E1", "No water", "12.50"],
        ["E2", "Lid open", "9.80"],
        ["E3", "Too hot", "41.00"],
    ]
    for r, row in enumerate(rows):
        for x, text in zip((30, 380, 800), row, strict=True):
            pen.text((x, 30 + 95 * r), text, fill="black", font=font)
        pen.line((10, 100 + 95 * r, 1090, 100 + 95 * r), fill="black", width=3)
    stream = io.BytesIO()
    picture.save(stream, "PNG")
    doc = pymupdf.open()
    page = doc.new_page()
    prose = "The machine shows a code when it stops. Look it up below and call the service with it. " * 4
    page.insert_textbox(pymupdf.Rect(60, 60, 535, 160), prose, fontsize=11)
    page.insert_text((60, 200), "Table 7: Codes and the price of their repair", fontsize=10)
    page.insert_image(pymupdf.Rect(60, 212, 535, 212 + 475 * 420 / 1100), stream=stream.getvalue())
    table = next(e for e in parsed(doc, tmp_path, "auto") if e.kind == "table")
    assert from_markdown(table.text) == rows
    assert table.caption == "Table 7: Codes and the price of their repair"
    price = next(c for c in table.cells if c.text == "41.00")
    assert price.bbox is not None and abs(price.bbox.x0 - (60 + 800 * 475 / 1100)) < 8 and price.bbox.y0 > 330


def test_labels_that_end_in_colons_are_facts_and_not_a_table() -> None:
    assert looks_like_facts([["Date:", "5 May 2018"], ["For:", "the press"], ["Contact:", "A. Muster"]])
    assert not looks_like_facts([["Name", "Price"], ["Tea:", "3"], ["Milk:", "2"], ["Water", "1"]])
    assert not looks_like_facts([["Date:", "5 May 2018", "12 h"], ["For:", "the press", "all"]])


def test_an_empty_form_is_no_table() -> None:
    names = ("Date", "Work done", "Signature")
    cells = tuple(
        Cell(
            r,
            c,
            name if r == 0 else "",
            header=r == 0,
            bbox=BBox(60 + 150 * c, 60 + 20 * r, 210 + 150 * c, 80 + 20 * r),
        )
        for r in range(6)
        for c, name in enumerate(names)
    )
    words = tuple(Line(name, BBox(64 + 150 * c, 64, 120 + 150 * c, 74)) for c, name in enumerate(names))
    form = LayoutBox("table", BBox(60, 60, 510, 180), words, cells=compact(cells))
    assert [(b.kind, b.text) for b in table_blocks(form, [], [])] == [("text", "Date Work done Signature")]


def test_a_title_in_the_first_rows_is_the_caption(tmp_path: Path) -> None:
    doc = pymupdf.open()
    page = doc.new_page()
    edges, rows = (
        (60, 300, 420, 535),
        [["Perceived benefit", "Districts", "Schools"], ["A whole picture", "69%", "65%"]],
    )
    rows += [["Confusion among staff", "46%", "37%"], ["Less support", "23%", "24%"], ["More focus", "56%", "52%"]]
    page.draw_rect(pymupdf.Rect(60, 100, 535, 150 + 20 * len(rows)), width=0.8)
    page.insert_text((270, 116), "Exhibit 20", fontsize=10, fontname="hebo")
    page.insert_text((190, 134), "Benefits and drawbacks of the initiative", fontsize=10, fontname="hebo")
    for r, row in enumerate(rows):
        page.draw_line((60, 150 + 20 * r), (535, 150 + 20 * r), width=0.8)
        for x, text in zip(edges, row, strict=False):
            page.insert_text((x + 4, 164 + 20 * r), text, fontsize=9)
    for x in edges[1:3]:
        page.draw_line((x, 150), (x, 150 + 20 * len(rows)), width=0.8)
    table = next(e for e in parsed(doc, tmp_path) if e.kind == "table")
    assert table.caption.startswith("Exhibit 20")
    assert "Benefits and drawbacks" in table.caption
    assert from_markdown(table.text) == rows


def test_a_header_said_again_within_a_table_is_left_out() -> None:
    rows = [["Code", "Meaning"], ["F1", "Dry run"], ["F2", "Too hot"], ["Code", "Meaning"], ["F3", "Strainer clogged"]]
    (table,) = tables_in(drawn(rows))
    assert from_markdown(table.text) == [*rows[:3], rows[4]]


def test_captioned_tables_beside_each_other_are_two(tmp_path: Path) -> None:
    """Also where one begins lower and their rows interleave."""
    first = [
        ["Mode", "Power", "Flow"],
        ["low", "4 W", "8 l/min"],
        ["high", "11 W", "19 l/min"],
        ["max", "14 W", "21 l/min"],
    ]
    second = [first[0], ["low", "6 W", "9 l/min"], ["high", "17 W", "28 l/min"], ["max", "23 W", "33 l/min"]]
    for shift in (0, 9):
        doc = pymupdf.open()
        page = doc.new_page()
        for x, y, name, rows in ((60, 100, "Table 1: Pump A", first), (320, 100 + shift, "Table 2: Pump B", second)):
            page.insert_text((x, y), name, fontsize=10)
            draw(page, rows, y + 20, (x, x + 60, x + 120))
            for edge in (6, 24, 72):
                page.draw_line((x - 4, y + edge), (x + 180, y + edge))
        tables = [e for e in parsed(doc, tmp_path) if e.kind == "table"]
        assert [(t.caption, from_markdown(t.text)) for t in tables] == [
            ("Table 1: Pump A", first),
            ("Table 2: Pump B", second),
        ]


def test_questions_in_boxes_that_lines_join_are_a_figure() -> None:
    places = [(50 + 200 * c, 100 + 80 * r) for r in range(3) for c in range(2)]
    said = ["Is the gas on?", "Open the tap.", "Is there a spark?", "Set the gap.", "Is there a flame?", "Clean it."]
    boxes = [BBox(x, y, x + 120, y + 30) for x, y in places]
    words = [Line(text, BBox(x + 5, y + 10, x + 110, y + 20)) for text, (x, y) in zip(said, places, strict=True)]
    answers = [Line("No", BBox(200, 100 + 80 * r, 212, 110 + 80 * r)) for r in range(3)]
    cells = tuple(Cell(r, 0, said[2 * r], bbox=boxes[2 * r]) for r in range(3))
    region = LayoutBox("table", BBox(50, 100, 370, 290), (*words, *answers), cells=cells)
    links = BBox(100, 110, 260, 280)
    (chart,) = table_blocks(region, [*boxes, links], [*words, *answers])
    assert chart.kind == "figure" and all(text in chart.text for text in (*said, "No"))
    (other,) = table_blocks(region, [boxes[0], links], [*words, *answers])
    assert other.kind != "figure"


def test_a_list_of_parts_between_rules_is_a_table_wherever_layout_saw_a_picture() -> None:
    rows = [("No.", "Part", "Name"), ("1", "K-88", "Choke"), ("2", "K-91", "Body"), ("3", "K-92", "Screw")]
    lines = [
        Line(text, BBox(x, 100 + 40 * r, x + 6 * len(text), 112 + 40 * r))
        for r, row in enumerate(rows)
        for x, text in zip((50, 75, 105), row, strict=True)
    ]
    rules = [BBox(48, 120 + 40 * r, 140, 120.5 + 40 * r) for r in range(4)]
    box = BBox(46, 96, 142, 240)
    assert [c.text for c in ruled_cells(box, lines, rules)] == [text for row in rows for text in row]
    assert ruled_cells(box, lines, [*rules, BBox(60, 130, 90, 160)]) == ()  # something is drawn
    assert ruled_cells(box, lines, rules[:1]) == ()


def test_a_lone_row_between_rules_at_the_top_of_a_page_is_a_table() -> None:
    words = tuple(Line(text, BBox(x, 80, x + 40, 92)) for x, text in ((64, "41"), (124, "Relay"), (264, "24 V")))
    cells = tuple(Cell(0, i, word.text, header=True, bbox=word.bbox) for i, word in enumerate(words))
    row = LayoutBox("table", BBox(58, 78, 340, 96), words, cells=cells)
    rules = [BBox(x, 77, x + 0.5, 97) for x in (58, 118, 258, 340)]
    (block,) = table_blocks(row, rules, words)
    assert block.kind == "table" and block.text.startswith("| 41 | Relay | 24 V |")
    above = [Line("Text", BBox(58, y, 200, y + 8)) for y in (10, 20, 30, 40)]
    assert table_blocks(row, rules, [*above, *words])[0].kind != "table"
    assert table_blocks(row, rules[:2], words)[0].kind != "table"


def test_a_figure_with_the_caption_of_a_table_is_what_its_lines_form() -> None:
    rows = [("h", "mg", "%"), ("25", "1.20", "3.1"), ("50", "2.41", "6.0")]
    places = [(text, 60 + 60 * k, 60 + 14 * i) for i, row in enumerate(rows) for k, text in enumerate(row)]
    lines = [Line(text, BBox(x, y, x + 6 * len(text), y + 10)) for text, x, y in places]
    lines.append(Line("Table 1: Loss", BBox(60, 44, 160, 54)))
    figure = Block("figure", BBox(50, 40, 300, 110), "h mg %", caption="Table 1: Loss")
    assert reconsider_table(figure, lines, []).text.splitlines()[-1] == "| 50 | 2.41 | 6.0 |"
    drawing = Block("figure", BBox(50, 40, 300, 110), "h mg %", caption="Figure 1: Loss")
    assert reconsider_table(drawing, lines, []) == drawing


def test_a_row_of_quantities_set_like_those_below_it_is_no_header() -> None:
    rows = [("Part", "Amount"), ("Oil", "4 l"), ("Filter", "1")]
    cells, lines = [], []
    for i, row in enumerate(rows):
        for k, text in enumerate(row):
            box = BBox(60 + 60 * k, 60 + 14 * i, 100 + 60 * k, 70 + 14 * i)
            cells.append(Cell(i, k, text, header=i < 2, bbox=box))
            lines.append(Line(text, box, font="Bold" if i == 0 else "Plain"))
    assert [cell.header for cell in mark_header(cells, lines, [])] == [True, True, False, False, False, False]
    bold = [Line(x.text, x.bbox, font="Bold") for x in lines[:4]] + lines[4:]
    assert [cell.header for cell in mark_header(cells, bold, [])][:4] == [True] * 4


def test_short_entries_below_a_ruled_row_are_a_table_and_prose_in_columns_is_none() -> None:
    rows = ["A B Y", "0 1 1", "1 1 0"]
    lines = [
        Line(text, BBox(60 + 30 * k, 60 + 14 * i, 66 + 30 * k, 70 + 14 * i))
        for i, row in enumerate(rows)
        for k, text in enumerate(row.split())
    ]
    box, rules = BBox(60, 60, 126, 98), [BBox(60, 72, 90, 72.4), BBox(90, 72, 130, 72.4)]
    assert [cell.text for cell in headed_cells(box, lines, rules)] == " ".join(rows).split()
    assert not headed_cells(box, lines, rules[:1]) and not headed_cells(box, lines[:-1], rules)
    prose = [Line("a few words of it", line.bbox) for line in lines]
    assert not headed_cells(box, prose, rules)


def test_the_pins_of_a_chip_are_a_drawing_and_a_list_of_pins_is_none() -> None:
    chip = drawn([["1", "AD86", "6"], ["2", "", "5"], ["3", "", "4"]])
    assert [block.kind for block in table_blocks(chip.region, chip.paths, chip.lines)] == ["figure"]
    pins = drawn([["Pin", "Name", "Pin"], ["1", "V+", "6"], ["2", "IN", "5"], ["3", "GND", "4"]])
    assert [block.kind for block in table_blocks(pins.region, pins.paths, pins.lines)] == ["table"]
