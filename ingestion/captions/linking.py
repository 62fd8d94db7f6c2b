"""Which figure or table each caption belongs to. Pure.

The caption of a figure or table is its numbered caption, or the heading just above it, or the text that the layout
model classed as its caption; a source or note line below follows on a line of its own.

Every pair of a caption and a figure has a cost in points of distance: how far apart they stand, what stands between
them, whether word and kind agree. A page puts the captions of its figures on one side, and those of its tables: the
custom (four are possible) with the lowest total wins, and the cheapest pairs are taken first.

Example: between two figures, "Figure 2: …" belongs to the one above it if "Figure 3: …" stands below the other.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import product
from typing import NamedTuple

from ingestion.blocks import Block
from ingestion.captions.finding import find_captions, join_split_labels, restore_doubtful
from ingestion.captions.roles import MIN_OVERLAP, TARGETS, is_note_block, is_numbered
from ingestion.captions.subfigures import group_subfigures
from ingestion.captions.titles import add_heading_titles, add_notes, add_part_names, take_inner_captions
from ingestion.elements import BBox
from ingestion.geometry import (
    covered,
    gap,
    height,
    horizontal_overlap,
    vertical_overlap,
)
from ingestion.text.caption_labels import (
    caption_label,
    is_bare_label,
    is_sublabel,
)

MAX_GAP = 70.0  # points from a caption to what it names, at most
MAX_GAP_SHARE = 0.10  # the same as a share of the page's height, where that is more
COST_BETWEEN = 25.0  # points of distance that a paragraph between the two is worth
COST_SMALL_BETWEEN = 5.0  # the same of a stray label: less than a paragraph
SMALL_WORDS = 4  # of a stray label, at most
COST_WRONG_KIND = 30.0  # points of distance: "Table 3" at a figure
COST_BESIDE = 4.0  # points of distance: a caption beside what it names, not above or below it
COST_OTHER_SIDE = 20.0  # points of distance: against the page's own custom
COST_RARE_SIDE = 4.0  # points of distance: a custom that is rare, figures under their captions or tables over them
COST_UNLINKED = 200.0  # points of distance of a caption without a figure: more than any link can cost


class _Link(NamedTuple):
    """A caption and what it names, as indices of blocks, and what the pair costs in points of distance."""

    caption: int
    target: int
    cost: float


class _Custom(NamedTuple):
    """Where this page's captions stand: above their figures, above their tables."""

    figures_above: bool
    tables_above: bool


def link_captions(blocks: Sequence[Block], page: BBox) -> list[Block]:
    """Give every figure and table of a page its caption; join figures that stand under one.

    A linked caption stays in the list as a block of kind ``caption``, so that reading order is whole. A text that
    looked like a caption and found no figure keeps the layout model's kind unless its form leaves no doubt. ``page``:
    its box.
    """
    items = take_inner_captions(join_split_labels(find_captions(blocks)))
    numbered = [i for i, b in enumerate(items) if is_numbered(b)]
    items, linked = _link(items, numbered, page)
    items = group_subfigures(items, {link.target: link.caption for link in linked})
    plain = [
        i for i, b in enumerate(items) if b.kind == "caption" and not is_numbered(b) and not is_note_block(b, items)
    ]
    items, _ = _link(items, plain, page)
    items = add_part_names(items)
    return restore_doubtful(add_notes(add_heading_titles(items, page)), {b.bbox: b.kind for b in blocks})


def _link(items: Sequence[Block], captions: Sequence[int], page: BBox) -> tuple[list[Block], list[_Link]]:
    """Captions paired with figures and tables that have none, or "Fig. 3" only, by the page's likeliest custom."""
    targets = [i for i, b in enumerate(items) if b.kind in TARGETS and (not b.caption or is_bare_label(b.caption))]
    if not captions or not targets:
        return list(items), []
    best: list[_Link] = []
    lowest = float("inf")
    for custom in (_Custom(*sides) for sides in product((False, True), repeat=2)):
        links = _pairs(items, captions, targets, page, custom)
        total = sum(link.cost for link in links) + COST_UNLINKED * (len(captions) - len(links))
        if total < lowest - 1e-6:
            best, lowest = links, total
    result = list(items)
    for link in best:
        caption = "\n".join(part for part in (result[link.target].caption, result[link.caption].text) if part)
        result[link.target] = replace(result[link.target], caption=caption)
    return result, best


def _pairs(
    items: Sequence[Block], captions: Sequence[int], targets: Sequence[int], page: BBox, custom: _Custom
) -> list[_Link]:
    """The cheapest pairs first, each caption and each target once."""
    links = [_Link(c, t, cost) for c in captions for t in targets if (cost := _cost(items, c, t, page, custom)) >= 0]
    taken: set[int] = set()
    kept = []
    for link in sorted(links, key=lambda link: link.cost):
        if not taken & {link.caption, link.target}:
            taken |= {link.caption, link.target}
            kept.append(link)
    return kept


def _cost(items: Sequence[Block], c: int, t: int, page: BBox, custom: _Custom) -> float:
    """What a link costs in points of distance; -1 where there can be none. ``c``, ``t``: indices of the two."""
    caption, target = items[c], items[t]
    distance = gap(caption.bbox, target.bbox)
    beside = vertical_overlap(caption.bbox, target.bbox) >= MIN_OVERLAP
    stacked = horizontal_overlap(caption.bbox, target.bbox) >= MIN_OVERLAP
    if distance > max(MAX_GAP, MAX_GAP_SHARE * height(page)) or not (beside or stacked):
        return -1.0
    label = caption_label(caption.text, classed=True)
    if label is None and covered(caption.bbox, target.bbox):  # words in a picture
        return -1.0
    cost = distance + sum(_cost_between(b, caption, target) for i, b in enumerate(items) if i not in (c, t))
    if label and label.family not in ("any", target.kind):
        cost += COST_WRONG_KIND
    if not stacked:
        return cost + COST_BESIDE
    above = caption.bbox.y1 <= (target.bbox.y0 + target.bbox.y1) / 2
    usual = custom.tables_above if target.kind == "table" else custom.figures_above
    rare = usual != (target.kind == "table")
    return cost + COST_OTHER_SIDE * (above != usual) + COST_RARE_SIDE * rare


def _cost_between(block: Block, caption: Block, target: Block) -> float:
    """What a block costs that stands between the two; 0 where it does not."""
    low, high = min(caption.bbox.y1, target.bbox.y1), max(caption.bbox.y0, target.bbox.y0)
    left, right = min(caption.bbox.x1, target.bbox.x1), max(caption.bbox.x0, target.bbox.x0)
    box = block.bbox
    stacked = low - 1 <= box.y0 and box.y1 <= high + 1 and horizontal_overlap(box, target.bbox) > MIN_OVERLAP
    beside = left - 1 <= box.x0 and box.x1 <= right + 1 and vertical_overlap(box, caption.bbox) > MIN_OVERLAP
    if not (stacked or beside):
        return 0.0
    small = block.kind not in TARGETS and not is_numbered(block) and len(block.text.split()) <= SMALL_WORDS
    return COST_SMALL_BETWEEN if small or is_sublabel(block.text) else COST_BETWEEN
