"""The recipe of a whole search: hits by :mod:`rag.retrieval.retrieve`, put in order once more where the settings ask
for it.

Enters: an open index and a query. Leaves: hits, and a notice where they could not be reranked. Must not know: answers.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from rag.retrieval.rerank import DEPTH, Reranked, open_reranker
from rag.retrieval.retrieve import retrieve, retrieve_anew
from rag.types import Query

if TYPE_CHECKING:
    from rag.storage.reader import IndexReader


def search(index: IndexReader, query: Query, k: int = 10, anew: bool = False) -> Reranked:
    """The best ``k`` hits; ``anew`` takes nothing from memory. Raises what :func:`rag.retrieval.retrieve.retrieve`
    raises."""
    find = retrieve_anew if anew else retrieve
    reranker = open_reranker(index.settings)
    if reranker is None:
        return Reranked(find(index, query, k))
    found = find(index, query, max(k, DEPTH))
    if any(hit.same_picture for hit in found):  # found pixel by pixel: no model knows better
        return Reranked(found[:k])
    hits, notice = reranker.rerank(index, query, found)
    return Reranked(hits[:k], notice)
