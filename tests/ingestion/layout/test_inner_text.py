"""Joined text, lists and words inside figures, on literals."""

from ingestion.blocks import Block
from ingestion.elements import BBox
from ingestion.layout.inner_text import fold_inner_text

PAGE = BBox(0, 0, 600, 800)


def test_words_in_a_figure_leave_the_page() -> None:
    figure = Block("figure", BBox(100, 100, 400, 300))
    inner = Block("text", BBox(120, 120, 180, 140), "Valve A")
    outer = Block("text", BBox(100, 320, 400, 360), "Running text")
    blocks = fold_inner_text([figure, inner, outer], PAGE)
    assert [b.kind for b in blocks] == ["figure", "text"]


def test_a_text_in_a_table_stays_unless_the_table_says_it() -> None:
    table = Block("table", BBox(100, 100, 400, 300), "| Rope | 12 mm |\n| --- | --- |\n| Hook | 30 mm |")
    row = Block("text", BBox(120, 120, 300, 140), "Rope 12 mm")
    note = Block("text", BBox(120, 260, 300, 280), "The rope guide is bent.")
    second = Block("table", BBox(120, 200, 300, 250), "| Load | 2 t |")
    assert fold_inner_text([table, row, note, second], PAGE) == [table, note, second]


def test_a_page_wide_picture_takes_no_text_from_the_page() -> None:
    scene = Block("figure", PAGE)
    title = Block("heading", BBox(50, 50, 300, 90), "Quarterly results")
    assert fold_inner_text([scene, title], PAGE) == [scene, title]


def test_a_caption_inside_a_figure_stays_a_caption() -> None:
    figure = Block("figure", BBox(100, 100, 400, 300))
    caption = Block("text", BBox(120, 280, 380, 295), "Figure 2: Valve block")
    assert fold_inner_text([figure, caption], PAGE) == [figure, caption]
