"""A table's cells: from the library's HTML and grids to placed cells; rows and columns counted anew. Pure.

The layout library gives each table as HTML (with ``rowspan`` and ``colspan``) and as a grid of boxes. Cells are placed
as a browser would place them: a cell takes the first column that no span from above covers.

Example: ``<tr><td rowspan=2>A</td><td>1</td></tr><tr><td>2</td></tr>`` gives A at row 0 and column 0 over two rows, "1"
at (0, 1) and "2" at (1, 1).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html.parser import HTMLParser

from ingestion.elements import BBox, Cell
from ingestion.geometry import union
from ingestion.text.bidi import has_rtl, logical_quantity, logical_words
from ingestion.text.cleaning import clean, join_lines

TYPED_RULE = re.compile(r"[-–—_=]{4,}")  # a rule drawn with characters, as in reports of line printers

BoxGrid = Sequence[Sequence[Sequence[float] | None]]


def cells_from_html(html: str, boxes: BoxGrid | None = None) -> tuple[Cell, ...]:
    """Read the cells of one HTML table.

    ``boxes`` holds per row and column the four coordinates of a cell in points, None where a span covers the place.
    """
    parser = _TableParser()
    parser.feed(html)
    parser.close()
    taken: set[tuple[int, int]] = set()
    placed = []
    for row, items in enumerate(parser.rows):
        column = 0
        for item in items:
            while (row, column) in taken:
                column += 1
            slots = {(row + r, column + c) for r in range(item.rows) for c in range(item.columns)}
            taken |= slots
            text = TYPED_RULE.sub("", _joined(item.lines)).strip()
            placed.append(Cell(row, column, text, item.rows, item.columns, item.header, _box_at(boxes, row, column)))
            column += item.columns
    return compact(placed)


def _joined(lines: Iterable[str]) -> str:
    """A cell's lines as one. The library gives the words of each from left to right, whatever the script."""
    return join_lines(logical_words(clean(line)) for line in lines)


def cells_from_boxes(boxes: BoxGrid) -> tuple[Cell, ...]:
    """Make cells of a grid of boxes (in points): without text, the first row as the header."""
    places = [(r, c) for r, row in enumerate(boxes) for c in range(len(row))]
    return tuple(Cell(r, c, "", 1, 1, r == 0, _box_at(boxes, r, c)) for r, c in places)


def compact(cells: Iterable[Cell]) -> tuple[Cell, ...]:
    """Leave out rows and columns in which no cell with text begins or ends, and count anew from 0."""
    items = list(cells)
    rows = _kept([(c.row, c.row + c.rows - 1) for c in items if c.text])
    columns = _kept([(c.column, c.column + c.columns - 1) for c in items if c.text])
    result = []
    for cell in items:
        own_rows = [rows[r] for r in range(cell.row, cell.row + cell.rows) if r in rows]
        own_columns = [columns[c] for c in range(cell.column, cell.column + cell.columns) if c in columns]
        if own_rows and own_columns:
            place = Cell(own_rows[0], own_columns[0], cell.text, len(own_rows), len(own_columns))
            result.append(place._replace(header=cell.header, bbox=cell.bbox))
    return tuple(result)


def with_quantities(cells: Sequence[Cell]) -> tuple[Cell, ...]:
    """The cells with quantities as they are read, where most of the table's words run from right to left."""
    told = [cell.text for cell in cells if any(map(str.isalpha, cell.text)) and not _is_quantity(cell.text)]
    if 2 * sum(map(has_rtl, told)) <= len(told):
        return tuple(cells)
    return tuple(cell._replace(text=logical_quantity(cell.text)) for cell in cells)


def _is_quantity(text: str) -> bool:
    return logical_quantity(text) != text


def table_size(cells: Sequence[Cell]) -> tuple[int, int]:
    """The number of rows and of columns."""
    return max((c.row + c.rows for c in cells), default=0), max((c.column + c.columns for c in cells), default=0)


def rows_of(cells: Sequence[Cell]) -> list[list[str]]:
    """The texts of each row, every cell at its first row and column; "" where none begins."""
    count, columns = table_size(cells)
    rows = [[""] * columns for _ in range(count)]
    for cell in cells:
        rows[cell.row][cell.column] = cell.text
    return rows


def frame_of(cells: Iterable[Cell]) -> BBox | None:
    """The box around all cells whose place is known; None where none is."""
    boxes = [cell.bbox for cell in cells if cell.bbox]
    return union(boxes) if boxes else None


def column_edges(cells: Iterable[Cell]) -> dict[int, tuple[float, float]]:
    """Left and right edge in points of each column, by its cells of one column; columns without any are left out."""
    boxes: dict[int, list[BBox]] = {}
    for cell in cells:
        if cell.bbox and cell.columns == 1:
            boxes.setdefault(cell.column, []).append(cell.bbox)
    return {column: (min(b.x0 for b in held), max(b.x1 for b in held)) for column, held in sorted(boxes.items())}


def _kept(spans: Iterable[tuple[int, int]]) -> dict[int, int]:
    """Old index → new, of the rows or columns where something begins or ends."""
    return {old: new for new, old in enumerate(sorted({index for span in spans for index in span}))}


def _box_at(boxes: BoxGrid | None, row: int, column: int) -> BBox | None:
    if boxes is None or row >= len(boxes) or column >= len(boxes[row]):
        return None
    box = boxes[row][column]
    return BBox(*(float(v) for v in box)) if box else None


@dataclass(slots=True)
class _Item:
    rows: int
    columns: int
    header: bool
    lines: list[str]


class _TableParser(HTMLParser):
    """``<table><tr><th colspan><td rowspan>text<br/>text`` to rows of items."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.rows: list[list[_Item]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "tr":
            self.rows.append([])
        elif tag in ("td", "th") and self.rows:
            span = [max(1, int(given.get(key) or 1)) for key in ("rowspan", "colspan")]
            self.rows[-1].append(_Item(span[0], span[1], tag == "th", [""]))
        elif tag == "br" and self.rows and self.rows[-1]:
            self.rows[-1][-1].lines.append("")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)

    def handle_data(self, data: str) -> None:
        if self.rows and self.rows[-1]:
            self.rows[-1][-1].lines[-1] += data
