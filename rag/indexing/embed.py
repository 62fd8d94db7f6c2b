"""A parsed document to nodes of the shared space.

Passages, tables and figures have text nodes, one per window of the encoder; tables and figures also an image node of
their crop, with their words beside it: the mean direction of their text nodes, for reading the words twice would cost
a fifth more. Whole pages get an image node where the picture part understands text, and text nodes where sentence
encoders stand side by side (:mod:`rag.indexing.page_windows`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple, TypeVar

from PIL import Image

from ingestion.elements import Chunk, Document, PageProblem
from ingestion.errors import UnreadableImage
from ingestion.formats.images import open_image
from rag.encoders.base import Encoder, ReadsTokens
from rag.encoders.parts import Span, unit
from rag.indexing.page_windows import Passage, ReadPage, page_languages, page_nodes, read_pages
from rag.indexing.passage_tokens import readers_of
from rag.storage.vectors.token_files import PackedPassage, pack
from rag.text.chunk_text import embedded_text
from rag.types import Float32Array, Node

GROUP = 4
"""Batches of texts handed over at once: sorted by length among so many, little is padded (1.6 times the speed)."""

Count = Callable[[int, int], None]
Item = TypeVar("Item")


class Embedded(NamedTuple):
    """A document's nodes, the tokens of its passages where they are kept, and what could not be embedded."""

    nodes: list[Node]
    problems: tuple[PageProblem, ...]
    tokens: list[PackedPassage]


def embed_document(
    document: Document, folder: Path, encoder: Encoder, batch: int, progress: Count, pages: bool, tokens: bool = False
) -> Embedded:
    """All nodes of a document, those of whole pages' words among them if ``pages``; with ``tokens`` those of passages.

    ``progress`` is told how many of all texts and pictures are done.
    """
    texts = [
        (c, i, text)
        for c in document.chunks
        if c.kind != "page"
        for i, text in enumerate(encoder.windows(embedded_text(c)))
    ]
    spoken = page_languages(document) if pages or tokens else []
    read = read_pages(spoken, encoder) if pages else []
    windows = _texts_by_reader(read)
    pictures = _pictures(document, encoder)
    distinct = list(dict.fromkeys(text for _, _, text in texts))  # headers of tables, rows of forms stand many times
    counted = _Counted(progress, len(distinct) + sum(map(len, windows.values())) + len(pictures))
    vectors: dict[str, Float32Array] = {}
    kept = _KeptTokens(spoken, encoder, texts) if tokens and isinstance(encoder, ReadsTokens) else None
    for part in _batches(distinct, GROUP * batch):
        vectors.update(zip(part, kept.embed(part) if kept else encoder.embed_texts(part), strict=True))
        counted.add(len(part))
    nodes, problems = list[Node](), list[PageProblem]()
    words: dict[str, Float32Array] = {}
    passages: dict[int, list[Passage]] = defaultdict(list)
    for chunk, number, text in texts:
        vector = vectors[text]
        if vector.any():
            nodes.append(Node(chunk.id, "text", vector, number))
            passages[chunk.page].append(Passage(vector, len(text.split())))
        if chunk.image:
            words[chunk.id] = words[chunk.id] + vector if chunk.id in words else vector
    whole: dict[tuple[str, str], Float32Array] = {}
    for reader, own in windows.items():
        for part in _batches(own, GROUP * batch):
            found = encoder.embed_words(part, reader)
            whole.update(((reader.name, text), vector) for text, vector in zip(part, found, strict=True))
            counted.add(len(part))
    nodes += page_nodes(read, whole, passages)
    for chunks in _batches(pictures, batch):
        nodes += _picture_nodes(chunks, folder, encoder, words, problems)
        counted.add(len(chunks))
    return Embedded(nodes, tuple(problems), kept.passages() if kept else [])


class _KeptTokens:
    """Embeds texts, and keeps their tokens as they are written: ``texts`` are pieces with their chunk and ordinal,
    ``pages`` are the document's, with their languages."""

    def __init__(
        self, pages: Sequence[tuple[Chunk, str]], encoder: ReadsTokens, texts: Sequence[tuple[Chunk, int, str]]
    ) -> None:
        self._encoder, self._texts = encoder, texts
        readers = readers_of(pages, encoder)
        self._readers = {text: readers.get(chunk.page, encoder.token_spans) for chunk, _, text in reversed(texts)}
        self._packed: dict[str, list[PackedPassage]] = {}

    def embed(self, texts: Sequence[str]) -> Float32Array:
        """(texts, dim)."""
        readers = [self._readers[text] for text in texts]
        rows, tokens = self._encoder.embed_with_tokens(texts, readers)
        for text, own in zip(texts, tokens, strict=True):
            self._packed[text] = [pack("", reader, states) for reader, states in own.items()]
        return rows

    def passages(self) -> list[PackedPassage]:
        """Those of all chunks, in their order."""
        return [packed._replace(chunk=chunk.id) for chunk, _, text in self._texts for packed in self._packed[text]]


class _Counted:
    """Tells ``progress`` how many of ``total`` are done."""

    def __init__(self, progress: Count, total: int) -> None:
        self._progress, self._done, self._total = progress, 0, total
        progress(0, total)

    def add(self, count: int) -> None:
        self._done += count
        self._progress(self._done, self._total)


def _batches(items: Sequence[Item], size: int) -> Iterator[Sequence[Item]]:
    return (items[start : start + size] for start in range(0, len(items), size))


def _texts_by_reader(pages: Sequence[ReadPage]) -> dict[Span, list[str]]:
    """The distinct windows that each encoder reads."""
    found: dict[Span, list[str]] = defaultdict(list)
    for page in pages:
        found[page.reader] += page.windows
    return {reader: list(dict.fromkeys(texts)) for reader, texts in found.items()}


def _pictures(document: Document, encoder: Encoder) -> list[Chunk]:
    kinds = {"figure", "table"} | ({"page"} if encoder.text_window is not None else set())
    return [chunk for chunk in document.chunks if chunk.image and chunk.kind in kinds]


def _picture_nodes(
    chunks: Sequence[Chunk],
    folder: Path,
    encoder: Encoder,
    words: Mapping[str, Float32Array],
    problems: list[PageProblem],
) -> list[Node]:
    images, shown = [], []
    for chunk in chunks:
        try:
            with open_image(folder / str(chunk.image)) as image:
                images.append(image.convert("RGB"))
            shown.append(chunk)
        except (OSError, ValueError, UnreadableImage, Image.DecompressionBombError) as exc:
            problems.append(PageProblem(chunk.page, "embedding", f"picture {chunk.image} cannot be read: {exc}"))
    if not images:
        return []
    vectors = encoder.embed_images(images, [""] * len(images))
    for part in encoder.parts:
        if part.name == "words":
            for row, chunk in enumerate(shown):
                if chunk.kind != "page" and chunk.id in words:
                    vectors[row, part.start : part.stop] = unit(words[chunk.id][None, part.start : part.stop])[0]
    return [Node(chunk.id, "image", vector) for chunk, vector in zip(shown, vectors, strict=True) if vector.any()]
