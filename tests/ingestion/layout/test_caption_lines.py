"""Captions in one region with the text below them, on literals: lines are 10 points high, letters 5 wide."""

from __future__ import annotations

from collections.abc import Sequence

from ingestion.blocks import LayoutBox, Line
from ingestion.elements import BBox
from ingestion.geometry import union
from ingestion.layout.caption_lines import caption_apart

PICTURE = LayoutBox("picture", BBox(50, 100, 400, 290))
BODY = [
    "The pump takes the water out of the tank and sends it through the filter",
    "to the nozzle, where it leaves the machine and is taken up again.",
]


def parts(*texts: str, size: float = 10.0, boxes: Sequence[LayoutBox] = (PICTURE,)) -> list[list[str]]:
    lines = [
        Line(text, BBox(50, 300 + 12 * n, 50 + 5 * len(text), 300 + 12 * n + (size if n else 10.0)))
        for n, text in enumerate(texts)
    ]
    other = [Line(BODY[0], BBox(50, 40 + 12 * n, 400, 50 + 12 * n)) for n in range(4)]
    box = LayoutBox("text", union([line.bbox for line in lines]), tuple(lines))
    return [[line.text for line in part.lines] for part in caption_apart(box, [*boxes, box], [*other, *lines])]


def test_the_short_first_line_below_a_picture_is_its_caption() -> None:
    caption = "Figure 2: Flow of the water to the nozzle"
    assert parts(caption, *BODY) == [[caption], BODY]
    assert parts("Abb. 4: Pumpe", *BODY) == [["Abb. 4: Pumpe"], BODY]


def test_a_caption_of_two_lines_is_whole() -> None:
    caption = ["Figure 2: Flow of the water from the tank to the nozzle, seen from the", "left side of the machine"]
    assert parts(*caption, *BODY) == [caption, BODY]


def test_the_words_of_a_caption_and_sentences_about_figures_stay() -> None:
    caption = "Figure 2: Flow of the water to the nozzle"
    assert parts(caption, *BODY, size=8.0) == [[caption, *BODY]]  # set smaller than the page's text
    assert parts(caption, *BODY, boxes=()) == [[caption, *BODY]]  # no picture above
    sentence = "Figure 2 shows the flow of the water to the nozzle."
    assert parts(sentence, *BODY) == [[sentence, *BODY]]
    assert parts(caption, "Seen from the left") == [[caption, "Seen from the left"]]
