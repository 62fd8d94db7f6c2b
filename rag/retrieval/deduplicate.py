"""A picture that stands in several places is shown once, with all its places. What counts as one picture is stored."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace

from ingestion.elements import Chunk
from rag.storage.records.catalogue import Catalogue
from rag.storage.records.picture_families import family_of, places_of
from rag.types import Hit, Spot


def shown_once(
    catalogue: Catalogue, arranged: Callable[[int], list[Hit]], k: int, docs: frozenset[str] | None
) -> list[Hit]:
    """The best ``k`` hits of ``arranged`` (which is given how many), each picture once, with its other places."""
    hits = arranged(k)
    family = family_of(catalogue, [hit.chunk.id for hit in hits])
    if len(set(family.values())) < len(family):
        hits = arranged(k + len(family) - len(set(family.values())))
        family = family_of(catalogue, [hit.chunk.id for hit in hits])
        hits = folded(hits, family)[:k]
    places = places_of(catalogue, set(family.values())) if family else {}
    return [replace(hit, also=_others(hit, places.get(family.get(hit.chunk.id, ""), ()), docs)) for hit in hits]


def folded(hits: Iterable[Hit], family: Mapping[str, str]) -> list[Hit]:
    """Without pictures that an earlier hit shows too; in one document only where another hit keeps the page."""
    hits = list(hits)
    left = Counter(hit.page for hit in hits)
    first: dict[str, Hit] = {}
    kept = []
    for hit in hits:
        name, place = family.get(hit.chunk.id), hit.page
        before = first.get(name) if name else None
        if before is not None and (before.chunk.doc != hit.chunk.doc or left[place] > 1):
            left[place] -= 1
            continue
        if name:
            first.setdefault(name, hit)
        kept.append(hit)
    return kept


def _others(hit: Hit, members: Sequence[Chunk], docs: frozenset[str] | None) -> tuple[Spot, ...]:
    spots = (Spot(c.doc, c.page, c.bbox) for c in members if c.id != hit.chunk.id and (docs is None or c.doc in docs))
    return tuple(sorted(spots, key=lambda spot: (spot.doc != hit.chunk.doc, spot.doc, spot.page)))
