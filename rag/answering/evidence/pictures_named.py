"""The figure that a question wants to see: found among figures alone, since a text may say more of the same words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from rag.answering.questions.kinds import kinds_of
from rag.answering.questions.pictures_asked import asks_to_show
from rag.retrieval.search import search
from rag.types import Hit, Query

if TYPE_CHECKING:
    from rag.storage.reader import IndexReader

MOST_HITS = 3
"""Figures that are looked at."""


def with_figures(index: IndexReader, query: Query, hits: Sequence[Hit]) -> Sequence[Hit]:
    """The hits of a question; where it wants to see a picture, with the best figure before all others."""
    if query.image is not None or query.kinds is not None or not hits:
        return hits
    if not asks_to_show(query.text, kinds_of(query.text).language):
        return hits
    figures = search(index, replace(query, kinds=frozenset(("figure",))), MOST_HITS).hits
    if not figures:
        return hits
    first = replace(figures[0], score=max(hits[0].score, figures[0].score))
    return [first, *(hit for hit in hits if hit.chunk.id != first.chunk.id)]
