"""The passages of a code that a question names and none of the hits has: "P2" where other words brought other pages.

That a code stands nowhere is only said where it has been looked for by itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from ingestion.elements import Chunk
from rag.answering.passages.quotations import as_written, codes
from rag.retrieval.search import search
from rag.types import Hit, Query

if TYPE_CHECKING:
    from rag.storage.reader import IndexReader

MOST_HITS = 6
"""Hits that are looked through for such a code."""

SOON = 8
"""Hits, the first ones, that surely become evidence."""

AFTER = 3
"""Hits of the question itself that stay before those with the code."""


def with_codes(index: IndexReader, query: Query, hits: Sequence[Hit]) -> Sequence[Hit]:
    """The hits of a question; where a code it names stands in none of the first, with those that have it near the top,
    be they later ones or found by the code alone."""
    named = codes(query.text) if query.image is None else []
    held = {code for hit in hits[:SOON] for code in _codes_of(hit.chunk)} if named else set[str]()
    lost = frozenset(named) - held
    if not lost:
        return hits
    later = [hit for hit in hits[SOON:] if _codes_of(hit.chunk) & lost]
    alone = " ".join(as_written(code, query.text) for code in named if code in lost)
    known = {hit.chunk.id for hit in hits}
    found = search(index, replace(query, text=alone), MOST_HITS).hits
    more = [hit for hit in found if hit.chunk.id not in known and _codes_of(hit.chunk) & lost]
    return [*hits[:AFTER], *later, *more, *(hit for hit in hits[AFTER:] if hit not in later)]


def _codes_of(chunk: Chunk) -> frozenset[str]:
    return frozenset(codes("\n".join((chunk.heading, chunk.caption, chunk.text, chunk.mentions))))
