"""Texts that layout took for one region, on literals: lines are 10 points high."""

from __future__ import annotations

from collections.abc import Sequence

from ingestion.blocks import LayoutBox, Line
from ingestion.elements import BBox
from ingestion.geometry import union
from ingestion.layout.region_parts import blocks_beside, paragraphs_apart, twin_cells


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
