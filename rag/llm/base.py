"""The model seam: chat messages in, a stream of text out. A test passes its own model here."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

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
