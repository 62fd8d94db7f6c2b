"""The recipe: a question in words, a picture, or both → hits, best first. Read :func:`_retrieved`.

Enters: an open index and a query. Leaves: chunks with their boxes, score, and what every channel thought of them.
Must not know: answers, models, how the index is stored.

Channels propose pages; a linear ranker orders them; then the chunks of the best pages are ordered together. Pages come
first because people's questions are answered by a page as a whole more often than by one passage alone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from ingestion.elements import BBox, Chunk
from ingestion.geometry import area
from rag.errors import EmptyQuestion, QuestionTooLong
from rag.retrieval import candidates
from rag.retrieval.cache import asked
from rag.retrieval.candidates import Candidates, Knowledge
from rag.retrieval.chunk_features import ChunkSignals, chunk_features
from rag.retrieval.deduplicate import shown_once
from rag.retrieval.fusion import in_page_order, with_share, without_repeats
from rag.retrieval.image import locate, ranking
from rag.retrieval.image.locate import Seen
from rag.retrieval.image.ranking import Placement
from rag.retrieval.page_features import Features, page_features
from rag.retrieval.query import ParsedQuestion, parse_question
from rag.retrieval.ranker import Scope, load_weights, log_probabilities
from rag.storage.fulltext import FullText, Where
from rag.storage.term_vectors import UnitPlace, page_of
from rag.types import ChannelScore, Float32Array, Float64Array, Hit, Query

if TYPE_CHECKING:
    from rag.storage.reader import IndexReader

MAX_QUESTION = 10_000  # characters
FEW_DOCUMENTS = 3  # a choice of at most so many documents is ranked as one document is, a larger one as a library
PAGES_WITH_CHUNKS = 1  # pages whose chunks are ordered, for each hit wanted
PICTURE_SHARE = 0.2  # of the hits that are figures or tables where the best pages have any
MIN_PAGE_CHUNKS = 20  # pages whose chunks are ordered at the least
LOOKED_THROUGH = 5  # parts looked through for repeats and pictures, for each hit wanted


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a query, its words or its picture: taken apart, and what the channels found for it."""

    name: str
    scope: Scope
    question: ParsedQuestion
    knowledge: Knowledge
    pages: Sequence[int]
    words: Mapping[str, float]
    pictures: Mapping[str, float]

    @property
    def vector_channels(self) -> dict[str, Mapping[str, float]]:
        """Scores by chunk of its vector channels, by their names."""
        across = "text to image" if self.name == "question" else "image to image"
        return {self.channel("words"): self.words, across: self.pictures}

    def channel(self, name: str) -> str:
        """What a channel is called that both sides have."""
        return name if self.name == "question" else f"picture's {name}"


@dataclass(frozen=True, slots=True)
class Proposal:
    """The sides of a query and the pages their channels propose."""

    text: FullText
    sides: tuple[Side, ...]
    candidates: Candidates
    sightings: tuple[Placement, ...] = ()

    @property
    def size(self) -> int:
        return len(self.candidates.pages.keys)


class Part(NamedTuple):
    """A chunk on a page that was chosen; ``row`` is the page's among those chosen, the page's region comes first."""

    chunk: Chunk
    place: UnitPlace
    row: int


def retrieve(index: IndexReader, query: Query, k: int = 10) -> list[Hit]:
    """The same as :func:`retrieve_anew`, from memory where it was asked since the index last changed."""
    check(query)
    with index.snapshot():
        key = asked(query), k, index.settings, index.generation.id, index.catalogue.state().revision
        hits = index.recent.get(key)
        if hits is None:
            hits = tuple(retrieve_anew(index, query, k))
            index.recent.put(key, hits)
    return list(hits)


def retrieve_anew(index: IndexReader, query: Query, k: int = 10) -> list[Hit]:
    """The best ``k`` hits, fewer where the index has fewer.

    Pages first appear in the order of their rank; a page's own chunk stands for it only where it has nothing better.
    Raises :class:`EmptyQuestion`, :class:`QuestionTooLong`, and the index's errors.
    """
    check(query)
    with index.snapshot():
        return _retrieved(index, query, k)


