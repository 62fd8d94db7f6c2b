"""Whole pages as vectors of their words: what stands around a passage says what it is about.

A page is read in windows of :data:`WINDOW` words by the sentence encoder that is best at its language
(:func:`rag.encoders.parts.best_reader`), the one that is asked in that language. The others that read it, which are
asked from other languages, are not run again: their windows are the means of their passages' vectors. So a page of a
manual takes a third more time to embed in English and two thirds in other languages, not twice as much (2026-11-29).

Tried beside it: windows pooled from the passages' vectors alone (nothing gained), passages pooled from token states of
long windows ("late chunking", Günther et al. 2024: worse than passages alone), both encoders run over every window (a
question or two better from other languages, for twice the time); docs/log has the figures.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import zip_longest
from typing import NamedTuple

import numpy as np

from ingestion.elements import Chunk, Document
from rag.encoders.base import Encoder
from rag.encoders.parts import Span, best_reader
from rag.text.function_words import languages_of
from rag.types import Float32Array, Node

WINDOW = 80
"""Words that are embedded together: three to four passages of a manual. Up to twice as many are no better."""


class Passage(NamedTuple):
    """A vector, (dim,), of one window of a chunk, and how many words it was made of."""

    vector: Float32Array
    words: int


class PageWindow(NamedTuple):
    """A piece of a page's words, and the encoder that reads it."""

    page: Chunk
    text: str
    reader: Span

    @property
    def read(self) -> tuple[str, str]:
        """What its vector is known by: the encoder's name and the text."""
        return self.reader.name, self.text


def reads_pages(encoder: Encoder) -> bool:
    """Whether the words of whole pages are worth embedding: of sentence encoders that stand side by side."""
    return len(encoder.word_spans) > 1


def page_windows(document: Document, encoder: Encoder) -> list[PageWindow]:
    """The windows of all pages, in order; together they hold every word of the pages that an encoder reads.

    Scripts without spaces are cut where the encoder's window ends.
    """
    pages = [chunk for chunk in document.chunks if chunk.kind == "page"]
    found = []
    for page, language in zip(pages, languages_of([page.text for page in pages]), strict=True):
        reader = best_reader(encoder.word_spans, language)
        if reader is not None:
            pieces = [piece for text in _cut(page.text) for piece in encoder.windows(text)]
            found += [PageWindow(page, piece, reader) for piece in pieces]
    return found


def page_nodes(
    windows: Sequence[PageWindow],
    vectors: Mapping[tuple[str, str], Float32Array],
    passages: Mapping[int, Sequence[Passage]],
    encoder: Encoder,
) -> list[Node]:
    """A node per window. ``vectors`` are (dim,), by encoder and text; ``passages`` are those of each page's number.

    Each encoder has its own columns, so what one has read and what is the mean of another's share nodes.
    """
    nodes = []
    pages: dict[str, list[PageWindow]] = {}
    for window in windows:
        pages.setdefault(window.page.id, []).append(window)
    for own in pages.values():
        page, reader = own[0].page, own[0].reader
        read = [vectors[window.read] for window in own]
        others = [span for span in encoder.word_spans if span != reader and not span.languages]
        columns = [read, *(pooled(passages.get(page.page, ()), span) for span in others)]
        for number, row in enumerate(zip_longest(*columns)):
            vector = np.sum([part for part in row if part is not None], axis=0)
            nodes.append(Node(page.id, "text", vector, number))
    return [node for node in nodes if node.vector.any()]


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
