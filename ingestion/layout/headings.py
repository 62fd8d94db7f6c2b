"""Headings of a page that the layout model split: lines of one, or a number and its title, become one heading. Pure.

A heading goes on in the next line if that has its size, is close below and starts in lower case, or if the first line
ends open ("Care and") or fills its column.

Example: "Chapter 3" above "Maintenance" becomes "Chapter 3 Maintenance".
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from ingestion.blocks import Block
from ingestion.geometry import gap, height, horizontal_overlap, in_one_column, union, vertical_overlap
from ingestion.layout.heading_levels import SAME_SIZE
from ingestion.layout.heading_numbers import BARE, DEEP, NAMED
from ingestion.text.cleaning import join_lines

LINE_GAP = 0.6  # of a line's height, between the lines of one heading, at most
LABEL_GAP = 60.0  # points between "Chapter 3" and the title beside or under it, at most
LABEL_OVERLAP = 0.3  # of the lower height: "Chapter 3" and its title stand beside each other
FULL_LINE = 0.75  # of the column: a heading so wide goes on in the next line
COLUMN_EDGE = 12.0  # points: texts that start so near each other are of one column
MAX_HEADING_CHARS = 200  # of a heading of several lines, at most

_OPEN_END = re.compile(
    r"(?:[,&–—-]|\b(?:and|or|of|the|a|in|on|for|to|with|by|und|der|die|das|für|et|de|la|y|e))$", re.I
)
_ITEM = re.compile(r"^\s*(?:[•■▪►–*-]|\d{1,2}[.)]\s|\([a-z0-9]\))")


def join_headings(blocks: Sequence[Block]) -> list[Block]:
    """Join lines of one heading, and a number with its title."""
    joined: list[Block] = []
    for block in blocks:
        last = joined[-1] if joined else None
        if last is not None and _are_one(last, block, blocks):
            size = max(last.font_size, block.font_size)
            text = join_lines([last.text, block.text])
            joined[-1] = replace(last, text=text, bbox=union([last.bbox, block.bbox]), font_size=size)
        else:
            joined.append(block)
    return joined


def _are_one(first: Block, second: Block, blocks: Sequence[Block]) -> bool:
    """Whether two headings are parts of one."""
    headings = {first.kind, second.kind} <= {"heading", "title"} and first.furniture == second.furniture
    return headings and (_is_label_of(first, second) or _goes_on(first, second, blocks))


def _is_label_of(label: Block, title: Block) -> bool:
    """ "Chapter 3", or "3.1", above or beside its title."""
    if not BARE.match(label.text.strip()) or BARE.match(title.text.strip()) or DEEP.match(title.text):
        return False
    beside = vertical_overlap(label.bbox, title.bbox) > LABEL_OVERLAP and title.bbox.x0 >= label.bbox.x0
    below = title.bbox.y0 >= label.bbox.y0 and horizontal_overlap(label.bbox, title.bbox) > 0
    near = gap(label.bbox, title.bbox) <= min(LABEL_GAP, 2 * max(height(label.bbox), height(title.bbox)))
    return near and (beside or below)


def _goes_on(first: Block, second: Block, blocks: Sequence[Block]) -> bool:
    """Whether a heading is the next line of the one before."""
    a, b = first.bbox, second.bbox
    line = min(height(b), second.font_size or height(b)) or 1.0
    fits = (
        abs(first.font_size - second.font_size) <= SAME_SIZE
        and -2 <= b.y0 - a.y1 <= LINE_GAP * line
        and in_one_column(a, b)
        and len(first.text) + len(second.text) < MAX_HEADING_CHARS
    )
    numbered = any(pattern.match(second.text) for pattern in (_ITEM, DEEP, *NAMED.values()))
    if not fits or numbered or first.text.rstrip()[-1:] in ".!?:;":
        return False
    if second.text[:1].islower() or _OPEN_END.search(first.text.rstrip()):
        return True
    column = [x.bbox.x1 for x in blocks if x.kind in ("text", "list") and abs(x.bbox.x0 - a.x0) <= COLUMN_EDGE]
    return bool(column) and a.x1 - a.x0 >= FULL_LINE * (max(column) - a.x0)
