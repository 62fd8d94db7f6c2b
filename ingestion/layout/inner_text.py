"""Text that stands in a figure or table as well: the figure takes over its words, the table has said them. Pure.

Example: the text block "Valve A" over a drawing is left out, since the drawing's words hold it; on a photograph that
fills the page it stays.
"""

from __future__ import annotations

from collections.abc import Sequence

from ingestion.blocks import MAX_CAPTION_CHARS, Block
from ingestion.elements import BBox
from ingestion.geometry import COVERED, inside
from ingestion.layout.lost_lines import share_said
from ingestion.text.caption_labels import caption_label

MOST = 0.5  # of a text's letters that the table around it says: the rest is a line of its own
SCENE_SHARE = 0.60  # of the page: a picture as large is a scene that text stands on


def is_scene(box: BBox, page: BBox) -> bool:
    """Whether a picture is so large a part of its page that text on it stands for itself."""
    return inside(page, box) >= SCENE_SHARE


def fold_inner_text(blocks: Sequence[Block], page: BBox) -> list[Block]:
    """Leave out what lies in a figure, or in a table that says most of it.

    Captions stay, and so does all text on a page-wide picture. ``page``: its box in points.
    """
    holders = [b for b in blocks if b.kind in ("figure", "table") and not is_scene(b.bbox, page)]
    return [
        block
        for block in blocks
        if (len(block.text) < MAX_CAPTION_CHARS and caption_label(block.text))
        or not any(h is not block and _takes_over(h, block) for h in holders)
    ]


def _takes_over(holder: Block, block: Block) -> bool:
    """Whether a figure or table says what a block in it says."""
    if inside(block.bbox, holder.bbox) < COVERED or {block.kind, holder.kind} == {"table", "figure"}:
        return False
    return holder.kind == "figure" or share_said(block.text, f"{holder.text}\n{holder.caption}") >= MOST
