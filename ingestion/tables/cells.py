"""A table's cells: from the library's HTML and grids to placed cells, and from those to rows of text. Pure.

Enters: HTML and boxes. Leaves: :class:`Cell` values and rows. Must not know: pages, captions, Markdown.

How spans are read: a cell over several rows is said again in each of them, so that every row can be understood alone;
a cell over several columns stands in the first one. Header rows below each other become one ("Revenue / 2009"), and
the label of a section is said with each of its rows ("Electronics / Pump").
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html.parser import HTMLParser
from itertools import pairwise

from ingestion.elements import BBox, Cell
from ingestion.text.bidi import logical_words
from ingestion.text.cleaning import clean, join_lines
from ingestion.text.facts import begins_with_fact

HEADER_JOIN = " / "
TYPED_RULE = re.compile(r"[-–—_=]{4,}")  # a rule drawn with characters, as in reports of line printers
SECTION_END = re.compile(r"\s*[:：]\s*$")
NUMBER_SHARE = 0.7  # of the cells below, for a column of numbers
YEAR = re.compile(r"(?:19|20)\d\d(?:\s?[-–/]\s?\d{2,4})?")
RANGE = re.compile(r"\d+\s?[-–]\s?\d+")
MAX_HEADER_ROWS = 5  # rows that can be one header; what is called header below is a body

BoxGrid = Sequence[Sequence[Sequence[float] | None]]


@dataclass(frozen=True, slots=True)
class Grid:
    """A table as text: ``above`` and ``below`` are rows that are one cell over all columns (title, units, notes)."""

    header: tuple[str, ...]
    body: tuple[tuple[str, ...], ...]
    above: tuple[str, ...] = ()
    below: tuple[str, ...] = ()


def from_html(html: str, boxes: BoxGrid | None = None) -> tuple[Cell, ...]:
    """Cells of one HTML table; ``boxes`` holds the box of each at its row and column (None where a span covers it)."""
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


def from_boxes(boxes: BoxGrid) -> tuple[Cell, ...]:
    """Cells of a grid of which only the boxes are known, without text, the first row being the header."""
    places = [(r, c) for r, row in enumerate(boxes) for c in range(len(row))]
    return tuple(Cell(r, c, "", 1, 1, r == 0, _box_at(boxes, r, c)) for r, c in places)


def compact(cells: Iterable[Cell]) -> tuple[Cell, ...]:
    """Without rows and columns in which no cell with text begins or ends, counted anew from 0."""
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


def size(cells: Sequence[Cell]) -> tuple[int, int]:
    """Rows and columns."""
    return max((c.row + c.rows for c in cells), default=0), max((c.column + c.columns for c in cells), default=0)


def rows_of(cells: Sequence[Cell]) -> list[list[str]]:
    """The texts of each row, every cell at its first row and column."""
    count, columns = size(cells)
    rows = [[""] * columns for _ in range(count)]
    for cell in cells:
        rows[cell.row][cell.column] = cell.text
    return rows


def header_rows(cells: Sequence[Cell]) -> int:
    """How many rows at the top are header: those marked so that do not hold data, and rows of names below them that
    stand over columns of numbers. None where the first row is unmarked data or facts; else at least one."""
    count, _ = size(cells)
    marked_first = any(c.header and c.text for c in cells if c.row == 0)
    if _starts_with_data(cells) or (not marked_first and begins_with_fact(rows_of(cells))):
        return 0
    body = {r for cell in cells if cell.text and not cell.header for r in range(cell.row, cell.row + cell.rows)}
    marked = next((r for r in range(count) if r in body), count)
    wrong = (r for r in range(1, marked) if _is_data(cells, r) or _is_label(cells, r) or _is_full(cells, r))
    marked = next(wrong, marked)
    top = min(max(1, marked), MAX_HEADER_ROWS, count)
    while top < min(MAX_HEADER_ROWS, count - 2) and (_names_numbers(cells, top) or _reaches_into(cells, top)):
        top += 1
    return top


def _is_data(cells: Sequence[Cell], row: int) -> bool:
    """Whether a row's cells are numbers, other than years and numbers that count on, or its first is one of a column of
    numbers."""
    texts = [c.text for c in cells if c.row == row and c.column and c.text]
    first = [c.text for c in cells if c.row == row and c.column == 0 and _is_number(c.text)]
    if first and _are_numbers([c.text for c in cells if c.row > row and c.column == 0 and c.text]):
        return True
    return _are_numbers(texts) and not all(YEAR.fullmatch(text) for text in texts) and not _counts_on(texts)


def _is_full(cells: Sequence[Cell], row: int) -> bool:
    """Whether a row and the one above have text of their own in every column: the lower one names nothing more."""
    columns = size(cells)[1]
    own = [[c for c in cells if c.row == r and c.text and c.columns == c.rows == 1] for r in (row - 1, row)]
    return columns == 2 and all(len(held) == columns for held in own)


def _starts_with_data(cells: Sequence[Cell]) -> bool:
    """Whether a table has no header: its first row is a label with numbers over columns of numbers."""
    own = [c for c in cells if c.row == 0 and c.column and c.text]
    texts = [c.text for c in own]
    label = any(c.row == c.column == 0 and c.text and c.rows == 1 for c in cells)
    if not (own and label) or all(YEAR.fullmatch(text) for text in texts) or _rises(texts):
        return False
    below = [[b.text for b in cells if b.column == c.column and b.row and b.text] for c in own]
    return all(map(_is_number, texts)) and all(map(_are_numbers, below))


def _rises(texts: Sequence[str]) -> bool:
    """Whether texts are a scale: at least three numbers, each larger than the last."""
    numbers = [float(text.rstrip("%")) for text in texts if re.fullmatch(r"\d+(?:\.\d+)?%?", text)]
    return len(numbers) == len(texts) > 2 and all(a < b for a, b in pairwise(numbers))


def _is_label(cells: Sequence[Cell], row: int) -> bool:
    """Whether a row is a label over the rows below it: its first cell alone, under a header that has one already."""
    own = [c for c in cells if c.row == row and c.text]
    above = any(c.row < row and c.column == 0 and c.text for c in cells)
    return len(own) == 1 and own[0].column == 0 and above and own[0].text[0].isupper()


def _names_numbers(cells: Sequence[Cell], row: int) -> bool:
    """Whether two cells of a row, and all it has over columns of numbers, are names of those columns."""
    own = [c for c in cells if c.row == row and c.column and c.text]
    over = [c for c in own if _are_numbers([b.text for b in cells if b.column == c.column and b.row > row and b.text])]
    texts = [c.text for c in over]
    if len(over) < 2:
        return False
    if all(not any(ch.isdigit() for ch in text) for text in texts):
        return True
    named = {k for c in cells if c.row < row and c.text for k in range(c.column, c.column + c.columns)}
    periods = all(YEAR.fullmatch(t) or sum(ch.isalpha() for ch in t) > 1 or RANGE.fullmatch(t) for t in texts)
    return (periods or _counts_on(texts)) and not {c.column for c in over} <= named


def _reaches_into(cells: Sequence[Cell], row: int) -> bool:
    """Whether most headings above reach down into a row: what stands there beside them names columns too."""
    above = [c for c in cells if c.row < row and c.row + c.rows >= row and c.text]
    return bool(above) and sum(c.row + c.rows > row for c in above) > len(above) / 2


def _counts_on(texts: Sequence[str]) -> bool:
    """Whether texts are whole numbers, each one more than the last."""
    numbers = [int(text.strip("()")) for text in texts if text.strip("()").isdecimal()]
    return len(numbers) == len(texts) > 2 and numbers == list(range(numbers[0], numbers[0] + len(numbers)))


def _is_number(text: str) -> bool:
    return any(ch.isdigit() for ch in text) and not any(ch.isalpha() for ch in text)


def _are_numbers(texts: Sequence[str]) -> bool:
    said = [text for text in texts if any(ch.isalnum() for ch in text)]
    numbers = sum(map(_is_number, said))
    return len(said) > 1 and numbers >= NUMBER_SHARE * len(said)


def to_grid(cells: Sequence[Cell], headers: int | None = None) -> Grid:
    """The table as text: one header, rows that can be read alone, titles and notes apart.

    ``headers``: how many rows are the header where that is known.
    """
    count, columns = size(cells)
    wide = {c.row for c in cells if c.columns == columns > 1 and c.rows == 1 and c.text and not c.heads}
    first = next((r for r in range(count) if r not in wide), count)
    last = next((r for r in reversed(range(count)) if r not in wide), -1)
    above = tuple(c.text for c in cells if c.row < first)
    below = tuple(c.text for c in cells if c.row > last and c.row >= first and c.text)
    rest = [c._replace(row=c.row - first) for c in cells if first <= c.row <= last]
    if not rest:
        return Grid((), (), above, below)
    top = header_rows(rest) if headers is None else headers
    rows = [[""] * columns for _ in range(last - first + 1)]
    header: list[list[str]] = [[] for _ in range(columns)]
    for cell in sorted(rest):
        for row in range(cell.row, min(cell.row + cell.rows, len(rows))):
            if row >= top:
                rows[row][cell.column] = cell.text
        if cell.row < top and cell.text:
            for column in range(cell.column, min(cell.column + cell.columns, columns)):
                header[column] += [cell.text] if cell.text not in header[column] else []
    body = [tuple(row) for row in _under_sections(rows, rest)[top:] if row]
    return Grid(tuple(HEADER_JOIN.join(names) for names in header), tuple(body), above, below)


def _under_sections(rows: Sequence[Sequence[str]], cells: Iterable[Cell]) -> list[list[str]]:
    """Rows with the label of the section that they stand in before their own; an empty row in place of that label."""
    result = [list(row) for row in rows]
    sections = sorted(c for c in cells if c.heads)
    for section in reversed(sections):
        label = SECTION_END.sub("", section.text)
        for row in result[section.row + 1 : section.row + 1 + section.heads]:
            if row:
                row[0] = HEADER_JOIN.join(filter(None, (label, row[0])))
        result[section.row] = []
    return result


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
