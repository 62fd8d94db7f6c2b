"""Invented documents for searches of vectors, and what these find, one by one: the search itself keeps a list for each
column.
"""

from __future__ import annotations

import hashlib
from typing import NamedTuple

from ingestion.elements import BBox, Chunk, Document, Page, Region
from rag.storage.vectors.files import Nearest
from rag.types import Modality


def document(number: int, chunks: int) -> Document:
    """A page with so many chunks: a quarter are figures, a quarter tables."""
    doc = hashlib.sha256(str(number).encode()).hexdigest()
    region = (Region(1, BBox(0, 0, 9, 9)),)
    kinds = ["figure" if i % 4 == 0 else "table" if i % 4 == 1 else "text" for i in range(chunks)]
    made = [Chunk(f"{doc[:8]}-{i}", doc, kind, "words", region) for i, kind in enumerate(kinds)]  # type: ignore[arg-type]
    return Document(doc, f"{number}.pdf", "", (Page(1, 9, 9, 0),), (), tuple(made))


class VectorHit(NamedTuple):
    """The best node of a chunk in one modality; ``score`` is the inner product with the query."""

    chunk_id: str
    modality: Modality
    score: float


def one_by_one(found: Nearest) -> list[VectorHit]:
    """Best first."""
    return list(map(VectorHit, *found))
