"""Boxes of paths are those that the library tells among others."""

from __future__ import annotations

import pymupdf
import pytest

from ingestion.pdf.path_boxes import may_hold_rules, path_boxes, with_rules_apart


@pytest.mark.parametrize("rotation", [0, 90])
def test_boxes_of_paths_are_the_librarys(rotation: int) -> None:
    doc = pymupdf.open()
    page = doc.new_page(width=300, height=400)
    page.insert_text((40, 40), "Pump")
    page.draw_rect((50, 60, 120, 90), color=None, fill=(1, 0, 0))
    page.draw_line((20, 100), (280, 100), width=0)
    page.insert_text((40, 140), "Valve")
    page.draw_bezier((10, 200), (50, 150), (120, 260), (380, 200), color=(0, 0, 1), width=3)
    page.draw_circle((150, 300), 30, color=(0, 1, 0), fill=(1, 1, 0))
    page.set_rotation(rotation)
    expected = [entry[1] for entry in page.get_bboxlog() if "path" in entry[0]]
    assert len(expected) >= 4
    assert path_boxes(page) == expected
    assert page.rotation == rotation


def test_a_page_of_text_has_none() -> None:
    page = pymupdf.open().new_page()
    page.insert_text((40, 40), "Pump")
    assert path_boxes(page) == []


def boxes_of(content: str) -> list[tuple[int, ...]]:
    doc = pymupdf.open()
    page = doc.new_page(width=300, height=400)
    page.insert_text((40, 40), "Pump")
    doc.update_stream(page.get_contents()[0], content.encode())
    page = doc.reload_page(page)
    boxes = path_boxes(page)
    assert may_hold_rules(boxes)
    return [tuple(round(v) for v in box) for box in with_rules_apart(boxes, page.get_cdrawings())]


def test_rules_that_are_one_path_have_a_box_each() -> None:
    assert boxes_of("50 250 1 100 re 150 250 1 100 re 50 350 101 1 re f") == [
        (50, 50, 51, 150),
        (150, 50, 151, 150),
        (50, 49, 151, 50),
    ]
    assert boxes_of("2 w 50 250 m 50 350 l 150 250 m 150 350 l 50 300 m 150 300 l S") == [
        (49, 50, 51, 150),
        (149, 50, 151, 150),
        (50, 99, 150, 101),
    ]


def test_a_rule_that_the_librarys_box_leaves_out_is_one_of_them() -> None:
    far = "0.5 w 50 300 m 90 300 l 200 250 m 200 350 l 210 250 m 210 350 l S"
    assert boxes_of(far) == [(50, 100, 90, 100), (200, 50, 200, 150), (210, 50, 210, 150)]


def test_fills_outlines_and_slanted_lines_stay_one_box() -> None:
    assert boxes_of("50 250 40 100 re 150 250 40 100 re f") == [(50, 50, 190, 150)]
    assert len(boxes_of("50 250 m 50 350 l 150 350 l 150 250 l h S")) == 1
    assert len(boxes_of("50 250 m 90 350 l 150 250 m 150 350 l S")) == 1
