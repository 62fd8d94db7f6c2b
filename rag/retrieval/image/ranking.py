"""Re-ranking when the query's picture was located: its pages move to the top and its box becomes a hit."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace

import numpy as np

from ingestion.elements import BBox, Chunk, ChunkKind
from ingestion.geometry import area, inside, iou
from rag.retrieval.image.placement import Placement
from rag.retrieval.snapshot import Snapshot
from rag.storage.full_text.index import FullText
from rag.storage.full_text.term_vectors import document_of, page_key
from rag.types import SAME_PICTURE, ChannelScore, Float64Array, Hit

PAGE_BONUS = 10.0  # added to the log probability of a page where the picture stands: it comes first
DOCUMENT_BONUS = 1.5  # added to that of the other pages of its document, for a question about the picture
LIES_IN = 0.8  # share of a drawn box inside a part of the page, from which it is a bit of that part
SHOWS = 0.2  # IoU from which a part of the page is what the picture shows


def keys_of(text: FullText, placements: Sequence[Placement]) -> list[int]:
    """Keys of the pages where the picture stands, best first."""
    numbers = {row.doc: row.no for row in text.documents({placement.page.doc for placement in placements})}
    return [page_key(numbers[doc], page) for doc, page in (placement.page for placement in placements)]


def bonus(keys: Sequence[int], located: Collection[int]) -> Float64Array:
    """(pages,) float64: what to add to the log probability of each page of ``keys``, where the picture stands on the
    pages ``located``."""
    on, documents = set(located), {document_of(key) for key in located}
    return np.array([PAGE_BONUS if key in on else DOCUMENT_BONUS * (document_of(key) in documents) for key in keys])


def put_first(snap: Snapshot, hits: Sequence[Hit], placements: Sequence[Placement]) -> list[Hit]:
    """The picture's places before all else; with a question, after what answers it best on the first one's page."""
    also = {hit.chunk.id: hit.channels for hit in hits}
    located = []
    for rank, placement in enumerate(placements, 1):
        chunk = part_there(snap, placement)
        if chunk is not None:
            found_by = {SAME_PICTURE: ChannelScore(rank, placement.match.certainty), **also.get(chunk.id, {})}
            located.append(Hit(chunk, 1.0, found_by, placement.match.box))
    ids = {hit.chunk.id for hit in located}
    rest = [hit for hit in hits if hit.chunk.id not in ids]
    if snap.query.text.strip() and located and rest and rest[0].page == located[0].page:
        return [replace(rest[0], score=1.0), *located, *rest[1:]]
    return [*located, *rest]


def part_there(snap: Snapshot, placement: Placement) -> Chunk | None:
    """The passage, figure or table, of the kinds asked for, that the picture shows; where it shows none alone, the
    page's own chunk.

    Its region on that page comes first. None where the page has nothing of these kinds.
    """
    page, box = placement.page, placement.match.box
    drawn = snap.query.spot is not None
    shown: list[tuple[float, Chunk]] = []
    kinds: Collection[ChunkKind] | None = snap.query.kinds
    for chunk in snap.index.catalogue.chunks_of(*page, kinds):
        regions = tuple(sorted(chunk.regions, key=lambda region: region.page != page.page))
        overlap = SHOWS if chunk.kind == "page" else _shared(regions[0].bbox, box, drawn)
        shown.append((overlap, replace(chunk, regions=regions)))
    return max(shown, key=lambda entry: entry[0], default=(0.0, None))[1]


def _shared(part: BBox, box: BBox, drawn: bool) -> float:
    """How much a part of the page is what a box shows. One that somebody has ``drawn`` is often a bit of a table or a
    figure: it shows the part that it lies in, the smallest of several."""
    if drawn and inside(box, part) >= LIES_IN:
        return max(iou(part, box), SHOWS + (1 - SHOWS) * area(box) / area(part))
    return iou(part, box)
