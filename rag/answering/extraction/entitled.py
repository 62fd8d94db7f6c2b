"""What steps are the steps of: the heading above them, also where a warning stands between.

    Changing the belt
    WARNING: Wait until the spindle stands still.
    1. Open the cover …                                "Changing the belt", not the warning

Layout takes a warning in bold for a heading, and the heading above it, with nothing under it, for a text of its own.
"""

from __future__ import annotations

from collections.abc import Sequence

from ingestion.geometry import horizontal_overlap
from rag.answering.extraction.compose import introduction_of, stands_in_list
from rag.answering.passages.lists import is_numbered, like_title, step_number
from rag.answering.passages.procedures import warns
from rag.answering.passages.quotations import Passage
from rag.answering.questions.sought import Sought
from rag.types import Evidence

MOST_SAID = 0.5
"""The share of a question that the title of its steps says."""

TOUCHING = 2.0
"""Points by which what stands above may reach into what stands below."""


def is_entitled(passage: Passage, found: Sought, evidence: Sequence[Evidence], steps: bool = True) -> bool:
    """Whether a passage is a numbered step, or where it is no ``steps`` that are wanted any item of a list, under a
    title that says most of what is asked for."""
    if passage.kind != "sentence" or not (step_number(passage.text) or stands_in_list(passage)):
        return False
    if steps and not is_numbered(passage.text):
        return False
    introduction = introduction_of(passage)
    titles = (introduction,) if like_title(introduction) and introduction else titles_of(passage.evidence, evidence)
    return any(max(found.share(title), found.part(title)) >= MOST_SAID for title in titles)


def titles_of(piece: Evidence, evidence: Sequence[Evidence]) -> tuple[str, ...]:
    """The heading of a piece; where that is a warning, what heads or is the piece right above it, and the heading
    before the warning."""
    path = piece.chunk.heading.split(" > ")
    if not warns(path[-1]):
        return (path[-1],)
    above = _above(piece, evidence)
    beside = () if above is None else (above.text if like_title(above.text) else above.chunk.heading.split(" > ")[-1],)
    return tuple(title for title in (*beside, *path[-2:-1]) if title and not warns(title))


def _above(piece: Evidence, evidence: Sequence[Evidence]) -> Evidence | None:
    """The piece whose end is the nearest above the beginning of another on its page and in its column."""
    chunk = piece.chunk
    above = [
        other
        for other in evidence
        if (other.chunk.doc, other.chunk.page) == (chunk.doc, chunk.page)
        and other.number != piece.number
        and other.chunk.kind == "text"
        and other.chunk.bbox.y1 <= chunk.bbox.y0 + TOUCHING
        and horizontal_overlap(other.chunk.bbox, chunk.bbox) > 0
    ]
    return max(above, key=lambda other: other.chunk.bbox.y1, default=None)
