"""Captions: which texts are captions, and which figure or table each belongs to.

Enters: :class:`Block` values of one page in reading order. Leaves: the same, figures and tables carrying their
captions, figures under one caption as one. Pure; must not know: PDF, pictures, other pages.

The caption of a figure or table is its numbered caption, or the heading just above it, or the text that layout classed
as its caption; a source or note line below follows on a line of its own.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import product
from typing import NamedTuple

from ingestion.blocks import MAX_CAPTION_CHARS, Block, Line
from ingestion.captions.roles import TARGETS, is_note_block, is_numbered
from ingestion.captions.subfigures import group_subfigures
from ingestion.captions.titles import add_heading_titles, add_notes, add_part_names, take_inner_captions
from ingestion.elements import BBox, ElementKind
from ingestion.geometry import (
    covered,
    gap,
    height,
    horizontal_overlap,
    in_one_row,
    mostly_inside,
    union,
    vertical_overlap,
)
from ingestion.text.caption_labels import (
    caption_label,
    is_bare_label,
    is_listing_entry,
    is_note,
    is_prose_about_label,
    is_sublabel,
)
from ingestion.text.cleaning import join_lines

MAX_GAP, MAX_GAP_SHARE = 70.0, 0.10  # points; of the page's height
MIN_OVERLAP = 0.30
COST_BETWEEN, COST_WRONG_KIND, COST_BESIDE = 25.0, 30.0, 4.0  # points of distance each is worth
COST_SMALL_BETWEEN, SMALL_WORDS = 5.0, 4  # a stray label between costs less than a paragraph
COST_OTHER_SIDE, COST_RARE_SIDE = 20.0, 4.0  # against the page's own custom; a custom that is rare
COST_UNLINKED = 200.0  # more than any link can cost
FOOT, MIN_LEFT = 12.0, 32.0  # points: a caption so near a figure's end is its foot; what is left is a figure
LINE_SPACING = 0.8  # of a line's height, between the lines of one caption
MAX_TITLE_CHARS, CENTRE_SHIFT = 300, 6.0  # points: a label centred over a text makes it a title, however long
LISTING_ENTRIES = 3  # captions that end in rising page numbers: a list of figures

_LEADS_ON = re.compile(
    r"(?:\b(?:in|see|and|from|of|by|the|with|to|or|as|per|on|also|siehe|und|vgl|voir|et|dans|la|véase|ver|en|y|vedi|e|zie|"
    r"se|och|og)|[(,;]|см\.?)$",
    re.IGNORECASE,
)
_PAGE_END = re.compile(r"\s(\d{1,4})$")


class _Link(NamedTuple):
    caption: int
    target: int
    cost: float


class _Custom(NamedTuple):
    """Where this page's captions stand: above their figures, above their tables."""

    figures_above: bool
    tables_above: bool


def link_captions(blocks: Sequence[Block], page: BBox) -> list[Block]:
    """Give every figure and table its caption; join figures that stand under one.

    A linked caption stays in the list as a block of kind ``caption``, so reading order is whole; a text that looked
    like a caption and found no figure keeps the kind that layout gave it unless its form leaves no doubt.
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
    return _restore_doubtful(add_notes(add_heading_titles(items, page)), {b.bbox: b.kind for b in blocks})


def free_captions(blocks: Sequence[Block], lines: Sequence[Line]) -> list[Block]:
    """Captions that layout drew into a figure's box: the lines from "Figure 3: …" down, as a block of their own.

    A figure that has them at its foot ends above them.
    """
    result: list[Block] = []
    for block in blocks:
        caption = _drawn_in(block, blocks, lines)
        if caption is None:
            result.append(block)
            continue
        box = block.bbox
        if caption.bbox.y1 >= box.y1 - FOOT and caption.bbox.y0 - box.y0 >= MIN_LEFT:
            block = replace(block, bbox=BBox(box.x0, box.y0, box.x1, caption.bbox.y0 - 1))
        result += [block, caption]
    return result


def _drawn_in(figure: Block, blocks: Sequence[Block], lines: Sequence[Line]) -> Block | None:
    """The caption inside a figure's box that no block holds."""
    if figure.kind != "figure":
        return None
    others = [b.bbox for b in blocks if b is not figure and b.kind != "figure"]
    inner = [
        x for x in lines if mostly_inside(x.bbox, figure.bbox) and not any(mostly_inside(x.bbox, o) for o in others)
    ]
    inner.sort(key=lambda line: (line.bbox.y0, line.bbox.x0))
    start = next((line for line in inner if (label := caption_label(line.text)) and label.number[-1:].isdigit()), None)
    if start is None:
        return None
    taken = [start]
    for line in inner[inner.index(start) + 1 :]:
        below = line.bbox.y0 - taken[-1].bbox.y1 < LINE_SPACING * height(start.bbox)
        if below and line.bbox.y0 > taken[-1].bbox.y0 + 1 and horizontal_overlap(line.bbox, start.bbox) > MIN_OVERLAP:
            taken.append(line)
    return Block("caption", union([line.bbox for line in taken]), join_lines(line.text for line in taken))


