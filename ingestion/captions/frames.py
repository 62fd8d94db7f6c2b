"""What stands in a frame or between rules at a numbered caption, where the layout model saw only text. Pure.

Prompts, listings, algorithms and ruled tables of words are text to the model. A numbered caption that found no figure
is a sign of them: the largest drawn frame beside it, or the stretch between rules of one width, becomes its figure or
table.

Example: "Figure 7: Prompt" under a framed text makes the frame a figure with that text.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from ingestion.blocks import Block
from ingestion.captions.roles import TARGETS, is_numbered
from ingestion.elements import BBox
from ingestion.geometry import RULE_WIDTH, area, covered, gap, height, in_one_column, inside, union, width
from ingestion.text.caption_labels import CaptionLabel, caption_label

TOUCH = 3.0  # points between lines and fills of one frame
MIN_WIDTH = 90.0  # points of a frame or rule
MIN_HEIGHT = 30.0  # points of a frame, or of what stands between rules
PAGE_SHARE = 0.80  # of the page: a larger frame is the page's own
REACH = 30.0  # points between a caption and its frame
STACK_GAP = 24.0  # points between frames under one caption
RULE_SHIFT = 4.0  # points: rules of one table end so near each other
RULE_GAP = 60.0  # points between the rules of one table, at most
BODY_GAP = 420.0  # the same over the body of a table, which happens once
MIN_RULES = 3  # above, below and under the head of a table
MAX_PATHS = 3000  # more paths than this are a drawing, and joining them is slow
FRAME_GAP = 8.0  # points between a rule and the text it frames
BLOCKED_SHARE = 0.3  # of a region or of another figure under the other: the region is that figure


def add_framed_regions(
    blocks: Sequence[Block], linked: Sequence[Block], paths: Sequence[BBox], page: BBox
) -> list[Block] | None:
    """Add framed regions for the numbered captions that ``linked`` left alone; None where there are none.

    ``blocks`` and ``linked`` are the page's before and after linking, ``paths`` the boxes of what is drawn on it,
    ``page`` its own, in points. The words in a region become its text.
    """
    lone = [(block, label) for block in blocks if (label := _lone(block, linked)) is not None]
    if not lone or len(paths) > MAX_PATHS:
        return None
    frames, rules = _frames(paths, page), _rules(paths)
    result = list(blocks)
    for caption, label in lone:
        walls = [b.bbox for b in result if b is not caption and (b.kind in TARGETS or is_numbered(b))]
        near = [box for box in _regions(caption.bbox, label, frames, rules) if not _blocked(box, walls)]
        if near:
            result = _with_region(result, caption, label, max(near, key=area))
    return result if len(result) != len(blocks) or result != list(blocks) else None


def _lone(block: Block, linked: Sequence[Block]) -> CaptionLabel | None:
    """The label of a caption with a number that no figure or table carries."""
    label = caption_label(block.text, classed=block.kind == "caption") if block.kind not in TARGETS else None
    if label is None or not any(c.isdigit() for c in label.number):
        return None
    return None if any(b.kind in TARGETS and block.text in b.caption for b in linked) else label


def _frames(paths: Iterable[BBox], page: BBox) -> list[BBox]:
    """Boxes, and boxes around paths that touch: the grid of a table, the border of a box, the fills of a listing."""
    own = [path for path in paths if area(path) <= PAGE_SHARE * area(page)]
    parts, count = own, len(own) + 1
    while len(parts) < count:
        count, parts = len(parts), _joined(parts)
    sized = [box for box in {*own, *parts} if width(box) >= MIN_WIDTH and height(box) >= MIN_HEIGHT]
    return sorted(box for box in sized if area(box) <= PAGE_SHARE * area(page))


def _joined(boxes: Iterable[BBox]) -> list[BBox]:
    """Boxes with those that touch as one."""
    parts: list[BBox] = []
    for box in boxes:
        touching = [part for part in parts if gap(part, box) <= TOUCH]
        parts = [*(part for part in parts if part not in touching), union([box, *touching])]
    return parts


def _rules(paths: Iterable[BBox]) -> list[BBox]:
    """Horizontal rules from top to bottom."""
    return sorted((p for p in paths if height(p) <= RULE_WIDTH and width(p) >= MIN_WIDTH), key=lambda p: p.y0)


def _regions(caption: BBox, label: CaptionLabel, frames: Sequence[BBox], rules: Sequence[BBox]) -> list[BBox]:
    """What could stand under, or over, or around a caption."""
    head = _headed(caption, rules)
    if head is not None:
        return [head]
    found = [box for below in (False, True) if (box := _stack(caption, frames, below)) is not None]
    found += [box for box in frames if covered(caption, box)]
    found += [box for below in (False, True) if (box := _ruled(caption, rules, below)) is not None]
    if label.family == "figure":  # its caption stands below
        above = [box for box in found if box.y1 <= caption.y0 + TOUCH]
        found = above or found
    return found


def _stack(caption: BBox, frames: Sequence[BBox], below: bool) -> BBox | None:
    """Frames one after the other from the caption on."""
    box: BBox | None = None
    for frame in sorted(frames, key=lambda f: f.y0 if below else -f.y1):
        edge = box or caption
        distance = frame.y0 - edge.y1 if below else edge.y0 - frame.y1
        if -TOUCH <= distance <= (STACK_GAP if box else REACH) and in_one_column(frame, edge):
            box = union([box, frame]) if box else frame
    return box


def _ruled(caption: BBox, rules: Sequence[BBox], below: bool) -> BBox | None:
    """From the rule next to a caption on to the last one of the same width; one long gap is the body of a table.

    Two rules are no table: one of them may be the page's.
    """
    ahead = [r for r in rules if (r.y0 >= caption.y1 - 1 if below else r.y1 <= caption.y0 + 1)]
    ahead = ahead if below else ahead[::-1]
    first = next((r for r in ahead if gap(r, caption) <= REACH and in_one_column(r, caption)), None)
    if first is None:
        return None
    taken, long = [first], False
    for rule in ahead[ahead.index(first) + 1 :]:
        if not _same_ends(rule, first):
            continue
        distance = gap(rule, taken[-1])
        if distance > BODY_GAP or (distance > RULE_GAP and (long or len(taken) > 2)):
            break
        long = long or distance > RULE_GAP
        taken.append(rule)
    box = union(taken)
    return box if height(box) >= MIN_HEIGHT and len(taken) >= MIN_RULES else None


def _headed(caption: BBox, rules: Sequence[BBox]) -> BBox | None:
    """An algorithm: its label stands between two rules, a third closes it, unless the label's text is all of it."""
    near = [r for r in rules if gap(r, caption) <= FRAME_GAP and in_one_column(r, caption)]
    above = [r for r in near if r.y1 <= caption.y0 + 1]
    below = [r for r in near if r.y0 >= caption.y1 - 1 and above and _same_ends(r, above[-1])]
    if not below:
        return None
    box = union([above[-1], caption, below[0]])
    closing = [r for r in rules if FRAME_GAP < r.y0 - box.y1 <= BODY_GAP and _same_ends(r, below[0])]
    if height(box) < MIN_HEIGHT and closing:
        box = union([box, closing[0]])
    return box if height(box) >= MIN_HEIGHT else None


def _same_ends(a: BBox, b: BBox) -> bool:
    """Whether two rules begin and end at the same place."""
    return abs(a.x0 - b.x0) <= RULE_SHIFT and abs(a.x1 - b.x1) <= RULE_SHIFT


def _blocked(box: BBox, walls: Sequence[BBox]) -> bool:
    """Whether a region is taken: another figure, table or caption stands in it."""
    return any(inside(wall, box) > BLOCKED_SHARE or inside(box, wall) > BLOCKED_SHARE for wall in walls)


def _with_region(blocks: Sequence[Block], caption: Block, label: CaptionLabel, box: BBox) -> list[Block]:
    """The blocks with a region in the place of the words it holds."""
    held = [b for b in blocks if b is not caption and b.kind not in TARGETS and covered(b.bbox, box)]
    words = "\n".join(b.text for b in held if b.text)
    listing = bool(held) and all(b.code for b in held)
    region = Block("table" if label.family == "table" else "figure", box, words, code=listing)
    result: list[Block] = []
    for block in blocks:
        if block is (held[0] if held else caption):
            result.append(region)
        if not any(block is inner for inner in held):
            result.append(replace(block, kind="caption") if block is caption else block)
    return result
