"""Captions and the figures and tables they belong to, on literals."""

from ingestion.blocks import Block, Line
from ingestion.captions.finding import free_captions
from ingestion.captions.linking import link_captions
from ingestion.elements import BBox

PAGE = BBox(0, 0, 600, 800)
PROSE = "The circulation pump draws water from the tank and presses it through the flow meter into the boiler. " * 2


def captions_of(blocks: list[Block]) -> list[str]:
    return [b.caption for b in link_captions(blocks, PAGE) if b.kind in ("figure", "table")]


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


def test_captions_above_every_figure_are_a_custom_of_the_page() -> None:
    blocks = [
        Block("caption", BBox(100, 80, 500, 94), "Figure 1: First"),
        Block("figure", BBox(100, 106, 500, 300)),
        Block("caption", BBox(100, 308, 500, 322), "Figure 2: Second"),
        Block("figure", BBox(100, 334, 500, 500)),
    ]
    assert captions_of(blocks) == ["Figure 1: First", "Figure 2: Second"]


def test_a_caption_beside_its_figure_is_linked() -> None:
    blocks = [
        Block("figure", BBox(100, 100, 400, 300)),
        Block("caption", BBox(410, 120, 560, 200), "Fig. 4. The valve, seen from the left"),
    ]
    assert captions_of(blocks) == ["Fig. 4. The valve, seen from the left"]


def test_a_paragraph_between_makes_a_figure_the_wrong_one() -> None:
    blocks = [
        Block("figure", BBox(100, 100, 500, 200)),
        Block("text", BBox(100, 210, 500, 240), PROSE),
        Block("caption", BBox(100, 246, 500, 260), "Figure 1: Below"),
        Block("figure", BBox(100, 300, 500, 400)),
    ]
    assert captions_of(blocks) == ["", "Figure 1: Below"]


def test_a_sentence_about_a_table_that_layout_called_a_caption_is_text() -> None:
    sentence = Block("caption", BBox(100, 60, 500, 74), "Table 4-1 lists the basic functions.")
    title = Block("caption", BBox(100, 84, 500, 98), "Table 4-1 Functions")
    linked = link_captions([sentence, title, Block("table", BBox(100, 104, 500, 300))], PAGE)
    assert [b.kind for b in linked] == ["text", "caption", "table"]
    assert linked[2].caption == "Table 4-1 Functions"


def test_the_end_of_a_sentence_is_not_a_caption() -> None:
    before = Block("text", BBox(50, 600, 280, 700), PROSE + "The wiring is drawn in")
    rest = Block("text", BBox(320, 60, 550, 120), "Figure 3. The fuse is behind the lid.")
    figure = Block("figure", BBox(320, 130, 550, 300))
    assert [b.kind for b in link_captions([before, rest, figure], PAGE)] == ["text", "text", "figure"]


def test_entries_of_a_list_of_figures_are_not_captions() -> None:
    names = ["Figure 1 Pump 4", "Figure 2 Valve 9", "Figure 3 Boiler 17"]
    entries = [Block("text", BBox(100, 100 + 20 * i, 500, 112 + 20 * i), name) for i, name in enumerate(names)]
    figure = Block("figure", BBox(100, 160, 500, 300))
    assert [b.kind for b in link_captions([*entries, figure], PAGE)] == ["text", "text", "text", "figure"]


def test_a_heading_that_reads_like_a_label_stays_a_heading() -> None:
    heading = Block("heading", BBox(250, 60, 350, 74), "EXHIBIT A")
    assert [b.kind for b in link_captions([heading, Block("text", BBox(50, 90, 550, 200), PROSE)], PAGE)] == [
        "heading",
        "text",
    ]


def test_source_and_note_lines_follow_the_caption() -> None:
    blocks = [
        Block("table", BBox(100, 100, 500, 200)),
        Block("caption", BBox(100, 80, 500, 94), "Table 1: Energy"),
        Block("text", BBox(100, 206, 500, 218), "Note: figures are rounded."),
        Block("text", BBox(100, 222, 500, 234), "Source: survey of 2018"),
        Block("text", BBox(100, 240, 500, 300), PROSE),
    ]
    linked = link_captions(blocks, PAGE)
    assert linked[0].caption == "Table 1: Energy\nNote: figures are rounded.\nSource: survey of 2018"
    assert [b.kind for b in linked] == ["table", "caption", "caption", "caption", "text"]


