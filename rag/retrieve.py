"""The recipe: a question in words, a picture, or both → hits, best first. Read :func:`retrieve`.

Enters: an open index and a query. Leaves: chunks with their boxes, score, and what every channel thought of them.
Must not know: answers, models, how the index is stored.

Channels propose pages; a linear ranker orders them; then the chunks of the best pages are ordered together. Pages come
first because people's questions are answered by a page as a whole more often than by one passage alone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from ingestion.elements import BBox, Chunk
from ingestion.geometry import area
from rag import channels
from rag.channels import Candidates, Knowledge
from rag.errors import EmptyQuestion, QuestionTooLong
from rag.features import ChunkSignals, Features, chunk_features, page_features
from rag.fulltext import FullText, Place, Where, document_of, page_of
from rag.fusion import in_page_order, with_share, without_repeats
from rag.matching import Array
from rag.rank import Scope, load_weights, log_probabilities
from rag.types import ChannelScore, Hit, Query, Vectors
from rag.understand import Question, understand

if TYPE_CHECKING:
    from rag.index import Index

MAX_QUESTION = 10_000  # characters
FEW_DOCUMENTS = 3  # a choice of at most so many documents is ranked as one document is, a larger one as a library
PAGES_WITH_CHUNKS = 2  # pages whose chunks are ordered, for each hit wanted
PICTURE_SHARE = 0.2  # of the hits that are figures or tables where the best pages have any
MIN_PAGE_CHUNKS = 12  # pages whose chunks are ordered at the least
PICTURE_TERMS = 40  # words of a picture that are searched


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a query, its words or its picture: taken apart, and what the channels found for it."""

    name: str
    scope: Scope
    question: Question
    knowledge: Knowledge
    pages: Sequence[int]
    words: Mapping[str, float]
    pictures: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Part:
    """A chunk on a page that was chosen, before it is a hit."""

    chunk: Chunk
    place: Place
    score: float


def retrieve(index: Index, query: Query, k: int = 10) -> list[Hit]:
    """The best ``k`` hits, fewer where the index has fewer.

    Pages first appear in the order of their rank; a page's own chunk stands for it only where it has nothing better.
    Raises :class:`EmptyQuestion`, :class:`QuestionTooLong`, and the index's errors.
    """
    check(query)
    text = FullText(index.catalogue.connection)
    with index.catalogue.translated():
        where, total = _where(text, query)
        if total == 0:
            return []
        sides = _sides(index, text, query, where)
        found = channels.candidates(
            text,
            [side.pages for side in sides],
            [s for side in sides for s in (side.words, side.pictures)],
            where,
            total,
        )
        pages = sum((_rank_pages(index, text, found, side) for side in sides), start=np.zeros(len(found.pages.keys)))
        best = _best_pages(text, found, pages, query, max(MIN_PAGE_CHUNKS, PAGES_WITH_CHUNKS * k))
        parts, scored = _rank_parts(index, text, found, best, pages, sides, query)
    return _hits(parts, [int(found.pages.keys[row]) for row in best], sides, scored, k)


def check(query: Query) -> None:
    """Raise for a query that cannot be searched."""
    if not query.text.strip() and query.image is None:
        raise EmptyQuestion("There is no question; type one, or give a picture to look for")
    if len(query.text) > MAX_QUESTION:
        raise QuestionTooLong(
            f"The question has {len(query.text):,} characters, more than the {MAX_QUESTION:,} that are searched; "
            "ask for one thing at a time"
        )


def _where(text: FullText, query: Query) -> tuple[Where, int | None]:
    """Where to look, and how many pages chosen documents have (None: the whole library)."""
    if query.docs is None:
        return Where(None, query.pages), None
    documents = text.documents(query.docs)
    return Where(tuple(row.no for row in documents), query.pages), sum(row.pages for row in documents)


def _sides(index: Index, text: FullText, query: Query, where: Where) -> list[Side]:
    sides = []
    if query.text.strip():
        scope: Scope = "doc" if query.docs is not None and len(query.docs) <= FEW_DOCUMENTS else "library"
        vector = index.encoder.embed_texts([query.text.strip()])[0]
        question = channels.mended(text, understand(query.text))
        pictures = channels.by_vector(index, vector, "picture", "text", "image", query)
        sides.append(_side(index, text, "question", scope, question, vector, pictures, query, where))
    if query.image is not None:
        words = read_picture(query)
        vector = index.encoder.embed_images([query.image.convert("RGB")], [words])[0]
        pictures = channels.by_vector(index, vector, "picture", "image", "image", query)
        question = understand(words)
        sides.append(_side(index, text, "picture", "picture", question, vector, pictures, query, where))
    return sides


def _side(
    index: Index,
    text: FullText,
    name: str,
    scope: Scope,
    question: Question,
    vector: Vectors,
    pictures: Mapping[str, float],
    query: Query,
    where: Where,
) -> Side:
    knowledge = channels.know(text, question)
    pages = channels.by_words(text, question, where)
    words = channels.by_vector(index, vector, "words", "text", "text", query)
    return Side(name, scope, question, knowledge, pages, words, pictures)


def read_picture(query: Query) -> str:
    """The words in an uploaded picture, line by line; empty where it has none."""
    from ingestion.ocr import read

    return "\n".join(line.text for line in read(query.image.convert("RGB"))) if query.image is not None else ""


def _rank_pages(index: Index, text: FullText, found: Candidates, side: Side) -> Array:
    """Log probability of every candidate page for one side."""
    labels = _labels(index, text, found) if side.question.pages else {}
    known = channels.signals(text, found, side.question, side.knowledge, side.words, side.pictures, labels)
    features = page_features(found.pages, side.question, side.knowledge.statistics, known)
    return log_probabilities(features.values, load_weights().pages(side.scope))


