"""The shared space: a words part and a picture part side by side in one vector.

Each part has unit length or is zero, so the inner product with a query of which one part is kept (:func:`masked`) is
exactly the cosine of that part, and one stored vector serves every search channel.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from rag.encoders.base import Encoder, Part
from rag.encoders.packaged.together import WordsTogether
from rag.encoders.parts import PicturePart, Span, TextWindow, TokenStates, WordsPart, digest, unit
from rag.encoders.text_windows import TextSplitter
from rag.types import Float32Array

SPACE_VERSION = 1
"""Raise it when the same weights begin to give other vectors."""

PartName = Literal["words", "picture"]


class SharedSpace:
    """The composite encoder; ``words`` None is the plain space of the picture part."""

    def __init__(self, words: WordsPart | None, picture: PicturePart, reason: str) -> None:
        self._words, self._picture = words, picture
        self.words_spec = words.spec if words else "off"
        self.picture_spec = picture.spec
        self.name = f"{self.picture_spec} + {self.words_spec}"
        self.reason = reason
        start = words.dim if words else 0
        self.dim = start + picture.dim
        self.parts = (*([Part("words", 0, start)] if words else []), Part("picture", start, self.dim))
        self.word_spans = words.spans if isinstance(words, WordsTogether) else _whole_span(start)
        self.text_window = picture.text_window
        windows = (words.window if words else None, picture.window)
        self._splitter = TextSplitter(windows)
        self.facts: Mapping[str, str] = {
            "space": digest(SPACE_VERSION, self.parts),
            "words part": words.identity if words else "off",
            "picture part": picture.identity,
            "text windows": str(_limits(windows)),
        }
        self.fingerprint = digest(
            SPACE_VERSION, self.parts, words.identity if words else "off", picture.identity, _limits(windows)
        )

    @property
    def spent(self) -> str:
        """What hosted parts were sent, a line each."""
        return "\n".join(part.spent for part in (self._words, self._picture) if part and part.spent)

    def embed_texts(self, texts: Sequence[str], query: bool = False) -> Float32Array:
        """(n, dim) float32. Both parts where the picture part reads text, else the words part alone."""
        rows = np.zeros((len(texts), self.dim), dtype=np.float32)
        start = self.parts[-1].start
        if self._words:
            rows[:, :start] = _whole(self._words, texts, query)
        if self._picture.window:
            rows[:, start:] = _whole(self._picture, texts, query)
        return rows

    def embed_words(self, texts: Sequence[str], span: Span) -> Float32Array:
        """(n, dim) float32: of texts that fit :meth:`windows` the columns of one sentence encoder, zeros elsewhere."""
        rows = np.zeros((len(texts), self.dim), dtype=np.float32)
        if isinstance(self._words, WordsTogether):
            rows[:, : self._words.dim] = self._words.embed_by(span.name, texts)
        elif self._words and span in self.word_spans:
            rows[:, : self._words.dim] = self._words.embed_texts(texts)
        return rows

    @property
    def token_spans(self) -> tuple[Span, ...]:
        """Of the sentence encoders whose tokens can be had: those that stand side by side."""
        return self._words.spans if isinstance(self._words, WordsTogether) else ()

    def embed_with_tokens(
        self, texts: Sequence[str], readers: Sequence[Sequence[Span]]
    ) -> tuple[Float32Array, list[dict[str, TokenStates]]]:
        """See :class:`~rag.encoders.base.ReadsTokens`."""
        rows = np.zeros((len(texts), self.dim), dtype=np.float32)
        start = self.parts[-1].start
        names = [[span.name for span in spans] for spans in readers]
        words, tokens = self._side_by_side().embed_with_tokens(texts, names)
        rows[:, :start] = unit(words)
        if self._picture.window:
            rows[:, start:] = _whole(self._picture, texts)
        return rows, tokens

    def question_tokens(self, text: str, reader: Span) -> TokenStates:
        """See :class:`~rag.encoders.base.ReadsTokens`."""
        return self._side_by_side().tokens_of(text, reader.name)

    def token_numbers(self, text: str, reader: Span) -> NDArray[np.uint32]:
        """See :class:`~rag.encoders.base.ReadsTokens`."""
        return self._side_by_side().numbers_of(text, reader.name)

    def _side_by_side(self) -> WordsTogether:
        if not isinstance(self._words, WordsTogether):
            raise TypeError(f"the words encoder {self.words_spec!r} gives no tokens; ask token_spans first")
        return self._words

    def embed_images(self, images: Sequence[Image.Image], words: Sequence[str], query: bool = False) -> Float32Array:
        """(n, dim) float32: ``words[i]`` fill the words part, ``images[i]`` the picture part."""
        if len(images) != len(words):
            raise ValueError(f"{len(images)} pictures with {len(words)} texts; give one text, perhaps empty, a picture")
        rows = np.zeros((len(images), self.dim), dtype=np.float32)
        start = self.parts[-1].start
        if self._words:
            rows[:, :start] = _whole(self._words, words)
        if images:
            rows[:, start:] = self._picture.embed_images(images, query)
        return rows

    def windows(self, text: str) -> list[str]:
        """Pieces that both text towers read whole; together they hold every word."""
        return self._splitter.split(text)


def masked(encoder: Encoder, vectors: Float32Array, part: PartName) -> Float32Array:
    """A copy of ``vectors``, (n, dim) or (dim,), with all but ``part`` zero; all zero if the encoder lacks it."""
    kept = np.zeros_like(vectors)
    for name, start, stop in encoder.parts:
        if name == part:
            kept[..., start:stop] = vectors[..., start:stop]
    return kept


def centred(vector: Float32Array, mean: Float32Array | None) -> Float32Array:
    """A query's part without what all vectors of its modality share, unit length again; zero stays zero.

    Without it, text and pictures of a CLIP space lie in two narrow cones (Liang et al. 2022, "Mind the gap").
    """
    if mean is None or not vector.any():
        return vector
    moved = vector - mean
    length = float(np.linalg.norm(moved))
    return moved / length if length > 0 else vector


def _whole_span(stop: int) -> tuple[Span, ...]:
    return (Span("words", 0, stop),) if stop else ()


def _whole(part: WordsPart | PicturePart, texts: Sequence[str], query: bool = False) -> Float32Array:
    """Embed every text whole: one longer than the part's window becomes the mean direction of its pieces."""
    split = TextSplitter([part.window]).split if part.window else _uncut
    pieces = [split(text) for text in texts]
    rows = np.zeros((len(texts), part.dim), dtype=np.float32)
    if any(pieces):
        owners = [number for number, parts in enumerate(pieces) for _ in parts]
        np.add.at(rows, owners, part.embed_texts([piece for parts in pieces for piece in parts], query))
    return unit(rows)


def _uncut(text: str) -> list[str]:
    return [text.strip()] if text.strip() else []


def _limits(windows: Sequence[TextWindow | None]) -> list[int | None]:
    return [window.limit if window else None for window in windows]
