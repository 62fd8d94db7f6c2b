"""Shapes of a slide in the order in which they are read."""

from __future__ import annotations

from typing import Any

import pptx
import pytest
from pptx.util import Cm

from ingestion.formats.slide_order import in_reading_order


def slide(*boxes: tuple[str, float, float, float, float]) -> Any:
    """Text boxes: words, left, top, width, height in centimetres."""
    show = pptx.Presentation()
    shown = show.slides.add_slide(show.slide_layouts[6])
    for text, *sides in boxes:
        shown.shapes.add_textbox(*map(Cm, sides)).text_frame.text = text
    return shown.shapes


COLUMNS = [("r2", 13, 8, 9, 2), ("l1", 2, 4, 9, 2), ("r1", 13, 4, 9, 2), ("l2", 2, 8, 9, 2)]


@pytest.mark.parametrize(
    ("boxes", "order"),
    [
        ([("c", 2, 12, 9, 2), ("b", 2, 8, 9, 2), ("a", 2, 4, 9, 2)], "a b c"),
        (COLUMNS, "l1 l2 r1 r2"),
        ([("foot", 2, 14, 20, 2), *COLUMNS, ("head", 2, 1, 20, 2)], "head l1 l2 r1 r2 foot"),
        ([*((f"q{i}", 6 * i, 14, 5, 2) for i in range(4)), *COLUMNS], "l1 l2 r1 r2 q0 q1 q2 q3"),
        ([(f"{n}{i}", 6 * i, y, 5, 2) for n, y in (("a", 4), ("b", 8)) for i in range(3)], "a0 b0 a1 b1 a2 b2"),
        ([("under", 2, 2, 20, 14), ("on it", 3, 3, 5, 2), ("", 0, 0, 25, 19)], "under on it"),  # they lie on each other
    ],
)
def test_boxes_are_read_by_columns_and_rows(boxes: list[tuple[str, float, float, float, float]], order: str) -> None:
    found = [shape.text_frame.text for shape in in_reading_order(slide(*boxes))]
    assert " ".join(found).strip() == order
