"""What belongs together on a page: a figure with its title and notes, figures side by side, a slide as a whole. Pure.

A reader cuts out a chart with its title and source line, and a row of charts or the body of a slide as one picture. The
first makes boxes larger, the second adds figures behind their last part.

Example: two charts 30 points apart, with no text between them, stay figures and become the parts of a third.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ingestion.blocks import Block
from ingestion.captions.roles import WALL_CHARS
from ingestion.elements import BBox
from ingestion.geometry import SLIDE_ASPECT, area, gap, height, iou, stands_between, union, wholly_inside, width
from ingestion.text.caption_labels import caption_label

FRAME_GAP = 70.0  # points from a figure or table to its title or caption, at most
FRAME_GROWTH = 0.75  # of its own area, by which a figure grows to its title: a longer one is not cut out too
NUMBERED_GROWTH = 1.5  # the same for a numbered caption
GROUP_GAP = 40.0  # points between figures of one group, at most
SAME = 0.8  # intersection over union above which two boxes are one thing


def grow_to_captions(blocks: Sequence[Block]) -> list[Block]:
    """Grow figures and tables to their caption, title and notes; ``body`` keeps the thing itself."""
    return [replace(b, bbox=_framed(b, blocks), body=b.bbox) if b.kind in ("figure", "table") else b for b in blocks]


def add_composites(blocks: Sequence[Block], page: BBox) -> list[Block]:
    """Add a figure for every group of figures, and one for the body of a slide that shows some.

    A page wider than high is a slide; ``page``: its box.
    """
    result = list(blocks)
    for group in _groups([b for b in blocks if b.kind == "figure"], _walls(blocks)):
        _add(result, replace(_composite(group), parts=tuple(b.bbox for b in group)))
    body = [b for b in blocks if b.kind not in ("title", "heading") and not b.furniture]
    if width(page) >= SLIDE_ASPECT * height(page) and any(b.kind == "figure" for b in body):
        _add(result, _composite(body))
    return result


def _framed(block: Block, blocks: Sequence[Block]) -> BBox:
    """The box with the texts that its caption was made of, the nearest first, as far as they are no longer than it."""
    box = block.bbox
    named = [b.bbox for b in blocks if b.kind in ("caption", "heading", "title") and b.text and b.text in block.caption]
    growth = NUMBERED_GROWTH if caption_label(block.caption) else FRAME_GROWTH
    for part in sorted(named, key=lambda part: gap(part, block.bbox)):
        grown = union([box, part])
        if gap(part, box) <= FRAME_GAP and area(grown) <= (1 + growth) * area(block.bbox):
            box = grown
    return box


def _walls(blocks: Sequence[Block]) -> list[BBox]:
    """Boxes of what keeps figures apart."""
    return [b.bbox for b in blocks if b.kind in ("heading", "title", "table") or len(b.text) > WALL_CHARS]


def _groups(figures: Sequence[Block], walls: Sequence[BBox]) -> list[list[Block]]:
    """Figures that stand near each other with nothing between them, two or more per group."""
    groups: list[list[Block]] = []
    for figure in figures:
        near = [g for g in groups if any(_beside(figure.bbox, member.bbox, walls) for member in g)]
        groups = [g for g in groups if g not in near]
        groups.append([member for g in near for member in g] + [figure])
    return [g for g in groups if len(g) > 1]


def _beside(a: BBox, b: BBox, walls: Sequence[BBox]) -> bool:
    return gap(a, b) <= GROUP_GAP and not any(stands_between(wall, a, b) for wall in walls)


def _composite(parts: Sequence[Block]) -> Block:
    """Several blocks as one figure with their captions and words."""
    captions = list(dict.fromkeys(p.caption for p in parts if p.caption))
    text = "\n".join(p.text for p in parts if p.text)
    box = union([p.bbox for p in parts])
    return Block("figure", box, text, caption="\n".join(captions))


def _add(blocks: list[Block], composite: Block) -> None:
    """Behind its last part, unless a figure or table is as good as the same."""
    if any(b.kind in ("figure", "table") and iou(b.bbox, composite.bbox) > SAME for b in blocks):
        return
    last = max(i for i, b in enumerate(blocks) if wholly_inside(b.bbox, composite.bbox))
    blocks.insert(last + 1, composite)
