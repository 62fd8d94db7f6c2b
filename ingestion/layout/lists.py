"""Items of one list, which the layout model finds one by one, become one block. Pure.

Example: "• Wear gloves" and 10 points below it "• Unplug the pump" become one list of two lines.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ingestion.blocks import Block
from ingestion.geometry import in_one_column, union

LIST_GAP = 14.0  # points between items of one list, at most
MAX_LIST_WORDS = 160  # of one block, at most


def merge_lists(blocks: Sequence[Block]) -> list[Block]:
    """Join items of one list, below each other in one column, to one block of lines."""
    merged: list[Block] = []
    for block in blocks:
        last = merged[-1] if merged else None
        if last and _same_list(last, block):
            merged[-1] = replace(last, bbox=union([last.bbox, block.bbox]), text=f"{last.text}\n{block.text}")
        else:
            merged.append(block)
    return merged


def _same_list(a: Block, b: Block) -> bool:
    """Whether an item goes on with the list above it."""
    return (
        a.kind == b.kind == "list"
        and -2 <= b.bbox.y0 - a.bbox.y1 <= LIST_GAP
        and in_one_column(a.bbox, b.bbox)
        and len(a.text.split()) + len(b.text.split()) <= MAX_LIST_WORDS
    )
