"""The model seam: chat messages in, a stream of text out. A test passes its own model here."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass
from typing import Any, Literal, Protocol

from PIL import Image


@dataclass(frozen=True, slots=True)
class Message:
    """One chat message; parts are strings and pictures in the order the model reads them."""

    role: Literal["system", "user", "assistant"]
    parts: tuple[str | Image.Image, ...]


class VisionLLM(Protocol):
    """A model that answers; it may or may not see pictures. ``name`` is what people call it."""

    name: str

    def sees_pictures(self) -> bool:
        """Whether pictures may be sent. May ask the server once; the answer is kept."""
        ...

    def stream(self, messages: Sequence[Message]) -> Iterator[str]:
        """Pieces of the reply as they come. Raises :class:`rag.errors.ModelError`; closing it stops the model."""
        ...


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
