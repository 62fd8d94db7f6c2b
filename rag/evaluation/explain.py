"""Why a question's page is not among its hits: the rank that each channel gave it.

A page that no channel proposes was lost before ranking; one that a channel has at rank 3 was lost by it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING

from rag.evaluation.compare import Comparison, FirstRight
from rag.evaluation.questionset import Question
from rag.images import open_picture
from rag.retrieval.baseline import channel_pages
from rag.retrieval.retrieve import propose
from rag.retrieval.snapshot import Snapshot
from rag.storage.term_vectors import page_key
from rag.types import Query

if TYPE_CHECKING:
    from rag.storage.reader import IndexReader


def explained(comparison: Comparison, before: IndexReader | None, after: IndexReader | None) -> Comparison:
    """The comparison with the channels' ranks of pages that were not returned; None for a run without its index."""
    return replace(
        comparison,
        flips=tuple(
            replace(
                flip,
                before=_explained(flip.before, flip.question, comparison, before),
                after=_explained(flip.after, flip.question, comparison, after),
            )
            for flip in comparison.flips
        ),
    )


def _explained(
    first_right: FirstRight, question: Question, comparison: Comparison, index: IndexReader | None
) -> FirstRight:
    if index is None or first_right.rank is not None:
        return first_right
    image = open_picture(question.image) if question.image else None
    doc = index.catalogue.find(question.doc).id
    query = Query(question.text, image, frozenset([doc]) if comparison.scope == "doc" else None)
    return replace(first_right, channels=ranks(index, query, doc, question.pages))


def ranks(index: IndexReader, query: Query, doc_id: str, pages: Iterable[int]) -> dict[str, int]:
    """By channel the best rank, from 1, that it gives any of these pages; channels without them are left out."""
    with index.snapshot():
        snap = Snapshot(index, query)
        found = propose(snap)
        if not found.keys:
            return {}
        (document,) = snap.text.documents([doc_id])
        wanted = {page_key(document.no, page) for page in pages}
        lists = channel_pages(found)
    places = {name: next((n for n, key in enumerate(keys, 1) if key in wanted), None) for name, keys in lists.items()}
    return {name: place for name, place in places.items() if place is not None}
