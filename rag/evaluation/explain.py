"""Why a question's page is not among its hits: the rank that each channel gave it.

A page that no channel proposes was lost before ranking; one that a channel has at rank 3 was lost by it.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from rag.evaluation.asking import documents_of, query_of
from rag.evaluation.compare import Comparison, FirstRight
from rag.evaluation.questionset import Question
from rag.evaluation.runs import BeforeRanking
from rag.retrieval.baseline import channel_pages
from rag.retrieval.retrieve import Proposal, propose
from rag.retrieval.snapshot import Snapshot
from rag.storage.full_text.term_vectors import page_key

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
    query = query_of(question, documents_of(index, question, comparison.scope), encoder=index.encoder)
    doc = index.catalogue.find(question.doc).id
    with index.snapshot():
        found = propose(Snapshot(index, query))
        (document,) = found.snap.text.documents([doc])
    return replace(first_right, channels=before_ranking(found, document.no, question).channels)


def before_ranking(found: Proposal, number: int | None, question: Question) -> BeforeRanking:
    """How the question's evidence fares in the channels; ``number`` is its document's, None for one not indexed."""
    if number is None:
        return BeforeRanking({}, candidate=False)
    wanted = {page_key(number, page) for page in question.pages}
    ranks = {
        name: next((rank for rank, key in enumerate(keys, 1) if key in wanted), None)
        for name, keys in channel_pages(found).items()
    }
    known = {name: rank for name, rank in ranks.items() if rank is not None}
    return BeforeRanking(known, candidate=not wanted.isdisjoint(found.keys))
