"""Answers that need no search, as they are put together: sentences of the documents, each with its marker."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from ingestion.elements import Chunk
from rag.answering.evidence.gathering import whole
from rag.types import Evidence

if TYPE_CHECKING:
    from rag.storage.reader import IndexReader


class Known(NamedTuple):
    """An answer that needed no search: its text with markers, and the evidence that they mean; small talk has none."""

    text: str
    evidence: tuple[Evidence, ...] = ()


@dataclass(slots=True)
class Marked:
    """Collects the evidence as it is used."""

    index: IndexReader
    evidence: list[Evidence] = field(default_factory=list)

    def mark(self, chunk: Chunk) -> str:
        """The marker of a passage, the same each time."""
        known = next((e for e in self.evidence if e.chunk.id == chunk.id), None)
        if known is None:
            known = whole(self.index, len(self.evidence) + 1, chunk)
            self.evidence.append(known)
        return f"[{known.number}]"

    def quoted(self, sentence: str, chunk: Chunk) -> str:
        """A sentence with its marker before its stop."""
        ending = re.search(r"[.!?…。！？]+$", sentence)
        stop = ending[0] if ending else "."
        return f"{sentence.removesuffix(stop).rstrip()} {self.mark(chunk)}{stop}"


def cut(text: str, longest: int) -> str:
    """The text up to a word's end within so many characters."""
    return text if len(text) <= longest else text[:longest].rsplit(" ", 1)[0].rstrip(" ,;:") + " …"
