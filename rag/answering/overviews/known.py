"""Answers that need no search, as they are put together: sentences of the documents, each with its marker."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from ingestion.elements import Chunk
from ingestion.text.caption_labels import is_listing_entry
from rag.answering.evidence.gathering import whole
from rag.answering.overviews.small_talk import shown_name
from rag.text.passages import ITEM_MARK, sentences, without_tables
from rag.types import Evidence

if TYPE_CHECKING:
    from rag.storage.reader import IndexReader


class Known(NamedTuple):
    """An answer that needed no search: its text with markers, and the evidence that they mean; small talk has none.
    ``refused``: it says that what is asked for is not there."""

    text: str
    evidence: tuple[Evidence, ...] = ()
    refused: bool = False


@dataclass(slots=True)
class Marked:
    """Collects the evidence as it is used."""

    index: IndexReader
    evidence: list[Evidence] = field(default_factory=list)

    def of(self, chunk: Chunk) -> Evidence:
        """A passage as evidence, the same each time."""
        known = next((e for e in self.evidence if e.chunk.id == chunk.id), None)
        if known is None:
            known = whole(self.index, len(self.evidence) + 1, chunk)
            self.evidence.append(known)
        return known

    def mark(self, chunk: Chunk) -> str:
        """The marker of a passage."""
        return f"[{self.of(chunk).number}]"

    def quoted(self, sentence: str, chunk: Chunk) -> str:
        """A sentence with its marker before its stop."""
        ending = re.search(r"[.!?…。！？]+$", sentence)
        stop = ending[0] if ending else "."
        return f"{sentence.removesuffix(stop).rstrip()} {self.mark(chunk)}{stop}"


def prose_sentences(chunk: Chunk) -> list[str]:
    """The sentences of a passage without its tables and lines of contents, each on one line and without its bullet."""
    prose = "\n".join(line for line in without_tables(chunk.text).split("\n") if not is_listing_entry(line))
    return [ITEM_MARK.sub("", shown_name(sentence)) for sentence in sentences(prose)]
