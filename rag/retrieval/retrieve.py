"""The recipe: a question in words, a picture, or both → hits, best first. Read :func:`retrieve`.

Channels propose pages; a linear ranker orders them; then the chunks of the best pages are ordered together. Pages come
first because people's questions are answered by a page as a whole more often than by one passage alone.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from ingestion.elements import BBox, Chunk
from ingestion.geometry import area
from rag.retrieval import callouts, named_documents, page_languages
from rag.retrieval.candidates import Candidates, best_by_page, candidates, signals
from rag.retrieval.chunk_features import ChunkSignals, chunk_features
from rag.retrieval.deduplicate import shown_once
from rag.retrieval.fusion import in_page_order, with_share, without_repeats
from rag.retrieval.image import ranking
from rag.retrieval.image.locate import LocatedImage, locate
from rag.retrieval.page_features import PAGE_FEATURES, Features, page_features
from rag.retrieval.picture_channel import lifted
from rag.retrieval.ranker import load_weights, log_probabilities, with_seat
from rag.retrieval.side import Side, picture_side, question_side
from rag.retrieval.small_talk import without_small_talk
from rag.retrieval.snapshot import Snapshot
from rag.retrieval.term_matching import ranks as ranks_of
from rag.retrieval.token_interaction import reordered
from rag.storage.full_text.term_vectors import UnitPlace, document_of, page_of
from rag.types import ChannelScore, Float64Array, Hit, Query, SearchResult

if TYPE_CHECKING:
    from rag.storage.reader import IndexReader

PAGES_WITH_CHUNKS = 1  # pages whose chunks are ordered, for each hit wanted
PICTURE_SHARE = 0.2  # of the hits that are figures or tables where the best pages have any
MIN_PAGE_CHUNKS = 20  # pages whose chunks are ordered at the least
CODE_BONUS = 4.0  # added to the log probability of what has a rare code that the question names: it comes first
AGREEMENT = PAGE_FEATURES.index("fused")  # the plain sum of the channels' reciprocal ranks
LOOKED_THROUGH = 5  # parts looked through for repeats and pictures, for each hit wanted


@dataclass(frozen=True, slots=True)
class Proposal:
    """The sides of a query, its picture where it has one, and the pages that channels propose.

    ``located`` are keys of the pages on which the picture stands or, where that is not certain, may stand, best first;
    ``labels`` are the numbers in figures that the words ask for, ``named`` the numbers of the documents that they name,
    with what their pages gain.
    """

    snap: Snapshot
    picture: LocatedImage | None
    located: tuple[int, ...]
    labels: tuple[callouts.ShownLabel, ...]
    named: Mapping[int, float]
    sides: tuple[Side, ...]
    candidates: Candidates

    @property
    def keys(self) -> list[int]:
        """Keys of the candidate pages, in the order of their rows."""
        keys: list[int] = self.candidates.pages.keys.tolist()
        return keys


class Part(NamedTuple):
    """A chunk on a page that was chosen; ``row`` is the page's among those chosen, the page's region comes first."""

    chunk: Chunk
    place: UnitPlace
    row: int


def retrieve(
    index: IndexReader,
    query: Query,
    k: int = 10,
    fresh: bool = False,
    proposed: Callable[[Proposal], None] | None = None,
) -> SearchResult:
    """The best ``k`` hits, fewer where the index has fewer, computed anew; :func:`rag.retrieval.search.search` is the
    way in for all who ask.

    Pages first appear in the order of their rank; a page's own chunk stands for it only where it has nothing better.
    A document that is removed meanwhile is there to the end. Raises the index's errors and, with a picture, those of
    reading it.
    """
    with index.snapshot():
        found = propose(Snapshot(index, query, fresh))
        if proposed is not None:
            proposed(found)
        words = found.picture.words if found.picture else None
        if not found.keys:
            return SearchResult((), picture_text=words)
        bonus = ranking.bonus(found.keys, found.located)
        bonus += callouts.bonus(found.keys, callouts.pages_of(found.snap, found.labels))
        bonus += [found.named.get(document_of(key), 0.0) for key in found.keys]
        bonus += page_languages.bonus(found.snap, found.keys)
        known = [features_of_pages(found, side) for side in found.sides]
        ranked = (rank_pages(found, side, own) for side, own in zip(found.sides, known, strict=True))
        pages = sum(ranked, start=bonus)
        pages = _by_tokens(found, pages, known[0].coverage)
        best = _best_pages(found, pages, max(MIN_PAGE_CHUNKS, PAGES_WITH_CHUNKS * k))
        parts = parts_of(found, best)
        relative = pages[best] - pages[best].max(initial=-np.inf)
        features: dict[str, Features] = {
            side.name: features_of_parts(found, best, parts, relative, side) for side in found.sides
        }
        scores = sum((_score(features[side.name], parts, side) for side in found.sides), start=np.zeros(len(parts)))
        ranks, order = _ranks(found.sides, parts, features), [found.keys[row] for row in best]

        def most(count: int) -> list[Hit]:
            hits = callouts.put_first(found.snap, arrange(parts, scores, order, count, ranks), found.labels, order)
            placements = found.picture.placements if found.picture else ()
            return ranking.put_first(found.snap, hits, placements)[:count]

        hits = tuple(shown_once(index.catalogue, most, k, query.within))
        likely = tuple(placement.page for placement in found.picture.likely) if found.picture else ()
        return SearchResult(hits, picture_text=words, may_show=likely)


def propose(snap: Snapshot) -> Proposal:
    """Locate the picture, run the channels for every side of the query, load the pages they propose."""
    snap, named = _to_the_point(snap)
    picture = locate(snap) if snap.query.image is not None else None
    sides = [question_side(snap)] if snap.query.text.strip() else []
    sides += [picture_side(snap, picture)] if picture is not None else []
    located = ranking.keys_of(snap.text, picture.placements or picture.likely) if picture is not None else []
    labels = callouts.shown_labels(snap)
    first = [*located, *callouts.pages_of(snap, labels)]
    return Proposal(snap, picture, tuple(located), tuple(labels), named, tuple(sides), candidates(snap, sides, first))


def _to_the_point(snap: Snapshot) -> tuple[Snapshot, Mapping[int, float]]:
    """With the words of the query that say what is looked for, and the numbers of the documents that they name."""
    query = snap.query
    if query.as_typed:
        return snap, {}
    if "words" not in query.without:
        query = replace(query, text=without_small_talk(query.text, snap.encoder))
        snap = Snapshot(snap.index, query, snap.fresh)
    text, named = named_documents.without_names(snap)
    return (snap if text == query.text else Snapshot(snap.index, replace(query, text=text), snap.fresh)), named


def rank_pages(found: Proposal, side: Side, features: Features | None = None) -> Float64Array:
    """(pages,) log probability of every candidate page for one side; pages with a picture found by words are lifted.

    ``features`` are those of :func:`features_of_pages`, where they are known.
    """
    features, weights = features or features_of_pages(found, side), load_weights()
    chosen = weights.picture if side.name == "picture" else weights.pages(features.coverage)
    scores = log_probabilities(features.values, chosen)
    if side.name == "question":
        scores += CODE_BONUS * features.coded
    if side.name == "question" and len({document_of(key) for key in found.keys}) > 1:
        scores = with_seat(scores, features.values[:, AGREEMENT])
    return lifted(scores, best_by_page(found.keys, found.candidates.places, side.lifts))


def _by_tokens(found: Proposal, pages: Float64Array, coverage: float) -> Float64Array:
    """The first pages in the order of their tokens; as they are where the query says which page it means."""
    snap, side = found.snap, found.sides[0]
    asked = found.located or found.labels or side.question.pages or snap.query.image is not None
    if asked or side.name != "question" or "words" in snap.query.without:
        return pages
    return reordered(snap, found.keys, pages, side.question.reading_language, coverage)


def features_of_pages(found: Proposal, side: Side) -> Features:
    """(pages, features) of every candidate page for one side."""
    known = signals(found.snap, found.candidates, side)
    return page_features(found.candidates.pages, side.question, side.knowledge.statistics, known)


def _best_pages(found: Proposal, pages: Float64Array, count: int) -> list[int]:
    """Rows of the best pages, best first, that have a chunk of the kinds asked for."""
    order: list[int] = np.argsort(-pages, kind="stable").tolist()
    kinds, every_key = found.snap.query.kinds, found.keys
    if kinds is None:
        return order[:count]
    best: list[int] = []
    for start in range(0, len(order), count):
        keys = {row: every_key[row] for row in order[start : start + count]}
        units = found.snap.text.units(keys.values())
        best += [row for row, key in keys.items() if any(unit.kind in kinds for unit in units[key])]
        if len(best) >= count:
            break
    return best[:count]


def parts_of(found: Proposal, best: Sequence[int]) -> list[Part]:
    """The chunks of the chosen pages (rows of candidates), of the kinds asked for."""
    every_key, kinds = found.keys, found.snap.query.kinds
    keys = [every_key[row] for row in best]
    units = found.snap.text.units(keys)
    chunks = found.snap.index.catalogue.chunks(unit.chunk for key in keys for unit in units[key])
    return [
        Part(_on_page(chunks[unit.chunk], page_of(key)), UnitPlace(key, unit.number), row)
        for row, key in enumerate(keys)
        for unit in units[key]
        if unit.chunk in chunks and (kinds is None or unit.kind in kinds)
    ]


def features_of_parts(
    found: Proposal, best: Sequence[int], parts: Sequence[Part], relative: Float64Array, side: Side
) -> Features:
    """(parts, features) for one side; ``relative`` are the chosen pages' log probabilities below the best one's."""
    known = ChunkSignals(
        row=np.array([part.row for part in parts], dtype=np.int64),
        unit=np.array([part.place.unit for part in parts], dtype=np.int64),
        kind=[part.chunk.kind for part in parts],
        page=np.array([relative[part.row] for part in parts]),
        dense=np.array([[scores.get(part.chunk.id, 0.0) for part in parts] for scores in side.words.values()]),
        picture=np.array([side.pictures.get(part.chunk.id, 0.0) for part in parts]),
        area=_area_shares([part.chunk for part in parts]),
        box=[part.chunk.bbox for part in parts],
    )
    words = found.candidates.pages.take(np.array(best, dtype=np.int64))
    return chunk_features(words, side.question, side.knowledge.statistics, known)


def _score(features: Features, parts: Sequence[Part], side: Side) -> Float64Array:
    weights = load_weights()
    chosen = weights.picture_chunks if side.name == "picture" else weights.chunks
    scores = log_probabilities(features.values, chosen)
    if side.name == "question":
        scores += CODE_BONUS * features.coded
    return lifted(scores, [side.lifts.get(part.chunk.id, 0.0) for part in parts])


def _on_page(chunk: Chunk, page: int) -> Chunk:
    """The chunk with its region on this page first."""
    if chunk.regions[0].page == page:
        return chunk
    return replace(chunk, regions=tuple(sorted(chunk.regions, key=lambda region: region.page != page)))


def _area_shares(chunks: Sequence[Chunk]) -> Float64Array:
    """Area of each chunk's box, relative to the largest of its page (the page's own chunk, as a rule)."""
    keys = [(chunk.doc, chunk.page) for chunk in chunks]
    areas = [area(chunk.bbox) for chunk in chunks]
    largest: dict[tuple[str, int], float] = {}
    for key, own in zip(keys, areas, strict=True):
        largest[key] = max(largest.get(key, 1.0), own)
    return np.array([own / largest[key] for key, own in zip(keys, areas, strict=True)])


def arrange(
    parts: Sequence[Part],
    scores: Float64Array,
    order: Sequence[int],
    k: int,
    ranks: Mapping[str, Mapping[str, ChannelScore]],
) -> list[Hit]:
    """Hits: best parts first but pages in ``order`` (their keys), without repeats, pictures with their share.

    Scores are relative to the best part's and never rise down the list, so that sorting by them changes nothing.
    """
    best_first: list[int] = np.argsort(-scores, kind="stable").tolist()
    highest = float(scores.max(initial=-np.inf))
    value = {id(parts[i]): float(np.exp(scores[i] - highest)) for i in best_first}
    arranged = in_page_order(_one_page_chunk([parts[i] for i in best_first]), _page_key, list(order))
    distinct = without_repeats(arranged[: LOOKED_THROUGH * k], _spot)
    chosen = with_share(distinct, k, _is_picture, round(PICTURE_SHARE * k))
    falling = accumulate((value[id(part)] for part in chosen), min)
    pairs = zip(chosen, falling, strict=True)
    return [Hit(part.chunk, score, _channels_of(part.chunk.id, ranks)) for part, score in pairs]


def _page_key(part: Part) -> int:
    return part.place.key


def _is_picture(part: Part) -> bool:
    return part.chunk.kind in ("figure", "table")


def _spot(part: Part) -> tuple[int, BBox]:
    return part.place.key, part.chunk.bbox


def _one_page_chunk(parts: Sequence[Part]) -> list[Part]:
    """Page chunks only where their page has no other part before them."""
    seen: set[int] = set()
    kept = []
    for part in parts:
        if part.chunk.kind != "page" or part.place.key not in seen:
            kept.append(part)
        seen.add(part.place.key)
    return kept


def _ranks(
    sides: Sequence[Side], parts: Sequence[Part], features: Mapping[str, Features]
) -> dict[str, dict[str, ChannelScore]]:
    """Rank and score of every part's chunk in every channel."""
    shown = {part.chunk.id for part in parts}
    lists: dict[str, Mapping[str, float]] = {}
    for side in sides:
        scored = zip(parts, features[side.name].bm25.tolist(), strict=True)
        lists[side.channel("full text")] = {part.chunk.id: score for part, score in scored if score > 0}
        lists |= side.vector_channels
    return {name: _ranked(scores, shown) for name, scores in lists.items()}


def _ranked(scores: Mapping[str, float], shown: Collection[str]) -> dict[str, ChannelScore]:
    """Rank and score in a channel of the chunks that are ``shown``; equal scores rank in their order there."""
    rank = ranks_of(np.fromiter(scores.values(), dtype=np.float64, count=len(scores)))
    return {
        chunk: ChannelScore(int(rank[i]), score) for i, (chunk, score) in enumerate(scores.items()) if chunk in shown
    }


def _channels_of(chunk: str, ranks: Mapping[str, Mapping[str, ChannelScore]]) -> dict[str, ChannelScore]:
    return {name: scores[chunk] for name, scores in ranks.items() if chunk in scores}
