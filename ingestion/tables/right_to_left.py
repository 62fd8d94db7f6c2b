"""Tables in Arabic or Hebrew, whose first column is the one on the right. Pure.

The engine counts columns from the left, so that a row's name came last, and what spans or continues was told of the
wrong column. A table whose letters are mostly of a right-to-left script is read from the right.

Example: the row "4 لتر", "الزيت" of a page becomes ``| الزيت | 4 لتر |``.
"""

from __future__ import annotations

from dataclasses import replace

from ingestion.blocks import Block
from ingestion.tables.cells import table_size
from ingestion.tables.markdown import cells_to_markdown
from ingestion.text.bidi import has_rtl

LETTERS = 0.6  # of a table's letters that are of a right-to-left script


def in_reading_direction(block: Block) -> Block:
    """A table with its columns from the right where its letters run that way; any other block as it is."""
    letters = [char for cell in block.cells for char in cell.text if char.isalpha()]
    if block.kind != "table" or not letters or sum(map(has_rtl, letters)) < LETTERS * len(letters):
        return block
    columns = table_size(block.cells)[1]
    turned = (cell._replace(column=columns - cell.column - cell.columns) for cell in block.cells)
    cells = tuple(sorted(turned, key=lambda cell: (cell.row, cell.column)))
    return replace(block, cells=cells, text=cells_to_markdown(cells))
