"""Kinds, joined text, captions and their pictures, on literals."""

import pytest

from ingestion.elements import BBox
from ingestion.layout import (
    Block,
    CaptionLabel,
    caption_label,
    fold_inner_text,
    heading_levels,
    join_lines,
    link_captions,
    merge_lists,
)

PAGE = BBox(0, 0, 600, 800)


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("Figure 3: Pump assembly", CaptionLabel("figure", "3")),
        ("Fig. 3-8. Wiring", CaptionLabel("figure", "3-8")),
        ("FIGURE 12 The boiler", CaptionLabel("figure", "12")),
        ("Table B.1 — Torque", CaptionLabel("table", "B.1")),
        ("TABLE IV", CaptionLabel("table", "IV")),
        ("Abbildung 2: Schaltplan", CaptionLabel("figure", "2")),
        ("Tabelle 4. Werte", CaptionLabel("table", "4")),
        ("Exhibit 7: Revenue", CaptionLabel("figure", "7")),
        ("表 3：误差", CaptionLabel("table", "3")),
    ],
)
def test_caption_labels(text: str, label: CaptionLabel) -> None:
    assert caption_label(text) == label


@pytest.mark.parametrize(
    "text", ["Figure 3 shows the pump", "Table 2 lists all codes", "The figure 3: no", "Figures are", ""]
)
def test_sentences_are_not_captions(text: str) -> None:
    assert caption_label(text) is None


def test_lines_join_with_mended_hyphens() -> None:
    assert join_lines(["The main-", "tenance of the", "X-Ray"]) == "The maintenance of the X-Ray"
    assert join_lines(["Type A-", "B cable"]) == "Type A- B cable"
    assert join_lines(["図の", "説明"]) == "図の説明"


def test_words_in_a_figure_become_its_text_and_leave_the_page() -> None:
    figure = Block("figure", BBox(100, 100, 400, 300))
    inner = Block("text", BBox(120, 120, 180, 140), "Valve A")
    outer = Block("text", BBox(100, 320, 400, 360), "Running text")
    blocks = fold_inner_text([figure, inner, outer], PAGE)
    assert [b.kind for b in blocks] == ["figure", "text"]
    assert blocks[0].text == "Valve A"


def test_a_page_wide_picture_takes_no_text_from_the_page() -> None:
    scene = Block("figure", PAGE)
    title = Block("heading", BBox(50, 50, 300, 90), "Quarterly results")
    assert fold_inner_text([scene, title], PAGE) == [scene, title]


def test_a_caption_goes_to_the_nearer_picture_of_its_kind() -> None:
    table = Block("table", BBox(100, 100, 500, 200))
    figure = Block("figure", BBox(100, 320, 500, 500))
    table_caption = Block("text", BBox(100, 80, 500, 95), "Table 1: Error codes")
    figure_caption = Block("text", BBox(100, 505, 500, 520), "Figure 1: Exploded view")
    linked = link_captions([table_caption, table, figure, figure_caption], PAGE)
    assert {b.kind: b.caption for b in linked if b.caption} == {
        "table": "Table 1: Error codes",
        "figure": "Figure 1: Exploded view",
    }
    assert sum(b.kind == "caption" for b in linked) == 2


def test_captions_between_two_figures_belong_to_the_one_above() -> None:
    first = Block("figure", BBox(100, 100, 500, 300))
    caption = Block("caption", BBox(100, 306, 500, 320), "Figure 1: First")
    second = Block("figure", BBox(100, 326, 500, 500))
    last = Block("caption", BBox(100, 506, 500, 520), "Figure 2: Second")
    linked = link_captions([first, caption, second, last], PAGE)
    assert [b.caption for b in linked if b.kind == "figure"] == ["Figure 1: First", "Figure 2: Second"]


def test_a_caption_too_far_away_is_not_linked() -> None:
    figure = Block("figure", BBox(100, 100, 500, 200))
    caption = Block("caption", BBox(100, 600, 500, 620), "Figure 9: Elsewhere")
    assert link_captions([figure, caption], PAGE)[0].caption == ""


def test_an_unnumbered_figure_takes_the_heading_above_it() -> None:
    heading = Block("heading", BBox(100, 60, 400, 80), "Water circuit")
    figure = Block("figure", BBox(100, 100, 500, 300))
    assert link_captions([heading, figure], PAGE)[1].caption == "Water circuit"


def test_a_label_and_its_title_in_two_boxes_are_one_caption() -> None:
    label = Block("caption", BBox(250, 60, 350, 72), "TABLE II")
    title = Block("text", BBox(150, 76, 450, 90), "Torque values")
    table = Block("table", BBox(100, 100, 500, 200))
    assert link_captions([label, title, table], PAGE)[-1].caption == "TABLE II: Torque values"


def test_items_of_one_list_are_joined_and_other_columns_are_not() -> None:
    one = Block("list", BBox(50, 100, 280, 112), "• one")
    two = Block("list", BBox(50, 116, 280, 128), "• two")
    other = Block("list", BBox(320, 132, 550, 144), "• other column")
    merged = merge_lists([one, two, other])
    assert [b.text for b in merged] == ["• one\n• two", "• other column"]
    assert merged[0].bbox == BBox(50, 100, 280, 128)


def test_heading_levels_follow_font_size() -> None:
    assert heading_levels([12.1, 18, 11.9, 24]) == {24: 1, 18: 2, 12: 3}
