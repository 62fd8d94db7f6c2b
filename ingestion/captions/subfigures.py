"""Figures made of several pictures: the parts under one caption become one figure. Pure.

From the captioned picture outwards, the nearest picture or sub-label ("(a) front view") is taken in as long as nothing
keeps it apart and the caption still stands under the whole.

Example: two pictures beside each other over "Figure 5: Pump, open and closed" become one figure of both.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from ingestion.blocks import Block
from ingestion.captions.roles import MIN_OVERLAP, is_numbered
from ingestion.elements import BBox
from ingestion.geometry import (
    MOSTLY_INSIDE,
    covered,
    gap,
    horizontal_overlap,
    in_one_column,
    inside,
    mostly_inside,
    stands_between,
    union,
    vertical_overlap,
    width,
)
from ingestion.text.caption_labels import MAX_SUBLABEL_CHARS, is_note, is_sublabel

GROUP_GAP = 40.0  # points between the parts of one figure, at most
GROUP_CENTRE = 0.15  # of the group's width: so far may the middle of its caption be off
OWN_CAPTION_GAP = 16.0  # points: a picture with a text of class caption this near has its own
SUBLABEL_GAP = 18.0  # points between a part and "(a) front view" under it


def group_subfigures(blocks: Sequence[Block], captions: Mapping[int, int]) -> list[Block]:
    """Join each captioned figure with its parts.

    ``captions``: index of a figure → index of its numbered caption. The joined figure has the box around its parts and
    their sub-labels, and all their words.
    """
    result: list[Block | None] = list(blocks)
    for figure, caption in captions.items():
        if blocks[figure].kind != "figure" or result[figure] is None:
            continue
        members = _members(result, figure, blocks[caption])
        if members:
            box = union([blocks[i].bbox for i in (figure, *members)])
            inner = [i for i, b in enumerate(result) if b is not None and i != caption and _lies_in(b, box)]
            parts = sorted({figure, *members, *inner})
            words = "\n".join(blocks[i].text for i in parts if blocks[i].text)
            for i in parts:
                result[i] = None
            result[figure] = replace(blocks[figure], bbox=box, text=words)
    return [block for block in result if block is not None]


def _lies_in(block: Block, box: BBox) -> bool:
    """Whether a block is a text within a figure, and no caption of another."""
    return block.kind in ("text", "list", "caption") and covered(block.bbox, box) and not is_numbered(block)


def _members(blocks: Sequence[Block | None], figure: int, caption: Block) -> list[int]:
    """Indices of what belongs to a figure besides itself, the nearest first."""
    first = blocks[figure]
    if first is None:
        return []
    box, members = _without(first.bbox, caption.bbox), [figure]
    while True:
        around = sorted((gap(b.bbox, box), i) for i, b in enumerate(blocks) if b is not None and i not in members)
        new = next((i for _, i in around if _belongs(blocks, i, box, caption)), None)
        if new is None:
            return members[1:]
        members.append(new)
        joined = blocks[new]
        box = union([box, joined.bbox]) if joined is not None else box


def _without(box: BBox, caption: BBox) -> BBox:
    """A figure's box without the caption that the layout model drew into its foot or head."""
    if inside(caption, box) < MOSTLY_INSIDE:
        return box
    below = caption.y0 + caption.y1 > box.y0 + box.y1
    return BBox(box.x0, box.y0, box.x1, caption.y0) if below else BBox(box.x0, caption.y1, box.x1, box.y1)


def _belongs(blocks: Sequence[Block | None], index: int, box: BBox, caption: Block) -> bool:
    """Whether a block is a part, or the label of a part, of the figure grown so far."""
    block = blocks[index]
    if block is None or block is caption:
        return False
    both = union([box, block.bbox])
    if mostly_inside(caption.bbox, both):
        return False
    if block.kind in ("text", "caption", "list") and is_sublabel(block.text):
        return gap(block.bbox, box) <= SUBLABEL_GAP and in_one_column(block.bbox, box)
    if block.kind != "figure" or block.caption or gap(block.bbox, box) > GROUP_GAP:
        return False
    if max(horizontal_overlap(block.bbox, box), vertical_overlap(block.bbox, box)) < MIN_OVERLAP:
        return False
    others = [b for b in blocks if b is not None and b is not block and b is not caption]
    return _spans(caption.bbox, block.bbox, both) and not any(_keeps_apart(other, box, block.bbox) for other in others)


def _spans(caption: BBox, part: BBox, both: BBox) -> bool:
    """Whether a caption stands under the whole of ``both``, not under one column of it."""
    middle = abs((caption.x0 + caption.x1) - (both.x0 + both.x1)) / 2 <= GROUP_CENTRE * width(both)
    return middle or horizontal_overlap(caption, part) >= MIN_OVERLAP


def _keeps_apart(other: Block, box: BBox, part: BBox) -> bool:
    """Whether a block keeps two pictures apart: it stands between them, or is the caption of the second alone."""
    numbered = is_numbered(other)
    between = stands_between(other.bbox, box, part)
    if other.kind == "caption" and not (numbered or is_sublabel(other.text) or is_note(other.text)):
        return between or gap(other.bbox, part) <= min(OWN_CAPTION_GAP, gap(other.bbox, box))
    wall = other.kind in ("heading", "title", "table") or bool(other.caption) or numbered
    return between and (wall or (other.kind != "figure" and len(other.text) > MAX_SUBLABEL_CHARS))
