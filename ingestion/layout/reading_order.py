"""The order in which a person reads a page: columns of prose one after the other. Pure.

The layout model's order is mostly right; it fails where it reads two columns in stripes. A gutter is a clear strip with
prose on both sides; what runs over it, a heading or a table, ends the columns before it. Only where the order jumps
over the gutter several times is it changed. What stands in columns within a drawn frame is read as a whole. Rows of
cards, which stand at equal heights on both sides, are no columns; headings read before the texts of their cards are
read with them. A drawn box over the whole breadth ends the columns above it, though its text be short.

Example: blocks read as left 1, right 1, left 2, right 2 become left 1, left 2, right 1, right 2.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise

from ingestion.blocks import Block
from ingestion.elements import BBox
from ingestion.geometry import MARGIN_BAND, area, height, in_one_row, union, wholly_inside, width
from ingestion.text.bidi import has_rtl

GUTTER = 8.0  # points of clear space between two columns, at least
EDGE = 2.0  # points by which a block may stand out of its column
OVER_SHARE = 0.5  # of the blocks that may run over a gutter
STRIPES = 2  # times that an order jumps over a gutter: once is to the next column
SENTENCE = 8  # words of a text that make a column prose
COLUMN_SHARE = 0.15  # of the page's width, of such a text
COLUMN_HEIGHT = 60.0  # points of a column, at least
LEVEL = 4.0  # points between the tops of cards in one row, at most
BELOW = 30.0  # points from a heading to its text, at most
BROAD = 1.2  # times as wide as high is a sheet of two pages, at least
NUMBER_SIGNS = " -–—|·"  # around the number of a page
NUMBER_LENGTH = 9  # characters of it
BAR_HEIGHT = 15.0  # points of a box over the columns, at least
BAR_WIDTH = 0.9  # of the breadth of all blocks, at least
LAST_COLUMN = 3  # times as high as the last column of a page the one before it is, where that is short


def order_columns(blocks: Sequence[Block], page: BBox, drawn: Iterable[BBox] = ()) -> list[Block]:
    """Put columns of prose one after the other where the given order jumps between them.

    Within a column the given order stays. Pages with right-to-left text, whose columns begin at the other side, are
    left as they are. ``page``: its box in points; ``drawn``: boxes of what is drawn, as frames.
    """
    if any(has_rtl(block.text) for block in blocks):
        return list(blocks)
    if _are_two_pages(blocks, page):
        return sorted(blocks, key=lambda block: _side(block, (page.x0 + page.x1) / 2) > 0)
    body = _with_card_texts([block for block in blocks if not block.furniture])
    drawn = list(drawn)
    frames = sorted((p for p in drawn if min(width(p), height(p)) >= COLUMN_HEIGHT), key=area)
    ordered = iter(_between_bars(body, page, frames, _bars(body, drawn, page)))
    return [block if block.furniture else next(ordered) for block in blocks]


def _are_two_pages(blocks: Sequence[Block], page: BBox) -> bool:
    """Whether a broad sheet has two pages beside each other: nothing stands over its middle, and the number of a page
    at the foot or top of its left half has the next one at that height of the right half."""
    middle = (page.x0 + page.x1) / 2
    if width(page) < BROAD * height(page) or any(b.bbox.x0 < middle < b.bbox.x1 for b in blocks):
        return False
    numbers = [b for b in blocks if b.text.strip(NUMBER_SIGNS).isdecimal() and len(b.text) <= NUMBER_LENGTH]
    outer = [b for b in numbers if min(b.bbox.y0 - page.y0, page.y1 - b.bbox.y1) <= MARGIN_BAND * height(page)]
    return any(
        int(a.text.strip(NUMBER_SIGNS)) + 1 == int(b.text.strip(NUMBER_SIGNS)) and in_one_row(a.bbox, b.bbox)
        for a in outer
        for b in outer
        if a.bbox.x1 < middle < b.bbox.x0
    )


def _bars(blocks: Sequence[Block], drawn: Iterable[BBox], page: BBox) -> list[BBox]:
    """Boxes, from top to bottom, that are drawn over the breadth of all columns, around short texts and nothing else,
    with nothing beside them."""
    gutter = _gutter(blocks, page)
    if gutter is None:
        return []
    broad = BAR_WIDTH * width(union(block.bbox for block in blocks))
    found: list[BBox] = []
    for bar in sorted((p for p in drawn if width(p) >= broad and height(p) >= BAR_HEIGHT), key=lambda p: p.y0):
        held = [block for block in blocks if wholly_inside(block.bbox, bar)]
        others = [block for block in blocks if block not in held]
        beside = any(block.bbox.y1 > bar.y0 + EDGE and block.bbox.y0 < bar.y1 - EDGE for block in others)
        texts = all(block.kind in ("text", "list", "heading") for block in held)
        sides = {_side(block, gutter) for block in held}
        if held and others and texts and not beside and sides in ({-1}, {1}) and (not found or bar.y0 >= found[-1].y1):
            found.append(bar)
    return found


def _between_bars(blocks: Sequence[Block], page: BBox, frames: Sequence[BBox], bars: Sequence[BBox]) -> list[Block]:
    """Blocks in order, those above a bar before what it holds, and those below it after that."""
    if not bars:
        return _ordered_by_frame(blocks, page, frames)
    bar = bars[0]
    held = [block for block in blocks if wholly_inside(block.bbox, bar)]
    above = [block for block in blocks if block not in held and block.bbox.y1 <= bar.y0 + EDGE]
    below = [block for block in blocks if block not in held and block not in above]
    return [*_ordered_by_frame(above, page, frames), *held, *_between_bars(below, page, frames, bars[1:])]


def _ordered_by_frame(blocks: Sequence[Block], page: BBox, frames: Sequence[BBox]) -> list[Block]:
    """Blocks in order; those of the smallest frame that holds columns, but not all, are read on their own."""
    for i, frame in enumerate(frames):
        held = [block for block in blocks if wholly_inside(block.bbox, frame)]
        if len(held) < len(blocks) and _gutter(held, page) is not None:
            whole = Block("text", frame)
            rest = [whole if block is held[0] else block for block in blocks if block is held[0] or block not in held]
            ordered = _ordered_by_frame(rest, page, frames[i + 1 :])
            place = ordered.index(whole)
            return [*ordered[:place], *_ordered(held, page), *ordered[place + 1 :]]
    return _ordered(blocks, page)


def _ordered(blocks: Sequence[Block], page: BBox) -> list[Block]:
    """Blocks column by column between those that run over the gutter; as they are where there is no gutter."""
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
    if jumps < STRIPES or not _are_high(left, right):
        return list(run)
    if _are_cards(left, right) and not _parts_headings(run, gutter):
        return list(run)
    first = run[0]
    if first.kind != "heading" and first in right and first.bbox.y1 <= left[0].bbox.y0:  # as a date over both
        return [first, *_column_by_column(run[1:], gutter, page)]
    last = run[-1]
    if (
        last.kind == "heading" and not _heads_next(left, right) and all(b.bbox.y1 <= last.bbox.y0 for b in run[:-1])
    ):  # as of what comes below both
        return [*_column_by_column(run[:-1], gutter, page), last]
    return [*_ordered(left, page), *_ordered(right, page)]


def _heads_next(left: Sequence[Block], right: Sequence[Block]) -> bool:
    """Whether the left column ends with a heading whose text begins the right one, the last and short."""
    last, first = max(left, key=lambda b: b.bbox.y1), min(right, key=lambda b: b.bbox.y0)
    level = abs(first.bbox.y0 - min(b.bbox.y0 for b in left)) <= LEVEL
    short = LAST_COLUMN * height(union(b.bbox for b in right)) <= height(union(b.bbox for b in left))
    return last.kind == "heading" and first.kind in ("text", "list") and level and short


def _are_high(left: Sequence[Block], right: Sequence[Block]) -> bool:
    """Whether both sides are as high as columns; the right one may be the last of a text, from the left one's top."""
    first, last = union(b.bbox for b in left), union(b.bbox for b in right)
    if min(height(first), height(last)) >= COLUMN_HEIGHT:
        return True
    headed = any(b.kind == "heading" for b in right) or _heads_next(left, right)
    begun = abs(first.y0 - last.y0) <= LEVEL and headed
    return begun and height(first) >= LAST_COLUMN * max(height(last), COLUMN_HEIGHT)


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
    """Whether there are sentences in a column, or points under headings, and not the cells or labels of one."""
    headed = sum(b.kind == "heading" for b in column) > 1 or any(b.kind == "list" for b in column)
    said = sum(len(b.text.split()) for b in column if b.kind in ("text", "list"))
    if headed and said >= SENTENCE:
        return True
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


