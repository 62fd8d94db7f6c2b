"""What a block is to captions: a numbered caption, a note, a thing that can have one."""

from __future__ import annotations

from collections.abc import Sequence

from ingestion.blocks import Block
from ingestion.geometry import in_one_column
from ingestion.text.caption_labels import caption_label, is_note

NOTE_GAP = 20.0  # points between a figure and the source line below it
CREDIT_WORDS = 6
TARGETS = ("figure", "table")


def is_numbered(block: Block) -> bool:
    return block.kind == "caption" and caption_label(block.text, classed=True) is not None


def is_note_block(block: Block, items: Sequence[Block]) -> bool:
    """A source or note line, or a publisher's name in capitals right below one."""
    if block.kind not in ("text", "caption", "list"):
        return False
    if is_note(block.text):
        return True
    name = block.text.isupper() and len(block.text.split()) <= CREDIT_WORDS and not is_numbered(block)
    return name and any(
        is_note(other.text)
        and -2 <= block.bbox.y0 - other.bbox.y1 <= NOTE_GAP
        and in_one_column(block.bbox, other.bbox)
        for other in items
    )
