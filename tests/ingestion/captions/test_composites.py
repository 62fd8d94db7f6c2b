"""What belongs together: boxes with titles and notes, groups of figures, slides."""

from dataclasses import replace

from ingestion.blocks import Block
from ingestion.captions.composites import add_composites, grow_to_captions
from ingestion.elements import BBox

PAGE = BBox(0, 0, 612, 792)
SLIDE = BBox(0, 0, 720, 405)


def test_a_table_takes_its_caption_and_notes_and_keeps_its_body() -> None:
    caption = Block("caption", BBox(100, 80, 400, 95), "Table 3: Loads")
    source = Block("caption", BBox(100, 205, 300, 215), "Source: own survey")
    table = Block("table", BBox(100, 100, 400, 200), "| a |", caption=f"{caption.text}\n{source.text}")
    after = Block("text", BBox(100, 236, 400, 300), "The next paragraph")
    framed = grow_to_captions([caption, table, source, after])[1]
    assert framed.bbox == BBox(100, 80, 400, 215)
    assert framed.body == table.bbox


def test_a_caption_far_longer_than_its_figure_is_left_out() -> None:
    caption = Block("caption", BBox(100, 150, 400, 300), "Figure 1: " + "words " * 200)
    figure = Block("figure", BBox(100, 100, 400, 148), caption=caption.text)
    assert grow_to_captions([figure, caption])[0].bbox == figure.bbox


def test_figures_side_by_side_are_also_one_figure() -> None:
    left = Block("figure", BBox(100, 100, 250, 200), "A", caption="Figure 2")
    right = Block("figure", BBox(270, 100, 420, 200), "B")
    blocks = add_composites([left, right], PAGE)
    assert [b.kind for b in blocks] == ["figure"] * 3
    assert blocks[2].bbox == BBox(100, 100, 420, 200)
    assert (blocks[2].text, blocks[2].caption) == ("A\nB", "Figure 2")
    assert blocks[2].parts == (left.bbox, right.bbox)


def test_a_heading_between_keeps_figures_apart() -> None:
    upper = Block("figure", BBox(100, 100, 400, 200))
    heading = Block("heading", BBox(100, 205, 400, 225), "Second part")
    lower = Block("figure", BBox(100, 230, 400, 330))
    assert len(add_composites([upper, heading, lower], PAGE)) == 3


def test_the_body_of_a_slide_is_a_figure() -> None:
    title = Block("heading", BBox(40, 20, 400, 50), "Results")
    text = Block("text", BBox(40, 100, 300, 200), "Sales rose in all regions")
    chart = Block("figure", BBox(400, 100, 680, 350), "2019 2020")
    blocks = add_composites([title, text, chart], SLIDE)
    assert blocks[-1].kind == "figure" and blocks[-1].bbox == BBox(40, 100, 680, 350)
    assert add_composites([title, text], SLIDE) == [title, text]
    assert len(add_composites([title, text, chart], PAGE)) == 3


def test_furniture_is_no_part_of_a_slide() -> None:
    chart = Block("figure", BBox(100, 100, 680, 300))
    text = Block("text", BBox(40, 310, 300, 330), "Sales")
    footer = Block("text", BBox(40, 380, 680, 400), "ACME 2020", furniture=True)
    blocks = add_composites([chart, text, footer], SLIDE)
    assert BBox(40, 100, 680, 330) in [b.bbox for b in blocks]
    assert replace(footer, furniture=False).bbox not in [b.bbox for b in blocks if b.kind == "figure"]
