"""The codes of one document's vectors, and the bytes in which the catalogue holds them.

Chunk ids, kinds, signs and scales come first and steps last, so that a reader that does not know steps reads the rest.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from rag.storage.vectors.files import KINDS, Rows
from rag.storage.vectors.quantized import FACTORS, WORD, Signs, Steps, pairs_in, signs_of, steps_of, words_in
from rag.types import Float32Array, Modality


class Centre(NamedTuple):
    """Columns [start, stop) of the vectors that a channel asks for, and the mean of the rows there."""

    start: int
    stop: int
    mean: Float32Array


Centres = dict[Modality, tuple[Centre, ...]]


class DocumentCodes(NamedTuple):
    """Of one document's rows of one modality: a list per centre of signs and one of steps, which may be none."""

    modality: Modality
    signs: list[Signs]
    steps: list[Steps]
    chunks: NDArray[np.bytes_]  # (rows,) chunk ids
    kinds: NDArray[np.uint8]  # (rows,) of KINDS
    first: int  # of its rows among those of the document
    total: int  # rows of the document in both modalities
    store: str  # how its array is written
    scales: Float32Array | None


def codes_of(parts: Sequence[Rows], centres: Centres) -> list[DocumentCodes]:
    """Of a document's rows, text before image as they lie on disk."""
    found, first, total = [], 0, sum(map(len, parts))
    for rows in parts:
        owners = [rows.places[chunk] for chunk, _ in rows.chunks_by_row()]
        spans = [(rows.floats(columns=slice(c.start, c.stop)), c.mean) for c in centres.get(rows.modality, ())]
        found.append(
            DocumentCodes(
                rows.modality,
                [signs_of(*span) for span in spans],
                [steps_of(*span) for span in spans],
                np.array([place.chunk_id.encode() for place in owners]),
                np.array([KINDS.index(place.kind) for place in owners], dtype=np.uint8),
                first,
                total,
                rows.stored.dtype.name,
                rows.scales,
            )
        )
        first += len(rows)
    return found


def packed(found: DocumentCodes) -> bytes:
    """Steps come last."""
    parts = [found.chunks.tobytes(), found.kinds.tobytes()]
    for signs in found.signs:
        parts += [signs.words.tobytes(), signs.factors.tobytes()]
    parts += [found.scales.astype("<f4").tobytes() if found.scales is not None else b""]
    for steps in found.steps:
        parts += [steps.pairs.tobytes(), steps.gains.astype("<f4").tobytes()]
    return b"".join(parts)


def unpacked(centres: Sequence[Centre], about: Sequence[Any], data: bytes) -> DocumentCodes:
    """What :func:`packed` wrote; ``about`` are modality, rows, first, total, store and width."""
    modality, rows, first, total, store, width = about
    place = 0

    def take(dtype: Any, count: int) -> NDArray[Any]:
        nonlocal place
        found = np.frombuffer(data, dtype, count, place)
        place += found.nbytes
        return found

    chunks, kinds = take(f"S{width}", rows), take(np.uint8, rows)
    sizes = [centre.stop - centre.start for centre in centres]
    signs = [Signs(take(WORD, words_in(n) * rows).reshape(-1, rows), take(FACTORS, rows)) for n in sizes if rows]
    scales = take("<f4", rows).copy() if store == "int8" else None  # kept, and not the whole of the data with them
    there = sizes if place < len(data) else ()
    steps = [Steps(take(np.uint8, pairs_in(n) * rows).reshape(rows, -1), take("<f4", rows)) for n in there]
    return DocumentCodes(modality, signs, steps, chunks, kinds, first, total, store, scales)


def bytes_of_row(centre: Centre) -> int:
    """That signs and steps of one row take for this centre."""
    size = centre.stop - centre.start
    return words_in(size) * WORD.itemsize + FACTORS.itemsize + pairs_in(size) + np.dtype("<f4").itemsize
