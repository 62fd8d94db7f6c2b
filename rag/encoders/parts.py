"""The two halves of the shared space as seams: what reads words, and what sees pictures."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from rag.types import Float32Array

PICTURE_DEFAULT = "openai/clip-vit-base-patch32"
WORDS_DEFAULT = "sentence-transformers/all-MiniLM-L6-v2"

SHA256_HEX = 64


@dataclass(frozen=True, slots=True)
class Runtime:
    """How models are run, none of which changes their vectors beyond rounding. ``threads`` 0: the library's choice.

    ``rate`` is the most requests a minute to a hosted one, 0: no limit.
    """

    device: str = "cpu"
    threads: int = 0
    batch: int = 32
    rate: float = 0.0


class TextWindow(NamedTuple):
    """A text reader's window: ``count`` gives a text's tokens without the special ones, ``limit`` how many it reads."""

    count: Callable[[str], int]
    limit: int


class Span(NamedTuple):
    """Columns ``[start, stop)`` of a words part that are the vectors of one encoder.

    ``languages`` (ISO 639-1) are those it reads; empty: not known, so it is asked in every one.
    """

    name: str
    start: int
    stop: int
    languages: frozenset[str] = frozenset()

    def reads(self, language: str) -> bool:
        """Whether it is worth asking in a language."""
        return not self.languages or language in self.languages


class TokenStates(NamedTuple):
    """A text's tokens: their numbers in the encoder's vocabulary, (n,), and what is kept of their last states to
    compare them by, (n, kept) unit rows."""

    numbers: NDArray[np.uint32]
    states: Float32Array


def only_reader(spans: Sequence[Span], language: str) -> Span | None:
    """The one encoder of several that reads a language; None where more than one does, or none."""
    reading = [span for span in spans if span.reads(language)]
    return reading[0] if len(reading) == 1 < len(spans) else None


def readers_in(spans: Sequence[Span], language: str) -> tuple[Span, ...]:
    """The encoders that read a language, those that were made for fewer first; all where none reads it."""
    reading = [span for span in spans if span.reads(language)] or spans
    return tuple(sorted(reading, key=lambda span: not span.languages))


class WordsPart(Protocol):
    """Text to unit rows. ``tower`` None: any length is read; ``identity`` hashes all that shapes the vectors.

    ``spent`` says what was sent to a hosted one, empty where nothing leaves the machine.
    """

    spec: str
    dim: int
    window: TextWindow | None
    identity: str

    @property
    def spent(self) -> str:
        """What was sent to a hosted service so far, for people; empty where nothing was."""
        ...

    def embed_texts(self, texts: Sequence[str], query: bool = False) -> Float32Array:
        """(n, dim), unit rows; a text without a known token gives a zero row."""
        ...


class PicturePart(Protocol):
    """Pictures, and in a dual encoder texts, to unit rows. ``text_window`` None: reads no text."""

    spec: str
    dim: int
    window: TextWindow | None
    text_window: int | None
    identity: str

    @property
    def spent(self) -> str:
        """What was sent to a hosted service so far, for people; empty where nothing was."""
        ...

    def embed_texts(self, texts: Sequence[str], query: bool = False) -> Float32Array:
        """(n, dim), unit rows; all zero where the part reads no text."""
        ...

    def embed_images(self, images: Sequence[Image.Image], query: bool = False) -> Float32Array:
        """(n, dim), unit rows."""
        ...


def unit(rows: Float32Array) -> Float32Array:
    """Rows scaled to length 1; zero rows stay zero."""
    rows = np.asarray(rows, dtype=np.float32)
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    scaled: Float32Array = np.divide(rows, lengths, out=np.zeros_like(rows), where=lengths > 0)
    return scaled


def digest(*facts: object) -> str:
    """SHA-256 of the facts' text forms, in order."""
    return hashlib.sha256("\x1f".join(str(fact) for fact in facts).encode()).hexdigest()


def file_digest(path: Path) -> str:
    """SHA-256 of a file's bytes; a blob of the hub's cache is already named by it, so 600 MB need not be read."""
    target = path.resolve()
    if target.parent.name == "blobs" and len(target.name) == SHA256_HEX:
        return target.name
    with target.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
