"""Tokens of a document's passages, which search compares with those of a question: one file beside its vectors.

    <index>/vectors/<generation>/<document id>.tokens

A line of JSON lists the passages: chunk, encoder, count of tokens. Then comes a row per token: its number in the
encoder's vocabulary (uint32), and its state's direction in 4 bits per number, the first of each two in the lower half.
Four bits find what eight bits find (docs/log has the figures), and a page takes some 40 KB of them.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Sequence
from itertools import accumulate
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from rag.encoders.parts import TokenStates
from rag.types import Float32Array

SUFFIX = ".tokens"
STEPS = 7  # of a number, on either side of 0
HEAD = 4  # bytes of a row before its state


class PackedPassage(NamedTuple):
    """A passage's tokens as they are written: ``rows`` are those of ``size`` tokens, by the encoder ``reader``."""

    chunk: str
    reader: str
    size: int
    rows: bytes


class Place(NamedTuple):
    """Where a passage's rows begin in the file, in bytes, and how many there are."""

    reader: str
    start: int
    size: int


class Listed(NamedTuple):
    """What a file holds: bytes of a row, and the passages of each chunk."""

    row: int
    passages: dict[str, list[Place]]


def pack(chunk: str, reader: str, tokens: TokenStates) -> PackedPassage:
    """Of one passage. Its states have length 1 or 0."""
    count, width = tokens.states.shape
    scales = (np.abs(tokens.states).max(axis=1, initial=0.0) / STEPS).astype(np.float32)
    steps = np.zeros((count, width + width % 2), dtype=np.float32)
    np.divide(tokens.states, scales[:, None], out=steps[:, :width], where=scales[:, None] > 0)
    levels = (np.rint(steps) + STEPS).astype(np.uint8)
    rows = np.empty((count, HEAD + levels.shape[1] // 2), dtype=np.uint8)
    rows[:, :HEAD] = tokens.numbers.astype("<u4").view(np.uint8).reshape(count, HEAD)
    rows[:, HEAD:] = levels[:, ::2] | levels[:, 1::2] << 4
    return PackedPassage(chunk, reader, count, rows.tobytes())


def unpack(data: bytes, row: int) -> TokenStates:
    """Numbers, (n,), and states, (n, width) rows of length 1 or 0, of rows of so many bytes as they are written."""
    rows = np.frombuffer(data, dtype=np.uint8).reshape(-1, row)
    numbers = np.ascontiguousarray(rows[:, :HEAD]).view("<u4").reshape(len(rows))
    halves = rows[:, HEAD:]
    states: Float32Array = np.take(_PAIRS, halves).view(np.float32)
    squares = np.take(_SQUARES, halves).sum(axis=1, dtype=np.uint32)
    states /= np.sqrt(np.maximum(squares, 1), dtype=np.float32)[:, None]
    return TokenStates(numbers.astype(np.uint32), states)


def _pairs() -> NDArray[np.float32]:
    both = np.arange(256)
    return np.stack([(both & 15) - STEPS, (both >> 4) - STEPS], axis=1).astype(np.float32)


_SQUARES: NDArray[np.uint8] = (_pairs() ** 2).sum(axis=1).astype(np.uint8)
_PAIRS: NDArray[np.float64] = _pairs().view(np.float64).reshape(256)
"""The two numbers of each byte, 32 bits each, looked up as one value of 64."""


def written(passages: Sequence[PackedPassage]) -> bytes:
    """The whole file; a passage without tokens is left out. All have states of one width."""
    passages = [passage for passage in passages if passage.size]
    row = len(passages[0].rows) // passages[0].size if passages else HEAD
    listed = [[passage.chunk, passage.reader, passage.size] for passage in passages]
    head = json.dumps({"row": row, "passages": listed}, separators=(",", ":")).encode()
    return b"".join([head, b"\n", *(passage.rows for passage in passages)])


def listed(path: Path) -> Listed | None:
    """What a file holds; None where there is none, or where it cannot be read."""
    try:
        with path.open("rb") as file:
            head = file.readline()
        noted = json.loads(head)
        row, start = int(noted["row"]), len(head)
        passages: dict[str, list[Place]] = {}
        for chunk, reader, count in noted["passages"]:
            passages.setdefault(chunk, []).append(Place(reader, start, count))
            start += row * count
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return Listed(row, passages)


def read(path: Path, row: int, places: Iterable[Place]) -> list[TokenStates] | None:
    """The tokens of these passages of a file; None where it is gone or cut short."""
    wanted = list(places)
    try:
        handle = os.open(path, os.O_RDONLY)
    except OSError:
        return None
    try:
        data = b"".join(os.pread(handle, row * place.size, place.start) for place in wanted)
    except OSError:
        return None
    finally:
        os.close(handle)
    ends = list(accumulate(place.size for place in wanted))
    if len(data) != row * (ends[-1] if ends else 0):
        return None
    whole = unpack(data, row)  # all at once: a page has some ten passages, and each step costs the same for one
    parts = (slice(start, end) for start, end in zip([0, *ends], ends, strict=False))
    return [TokenStates(whole.numbers[part], whole.states[part]) for part in parts]