def _with_card_texts(blocks: Sequence[Block]) -> list[Block]:
    """Blocks with headings that stand in one row, and were read before all that they head, each before its own."""
    result = list(blocks)
    place = 0
    while place < len(result):
        heads = [result[place]] if result[place].kind == "heading" else []
        while heads and place + len(heads) < len(result) and _is_next_head(heads[-1], result[place + len(heads)]):
            heads.append(result[place + len(heads)])
        end = place + max(1, len(heads))
        cards: list[list[Block]] = [[head] for head in sorted(heads, key=lambda head: head.bbox.x0)]
        while len(heads) > 1 and end < len(result) and (card := _card_of(result[end], cards)) is not None:
            card.append(result[end])
            end += 1
        if len(cards) > 1 and all(len(card) > 1 for card in cards):
            result[place:end] = [block for card in cards for block in card]
        place = end
    return result


def _is_next_head(head: Block, block: Block) -> bool:
    apart = max(block.bbox.x0 - head.bbox.x1, head.bbox.x0 - block.bbox.x1) >= GUTTER
    return block.kind == "heading" and in_one_row(head.bbox, block.bbox) and apart


def _card_of(block: Block, cards: Sequence[list[Block]]) -> list[Block] | None:
    """The card that a block goes on with: it stands below it, and reaches into no other."""
    if block.kind in ("heading", "title"):
        return None
    for i, card in enumerate(cards):
        head, last = card[0].bbox, card[-1].bbox
        right = cards[i + 1][0].bbox.x0 if i + 1 < len(cards) else float("inf")
        if head.x0 - EDGE <= block.bbox.x0 < block.bbox.x1 <= right and 0 <= block.bbox.y0 - last.y1 + EDGE <= BELOW:
            return card
    return None


def _parts_headings(run: Sequence[Block], gutter: float) -> bool:
    """Whether a heading was read without what stands right below it, which was read after the other side."""
    for i, block in enumerate(run[:-1]):
        if block.kind == "heading" and _side(run[i + 1], gutter) != _side(block, gutter):
            own = [b for b in run[i + 1 :] if _side(b, gutter) == _side(block, gutter)]
            if own and 0 <= own[0].bbox.y0 - block.bbox.y1 <= BELOW:
                return True
    return False
