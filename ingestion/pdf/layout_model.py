"""What the layout library returns of a page, as values: regions in points, the cells of tables with their text."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from ingestion.elements import BBox, Cell
from ingestion.geometry import iou
from ingestion.tables.cells import cells_from_boxes, cells_from_html

BAND_GAP = 8.0  # points; pieces of a table region nearer than this are bands of one table


def corners(raw: Any) -> tuple[float, float, float, float]:
    """Left, top, right and bottom of a region, in points."""
    return raw.x0, raw.y0, raw.x1, raw.y1


def in_bands(raw: Any) -> bool:
    """Whether the HTML engine cut one table region at its rules and took each band for a table."""
    pieces = [item["bbox"] for item in (raw.table or {}).get("html_tables") or ()]
    return any(b[1] - a[3] < BAND_GAP and min(a[2], b[2]) > max(a[0], b[0]) for a, b in pairwise(pieces))


def tables_of(raw: Any, grids: Sequence[Any]) -> list[tuple[Sequence[float], tuple[Cell, ...]]]:
    """Boxes and cells of a table region: the HTML engine's tables, or the layout model's one grid."""
    pieces = (raw.table or {}).get("html_tables") or ()
    if pieces and not in_bands(raw):
        boxes = [item["bbox"] for item in pieces] if len(pieces) > 1 else [corners(raw)]
        tables = [cells_from_html(item["html"], item.get("cells")) for item in pieces]
        return list(zip(boxes, tables, strict=True))
    place = BBox(*corners(raw))
    near = [grid for grid in (grids if pieces else [raw]) if iou(place, BBox(*corners(grid))) > 0.5]
    return [(place, cells_from_boxes(near[0].table.get("cells") or () if near and near[0].table else ()))]
