"""Headings that the layout model split, and the size of most text, on literals."""

from ingestion.blocks import Block
from ingestion.elements import BBox
from ingestion.layout.heading_levels import body_size
from ingestion.layout.headings import join_headings


def block(text: str, box: tuple[float, float, float, float], size: float = 14, kind: str = "heading") -> Block:
    return Block(kind, BBox(*box), text, size)  # type: ignore[arg-type]


def test_the_size_of_most_text() -> None:
    assert body_size([block("long " * 50, (0, 0, 9, 9), 10, "text"), block("x", (0, 0, 9, 9), 30, "text")]) == 10
    assert body_size([block("Title", (0, 0, 9, 9), 30)]) == 0


def test_a_wrapped_heading_is_one() -> None:
    prose = block("prose " * 50, (50, 140, 290, 400), 10, "text")
    lines = [block("Replacing the filter of", (50, 100, 200, 114)), block("The Pump", (50, 118, 120, 132))]
    joined = join_headings([*lines, prose])
    assert [b.text for b in joined[:-1]] == ["Replacing the filter of The Pump"]
    assert joined[0].bbox == BBox(50, 100, 200, 132)
    full = [block("Replacing The Filter Elements Soon", (50, 100, 285, 114)), block("And Safely", (50, 118, 120, 132))]
    assert len(join_headings([*full, prose])) == 2


def test_a_number_and_its_title_are_one_heading() -> None:
    beside = [block("3.1", (50, 100, 70, 114)), block("Care", (90, 100, 140, 114))]
    below = [block("Chapter 3", (50, 100, 140, 114), 20), block("Water Circuit", (50, 124, 240, 150), 30)]
    assert [b.text for b in join_headings(beside)] == ["3.1 Care"]
    assert [b.text for b in join_headings(below)] == ["Chapter 3 Water Circuit"]


def test_headings_that_follow_each_other_stay_apart() -> None:
    numbered = [block("2 Methods", (50, 100, 140, 114)), block("2.1 Pumps", (50, 118, 140, 132))]
    short = [block("Results", (50, 100, 100, 114)), block("Study 1", (50, 118, 100, 132))]
    other = [block("Results", (50, 100, 100, 120), 20), block("and more", (50, 124, 100, 134), 10)]
    prose = block("prose " * 50, (50, 140, 290, 400), 10, "text")
    for headings in (numbered, short, other):
        assert len(join_headings([*headings, prose])) == 3
