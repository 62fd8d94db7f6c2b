"""What PageSight has trained on top of a packaged encoder: small changes of its matrices, and what is kept of tokens.

Low-rank changes (Hu et al. 2021, "LoRA") are added to an encoder's matrices before its graph is made, so they cost
nothing afterwards. Tokens are put through one more matrix, which keeps a third of their numbers ("ColBERT", Khattab and
Zaharia 2020). Where the files come from, and what they bring: docs/decisions.

A file has ``common`` (width,), ``tokens`` (width, kept), and of each changed matrix ``<layer>.<part>.down`` (inputs,
rank) and ``<layer>.<part>.up`` (rank, outputs), parts as in :class:`~rag.encoders.packaged.weights.BertWeights`, all of
16 bits.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from rag.encoders.packaged.weights import BertWeights, Layers
from rag.encoders.parts import unit
from rag.errors import EncoderUnavailable
from rag.types import Float32Array


@dataclass(frozen=True)
class Adapter:
    """``common``: the mean of tokens' directions, which each token is taken without. ``tokens``: what follows it.

    ``changes``: ``<layer>.<part>`` to the two factors of what is added to that matrix.
    """

    common: Float32Array
    tokens: Float32Array
    changes: Mapping[str, tuple[Float32Array, Float32Array]]

    def kept(self, texts: Sequence[Float32Array]) -> list[Float32Array]:
        """Of each text's (n, width) states (n, kept) unit rows; of many at once, for threads of a product wait for
        each other longer than a small one takes."""
        if not texts:
            return []
        centred: Float32Array = unit(np.concatenate(texts)) - self.common
        return np.split(unit(centred @ self.tokens), np.cumsum([len(states) for states in texts[:-1]]))

    def adapted(self, weights: BertWeights) -> BertWeights:
        """The weights with the changes added, layer by layer when they are read."""

        def layer(number: int) -> dict[str, Float32Array]:
            found = dict(weights.layers[number])
            for part, matrix in found.items():
                if change := self.changes.get(f"{number}.{part}"):
                    down, up = change
                    found[part] = matrix + down @ up
            return found

        return replace(weights, layers=Layers(len(weights.layers), layer))


class _Changes(Mapping[str, tuple[Float32Array, Float32Array]]):
    """Read from the file as they are asked for: where the graph is kept from an earlier start, nobody does."""

    def __init__(self, file: Any) -> None:
        self._file = file
        self._names = [name.removesuffix(".down") for name in file.keys() if name.endswith(".down")]  # noqa: SIM118

    def __getitem__(self, name: str) -> tuple[Float32Array, Float32Array]:
        if name not in self._names:
            raise KeyError(name)
        return _numbers(self._file, f"{name}.down"), _numbers(self._file, f"{name}.up")

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)


def read_adapter(path: Path) -> Adapter:
    """Raises :class:`EncoderUnavailable` where it cannot be read."""
    from safetensors import safe_open

    try:
        file = safe_open(path, "numpy")
        return Adapter(_numbers(file, "common"), _numbers(file, "tokens"), _Changes(file))
    except Exception as exc:  # safetensors raises its own, which derives from Exception alone
        raise EncoderUnavailable(f"{path} cannot be read ({exc}); install PageSight again") from exc


def _numbers(file: Any, name: str) -> Float32Array:
    found: Float32Array = file.get_tensor(name).astype(np.float32)
    return found
