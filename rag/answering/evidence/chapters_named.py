"""The usual chapter of a manual that a question asks for, "How do I clean it?": what stands under its heading goes
before all that was found, in whatever language it is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from ingestion.elements import Chunk
from rag.answering.evidence.codes_named import SOON
from rag.answering.evidence.parts_named import first_of, is_in_scope
from rag.answering.questions.chapters_asked import chapters_asked, plainest
from rag.answering.questions.kinds import kinds_of
from rag.text.passages import content_terms
from rag.types import Hit, Query

if TYPE_CHECKING:
    from rag.storage.reader import IndexReader


def with_chapters(index: IndexReader, query: Query, hits: Sequence[Hit]) -> Sequence[Hit]:
    """The hits of a question; where it asks for a usual chapter, what the first document that has it says there before
    all others."""
    asked = chapters_asked(query.text, kinds_of(query.text).language) if query.image is None and hits else frozenset()
    if not asked:
        return hits
    for doc in dict.fromkeys(hit.chunk.doc for hit in hits[:SOON]):
        named = chapter_of(index, doc, asked, query)
        if named:
            return first_of(hits, named, frozenset(content_terms(query.text)))
    return hits


def chapter_of(index: IndexReader, doc: str, asked: frozenset[str], query: Query) -> list[Chunk]:
    """What stands in a document under the heading that names the chapters asked for: of several such headings the one
    that says least beside, then the first."""
    names = dict.fromkeys(name for path, _ in index.catalogue.headings(doc) for name in path.split(" > "))
    best = plainest(names, asked, kinds_of(query.text).language)
    if best is None:
        return []
    chunks = index.catalogue.chunks_of(doc, kinds=("text", "table", "figure"))
    return [chunk for chunk in chunks if best in chunk.heading.split(" > ") and is_in_scope(chunk, query)]
