"""The way in for all who ask: hits by :mod:`rag.retrieval.retrieve`, from memory where the same was asked since the
index last changed, reranked where the settings ask for it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from rag.errors import EmptyQuestion, QuestionTooLong
from rag.monitoring.stages import stage
from rag.retrieval.cache import asked
from rag.retrieval.rerank import DEPTH, open_reranker
from rag.retrieval.retrieve import Proposal, retrieve
from rag.types import Query, SearchResult

if TYPE_CHECKING:
    from rag.storage.reader import IndexReader

MAX_QUESTION = 10_000  # characters


def search(
    index: IndexReader,
    query: Query,
    k: int = 10,
    fresh: bool = False,
    proposed: Callable[[Proposal], None] | None = None,
) -> SearchResult:
    """The best ``k`` hits, fewer where the index has fewer; ``fresh`` takes nothing from memory and leaves nothing.

    ``proposed`` is told what the channels found, before it is ranked, where the search is ``fresh``.

    Raises :class:`EmptyQuestion`, :class:`QuestionTooLong`, :class:`BadSettings`, the index's errors and, with a
    picture, those of reading it. A reranker that fails is a notice.
    """
    check(query)
    with stage("search", wanted=k, picture=query.image is not None) as running:
        found = _searched(index, query, k, fresh, proposed)
        running.facts |= {"hits": len(found.hits), "empty": not found.hits}
        return found


def _searched(
    index: IndexReader, query: Query, k: int, fresh: bool, proposed: Callable[[Proposal], None] | None
) -> SearchResult:
    reranker = open_reranker(index.settings)
    found = _retrieved(index, query, k if reranker is None else max(k, DEPTH), fresh, proposed)
    if reranker is None or any(hit.same_picture for hit in found.hits):  # found pixel by pixel: no model knows better
        return replace(found, hits=found.hits[:k])
    hits, notice = reranker.rerank(index, query, list(found.hits))
    return replace(found, hits=tuple(hits[:k]), notice=notice)


def check(query: Query) -> None:
    """Raise for a query that cannot be searched."""
    if not query.text.strip() and query.image is None:
        raise EmptyQuestion("There is no question; type one, or give a picture to look for")
    if len(query.text) > MAX_QUESTION:
        raise QuestionTooLong(
            f"The question has {len(query.text):,} characters, more than the {MAX_QUESTION:,} that are searched; "
            "ask for one thing at a time"
        )


def _retrieved(
    index: IndexReader, query: Query, k: int, fresh: bool, proposed: Callable[[Proposal], None] | None
) -> SearchResult:
    if fresh:
        return retrieve(index, query, k, fresh=True, proposed=proposed)
    with index.snapshot():
        key = asked(query), k, index.settings, index.generation.id, index.catalogue.state().revision
        found = index.recent.get(key)
        if found is None:
            found = retrieve(index, query, k)
            index.recent.put(key, found)
    return found
