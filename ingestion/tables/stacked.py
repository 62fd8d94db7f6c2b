"""Tables below each other that the layout model took for one region: cut at the captions and repeated headers. Pure.

A line of the region that is a caption begins a new table, together with the headings right above it; so does a row that
repeats the header after other rows. A header repeated right under the row above it is left out instead: there the same
table goes on.

Example: rows, "Table 5: Valves", rows become a table, a caption block and a table.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise
from statistics import median
from typing import NamedTuple

from ingestion.blocks import Block, Line
from ingestion.elements import BBox, Cell, ElementKind
from ingestion.geometry import height, union
from ingestion.tables.cells import compact
from ingestion.tables.words import WordIndex, lines_of, text_of
from ingestion.text.caption_labels import caption_label

RUN_GAP = 1.3  # line heights between the words of one phrase, at most; columns stand further apart
HEADING_RISE = 1.15  # times the table's type size: a line within a table that is a heading
REPEAT_GAP = 0.5  # row heights above a repeated header, at most, for it to go on with the same table
SLACK = 1.0  # points that a cell may reach over a cut without being cut


class TablePart(NamedTuple):
    """One table of a region with its box in points; ``caption`` where its first line is one, else ""."""

    box: BBox
    cells: tuple[Cell, ...]
    caption: str = ""


class _Cut(NamedTuple):
    """What stands between two tables: its top and bottom in points, the headings, and a caption or nothing."""

    top: float
    bottom: float
    headings: tuple[list[Line], ...]
    caption: tuple[Line, ...]


def split_stacked(box: BBox, cells: Sequence[Cell], words: WordIndex) -> list[TablePart | Block]:
    """Cut a region into its tables and what stands between them, from top to bottom.

    It stays whole where it is one table. ``box`` is the region's, ``cells`` and ``words`` all that it holds.
    """
    cells = _without_repeats(cells)
    cuts = _cuts(cells, words)
    if not cuts:
        return [TablePart(box, tuple(cells))]
    found: list[TablePart | Block] = []
    top, caption = box.y0, ""
    for cut in cuts:
        part = _between(box, cells, words, top, cut.top, caption)
        if part is not None:
            found.append(part)
        found += [_block("heading", line) for line in cut.headings]
        alone = not found
        if cut.caption and not alone:
            found.append(_block("caption", cut.caption))
        top, caption = cut.bottom, text_of(cut.caption) if alone else ""
    part = _between(box, cells, words, top, box.y1, caption)
    if part is not None and not found:
        part = part._replace(box=box)
    return [*found, part] if part is not None else found


def _cuts(cells: Sequence[Cell], words: WordIndex) -> list[_Cut]:
    """The places where a region is cut, from top to bottom, none within another."""
    lines = lines_of(words)
    tall = median([height(w.bbox) for w in words] or [0.0])
    found: list[_Cut] = []
    for i, line in enumerate(lines):
        if _is_run(line) and caption_label(_text(line)) is not None:
            start = _first_heading(lines, i, tall)
            headings = tuple(lines[start:i])
            found.append(_Cut(_top(lines[start]), _bottom(line), headings, tuple(line)))
    for row in _repeated_headers(cells):
        y = min(c.bbox.y0 for c in cells if c.row == row and c.text and c.bbox)
        at = next((i for i, line in enumerate(lines) if _top(line) >= y - SLACK), 0)
        start = _first_heading(lines, at, tall)
        if at and not any(cut.top - SLACK <= _top(lines[start]) <= cut.bottom + 2 * tall for cut in found):
            top = min(_top(lines[start]), y)
            found.append(_Cut(top, max(top, _bottom(lines[at - 1])), tuple(lines[start:at]), ()))
    return sorted(found, key=lambda cut: cut.top)


def _first_heading(lines: Sequence[Sequence[Line]], at: int, tall: float) -> int:
    """Index of the first of the headings right above line ``at``; ``at`` itself where there is none."""
    while at and _is_run(lines[at - 1]) and max(height(w.bbox) for w in lines[at - 1]) >= HEADING_RISE * tall:
        at -= 1
    return at


def _without_repeats(cells: Sequence[Cell]) -> Sequence[Cell]:
    """The cells without a header that is repeated right under the row above it: the same table goes on there."""
    again = set()
    for row in _repeated_headers(cells):
        above = [c.bbox.y1 for c in cells if c.row == row - 1 and c.bbox]
        own = [c.bbox for c in cells if c.row == row and c.bbox]
        gap = min(box.y0 for box in own) - max(above, default=0.0)
        if gap <= REPEAT_GAP * min(height(box) for box in own) and all(c.rows == 1 for c in cells if c.row <= row):
            again.add(row)
    return compact(cell for cell in cells if cell.row not in again) if again else cells


def _repeated_headers(cells: Sequence[Cell]) -> list[int]:
    """Rows below the first that repeat the header, where rows stand between."""
    rows: dict[int, list[Cell]] = {}
    for cell in cells:
        if cell.text:
            rows.setdefault(cell.row, []).append(cell)
    said = {row: sorted((c.column, c.text.casefold()) for c in held) for row, held in rows.items()}
    first = said.get(0, [])
    if len(first) < 2 or not any(c.header for c in rows[0]):
        return []
    return [row for row, text in said.items() if row > 1 and text == first and any(c.bbox for c in rows[row])]


def _between(
    box: BBox, cells: Iterable[Cell], words: WordIndex, top: float, bottom: float, caption: str
) -> TablePart | None:
    """The table between two heights; cells that reach beyond keep the words that stand there."""
    kept: list[Cell] = []
    for cell in cells:
        if cell.bbox is None or min(cell.bbox.y1, bottom) - max(cell.bbox.y0, top) <= SLACK:
            continue
        if cell.bbox.y0 < top - SLACK or cell.bbox.y1 > bottom + SLACK:
            own = cell.bbox._replace(y0=max(cell.bbox.y0, top), y1=min(cell.bbox.y1, bottom))
            cell = cell._replace(text=text_of(words.within(own)), bbox=own)
        kept.append(cell)
    rows = {cell.row for cell in kept if cell.rows == 1 and cell.text}
    whole = compact(_over(cell, rows) for cell in kept if rows.intersection(range(cell.row, cell.row + cell.rows)))
    held = [w.bbox for w in words if top <= (w.bbox.y0 + w.bbox.y1) / 2 <= bottom]
    if not whole or not held:
        return None
    return TablePart(union(held)._replace(x0=box.x0, x1=box.x1), whole, caption)


def _over(cell: Cell, rows: set[int]) -> Cell:
    """A cell without the rows that stand in another part."""
    own = sorted(rows.intersection(range(cell.row, cell.row + cell.rows)))
    return cell._replace(row=own[0], rows=own[-1] - own[0] + 1)


def _is_run(line: Sequence[Line]) -> bool:
    """Whether the words of a line form a phrase, without the gaps of columns."""
    tall = max(height(w.bbox) for w in line)
    return all(b.bbox.x0 - a.bbox.x1 <= RUN_GAP * tall for a, b in pairwise(line))


def _block(kind: ElementKind, words: Sequence[Line]) -> Block:
    return Block(kind, union(w.bbox for w in words), text_of(words), max(height(w.bbox) for w in words))


def _text(line: Sequence[Line]) -> str:
    return " ".join(word.text for word in line)


def _top(line: Sequence[Line]) -> float:
    return min(w.bbox.y0 for w in line)


def _bottom(line: Sequence[Line]) -> float:
    return max(w.bbox.y1 for w in line)
