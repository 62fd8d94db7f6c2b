"""Whole pages as vectors of their words: what stands around a passage says what it is about.

A question in English is answered by two sentence encoders, in other languages by one. There whole pages are its second
voice: windows of :data:`WINDOW` words, read by the one encoder that reads the page's language
(:func:`rag.encoders.parts.only_reader`). Pages in a language that several read are asked from other languages alone;
their windows are means of their passages' vectors and take no time.

Tried beside it: windows that MiniLM reads, for English questions (gained on manuals, lost first places elsewhere),
windows pooled from passages' vectors for all pages (nothing gained), passages pooled from token states of long windows
("late chunking", Günther et al. 2024: worse than passages alone); docs/log has the figures.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from ingestion.elements import Chunk, Document
from rag.encoders.base import Encoder
from rag.encoders.parts import Span, only_reader
from rag.text.function_words import languages_of
from rag.types import Float32Array, Node

WINDOW = 80
"""Words that are embedded together: three to four passages of a manual. Up to twice as many are no better."""


class Passage(NamedTuple):
    """A vector, (dim,), of one window of a chunk, and how many words it was made of."""

    vector: Float32Array
    words: int


class ReadPage(NamedTuple):
    """A page, the pieces of its words, and the encoder that reads them; no pieces where means of passages do."""

    page: Chunk
    reader: Span
    windows: tuple[str, ...]


def reads_pages(encoder: Encoder) -> bool:
    """Whether whole pages are worth embedding: of encoders side by side of which one reads more languages."""
    return len(encoder.word_spans) > 1 and any(not span.languages for span in encoder.word_spans)


def page_languages(document: Document) -> list[tuple[Chunk, str]]:
    """All pages, in order, each with the language that most of its words are of."""
    pages = [chunk for chunk in document.chunks if chunk.kind == "page"]
    return list(zip(pages, languages_of([page.text for page in pages]), strict=True))


def read_pages(pages: Sequence[tuple[Chunk, str]], encoder: Encoder) -> list[ReadPage]:
    """``pages``, which have their languages with them, in order. The windows of a page together hold every word of it.

    Scripts without spaces are cut where the encoder's window ends.
    """
    spans, found = encoder.word_spans, list[ReadPage]()
    for page, language in pages:
        reader = only_reader(spans, language)
        if reader is not None:
            pieces = tuple(piece for text in _cut(page.text) for piece in encoder.windows(text))
            found.append(ReadPage(page, reader, pieces))
        else:
            found += [ReadPage(page, span, ()) for span in spans if not span.languages]
    return found


def page_nodes(
    pages: Sequence[ReadPage],
    vectors: Mapping[tuple[str, str], Float32Array],
    passages: Mapping[int, Sequence[Passage]],
) -> list[Node]:
    """A node per window. ``vectors`` are (dim,), by encoder and text; ``passages`` are those of each page's number."""
    nodes = []
    for page, reader, windows in pages:
        own = [vectors[reader.name, text] for text in windows] or pooled(passages.get(page.page, ()), reader)
        nodes += [Node(page.id, "text", vector, number) for number, vector in enumerate(own) if vector.any()]
    return nodes


def pooled(passages: Sequence[Passage], span: Span) -> list[Float32Array]:
    """Mean directions of neighbouring passages in the columns of one encoder, (dim,) each and as long as a passage's.

    Neighbours are taken together up to :data:`WINDOW` words; each counts as its words.
    """
    columns = slice(span.start, span.stop)
    found = []
    for group in _groups([p for p in passages if p.vector[columns].any()]):
        mean = np.zeros_like(group[0].vector)
        mean[columns] = np.sum([p.vector[columns] * p.words for p in group], axis=0)
        length = float(np.linalg.norm(mean))
        if length:
            found.append(mean * np.float32(np.linalg.norm(group[0].vector[columns]) / length))
    return found


def _groups(passages: Sequence[Passage]) -> list[list[Passage]]:
    groups: list[list[Passage]] = []
    words = 0
    for passage in passages:
        if not groups or words + passage.words / 2 > WINDOW:
            groups.append([])
            words = 0
        groups[-1].append(passage)
        words += passage.words
    return groups


def _cut(text: str) -> list[str]:
    words = text.split()
    return [" ".join(words[start : start + WINDOW]) for start in range(0, len(words), WINDOW)]
