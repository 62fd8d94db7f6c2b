"""Evidence from the usual chapter that a question asks for: "How do I clean it?" is answered under "Care and cleaning",
not by a sentence elsewhere that speaks of clean air."""

from __future__ import annotations

from rag.answering.questions.chapters_asked import chapters_asked, names_chapter
from rag.types import Evidence


def of_chapter(question: str, language: str, evidence: tuple[Evidence, ...]) -> tuple[Evidence, ...]:
    """Of the evidence what stands in the chapter that a question asks for; all of it where it asks for none, or none of
    it does."""
    asked = chapters_asked(question, language)
    return tuple(piece for piece in evidence if asked and stands_in(piece, asked)) or evidence


def stands_in(piece: Evidence, asked: frozenset[str]) -> bool:
    """Whether a piece stands under a heading that names one of these chapters."""
    return any(names_chapter(name, asked) for name in piece.chunk.heading.split(" > "))
