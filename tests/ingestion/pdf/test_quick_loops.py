"""The library's loops answer from here as they do from there; a library that has changed fails these tests."""

from __future__ import annotations

import hashlib
import inspect
import math
from typing import Any

import pymupdf
import pytest
from pymupdf import _table_headers
from pymupdf.layout.pymupdf_util_base import create_stext_page

from ingestion.pdf import quick_loops
from ingestion.pdf.text_pages import with_mended_text

COMPARED = {  # the library's code that was compared: SHA-256 of its source, first 16 digits
    "util_make_rect": "ce1ed086390fe772",
    "extract_rf_features": "94b744e1c7163647",
    "row_features": "c81b681c56b0fb2d",
    "row_vector": "8ec3dcf2e86a95b6",
    "__init__": "1d7b367c6bf15e7f",
    "intersects": "806761d31483af22",
    "intersect_rects": "9523e841939cb69d",
    "get_text_pattern": "954a18388d1e7bb6",
    "get_rf_features": "b6f3a5cc63840e8d",
}
ROWS: tuple[list[str], ...] = (
    ["", "2014", "2013", "2012"],
    ["Revenue", "$ 4,147,065", "$4,055,240", "(2.5)%"],
    ["Products", "1,627,803", "", "–"],
    ["Subscription: a long text that says what all of these figures are about, and why", "A-17", "Q3 2015", "10–20"],
    ["", "", "", ""],
    [],
)


def library() -> dict[str, Any]:
    others = (
        quick_loops._library_rect,
        quick_loops._library_features,
        quick_loops._library_init,
        quick_loops._library_intersects,
        quick_loops._library_shared,
        quick_loops._library_pattern,
        quick_loops._library_numbers,
    )
    return {held.__name__: held for held in others} | quick_loops._library_rows


def test_the_library_is_the_one_that_was_compared() -> None:
    assert pymupdf.__version__ in quick_loops.KNOWN
    found = {
        name: hashlib.sha256(inspect.getsource(held).encode()).hexdigest()[:16] for name, held in library().items()
    }
    assert found == COMPARED


RECTS = (
    (),
    (1, 2.5, 3, 4),
    ((1.0, 2.0, 3.0, 4.0),),
    ([1, 2, 3, 4],),
    (pymupdf.Rect(1, 2, 3, 4),),
    (pymupdf.IRect(1, 2, 3, 4),),
    (pymupdf.Point(1, 2), pymupdf.Point(3, 4)),
    ((1, 2), (3, 4)),
    (((1, 2), (3, 4)),),
    ((1, 2), 3, 4),
    (1, 2, (3, 4)),
    (pymupdf.mupdf.FzRect(1, 2, 3, 4),),
)


@pytest.mark.parametrize("given", RECTS)
@pytest.mark.parametrize("options", [{}, {"x0": 9.5}, {"p1": (7, 8)}, {"x0": None, "y1": 0}])
def test_rectangles(given: Any, options: dict[str, Any]) -> None:
    assert tuple(quick_loops.make_rect(*given, **options)) == tuple(quick_loops._library_rect(*given, **options))


@pytest.mark.parametrize("given", RECTS)
@pytest.mark.parametrize("options", [{}, {"x0": 9.5}, {"p1": (7, 8)}])
def test_rectangles_are_made(given: Any, options: dict[str, Any]) -> None:
    theirs, ours = pymupdf.Rect(), pymupdf.Rect()
    quick_loops._library_init(theirs, *given, **options)
    quick_loops.init_rect(ours, *given, **options)
    assert tuple(ours) == tuple(theirs)
    assert all(type(side) is float for side in ours)


BOXES: tuple[Any, ...] = (
    pymupdf.Rect(0, 0, 10, 10),
    pymupdf.Rect(10, 0, 20, 10),
    pymupdf.IRect(5, 5, 15, 15),
    (2.5, 2.5, 7.5, 30.0),
    [4, 4, 4, 9],
    pymupdf.Rect(8, 8, 2, 2),
    pymupdf.INFINITE_RECT(),
    pymupdf.EMPTY_RECT(),
)


@pytest.mark.parametrize("first", BOXES)
@pytest.mark.parametrize("second", BOXES)
def test_what_rectangles_share(first: Any, second: Any) -> None:
    rect = pymupdf.Rect(first)
    assert quick_loops.intersects(rect, second) == bool(quick_loops._library_intersects(rect, second))
    for options in ({}, {"bbox_only": True}):
        found = quick_loops.intersect_rects(first, second, **options)
        expected = quick_loops._library_shared(first, second, **options)
        assert type(found) is type(expected) and tuple(found) == tuple(expected)


