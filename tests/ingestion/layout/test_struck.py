"""Words with a line through them, in texts and cells."""

from __future__ import annotations

from ingestion.blocks import Block, Line
from ingestion.elements import BBox, Cell
from ingestion.layout.struck import struck_words, with_struck
from ingestion.tables.markdown import cells_to_markdown


def row(text: str, x: float = 50.0, y: float = 100.0) -> list[Line]:
    """Words of 6 points a letter, 10 points high."""
    words = []
    for word in text.split():
        words.append(Line(word, BBox(x, y, x + 6 * len(word), y + 10)))
        x += 6 * len(word) + 3
    return words


WORDS = row("torque is 10 Nm or 10 Nm")  # the second "10 Nm" begins at 149
STRUCK = BBox(149, 105.2, 176, 106)


def test_words_are_marked_where_the_line_is() -> None:
    block = Block("text", BBox(45, 98, 185, 112), "torque is 10 Nm or 10 Nm")
    (marked,) = with_struck([block], struck_words(WORDS, [STRUCK]))
    assert marked.text == "torque is 10 Nm or ~~10 Nm~~"
    cells = (Cell(0, 0, "Torque", header=True, bbox=BBox(45, 80, 185, 97)), Cell(1, 0, block.text, bbox=block.bbox))
    table = Block("table", BBox(45, 80, 185, 112), cells_to_markdown(cells), cells=cells)
    (marked,) = with_struck([table], struck_words(WORDS, [STRUCK]))
    assert marked.cells[1].text == "torque is 10 Nm or ~~10 Nm~~" and "| torque is 10 Nm or ~~10 Nm~~ |" in marked.text


def test_other_lines_strike_nothing() -> None:
    underline, longer, half = BBox(149, 109, 176, 109.6), BBox(149, 105.2, 300, 106), BBox(149, 105.2, 166, 106)
    assert struck_words(WORDS, [underline, longer, half, BBox(149, 100, 176, 110)]) == []
    assert struck_words(row("– –"), [BBox(50, 105.2, 65, 106)]) == []
    assert struck_words(row("~~10 Nm~~"), [BBox(50, 105.2, 107, 106)]) == []  # said already
