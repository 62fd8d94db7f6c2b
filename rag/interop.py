"""LlamaIndex at the seam: our encoder and our search as parts of other LlamaIndex programs.

:class:`PageSightEmbedding` is our encoder, :class:`PageSightRetriever` our search; hits become LlamaIndex nodes.

No other module imports this one: loading llama_index costs 1.7 s. The async methods work in a thread, so that the
event loop stays free.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from io import BytesIO
from pathlib import Path
from typing import Any, get_args

from llama_index.core.base.base_retriever import BaseRetriever
from llama_index.core.base.embeddings.base import Embedding
from llama_index.core.bridge.pydantic import Field, PrivateAttr
from llama_index.core.embeddings import MultiModalEmbedding
from llama_index.core.schema import (
    ImageNode,
    NodeRelationship,
    NodeWithScore,
    ObjectType,
    QueryBundle,
    RelatedNodeInfo,
    TextNode,
)

from ingestion.elements import Chunk, ChunkKind
from ingestion.recordings.cues import span_of
from rag.encoders.base import Encoder
from rag.images import open_picture
from rag.index import Index
from rag.retrieval.image import query_text
from rag.retrieval.search import search
from rag.types import Hit, Query

Picture = str | Path | BytesIO
"""What LlamaIndex calls an image: a path, or a file's bytes."""

FOR_PROGRAMS = (
    "doc_id",
    "page",
    "bbox",
    "page_size",
    "kind",
    "channels",
    "image",
    "page_image",
    "start_seconds",
    "end_seconds",
)
"""Metadata neither embedded nor shown to a model, which is told file_name, page_label and heading."""

IN_THE_TEXT = ("caption",)
"""Metadata that a node's text holds, too. A model that is sent a figure's picture is not sent its text: it needs it."""

NOT_EMBEDDED = (*FOR_PROGRAMS, *IN_THE_TEXT, "file_name", "page_label")
"""The heading is left: other stores then embed passages under their heading, as our own index does."""


class PageSightEmbedding(MultiModalEmbedding):  # type: ignore[misc]  # llama_index is untyped to mypy
    """Text and pictures to vectors of ``encoder.dim`` numbers in one shared space.

    Each part of a vector has unit length or is zero; the vector of an empty text is zero. A picture's words fill its
    words part, as in our index; ``read_words`` False spares their reading (about a second), but without a CLIP-like
    encoder words then find no picture.
    """

    fingerprint: str = Field(default="", description="Of weights and preprocessing: keeps caches of two models apart.")
    read_words: bool = Field(default=True, description="Whether the words in a picture are read.")
    _encoder: Encoder = PrivateAttr()

    def __init__(self, encoder: Encoder, read_words: bool = True, **options: Any) -> None:
        options = {"model_name": encoder.name, "fingerprint": encoder.fingerprint, "read_words": read_words, **options}
        super().__init__(**options)
        self._encoder = encoder

    @classmethod
    def class_name(cls) -> str:
        """The name that LlamaIndex writes into saved settings."""
        return "PageSightEmbedding"

    def _get_query_embedding(self, query: str) -> Embedding:
        vector: Embedding = self._encoder.embed_texts([query], query=True)[0].tolist()
        return vector

    def _get_text_embedding(self, text: str) -> Embedding:
        return self._get_text_embeddings([text])[0]

    def _get_text_embeddings(self, texts: list[str]) -> list[Embedding]:
        vectors: list[Embedding] = self._encoder.embed_texts(texts).tolist()
        return vectors

    def _get_image_embedding(self, img_file_path: Picture) -> Embedding:
        return self._get_image_embeddings([img_file_path])[0]

    def _get_image_embeddings(self, img_file_paths: list[Picture]) -> list[Embedding]:
        """Raises :class:`UnreadableImage`."""
        images = [open_picture(picture) for picture in img_file_paths]
        words = [query_text.all_words(image) if self.read_words else "" for image in images]
        vectors: list[Embedding] = self._encoder.embed_images(images, words).tolist()
        return vectors

    async def _aget_query_embedding(self, query: str) -> Embedding:
        return await asyncio.to_thread(self._get_query_embedding, query)

    async def _aget_text_embedding(self, text: str) -> Embedding:
        return await asyncio.to_thread(self._get_text_embedding, text)

    async def _aget_text_embeddings(self, texts: list[str]) -> list[Embedding]:
        return await asyncio.to_thread(self._get_text_embeddings, texts)

    async def _aget_image_embedding(self, img_file_path: Picture) -> Embedding:
        return await asyncio.to_thread(self._get_image_embedding, img_file_path)

    async def _aget_image_embeddings(self, img_file_paths: list[Picture]) -> list[Embedding]:
        return await asyncio.to_thread(self._get_image_embeddings, img_file_paths)


