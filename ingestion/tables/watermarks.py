"""Words of a watermark that runs aslant over a table: none of its cells says them. Pure.

Example: "SAMPLE" across a price list stands in the cell "SAMPLE 1.20" to the table engine; the cell says "1.20".
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ingestion.blocks import LayoutBox, Line
from ingestion.geometry import gap, holds_middle


def without_watermark(box: LayoutBox, lines: Sequence[Line]) -> LayoutBox:
    """A table region without the words of slanted lines; itself where none meets it. ``lines`` are the page's."""
    slanted = [line for line in lines if line.slanted and gap(line.bbox, box.bbox) == 0]
    if not slanted:
        return box
    marks = {word for line in slanted for word in line.text.split()}
    upright = [line for line in lines if not line.slanted and marks.intersection(line.text.split())]

    def is_mark(word: Line) -> bool:
        if word.text not in marks or not any(holds_middle(line.bbox, word.bbox) for line in slanted):
            return False
        return not any(word.text in line.text.split() and holds_middle(line.bbox, word.bbox) for line in upright)

    words = tuple(word for word in box.lines if not is_mark(word))
    if not words:
        return box
    cells = []
    for cell in box.cells:
        own = {word.text for word in words if cell.bbox is None or holds_middle(cell.bbox, word.bbox)}
        said = [" ".join(w for w in row.split(" ") if w not in marks or w in own) for row in cell.text.split("\n")]
        cells.append(
            cell._replace(text="\n".join(row for row in said if row)) if marks & set(cell.text.split()) else cell
        )
    return replace(box, lines=words, cells=tuple(cells))