def _retrieved(index: IndexReader, query: Query, k: int) -> list[Hit]:
    """Inside a snapshot: a document that is removed meanwhile is there to the end."""
    found = propose(index, query)
    if found is None:
        return []
    pages = sum(
        (rank_pages(index, found, side) for side in found.sides),
        start=ranking.worth(found.text, found.candidates, found.sightings),
    )
    best = _best_pages(found, pages, query, max(MIN_PAGE_CHUNKS, PAGES_WITH_CHUNKS * k))
    parts = parts_of(index, found, best, query)
    relative = pages[best] - pages[best].max(initial=-np.inf)
    features = {side.name: features_of_parts(found, best, parts, relative, side) for side in found.sides}
    scores = sum((_score(features[side.name], side) for side in found.sides), start=np.zeros(len(parts)))
    ranks, order = _ranks(found.sides, parts, features), [int(found.candidates.pages.keys[row]) for row in best]

    def most(count: int) -> list[Hit]:
        hits = arrange(parts, scores, order, count, ranks)
        return ranking.put_first(index, hits, found.sightings, query)[:count]

    return shown_once(index.catalogue, most, k, query.docs)


def check(query: Query) -> None:
    """Raise for a query that cannot be searched."""
    if not query.text.strip() and query.image is None:
        raise EmptyQuestion("There is no question; type one, or give a picture to look for")
    if len(query.text) > MAX_QUESTION:
        raise QuestionTooLong(
            f"The question has {len(query.text):,} characters, more than the {MAX_QUESTION:,} that are searched; "
            "ask for one thing at a time"
        )


def propose(index: IndexReader, query: Query) -> Proposal | None:
    """Run the channels for every side of the query and load the pages they propose; None where there are none."""
    text = FullText(index.catalogue.connection)
    where, total = _where(text, query)
    seen = locate.look(index, text, query, where) if query.image is not None else None
    sides = _sides(index, text, query, where, seen)
    by_chunk = [scores for side in sides for scores in (side.words, side.pictures)]
    numbered = [
        key for side in sides for key in candidates.by_number(index, text, side.question, side.knowledge, where)
    ]
    sightings = seen.sightings if seen is not None else ()
    by_page = [ranking.keys(text, sightings), *(side.pages for side in sides)]
    found = candidates.candidates(text, by_page, by_chunk, numbered, where, total)
    return Proposal(text, tuple(sides), found, sightings) if len(found.pages.keys) else None


def _where(text: FullText, query: Query) -> tuple[Where, int | None]:
    """Where to look, and how many pages chosen documents have (None: the whole library)."""
    if query.docs is None:
        return Where(None, query.pages), None
    documents = text.documents(query.docs)
    return Where(tuple(row.no for row in documents), query.pages), sum(row.pages for row in documents)


def _sides(index: IndexReader, text: FullText, query: Query, where: Where, seen: Seen | None) -> list[Side]:
    sides = []
    if query.text.strip():
        scope: Scope = "doc" if query.docs is not None and len(query.docs) <= FEW_DOCUMENTS else "library"
        vector = index.encoder.embed_texts([query.text.strip()], query=True)[0]
        question = _understood(text, query.text, query)
        pictures = candidates.by_vector(index, vector, "text to image", query)
        sides.append(_side(index, text, "question", scope, question, vector, pictures, query, where))
    if seen is not None:
        vector = index.encoder.embed_texts([seen.words], query=True)[0]
        question = parse_question(seen.words if "full text" not in query.without else "")
        sides.append(_side(index, text, "picture", "picture", question, vector, seen.pictures, query, where))
    return sides


def _understood(text: FullText, asked_: str, query: Query) -> ParsedQuestion:
    """The question with misspelt words mended; without full text only the pages and kinds it asks for."""
    question = parse_question(asked_)
    if "full text" in query.without:
        return ParsedQuestion((), (), pages=question.pages, wants=question.wants)
    return candidates.mended(text, question)


def _side(
    index: IndexReader,
    text: FullText,
    name: str,
    scope: Scope,
    question: ParsedQuestion,
    vector: Float32Array,
    pictures: Mapping[str, float],
    query: Query,
    where: Where,
) -> Side:
    knowledge = candidates.know(text, question)
    pages = candidates.by_words(text, question, where)
    words = candidates.by_vector(index, vector, "words", query)
    return Side(name, scope, question, knowledge, pages, words, pictures)


