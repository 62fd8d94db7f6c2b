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
from rag.text.chunk_text import searchable_text
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
        for i, text in enumerate(encoder.windows(searchable_text(c)))
    ]
    pictures = _pictures(document, encoder)
    total, nodes, problems = len(texts) + len(pictures), list[Node](), list[PageProblem]()
    words: dict[str, Float32Array] = {}
    progress(0, total)
    for start in range(0, len(texts), GROUP * batch):
        part = texts[start : start + GROUP * batch]
        vectors = encoder.embed_texts([text for _, _, text in part])
        nodes += [Node(c.id, "text", v, i) for (c, i, _), v in zip(part, vectors, strict=True) if v.any()]
        for (c, _, _), vector in zip(part, vectors, strict=True):
            if c.image:
                words[c.id] = words[c.id] + vector if c.id in words else vector
        progress(start + len(part), total)
    for start in range(0, len(pictures), batch):
        chunks = pictures[start : start + batch]
        nodes += _picture_nodes(chunks, folder, encoder, words, problems)
        progress(len(texts) + start + len(chunks), total)
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
