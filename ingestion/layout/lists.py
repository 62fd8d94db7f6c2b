"""Items of one list, which the layout model finds one by one, become one block."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ingestion.blocks import Block
from ingestion.geometry import in_one_column, union

LIST_GAP = 14.0  # points between items of one list
MAX_LIST_WORDS = 160


def merge_lists(blocks: Sequence[Block]) -> list[Block]:
    """Items of one list, below each other in one column, become one block of lines."""
    merged: list[Block] = []
    for block in blocks:
        last = merged[-1] if merged else None
        if last and _same_list(last, block):
            merged[-1] = replace(last, bbox=union([last.bbox, block.bbox]), text=f"{last.text}\n{block.text}")
        else:
            merged.append(block)
    return merged


def _same_list(a: Block, b: Block) -> bool:
    return (
        a.kind == b.kind == "list"
        and -2 <= b.bbox.y0 - a.bbox.y1 <= LIST_GAP
        and in_one_column(a.bbox, b.bbox)
        and len(a.text.split()) + len(b.text.split()) <= MAX_LIST_WORDS
    )
