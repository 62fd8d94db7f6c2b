"""What it changes in a search that the uploaded picture was found: its pages come first, its place is a hit.

Enters: where it stands, candidates, hits. Leaves: what each candidate page is worth for it, hits. Must not know: how
the picture was found (:mod:`rag.retrieval.image.locate`), how pages are ranked otherwise.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from ingestion.elements import Chunk, ChunkKind
from ingestion.geometry import iou
from rag.retrieval.candidates import Candidates
from rag.retrieval.image.verification import Match
from rag.storage.fulltext import FullText
from rag.storage.term_vectors import document_of, page_key
from rag.types import SAME_PICTURE, ChannelScore, Float64Array, Hit, PageId, Query

if TYPE_CHECKING:
    from rag.storage.reader import IndexReader

PAGE = 10.0  # added to the log probability of a page where the picture stands: it comes first
DOCUMENT = 1.5  # added to that of the other pages of its document, for a question about the picture
SHOWS = 0.2  # IoU from which a part of the page is what the picture shows


class Placement(NamedTuple):
    """A place where the uploaded picture stands."""

    place: PageId
    match: Match


def keys(text: FullText, sightings: Sequence[Placement]) -> list[int]:
    """Keys of the pages where the picture stands, best first."""
    numbers = {row.doc: row.no for row in text.documents({sighting.place.doc for sighting in sightings})}
    return [page_key(numbers[doc], page) for doc, page in (sighting.place for sighting in sightings)]


def worth(text: FullText, candidates: Candidates, sightings: Sequence[Placement]) -> Float64Array:
    """What to add to the log probability of every candidate page."""
    seen = set(keys(text, sightings))
    documents = {document_of(key) for key in seen}
    pages = candidates.pages.keys.tolist()
    return np.array([PAGE if key in seen else DOCUMENT * (document_of(key) in documents) for key in pages])


def put_first(index: IndexReader, hits: Sequence[Hit], sightings: Sequence[Placement], query: Query) -> list[Hit]:
    """The picture's places before all else; with a question, after what answers it best on the first one's page."""
    also = {hit.chunk.id: hit.channels for hit in hits}
    located = []
    for rank, sighting in enumerate(sightings, 1):
        chunk = part_there(index, sighting, query.kinds)
        if chunk is not None:
            found_by = {SAME_PICTURE: ChannelScore(rank, sighting.match.certainty), **also.get(chunk.id, {})}
            located.append(Hit(chunk, 1.0, found_by, sighting.match.box))
    ids = {hit.chunk.id for hit in located}
    rest = [hit for hit in hits if hit.chunk.id not in ids]
    if query.text.strip() and located and rest and _page(rest[0]) == _page(located[0]):
        return [replace(rest[0], score=1.0), *located, *rest[1:]]
    return [*located, *rest]


def part_there(index: IndexReader, sighting: Placement, kinds: Collection[ChunkKind] | None) -> Chunk | None:
    """The passage, figure or table of these kinds that the picture shows; where it shows none alone, the page's own.

    Its region on that page comes first. None where the page has nothing of these kinds.
    """
    place, box = sighting.place, sighting.match.box
    shown: list[tuple[float, Chunk]] = []
    for chunk in index.catalogue.chunks_of(*place, kinds):
        regions = tuple(sorted(chunk.regions, key=lambda region: region.page != place.page))
        overlap = SHOWS if chunk.kind == "page" else iou(regions[0].bbox, box)
        shown.append((overlap, replace(chunk, regions=regions)))
    return max(shown, key=lambda entry: entry[0], default=(0.0, None))[1]


def _page(hit: Hit) -> tuple[str, int]:
    return hit.chunk.doc, hit.chunk.page
