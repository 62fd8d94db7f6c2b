"""A watermark across a table, on literals."""

from dataclasses import replace

from ingestion.blocks import LayoutBox, Line
from ingestion.elements import BBox, Cell
from ingestion.tables.watermarks import without_watermark


def word(text: str, x: float, y: float) -> Line:
    return Line(text, BBox(x, y, x + 6 * len(text), y + 10))


def test_no_cell_says_the_words_of_a_slanted_line_but_its_own() -> None:
    own = [word("Seal", 60, 100), word("1.20", 160, 100), word("SAMPLE", 60, 120), word("5", 160, 120)]
    mark = word("SAMPLE", 150, 95)
    cells = tuple(
        Cell(row, column, text, bbox=BBox(60 + 90 * column, 98 + 20 * row, 150 + 90 * column, 118 + 20 * row))
        for row, column, text in ((0, 0, "Seal"), (0, 1, "SAMPLE 1.20"), (1, 0, "SAMPLE"), (1, 1, "5"))
    )
    box = LayoutBox("table", BBox(60, 100, 240, 130), (*own, mark), cells=cells)
    slanted = replace(mark, bbox=BBox(140, 40, 260, 150), slanted=True)
    cleared = without_watermark(box, [*own, slanted])
    assert [cell.text for cell in cleared.cells] == ["Seal", "1.20", "SAMPLE", "5"]
    assert cleared.lines == tuple(own)
    assert without_watermark(box, own) is box
