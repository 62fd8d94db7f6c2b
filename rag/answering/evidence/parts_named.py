"""The parts of a document that a question names by their number: a page, a figure, a table, a section.

A page counts from the first of the file, as citations do; one that bears the number in print is meant, too. Where a
question asks something of such a part ("which torque does table 2 give for M8?"), it goes before all that was found.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from ingestion.elements import Chunk
from ingestion.text.caption_labels import CaptionLabel, caption_labels
from rag.answering.evidence.codes_named import SOON
from rag.answering.passages.references import Reference, numbers
from rag.answering.questions.kinds import kinds_of
from rag.answering.questions.parts_asked import parts_asked
from rag.retrieval.query import parse_question
from rag.text.passages import content_terms
from rag.types import Hit, Query

if TYPE_CHECKING:
    from rag.storage.reader import IndexReader
    from rag.storage.records.catalogue import DocumentRow

MOST_ADDED = 4
"""Passages of a part that are added to what was found: those with most of the question."""


def with_parts(index: IndexReader, query: Query, hits: Sequence[Hit]) -> Sequence[Hit]:
    """The hits of a question; where it names parts by their number, those of the first document that has one of them
    before all others."""
    asked = parts_asked(query.text, kinds_of(query.text).language) if query.image is None and hits else None
    places = asked.places if asked is not None else ()
    if any(place.to == "page" for place in places) and parse_question(query.text).pages:
        places = tuple(place for place in places if place.to != "page")  # the search itself looks for these
    if not places:
        return hits
    for row in map(index.catalogue.document, dict.fromkeys(hit.chunk.doc for hit in hits[:SOON])):
        named = [chunk for place in places for chunk in _chunks(index, row, place)]
        named = [chunk for chunk in named if is_in_scope(chunk, query)]
        if named:
            return first_of(hits, named, frozenset(content_terms(query.text)))
    return hits


def is_in_scope(chunk: Chunk, query: Query) -> bool:
    """Whether a chunk is of the kinds and pages that a question is about."""
    first, last = query.pages or (1, chunk.page)
    return (query.kinds is None or chunk.kind in query.kinds) and first <= chunk.page <= last


def first_of(hits: Sequence[Hit], named: Sequence[Chunk], wanted: frozenset[str]) -> list[Hit]:
    """The hits that are among the ``named`` parts, those of them that were not found and have most of what is wanted,
    then all other hits."""
    ids = {chunk.id for chunk in named}
    there = [hit for hit in hits if hit.chunk.id in ids]
    found = {hit.chunk.id for hit in there}
    others = dict.fromkeys(chunk.id for chunk in named if chunk.id not in found)
    by_id = {chunk.id: chunk for chunk in named}

    def worth(chunk_id: str) -> int:
        chunk = by_id[chunk_id]
        return len(wanted.intersection(content_terms(f"{chunk.heading} {chunk.caption} {chunk.text}")))

    added = [Hit(by_id[one], hits[0].score) for one in sorted(others, key=worth, reverse=True)[:MOST_ADDED]]
    return [*there, *added, *(hit for hit in hits if hit.chunk.id not in ids)]


def _chunks(index: IndexReader, row: DocumentRow, place: Reference) -> list[Chunk]:
    if place.to == "page":
        pages = pages_numbered(index, row, place.number)
        return [c for page in pages for c in index.catalogue.chunks_of(row.id, page, ("text", "table", "figure"))]
    if place.to == "section":
        parts = index.catalogue.chunks_of(row.id, kinds=("text", "table", "figure"))
        return [c for c in parts if any(numbers(place, name) for name in c.heading.split(" > "))]
    return labelled(index, row.id, place)


def pages_numbered(index: IndexReader, row: DocumentRow, number: str) -> list[int]:
    """The pages of a number: the one at that place, then the one that bears it in print where that is another; of
    several, as where each language counts anew, none of those."""
    if not number.isdecimal():
        return []
    wanted = int(number)
    printed = [page.page for page in index.catalogue.labelled([row.id], [wanted])]
    found = [wanted] if 1 <= wanted <= row.pages else []
    return found + [page for page in printed if page not in found and len(printed) == 1]


def labelled(index: IndexReader, doc: str, reference: Reference) -> list[Chunk]:
    """The figures or tables with the number that a reference gives in their captions, in their order. "Figure 3" is a
    chart or a map only where no figure has the number."""
    chunks = index.catalogue.chunks_of(doc, kinds=("figure", "table"))
    named = [(chunk, label) for chunk in chunks for label in _labels(chunk) if label.number == reference.number]
    own = [chunk for chunk, label in named if label.series == reference.to]
    family = {reference.to, "any"} if reference.to == "figure" else {reference.to}
    return shown_once(own or [chunk for chunk, label in named if label.family in family])


def shown_once(chunks: Sequence[Chunk]) -> list[Chunk]:
    """Figures and tables without one that only holds others of its page, with all their captions in its own."""

    def holds_others(chunk: Chunk) -> bool:
        beside = (other for other in chunks if other.page == chunk.page and other.caption)
        return any(other.caption != chunk.caption and other.caption in chunk.caption for other in beside)

    return [chunk for chunk in chunks if not (chunk.caption and holds_others(chunk))]


def _labels(chunk: Chunk) -> Sequence[CaptionLabel]:
    return caption_labels(chunk.caption, True)
