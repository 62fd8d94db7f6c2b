"""Tokens of a document's passages, which search compares with those of a question: one file beside its vectors.

    <index>/vectors/<generation>/<document id>.tokens

A line of JSON lists the passages: chunk, encoder, count of tokens. Then comes a row per token: its number in the
encoder's vocabulary (uint32), a scale (float32), and its state in 4 bits per number, the first of each two in the lower
half. Four bits find what eight bits find (docs/log has the figures), and a page takes some 100 KB of them.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from rag.encoders.parts import TokenStates, unit
from rag.types import Float32Array

SUFFIX = ".tokens"
STEPS = 7  # of a number, on either side of 0
HEAD = 8  # bytes of a row before its state


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
    rows[:, :4] = tokens.numbers.astype("<u4").view(np.uint8).reshape(count, 4)
    rows[:, 4:HEAD] = scales.astype("<f4").view(np.uint8).reshape(count, 4)
    rows[:, HEAD:] = levels[:, ::2] | levels[:, 1::2] << 4
    return PackedPassage(chunk, reader, count, rows.tobytes())


def unpack(data: bytes, count: int) -> TokenStates:
    """Numbers, (count,), and states, (count, width) rows of length 1, of ``count`` rows as they are written."""
    rows = np.frombuffer(data, dtype=np.uint8).reshape(count, -1)
    numbers = np.ascontiguousarray(rows[:, :4]).view("<u4").reshape(count)
    return TokenStates(numbers.astype(np.uint32), _directions(rows[:, HEAD:]))


def _directions(halves: NDArray[np.uint8]) -> Float32Array:
    states = np.empty((len(halves), 2 * halves.shape[1]), dtype=np.float32)
    states[:, ::2] = halves & 15
    states[:, 1::2] = halves >> 4
    return unit(states - STEPS)  # a row's own scale changes no direction


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
    found = []
    try:
        handle = os.open(path, os.O_RDONLY)
    except OSError:
        return None
    try:
        for place in places:
            data = os.pread(handle, row * place.size, place.start)
            if len(data) != row * place.size:
                return None
            found.append(unpack(data, place.size))
    except OSError:
        return None
    finally:
        os.close(handle)
    return found
