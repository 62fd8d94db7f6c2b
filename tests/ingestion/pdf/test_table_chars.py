"""The characters made for the table finder are those that the library makes, to the last bit."""

from __future__ import annotations

import math
from typing import Any

import pymupdf
import pytest
from pymupdf import table

from ingestion.pdf import table_chars

WORDS = "Größe 12,5 mm — fi ﬁ x² (Σ)"


def written(page: pymupdf.Page) -> pymupdf.Page:
    """Text straight, bold, coloured, turned by a quarter, slanting, and letters above each other."""
    page.insert_text((40.3, 61.7), WORDS, fontsize=10.6)
    page.insert_text((40, 90), "Total assets 1,204.5", fontname="hebo", fontsize=9, color=(0.8, 0.1, 0.1))
    page.insert_text((300, 300), "upwards", rotate=90)
    page.insert_text((200, 500), "downwards", rotate=270)
    page.insert_text((200, 600), "headlong", rotate=180)
    slope = pymupdf.Matrix(math.cos(0.3), math.sin(0.3), -math.sin(0.3), math.cos(0.3), 0, 0)
    page.insert_text((100, 400), "slanting", morph=(pymupdf.Point(100, 400), slope))
    page.insert_text((40.1, 61.9), "over it")
    return page


def made_by(make: Any, page: pymupdf.Page, clip: Any = None) -> str:
    """The finder's list after ``make``, as text, in which 0.1 and its single-precision neighbour differ."""
    table._CHARS_VAR.set([])
    made = make(page, clip=clip)
    assert isinstance(made, pymupdf.TextPage)
    return repr(list(table.CHARS))


@pytest.mark.parametrize("clip", [None, (30, 40, 220, 95)])
def test_straight_turned_and_slanting_text(clip: Any) -> None:
    page = written(pymupdf.open().new_page(width=595.276, height=841.89))
    expected = made_by(table_chars._library_chars, page, clip)
    assert "G" in expected
    assert made_by(table_chars.make_chars, page, clip) == expected


def test_second_page_with_a_crop_box() -> None:
    doc = pymupdf.open()
    doc.new_page()
    page = written(doc.new_page(width=612, height=792))
    page.set_cropbox(pymupdf.Rect(20.5, 30.25, 580, 700))
    assert made_by(table_chars.make_chars, page) == made_by(table_chars._library_chars, page)


def test_page_with_a_unit_of_its_own_and_page_without_text() -> None:
    doc = pymupdf.open()
    page = written(doc.new_page())
    doc.xref_set_key(page.xref, "UserUnit", "1.7")
    page = doc.reload_page(page)
    assert made_by(table_chars.make_chars, page) == made_by(table_chars._library_chars, page)
    assert made_by(table_chars.make_chars, doc.new_page()) == "[]"


def test_a_rectangle_holds_a_character_as_the_library_says() -> None:
    page = written(pymupdf.open().new_page())
    table._CHARS_VAR.set([])
    table_chars.make_chars(page)
    answers = set()
    for x in range(0, 600, 40):
        for y in range(0, 850, 25):
            rect = pymupdf.Rect(x, y, x + 30, y + 30)
            expected = table_chars._library_in_rect(table.CHARS, rect)
            assert table_chars.chars_in_rect(table.CHARS, rect) is expected
            answers.add(expected)
    assert answers == {True, False}


@pytest.mark.parametrize(
    "text", ["", " ", "1,204.5", "$ 12", "3%", "Q4 2015", "10 to 20", "A-12", "Größe", "word " * 9]
)
def test_cells_are_told_apart_as_before(text: str) -> None:
    for name, remembered in table_chars._remembered.items():
        assert remembered(text) == remembered.__wrapped__(text), name


def test_the_finder_uses_it() -> None:
    table_chars.use_quick_chars()
    page = pymupdf.open().new_page()
    for i in range(4):
        page.draw_line((50, 50 + 20 * i), (250, 50 + 20 * i))
        page.draw_line((50 + 200 / 3 * i, 50), (50 + 200 / 3 * i, 110))
    for i in range(9):
        page.insert_text((60 + 66 * (i % 3), 65 + 20 * (i // 3)), f"c{i}")
    assert table.make_chars is table_chars.make_chars
    found = page.find_tables(use_layout=False)
    assert found.tables[0].extract() == [["c0", "c1", "c2"], ["c3", "c4", "c5"], ["c6", "c7", "c8"]]
