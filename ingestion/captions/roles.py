"""What a block is to captions: something that can have one, a numbered caption, a note. Pure.

Example: "Table 3: Torques" of kind caption is a numbered caption; "Source: survey of 2018" below a figure is a note.
"""

from __future__ import annotations

from collections.abc import Sequence

from ingestion.blocks import Block
from ingestion.geometry import in_one_column
from ingestion.text.caption_labels import caption_label, is_note

NOTE_GAP = 20.0  # points from a figure, or a note, to the note below it, at most
MIN_OVERLAP = 0.30  # of the narrower side: two blocks stand in one column, or in one row
CREDIT_WORDS = 6  # of a publisher's name in capitals below a note, at most
WALL_CHARS = 120  # characters of a text that keeps two figures apart; a shorter one may be a label between them
TARGETS = ("figure", "table")  # kinds of block that can have a caption


def is_numbered(block: Block) -> bool:
    """Whether a block is a caption with a label of its own: "Figure 3: …"."""
    return block.kind == "caption" and caption_label(block.text, classed=True) is not None


def is_note_block(block: Block, items: Sequence[Block]) -> bool:
    """Whether a block is a source or note line, or a publisher's name in capitals right below one of ``items``."""
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
