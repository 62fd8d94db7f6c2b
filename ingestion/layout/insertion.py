"""Where a block belongs that was found late: among the others where a reader comes by it. Pure.

After what holds it or stands beside it on the left; else next to its nearest neighbour in its column.

Example: a line between two paragraphs of the left column comes between them, whatever stands in the right one.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ingestion.blocks import Block
from ingestion.elements import BBox
from ingestion.geometry import covered, height, horizontal_overlap, in_one_row, width

COLUMN_OVERLAP = 0.3  # of the narrower width: two boxes stand in one column
ROW_GAP = 24.0  # points between a label and what stands beside it, at most
SPANNING = 1.5  # times as wide: a heading or picture over several columns


def insert_late(blocks: Sequence[Block], late: Iterable[Block]) -> list[Block]:
    """Put blocks found late where a reader comes by them."""
    result = list(blocks)
    for block in late:
        result.insert(insertion_index(block.bbox, [other.bbox for other in result]), block)
    return result


def insertion_index(box: BBox, others: Sequence[BBox]) -> int:
    """The index at which a box belongs among others (all in points) that stand in reading order."""
    holders = [i for i, other in enumerate(others) if covered(box, other)]
    if holders:
        return _place_in(holders[-1], box, others)
    beside = [i for i, other in enumerate(others) if _is_left_of(other, box)]
    if beside:
        return max(beside, key=lambda i: others[i].x1) + 1
    if all(other.y0 >= box.y1 for other in others):
        return 0
    column = [(i, other) for i, other in enumerate(others) if horizontal_overlap(other, box) > COLUMN_OVERLAP]
    slack = height(box) / 2
    above = [(box.y0 - other.y1, -i) for i, other in column if other.y1 <= box.y0 + slack]
    below = [(other.y0 - box.y1, i) for i, other in column if other.y0 >= box.y1 - slack]
    if above and below:
        upper, lower = others[-min(above)[1]], others[min(below)[1]]
        if width(upper) > SPANNING * max(width(box), width(lower)):  # a heading over all columns
            return min(below)[1]
    if above and (not below or min(above)[0] <= min(below)[0]):
        return -min(above)[1] + 1
    if below:
        return min(below)[1]
    return next((i for i, other in enumerate(others) if other.y0 >= box.y1), len(others))


def _place_in(holder: int, box: BBox, others: Sequence[BBox]) -> int:
    """The index behind a picture or table, among what lies in it as well."""
    held = [i for i, other in enumerate(others) if i > holder and covered(other, others[holder])]
    place = insertion_index(box, [others[i] for i in held]) if held else 0
    if place < len(held):
        return held[place]
    return held[-1] + 1 if held else holder + 1


def _is_left_of(other: BBox, box: BBox) -> bool:
    """Whether a box stands in one row with another, right beside it on its left."""
    return 0 <= box.x0 - other.x1 <= ROW_GAP and in_one_row(other, box)
