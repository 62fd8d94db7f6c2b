"""Office files as e-books: words, headings, lists, tables and pictures of DOCX, PPTX and XLSX.

Enters: a path. Leaves: a :class:`Book` that the PDF library lays out (its own reader of these files, MuPDF 1.28, drops
their tables, pictures and some words). Must not know: that library, pages. Their layout is not kept; what is lost is
said.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from ingestion.errors import NoPages
from ingestion.office_package import Package
from ingestion.office_sheets import sheets
from ingestion.office_slides import slides
from ingestion.office_text import texts

READERS: dict[str, Callable[[Package], tuple[list[str], tuple[float, float]]]] = {
    "docx": texts,
    "pptx": slides,
    "xlsx": sheets,
}


@dataclass(frozen=True, slots=True)
class Book:
    """An e-book, the size of its pages in points, and in words what could not be taken over."""

    content: bytes
    size: tuple[float, float]
    lost: str


def as_book(path: Path, name: str) -> Book:
    """``name``: docx, pptx or xlsx. Raises an :class:`~ingestion.errors.IngestionError`."""
    with Package(path) as package:
        chapters, size = READERS[name](package)
        if not any(chapters):
            raise NoPages(f"{path.name} has nothing on its pages that can be read; save it as PDF in its program")
        missing = ", ".join(f"{number} × {what}" for what, number in package.lost.items())
        lost = f"not taken over from the Office file: {missing}; save it as PDF to keep them" if missing else ""
        return Book(package.book(package.title(), chapters), size, lost)