def rank_pages(index: IndexReader, found: Proposal, side: Side) -> Float64Array:
    """Log probability of every candidate page for one side."""
    return log_probabilities(features_of_pages(index, found, side).values, load_weights().pages(side.scope))


def features_of_pages(index: IndexReader, found: Proposal, side: Side) -> Features:
    """(candidates, features) of every candidate page for one side."""
    known = candidates.signals(
        index, found.text, found.candidates, side.question, side.knowledge, side.words, side.pictures
    )
    return page_features(found.candidates.pages, side.question, side.knowledge.statistics, known)


def _best_pages(found: Proposal, pages: Float64Array, query: Query, count: int) -> list[int]:
    """Rows of the best pages, best first, that have a chunk of the kinds asked for."""
    order: list[int] = np.argsort(-pages, kind="stable").tolist()
    if query.kinds is None:
        return order[:count]
    best: list[int] = []
    for start in range(0, len(order), count):
        keys = {row: int(found.candidates.pages.keys[row]) for row in order[start : start + count]}
        units = found.text.units(keys.values())
        best += [row for row, key in keys.items() if any(unit.kind in query.kinds for unit in units[key])]
        if len(best) >= count:
            break
    return best[:count]


def parts_of(index: IndexReader, found: Proposal, best: Sequence[int], query: Query) -> list[Part]:
    """The chunks of the chosen pages, of the kinds asked for."""
    keys = [int(found.candidates.pages.keys[row]) for row in best]
    units = found.text.units(keys)
    chunks = index.catalogue.chunks(unit.chunk for key in keys for unit in units[key])
    return [
        Part(_on_page(chunks[unit.chunk], page_of(key)), UnitPlace(key, unit.number), row)
        for row, key in enumerate(keys)
        for unit in units[key]
        if unit.chunk in chunks and (query.kinds is None or unit.kind in query.kinds)
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
        dense=np.array([side.words.get(part.chunk.id, 0.0) for part in parts]),
        picture=np.array([side.pictures.get(part.chunk.id, 0.0) for part in parts]),
        area=_area_shares([part.chunk for part in parts]),
        box=[part.chunk.bbox for part in parts],
    )
    words = found.candidates.pages.take(np.array(best, dtype=np.int64))
    return chunk_features(words, side.question, side.knowledge.statistics, known)


def _score(features: Features, side: Side) -> Float64Array:
    return log_probabilities(features.values, load_weights().parts(side.scope))


def _on_page(chunk: Chunk, page: int) -> Chunk:
    """The chunk with its region on this page first."""
    regions = sorted(chunk.regions, key=lambda region: region.page != page)
    return chunk if regions[0] == chunk.regions[0] else replace(chunk, regions=tuple(regions))


def _area_shares(chunks: Sequence[Chunk]) -> Float64Array:
    """Area of each chunk's box, relative to the largest of its page (the page's own chunk, as a rule)."""
    largest: dict[tuple[str, int], float] = {}
    for chunk in chunks:
        key = (chunk.doc, chunk.page)
        largest[key] = max(largest.get(key, 1.0), area(chunk.bbox))
    return np.array([area(chunk.bbox) / largest[chunk.doc, chunk.page] for chunk in chunks])


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
    """Rank and score of every chunk in every channel."""
    lists: dict[str, Mapping[str, float]] = {}
    for side in sides:
        scored = zip(parts, features[side.name].bm25.tolist(), strict=True)
        lists[side.channel("full text")] = {part.chunk.id: score for part, score in scored if score > 0}
        lists |= side.vector_channels
    return {
        name: {
            chunk: ChannelScore(rank, score)
            for rank, (chunk, score) in enumerate(sorted(scores.items(), key=lambda entry: -entry[1]), 1)
        }
        for name, scores in lists.items()
    }


def _channels_of(chunk: str, ranks: Mapping[str, Mapping[str, ChannelScore]]) -> dict[str, ChannelScore]:
    return {name: scores[chunk] for name, scores in ranks.items() if chunk in scores}
