"""Evidence about one of several types of a device, which tables and sections name above them: "Data of AX840".

A manual for three models has a table for each, alike but for its numbers. The row of another model is a wrong answer
that looks right.
"""

from __future__ import annotations

from rag.answering.passages.quotations import codes
from rag.types import Evidence


def of_type(question: str, evidence: tuple[Evidence, ...]) -> tuple[Evidence, ...]:
    """Where a question names types, and a table or section has the name of one above it, the evidence without those
    that have the name of another such type there: of "AX840" without "Data of AX860"."""
    named = frozenset(codes(question))
    if not named or not any(named & named_above(piece) for piece in evidence):
        return evidence
    alike = frozenset(map(_shape, named))
    return tuple(
        piece
        for piece in evidence
        if named & (above := named_above(piece)) or not any(_shape(other) in alike for other in above)
    )


def _shape(code: str) -> str:
    """A code with its letters and digits as such: ``aa000`` of "AX840"."""
    return "".join("0" if c.isdigit() else "a" if c.isalpha() else c for c in code)


def named_above(piece: Evidence) -> frozenset[str]:
    """The codes in the caption of a piece, else in the heading above it."""
    return frozenset(codes(piece.chunk.caption) or codes(piece.chunk.heading.split(" > ")[-1]))
