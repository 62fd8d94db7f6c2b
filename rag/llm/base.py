"""The model seam: chat messages in, a stream of text out. A test passes its own model here."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple, Protocol, runtime_checkable

from PIL import Image


@dataclass(frozen=True, slots=True)
class Message:
    """One chat message; parts are strings and pictures in the order the model reads them."""

    role: Literal["system", "user", "assistant"]
    parts: tuple[str | Image.Image, ...]


@dataclass(frozen=True, slots=True)
class Thought:
    """The model thinks before it answers; ``text`` is the next piece of that, never part of the answer."""

    text: str


@dataclass(frozen=True, slots=True)
class Remark:
    """What the reader should know of how a reply was made: pictures that the server did not take, a prompt it cut."""

    text: str


Piece = str | Thought | Remark
"""What comes of a reply: words of the answer are plain strings."""


class VisionLLM(Protocol):
    """A model that answers; it may or may not see pictures. ``name`` is what people call it."""

    name: str

    def sees_pictures(self) -> bool:
        """Whether pictures may be sent. May ask the server once; the answer is kept."""
        ...

    def stream(self, messages: Sequence[Message]) -> Iterator[str]:
        """Pieces of the answer as they come. Raises :class:`rag.errors.ModelError`; closing it stops the model."""
        ...


class PictureLimits(NamedTuple):
    """What a model takes of pictures: the longest side of each in pixels, and how many."""

    side: int
    most: int


@runtime_checkable
class OutspokenLLM(Protocol):
    """A model that says more than its answer: how much it reads at once, what it thinks. Not every one does.

    ``picture_limits``: what of the pictures its server was seen to take, None where it took all; set by who finds out.
    """

    picture_limits: PictureLimits | None

    def window(self) -> int | None:
        """Tokens of prompt and reply together; None where that is not known. May ask the server; never raises."""
        ...

    def reply(self, messages: Sequence[Message]) -> Iterator[Piece]:
        """As :meth:`VisionLLM.stream`, with thoughts and remarks between the words of the answer."""
        ...


def window_of(llm: VisionLLM) -> int | None:
    """Tokens that a model reads and writes at once, as far as it is known."""
    return llm.window() if isinstance(llm, OutspokenLLM) else None


def reply_of(llm: VisionLLM, messages: Sequence[Message]) -> Iterator[Piece]:
    """All that comes of a reply; of a model that says no more than its answer, that alone."""
    return llm.reply(messages) if isinstance(llm, OutspokenLLM) else llm.stream(messages)


def read_short(pieces: Iterator[str], longest: int, stopped: Callable[[], bool] = lambda: False) -> str | None:
    """A reply that should be short, read until it has more than ``longest`` characters; None where ``stopped`` said so.

    The model is stopped with it. Raises what the stream raises.
    """
    reply = ""
    with ExitStack() as ends:
        if hasattr(pieces, "close"):
            closable: Any = pieces
            ends.enter_context(closing(closable))
        for piece in pieces:
            reply += piece
            if stopped():
                return None
            if len(reply) > longest:
                break
    return reply
