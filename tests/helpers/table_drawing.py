"""Tables as the layout library would hand them over: drawn on a grid, rows 20 points high, columns 100 wide."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import NamedTuple

from ingestion.blocks import Block, LayoutBox, Line
from ingestion.elements import BBox, Cell
from ingestion.tables.regions import table_blocks

LEFT, TOP, ROW, COLUMN, CHAR = 50.0, 100.0, 20.0, 100.0, 5.0


class Drawn(NamedTuple):
    """A table region with the page's lines and paths."""

    region: LayoutBox
    lines: list[Line]
    paths: list[BBox]


def rule(y: float, first: int, last: int) -> BBox:
    """A horizontal rule over columns ``first`` to before ``last``, at row edge ``y``."""
    return BBox(LEFT + COLUMN * first, TOP + ROW * y - 0.2, LEFT + COLUMN * last, TOP + ROW * y + 0.2)


def drawn(
    rows: Sequence[Sequence[str]],
    fonts: Callable[[int, int], str] = lambda row, column: "helv",
    filled: Collection[int] = (),
    ruled: Collection[int] | None = None,
    grid: bool = True,
    rules: Sequence[BBox] = (),
    indent: Collection[int] = (),
) -> Drawn:
    """Every row of text as one row of cells. ``ruled``: rows with a rule below them (all); ``grid``: rules between
    columns, too; ``rules`` instead of all those; ``indent``: rows set in by 8 points."""
    count, columns = len(rows), len(rows[0])
    cells, lines, words = [], [], []
    for r, row in enumerate(rows):
        for c, text in enumerate(row):
            box = BBox(LEFT + COLUMN * c, TOP + ROW * r, LEFT + COLUMN * (c + 1), TOP + ROW * (r + 1))
            cells.append(Cell(r, c, text, 1, 1, r == 0, box))
            x = box.x0 + (12 if r in indent and c == 0 else 4)
            if text:
                lines.append(Line(text, BBox(x, box.y0 + 5, x + CHAR * len(text), box.y0 + 15), font=fonts(r, c)))
            for word in text.split():
                words.append(Line(word, BBox(x, box.y0 + 5, x + CHAR * len(word), box.y0 + 15)))
                x += CHAR * (len(word) + 1)
    paths = [rule(r, 0, columns)._replace(y0=TOP + ROW * r, y1=TOP + ROW * (r + 1)) for r in filled]
    edges = range(count + 1) if ruled is None else [0, count, *(r + 1 for r in ruled)]
    paths += list(rules) or [rule(edge, 0, columns) for edge in edges]
    if grid and not rules:
        paths += [
            BBox(x - 0.2, TOP, x + 0.2, TOP + ROW * count) for x in (LEFT + COLUMN * c for c in range(columns + 1))
        ]
    region = BBox(LEFT, TOP, LEFT + COLUMN * columns, TOP + ROW * count)
    return Drawn(LayoutBox("table", region, tuple(words), 0.0, tuple(cells)), lines, paths)


def tables_in(drawing: Drawn) -> list[Block]:
    return [b for b in table_blocks(drawing.region, drawing.paths, drawing.lines) if b.kind == "table"]


def table_cells(drawing: Drawn) -> tuple[Cell, ...]:
    """The cells of the one table."""
    (block,) = tables_in(drawing)
    return block.cells
