"""Rows and columns of a ruled table that the layout model left out of its region: a head, a total, marks. Pure.

Where the rules of a table go on around the region, with the same columns, what stands between them belongs to the
table; layout has it as headings and texts, or not at all. A row that the page's end breaks is often left open: its
upright rules go on, and no level one ends them.

Example: "Day | Class | Room" in white on blue is a text to layout, and the table begins with "Monday"; the grid begins
with the names.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from ingestion.blocks import LayoutBox, Line
from ingestion.elements import BBox
from ingestion.geometry import RULE_WIDTH, height, holds_middle, inside, union, width
from ingestion.tables.drawn_grid import JITTER, MISSING, Lattice, find_lattice
from ingestion.tables.lattice import lattice_cells
from ingestion.tables.regions import grow_to_rules

MOST_INSIDE = 0.9  # of a region within the grid: it stands in its rows
LEAST_GROWTH = 6.0  # points of a row
LEAST_UPRIGHT = 3  # rules that a row left open has
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
        if not any(_stands_beside(word.bbox, box.bbox) for word in words):
            return None
        drawn = find_lattice(box.bbox, paths)
        frame = drawn.frame if drawn else frame
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


def _stands_beside(word: BBox, box: BBox) -> bool:
    """Whether a word stands in a row of a region, and left or right of it."""
    middle = (word.y0 + word.y1) / 2
    return box.y0 <= middle <= box.y1 and (word.x1 <= box.x0 or word.x0 >= box.x1)


def closing_rules(boxes: Sequence[LayoutBox], paths: Sequence[BBox]) -> list[BBox]:
    """Level rules that would close the tables of a page whose upright ones, the outer ones among them, all end at one
    height without one: the page ends there, not the row. ``paths``: what is drawn, in points."""
    uprights = [path for path in paths if width(path) <= RULE_WIDTH < height(path)]
    levels = [path for path in paths if height(path) <= RULE_WIDTH < width(path)]
    found: list[BBox] = []
    for box in boxes if len(uprights) >= LEAST_UPRIGHT else ():
        if box.label != "table":
            continue
        own = box.bbox
        across = [p for p in levels if own.y0 <= p.y0 <= own.y1 and p.x1 > own.x0 and p.x0 < own.x1]
        if not across:
            continue
        left, right = min(p.x0 for p in across) - JITTER, max(p.x1 for p in across) + JITTER
        near = [p for p in uprights if left <= p.x0 and p.x1 <= right and p.y1 > own.y0 and p.y0 < own.y1]
        for foot in (True, False):
            found += _closing(near, levels, own, foot)
    return found


def _closing(uprights: Sequence[BBox], levels: Sequence[BBox], box: BBox, foot: bool) -> list[BBox]:
    """The rule that closes a table at its foot or its top, if its upright rules are all that ends there."""
    ends = [rule.y1 if foot else rule.y0 for rule in uprights]
    if not ends:
        return []
    last = max(ends) if foot else min(ends)
    sides = [rule for rule, end in zip(uprights, ends, strict=True) if abs(end - last) <= JITTER]
    left, right = min(rule.x0 for rule in sides), max(rule.x1 for rule in sides)
    middles = sorted((rule.x0 + rule.x1) / 2 for rule in sides)
    apart = 1 + sum(b - a > JITTER for a, b in pairwise(middles))
    others = [rule for rule in uprights if rule.x0 < left - JITTER or rule.x1 > right + JITTER]
    if apart < LEAST_UPRIGHT or left > box.x0 or right < box.x1 or others:
        return []
    ruled = sum(min(p.x1, right) - max(p.x0, left) for p in levels if abs((p.y0 + p.y1) / 2 - last) <= 2 * JITTER)
    return [BBox(left, last, right, last)] if ruled <= MISSING * (right - left) else []


def _has_row(box: BBox, grid: Lattice) -> bool:
    """Whether a box stands in a cell over all columns."""
    middle = (box.y0 + box.y1) / 2
    band = next((i for i, (top, bottom) in enumerate(pairwise(grid.ys)) if top <= middle < bottom), None)
    return band is not None and all(grid.beside(band, line) <= MISSING for line in range(1, len(grid.xs) - 1))


def _same_columns(some: Sequence[float], others: Sequence[float]) -> bool:
    return len(some) == len(others) and all(abs(a - b) <= JITTER for a, b in zip(some, others, strict=True))