def _labels(index: Index, text: FullText, found: Candidates) -> dict[int, str]:
    """Printed labels of the candidate pages, by page key."""
    keys = found.pages.keys.tolist()
    documents = text.numbered(document_of(key) for key in keys)
    labels = {no: {page.number: page.label for page in index.catalogue.pages(row.doc)} for no, row in documents.items()}
    return {key: labels[document_of(key)].get(page_of(key), "") for key in keys}


def _best_pages(text: FullText, found: Candidates, pages: Array, query: Query, count: int) -> list[int]:
    """Rows of the best pages, best first, that have a chunk of the kinds asked for."""
    order: list[int] = np.argsort(-pages, kind="stable").tolist()
    if query.kinds is None:
        return order[:count]
    best: list[int] = []
    for start in range(0, len(order), count):
        block = order[start : start + count]
        units = text.units([int(found.pages.keys[row]) for row in block])
        best += [row for row in block if any(u.kind in query.kinds for u in units[int(found.pages.keys[row])])]
        if len(best) >= count:
            break
    return best[:count]


def _rank_parts(
    index: Index,
    text: FullText,
    found: Candidates,
    best: Sequence[int],
    pages: Array,
    sides: Sequence[Side],
    query: Query,
) -> tuple[list[Part], dict[str, dict[str, float]]]:
    """The chunks of the best pages, best first, and each side's full-text scores of them."""
    keys = [int(found.pages.keys[row]) for row in best]
    on_page = text.units(keys)
    units = [(row, key, unit) for row, key in enumerate(keys) for unit in on_page[key]]
    units = [entry for entry in units if query.kinds is None or entry[2].kind in query.kinds]
    chunks = index.catalogue.chunks(unit.chunk for _, _, unit in units)
    units = [entry for entry in units if entry[2].chunk in chunks]
    if not units:
        return [], {}
    words = found.pages.take(np.array(best, dtype=np.int64))
    relative = pages[list(best)] - pages[list(best)].max()
    shares = _area_shares([_on_page(chunks[unit.chunk], page_of(key)) for _, key, unit in units])
    scores, scored = np.zeros(len(units)), dict[str, dict[str, float]]()
    for side in sides:
        known = ChunkSignals(
            row=np.array([row for row, _, _ in units], dtype=np.int64),
            unit=np.array([unit.number for _, _, unit in units], dtype=np.int64),
            kind=[unit.kind for _, _, unit in units],
            page=np.array([relative[row] for row, _, _ in units]),
            dense=np.array([side.words.get(unit.chunk, 0.0) for _, _, unit in units]),
            picture=np.array([side.pictures.get(unit.chunk, 0.0) for _, _, unit in units]),
            area=shares,
        )
        features: Features = chunk_features(words, side.question, side.knowledge.statistics, known)
        scores += log_probabilities(features.values, load_weights().parts(side.scope))
        scored[side.name] = {u.chunk: float(s) for (_, _, u), s in zip(units, features.bm25, strict=True) if s > 0}
    order = np.argsort(-scores, kind="stable").tolist()
    parts = [
        Part(_on_page(chunks[unit.chunk], page_of(key)), Place(key, unit.number), float(scores[i] - scores[order[0]]))
        for i in order
        for _, key, unit in [units[i]]
    ]
    return parts, scored


def _on_page(chunk: Chunk, page: int) -> Chunk:
    """The chunk with its region on this page first."""
    regions = sorted(chunk.regions, key=lambda region: region.page != page)
    return chunk if regions[0] == chunk.regions[0] else replace(chunk, regions=tuple(regions))


def _area_shares(chunks: Sequence[Chunk]) -> Array:
    """Area of each chunk's box, relative to the largest of its page (the page's own chunk, as a rule)."""
    largest: dict[tuple[str, int], float] = {}
    for chunk in chunks:
        key = (chunk.doc, chunk.page)
        largest[key] = max(largest.get(key, 1.0), area(chunk.bbox))
    return np.array([area(chunk.bbox) / largest[chunk.doc, chunk.page] for chunk in chunks])


def _hits(
    parts: Sequence[Part],
    order: Sequence[int],
    sides: Sequence[Side],
    scored: Mapping[str, Mapping[str, float]],
    k: int,
) -> list[Hit]:
    """Parts without repeats, pages in order, pictures with their share; with what each channel thought of them."""
    distinct = without_repeats(parts, _spot)
    arranged = in_page_order(_one_page_chunk(distinct), lambda part: part.place.key, list(order))
    chosen = with_share(arranged, k, lambda part: part.chunk.kind in ("figure", "table"), round(PICTURE_SHARE * k))
    ranks = _ranks(sides, scored)
    return [Hit(part.chunk, float(np.exp(part.score)), _channels_of(part.chunk.id, ranks)) for part in chosen]


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


def _ranks(sides: Sequence[Side], scored: Mapping[str, Mapping[str, float]]) -> dict[str, dict[str, ChannelScore]]:
    """Rank and score of every chunk in every channel."""
    lists: dict[str, Mapping[str, float]] = {}
    for side in sides:
        prefix = "" if side.name == "question" else "picture's "
        lists[f"{prefix}full text"] = scored.get(side.name, {})
        lists[f"{prefix}words"] = side.words
        lists["text to image" if side.name == "question" else "image to image"] = side.pictures
    return {
        name: {
            chunk: ChannelScore(rank, score)
            for rank, (chunk, score) in enumerate(sorted(scores.items(), key=lambda entry: -entry[1]), 1)
        }
        for name, scores in lists.items()
    }


def _channels_of(chunk: str, ranks: Mapping[str, Mapping[str, ChannelScore]]) -> dict[str, ChannelScore]:
    return {name: scores[chunk] for name, scores in ranks.items() if chunk in scores}
