"""Figures and tables with a cut-out, of one document or of several, by the words of their captions and texts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from ingestion.elements import Chunk, ChunkKind
from rag.browsing.find import folded
from rag.storage.records.catalogue import Catalogue

KINDS: tuple[ChunkKind, ...] = ("figure", "table")


class Shown(NamedTuple):
    """Figures and tables in the order of their documents, and whether there are more after them."""

    chunks: tuple[Chunk, ...]
    more: bool


def gallery(
    catalogue: Catalogue,
    docs: Iterable[str],
    find: str = "",
    kinds: Iterable[ChunkKind] = KINDS,
    start: int = 0,
    count: int = 60,
) -> Shown:
    """``count`` of them from the one with number ``start`` (from 0) on.

    ``find``: words that stand in its caption, heading, text or the sentences that name it, each whatever its case,
    accents and hyphens.
    """
    words, chosen = folded(find).split(), [kind for kind in KINDS if kind in set(kinds)]
    found: list[Chunk] = []
    for chunk in _cut_out(catalogue, docs, chosen):
        if all(word in _said(chunk) for word in words):
            found.append(chunk)
            if len(found) > start + count:
                break
    return Shown(tuple(found[start : start + count]), len(found) > start + count)


def _cut_out(catalogue: Catalogue, docs: Iterable[str], kinds: list[ChunkKind]) -> Iterator[Chunk]:
    for doc in docs if kinds else ():
        yield from (chunk for chunk in catalogue.chunks_of(doc, kinds=kinds) if chunk.image is not None)


def _said(chunk: Chunk) -> str:
    return folded(f"{chunk.caption} {chunk.heading} {chunk.text} {chunk.mentions}")
