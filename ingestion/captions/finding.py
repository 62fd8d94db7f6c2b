"""Which texts of a page are captions: by their words, by their place in a figure, or in two boxes. Pure.

The layout model's class is a hint only. A text of any kind that opens with a number ("Figure 3: …", "TABLE IV") is a
caption; a sentence about a figure ("Figure 3 shows …") is none, nor is an entry of a list of figures.

Example: the text "Table 4-1 lists the functions" stays text, "Table 4-1: Functions" becomes a caption.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from ingestion.blocks import MAX_CAPTION_CHARS, Block, Line
from ingestion.captions.roles import MIN_OVERLAP, TARGETS
from ingestion.elements import BBox, ElementKind
from ingestion.geometry import height, horizontal_overlap, in_one_row, mostly_inside, union
from ingestion.text.caption_labels import caption_label, is_bare_label, is_listing_entry, is_note, is_prose_about_label
from ingestion.text.cleaning import join_lines

FOOT = 12.0  # points from a caption to the end of the figure whose foot it is, at most
MIN_LEFT = 32.0  # points of a figure that are left above such a caption, at least

LINE_SPACING = 0.8  # of a line's height, between the lines of one caption, at most

MAX_TITLE_CHARS = 300  # of a title in a box of its own
CENTRE_SHIFT = 6.0  # points between the middles of a title and of the label centred over it: then it may be longer
TITLE_BELOW = 14.0  # points from a label down to its title
TITLE_BESIDE = 24.0  # points from a label to its title on the right

LISTING_ENTRIES = 3  # captions that end in rising page numbers make a list of figures

_LEADS_ON = re.compile(
    r"(?:\b(?:in|see|and|from|of|by|the|with|to|or|as|per|on|also|siehe|und|vgl|voir|et|dans|la|véase|ver|en|y|vedi|e|zie|"
    r"se|och|og)|[(,;]|см\.?)$",
    re.IGNORECASE,
)

_PAGE_END = re.compile(r"\s(\d{1,4})$")


def free_captions(blocks: Sequence[Block], lines: Sequence[Line]) -> list[Block]:
    """Free captions that the layout model drew into a figure's box.

    The lines from "Figure 3: …" down become a block of their own; a figure that has them at its foot ends above them.
    ``lines`` are the page's.
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
    """Tell captions by their words: numbered ones of any kind are captions, sentences about a figure are not."""
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
    """Join a label and its title: "TABLE I" and "Torques" are often two boxes."""
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
    """Whether a text opens as a caption does and is not the rest of a sentence: "… as listed in" | "Table 3."."""
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
    """Whether a text is the title of a bare label above it or on its left."""
    below = (
        0 <= block.bbox.y0 - label.bbox.y1 < TITLE_BELOW and horizontal_overlap(block.bbox, label.bbox) > MIN_OVERLAP
    )
    beside = 0 <= block.bbox.x0 - label.bbox.x1 < TITLE_BESIDE and in_one_row(block.bbox, label.bbox)
    words = block.kind in ("text", "caption", "heading") and not is_note(block.text)
    if not words or caption_label(block.text, classed=True) is not None or not (below or beside):
        return False
    centred = abs((block.bbox.x0 + block.bbox.x1) - (label.bbox.x0 + label.bbox.x1)) / 2 <= CENTRE_SHIFT
    aside = label.bbox.x0 - block.bbox.x0 > CENTRE_SHIFT
    return len(block.text) < (MAX_CAPTION_CHARS if centred and aside else MAX_TITLE_CHARS)


def restore_doubtful(items: Sequence[Block], kinds: Mapping[BBox, ElementKind]) -> list[Block]:
    """Give doubtful captions that found no figure the layout model's kind again.

    "Figure 3" leaves no doubt; "Exhibit A" may be a heading. ``kinds``: box of a block → the model's kind.
    """
    linked = {line for b in items if b.kind in TARGETS for line in (b.caption, *b.caption.split("\n"))}
    restored = []
    for block in items:
        label = caption_label(block.text)
        doubtful = label is not None and (label.series not in ("figure", "table") or not label.number[-1:].isdigit())
        if block.kind == "caption" and doubtful and block.text not in linked:
            block = replace(block, kind=kinds.get(block.bbox, block.kind))
        restored.append(block)
    return restored