def find_captions(blocks: Sequence[Block]) -> list[Block]:
    """Blocks with captions by their words: numbered ones of any kind are, sentences about a figure are not."""
    listing = _is_listing(blocks)
    found: list[Block] = []
    before: Block | None = None
    for block in blocks:
        if block.kind == "caption" and (is_prose_about_label(block.text) or is_listing_entry(block.text)):
            block = replace(block, kind="text")
        elif block.kind in ("text", "list", "heading", "title") and _could_be_caption(block, before) and not listing:
            block = replace(block, kind="caption")
        if block.kind not in TARGETS:
            before = block
        found.append(block)
    return found


def join_split_labels(blocks: Sequence[Block]) -> list[Block]:
    """ "TABLE I" and its title are often two boxes: join them."""
    joined: list[Block] = []
    for block in blocks:
        last = joined[-1] if joined else None
        if last is not None and last.kind == "caption" and is_bare_label(last.text) and _is_title_of(block, last):
            text = f"{last.text.rstrip(' .:')}: {block.text}"
            joined[-1] = replace(last, text=text, bbox=union([last.bbox, block.bbox]))
        else:
            joined.append(block)
    return joined


def _could_be_caption(block: Block, before: Block | None) -> bool:
    if len(block.text) > MAX_CAPTION_CHARS or caption_label(block.text) is None:
        return False
    if sum(caption_label(line) is not None for line in block.text.split("\n")) > 1:
        return False
    return not (before is not None and before.kind == "text" and _LEADS_ON.search(before.text.rstrip()))


def _is_listing(blocks: Sequence[Block]) -> bool:
    """Whether the page lists figures or tables with their page numbers."""
    lines = [line for b in blocks if b.kind not in TARGETS for line in b.text.split("\n")]
    ends = [int(m[1]) for line in lines if caption_label(line, classed=True) and (m := _PAGE_END.search(line))]
    return len(ends) >= LISTING_ENTRIES and ends == sorted(ends)


def _is_title_of(block: Block, label: Block) -> bool:
    below = 0 <= block.bbox.y0 - label.bbox.y1 < 14 and horizontal_overlap(block.bbox, label.bbox) > MIN_OVERLAP
    beside = 0 <= block.bbox.x0 - label.bbox.x1 < 24 and in_one_row(block.bbox, label.bbox)
    words = block.kind in ("text", "caption", "heading") and not is_note(block.text)
    if not words or caption_label(block.text, classed=True) is not None or not (below or beside):
        return False
    centred = abs((block.bbox.x0 + block.bbox.x1) - (label.bbox.x0 + label.bbox.x1)) / 2 <= CENTRE_SHIFT
    aside = label.bbox.x0 - block.bbox.x0 > CENTRE_SHIFT
    return len(block.text) < (MAX_CAPTION_CHARS if centred and aside else MAX_TITLE_CHARS)


def _link(items: Sequence[Block], captions: Sequence[int], page: BBox) -> tuple[list[Block], list[_Link]]:
    """Pair captions with figures and tables that have none, or "Fig. 3" only, by the page's likeliest custom."""
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
    """What a link is worth in points of distance; -1 where there can be none."""
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
    """What a block that stands between the two costs."""
    low, high = min(caption.bbox.y1, target.bbox.y1), max(caption.bbox.y0, target.bbox.y0)
    left, right = min(caption.bbox.x1, target.bbox.x1), max(caption.bbox.x0, target.bbox.x0)
    box = block.bbox
    stacked = low - 1 <= box.y0 and box.y1 <= high + 1 and horizontal_overlap(box, target.bbox) > MIN_OVERLAP
    beside = left - 1 <= box.x0 and box.x1 <= right + 1 and vertical_overlap(box, caption.bbox) > MIN_OVERLAP
    if not (stacked or beside):
        return 0.0
    small = block.kind not in TARGETS and not is_numbered(block) and len(block.text.split()) <= SMALL_WORDS
    return COST_SMALL_BETWEEN if small or is_sublabel(block.text) else COST_BETWEEN


def _restore_doubtful(items: Sequence[Block], kinds: Mapping[BBox, ElementKind]) -> list[Block]:
    """A text that only its words made a caption, and that found no figure, is what layout called it again, unless
    "Figure 3" leaves no doubt: "Exhibit A" may be a heading."""
    linked = {line for b in items if b.kind in TARGETS for line in (b.caption, *b.caption.split("\n"))}
    settled = []
    for block in items:
        label = caption_label(block.text)
        doubtful = label is not None and (label.series not in ("figure", "table") or not label.number[-1:].isdigit())
        if block.kind == "caption" and doubtful and block.text not in linked:
            block = replace(block, kind=kinds.get(block.bbox, block.kind))
        settled.append(block)
    return settled
