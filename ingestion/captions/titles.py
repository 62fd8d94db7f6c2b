"""What names a figure or table beside its numbered caption: the heading above it, names of its parts, source notes.

Example: a chart without a number under the heading "Sales by region", with "Source: annual report" below it, gets the
caption "Sales by region", and the source on a line of its own.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

from ingestion.blocks import Block
from ingestion.captions.roles import MIN_OVERLAP, NOTE_GAP, TARGETS, is_note_block, is_numbered
from ingestion.elements import BBox
from ingestion.geometry import covered, gap, height, horizontal_overlap, in_one_column, vertical_overlap, width
from ingestion.text.caption_labels import caption_label

TITLE_GAP = 60.0  # points from a heading down to the figure without a number whose title it is, at most
TITLE_GAP_SHARE = 0.08  # the same as a share of the page's height, where that is more
TITLE_REACH = 12.0  # points: a heading as wide as the figure under it is its own, not the section's
PART_NAME_GAP = 16.0  # points between a row of pictures and the name of each


def take_inner_captions(items: Sequence[Block]) -> list[Block]:
    """Take captions out of tables whose first row they are: "Exhibit 20 …" over all columns."""
    result = []
    for block in items:
        head, _, rows = block.text.partition("\n\n|")
        if block.kind == "table" and not block.caption and rows and caption_label(head) is not None:
            block = replace(block, caption=" ".join(head.split()), text=f"|{rows}")
        result.append(block)
    return result


def add_part_names(items: Sequence[Block]) -> list[Block]:
    """Make the names of a figure's parts its caption.

    Several texts of kind caption in a row right at a figure without a number name its parts.
    """
    result = list(items)
    targets = [b for b in items if b.kind in TARGETS]
    names: dict[int, list[Block]] = defaultdict(list)
    for block in items:
        if block.kind == "caption" and not is_numbered(block) and not is_note_block(block, items) and targets:
            nearest = min(targets, key=lambda t: gap(t.bbox, block.bbox))
            if _names_part(block, nearest):
                names[items.index(nearest)].append(block)
    for t, parts in names.items():
        linked = next((b for b in parts if b.text == items[t].caption), None)
        if linked is not None:
            row = [b for b in parts if vertical_overlap(b.bbox, linked.bbox) > MIN_OVERLAP]
            caption = "\n".join(b.text for b in sorted(row, key=lambda b: b.bbox.x0))
            result[t] = replace(items[t], caption=caption)
    return result


def _names_part(block: Block, figure: Block) -> bool:
    """Whether a text stands right at a figure without a number, within its width."""
    box, frame = block.bbox, figure.bbox
    common = min(box.x1, frame.x1) - max(box.x0, frame.x0)
    near = gap(box, frame) <= PART_NAME_GAP and common > 0.8 * width(box) and not covered(box, frame)
    return near and figure.kind == "figure" and caption_label(figure.caption, classed=True) is None


def add_heading_titles(items: Sequence[Block], page: BBox) -> list[Block]:
    """Make the heading just above a figure or table without a number its title; ``page``: the page's box."""
    return [_with_heading_title(items, b, page) if b.kind in TARGETS else b for b in items]


def _with_heading_title(items: Sequence[Block], target: Block, page: BBox) -> Block:
    limit = max(TITLE_GAP, TITLE_GAP_SHARE * height(page))
    above = [
        b
        for b in items
        if b.kind in ("heading", "title")
        and b.bbox.y1 <= target.bbox.y0 + 4
        and target.bbox.y0 - b.bbox.y1 <= limit
        and horizontal_overlap(b.bbox, target.bbox) >= MIN_OVERLAP
    ]
    if not above or caption_label(target.caption, classed=True):
        return target
    title = max(above, key=lambda b: b.bbox.y1)
    if not target.caption:
        return replace(target, caption=title.text)
    within = title.bbox.x0 >= target.bbox.x0 - TITLE_REACH and title.bbox.x1 <= target.bbox.x1 + TITLE_REACH
    below = any(b.kind == "caption" and b.text in target.caption and b.bbox.y0 > target.bbox.y0 for b in items)
    return replace(target, caption=f"{title.text}\n{target.caption}") if within and below else target


def add_notes(items: Sequence[Block]) -> list[Block]:
    """Add source and note lines just below a figure or table to its caption, one per line."""
    result = list(items)
    for t, target in enumerate(items):
        if target.kind not in TARGETS:
            continue
        notes = _notes_below(items, target)
        for i in notes:
            result[i] = replace(items[i], kind="caption")
        caption = "\n".join(part for part in (target.caption, *(items[i].text for i in notes)) if part)
        result[t] = replace(target, caption=caption)
    return result


def _notes_below(items: Sequence[Block], target: Block) -> list[int]:
    """Indices of the notes under a figure or table, or under its caption, from top to bottom."""
    foot, notes = target.bbox, []
    for i in sorted(range(len(items)), key=lambda i: items[i].bbox.y0):
        block = items[i]
        if not (-2 <= block.bbox.y0 - foot.y1 <= NOTE_GAP and in_one_column(block.bbox, foot)):
            continue
        own = block.kind == "caption" and block.text in target.caption
        if own or is_note_block(block, items):
            foot = BBox(foot.x0, foot.y0, foot.x1, block.bbox.y1)
            notes += [] if own else [i]
    return notes
