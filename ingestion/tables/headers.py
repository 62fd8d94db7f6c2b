"""Which rows of a table are its header, by what they say and by how they look. Pure.

The table engine calls every first row a header, and only that. Words correct it: rows of names over columns of numbers
below the first are header too, a first row of numbers over numbers is data. So do looks: a first row that reads like a
fact ("Weight", "12 kg") is a header only if it is set apart by its type, a fill of its own, or the only rule.

Example: ``Model | A1 | A2`` over ``Weight | 12 kg | 14 kg`` is a header; ``Weight | 12 kg | 14 kg`` over ``Length | 1 m
| 2 m`` is none.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from itertools import pairwise

from ingestion.blocks import Line
from ingestion.elements import BBox, Cell
from ingestion.geometry import RULE_WIDTH, height, intersection, union, width
from ingestion.tables.cells import frame_of, rows_of, table_size
from ingestion.text.facts import begins_with_fact

NUMBER_SHARE = 0.7  # of the cells below, for a column of numbers
YEAR = re.compile(r"(?:19|20)\d\d(?:\s?[-–/]\s?\d{2,4})?")
RANGE = re.compile(r"\d+\s?[-–]\s?\d+")
UNITS = frozenset("%‰°′″#")  # with currencies: signs that head a column
TICKS = frozenset("✔✓✘✗☐☑☒●○ ")  # say that something is so, or is not: no name of a column
MAX_HEADER_ROWS = 5  # rows that can be one header; what is called header below is a body


def header_rows(cells: Sequence[Cell]) -> int:
    """Count the header rows at the top; 0 where the first row is data, else at least 1.

    Those are the rows marked so that do not hold data, and rows of names below them over columns of numbers.
    """
    count, _ = table_size(cells)
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
    """Whether a row holds data: numbers other than years and a count, marks, or a first cell of a column of numbers."""
    texts = [c.text for c in cells if c.row == row and c.column and c.text]
    if any(set(text) <= TICKS for text in texts) or (len(texts) > 1 and all(map(_is_mark, texts))):
        return True
    first = [c.text for c in cells if c.row == row and c.column == 0 and _is_number(c.text)]
    if first and _are_numbers([c.text for c in cells if c.row > row and c.column == 0 and c.text]):
        return True
    return _are_numbers(texts) and not all(YEAR.fullmatch(text) for text in texts) and not _counts_on(texts)


def _is_full(cells: Sequence[Cell], row: int) -> bool:
    """Whether a row and the one above have text of their own in every column: the lower one names nothing more."""
    columns = table_size(cells)[1]
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
    """Whether a text has digits and no letters."""
    return any(ch.isdigit() for ch in text) and not any(ch.isalpha() for ch in text)


def _is_mark(text: str) -> bool:
    """Whether a text is a mark that something is or is not so (✓ ● –), and names no unit."""
    return not any(ch.isalnum() or ch in UNITS or unicodedata.category(ch) == "Sc" for ch in text)


def _are_numbers(texts: Sequence[str]) -> bool:
    """Whether most of at least two texts are numbers."""
    said = [text for text in texts if any(ch.isalnum() for ch in text)]
    numbers = sum(map(_is_number, said))
    return len(said) > 1 and numbers >= NUMBER_SHARE * len(said)


FILL_HEIGHT = 2.2  # times a row's words: its fill is no higher
FILL_SHARE = 0.8  # of a row's width under its fills
FILLED_ROWS = 0.3  # of the other rows filled too: the fill says nothing
RULED_ROWS = 0.25  # of the other rows ruled too: the rule says nothing
OWN_FONT = 0.75  # of the cells of a row whose font no other cell of their column has

Fonts = dict[tuple[int, int], str]
"""Row and column of a cell → name of its font."""


def mark_header(cells: Sequence[Cell], lines: Iterable[Line], paths: Sequence[BBox]) -> tuple[Cell, ...]:
    """Mark the first row of a table as header or not.

    It is none if it reads like the facts below it and nothing in its looks sets it apart. ``lines`` (with their fonts)
    and ``paths`` (boxes in points) are the page's.
    """
    first = _first_row(cells)
    rows = rows_of(cells)
    if any(cell.header and cell.row > first for cell in cells):
        cells = _without_like_rows(first, cells, fonts_of(cells, lines))
    if not begins_with_fact(rows[first:]):
        return tuple(cells)
    lone = not any(rows[first][1:])  # the label of a section
    apart = not lone and _is_set_apart(first, cells, fonts_of(cells, lines), paths)
    return tuple(cell._replace(header=apart) if cell.row == first else cell for cell in cells)


def _without_like_rows(first: int, cells: Sequence[Cell], fonts: Fonts) -> Sequence[Cell]:
    """The cells, rows below the first that hold a quantity and are set like the body, and not like the first, being no
    header."""
    marked = {cell.row for cell in cells if cell.header and cell.row > first}
    body = {font for (row, _), font in fonts.items() if row > first and row not in marked}
    like = {
        row
        for row in marked
        if any(ch.isdigit() for cell in cells if cell.row == row for ch in cell.text)
        and {font for (r, _), font in fonts.items() if r == row} <= body
        and not body & {font for (r, _), font in fonts.items() if r == first}
        and any(r == first for r, _ in fonts)
    }
    return [cell._replace(header=False) if cell.row in like else cell for cell in cells]


def _is_set_apart(row: int, cells: Sequence[Cell], fonts: Fonts, paths: Sequence[BBox]) -> bool:
    """Whether a first row looks other than those below it."""
    return _has_own_font(row, cells, fonts) or _has_own_fill(row, cells, paths) or _has_only_rule(row, cells, paths)


def fonts_of(cells: Sequence[Cell], lines: Iterable[Line]) -> Fonts:
    """Row and column of a cell → the font that most of its text begins with, where it is known."""
    held: dict[tuple[int, int], Counter[str]] = defaultdict(Counter)
    placed = [cell for cell in cells if cell.bbox and cell.text]
    for line in lines:
        if line.font:
            x, y = line.bbox.x0 + 1, (line.bbox.y0 + line.bbox.y1) / 2
            for cell in placed:
                box = cell.bbox
                if box and box.x0 <= x <= box.x1 and box.y0 <= y <= box.y1:
                    held[cell.row, cell.column][line.font] += len(line.text)
                    break
    return {place: fonts.most_common(1)[0][0] for place, fonts in held.items()}


def band_of(row: int, cells: Iterable[Cell]) -> BBox | None:
    """The box around the cells of one row alone; None where no place is known."""
    boxes = [c.bbox for c in cells if c.row == row and c.rows == 1 and c.bbox]
    return union(boxes) if boxes else None


def _first_row(cells: Sequence[Cell]) -> int:
    """The first row that is not one cell over all columns."""
    count, columns = table_size(cells)
    wide = {c.row for c in cells if c.columns == columns > 1 and c.rows == 1 and c.text}
    return next((row for row in range(count) if row not in wide), 0)


def _has_own_font(row: int, cells: Sequence[Cell], fonts: Fonts) -> bool:
    """Whether most cells of a row are set in a font that no other cell of their column has."""
    below: dict[int, set[str]] = defaultdict(set)
    for (r, column), font in fonts.items():
        if r > row:
            below[column].add(font)
    own = {column: font for (r, column), font in fonts.items() if r == row}
    other = sum(font not in below[column] for column, font in own.items())
    return any(below[column] for column in own) and other >= OWN_FONT * len(own)


def _has_own_fill(row: int, cells: Sequence[Cell], paths: Sequence[BBox]) -> bool:
    """Whether a fill lies under a row, and under few others."""
    fills = [p for p in paths if height(p) > RULE_WIDTH and width(p) > RULE_WIDTH]
    bands = {r: band_of(r, cells) for r in range(row, table_size(cells)[0])}
    filled = {r: is_filled(band, fills) for r, band in bands.items() if band is not None}
    others = [under for r, under in filled.items() if r > row]
    return filled.get(row, False) and sum(others) <= FILLED_ROWS * len(others)


def is_filled(band: BBox, fills: Iterable[BBox]) -> bool:
    """Whether fills as high as a row, in one piece or cell by cell, lie under it."""
    tall = height(band)
    own = [f for f in fills if band.y0 < (f.y0 + f.y1) / 2 < band.y1 and tall / 2 < height(f) < FILL_HEIGHT * tall]
    reach = covered = 0.0
    for x0, x1 in sorted((max(f.x0, band.x0), min(f.x1, band.x1)) for f in own):
        covered += max(0.0, x1 - max(x0, reach))
        reach = max(reach, x1)
    return covered >= FILL_SHARE * width(band)


def _has_only_rule(row: int, cells: Sequence[Cell], paths: Sequence[BBox]) -> bool:
    """Whether a rule stands below a row, and below few others."""
    frame = frame_of(cells)
    bands = {r: band for r in range(row, table_size(cells)[0]) if (band := band_of(r, cells)) is not None}
    if frame is None or row not in bands or len(bands) < 3:
        return False
    rules = [p for p in paths if height(p) <= RULE_WIDTH and intersection(p, frame).x1 - max(p.x0, frame.x0) > 0]
    order = sorted(bands)
    ruled = []
    for r, after in pairwise(order):
        top, bottom = bands[r].y1 - height(bands[r]) / 2, bands[after].y0 + height(bands[after]) / 2
        under = sum(min(p.x1, frame.x1) - max(p.x0, frame.x0) for p in rules if top < (p.y0 + p.y1) / 2 < bottom)
        ruled.append(under >= FILL_SHARE * width(frame))
    return ruled[0] and sum(ruled[1:]) <= RULED_ROWS * len(ruled[1:])
