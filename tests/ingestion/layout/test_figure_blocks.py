"""The words of figures in order, on literals."""

from PIL import Image, ImageDraw

from ingestion.blocks import Block, Line, RawPage
from ingestion.elements import BBox
from ingestion.layout.figure_blocks import _as_filled, find_figures


def line(text: str, x: float, y: float) -> Line:
    return Line(text, BBox(x, y, x + 5 * len(text), y + 10))


def order(lines: list[Line]) -> str:
    return " ".join(x.text for x in _as_filled(lines))


def test_the_fields_of_a_form_are_read_with_their_labels() -> None:
    labels = [line(text, 80, 100 + 25 * i) for i, text in enumerate(("Serial number", "Installer", "Flushed"))]
    fields = [line("SN-407", 200, 100), line("Okafor", 200, 125), line("✔", 60, 150)]
    assert order([*labels, *fields]) == "Serial number SN-407 Installer Okafor ✔ Flushed"


def test_texts_in_boxes_beside_each_other_and_words_of_a_chart_keep_their_order() -> None:
    boxes = [line("Feed pump", 80, 100), line("12 bar", 80, 112), line("Boiler", 200, 100), line("80 kW", 200, 112)]
    assert order(boxes) == "Feed pump 12 bar Boiler 80 kW"
    chart = [line("10", 60, 100), line("5", 65, 130), line("0", 66, 160), line("Mon", 90, 175), line("Tue", 130, 175)]
    assert order(chart) == "10 5 0 Mon Tue"


def test_rules_of_a_scanned_table_make_no_figure_of_the_text_beside_it() -> None:
    image = Image.new("RGB", (500, 500), "white")
    pen = ImageDraw.Draw(image)
    rows = [("The filter is new", 60, y) for y in range(34, 113, 13)]
    rows += [(text, 65 + 100 * i, 130 + 20 * j) for j in range(4) for i, text in enumerate(("Filter", "1,000 h"))]
    for text, x, y in rows:
        pen.text((x, y), text, fill="black", font_size=11)
    for i in range(5):
        pen.line((60, 126 + 20 * i, 260, 126 + 20 * i), fill="black", width=1)
    for x in range(60, 261, 10):  # narrow columns: no row of pixels without ink
        pen.line((x, 126, x, 206), fill="black", width=1)
    lines = tuple(Line(text, BBox(*pen.textbbox((x, y), text, font_size=11)), hidden=True) for text, x, y in rows)
    page = RawPage(500, 500, (), lines, (), (), recognised=True)
    blocks = [
        *(Block("text", line.bbox, line.text) for line in lines[:7]),
        Block("table", BBox(60, 126, 260, 206), "| Filter |"),
    ]
    assert find_figures(blocks, page, image) == blocks
    image = image.copy()  # what was seen of a picture is kept
    pen = ImageDraw.Draw(image)
    pen.ellipse((300, 110, 420, 200), outline="black", width=3)
    pen.line((300, 110, 420, 200), fill="black", width=3)
    (drawing,) = [block for block in find_figures(blocks, page, image) if block.kind == "figure"]
    assert drawing.bbox.x0 > 260  # the drawing beside the table alone


def test_a_picture_of_two_tables_and_their_notes_is_none_but_one_with_a_drawing_is() -> None:
    image = Image.new("RGB", (500, 500), "white")
    page = RawPage(500, 500, (), (line("*1 With a fuse", 250, 250),), (), ())
    tables = [Block("table", BBox(50, 100, 450, 200), "| A |"), Block("table", BBox(50, 210, 240, 280), "| B |")]
    assert find_figures([*tables, Block("figure", BBox(48, 98, 452, 282))], page, image) == tables
    drawing = Block("figure", BBox(48, 98, 452, 430))  # as much again below the tables
    assert [b.kind for b in find_figures([*tables, drawing], page, image)].count("figure") == 1
