"""The words a chunk is found by: what is embedded and what a reranker reads of it."""

from __future__ import annotations

from ingestion.elements import Chunk


def searchable_text(chunk: Chunk) -> str:
    """What a chunk is found by in words: caption, own text, mentions and heading; for a passage heading and text."""
    parts = [chunk.caption, chunk.text, chunk.mentions, chunk.heading]
    if chunk.kind == "text":
        parts = [chunk.heading, chunk.text]
    return "\n".join(part for part in parts if part.strip())
