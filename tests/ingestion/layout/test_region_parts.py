"""Texts that layout took for one region, on literals: lines are 10 points high."""

from __future__ import annotations

from collections.abc import Sequence

from ingestion.blocks import LayoutBox, Line
from ingestion.elements import BBox
from ingestion.geometry import union
from ingestion.layout.region_parts import blocks_beside, columns_apart, paragraphs_apart, twin_cells


def line(text: str, x: float, y: float) -> Line:
    return Line(text, BBox(x, y, x + 5 * len(text), y + 10))


def region(lines: Sequence[Line]) -> LayoutBox:
    return LayoutBox("text", union(x.bbox for x in lines), tuple(lines))


def said(parts: Sequence[LayoutBox]) -> list[list[str]]:
    return [[line.text for line in part.lines] for part in parts]


def paragraphs(*rows: tuple[float, str]) -> list[list[str]]:
    lines = [line(text, 50, y) for y, text in rows]
    return said(paragraphs_apart(region(lines), lines))


def test_white_parts_paragraphs_and_many_of_a_line_are_entries() -> None:
    found = paragraphs((100, "Which fluid is in circuit A?"), (123, "A) Water B) Oil"), (146, "Tick all that apply."))
    assert found == [["Which fluid is in circuit A?", "A) Water B) Oil", "Tick all that apply."]]
    found = paragraphs((100, "The pump is started"), (112, "with the green key."), (130, "Stop it with the red one."))
    assert found == [["The pump is started", "with the green key."], ["Stop it with the red one."]]


def test_lines_set_far_apart_and_entries_of_a_menu_are_one_text() -> None:
    assert len(paragraphs((100, "The pump is started with"), (123, "the green key and"), (146, "Stops."))) == 1
    assert len(paragraphs((100, "Licenses"), (123, "Top tips"), (146, "Contact us"))) == 1
    assert len(paragraphs((100, "The pump is started and"), (112, "runs softly."), (126, "Then it stops."))) == 1


SENDER = ["Northwind Pumps", "12 Dock Road", "Hull HU1 2AB"]
FACTS = ["Invoice no. 417", "Date: 12 March 2026", "Customer: 88120"]


def beside(left: Sequence[str], right: Sequence[str], row_by_row: bool = False) -> list[list[str]]:
    places = [(text, 50, 100 + 12 * i) for i, text in enumerate(left)]
    others = [(text, 400, 100 + 12 * i) for i, text in enumerate(right)]
    pairs = [item for pair in zip(places, others, strict=True) for item in pair]
    order = pairs if row_by_row else [*places, *others]
    lines = [line(*item) for item in [*order, ("Ms A. Kowalska", 50, 160), ("York YO1 7EX", 50, 172)]]
    return said(blocks_beside(region(lines), lines))


def test_two_blocks_at_the_head_of_a_letter_are_two_texts() -> None:
    assert beside(SENDER, FACTS) == [SENDER, FACTS, ["Ms A. Kowalska", "York YO1 7EX"]]


def test_labels_beside_values_stay_together() -> None:
    assert len(beside(["Power", "Weight", "Colour"], ["24 kW", "5 kg", "white"])) == 1
    assert len(beside(SENDER, FACTS, row_by_row=True)) == 1


def test_entries_are_one_list() -> None:
    lines = [line("Which fluid is in circuit A?", 50, 100), line("Tick all.", 50, 123), line("Sign here.", 50, 146)]
    (part,) = paragraphs_apart(region(lines), lines)
    assert part.label == "entries" and [x.text for x in part.lines] == [x.text for x in lines]


def twins(*rows: tuple[list[str], list[str]], right: float = 300.0) -> list[list[str]]:
    lines, y = [], 100.0
    for cells in rows:
        for x, held in zip((50.0, right), cells, strict=True):
            lines += [line(text, x, y + 12 * i) for i, text in enumerate(held)]
        y += 12 * max(map(len, cells)) + 8
    return [[cell.text for cell in twin_cells(lines) if cell.row == row] for row in range(len(rows))]


def test_one_text_in_two_languages_is_a_table_row_by_row() -> None:
    german, english = ["Die Garantie gilt.", "Bewahren Sie sie."], ["The warranty lasts two", "years. Keep it."]
    first = german, english
    second = ["Teile sind ausgenommen."], ["Wear parts are excluded."]
    assert twins(first, second) == [[" ".join(first[0]), " ".join(first[1])], [second[0][0], second[1][0]]]
    assert twins(first, second, right=175) == [[], []], "no white parts the two"
    assert twins(first) == [[]], "two columns of one text"


def cjk(*rows: tuple[float, str], size: float = 10.0) -> list[list[str]]:
    lines = [Line(text, BBox(50, y, 50 + size * len(text), y + size)) for y, text in rows]
    return said(paragraphs_apart(region(lines), lines))


def test_a_line_that_the_next_one_would_have_fitted_into_ends_a_paragraph_in_chinese_and_japanese() -> None:
    rows = (
        (100, "生物蓄积潜力"),
        (114, "应将空容器送至许可的废弃物处理场所循环利用或处置空"),
        (128, "容器。"),
        (142, "国际法规"),
    )
    assert cjk(*rows) == [["生物蓄积潜力", "应将空容器送至许可的废弃物处理场所循环利用或处置空容器。", "国际法规"]]
    assert cjk((100, "この装置は屋内でのみ使用してください。"), (114, "湿気の多い場所では使用しないでくだ")) == [
        ["この装置は屋内でのみ使用してください。", "湿気の多い場所では使用しないでくだ"]
    ]


def test_a_word_of_other_letters_that_did_not_fit_ends_no_paragraph() -> None:
    first, second = "基板に伝える信号はこの端子", "RaspberryPi の端子から出ますので必ず"
    assert cjk((100, first), (114, second)) == [[first, second]]


def columns(*texts: list[str], width: float = 100.0, top: float = 100.0) -> list[list[str]]:
    lines = [
        Line(text, BBox(50 + width * c, top + 12 * r, 50 + width * c + 4 * len(text), top + 12 * r + 10))
        for c, held in enumerate(texts)
        for r, text in enumerate(held)
    ]
    rows = sorted(lines, key=lambda x: (x.bbox.y0, x.bbox.x0))
    return said(columns_apart(region(rows), rows))


def test_narrow_texts_beside_each_other_are_columns() -> None:
    texts = [
        ["Place is kept at", "the school"],
        ["Papers are read and", "the pupil is enrolled"],
        ["Student kit (a", "welcome present)"],
    ]
    assert columns(*texts) == texts


def test_rows_of_a_table_and_two_columns_are_no_narrow_texts() -> None:
    table = [["Name", "flow", "level"], ["Type", "int", "float"], ["Meaning", "of water", "of oil"]]
    assert len(columns(*table)) == 1
    assert len(columns(["Place is kept at", "the school"], ["Papers are read and", "the pupil is enrolled"])) == 1
    assert (
        len(
            columns(
                ["Place is kept", "School fees"], ["Papers are read", "Pupil is in"], ["Student kit", "Welcome gift"]
            )
        )
        == 1
    )