def test_a_source_line_below_the_caption_below_the_figure_is_kept() -> None:
    blocks = [
        Block("figure", BBox(100, 100, 500, 200)),
        Block("caption", BBox(100, 206, 500, 220), "Figure 1: Energy"),
        Block("text", BBox(100, 224, 500, 236), "Quelle: eigene Messung"),
    ]
    assert captions_of(blocks) == ["Figure 1: Energy\nQuelle: eigene Messung"]


def test_the_title_of_a_chart_without_number_is_the_heading_and_its_note_is_kept() -> None:
    blocks = [
        Block("heading", BBox(100, 60, 400, 80), "Sales by region"),
        Block("figure", BBox(100, 90, 500, 300)),
        Block("caption", BBox(100, 306, 500, 318), "Source: annual report"),
        Block("caption", BBox(100, 322, 300, 334), "ACME INSTITUTE"),
    ]
    assert captions_of(blocks) == ["Sales by region\nSource: annual report\nACME INSTITUTE"]


def test_pictures_side_by_side_under_one_caption_are_one_figure() -> None:
    blocks = [
        Block("figure", BBox(100, 100, 290, 250), "inlet"),
        Block("figure", BBox(310, 100, 500, 250), "outlet"),
        Block("text", BBox(180, 254, 200, 264), "(a)"),
        Block("caption", BBox(400, 254, 440, 264), "(b) outlet"),
        Block("caption", BBox(150, 270, 450, 284), "Figure 5: The two valves"),
    ]
    linked = link_captions(blocks, PAGE)
    assert [b.kind for b in linked] == ["figure", "caption"]
    assert linked[0].bbox == BBox(100, 100, 500, 264)
    assert linked[0].caption == "Figure 5: The two valves"
    assert linked[0].text == "inlet\noutlet\n(a)\n(b) outlet"


def test_pictures_above_each_other_under_one_caption_are_one_figure() -> None:
    blocks = [
        Block("figure", BBox(100, 100, 500, 200)),
        Block("text", BBox(290, 204, 310, 214), "(a)"),
        Block("figure", BBox(100, 222, 500, 320)),
        Block("caption", BBox(100, 326, 500, 340), "Figure 5: Before and after"),
    ]
    assert [b.bbox for b in link_captions(blocks, PAGE)] == [BBox(100, 100, 500, 320), BBox(100, 326, 500, 340)]


def test_a_picture_in_the_next_column_is_not_a_part() -> None:
    blocks = [
        Block("figure", BBox(50, 100, 290, 250)),
        Block("caption", BBox(50, 256, 290, 270), "Figure 5: Left column"),
        Block("figure", BBox(310, 100, 550, 250)),
    ]
    assert len([b for b in link_captions(blocks, PAGE) if b.kind == "figure"]) == 2


def test_a_picture_with_a_caption_of_its_own_is_not_a_part() -> None:
    blocks = [
        Block("figure", BBox(100, 100, 500, 200)),
        Block("caption", BBox(100, 206, 400, 218), "The harbour in winter"),
        Block("figure", BBox(100, 230, 500, 330)),
        Block("caption", BBox(100, 336, 500, 350), "Figure 6: The harbour in summer"),
    ]
    assert captions_of(blocks) == ["The harbour in winter", "Figure 6: The harbour in summer"]


def test_a_heading_between_pictures_keeps_them_apart() -> None:
    blocks = [
        Block("figure", BBox(100, 100, 500, 200)),
        Block("heading", BBox(100, 204, 300, 216), "Maintenance"),
        Block("figure", BBox(100, 222, 500, 320)),
        Block("caption", BBox(100, 326, 500, 340), "Figure 7: Filter"),
    ]
    assert len([b for b in link_captions(blocks, PAGE) if b.kind == "figure"]) == 2


def test_the_heading_tight_above_a_chart_is_kept_beside_a_caption_without_number() -> None:
    blocks = [
        Block("heading", BBox(100, 60, 400, 80), "Sales by region"),
        Block("figure", BBox(100, 90, 500, 300)),
        Block("caption", BBox(100, 306, 500, 318), "Survey of the institute, July 2013"),
    ]
    assert captions_of(blocks) == ["Sales by region\nSurvey of the institute, July 2013"]


