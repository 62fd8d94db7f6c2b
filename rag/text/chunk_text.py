"""The words a chunk is found by: what is embedded and what a reranker reads of it."""

from __future__ import annotations

from ingestion.elements import Chunk
from rag.text.passages import without_bars

LEVELS = " > "  # between the headings that a chunk stands under, the outermost first


def searchable_text(chunk: Chunk) -> str:
    """What a chunk is found by in words: caption, own text, mentions and heading; for a passage heading and text."""
    return _joined(chunk, chunk.text, chunk.heading)


def embedded_text(chunk: Chunk) -> str:
    """The same in fewer tokens, for a sentence encoder: rows without bars, and of the headings the innermost."""
    return _joined(chunk, without_bars(chunk.text), chunk.heading.rpartition(LEVELS)[2])


def _joined(chunk: Chunk, text: str, heading: str) -> str:
    parts = [heading, text] if chunk.kind == "text" else [chunk.caption, text, chunk.mentions, heading]
    return "\n".join(part for part in parts if part.strip())
