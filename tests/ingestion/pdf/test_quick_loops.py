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

COMPARED = {  # the library's code that was compared: SHA-256 of its source, first 16 digits
    "util_make_rect": "ce1ed086390fe772",
    "extract_rf_features": "94b744e1c7163647",
    "row_features": "c81b681c56b0fb2d",
    "row_vector": "8ec3dcf2e86a95b6",
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
    features = {"extract_rf_features": quick_loops._library_features}
    return {"util_make_rect": quick_loops._library_rect} | features | quick_loops._library_rows


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
