"""A parsed document to nodes of the shared space.

Passages, tables and figures have text nodes, one per window of the encoder; tables and figures also an image node of
their crop, with their words beside it: the mean direction of their text nodes, for reading the words twice would cost
a fifth more. Whole pages get an image node where the picture part understands text; their words are found by full text.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from PIL import Image

from ingestion.elements import Chunk, Document, PageProblem
from ingestion.errors import UnreadableImage
from ingestion.formats.images import open_image
from rag.encoders.base import Encoder
from rag.encoders.parts import unit
from rag.text.chunk_text import embedded_text
from rag.types import Float32Array, Node

GROUP = 4
"""Batches of texts handed over at once: sorted by length among so many, little is padded (1.6 times the speed)."""

Count = Callable[[int, int], None]


class Embedded(NamedTuple):
    """A document's nodes, and what could not be embedded."""

    nodes: list[Node]
    problems: tuple[PageProblem, ...]


def embed_document(document: Document, folder: Path, encoder: Encoder, batch: int, progress: Count) -> Embedded:
    """All nodes of a document. ``progress`` is told how many of all texts and pictures are done."""
    texts = [
        (c, i, text)
        for c in document.chunks
        if c.kind != "page"
        for i, text in enumerate(encoder.windows(embedded_text(c)))
    ]
    pictures = _pictures(document, encoder)
    distinct = list(dict.fromkeys(text for _, _, text in texts))  # headers of tables, rows of forms stand many times
    total, nodes, problems = len(distinct) + len(pictures), list[Node](), list[PageProblem]()
    vectors: dict[str, Float32Array] = {}
    progress(0, total)
    for start in range(0, len(distinct), GROUP * batch):
        part = distinct[start : start + GROUP * batch]
        vectors.update(zip(part, encoder.embed_texts(part), strict=True))
        progress(start + len(part), total)
    words: dict[str, Float32Array] = {}
    for chunk, number, text in texts:
        vector = vectors[text]
        if vector.any():
            nodes.append(Node(chunk.id, "text", vector, number))
        if chunk.image:
            words[chunk.id] = words[chunk.id] + vector if chunk.id in words else vector
    for start in range(0, len(pictures), batch):
        chunks = pictures[start : start + batch]
        nodes += _picture_nodes(chunks, folder, encoder, words, problems)
        progress(len(distinct) + start + len(chunks), total)
    return Embedded(nodes, tuple(problems))


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
