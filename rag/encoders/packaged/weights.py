"""What a BERT-like text encoder is made of, whatever file its weights came from."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from rag.types import Float32Array, Int64Array

Layer = Mapping[str, Float32Array]


@dataclass(frozen=True)
class Layers(Sequence[Layer]):
    """``length`` layers, each read when it is asked for: only who makes a graph needs them, 85 MB in 32 bits."""

    length: int
    read: Callable[[int], Layer]

    def __len__(self) -> int:
        return self.length

    def __getitem__(self, number: Any) -> Any:
        if not 0 <= number < self.length:
            raise IndexError(number)
        return self.read(number)


@dataclass(frozen=True)
class BertWeights:
    """Post-norm BERT (Devlin et al. 2019). Matrices are (inputs, outputs), to be multiplied from the right.

    ``words`` gives the rows of tokens, (n, width); ``positions`` (places, width) hold the token type of a single text,
    too. ``norm`` is gain and bias after the embeddings. Each of ``layers`` has ``query``, ``key``, ``value``,
    ``attended``, ``inner``, ``outer`` with ``.bias`` beside them, and ``attended.gain``, ``attended.shift``,
    ``outer.gain``, ``outer.shift`` of the two norms.
    """

    words: Callable[[Int64Array], Float32Array]
    positions: Float32Array
    norm: tuple[Float32Array, Float32Array]
    layers: Sequence[Layer]
    heads: int
    epsilon: float

    @property
    def width(self) -> int:
        """Numbers per token, and of a text's vector."""
        return int(self.positions.shape[1])

    def embedded(self, tokens: Sequence[int]) -> Float32Array:
        """(tokens, width) float32: what the first layer is given, before its norm."""
        rows: Float32Array = self.words(np.asarray(tokens, dtype=np.int64)) + self.positions[: len(tokens)]
        return rows
