"""The words of a page as numbers: what full text keeps of a page, and what ranking reads.

Each word has a number (the CRC-32 of its term, uint32) and a mark (uint16) that tells the chunk and the field in which
it stands. A page comes as one array of numbers and one of marks, of equal length: first the words of the page itself,
then those of its chunks, field by field. A page is named by one integer, its page key: the number of its document,
shifted by 20 bits, and its own number.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ingestion.elements import ChunkKind

PAGE, TEXT, CAPTION, HEADING, MENTIONS = range(5)
"""Fields of a page's words: the whole page, then those of its chunks."""
FIELD_BITS = 3  # a mark is unit << FIELD_BITS | field
PAGE_BITS = 20  # a page key is document number << PAGE_BITS | page
LAST_PAGE = (1 << PAGE_BITS) - 1


class Unit(NamedTuple):
    """A chunk as a page knows it: its number there (0 is the page itself), id and kind."""

    number: int
    chunk: str
    kind: ChunkKind


class UnitPlace(NamedTuple):
    """A page key and the number of a chunk on that page."""

    key: int
    unit: int


class DocumentWords(NamedTuple):
    """A document's size in pages and words, and the terms of its name, title and first words as numbers."""

    no: int
    doc: str
    pages: int
    words: int
    title: NDArray[np.uint32]  # (terms,), each once


class TermPages(NamedTuple):
    """The numbers of the documents that have a term, in order, and on how many of their pages it stands: (n,) each."""

    documents: NDArray[np.int64]
    pages: NDArray[np.int64]

    def of(self, documents: NDArray[np.int64]) -> NDArray[np.int64]:
        """On how many pages of each of these documents it stands, in their order."""
        if not len(self.documents):
            return np.zeros(len(documents), dtype=np.int64)
        place = np.minimum(np.searchsorted(self.documents, documents), len(self.documents) - 1)
        return np.where(self.documents[place] == documents, self.pages[place], 0)

    @classmethod
    def summed(cls, spellings: Sequence[TermPages]) -> TermPages:
        """Of a term in several spellings; a page that has it in two counts for both."""
        if len(spellings) == 1:
            return spellings[0]
        documents = np.unique(np.concatenate([found.documents for found in spellings]))
        return cls(documents, sum((found.of(documents) for found in spellings), start=np.zeros_like(documents)))


@dataclass(frozen=True, slots=True)
class PageWords:
    """The words of n pages, one after another: page ``i`` owns ``words[starts[i]:starts[i + 1]]``, and so its marks.

    ``keys`` are page keys, ``top`` the number of words in a page's first lines, ``figures`` and ``tables`` how many it
    has. m is the number of words of all these pages.
    """

    keys: NDArray[np.int64]  # (n,)
    words: NDArray[np.uint32]  # (m,)
    marks: NDArray[np.uint16]  # (m,)
    starts: NDArray[np.int64]  # (n + 1,)
    top: NDArray[np.int64]  # (n,)
    figures: NDArray[np.int64]  # (n,)
    tables: NDArray[np.int64]  # (n,)

    def take(self, rows: NDArray[np.int64]) -> PageWords:
        """Some of the pages, in the order of ``rows``, which are indexes into ``keys`` of any number, shape (k,)."""
        parts = [slice(self.starts[row], self.starts[row + 1]) for row in rows.tolist()]
        starts = np.cumsum([0, *(part.stop - part.start for part in parts)], dtype=np.int64)
        words = np.concatenate([self.words[part] for part in parts]) if parts else self.words[:0]
        marks = np.concatenate([self.marks[part] for part in parts]) if parts else self.marks[:0]
        return PageWords(self.keys[rows], words, marks, starts, self.top[rows], self.figures[rows], self.tables[rows])


def page_key(no: int, page: int) -> int:
    """Of a document's number and a page, both not negative; pages up to LAST_PAGE."""
    return no << PAGE_BITS | page


def page_of(key: int) -> int:
    """The page of a key."""
    return key & ((1 << PAGE_BITS) - 1)


def document_of(key: int) -> int:
    """The document's number of a key."""
    return key >> PAGE_BITS


@lru_cache(maxsize=200_000)
def term_number(term: str) -> int:
    """A term as 32 bits; one of a library of 100,000 shares its number with another with a chance of 1 in 40,000."""
    return zlib.crc32(term.encode())


def term_numbers(found: Iterable[str]) -> NDArray[np.uint32]:
    """One number per term, in order, shape (terms,)."""
    return np.array([term_number(term) for term in found], dtype=np.uint32)
