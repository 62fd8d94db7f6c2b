"""From a page's regions to what they mean: kinds, lists, words inside figures.

Enters: :class:`Block` values in reading order. Leaves: the same, cleaned.
Pure; must not know PDF or pictures.
"""

from __future__ import annotations

from collections.abc import Sequence

from ingestion.blocks import MAX_CAPTION_CHARS, Block
from ingestion.elements import BBox
from ingestion.geometry import COVERED, inside
from ingestion.layout.lost_lines import share_said
from ingestion.text.caption_labels import caption_label

MOST = (
    0.5  # of a text's letters that a table around it says: the text is the table's, what is missing a line of its own
)
SCENE_SHARE = 0.60  # a picture larger than this part of the page is a scene with text on it


def is_scene(box: BBox, page: BBox) -> bool:
    """Whether a picture is so large that text on it stands for itself."""
    return inside(page, box) >= SCENE_SHARE


def fold_inner_text(blocks: Sequence[Block], page: BBox) -> list[Block]:
    """Leave out what lies in a figure, which takes over all words in it, and what lies in a table that says most of
    it; a page-wide picture is a scene that text stands on."""
    holders = [b for b in blocks if b.kind in ("figure", "table") and not is_scene(b.bbox, page)]
    return [
        block
        for block in blocks
        if (len(block.text) < MAX_CAPTION_CHARS and caption_label(block.text))
        or not any(h is not block and _takes_over(h, block) for h in holders)
    ]


def _takes_over(holder: Block, block: Block) -> bool:
    if inside(block.bbox, holder.bbox) < COVERED or {block.kind, holder.kind} == {"table", "figure"}:
        return False
    return holder.kind == "figure" or share_said(block.text, f"{holder.text}\n{holder.caption}") >= MOST
