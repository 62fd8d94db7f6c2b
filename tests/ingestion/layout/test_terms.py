"""Terms and their explanations, on literals."""

from dataclasses import replace

from ingestion.blocks import Block
from ingestion.elements import BBox
from ingestion.layout.terms import join_terms


def term(text: str, y: float, size: float = 10.0) -> Block:
    return Block("text", BBox(50, y, 50 + 6 * len(text), y + 10), text, size)


def meaning(text: str, y: float, x: float = 80) -> Block:
    return Block("text", BBox(x, y, x + 5 * len(text), y + 10), text, 10.0)


CODES = [
    term("dF", 100),
    meaning("Defrosting; wait 10 minutes.", 112),
    replace(term("F3", 124), kind="heading"),  # set in bold
    meaning("Outdoor sensor open circuit.", 136),
    term("H5", 148),
    term("H6", 160),
    meaning("Fan blocked; remove ice.", 172),
]


def test_each_term_stands_with_what_it_means() -> None:
    before, after = meaning("What the display says:", 60, 50), meaning("Switch it off first.", 220, 50)
    found = join_terms([before, *CODES, after])
    assert [block.kind for block in found] == ["text", "list", "text"]
    rows = ["dF Defrosting; wait 10 minutes.", "F3 Outdoor sensor open circuit.", "H5 H6 Fan blocked; remove ice."]
    assert found[1].text.split("\n") == rows
    assert found[1].bbox == BBox(50, 100, max(b.bbox.x1 for b in CODES), 182)


def test_headings_over_indented_texts_and_single_pairs_stay() -> None:
    headings = [replace(b, kind="heading", font_size=14.0) if b.bbox.x0 == 50 else b for b in CODES[:4]]
    assert join_terms(headings) == headings
    assert join_terms(CODES[:2]) == CODES[:2]
    prose = [replace(b, text=f"{b.text} " * 20) if b.bbox.x0 > 50 else b for b in CODES[:4]]
    assert join_terms(prose) == prose
    apart = [replace(b, bbox=BBox(b.bbox.x0, b.bbox.y0 * 3, b.bbox.x1, b.bbox.y0 * 3 + 10)) for b in CODES[:4]]
    assert join_terms(apart) == apart


def test_a_heading_above_terms_is_none_of_them() -> None:
    heading = replace(term("Settings", 85, 16.0), kind="heading")
    assert [block.kind for block in join_terms([heading, *CODES])] == ["heading", "list"]
