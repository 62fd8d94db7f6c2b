"""Which legend explains which figure, on values and on small real PDFs made here."""

from collections.abc import Sequence
from pathlib import Path

import pytest
from callout_drawing import PARTS, SIGNS, chart, exploded_view, panel, pictograms, two_panels

from ingestion.callouts.labels import Label
from ingestion.callouts.legends import LegendRow
from ingestion.callouts.linking import LabelledFigure, LabelMention, PageLegend, explain, label_mentions
from ingestion.elements import BBox, Chunk, Document
from ingestion.parse import ParseOptions, parse_pdf

UPPER, LOWER = BBox(100, 100, 400, 300), BBox(100, 450, 400, 600)


def figure(page: int, keys: Sequence[object], box: BBox = UPPER, order: int = 0, read: bool = False) -> LabelledFigure:
    spots = (BBox(box.x0 + 10, box.y0 + 10, box.x0 + 15, box.y0 + 20) for _ in keys)
    labels = (Label(str(key), spot, read) for key, spot in zip(keys, spots, strict=True))
    return LabelledFigure(page, order, box, tuple(labels))


def legend(page: int, keys: Sequence[object], top: float = 320, words: str = "part") -> PageLegend:
    boxes = (BBox(100, top + 12 * i, 200, top + 12 * i + 10) for i in range(len(keys)))
    return PageLegend(page, 842, tuple(LegendRow(str(k), f"{words} {k}", b) for k, b in zip(keys, boxes, strict=True)))


def linked(figures: Sequence[LabelledFigure], legends: Sequence[PageLegend]) -> dict[tuple[int, int], list[str]]:
    return {key: [row.key for row in rows] for key, rows in explain(figures, legends).items()}


@pytest.mark.parametrize("page", [17, 18, 19])
def test_the_list_may_stand_on_the_page_or_the_one_before_or_after(page: int) -> None:
    assert linked([figure(18, range(1, 7))], [legend(page, range(1, 7))]) == {(18, 0): ["1", "2", "3", "4", "5", "6"]}


def test_a_list_farther_away_must_be_shown_nearly_whole() -> None:
    assert linked([figure(18, range(1, 9))], [legend(20, range(1, 9))]) == {(18, 0): [str(n) for n in range(1, 9)]}
    assert linked([figure(18, range(1, 5))], [legend(20, range(1, 5))]) == {}
    assert linked([figure(18, range(1, 9))], [legend(20, range(1, 30))]) == {}
    assert linked([figure(18, range(1, 9))], [legend(25, range(1, 9))]) == {}


def test_numbers_that_no_list_explains_link_nothing() -> None:
    assert linked([figure(1, [26, 20, 16, 11, 45, 38])], [legend(1, range(1, 6))]) == {}
    assert linked([figure(1, [1, 2, 40, 55, 61, 70])], [legend(1, range(1, 9))]) == {}


def test_steps_in_sentences_explain_no_figure_of_another_page() -> None:
    words = "open the flap, take the tank out, empty it and put it in again as before"
    assert linked([figure(2, range(1, 5))], [legend(1, range(1, 5), words=words)]) == {}
    assert linked([figure(1, range(1, 5))], [legend(1, range(1, 5), words=words)]) != {}


def test_of_two_lists_of_the_same_keys_each_figure_takes_the_nearer() -> None:
    figures = [figure(1, range(1, 5)), figure(1, range(1, 5), LOWER, order=1)]
    near, far = legend(1, range(1, 5)), legend(1, range(1, 5), top=620, words="knob")
    found = explain(figures, [far, near])
    assert {key: rows[0].row.text for key, rows in found.items()} == {(1, 0): "part 1", (1, 1): "knob 1"}


def test_a_long_list_is_shared_by_figures_that_show_its_parts() -> None:
    figures = [figure(3, range(1, 21)), figure(4, range(21, 41))]
    assert {k: len(v) for k, v in linked(figures, [legend(5, range(1, 41))]).items()} == {(4, 0): 20}
    assert {k: len(v) for k, v in linked(figures, [legend(4, range(1, 41))]).items()} == {(3, 0): 20, (4, 0): 20}


