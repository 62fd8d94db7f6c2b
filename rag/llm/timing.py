"""A model's reply as a stage of the work: how long it took, and when its first piece came."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from contextlib import closing

from rag.llm.base import Message, Piece
from rag.monitoring.stages import stage


def timed(model: str, messages: Sequence[Message], pieces: Generator[Piece]) -> Generator[Piece]:
    """The pieces as they are; ``messages`` are counted, not kept. A thought counts as a first piece too."""
    words = [part for message in messages for part in message.parts if isinstance(part, str)]
    pictures = sum(len(message.parts) for message in messages) - len(words)
    with stage("model", model=model, characters=sum(map(len, words)), pictures=pictures) as running, closing(pieces):
        for piece in pieces:
            running.something_came()
            yield piece
