"""Framed and ruled regions under numbered captions, on literals."""

from ingestion.blocks import Block
from ingestion.captions.frames import add_framed_regions
from ingestion.captions.linking import link_captions
from ingestion.elements import BBox

PAGE = BBox(0, 0, 600, 800)
HEADER_RULE = BBox(100, 40, 500, 40.5)


def rules(*tops: float) -> list[BBox]:
    return [BBox(100, y, 500, y + 0.5) for y in tops]


def framed(blocks: list[Block], paths: list[BBox]) -> list[Block] | None:
    return add_framed_regions(blocks, link_captions(blocks, PAGE), paths, PAGE)


def test_words_in_a_frame_above_a_figure_caption_are_the_figure() -> None:
    words = Block("text", BBox(110, 110, 490, 190), "Prompt: name the pump")
    caption = Block("caption", BBox(100, 210, 500, 222), "Figure 2: The prompt")
    result = framed([words, caption], [BBox(100, 100, 500, 200)])
    assert result is not None
    linked = link_captions(result, PAGE)
    assert [(b.kind, b.bbox) for b in linked] == [("figure", BBox(100, 100, 500, 200)), ("caption", caption.bbox)]
    assert (linked[0].text, linked[0].caption) == ("Prompt: name the pump", "Figure 2: The prompt")


def test_frames_one_below_the_other_are_one_figure() -> None:
    caption = Block("caption", BBox(100, 320, 500, 332), "Figure 2: Two prompts")
    result = framed([caption], [BBox(100, 100, 500, 200), BBox(100, 210, 500, 310)])
    assert result is not None and result[0].bbox == BBox(100, 100, 500, 310)


def test_a_grid_of_touching_lines_is_a_table() -> None:
    lines = [*rules(100, 150, 200), BBox(100, 100, 100.5, 200), BBox(500, 100, 500.5, 200)]
    words = Block("list", BBox(110, 105, 490, 195), "E1 pump")
    caption = Block("caption", BBox(100, 206, 500, 218), "Table 3: Codes")
    result = framed([words, caption], [HEADER_RULE, *lines])
    assert result is not None
    assert [(b.kind, b.text) for b in result] == [("table", "E1 pump"), ("caption", "Table 3: Codes")]


def test_three_rules_under_a_table_caption_are_a_table() -> None:
    caption = Block("caption", BBox(100, 86, 500, 96), "Table 3: Codes")
    result = framed([caption], rules(100, 115, 300))
    assert result is not None and BBox(100, 100, 500, 300.5) in [b.bbox for b in result if b.kind == "table"]


def test_an_algorithm_between_rules_is_a_figure_with_its_label() -> None:
    label = Block("heading", BBox(100, 102, 300, 112), "Algorithm 1 Tree search")
    steps = Block("list", BBox(110, 120, 480, 250), "1: search")
    result = framed([label, steps], [HEADER_RULE, *rules(100, 115, 260)])
    assert result is not None
    figure = next(b for b in link_captions(result, PAGE) if b.kind == "figure")
    assert (figure.bbox, figure.caption) == (BBox(100, 100, 500, 260.5), "Algorithm 1 Tree search")


def test_the_rule_of_the_page_header_makes_no_table() -> None:
    text = Block("text", BBox(100, 60, 500, 300), "Long prose.")
    caption = Block("caption", BBox(100, 320, 500, 332), "Table 3: Codes")
    assert framed([text, caption], [HEADER_RULE, *rules(310)]) is None


def test_a_frame_that_holds_a_table_of_another_caption_is_left_alone() -> None:
    table = Block("table", BBox(110, 110, 490, 190))
    first = Block("caption", BBox(110, 194, 490, 204), "Table 1: Codes")
    lone = Block("caption", BBox(100, 222, 500, 234), "Figure 2: Elsewhere")
    assert framed([table, first, lone], [BBox(100, 100, 500, 210)]) is None


def test_nothing_is_looked_for_where_every_caption_has_its_figure() -> None:
    blocks = [Block("figure", BBox(100, 100, 500, 200)), Block("caption", BBox(100, 206, 500, 218), "Figure 2: Pump")]
    assert framed(blocks, [BBox(90, 90, 510, 230)]) is None
