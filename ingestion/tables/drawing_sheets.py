"""Drawings in the frame of a sheet, which the layout model takes for tables: a circuit above its title block. Pure.

The frame of a technical drawing, the letters and numbers along its edge and the title block in its corner are ruled
like a table. What tells the drawing is one cell that takes up most of the sheet and in which lines are drawn at many
places, with words of a few letters between them; the cells of a table hold nothing, or text.

Example: zones "1" to "6" above a circuit above "Title", "Document Number" and "Rev" become a figure of the circuit with
its words, and a table of the title block.
"""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median
from typing import NamedTuple

from ingestion.blocks import Line
from ingestion.elements import BBox, Cell
from ingestion.geometry import area, height, mostly_inside, union, wholly_inside, width
from ingestion.tables.cells import compact, frame_of

SHEET_SHARE = 0.5  # of the table under the cell that holds the drawing
SHEET_SIDE = 150.0  # points of that cell: a smaller one is a cell with a picture
LEAST_PLACES = 15  # where lines are drawn in it, across and down; the rules of a nested table stand at fewer
LEAST_TEXTS = 8
SHORT_TEXT = 2  # words of a line, in the median; a text has more
PART = 0.9  # of the cell's width and height: what spans more is a frame
ZONE_MARK = 2  # letters of a mark along the edge of a sheet ("A", "12")


class Sheet(NamedTuple):
    """A drawing with the lines of its words, and the cells of its title block, if it has one."""

    drawing: BBox
    texts: list[str]
    title_block: tuple[Cell, ...]


def drawing_sheet(cells: Sequence[Cell], lines: Sequence[Line], paths: Sequence[BBox]) -> Sheet | None:
    """The drawing that what was taken for a table is, if it is one.

    ``lines`` and ``paths`` (boxes of what is drawn, in points) are the page's.
    """
    frame = frame_of(cells)
    largest = max((cell for cell in cells if cell.bbox), key=_size, default=None)
    if frame is None or largest is None or largest.bbox is None:
        return None
    box = largest.bbox
    held = [line for line in lines if mostly_inside(line.bbox, box)]
    if area(box) < SHEET_SHARE * area(frame) or not _is_drawing(box, held, paths):
        return None
    told = [cell.bbox for cell in cells if cell is not largest and cell.bbox and len(cell.text) > ZONE_MARK]
    place = union(told) if told else None
    others = [c for c in cells if place and c is not largest and c.bbox and mostly_inside(c.bbox, place)]
    block = [cell.bbox for cell in others if cell.bbox] if len({cell.row for cell in others}) > 1 else []
    title = compact([cell._replace(header=False) for cell in others]) if block else ()
    own = [line.text for line in held if not any(mostly_inside(line.bbox, other) for other in block)]
    return Sheet(box, own, title)


def _size(cell: Cell) -> float:
    return area(cell.bbox) if cell.bbox else 0.0


def _is_drawing(box: BBox, held: Sequence[Line], paths: Sequence[BBox]) -> bool:
    """Whether lines are drawn all over a box, with short texts between them."""
    if min(width(box), height(box)) < SHEET_SIDE or len(held) < LEAST_TEXTS:
        return False
    inner = [
        p for p in paths if wholly_inside(p, box) and width(p) < PART * width(box) and height(p) < PART * height(box)
    ]
    places = min(len({round(p.x0) for p in inner}), len({round(p.y0) for p in inner}))
    return places >= LEAST_PLACES and median(len(line.text.split()) for line in held) <= SHORT_TEXT
