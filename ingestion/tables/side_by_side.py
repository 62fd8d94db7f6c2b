"""Two captioned tables beside each other that the layout model took for one region: cut at the white between them.

The captions say how many tables there are: two or more captions of tables at one height above or below the region. The
cut runs through the widest white between them that no rule crosses.

Example: "Table 1: Pumps" and "Table 2: Valves" at one height over one region give two regions.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import pairwise

from ingestion.blocks import LayoutBox, Line
from ingestion.elements import BBox, Cell
from ingestion.geometry import RULE_WIDTH, height, union, width
from ingestion.tables.cells import compact
from ingestion.tables.words import WordIndex, text_of, white_gaps
from ingestion.text.caption_labels import caption_label

CAPTION_REACH = 40.0  # points from a region to its captions
CAPTION_SHIFT = 30.0  # points between the heights of the captions of tables beside each other, at most
MIN_GUTTER = 1.0  # line heights of white between two tables


def split_side_by_side(region: LayoutBox, lines: Iterable[Line], paths: Sequence[BBox]) -> list[LayoutBox]:
    """Cut a region into the tables that its captions name, from left to right; it stays whole where it is one.

    ``lines`` and ``paths`` (boxes of what is drawn, in points) are the page's.
    """
    captions = _captions(region.bbox, lines)
    words = [w for w in region.lines if not any(_is_in(w.bbox, c.bbox) for c in captions)]
    cuts = [_gutter(a.bbox, b.bbox, words, region.bbox, paths) for a, b in pairwise(captions)]
    if not cuts or None in cuts:
        return [region]
    edges = [region.bbox.x0, *(cut for cut in cuts if cut is not None), region.bbox.x1]
    parts = [_part(region, left, right) for left, right in pairwise(edges)]
    return parts if all(len({c.row for c in part.cells}) > 1 for part in parts) else [region]


def _captions(box: BBox, lines: Iterable[Line]) -> list[Line]:
    """Captions of tables beside each other at the top or bottom of a region, from left to right."""
    said = [line for line in lines if line.bbox.x1 > box.x0 and line.bbox.x0 < box.x1]
    said = [c for c in said if (label := caption_label(c.text)) is not None and label.family == "table"]
    for edge in (box.y0, box.y1):
        near = sorted((c for c in said if abs(_middle(c.bbox) - edge) <= CAPTION_REACH), key=lambda c: c.bbox.x0)
        apart = all(a.bbox.x1 < b.bbox.x0 for a, b in pairwise(near))
        level = [_middle(c.bbox) for c in near]
        if len(near) > 1 and apart and max(level) - min(level) <= CAPTION_SHIFT:
            return near
    return []


def _gutter(a: BBox, b: BBox, words: Sequence[Line], box: BBox, paths: Iterable[BBox]) -> float | None:
    """The middle of the white between the tables of two captions: where their rules stop, or else the widest."""
    first, last = (a.x0 + a.x1) / 2, (b.x0 + b.x1) / 2
    rules = [
        p
        for p in paths
        if height(p) <= RULE_WIDTH < width(p) and p.y1 > box.y0 - RULE_WIDTH and p.y0 < box.y1 + RULE_WIDTH
    ]
    tall = max((height(w.bbox) for w in words), default=0.0)
    white = [
        (start, end)
        for start, end in white_gaps([(w.bbox.x0, w.bbox.x1) for w in words])
        if end - start >= MIN_GUTTER * tall and first < (start + end) / 2 < last
    ]
    free = [
        (max(start, s), min(end, e))
        for start, end in white
        for s, e in white_gaps([(p.x0, p.x1) for p in rules if p.x1 > box.x0 and p.x0 < box.x1])
        if min(end, e) - max(start, s) > 0
    ]
    best = max(free or ([] if _cross(rules, white) else white), key=lambda gap: gap[1] - gap[0], default=None)
    return (best[0] + best[1]) / 2 if best else None


def _cross(rules: Sequence[BBox], white: Sequence[tuple[float, float]]) -> bool:
    """Whether rules run through all the white: it is one table."""
    return bool(rules) and all(any(p.x0 < start and p.x1 > end for p in rules) for start, end in white)


def _part(region: LayoutBox, left: float, right: float) -> LayoutBox:
    """A region between two edges; cells over them keep the words that stand there."""
    held = tuple(w for w in region.lines if left <= (w.bbox.x0 + w.bbox.x1) / 2 <= right)
    words = WordIndex(held)
    cells: list[Cell] = []
    for cell in region.cells:
        if cell.bbox is None or min(cell.bbox.x1, right) - max(cell.bbox.x0, left) <= 1:
            continue
        if cell.bbox.x0 < left - 1 or cell.bbox.x1 > right + 1:
            own = cell.bbox._replace(x0=max(cell.bbox.x0, left), x1=min(cell.bbox.x1, right))
            cell = cell._replace(text=text_of(words.within(own)), bbox=own, columns=1)
        cells.append(cell)
    whole = _with_header(compact(cells))
    box = union(w.bbox for w in held) if held else region.bbox._replace(x0=left, x1=right)
    return replace(region, bbox=box, lines=held, cells=whole)


def _with_header(cells: Sequence[Cell]) -> tuple[Cell, ...]:
    """The first row of a part that began lower than its neighbour is its header too."""
    marked = any(cell.header for cell in cells if cell.row == 0)
    return tuple(cell if marked else cell._replace(header=cell.row == 0) for cell in cells)


def _middle(box: BBox) -> float:
    return (box.y0 + box.y1) / 2


def _is_in(word: BBox, line: BBox) -> bool:
    return line.x0 - 1 <= word.x0 and word.x1 <= line.x1 + 1 and line.y0 <= _middle(word) <= line.y1
