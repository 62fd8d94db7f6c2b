"""Box maths: pure functions on :class:`BBox`, and the only conversion between points and pixels.

Boxes are in PDF points (1/72 inch), origin at the top left, unless a function says otherwise; shares go from 0 to 1.

Whether one box belongs to another is asked everywhere, and answered with one of three named shares:

    mostly_inside(line, figure)    more than half of the line lies in the figure: it is one of its lines
    covered(figure, table)         more than 0.8: the figure is a part of the table, whose box was drawn a little short
    wholly_inside(path, frame)     more than 0.9: all of it but the thickness of a stroke
"""

from __future__ import annotations

from collections.abc import Iterable

from ingestion.elements import BBox

POINTS_PER_INCH = 72.0

MOSTLY_INSIDE = 0.5  # share of a box's area: with more of it in another box, it belongs there rather than elsewhere
COVERED = 0.8  # share of a box's area: what sticks out is the slack of a detected or drawn frame
WHOLLY_INSIDE = 0.9  # share of a box's area: what sticks out is the thickness of a stroke
ALIGNED = 0.5  # share of the shorter side that two boxes have in common: they stand in one column, or in one row

MARGIN_BAND = 0.12  # share of the page's height at its top and at its bottom where headers and footers stand
RULE_WIDTH = 3.0  # points: a drawn path thicker than that is a fill, not a rule
SLIDE_ASPECT = 1.15  # width by height from which a page is shaped like a slide


def area(box: BBox) -> float:
    """Square points; 0 for a box turned inside out."""
    return max(0.0, box.x1 - box.x0) * max(0.0, box.y1 - box.y0)


def width(box: BBox) -> float:
    """Points from the left to the right side."""
    return box.x1 - box.x0


def height(box: BBox) -> float:
    """Points from the top to the bottom side."""
    return box.y1 - box.y0


def intersection(a: BBox, b: BBox) -> BBox:
    """The common box; empty (zero area) where the two do not meet."""
    x0, y0 = max(a.x0, b.x0), max(a.y0, b.y0)
    return BBox(x0, y0, max(x0, min(a.x1, b.x1)), max(y0, min(a.y1, b.y1)))


def union(boxes: Iterable[BBox]) -> BBox:
    """The smallest box around all; raises ValueError on none."""
    items = list(boxes)
    if not items:
        raise ValueError("union of no boxes")
    left, top, right, bottom = zip(*items, strict=True)
    return BBox(min(left), min(top), max(right), max(bottom))


def iou(a: BBox, b: BBox) -> float:
    """Intersection over union: the common area as a share of the area that both cover, 0–1."""
    common = area(intersection(a, b))
    return common / (area(a) + area(b) - common) if common else 0.0


def center(box: BBox) -> tuple[float, float]:
    """The middle of a box: points from the left and from the top."""
    return (box.x0 + box.x1) / 2, (box.y0 + box.y1) / 2


def holds_middle(box: BBox, other: BBox) -> bool:
    """Whether the middle of ``other`` lies in ``box``."""
    return box.x0 <= (other.x0 + other.x1) / 2 <= box.x1 and box.y0 <= (other.y0 + other.y1) / 2 <= box.y1


def inside(inner: BBox, outer: BBox) -> float:
    """The share of ``inner``'s area that lies in ``outer``, 0–1."""
    x0, y0, x1, y1 = inner  # asked thousands of times a page, mostly of boxes that do not meet: no boxes made for it
    left, top, right, bottom = outer
    wide = (x1 if x1 < right else right) - (x0 if x0 > left else left)
    high = (y1 if y1 < bottom else bottom) - (y0 if y0 > top else top)
    if wide <= 0.0 or high <= 0.0:
        return 0.0
    own = area(inner)
    return wide * high / own if own else 0.0


def mostly_inside(inner: BBox, outer: BBox) -> bool:
    """Whether more than half of ``inner`` lies in ``outer``."""
    return inside(inner, outer) > MOSTLY_INSIDE


def holding(boxes: Iterable[BBox], line: BBox) -> BBox | None:
    """The first of some boxes, such as the columns of a passage, in which a line mostly stands."""
    return next((box for box in boxes if mostly_inside(line, box)), None)


def covered(inner: BBox, outer: BBox) -> bool:
    """Whether ``inner`` lies in ``outer`` but for the slack of a detected or drawn frame."""
    return inside(inner, outer) > COVERED


def wholly_inside(inner: BBox, outer: BBox) -> bool:
    """Whether ``inner`` lies in ``outer`` but for the thickness of a stroke."""
    return inside(inner, outer) > WHOLLY_INSIDE


