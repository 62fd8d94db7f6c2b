"""Boxes of paths are those that the library tells among others."""

from __future__ import annotations

import pymupdf
import pytest

from ingestion.pdf.path_boxes import path_boxes


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
