"""Documents opened to be read: pages with their lines and elements, headings, and where words stand.

All boxes are shares of the page from its top left corner, (left, top, width, height) from 0 to 1, so that they fit a
picture of any size. What a document is made of is read from its folder once and held for a while.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from ingestion.elements import BBox, Document, Element, Page, PageProblem
from rag.browsing.find import Place, folded_page, places_of
from rag.browsing.outline import Heading, in_order
from rag.browsing.turns import turns_of
from rag.errors import UnknownDocument
from rag.lru import Recent

if TYPE_CHECKING:
    from rag.storage.reader import IndexReader

OPEN = 6
"""Documents held at once, some 10 MB for 500 pages."""

MOST_HEADINGS = 3000
"""Headings of one document that are listed."""

LONGEST_HEADING = 200  # characters
LONGEST_TEXT = 1500  # characters of one element
MOST_LINES = 4000  # of one page; a page of 4,000 lines is no page that people read
LONGEST_LINE = 2000  # characters

Box = tuple[float, float, float, float]


class Line(NamedTuple):
    """A line of a page, its box, and by how many degrees clockwise its words are turned."""

    text: str
    box: Box
    turned: int


class Piece(NamedTuple):
    """An element as it was understood; its text is cut at :data:`LONGEST_TEXT`."""

    kind: str
    text: str
    caption: str
    box: Box


class PageParts(NamedTuple):
    """``whole``: no lines are stored of this page, and those given are whole elements."""

    lines: tuple[Line, ...]
    pieces: tuple[Piece, ...]
    problems: tuple[PageProblem, ...]
    whole: bool


@dataclass(frozen=True, slots=True)
class Book:
    """A document's name and title, its pages in order, its headings, and what went wrong while reading it."""

    id: str
    name: str
    title: str
    pages: tuple[Page, ...]
    headings: tuple[Heading, ...]
    problems: tuple[PageProblem, ...]


@dataclass(frozen=True, slots=True)
class _Opened:
    book: Book
    elements: dict[int, tuple[Element, ...]]


class Books:
    """The documents of one index, opened to be read. Safe to share between threads."""

    def __init__(self, index: IndexReader) -> None:
        self._index = index
        self._opened: Recent[tuple[str, str], _Opened] = Recent(OPEN)
        self._words: Recent[tuple[str, str], tuple[str, ...]] = Recent(OPEN)

    def open(self, doc: str) -> Book:
        """Raises :class:`UnknownDocument`, and :class:`IndexDamaged` where what is stored of it cannot be read."""
        return self._open(doc).book

    def page(self, doc: str, number: int) -> PageParts:
        """Lines, elements and problems of a page. Raises what :meth:`open` raises, and for a page it does not have."""
        opened = self._open(doc)
        page = _page(opened.book, number)
        elements = opened.elements.get(number, ())
        lines = self._lines(opened, page)[:MOST_LINES]
        turned = zip(lines, turns_of(lines, page.rotation), strict=True)
        shown = tuple(Line(text[:LONGEST_LINE], share(box, page), turn) for (text, box), turn in turned if text.strip())
        pieces = tuple(
            Piece(e.kind, e.text[:LONGEST_TEXT], e.caption[:LONGEST_TEXT], share(e.body or e.region.bbox, page))
            for e in elements
        )
        problems = tuple(problem for problem in opened.book.problems if problem.page == number)
        whole = bool(shown) and not self._index.files.lines(doc, number)
        return PageParts(shown, pieces, problems, whole)

    def find(self, doc: str, words: str, most: int) -> tuple[list[Place], bool]:
        """Where words stand, in the order of the pages, and whether there are more than ``most``. See
        :mod:`rag.browsing.find` for what is one and the same. Raises what :meth:`open` raises."""
        opened = self._open(doc)
        key = doc, self._index.files.mark(doc)
        texts = self._words.get(key)
        if texts is None:
            texts = tuple(folded_page(self._page_texts(opened, page)) for page in opened.book.pages)
            self._words.put(key, texts)
        found: list[Place] = []
        for page, text in zip(opened.book.pages, texts, strict=True):
            if len(found) > most:
                break
            found += places_of(page.number, text, words, partial(self._page_texts, opened, page))
        return found[:most], len(found) > most

    def tops(self, doc: str, places: Sequence[Place]) -> list[float]:
        """How far down their pages places begin, 0 to 1."""
        opened = self._open(doc)
        lines: dict[int, list[tuple[str, BBox]]] = {}
        tops = []
        for place in places:
            page = _page(opened.book, place.page)
            if place.page not in lines:
                lines[place.page] = self._lines(opened, page)
            tops.append(share(lines[place.page][place.spans[0].line][1], page)[1])
        return tops

    def _open(self, doc: str) -> _Opened:
        if not self._index.catalogue.has(doc):
            raise UnknownDocument(f"Document {doc[:12]!r} is not in the library; it may have been removed.")
        key = doc, self._index.files.mark(doc)
        opened = self._opened.get(key)
        if opened is None:
            opened = _opened(self._index.files.load_document(doc))
            self._opened.put(key, opened)
        return opened

    def _page_texts(self, opened: _Opened, page: Page) -> list[str]:
        return [text for text, _ in self._lines(opened, page)]

    def _lines(self, opened: _Opened, page: Page) -> list[tuple[str, BBox]]:
        """The stored lines; of a page without any, which earlier versions did not store, its elements."""
        lines = self._index.files.lines(opened.book.id, page.number)
        return lines or [(e.text, e.body or e.region.bbox) for e in opened.elements.get(page.number, ()) if e.text]


def share(box: BBox, page: Page) -> Box:
    """A box in points as shares of its page, inside it."""
    left, right = (min(1.0, max(0.0, x / page.width)) for x in (box.x0, box.x1))
    top, bottom = (min(1.0, max(0.0, y / page.height)) for y in (box.y0, box.y1))
    return round(left, 5), round(top, 5), round(right - left, 5), round(bottom - top, 5)


def _page(book: Book, number: int) -> Page:
    page = next((page for page in book.pages if page.number == number), None)
    if page is None:
        raise UnknownDocument(f"{book.name} has no page {number}; it has {len(book.pages)}.")
    return page


def _opened(document: Document) -> _Opened:
    pages = {page.number: page for page in document.pages}
    elements: dict[int, list[Element]] = {}
    for element in document.elements:
        elements.setdefault(element.region.page, []).append(element)
    headings = [
        Heading(
            element.heading.count(" > ") + 1 if element.heading else 0,
            " ".join(element.text.split())[:LONGEST_HEADING],
            element.region.page,
            share(element.region.bbox, pages[element.region.page])[1],
        )
        for element in document.elements
        if element.kind in ("title", "heading") and element.text.strip() and element.region.page in pages
    ]
    shown = tuple(in_order(headings)[:MOST_HEADINGS])
    book = Book(document.id, document.name, document.title, document.pages, shown, document.problems)
    return _Opened(book, {number: tuple(found) for number, found in elements.items()})
