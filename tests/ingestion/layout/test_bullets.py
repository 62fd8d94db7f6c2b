"""Signs that begin the items of a page's lists."""

from __future__ import annotations

import pytest

from ingestion.blocks import LayoutBox, Line, RawPage
from ingestion.elements import BBox
from ingestion.layout.bullets import with_bullets


def page(*texts: str, lefts: tuple[float, ...] = (40.0, 40.4, 41.0, 40.0)) -> RawPage:
    placed = enumerate(zip(texts, lefts, strict=False))
    lines = tuple(Line(text, BBox(left, 50 + 14 * i, 300, 60 + 14 * i)) for i, (text, left) in placed)
    box = LayoutBox("list-item", BBox(40, 50, 300, 60), lines[:1])
    return RawPage(400, 600, (box,), lines, (), ())


@pytest.mark.parametrize("sign", ["⌘", "◙", "❥"])
def test_a_sign_that_begins_several_lines_is_a_bullet(sign: str) -> None:
    marked = with_bullets(page(f"{sign} Unplug it.", f"{sign}", f"{sign} Wipe it.", "Care"))
    assert [line.text for line in marked.lines] == ["• Unplug it.", "•", "• Wipe it.", "Care"]
    assert marked.boxes[0].lines[0].text == "• Unplug it."


@pytest.mark.parametrize(
    "texts",
    [
        ("⌘ opens the menu", "⌘ closes it", "Both are keys"),  # two are no list
        ("⚠ Hot surface", "⚠ Sharp edges", "⚠ High voltage"),  # which sign it is says something
        ("- one", "- two", "- three"),
        ("➢ one", "➢ two", "➢ three"),
    ],
)
def test_other_signs_stay(texts: tuple[str, ...]) -> None:
    made = page(*texts)
    assert with_bullets(made) is made


def test_signs_at_different_edges_are_none() -> None:
    made = page("⌘ C copies", "⌘ V inserts", "⌘ X cuts", lefts=(40.0, 120.0, 200.0))
    assert with_bullets(made) is made
