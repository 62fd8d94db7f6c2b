"""What is embedded of a document, and how often."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from made_documents import make_document

from rag.config import Settings
from rag.encoders.open import open_encoder
from rag.indexing.embed import embed_document
from rag.types import Float32Array


class Counting:
    """An encoder that notes what it is given."""

    def __init__(self, encoder: Any) -> None:
        self._encoder, self.given = encoder, list[str]()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._encoder, name)

    def embed_texts(self, texts: Sequence[str], query: bool = False) -> Float32Array:
        self.given += texts
        vectors: Float32Array = self._encoder.embed_texts(texts, query)
        return vectors


def test_a_text_that_stands_several_times_is_embedded_once_for_all_its_chunks(tmp_path: Path) -> None:
    document = make_document(tmp_path, 1, pages=2, paragraphs=2)
    encoder: Any = Counting(open_encoder(Settings(encoder="builtin", words="static")))
    alone = embed_document(document, tmp_path, encoder, 16, lambda done, total: None, pages=False)
    once = list(encoder.given)
    encoder.given.clear()
    copies = tuple(replace(chunk, id=f"{chunk.id}-again") for chunk in document.chunks)
    told: list[tuple[int, int]] = []
    doubled = replace(document, chunks=document.chunks + copies)
    both = embed_document(doubled, tmp_path, encoder, 16, lambda *done: told.append(done), pages=False)
    assert encoder.given == once == list(dict.fromkeys(once))
    assert told[0][0] == 0 and told[-1][0] == told[-1][1]
    first = {(node.chunk_id, node.modality, node.ordinal): node.vector for node in alone.nodes}
    assert len(both.nodes) == 2 * len(alone.nodes)
    for node in both.nodes:
        name = node.chunk_id.removesuffix("-again")
        np.testing.assert_array_equal(node.vector, first[name, node.modality, node.ordinal])
