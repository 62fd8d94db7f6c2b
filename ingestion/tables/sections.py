"""Labels of sections in a table: rows that only name the rows below them, such as "Electronics" over all columns. Pure.

A row with one entry may as well be a wrapped line, a form to fill in or a note. A label is told by what sets it apart:
a cell over all columns, its type, a fill, a colon, or rows below that are indented under it. It heads the rows down to
the next label, a total, or a row that is no longer indented.

Example: "Electronics" alone in a row in bold above "Pump | 12" and "Fan | 7" heads two rows.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from ingestion.blocks import Line
from ingestion.elements import BBox, Cell
from ingestion.geometry import RULE_WIDTH, height, width
from ingestion.tables.cells import table_size
from ingestion.tables.headers import Fonts, band_of, fonts_of, header_rows, is_filled
from ingestion.tables.words import WordIndex
from ingestion.text.facts import LABEL_END

MAX_WORDS = 16  # of a label, at most; more are a note
MAX_SHARE = 0.5  # of the rows that can be labels
INDENT = 3.0  # points by which a row is indented under its label
RULE_LENGTH = 6.0  # points: a shorter one parts no columns
NOTE = re.compile(
    r"^\s*(?:[*†‡§¶(•]|\d{1,3}[.)]\s|[a-z]\)|notes?\b|source|quelle|hinweis|remarques?\b|nota\b)|[.!?]\s*$",
    re.IGNORECASE,
)
TOTAL = re.compile(
    r"^\W*(?:sub-?|grand |net |all )?(?:totals?|totaux|totale|totaal|sums?|summe|zwischensumme|gesamt\w*|insgesamt|"
    r"suma|somme|ensemble|razem|итого|всего|合計|合计|总计|小計|小计|합계)\b",
    re.IGNORECASE,
)


class _Label(NamedTuple):
    """A row's only entry, where its words begin (points), and whether its cell is as wide as the table."""

    cell: Cell
    left: float
    wide: bool


def mark_sections(
    cells: Sequence[Cell], words: WordIndex, lines: Iterable[Line], paths: Sequence[BBox]
) -> tuple[Cell, ...]:
    """Mark the label of each section with the number of rows below it that it heads.

    ``lines`` (with their fonts) and ``paths`` (boxes in points) are the page's.
    """
    count, columns = table_size(cells)
    if columns < 2:
        return tuple(cells)
    rows = {row: [c for c in cells if c.row == row and c.text] for row in range(count)}
    title = _title_rows(rows, columns)
    top = title + header_rows([c._replace(row=c.row - title) for c in cells if c.row >= title])
    fonts = fonts_of(cells, lines)
    labels = [
        label
        for row in range(0 if top == title else top, count - 1)
        if (label := _label(row, rows, columns, words)) and _is_apart(label, cells, rows, fonts, words, paths)
    ]
    if len(labels) > MAX_SHARE * (count - top) or (labels and all(label.cell.row < title for label in labels)):
        return tuple(cells)
    heads = {label.cell: _reach(label, labels, rows, words) for label in labels}
    return tuple(cell._replace(heads=heads.get(cell, 0)) for cell in cells)


def _title_rows(rows: dict[int, list[Cell]], columns: int) -> int:
    """How many rows at the top are one cell over all columns."""
    return next((r for r, own in rows.items() if not (len(own) == 1 and own[0].columns == columns)), 0)


def _label(row: int, rows: dict[int, list[Cell]], columns: int, words: WordIndex) -> _Label | None:
    """A row's only entry, in its first column, where rows with more entries follow."""
    own = rows[row]
    spanned = any(c.row < row < c.row + c.rows for held in rows.values() for c in held)
    if len(own) != 1 or own[0].column or own[0].rows > 1 or spanned:
        return None
    text = own[0].text
    if len(text.split()) > MAX_WORDS or NOTE.search(text) or TOTAL.search(text) or not any(ch.isalpha() for ch in text):
        return None
    return _Label(own[0], _left(own[0], words), own[0].columns == columns)


def _is_apart(
    label: _Label,
    cells: Sequence[Cell],
    rows: dict[int, list[Cell]],
    fonts: Fonts,
    words: WordIndex,
    paths: Sequence[BBox],
) -> bool:
    """Whether something sets a label apart from the rows around it."""
    row, below = label.cell.row, rows[label.cell.row + 1]
    ruled = _ruled_rows(cells, paths)
    upright = len(ruled) > len(rows) / 2
    spoken = not any(ch.isdigit() for ch in label.cell.text)  # a label and its value may have been read as one
    if (upright and row not in ruled) or (not upright and label.wide and spoken):
        return True
    full = [r for r, own in rows.items() if len(own) > 1 and r > 0]
    others = {fonts[r, 0] for r in full if (r, 0) in fonts}
    if spoken and (row, 0) in fonts and others and fonts[row, 0] not in others:
        return True
    fills = [p for p in paths if height(p) > RULE_WIDTH and width(p) > RULE_WIDTH]
    if _filled(row, cells, fills) and not any(_filled(r, cells, fills) for r in full if r > row):
        return True
    first = below[0] if below and below[0].column == 0 else None
    if not label.cell.text[0].isupper() or first is None or first.text[0].islower() or len(below) < 2:
        return False
    return bool(LABEL_END.search(label.cell.text)) or _left(first, words) >= label.left + INDENT


def _filled(row: int, cells: Sequence[Cell], fills: Sequence[BBox]) -> bool:
    """Whether a fill lies under a row."""
    band = band_of(row, cells)
    return band is not None and is_filled(band, fills)


def _ruled_rows(cells: Sequence[Cell], paths: Iterable[BBox]) -> set[int]:
    """Rows with rules between their columns."""
    bands = {r: band for r in range(table_size(cells)[0]) if (band := band_of(r, cells)) is not None}
    upright = [p for p in paths if width(p) <= RULE_WIDTH and height(p) >= RULE_LENGTH]
    return {
        r
        for r, band in bands.items()
        if any(p.y0 < (band.y0 + band.y1) / 2 < p.y1 and band.x0 + INDENT < p.x0 < band.x1 - INDENT for p in upright)
    }


def _reach(label: _Label, labels: Sequence[_Label], rows: dict[int, list[Cell]], words: WordIndex) -> int:
    """How many rows a label heads: up to the next label, a total, or one that is no longer indented."""
    start = label.cell.row + 1
    after = [other for other in labels if other.cell.row >= start]
    deeper = {other.cell.row for other in after if other.left >= label.left + INDENT and not other.wide}
    indented = False
    for row in range(start, len(rows)):
        own = rows[row]
        if any(other.cell.row == row for other in after) and row not in deeper:
            return row - start
        if own and own[0].column == 0:
            if TOTAL.search(own[0].text) or (len(own) == 1 and row not in deeper and NOTE.search(own[0].text)):
                return row - start
            left = _left(own[0], words)
            if indented and left < label.left + INDENT / 2:
                return row - start
            indented = indented or (row == start and left >= label.left + INDENT)
    return len(rows) - start


def _left(cell: Cell, words: WordIndex) -> float:
    """Where a cell's words begin: points from the left."""
    held = words.within(cell.bbox) if cell.bbox else []
    return min((w.bbox.x0 for w in held), default=cell.bbox.x0 if cell.bbox else 0.0)