class PageSightRetriever(BaseRetriever):  # type: ignore[misc]  # llama_index is untyped to mypy
    """Our search as a retriever: the best ``k`` hits, figures as ImageNode, all else as TextNode (see :func:`to_node`).

    ``docs`` are names or ids of documents (None: the whole library), ``kinds`` of text, table, figure and page (None:
    all). A QueryBundle is searched by its ``query_str``, its ``image_path``, or both.

    Scores are probabilities relative to the best candidate's, 0 to 1, no similarities. They never rise down the list,
    so that parts of LlamaIndex that sort by them keep our order.

    Raises :class:`UnknownDocument` and :class:`AmbiguousDocument` when made; when asked, :class:`UnreadableImage` and
    what :func:`rag.retrieval.search.search` raises.
    """

    def __init__(
        self,
        index: Index,
        k: int = 10,
        docs: Iterable[str] | None = None,
        kinds: Iterable[ChunkKind] | None = None,
        **options: Any,
    ) -> None:
        if k < 1:
            raise ValueError(f"k is {k}; ask for at least one hit")
        self._index, self._k = index, k
        self._docs = None if docs is None else frozenset(index.catalogue.find(name).id for name in _several(docs))
        self._kinds = None if kinds is None else frozenset(_kind(name) for name in _several(kinds))
        super().__init__(**options)

    def _retrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        image = open_picture(query_bundle.image_path) if query_bundle.image_path else None
        query = Query(query_bundle.query_str, image, self._docs, self._kinds)
        hits = search(self._index, query, self._k).hits
        return [NodeWithScore(node=to_node(self._index, hit), score=hit.score) for hit in hits]

    async def _aretrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        return await asyncio.to_thread(self._retrieve, query_bundle)


def to_node(index: Index, hit: Hit) -> TextNode:
    """A hit as an ImageNode of its crop if it is a figure that has one, else as a TextNode.

    Its id is the chunk's, its source the document's; :func:`metadata_of` says what its metadata hold.
    """
    chunk, metadata = hit.chunk, metadata_of(index, hit)
    source = {"node_id": chunk.doc, "node_type": ObjectType.DOCUMENT, "metadata": {"file_name": metadata["file_name"]}}
    empty = [key for key, value in metadata.items() if not value]
    common = {
        "id_": chunk.id,
        "text": _text(chunk),
        "metadata": metadata,
        "relationships": {NodeRelationship.SOURCE: RelatedNodeInfo(**source)},
        "excluded_embed_metadata_keys": [*NOT_EMBEDDED, *empty],
    }
    if chunk.kind == "figure" and metadata["image"]:
        return ImageNode(**common, excluded_llm_metadata_keys=[*FOR_PROGRAMS, *empty], image_path=metadata["image"])
    return TextNode(**common, excluded_llm_metadata_keys=[*FOR_PROGRAMS, *IN_THE_TEXT, *empty])


def metadata_of(index: Index, hit: Hit) -> dict[str, Any]:
    """What LlamaIndex calls metadata, all of it fit for JSON.

    ``file_name``, ``doc_id``, ``page`` from 1, ``page_label`` as printed, ``bbox`` [x0, y0, x1, y1] and ``page_size``
    [width, height] in points from the top left, ``kind``, ``caption``, ``heading``, ``channels`` (rank by search), and
    the paths ``image`` of the cut-out and ``page_image``, None where there is none.
    """
    chunk = hit.chunk
    page = index.catalogue.page(chunk.doc, chunk.page)
    image, page_image = (str(index.files.path(chunk.doc, p)) if p else None for p in (chunk.image, page.image))
    return {
        "file_name": index.catalogue.document(chunk.doc).name,
        "doc_id": chunk.doc,
        "page": chunk.page,
        "page_label": page.label or str(chunk.page),
        **({"start_seconds": lasts.start, "end_seconds": lasts.end} if (lasts := span_of(page.label)) else {}),
        "bbox": list(hit.bbox),
        "page_size": [page.width, page.height],
        "kind": chunk.kind,
        "caption": chunk.caption,
        "heading": chunk.heading,
        "channels": {channel: score.rank for channel, score in hit.channels.items()},
        "image": image,
        "page_image": page_image,
    }


def _text(chunk: Chunk) -> str:
    """A passage's or page's own text; of tables and figures also caption and the sentences that name them."""
    if chunk.kind in ("text", "page"):
        return chunk.text
    return "\n".join(part for part in (chunk.caption, chunk.text, chunk.mentions) if part.strip())


def _several(names: Iterable[str]) -> Sequence[str]:
    """One name alone would else be taken letter by letter."""
    return [names] if isinstance(names, str) else list(names)


def _kind(name: str) -> ChunkKind:
    kinds: tuple[ChunkKind, ...] = get_args(ChunkKind)
    for kind in kinds:
        if kind == name:
            return kind
    raise ValueError(f"kinds has {name!r}; it can have {', '.join(kinds)}")