def test_names_under_a_row_of_pictures_are_all_its_caption() -> None:
    blocks = [
        Block("figure", BBox(100, 100, 500, 200)),
        Block("caption", BBox(300, 206, 400, 218), "Outlet"),
        Block("caption", BBox(120, 206, 220, 218), "Inlet"),
    ]
    assert captions_of(blocks) == ["Inlet\nOutlet"]


def test_words_of_class_caption_inside_a_picture_are_not_its_caption() -> None:
    blocks = [Block("figure", BBox(0, 0, 600, 700)), Block("caption", BBox(100, 300, 200, 312), "Like · Comment")]
    assert captions_of(blocks) == [""]


def test_a_caption_drawn_into_the_box_of_a_figure_is_freed() -> None:
    figure = Block("figure", BBox(100, 100, 300, 340), "Inlet Figure 8: The pump seen from above")
    lines = [
        Line("Inlet", BBox(120, 120, 160, 130)),
        Line("Figure 8: The pump", BBox(110, 310, 290, 320)),
        Line("seen from above", BBox(110, 322, 290, 332)),
    ]
    freed = free_captions([figure], lines)
    assert [(b.kind, b.bbox) for b in freed] == [
        ("figure", BBox(100, 100, 300, 309)),
        ("caption", BBox(110, 310, 290, 332)),
    ]
    assert captions_of(freed) == ["Figure 8: The pump seen from above"]


def test_a_bare_label_above_and_a_title_below_are_one_caption() -> None:
    blocks = [
        Block("caption", BBox(250, 80, 350, 92), "FIG. 3."),
        Block("figure", BBox(100, 100, 500, 300)),
        Block("caption", BBox(150, 308, 450, 320), "The valve, half open"),
    ]
    assert captions_of(blocks) == ["FIG. 3.\nThe valve, half open"]


def test_rows_of_plots_are_one_figure_though_the_last_was_drawn_around_the_caption() -> None:
    blocks = [
        *(Block("figure", BBox(100, y, 500, y + 80)) for y in (100, 186)),
        Block("figure", BBox(100, 272, 500, 380)),
        Block("caption", BBox(100, 362, 500, 378), "Figure 9: Scores of all pumps"),
    ]
    linked = link_captions(blocks, PAGE)
    assert [(b.kind, b.bbox.y0, b.bbox.y1) for b in linked] == [("figure", 100, 380), ("caption", 362, 378)]


def test_a_caption_in_the_first_row_of_a_table_is_its_caption() -> None:
    table = Block(
        "table", BBox(100, 100, 500, 300), "Exhibit 20\nReported benefits\n\n| Benefit | Share |\n| --- | --- |"
    )
    linked = link_captions([table], PAGE)[0]
    assert (linked.caption, linked.text) == ("Exhibit 20 Reported benefits", "| Benefit | Share |\n| --- | --- |")


def test_a_label_centred_over_a_long_title_is_joined_and_over_a_paragraph_is_not() -> None:
    label = Block("caption", BBox(280, 60, 320, 72), "Table I")
    title = Block("text", BBox(100, 76, 500, 140), PROSE * 2)
    assert captions_of([label, title, Block("table", BBox(100, 150, 500, 200))])[0].startswith(
        "Table I: The circulation"
    )
    left = Block("caption", BBox(100, 60, 140, 72), "Table I")
    assert captions_of([left, title, Block("table", BBox(100, 150, 500, 200))]) == ["Table I"]


def test_how_an_exhibit_reads_is_a_note() -> None:
    blocks = [
        Block("caption", BBox(100, 80, 500, 94), "Exhibit 7: Schools"),
        Block("table", BBox(100, 100, 500, 200)),
        Block("text", BBox(100, 204, 500, 216), "Exhibit reads: a third of all schools do."),
        Block("text", BBox(100, 222, 500, 234), "Source: survey"),
    ]
    assert captions_of(blocks) == ["Exhibit 7: Schools\nExhibit reads: a third of all schools do.\nSource: survey"]
