"""The words of pages in the spelling of a question, so that what ranks them compares one term with one term."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from rag.retrieval.term_matching import find
from rag.storage.full_text.term_vectors import PageWords, term_number, term_numbers
from rag.types import Int64Array

Spellings = Mapping[str, Sequence[tuple[str, ...]]]
"""By term of a question the ways in which pages write it otherwise: one word each, or several side by side."""


def in_spelling_of(pages: PageWords, spellings: Spellings) -> PageWords:
    """The same pages with each other spelling of a term as that term; the rest of several words stays behind it."""
    if not spellings:
        return pages
    several = any(len(words) > 1 for others in spellings.values() for words in others)
    page = np.repeat(np.arange(len(pages.keys)), np.diff(pages.starts)) if several else None
    fields = None if page is None else page << 16 | pages.marks
    return replace(pages, words=spelt(pages.words, spellings, fields))


def spelt(words: NDArray[np.uint32], spellings: Spellings, fields: Int64Array | None = None) -> NDArray[np.uint32]:
    """The words with each other spelling of a term as that term, shape (words,).

    ``fields``, of the same shape, tells apart the texts that the words are from: no spelling goes on in the next.
    """
    single = {other[0]: term for term, others in spellings.items() for other in others if len(other) == 1}
    places, which = find(words, term_numbers(single))
    result = words.copy()
    result[places] = term_numbers(single.values())[which]
    for term, others in spellings.items():
        for other in (other for other in others if len(other) > 1):
            result[_places(words, other, fields)] = term_number(term)
    return result


def _places(words: NDArray[np.uint32], spelling: Sequence[str], fields: Int64Array | None) -> Int64Array:
    """Where the words of a spelling stand side by side, the first of them."""
    numbers, last = term_numbers(spelling), len(spelling) - 1
    places = find(words, numbers[:1])[0]
    places = places[places + last < len(words)]
    for offset in range(1, len(numbers)):
        places = places[words[places + offset] == numbers[offset]]
    return places if fields is None else places[fields[places] == fields[places + last]]
