"""What a search of vectors finds, one by one, for tests to look at; the search itself keeps a list for each column."""

from __future__ import annotations

from typing import NamedTuple

from rag.storage.vector_files import Nearest
from rag.types import Modality


class VectorHit(NamedTuple):
    """The best node of a chunk in one modality; ``score`` is the inner product with the query."""

    chunk_id: str
    modality: Modality
    score: float


def one_by_one(found: Nearest) -> list[VectorHit]:
    """Best first."""
    return list(map(VectorHit, *found))
