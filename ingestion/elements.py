"""The value types of ingestion: what a parsed document is made of.

All boxes are PDF points (1/72 inch) from the top left of the page *as displayed*, after rotation and crop box.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, NamedTuple

ElementKind = Literal["title", "heading", "text", "list", "table", "figure", "caption", "formula"]
ChunkKind = Literal["text", "table", "figure", "page"]


class BBox(NamedTuple):
    """A rectangle in points, origin at the top left, ``x0 <= x1`` and ``y0 <= y1``."""

    x0: float
    y0: float
    x1: float
    y1: float


class Region(NamedTuple):
    """A box on a page; ``page`` counts from 1."""

    page: int
    bbox: BBox


class Cell(NamedTuple):
    """A cell of a table: its first row and column (from 0), how many of each it covers, and where it stands.

    ``heads``: of a section's label, how many rows below it belong to the section.
    """

    row: int
    column: int
    text: str
    rows: int = 1
    columns: int = 1
    header: bool = False
    bbox: BBox | None = None
    heads: int = 0


@dataclass(frozen=True, slots=True)
class Page:
    """A page as displayed. ``image`` is the rendered page, a path relative to the document's folder."""

    number: int
    width: float
    height: float
    rotation: int
    image: str | None = None
    label: str = ""


@dataclass(frozen=True, slots=True)
class Element:
    """One thing on a page, in reading order.

    ``text`` is prose, a table's cells as Markdown, or the words inside a figure. ``caption`` and ``heading`` (the path
    of headings, joined with " > ") belong to it; ``image`` is its crop, relative to the document's folder.
    ``continues`` is the ``order`` of the element on the previous page that this one continues. ``cells`` are a table's,
    with their spans, which Markdown cannot show. The region of a figure or table holds its title, caption and notes
    where they stand at it; ``body`` is the box of the thing itself. ``code``: program text, its lines as they stand.
    """

    kind: ElementKind
    region: Region
    text: str
    caption: str = ""
    heading: str = ""
    image: str | None = None
    order: int = 0
    continues: int | None = None
    cells: tuple[Cell, ...] = ()
    body: BBox | None = None
    code: bool = False


@dataclass(frozen=True, slots=True)
class Chunk:
    """What is searched for and cited: a passage, table or figure, or a whole page.

    ``id`` hashes document, page, kind, content and ordinal: the same bytes give the same ids. ``doc`` is the document's
    id. ``mentions`` are sentences elsewhere in the document that name this figure or table. A chunk over a page break
    has one region per page, in order.
    """

    id: str
    doc: str
    kind: ChunkKind
    text: str
    regions: tuple[Region, ...]
    caption: str = ""
    heading: str = ""
    mentions: str = ""
    image: str | None = None

    @property
    def page(self) -> int:
        """The page it begins on, from 1."""
        return self.regions[0].page

    @property
    def bbox(self) -> BBox:
        """Its box on that page, in points."""
        return self.regions[0].bbox

    @property
    def context(self) -> str:
        """Heading path, caption and nearby mentions: what helps to find the chunk beside its own text."""
        return "\n".join(part for part in (self.heading, self.caption, self.mentions) if part)


@dataclass(frozen=True, slots=True)
class PageProblem:
    """Something that went wrong on one page (0: the whole document) without stopping the rest."""

    page: int
    stage: str
    message: str


@dataclass(frozen=True, slots=True)
class Document:
    """A parsed PDF. ``id`` is the SHA-256 of its bytes, ``name`` its file name, ``title`` its best known title."""

    id: str
    name: str
    title: str
    pages: tuple[Page, ...]
    elements: tuple[Element, ...]
    chunks: tuple[Chunk, ...]
    problems: tuple[PageProblem, ...] = ()


def well_formed(text: str) -> str:
    """Text that can be written down: halves of characters, as in names of files that are not UTF-8 and in words that
    were cut within an emoji, become "\ufffd"."""
    if text.isascii() or not any("\ud800" <= char <= "\udfff" for char in text):
        return text
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def file_id(path: Path) -> str:
    """A document's id: the SHA-256 of the file's bytes, in hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def lines_file(page: int) -> str:
    """Where a page's lines of text lie below its document's folder, as JSON: ``[[text, x0, y0, x1, y1], …]``."""
    return f"pages/{page:04d}.json"