def outermost(boxes: Iterable[BBox], share: float = COVERED) -> list[BBox]:
    """The boxes without those of which more than ``share`` lies in a larger one; of equal ones the first stays."""
    items = list(dict.fromkeys(boxes))
    sizes = [area(box) for box in items]
    return [
        box
        for i, box in enumerate(items)
        if not any(
            inside(box, other) > share and (sizes[j], -j) > (sizes[i], -i) for j, other in enumerate(items) if j != i
        )
    ]


def stands_between(wall: BBox, a: BBox, b: BBox) -> bool:
    """Whether most of ``wall`` lies in the box around both, and not in either."""
    return mostly_inside(wall, union([a, b])) and inside(wall, a) < MOSTLY_INSIDE and inside(wall, b) < MOSTLY_INSIDE


def horizontal_overlap(a: BBox, b: BBox) -> float:
    """Common width over the narrower box's width, 0–1."""
    narrow = min(width(a), width(b))
    return max(0.0, min(a.x1, b.x1) - max(a.x0, b.x0)) / narrow if narrow > 0 else 0.0


def vertical_overlap(a: BBox, b: BBox) -> float:
    """Common height over the lower box's height, 0–1."""
    low = min(height(a), height(b))
    return max(0.0, min(a.y1, b.y1) - max(a.y0, b.y0)) / low if low > 0 else 0.0


def in_one_column(a: BBox, b: BBox) -> bool:
    """Whether two boxes share more than half of the narrower one's width: they stand above each other."""
    return horizontal_overlap(a, b) > ALIGNED


def in_one_row(a: BBox, b: BBox) -> bool:
    """Whether two boxes share more than half of the lower one's height: they stand beside each other."""
    return vertical_overlap(a, b) > ALIGNED


def gap(a: BBox, b: BBox) -> float:
    """Distance between two boxes in points along the axis that separates them most; 0 where they touch or overlap."""
    dx = max(a.x0, b.x0) - min(a.x1, b.x1)
    dy = max(a.y0, b.y0) - min(a.y1, b.y1)
    return max(0.0, dx, dy)


def pad(box: BBox, points: float, page_width: float, page_height: float) -> BBox:
    """``box`` grown on every side, kept on the page."""
    return BBox(
        max(0.0, box.x0 - points),
        max(0.0, box.y0 - points),
        min(page_width, box.x1 + points),
        min(page_height, box.y1 + points),
    )


def turned_back(box: BBox, quarters: int, page_width: float, page_height: float) -> BBox:
    """Where a box stood before the page was turned clockwise by ``quarters`` quarter turns.

    The page's size in points is the one that it has now, after the turn.
    """
    if quarters % 4 == 1:
        return BBox(box.y0, page_width - box.x1, box.y1, page_width - box.x0)
    if quarters % 4 == 2:
        return BBox(page_width - box.x1, page_height - box.y1, page_width - box.x0, page_height - box.y0)
    if quarters % 4 == 3:
        return BBox(page_height - box.y1, box.x0, page_height - box.y0, box.x1)
    return box


def turned(box: BBox, quarters: int, page_width: float, page_height: float) -> BBox:
    """Where a box stands once the page is turned clockwise by ``quarters`` quarter turns.

    The page's size in points is the one that it has now, before the turn.
    """
    return turned_back(box, -quarters, page_width, page_height)


def clip(box: BBox, page_width: float, page_height: float) -> BBox:
    """``box`` cut to the page."""
    return intersection(box, BBox(0.0, 0.0, page_width, page_height))


def to_pixels(box: BBox, scale_x: float, scale_y: float) -> tuple[int, int, int, int]:
    """Points to whole pixels (left, top, right, bottom); ``scale`` is pixels per point. Never an empty box."""
    left, top = int(box.x0 * scale_x), int(box.y0 * scale_y)
    right, bottom = round(box.x1 * scale_x), round(box.y1 * scale_y)
    return left, top, max(left + 1, right), max(top + 1, bottom)


def from_pixels(box: BBox, scale_x: float, scale_y: float) -> BBox:
    """Pixels to points; ``scale`` is pixels per point."""
    return BBox(box.x0 / scale_x, box.y0 / scale_y, box.x1 / scale_x, box.y1 / scale_y)


def rounded(box: BBox) -> BBox:
    """To a hundredth of a point: stable across machines, finer than any display."""
    return BBox(*(round(v, 2) for v in box))
