"""The order in which a person reads a page: columns one by one; where a block found late belongs. Pure.

Enters: :class:`Block` values of one page in the order that layout gives. Leaves: the same in order, with further ones
put in their places. Must not know: PDF, pictures, other pages.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import pairwise

from ingestion.blocks import Block
from ingestion.elements import BBox
from ingestion.geometry import (
    COVERED,
    area,
    covered,
    height,
    horizontal_overlap,
    inside,
    union,
    vertical_overlap,
    wholly_inside,
    width,
)
from ingestion.text.bidi import has_rtl

COLUMN_OVERLAP = 0.3  # of the narrower width: two blocks stand in one column
ROW_OVERLAP, ROW_GAP = 0.5, 24.0  # of the lower height; points between a label and what stands beside it
GUTTER, EDGE = 8.0, 2.0  # points between columns; by which a block may stand out of its column
OVER_SHARE = 0.5  # of the blocks that may run over a gutter
STRIPES = 2  # times that an order jumps over a gutter: once is to the next column
SENTENCE, COLUMN_SHARE = 8, 0.15  # words of a text, and its share of the page's width, that make a column prose
COLUMN_HEIGHT = 60.0  # points of a column at least
LEVEL = 4.0  # points between the tops of cards in one row
BOX_SIDE, BOX_SHARE = 24.0, 0.5  # points of a drawn box at least; of the page at most
BANNER_SHARE = 0.6  # of the page's width
BELOW = 30.0  # points from a heading to its text
SPANNING = 1.5  # times as wide: a heading or picture over several columns


def insert_late(blocks: Sequence[Block], late: Iterable[Block]) -> list[Block]:
    """The blocks with late ones put where a reader comes by them."""
    result = list(blocks)
    for block in late:
        result.insert(insertion_index(block.bbox, [other.bbox for other in result]), block)
    return result


def insertion_index(box: BBox, others: Sequence[BBox]) -> int:
    """The index at which a box belongs among others in reading order.

    After what holds it or stands beside it on the left; else next to its nearest neighbour in its column.
    """
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
    """The place behind a picture or table among what lies in it, too."""
    held = [i for i, other in enumerate(others) if i > holder and covered(other, others[holder])]
    place = insertion_index(box, [others[i] for i in held]) if held else 0
    if place < len(held):
        return held[place]
    return held[-1] + 1 if held else holder + 1


def may_head(heading: Block, block: Block, others: Iterable[Block]) -> bool:
    """Whether a block that is read after a heading of its page may stand under it.

    One in a drawn box heads what is in the box. One beside and right of the block, in the next column, does not head
    it unless something runs over both columns in between, from where reading goes on.
    """
    if heading.frame is not None and inside(block.bbox, heading.frame) < COVERED:
        return False
    box = heading.bbox
    if box.x0 < block.bbox.x1 - EDGE or has_rtl(block.text):
        return True
    low, high = box.y1 - EDGE, block.bbox.y0 + EDGE
    return any(
        low <= other.bbox.y0
        and other.bbox.y1 <= high
        and other.bbox.x0 < block.bbox.x1
        and other.bbox.x1 > box.x0 + EDGE
        for other in others
    )


def mark_heading_frames(blocks: Sequence[Block], paths: Iterable[BBox], page: BBox) -> list[Block]:
    """Headings with the drawn box, a rectangle or a fill, in which they stand with the text they head. A banner over
    the page heads the page."""
    drawn = {p for p in paths if min(width(p), height(p)) >= BOX_SIDE and inside(page, p) <= BOX_SHARE}
    texts = [b.bbox for b in blocks if b.kind in ("text", "list") and b.text]
    found = [p for p in drawn if any(wholly_inside(box, p) for box in texts)]
    first = next((b for b in blocks if not b.furniture), None)
    result = []
    for block in blocks:
        around = [p for p in found if block.kind == "heading" and wholly_inside(block.bbox, p)]
        if block is first:
            around = [p for p in around if width(p) < BANNER_SHARE * width(page)]
        result.append(replace(block, frame=min(around, key=area)) if around else block)
    return result


def _is_left_of(other: BBox, box: BBox) -> bool:
    return 0 <= box.x0 - other.x1 <= ROW_GAP and vertical_overlap(other, box) > ROW_OVERLAP


def order_columns(blocks: Sequence[Block], page: BBox) -> list[Block]:
    """The blocks with columns of prose read one after the other where the given order jumps between them.

    What runs over a gutter, a heading or a table, ends the columns before it. Within a column the given order stays.
    Rows of cards, which stand at equal heights on both sides of a gutter, are no columns; nor is right-to-left text
    looked at, whose columns begin at the other side.
    """
    if any(has_rtl(block.text) for block in blocks):
        return list(blocks)
    body = [block for block in blocks if not block.furniture]
    ordered = iter(_ordered(body, page))
    return [block if block.furniture else next(ordered) for block in blocks]


def _ordered(blocks: Sequence[Block], page: BBox) -> list[Block]:
    gutter = _gutter(blocks, page)
    if gutter is None:
        return list(blocks)
    result: list[Block] = []
    run: list[Block] = []
    for block in [*blocks, None]:
        if block is not None and _side(block, gutter):
            run.append(block)
            continue
        result += _column_by_column(run, gutter, page)
        run = []
        if block is not None:
            result.append(block)
    return result


def _column_by_column(run: Sequence[Block], gutter: float, page: BBox) -> list[Block]:
    """What stands between two blocks that run over the gutter, in columns if it was read in stripes."""
    left, right = ([b for b in run if _side(b, gutter) == side] for side in (-1, 1))
    jumps = sum(_side(a, gutter) != _side(b, gutter) for a, b in pairwise(run))
    if jumps < STRIPES or min(height(union(b.bbox for b in side)) for side in (left, right)) < COLUMN_HEIGHT:
        return list(run)
    if _are_cards(left, right) and not _parts_headings(run, gutter):
        return list(run)
    first = run[0]
    if first.kind != "heading" and first in right and first.bbox.y1 <= left[0].bbox.y0:  # a date over both
        return [first, *_column_by_column(run[1:], gutter, page)]
    last = run[-1]
    if last.kind == "heading" and all(b.bbox.y1 <= last.bbox.y0 for b in run[:-1]):  # of what comes below both
        return [*_column_by_column(run[:-1], gutter, page), last]
    return [*_ordered(left, page), *_ordered(right, page)]


def _gutter(blocks: Sequence[Block], page: BBox) -> float | None:
    """The right edge of the clear strip that parts two columns of prose with the fewest blocks over it."""
    best: tuple[int, float] | None = None
    for x in sorted({block.bbox.x0 for block in blocks}):
        sides = [_side(block, x) for block in blocks]
        left, right = ([b for b, own in zip(blocks, sides, strict=True) if own == side] for side in (-1, 1))
        over = sides.count(0)
        clear = left and right and x - max(b.bbox.x1 for b in left) >= GUTTER
        if not clear or over > OVER_SHARE * len(blocks) or not all(_is_prose(side, page) for side in (left, right)):
            continue
        if _side_by_side(left, right) and (best is None or over < best[0]):
            best = over, x
    return None if best is None else best[1]


def _side(block: Block, gutter: float) -> int:
    """-1 left of the gutter, 1 right of it, 0 over it."""
    if block.bbox.x1 <= gutter:
        return -1
    return 1 if block.bbox.x0 >= gutter - EDGE else 0


def _is_prose(column: Sequence[Block], page: BBox) -> bool:
    """Whether there are sentences in a column, and not the cells or labels of one."""
    long = [b for b in column if b.kind in ("text", "list") and len(b.text.split()) >= SENTENCE]
    return bool(long) and max(width(b.bbox) for b in long) >= COLUMN_SHARE * width(page)


def _side_by_side(left: Sequence[Block], right: Sequence[Block]) -> bool:
    """Whether two columns stand beside each other for half the height of the shorter one."""
    a, b = union(block.bbox for block in left), union(block.bbox for block in right)
    return min(a.y1, b.y1) - max(a.y0, b.y0) >= min(height(a), height(b)) / 2


def _are_cards(left: Sequence[Block], right: Sequence[Block]) -> bool:
    """Whether most blocks below the first of each side stand at the height of one on the other side."""
    tops = [sorted(block.bbox.y0 for block in side) for side in (left, right)]
    lower = [(y, other) for side, other in ((tops[0], tops[1]), (tops[1], tops[0])) for y in side[1:]]
    level = sum(any(abs(y - v) <= LEVEL for v in other) for y, other in lower)
    return level > len(lower) / 2


def _parts_headings(run: Sequence[Block], gutter: float) -> bool:
    """Whether a heading was read without what stands right below it, which was read after the other side."""
    for i, block in enumerate(run[:-1]):
        if block.kind == "heading" and _side(run[i + 1], gutter) != _side(block, gutter):
            own = [b for b in run[i + 1 :] if _side(b, gutter) == _side(block, gutter)]
            if own and 0 <= own[0].bbox.y0 - block.bbox.y1 <= BELOW:
                return True
    return False
