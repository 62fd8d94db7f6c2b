"""What the reader and the gallery are given: JSON of pages with lines and elements, headings, places and pictures.

Plain values only, no HTML: the page puts every word in place as text. Boxes are shares of the page, 0 to 1.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from ingestion.elements import Chunk
from rag.browsing.books import Book, PageParts, Piece
from rag.browsing.find import Place
from rag.export.plain import plain_text
from rag.storage.records.catalogue import DocumentRow
from ui.shown.payload import cutout_url, detail, kind_name
from ui.words.language import told

if TYPE_CHECKING:
    from rag.service.document_extracts import Described

LONGEST_CAPTION = 300  # characters under a picture of the gallery

Json = dict[str, object]


def book(row: DocumentRow, opened: Book) -> Json:
    """All that is known of a document without looking at a page."""
    return {
        "id": row.id,
        "name": row.name,
        "title": row.title if row.title != row.name else "",
        "detail": detail(row),
        "pages": [[round(page.width, 1), round(page.height, 1), page.label] for page in opened.pages],
        "headings": [list(heading) for heading in opened.headings],
        "problems": [[problem.page, told(problem.message)] for problem in opened.problems],
    }


def about(described: Described) -> Json:
    """What a document is about, and questions that it can answer."""
    extract = described.extract
    return {
        "written": described.written,
        "by": described.by,
        "coming": described.coming,
        "opening": extract.opening,
        "page": extract.page,
        "headings": [list(heading) for heading in extract.headings],
        "questions": list(extract.questions),
    }


def page(parts: PageParts) -> Json:
    """What is laid over a page's picture."""
    return {
        "lines": [[line.text, *line.box, line.turned] for line in parts.lines],
        "pieces": [[piece.kind, _words(piece), piece.caption, *piece.box] for piece in parts.pieces],
        "problems": [told(problem.message) for problem in parts.problems],
        "whole": parts.whole,
    }


def _words(piece: Piece) -> str:
    """What stands in a piece, without the marks by which tables are written."""
    return plain_text(piece.text) if piece.kind == "table" else piece.text


def found(places: Sequence[Place], tops: Sequence[float], more: bool) -> Json:
    """Where words stand; ``more``: there are more places than these."""
    listed = [
        [place.page, [list(span) for span in place.spans], top, place.before, place.text, place.after]
        for place, top in zip(places, tops, strict=True)
    ]
    return {"places": listed, "more": more}


def gallery(chunks: Sequence[Chunk], names: Mapping[str, str], more: bool) -> Json:
    """Figures and tables; ``names`` are those of their documents by id."""
    return {"shown": [_shown(chunk, names.get(chunk.doc, "")) for chunk in chunks], "more": more}


def _shown(chunk: Chunk, name: str) -> Json:
    box = chunk.bbox
    return {
        "doc": chunk.doc,
        "name": name,
        "page": chunk.page,
        "kind": kind_name(chunk.kind),
        "caption": (chunk.caption or chunk.heading or chunk.text)[:LONGEST_CAPTION],
        "cutout": cutout_url(chunk.doc, chunk.id),
        "points": [round(value, 2) for value in box],
    }
