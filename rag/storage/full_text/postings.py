"""The inverted index of the full text: for every term, the documents and pages on which it stands, and where there.

A row of ``fulltext_postings`` is a term in a document. ``hits`` says how often the term stands on each page, ``places``
where: the document's words are counted through, and what must not be taken for neighbours (another page, words of a
chunk that stand on no line of the page) is one number apart. So a term costs its own postings, joined and scored as
arrays, and nothing of a question reads what has none of its words. SQLite's FTS5 goes through all postings of a
question three times, row by row, also within one document: its bm25 counts the pages of every phrase first.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from rag.storage.full_text.term_vectors import PAGE_BITS
from rag.storage.tables.connections import Connection, in_parts
from rag.types import Int64Array

HIT = np.dtype([("page", "<u4"), ("times", "<u2"), ("size", "<u2")])
"""A page, how often the term stands there, and how many words the page has. More than 65,535 count as so many."""
PLACE = np.dtype("<u4")
_MOST = 0xFFFF
MOST_DOCUMENTS = 1 << 40  # numbers of documents; with a page they fit 63 bits
K1, B = 1.2, 0.75  # BM25's constants, FTS5's own
LEAST_WEIGHT = 1e-6  # of a term that stands on more than half of all pages, as FTS5 has it


class Row(NamedTuple):
    """A term in one document."""

    term: str
    pages: int
    times: int
    hits: bytes
    places: bytes


def rows_of(pages: Mapping[int, tuple[Sequence[str], Sequence[str]]]) -> Iterator[Row]:
    """The rows of a document, in the order of terms: by page number, its words, and those that stand beside it."""
    numbers: dict[str, int] = {}
    words: list[int] = []
    place: list[NDArray[np.int64]] = []
    owner, sizes, start = list[int](), list[int](), 0
    for count, (body, beside) in enumerate(pages.values()):
        for part in (body, beside):
            words += [numbers.setdefault(term, len(numbers)) for term in part]
            place.append(np.arange(start, start + len(part), dtype=np.int64))
            start += len(part) + 1
        owner += [count] * (len(body) + len(beside))
        sizes.append(len(body) + len(beside))
    if not words:
        return
    term, where, page = np.array(words, dtype=np.int64), np.concatenate(place), np.array(owner, dtype=np.int64)
    order = np.argsort(term, kind="stable")
    term, where, page = term[order], where[order], page[order]
    first = np.flatnonzero(np.append(True, (np.diff(term) != 0) | (np.diff(page) != 0)))  # of each term on each page
    times = np.diff(np.append(first, len(term)))
    if times.max() > _MOST:
        where = where[_within(times, _MOST)]
        times = np.minimum(times, _MOST)
    hits = np.zeros(len(first), dtype=HIT)
    hits["page"] = np.array(list(pages), dtype=np.int64)[page[first]]
    hits["times"], hits["size"] = times, np.minimum(np.array(sizes), _MOST)[page[first]]
    ends = np.cumsum(times)
    begins = np.flatnonzero(np.append(True, np.diff(term[first]) != 0)).tolist()  # of each term among hits
    limits = [*begins[1:], len(first)]
    found = where.astype(PLACE)
    spelt = list(numbers)
    for name, a, b in sorted((spelt[term[first[a]]], a, b) for a, b in zip(begins, limits, strict=True)):
        low, high = int(ends[a - 1]) if a else 0, int(ends[b - 1])
        yield Row(name, b - a, high - low, hits[a:b].tobytes(), found[low:high].tobytes())


def _within(times: Int64Array, most: int) -> NDArray[np.bool_]:
    """Of runs of so many, the first ``most`` of each."""
    starts = np.cumsum(times) - times
    return np.asarray(np.arange(int(times.sum())) - np.repeat(starts, times) < most)


@dataclass(frozen=True, slots=True)
class Postings:
    """Of one term or phrase: the documents that have it, by number and in order, and on how many ``pages`` each, (d,);
    then of all these pages, in order, their number, how often it stands there, and their size in words, (n,).
    """

    documents: Int64Array
    pages: Int64Array
    page: Int64Array
    times: Int64Array
    size: Int64Array


@dataclass(frozen=True)
class TermRows:
    """The rows of a term, with where it stands: ``places`` are counted by document, (times of all pages,)."""

    found: Postings
    places: NDArray[np.uint32]

    @cached_property
    def keys(self) -> Int64Array:
        """The keys of the pages, in order."""
        return np.repeat(self.found.documents, self.found.pages) << PAGE_BITS | self.found.page

    @cached_property
    def starts(self) -> Int64Array:
        """Of each page, which of the places is its first."""
        return np.cumsum(self.found.times) - self.found.times

    def within(self, kept: NDArray[np.bool_]) -> TermRows:
        """Of some of the documents, (documents,)."""
        if kept.all():
            return self
        found = self.found
        pages = np.repeat(kept, found.pages)
        hits = (found.page[pages], found.times[pages], found.size[pages])
        places = self.places[np.repeat(pages, found.times)]
        return TermRows(Postings(found.documents[kept], found.pages[kept], *hits), places)

    def on(self, keys: Int64Array) -> tuple[Int64Array, Int64Array]:
        """Where it stands on these of its pages, in order: the number of the page among them, and with it as one number
        the place; (times on them,) each."""
        at = np.searchsorted(self.keys, keys)
        times = self.found.times[at]
        page = np.repeat(np.arange(len(keys)), times)
        first = np.repeat(self.starts[at] - (np.cumsum(times) - times), times)
        return page, page << 32 | self.places[first + np.arange(len(page))]


def postings_of(db: Connection, term: str, documents: Sequence[int] | None = None) -> Postings:
    """Of a term; ``documents``: only in these."""
    return _read(_rows(db, term, "no, pages, hits", documents)).found


def phrase_postings(
    db: Connection,
    phrase: Sequence[str],
    documents: Sequence[int] | None = None,
    share: float = 1.0,
    known: dict[Hashable, TermRows] | None = None,
) -> Postings:
    """Of terms that stand side by side; ``documents``: only in these; ``share``: only in that share of all documents.

    A document's number is a hash of its id, so those up to a number are a fair share. ``known`` are rows that were read
    for other phrases; those read now are put there.
    """
    known = {} if known is None else known
    below = round(share * MOST_DOCUMENTS) if share < 1.0 else None
    return _side_by_side([with_places(db, term, known, documents, below) for term in phrase])


def with_places(
    db: Connection,
    term: str,
    known: dict[Hashable, TermRows],
    documents: Sequence[int] | None = None,
    below: int | None = None,
) -> TermRows:
    """The rows of a term; ``documents``: only in these; ``below``: only in documents up to this number.

    Taken from ``known``, rows that were read before, where these or all rows of the term are there; else put there.
    """
    key = term, None if documents is None else tuple(documents), below
    if key not in known:
        every = known.get((term, None, None))
        if every is None:
            known[key] = _read(_rows(db, term, "no, pages, hits, places", documents, below))
        else:
            numbers = every.found.documents
            kept = np.ones(len(numbers), dtype=bool) if documents is None else np.isin(numbers, np.array(documents))
            known[key] = every.within(kept if below is None else kept & (numbers <= below))
    return known[key]


def _rows(
    db: Connection, term: str, columns: str, documents: Sequence[int] | None, below: int | None = None
) -> list[tuple[int, int, bytes, bytes]]:
    sql = f"SELECT {columns} FROM fulltext_postings WHERE term = ?"
    if documents is not None:
        return sorted(in_parts(db, f"{sql} AND no IN", sorted(set(documents)), (term,)))
    if below is not None:
        return db.execute(f"{sql} AND no <= ? ORDER BY no", (term, below)).fetchall()
    return db.execute(f"{sql} ORDER BY no", (term,)).fetchall()


def _read(rows: Sequence[tuple[int, int, bytes, bytes]]) -> TermRows:
    """``rows`` are number, pages, hits and, where they are wanted, places."""
    numbers, pages, parts, *places = zip(*rows, strict=True) if rows else ((), (), ())
    hits = np.frombuffer(b"".join(parts), dtype=HIT)
    found = Postings(
        np.array(numbers, dtype=np.int64),
        np.array(pages, dtype=np.int64),
        *(hits[name].astype(np.int64) for name in ("page", "times", "size")),
    )
    return TermRows(found, np.frombuffer(b"".join(chain.from_iterable(places)), dtype=PLACE))


def _side_by_side(rows: Sequence[TermRows]) -> Postings:
    """Only the places on pages that have all of the terms are looked at: a neighbour is on the same page."""
    keys = rows[0].keys
    for other in rows[1:]:
        keys = keys[_stand_in(keys, other.keys)]
    page, place = rows[0].on(keys)
    for distance, other in enumerate(rows[1:], 1):
        there = _stand_in(place + distance, other.on(keys)[1])
        page, place = page[there], place[there]
    chosen, times = _runs(page)
    documents, pages = _runs(keys[chosen] >> PAGE_BITS)
    at = np.searchsorted(rows[0].keys, keys[chosen])
    return Postings(documents, pages, rows[0].found.page[at], times, rows[0].found.size[at])


def _runs(values: Int64Array) -> tuple[Int64Array, Int64Array]:
    """Each of the values, which are in order, once; and how often it is there."""
    first = np.flatnonzero(values[1:] != values[:-1]) + 1
    edges = np.concatenate(([0], first, [len(values)])) if len(values) else np.zeros(1, dtype=np.int64)
    return values[edges[:-1]], np.diff(edges)


def _stand_in(wanted: Int64Array, sorted_: Int64Array) -> NDArray[np.bool_]:
    """Which of ``wanted``, in order, are among the others, in order too; the fewer are looked up among the more."""
    result = np.zeros(len(wanted), dtype=bool)
    if not len(wanted) or not len(sorted_):
        return result
    if len(wanted) <= len(sorted_):
        place = np.minimum(np.searchsorted(sorted_, wanted), len(sorted_) - 1)
        return np.asarray(sorted_[place] == wanted)
    place = np.minimum(np.searchsorted(wanted, sorted_), len(wanted) - 1)
    result[place[wanted[place] == sorted_]] = True
    return result


def best_pages(
    found: Sequence[tuple[Postings, int]],
    k: int,
    library: tuple[int, int],
    documents: Sequence[int] | None,
    pages: tuple[int, int] | None,
) -> list[int]:
    """Keys of the ``k`` best pages by BM25 over postings, each with the number of the library's pages that have it.

    ``library`` are the pages in all and their words; ``documents`` and ``pages`` (the first and the last) are those
    that are wanted. The formula is FTS5's; what ranks equally comes in the order of keys.
    """
    known = [(postings, count) for postings, count in found if len(postings.documents)]
    if not known or k <= 0:
        return []
    numbers = np.unique(np.concatenate([postings.documents for postings, _ in known]))
    ranks = [np.searchsorted(numbers, postings.documents) for postings, _ in known]
    last = np.zeros(len(numbers), dtype=np.int64)
    for rank, (postings, _) in zip(ranks, known, strict=True):
        last[rank] = np.maximum(last[rank], postings.page[np.cumsum(postings.pages) - 1])
    ends = np.cumsum(last + 1)
    starts, scores = ends - last - 1, np.zeros(int(ends[-1]))
    mean = library[1] / max(library[0], 1)
    for rank, (postings, count) in zip(ranks, known, strict=True):
        cell = np.repeat(starts[rank], postings.pages) + postings.page
        norm = K1 * (1 - B + B * postings.size / max(mean, 1e-9))
        scores[cell] += _weight(library[0], count) * (postings.times * (K1 + 1) / (postings.times + norm))
    if documents is not None:
        scores[np.repeat(~np.isin(numbers, np.array(documents, dtype=np.int64)), last + 1)] = 0.0
    cells = np.flatnonzero(scores)
    if pages is not None:
        page = cells - starts[np.searchsorted(ends, cells, side="right")]
        cells = cells[(page >= pages[0]) & (page <= pages[1])]
    values = -scores[cells]
    if len(values) > k:  # all that may be among the best, equal ones at the end too
        chosen = np.flatnonzero(values <= np.partition(values, k - 1)[k - 1])
        values, cells = values[chosen], cells[chosen]
    best = cells[np.argsort(values, kind="stable")[:k]]
    owner = np.searchsorted(ends, best, side="right")
    keys: list[int] = (numbers[owner] << PAGE_BITS | (best - starts[owner])).tolist()
    return keys


def _weight(pages: int, count: int) -> float:
    return max(float(np.log((pages - count + 0.5) / (count + 0.5))), LEAST_WEIGHT)
