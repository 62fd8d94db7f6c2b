"""Rows of a ruled table that the layout model left out of its region: a head, a title, a total. Pure.

Where the rules of a table go on above or below the region, with the same columns, what stands between them belongs to
the table; layout has it as headings and texts.

Example: "Day | Class | Room" in white on blue is a text to layout, and the table begins with "Monday"; the grid begins
with the names.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from ingestion.blocks import LayoutBox, Line
from ingestion.elements import BBox
from ingestion.geometry import holds_middle, inside, union
from ingestion.tables.drawn_grid import JITTER, MISSING, Lattice, find_lattice
from ingestion.tables.lattice import lattice_cells
from ingestion.tables.regions import grow_to_rules

MOST_INSIDE = 0.9  # of a region within the grid: it stands in its rows
LEAST_GROWTH = 6.0  # points of a row
HEADINGS = ("section-header", "title", "caption")
TEXTS = ("text", "section-header", "list-item", "caption", "title", "page-header", "footnote")  # layout's classes


def with_cut_off_rows(boxes: Sequence[LayoutBox], words: Sequence[Line], paths: Sequence[BBox]) -> list[LayoutBox]:
    """The regions of a page, tables with the rows of their grid that other regions held; those are left out.

    ``words`` and ``paths`` (boxes, in points) are the page's.
    """
    result = list(boxes)
    for box in boxes:
        if box.label == "table" and (grown := _grown(box, result, words, paths)) is not None:
            result = [grown if b is box else b for b in result if b is box or not _lies_in(b, grown.bbox)]
    return result


def _lies_in(box: LayoutBox, table: BBox) -> bool:
    return bool(box.lines) and all(holds_middle(table, line.bbox) for line in box.lines)


def _grown(
    box: LayoutBox, boxes: Sequence[LayoutBox], words: Sequence[Line], paths: Sequence[BBox]
) -> LayoutBox | None:
    """A table region with all rows of its grid; None where it has them, or what stands in them is no text. A heading
    in a row of its own stays a heading."""
    frame = grow_to_rules(box.bbox, paths)
    if max(box.bbox.y0 - frame.y0, frame.y1 - box.bbox.y1) < LEAST_GROWTH:
        return None
    held = [word for word in words if holds_middle(frame, word.bbox)]
    around = [b for b in boxes if b is not box and any(holds_middle(b.bbox, word.bbox) for word in held)]
    if any(b.label not in TEXTS or inside(b.bbox, frame) <= MOST_INSIDE for b in around):
        return None
    grid = find_lattice(box.bbox, paths)
    wider = find_lattice(union(word.bbox for word in held), paths) if grid and len(held) > len(box.lines) else None
    if grid is None or wider is None or not _same_columns(grid.xs, wider.xs):
        return None
    titles = [b.bbox for b in around if b.label in HEADINGS and _has_row(b.bbox, wider)]
    held = [word for word in held if not any(holds_middle(title, word.bbox) for title in titles)]
    grown = replace(box, bbox=union(word.bbox for word in held), lines=tuple(held))
    return grown if len(held) > len(box.lines) and lattice_cells(grown, box.cells, paths) else None


def _has_row(box: BBox, grid: Lattice) -> bool:
    """Whether a box stands in a cell over all columns."""
    middle = (box.y0 + box.y1) / 2
    band = next((i for i, (top, bottom) in enumerate(pairwise(grid.ys)) if top <= middle < bottom), None)
    return band is not None and all(grid.beside(band, line) <= MISSING for line in range(1, len(grid.xs) - 1))


def _same_columns(some: Sequence[float], others: Sequence[float]) -> bool:
    return len(some) == len(others) and all(abs(a - b) <= JITTER for a, b in zip(some, others, strict=True))
