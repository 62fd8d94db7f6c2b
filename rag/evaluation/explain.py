"""The recipe: why a question's page is not among its hits: where each channel's own list has it.

Enters: open indexes, a comparison of their runs. Leaves: the comparison, its flips explained. Must not know: measures.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING

from rag.evaluation.compare import Comparison, Sight
from rag.evaluation.questionset import Question
from rag.images import open_picture
from rag.retrieval.retrieve import propose
from rag.storage.term_vectors import page_key
from rag.types import Query

if TYPE_CHECKING:
    from rag.storage.reader import IndexReader


def explained(comparison: Comparison, before: IndexReader | None, after: IndexReader | None) -> Comparison:
    """With the channels' ranks of pages that were not returned; None for a run whose index is not at hand."""
    return replace(
        comparison,
        flips=tuple(
            replace(
                flip,
                before=_seen(flip.before, flip.question, comparison, before),
                after=_seen(flip.after, flip.question, comparison, after),
            )
            for flip in comparison.flips
        ),
    )


def _seen(sight: Sight, question: Question, comparison: Comparison, index: IndexReader | None) -> Sight:
    if index is None or sight.rank is not None:
        return sight
    image = open_picture(question.image) if question.image else None
    doc = index.catalogue.find(question.doc).id
    query = Query(question.text, image, frozenset([doc]) if comparison.scope == "doc" else None)
    return replace(sight, channels=ranks(index, query, doc, question.pages))


def ranks(index: IndexReader, query: Query, doc_id: str, pages: Iterable[int]) -> dict[str, int]:
    """The best rank of any of these pages among those that a channel proposes; channels without them are left out."""
    with index.snapshot():
        found = propose(index, query)
        if found is None:
            return {}
        (document,) = found.text.documents([doc_id])
        wanted = {page_key(document.no, page) for page in pages}
        places = found.candidates.places
    best: dict[str, int] = {}
    for side in found.sides:
        lists = {side.channel("full text"): list(side.pages)}
        for name, scores in side.vector_channels.items():
            lists[name] = list(dict.fromkeys(place.key for chunk in scores for place in places.get(chunk, ())))
        for name, keys in lists.items():
            rank = next((rank for rank, key in enumerate(keys, 1) if key in wanted), None)
            if rank is not None:
                best[name] = rank
    return best
