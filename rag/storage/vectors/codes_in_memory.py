"""The codes of one modality in memory, in arrays that grow by a third, and the rows near a question by their codes."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from rag.storage.vectors.document_codes import Centre, DocumentCodes
from rag.storage.vectors.quantized import FACTORS, WORD, Asked, Signs, Steps, best, likely, pairs_in, reach, words_in
from rag.types import Float32Array


class NearRows(NamedTuple):
    """Places of rows, and their products by codes, best first."""

    rows: NDArray[np.intp]
    scores: Float32Array


@dataclass
class HeldCodes:
    """The codes of one modality in memory; the first ``count`` rows of each array are in use."""

    centres: tuple[Centre, ...]
    count: int = 0
    rough: bool = False  # whether any rows have no steps
    signs: list[Signs] = field(default_factory=list)  # per centre
    steps: list[Steps] = field(default_factory=list)  # per centre
    chunks: NDArray[np.bytes_] = field(default_factory=lambda: np.zeros(0, dtype="S1"))
    kinds: NDArray[np.uint8] = field(default_factory=lambda: np.zeros(0, dtype=np.uint8))
    owner: NDArray[np.int32] = field(default_factory=lambda: np.zeros(0, dtype=np.int32))  # place of the document
    row: NDArray[np.int32] = field(default_factory=lambda: np.zeros(0, dtype=np.int32))  # of the document's array

    def reserve(self, more: int, width: int) -> None:
        """Room for so many more rows, with chunk ids of so many bytes."""
        if not self.signs:
            sizes = [c.stop - c.start for c in self.centres]
            self.signs = [Signs(np.zeros((words_in(n), 0), dtype=WORD), np.zeros(0, dtype=FACTORS)) for n in sizes]
            self.steps = [
                Steps(np.zeros((0, pairs_in(n)), dtype=np.uint8), np.zeros(0, dtype=np.float32)) for n in sizes
            ]
        if self.count + more > len(self.kinds):
            size = max(self.count + more, round(1.3 * len(self.kinds)))
            self.signs = [Signs(_longer(one.words, size, axis=1), _longer(one.factors, size)) for one in self.signs]
            self.steps = [Steps(_longer(one.pairs, size), _longer(one.gains, size)) for one in self.steps]
            self.chunks, self.kinds = _longer(self.chunks, size), _longer(self.kinds, size)
            self.owner, self.row = _longer(self.owner, size), _longer(self.row, size)
        if width > self.chunks.dtype.itemsize:
            self.chunks = self.chunks.astype(f"S{width}")

    def add(self, found: DocumentCodes, owner: int) -> None:
        """Append a document's rows."""
        size = len(found.kinds)
        part = slice(self.count, self.count + size)
        for held, signs in zip(self.signs, found.signs, strict=bool(size)):
            held.words[:, part], held.factors[part] = signs
        for steps, more in zip(self.steps, found.steps, strict=False):  # none of an earlier version
            steps.pairs[part], steps.gains[part] = more
        self.rough |= bool(size) and len(found.steps) < len(self.steps)
        self.chunks[part], self.kinds[part], self.owner[part] = found.chunks, found.kinds, owner
        self.row[part] = np.arange(found.first, found.first + size)
        self.count += size

    def nearest(self, place: int, query: Float32Array, count: int, allowed: NDArray[np.bool_] | None) -> NearRows:
        """The best ``count`` rows by the codes of one centre, best first."""
        centre, signs, steps = self.centres[place], self.signs[place], self.steps[place]
        asked = Asked(query[centre.start : centre.stop], centre.mean)
        scores = asked.scores(signs, self.count)
        if allowed is not None:
            scores[~allowed] = -np.inf
        rows = likely(scores, reach(self.count, count))
        nearer = asked.nearer(steps, signs.factors["bias"][rows], rows, scores[rows])
        order = best(nearer, count)
        return NearRows(rows[order], nearer[order])


def _longer(values: NDArray[Any], size: int, axis: int = 0) -> NDArray[Any]:
    shape = list(values.shape)
    shape[axis] = size
    grown = np.zeros(shape, dtype=values.dtype)
    grown[tuple(slice(length) for length in values.shape)] = values
    return grown
