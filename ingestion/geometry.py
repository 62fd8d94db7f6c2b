"""Box maths: pure functions on :class:`BBox`, and the only conversion between points and pixels.

Enters and leaves: boxes in points, origin top left. Must not know: any PDF or imaging library.
"""

from __future__ import annotations

from collections.abc import Iterable

from ingestion.elements import BBox

POINTS_PER_INCH = 72.0


def area(box: BBox) -> float:
    return max(0.0, box.x1 - box.x0) * max(0.0, box.y1 - box.y0)


def width(box: BBox) -> float:
    return box.x1 - box.x0


def height(box: BBox) -> float:
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
    return BBox(min(b.x0 for b in items), min(b.y0 for b in items), max(b.x1 for b in items), max(b.y1 for b in items))


def iou(a: BBox, b: BBox) -> float:
    common = area(intersection(a, b))
    return common / (area(a) + area(b) - common) if common else 0.0


def holds_middle(box: BBox, other: BBox) -> bool:
    """Whether the middle of the other box lies in the first."""
    return box.x0 <= (other.x0 + other.x1) / 2 <= box.x1 and box.y0 <= (other.y0 + other.y1) / 2 <= box.y1


def inside(inner: BBox, outer: BBox) -> float:
    """The share of ``inner``'s area that lies in ``outer``, 0–1."""
    own = area(inner)
    return area(intersection(inner, outer)) / own if own else 0.0


def outermost(boxes: Iterable[BBox], share: float = 0.8) -> list[BBox]:
    """Without boxes that lie to more than ``share`` in a larger one; of equal ones the first stays."""
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
    return inside(wall, union([a, b])) > 0.5 and inside(wall, a) < 0.5 and inside(wall, b) < 0.5


def horizontal_overlap(a: BBox, b: BBox) -> float:
    """Common width over the narrower box's width, 0–1."""
    narrow = min(width(a), width(b))
    return max(0.0, min(a.x1, b.x1) - max(a.x0, b.x0)) / narrow if narrow > 0 else 0.0


def vertical_overlap(a: BBox, b: BBox) -> float:
    """Common height over the lower box's height, 0–1."""
    low = min(height(a), height(b))
    return max(0.0, min(a.y1, b.y1) - max(a.y0, b.y0)) / low if low > 0 else 0.0


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
    """A box of a page of this size, which was turned clockwise by so many quarters, on the page before the turn."""
    if quarters % 4 == 1:
        return BBox(box.y0, page_width - box.x1, box.y1, page_width - box.x0)
    if quarters % 4 == 2:
        return BBox(page_width - box.x1, page_height - box.y1, page_width - box.x0, page_height - box.y0)
    if quarters % 4 == 3:
        return BBox(page_height - box.y1, box.x0, page_height - box.y0, box.x1)
    return box


def turned(box: BBox, quarters: int, page_width: float, page_height: float) -> BBox:
    """A box of a page of this size on the same page turned clockwise by so many quarters."""
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
