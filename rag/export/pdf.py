"""A conversation as PDF: the HTML page set by PyMuPDF's Story on A4."""

from __future__ import annotations

import io
from collections.abc import Sequence

import pymupdf

from rag.export.document import Exported, as_html
from rag.export.wording import ENGLISH, Wording

MARGIN = 54.0  # points
SIDES, LABEL = 48.0, 96.0  # points of a sheet that the page's own margins take, and what stands above a picture


def as_pdf(title: str, turns: Sequence[Exported], words: Wording = ENGLISH) -> bytes:
    """The file's bytes; its pictures are inside."""
    paper = pymupdf.paper_rect("a4")
    where = pymupdf.Rect(paper.x0 + MARGIN, paper.y0 + MARGIN, paper.x1 - MARGIN, paper.y1 - MARGIN)
    # A picture higher than its sheet would be cut off, and all that follows left out (PyMuPDF 1.27).
    room = (where.width - SIDES, where.height - LABEL)
    story, buffer = pymupdf.Story(as_html(title, turns, words, room)), io.BytesIO()
    writer = pymupdf.DocumentWriter(buffer)
    more = 1
    while more:
        device = writer.begin_page(paper)
        more, _ = story.place(where)
        story.draw(device)
        writer.end_page()
    writer.close()
    return buffer.getvalue()
