"""The evidence of an answer with what of it can be quoted, taken apart when it is first asked for."""

from __future__ import annotations

from dataclasses import dataclass, field

from rag.answering.passages.quotations import Passage, passages_of
from rag.types import Evidence


@dataclass(frozen=True, slots=True)
class Quotable:
    """Pieces of evidence and their passages."""

    evidence: tuple[Evidence, ...]
    held: dict[int, list[Passage]] = field(default_factory=dict)

    def of(self, piece: Evidence) -> list[Passage]:
        """The passages of a piece."""
        if piece.number not in self.held:
            self.held[piece.number] = passages_of(piece)
        return self.held[piece.number]

    def first(self, pieces: int) -> list[Passage]:
        """The passages of the first pieces."""
        return [p for piece in self.evidence[:pieces] for p in self.of(piece)]

    def every(self) -> list[Passage]:
        """All of them."""
        return self.first(len(self.evidence))
