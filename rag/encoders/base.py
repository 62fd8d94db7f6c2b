"""The encoder as a protocol: what turns words and pictures into vectors of one shared space."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple, Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from rag.encoders.parts import Span, TokenStates
from rag.types import Float32Array


class Part(NamedTuple):
    """A named slice ``[start, stop)`` of every vector: ``words`` or ``picture``."""

    name: str
    start: int
    stop: int


class Recorded(NamedTuple):
    """The specs of both parts as an index remembers them, from :attr:`Encoder.picture_spec` and ``words_spec``."""

    picture: str
    words: str


class Encoder(Protocol):
    """Text and pictures to unit-part vectors (see DESIGN: the shared space)."""

    name: str
    dim: int
    parts: tuple[Part, ...]
    word_spans: tuple[Span, ...]
    """Columns of the sentence encoders that make up the words part: one, or several side by side; none without it."""
    text_window: int | None
    """Tokens the picture part's text tower reads, or None where it reads no text."""
    fingerprint: str
    """Hash of weights, preprocessing and window: two encoders with one fingerprint give the same vectors."""
    facts: Mapping[str, str]
    """What the fingerprint is made of, by name: an error says which of it has changed."""
    reason: str
    """Why this encoder was chosen, for people."""
    words_spec: str
    """What the words part resolved to: ``static``, ``off``, a hub name or an absolute folder with its options, never
    ``auto``."""
    picture_spec: str
    """The same of the picture part. Opening both specs again gives the same fingerprint."""

    @property
    def spent(self) -> str:
        """What was sent to hosted models and what it cost, for people; empty where nothing leaves the machine."""
        ...

    def embed_texts(self, texts: Sequence[str], query: bool = False) -> Float32Array:
        """(n, dim); an empty text gives a zero row, one longer than a window the mean direction of its windows.

        ``query``: the texts ask, and are embedded as questions by encoders that tell these from passages.
        """
        ...

    def embed_words(self, texts: Sequence[str], span: Span) -> Float32Array:
        """(n, dim); only the columns of one of :attr:`word_spans`, zeros elsewhere. The texts fit :meth:`windows`."""
        ...

    def embed_images(self, images: Sequence[Image.Image], words: Sequence[str], query: bool = False) -> Float32Array:
        """(n, dim); ``words[i]`` (caption, inner text, mention, heading; may be empty) fill picture i's words part.

        ``query``: somebody asks with the pictures, and waits; a hosted encoder then gives up after seconds.
        """
        ...

    def windows(self, text: str) -> list[str]:
        """Cut a text, at sentences where possible, into pieces that every text tower reads whole. Loses no word."""
        ...


@runtime_checkable
class ReadsTokens(Protocol):
    """What an encoder offers beside :class:`Encoder` whose sentence encoders give the states of single tokens."""

    @property
    def token_spans(self) -> tuple[Span, ...]:
        """Those of the sentence encoders that do; none where the words part is of another kind."""
        ...

    def embed_with_tokens(
        self, texts: Sequence[str], readers: Sequence[Sequence[Span]]
    ) -> tuple[Float32Array, list[dict[str, TokenStates]]]:
        """The rows of :meth:`Encoder.embed_texts`, and of each text its tokens as some of :attr:`token_spans` read it,
        by their names.

        The texts fit :meth:`Encoder.windows`.
        """
        ...

    def question_tokens(self, text: str, reader: Span) -> TokenStates:
        """Of a question, as far as the encoder's window goes."""
        ...

    def token_numbers(self, text: str, reader: Span) -> NDArray[np.uint32]:
        """(n,) the numbers of a text's tokens in the encoder's vocabulary, however long it is."""
        ...
