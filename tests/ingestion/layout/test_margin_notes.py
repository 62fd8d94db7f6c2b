"""Notes of one line beside the first line of a text."""

from ingestion.blocks import LayoutBox, Line
from ingestion.elements import BBox
from ingestion.layout.margin_notes import with_notes_apart


def line(text: str, x: float, y: float, size: float) -> Line:
    return Line(text, BBox(x, y, x + 5 * len(text), y + size))


TEXT = [
    line("The belt is tightened until it", 130, 100, 12),
    line("gives 10 mm.", 130, 114, 12),
    line("Worn belts are replaced.", 130, 140, 12),
]
REGION = LayoutBox("text", BBox(20, 100, 400, 160), (line("Tension The belt is tightened until it", 20, 100, 12),))


def test_small_notes_left_of_a_text_are_texts_before_their_paragraphs() -> None:
    notes = [line("Tension", 20, 101, 9), line("Pairs", 20, 141, 9)]
    parts = with_notes_apart(REGION, [*notes, *TEXT])
    assert [[x.text for x in part.lines] for part in parts] == [
        ["Tension"],
        ["The belt is tightened until it", "gives 10 mm."],
        ["Pairs"],
        ["Worn belts are replaced."],
    ]


def test_terms_as_large_as_the_text_and_small_print_in_it_stay() -> None:
    assert with_notes_apart(REGION, [line("Tension", 20, 101, 12), *TEXT]) == [REGION]
    assert with_notes_apart(REGION, [*TEXT, line("Not for model B.", 130, 154, 9)]) == [REGION]