def test_a_list_of_another_pages_figure_is_not_taken_twice() -> None:
    maps = [figure(11, range(1, 43)), figure(13, range(1, 57))]
    assert list(linked(maps, [legend(12, range(1, 43))])) == [(11, 0)]


def test_the_inner_figure_is_explained_and_not_the_group_around_it() -> None:
    group = figure(1, range(1, 6), BBox(80, 80, 420, 420), order=1)
    assert list(linked([group, figure(1, range(1, 6))], [legend(1, range(1, 6))])) == [(1, 0)]


def test_rows_that_ocr_missed_in_the_figure_are_taken_with_the_others() -> None:
    keys = [3, 5, 7, 4, 8, 9, 10, 11, 12, 13]
    assert len(linked([figure(11, keys, read=True)], [legend(11, range(1, 14))])[11, 0]) == 13
    assert len(linked([figure(11, keys)], [legend(11, range(1, 14))])[11, 0]) == 10


def test_one_label_that_ocr_read_links_the_list_right_at_the_figure() -> None:
    assert len(linked([figure(9, [20, 2], read=True)], [legend(9, [1, 2], top=310)])[9, 0]) == 2
    assert linked([figure(9, [20, 2], read=True)], [legend(9, [1, 2], top=500)]) == {}
    assert linked([figure(9, [20, 2])], [legend(9, [1, 2], top=310)]) == {}


def test_numbers_run_together_are_taken_apart_where_the_list_has_the_parts() -> None:
    assert linked([figure(1, ["345", "1", "2", "67"])], [legend(1, range(1, 8))]) == {
        (1, 0): [str(n) for n in range(1, 8)]
    }


def test_lines_of_mentions_are_told_apart_from_sentences() -> None:
    said = "Figure 3 shows the valve.\n№ 7: Drain valve\n№ C: Lid (left) (→ 19)"
    assert label_mentions(said) == [LabelMention("7", "Drain valve", None), LabelMention("C", "Lid (left)", 19)]


# -- real pages ----------------------------------------------------------------------------------------------------


def parsed(path: Path) -> Document:
    return parse_pdf(path, path.parent / f"{path.stem}-out", ParseOptions(ocr="off"))


def figures(document: Document) -> list[Chunk]:
    return [chunk for chunk in document.chunks if chunk.kind == "figure"]


def test_an_exploded_view_is_explained_by_the_parts_list_on_the_next_page(tmp_path: Path) -> None:
    drawing = next(chunk for chunk in figures(parsed(exploded_view(tmp_path))) if chunk.page == 1)
    found = label_mentions(drawing.mentions)
    assert [(mention.key, mention.text.split(";")[0], mention.page) for mention in found] == [
        (str(n), part, 2) for n, part in enumerate(PARTS, 1)
    ]


def test_a_panel_is_explained_by_its_letters(tmp_path: Path) -> None:
    drawing = max(figures(parsed(panel(tmp_path))), key=lambda chunk: len(chunk.mentions))
    assert "№ B: Display of humidity" in drawing.mentions.split("\n")
    assert len(label_mentions(drawing.mentions)) == 5


def test_two_drawings_on_a_page_keep_their_own_legends(tmp_path: Path) -> None:
    upper, lower = sorted((c for c in figures(parsed(two_panels(tmp_path))) if c.mentions), key=lambda c: c.bbox.y0)
    assert (upper.mentions.split("\n")[0], lower.mentions.split("\n")[0]) == ("№ 1: Lid", "№ 1: Burner")
    assert (len(label_mentions(upper.mentions)), len(label_mentions(lower.mentions))) == (5, 4)


def test_a_chart_beside_a_list_of_steps_is_explained_by_nothing(tmp_path: Path) -> None:
    document = parsed(chart(tmp_path))
    assert figures(document)
    assert [chunk.mentions for chunk in figures(document) if chunk.mentions] == []


def test_pictograms_have_the_words_beside_them(tmp_path: Path) -> None:
    assert [chunk.mentions for chunk in figures(parsed(pictograms(tmp_path))) if chunk.mentions] == list(SIGNS)