@pytest.mark.parametrize(
    "text",
    ["", "a", "(A) This is... 12 • 3,5 m² → ✓", "A" * 1234, "  Größe\u00a012\t(Σ) – x₂ ½ 東京 #1", "1.2.3.4.5.6.7.8.9"],
)
def test_patterns_of_lines(text: str) -> None:
    assert quick_loops.text_pattern(text) == quick_loops._library_pattern(text)
    assert quick_loops.text_pattern(text, return_vector=False) == quick_loops._library_pattern(
        text, return_vector=False
    )


def test_numbers_of_lines_in_the_order_of_their_names() -> None:
    names = ["b", *quick_loops.IS_KIND, "a"]
    for kind in ({}, *({"box_type": kind} for kind in quick_loops.KINDS), {"box_type": "check-box"}):
        noted = {"a": 2, "b": 0.5, "is_text": 7} | kind
        assert quick_loops.rf_features(noted, names) == quick_loops._library_numbers(noted, names)
    with pytest.raises(Exception, match="'b' does not exist"):
        quick_loops.rf_features({"a": 1}, names)


def test_what_is_no_rectangle_is_refused_as_before() -> None:
    for given in ((1,), (1, 2, 3), ("a",), ((1, 2, 3, 4, 5),)):
        with pytest.raises(Exception, match=r".") as theirs:
            quick_loops._library_rect(*given)
        with pytest.raises(theirs.type):
            quick_loops.make_rect(*given)


@pytest.mark.parametrize("name", quick_loops._library_rows)
@pytest.mark.parametrize("row", ROWS)
def test_rows_are_remembered_and_their_answers_are_ones_own(name: str, row: list[str]) -> None:
    remembered = quick_loops._remembered[name]
    expected = quick_loops._library_rows[name](row)
    first = remembered(row)
    assert first == expected
    first.clear()
    assert remembered(row) == expected


def test_the_header_of_a_table_is_the_same() -> None:
    quick_loops.use_quick_loops()
    rows = [row for row in ROWS if row]
    found = _table_headers.find_header_region(rows)
    assert _table_headers.row_features is quick_loops._remembered["row_features"]
    assert found.top_header_rows == 1


@pytest.mark.parametrize("visible", [True, False])
def test_features_of_lines_visible_and_not(visible: bool) -> None:
    page = pymupdf.open().new_page()
    page.insert_text((50, 80), "Chapter 4: valves", fontsize=18)
    page.insert_textbox((50, 100, 500, 300), "The valve opens at 2.5 bar. • First, close the tap. " * 6)
    page.insert_text((50, 400), "text under a scan", render_mode=3)
    if not visible:
        page = pymupdf.open().new_page()
        page.insert_text((50, 400), "text under a scan 12", render_mode=3)
    made = []
    for extract in (quick_loops._library_features, quick_loops.extract_features):
        flags = pymupdf.TEXT_ACCURATE_BBOXES | pymupdf.TEXT_COLLECT_STYLES | pymupdf.TEXT_PRESERVE_WHITESPACE
        text_page = create_stext_page(page, flags)
        lines = [line for block in text_page.extractDICT()["blocks"] for line in block["lines"]]
        data: dict[str, Any] = {
            "bboxes": [line["bbox"] for line in lines],
            "text": ["".join(span["text"] for span in line["spans"]) for line in lines],
            "custom_features": [{"box_type": "text"} for _ in lines],
        }
        extract(data, text_page)
        made.append(data)
    theirs, ours = made
    assert ours["bboxes"] == theirs["bboxes"] and ours["text"] == theirs["text"]
    assert len(ours["text"]) == len(ours["custom_features"]) > 0
    assert ("text under a scan" in ours["text"]) is False
    for found, expected in zip(ours["custom_features"], theirs["custom_features"], strict=True):
        assert found.keys() == expected.keys()
        assert all(found[key] == expected[key] or math.isnan(expected[key]) for key in found)


def page_with_rules(rules: bool) -> pymupdf.Page:
    """Six words in two columns, as they are after the layout model saw no table in them."""
    doc = with_mended_text(pymupdf.open())
    page = doc.new_page()
    for number in range(6):
        page.insert_text((50 + 100 * (number % 2), 75 + 20 * (number // 2)), f"word {number}")
    for side in range(4) if rules else ():
        page.draw_line((45, 60 + 20 * side), (245, 60 + 20 * side))
        page.draw_line((45 + 100 * min(side, 2), 60), (45 + 100 * min(side, 2), 120))
    page = doc.load_page(0)
    page.layout_information = []
    return page


@pytest.mark.parametrize("rules", [True, False])
def test_tables_are_looked_for_where_one_may_be(rules: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    page = page_with_rules(rules)
    expected = quick_loops._library_tables(page)
    monkeypatch.setattr(quick_loops, "_library_tables", lambda page: ["asked"])
    assert quick_loops.html_tables(page) == (["asked"] if rules else [])
    assert len(expected) == rules
