"""The page labels that a PDF carries ("iv", "A-3"), by ISO 32000-2, 12.4.2; not those that are printed on its pages.

The library's own reader counts letters as spreadsheets do (the 28th page of a count in letters is "bb", not "ab") and
takes a prefix as it is written in the file, in hexadecimal digits or with escapes.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any, NamedTuple

import pymupdf

from ingestion.layout.page_labels import to_roman
from ingestion.pdf.errors import LIBRARY_ERRORS
from ingestion.text.cleaning import clean

LETTERS = 26
LONGEST_PREFIX = 40  # characters that are kept of a prefix
MOST_REPEATS = 12  # of a letter, or of thousands in Roman numerals, beyond which a number is written in digits
DEEPEST = 32  # levels of a tree; trees of real files have up to three


class LabelRange(NamedTuple):
    """Pages from index ``start`` (from 0) on: ``prefix``, then a number in a style (``D R r A a``, or none)."""

    start: int
    style: str
    prefix: str
    first: int

    def label(self, page: int) -> str:
        """The label of the page with that index, from 0."""
        return self.prefix + number_in(self.style, self.first + page - self.start)


def label_ranges(doc: pymupdf.Document) -> list[LabelRange]:
    """The ranges of a document's page labels by their first page; empty where it has none, or where they are broken."""
    low = pymupdf.mupdf
    found: dict[int, LabelRange] = {}
    with contextlib.suppress(*LIBRARY_ERRORS):  # broken label trees are common and harmless
        root = low.pdf_dict_gets(low.pdf_trailer(low.pdf_document_from_fz_document(doc.this)), "Root")
        for entry in _entries(low.pdf_dict_gets(root, "PageLabels"), set(), DEEPEST):
            found.setdefault(entry.start, entry)
    return [found[start] for start in sorted(found)]


def label_of(ranges: list[LabelRange], page: int) -> str:
    """The label of the page with that index, from 0; empty where no range holds it."""
    held = [entry for entry in ranges if entry.start <= page]
    return held[-1].label(page) if held else ""


def number_in(style: str, number: int) -> str:
    """A number in a style of page labels; in digits where letters or numerals would become very long."""
    if style not in "DRrAa" or not style:
        return ""
    if style in "Aa" and 1 <= number <= LETTERS * MOST_REPEATS:
        repeats, letter = divmod(number - 1, LETTERS)
        return chr(ord(style) + letter) * (repeats + 1)
    if style in "Rr" and 1 <= number < 1000 * MOST_REPEATS:
        return to_roman(number).upper() if style == "R" else to_roman(number)
    return str(number)


def _entries(node: Any, seen: set[int], depth: int) -> Iterator[LabelRange]:
    """The ranges in a number tree (7.9.7), whose nodes hold other nodes or pairs of a page and its range."""
    low = pymupdf.mupdf
    place = low.pdf_to_num(node)
    if depth < 0 or (place and place in seen):
        return
    seen.add(place)
    kids, pairs = low.pdf_dict_gets(node, "Kids"), low.pdf_dict_gets(node, "Nums")
    for index in range(low.pdf_array_len(kids)):
        yield from _entries(low.pdf_array_get(kids, index), seen, depth - 1)
    for index in range(0, low.pdf_array_len(pairs) - 1, 2):
        said = low.pdf_array_get(pairs, index + 1)
        if low.pdf_is_dict(said):
            first = low.pdf_to_int(low.pdf_dict_gets(said, "St"))
            yield LabelRange(
                max(0, low.pdf_to_int(low.pdf_array_get(pairs, index))),
                low.pdf_to_name(low.pdf_dict_gets(said, "S")),
                _prefix(low.pdf_to_text_string(low.pdf_dict_gets(said, "P"))),
                max(1, first),
            )


def _prefix(text: str) -> str:
    """A prefix as people may be shown it: no control characters, one blank for many, its own blanks at the end kept."""
    kept = clean(text)[:LONGEST_PREFIX]
    return f"{kept} " if kept and text.endswith(" ") else kept
