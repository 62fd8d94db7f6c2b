"""The search channels, each on its own: full text, page numbers, and three kinds of vectors.

A channel proposes pages (their keys) or chunks (their ids, with scores), best first. It looks where the query says and
finds nothing where the query does without it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Literal, NamedTuple

import numpy as np

from ingestion.elements import ChunkKind
from rag.encoders.parts import only_reader
from rag.encoders.space import PartName, centred, masked
from rag.retrieval.knowledge import Knowledge, document_scores
from rag.retrieval.query import ParsedQuestion
from rag.retrieval.snapshot import Snapshot
from rag.storage.full_text.term_vectors import DocumentWords, page_key
from rag.storage.vectors.files import KINDS
from rag.types import Float32Array, Modality, PageId

PAGES_BY_WORDS = 200  # pages taken from full text
CHUNKS_BY_VECTOR = 300  # chunks taken from each vector channel
CHUNKS_WITHIN = 4000  # the same within chosen documents: all of them, as a rule
DOCUMENTS_BY_NUMBER = 50  # documents of a library whose page is taken where one is asked for by its number

PAGES: frozenset[ChunkKind] = frozenset({"page"})

VectorChannel = Literal["words", "text to image", "image to image"]
VECTOR_CHANNELS: dict[VectorChannel, tuple[PartName, Modality, Modality]] = {
    "words": ("words", "text", "text"),
    "text to image": ("picture", "text", "image"),
    "image to image": ("picture", "image", "image"),
}
"""The part of the vectors that is compared, the modality the query's was made from, and that of the nodes searched."""


def by_words(snap: Snapshot, question: ParsedQuestion) -> list[int]:
    """Keys of pages by full text: terms in every spelling, neighbouring terms as phrases, implied terms."""
    terms = [spelling for term in question.terms for spelling in ((term,), *question.spellings.get(term, ()))]
    phrases = [*terms, *question.phrases, *((term,) for term in question.related)]
    return snap.text.search(phrases, PAGES_BY_WORDS, snap.where)


def by_number(snap: Snapshot, question: ParsedQuestion, knowledge: Knowledge) -> list[int]:
    """Keys of pages asked for by number, counted or printed, of the documents chosen or else of those most likely
    meant."""
    if not question.pages:
        return []
    likely = snap.where.documents
    if likely is None:
        scores = document_scores(question, knowledge)
        likely = tuple(sorted(scores, key=lambda no: -scores[no])[:DOCUMENTS_BY_NUMBER])
    documents = snap.documents(likely)
    counted = [
        page_key(no, page if page > 0 else row.pages + 1 + page)
        for no, row in documents.items()
        for page in question.pages
        if abs(page) <= row.pages
    ]
    return list(dict.fromkeys([*counted, *labelled(snap, documents, question)]))


def labelled(snap: Snapshot, documents: Mapping[int, DocumentWords], question: ParsedQuestion) -> list[int]:
    """Keys of the documents' pages on which a number asked for is printed."""
    numbers = [page for page in question.pages if page > 0]
    if not numbers:
        return []
    return _keys(documents, snap.index.catalogue.labelled((row.doc for row in documents.values()), numbers))


def shaped_like_slides(snap: Snapshot, documents: Mapping[int, DocumentWords]) -> list[int]:
    """Keys of the documents' pages that are wider than high."""
    return _keys(documents, snap.index.catalogue.wide_pages(row.doc for row in documents.values()))


class ByMeaning(NamedTuple):
    """What sentence encoders find, best first, as chunk ids with scores: ``parts`` by the name of each encoder;
    ``pages`` are whole pages by the best window of their words, none in a generation that has no vectors of them."""

    parts: dict[str, dict[str, float]]
    pages: dict[str, float]


def by_meaning(snap: Snapshot, vector: Float32Array, language: str) -> ByMeaning:
    """What the sentence encoders of the words part find. ``vector`` is (dim,), made of a text in ``language``.

    Asked are those that read that language; where it is one alone, for whole pages, too. Scores are cosines less that
    of the vector with the mean passage, as in :func:`by_vector`.
    """
    spans = snap.encoder.word_spans
    if len(spans) < 2:
        return ByMeaning({"words": by_vector(snap, vector, "words")}, {})
    reader = only_reader(spans, language) if snap.index.has_pages else None
    spans = tuple(span for span in spans if span.reads(language)) or spans
    if "words" in snap.query.without:
        return ByMeaning({span.name: {} for span in spans}, {})
    mean = snap.means.get(("text", "words"))
    parts, pages = dict[str, dict[str, float]](), dict[str, float]()
    for span in spans:
        asked = np.zeros_like(vector)
        columns = slice(span.start, span.stop)
        length = float(np.linalg.norm(vector[columns]))
        if length:  # a part's share of every vector has this length: what is left are cosines
            asked[columns] = vector[columns] / length**2
        offset = float(asked[columns] @ mean[columns]) if mean is not None else 0.0
        parts[span.name] = _scores(snap, asked, "text", offset, _without_pages(snap))
        if span == reader:
            found = _scores(snap, asked, "text", offset, PAGES)
            pages = {page: score for page, score in found.items() if score != -offset}  # not those it has not read
    return ByMeaning(parts, pages)


def by_vector(
    snap: Snapshot, vector: Float32Array, channel: VectorChannel, kinds: frozenset[ChunkKind] | None = None
) -> dict[str, float]:
    """Chunk ids with their scores by one vector channel, best first. ``vector`` is (dim,); ``kinds``: None are those
    that the query asks for.

    Query and scores are centred on the modalities' means, so scores of different modalities compare.
    """
    part, own, modality = VECTOR_CHANNELS[channel]
    span = next((p for p in snap.encoder.parts if p.name == part), None)
    if span is None or channel in snap.query.without:
        return {}
    asked = masked(snap.encoder, vector, part)
    columns = slice(span.start, span.stop)
    if part == "picture":
        asked[columns] = centred(asked[columns], snap.means.get((own, part)))
    mean = snap.means.get((modality, part))
    return _scores(
        snap, asked, modality, float(asked[columns] @ mean) if mean is not None else 0.0, kinds or snap.query.kinds
    )


def _without_pages(snap: Snapshot) -> frozenset[ChunkKind] | None:
    """The kinds that are asked for, but no whole pages where these have vectors of their words, too; None: all."""
    if not snap.index.has_pages:
        return snap.query.kinds
    return (snap.query.kinds or frozenset(KINDS)) - PAGES


def _scores(
    snap: Snapshot, asked: Float32Array, modality: Modality, offset: float, kinds: frozenset[ChunkKind] | None = None
) -> dict[str, float]:
    if not asked.any() or kinds == frozenset():
        return {}
    k = CHUNKS_BY_VECTOR if snap.query.docs is None else CHUNKS_WITHIN
    found = snap.index.vectors.nearest(asked, k, modality, snap.query.within, kinds)
    return {chunk: score - offset for chunk, score in zip(found.chunks, found.scores, strict=True)}


def _keys(documents: Mapping[int, DocumentWords], pages: Iterable[PageId]) -> list[int]:
    number = {row.doc: no for no, row in documents.items()}
    return [page_key(number[doc], page) for doc, page in pages]
