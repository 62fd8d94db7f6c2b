"""Where a question's words stand on pages: counts by field and chunk, BM25, closeness.

Pure numpy. Counts are (rows, columns) float64: a row per run, page or chunk, a column per term and then per phrase.
Weights are (columns,) float64, scores and lengths (rows,) float64. Positions and numbers of rows are int64.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rag.storage.full_text.term_vectors import FIELD_BITS, PAGE, PageWords, term_numbers
from rag.types import Float64Array, Int64Array

K1, B = 1.2, 0.75  # BM25's constants: others are within a point
WINDOW = 30  # words within which terms stand close together


@dataclass(frozen=True, slots=True)
class Statistics:
    """What the library knows of a question's words: pages in all, words per page, pages with each term and phrase."""

    pages: int
    page_words: float
    terms: Mapping[str, int]
    phrases: Mapping[tuple[str, str], int]

    def weight(self, pages: int) -> float:
        """Inverse document frequency of something that stands on so many pages; never negative."""
        return float(np.log1p((max(self.pages - pages, 0) + 0.5) / (pages + 0.5)))

    def weights(self, terms: Sequence[str], phrases: Sequence[tuple[str, str]] = ()) -> Float64Array:
        """(terms + phrases,) float64: the weight of each, rarer ones more."""
        found = [self.weight(self.terms.get(term, 0)) for term in terms]
        found += [self.weight(self.phrases.get(phrase, 0)) for phrase in phrases]
        return np.array(found, dtype=np.float64)


@dataclass(frozen=True, slots=True)
class Runs:
    """Stretches of words in one field of one chunk of one page, in order, and the terms found in them.

    ``counts`` is (runs, columns): a column per term, then per phrase. ``positions`` of the terms in all words,
    ``which`` term each is, ``owner`` the run each stands in.
    """

    page: Int64Array
    unit: Int64Array
    field: Int64Array
    start: Int64Array
    length: Int64Array
    counts: Float64Array
    positions: Int64Array
    which: Int64Array
    owner: Int64Array


def count_runs(pages: PageWords, terms: Sequence[str], phrases: Sequence[tuple[str, str]] = ()) -> Runs:
    """Find terms and phrases in the pages' words, run by run."""
    size = len(pages.words)
    change = np.ones(size, dtype=bool)
    if size:
        change[1:] = pages.marks[1:] != pages.marks[:-1]
        change[pages.starts[:-1][pages.starts[:-1] < size]] = True
    starts = np.flatnonzero(change)
    marks = pages.marks[starts].astype(np.int64)
    positions, which = find(pages.words, term_numbers(terms))
    owner = np.searchsorted(starts, positions, side="right") - 1
    columns = len(terms) + len(phrases)
    cells = [owner * columns + which]
    place = {term: i for i, term in enumerate(terms)}
    beside = (np.diff(positions) == 1) & (np.diff(owner) == 0)
    for offset, (first, second) in enumerate(phrases, len(terms)):
        hit = beside & (which[:-1] == place.get(first, -1)) & (which[1:] == place.get(second, -1))
        cells.append(owner[:-1][hit] * columns + offset)
    counts = np.bincount(np.concatenate(cells), minlength=len(starts) * columns).astype(np.float64)
    return Runs(
        page=np.searchsorted(pages.starts, starts, side="right") - 1,
        unit=marks >> FIELD_BITS,
        field=marks & ((1 << FIELD_BITS) - 1),
        start=starts,
        length=np.diff(np.append(starts, size)),
        counts=counts.reshape(len(starts), columns),
        positions=positions,
        which=which,
        owner=owner,
    )


def find(words: NDArray[np.uint32], wanted: NDArray[np.uint32]) -> tuple[Int64Array, Int64Array]:
    """Positions in ``words`` of any wanted number, in order, and which one it is."""
    if not len(wanted):
        return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64)
    low = np.zeros(1 << 16, dtype=bool)
    low[wanted & 0xFFFF] = True
    near = np.flatnonzero(low.take(words.astype(np.uint16)))  # the lower half; `take` is faster than an index
    order = np.argsort(wanted)
    place = np.minimum(np.searchsorted(wanted[order], words[near]), len(wanted) - 1)
    exact = wanted[order][place] == words[near]
    return near[exact], order[place[exact]]


def bm25(counts: Float64Array, length: Float64Array, mean_length: float, weights: Float64Array) -> Float64Array:
    """(rows,) scores, one per row of ``counts`` (Robertson and Zaragoza 2009, "The probabilistic relevance
    framework")."""
    norm = K1 * (1 - B + B * length / max(mean_length, 1.0))
    score: Float64Array = (counts * (K1 + 1) / (counts + norm[:, None])) @ weights
    return score


def beyond_chance(
    found: Float64Array, size: Float64Array, everywhere: Float64Array, pages: int, weights: Float64Array
) -> Float64Array:
    """The weight of the terms that stand in each document, less what so long a part of the other documents would have.

    ``found`` is (documents, terms): on how many of a document's ``size`` pages each term stands.
    ``everywhere``, (terms,), is the same of all ``pages`` of the library. (documents,) comes back; those that have no
    more than the others get 0.
    """
    others = np.maximum(pages - size, 1.0)[:, None]
    chance = np.clip((everywhere - found) / others, 0.0, 1.0)
    more: Float64Array = ((found > 0) - (1.0 - (1.0 - chance) ** size[:, None])) @ weights
    return np.maximum(more, 0.0)


def field_counts(runs: Runs, pages: int, fields: Sequence[int]) -> tuple[Float64Array, Float64Array]:
    """Counts and lengths of some fields summed over each page."""
    chosen = np.isin(runs.field, fields)
    counts = np.zeros((pages, runs.counts.shape[1]))
    np.add.at(counts, runs.page[chosen], runs.counts[chosen])
    length = np.bincount(runs.page[chosen], weights=runs.length[chosen], minlength=pages).astype(np.float64)
    return counts, length


@dataclass(frozen=True, slots=True)
class Units:
    """Chunks of pages: the page's row, the chunk's number there, counts and lengths by field weight."""

    page: Int64Array
    unit: Int64Array
    counts: Float64Array
    length: Float64Array


def unit_counts(runs: Runs, weight_of_field: Mapping[int, float]) -> Units:
    """Counts of each chunk with its fields weighed and added up (BM25F), pages themselves left out."""
    chosen = np.flatnonzero(runs.field != PAGE)
    if not len(chosen):
        none = np.zeros(0, dtype=np.int64)
        return Units(none, none, np.zeros((0, runs.counts.shape[1])), np.zeros(0))
    names = runs.page[chosen] << 32 | runs.unit[chosen]
    first = np.flatnonzero(np.append(True, names[1:] != names[:-1]))
    factor = np.array([weight_of_field.get(field, 0.0) for field in range(1 << FIELD_BITS)])[runs.field[chosen]]
    counts = np.add.reduceat(runs.counts[chosen] * factor[:, None], first, axis=0)
    length = np.add.reduceat(runs.length[chosen] * factor, first)
    return Units(runs.page[chosen][first], runs.unit[chosen][first], counts, length)


def top_counts(pages: PageWords, runs: Runs) -> Float64Array:
    """(pages, columns) how often terms (not phrases) stand in a page's first lines."""
    counts = np.zeros((len(pages.keys), runs.counts.shape[1]))
    page = runs.page[runs.owner]
    early = (runs.field[runs.owner] == PAGE) & (runs.positions - pages.starts[page] < pages.top[page])
    np.add.at(counts, (page[early], runs.which[early]), 1.0)
    return counts


def closeness(pages: int, runs: Runs, weights: Float64Array) -> Float64Array:
    """For each page the largest weight of different terms within about :data:`WINDOW` words of its text."""
    body = runs.field[runs.owner] == PAGE
    page, which = runs.page[runs.owner[body]], runs.which[body]
    offset = runs.positions[body] - runs.start[runs.owner[body]]
    best = np.zeros(pages)
    if not len(page):
        return best
    terms = runs.counts.shape[1]
    for shift in (0, WINDOW // 2):
        bucket = (page << 24) + (offset + shift) // WINDOW
        cells = np.unique(bucket * terms + which)
        names, place = np.unique(cells // terms, return_inverse=True)
        sums = np.bincount(place, weights=weights[cells % terms])
        np.maximum.at(best, names >> 24, sums)
    return best


def best_of_page(pages: int, owner: Int64Array, values: Float64Array) -> Float64Array:
    """For each page the largest value of its rows, 0 where it has none."""
    best = np.zeros(pages)
    np.maximum.at(best, owner, values)
    return best


def around(values: Float64Array, page: Int64Array, document: Int64Array) -> Float64Array:
    """Mean value of the pages before and after, among the pages given in order of document and page."""
    result = np.zeros(len(values))
    if len(values) > 1:
        beside = (np.diff(page) == 1) & (np.diff(document) == 0)
        result[1:][beside] += values[:-1][beside] / 2
        result[:-1][beside] += values[1:][beside] / 2
    return result


def scaled(values: Float64Array) -> Float64Array:
    """Between 0 and 1 by the largest of the question's candidates."""
    highest = float(values.max(initial=0.0))
    return values / highest if highest > 0 else np.zeros(len(values))


def by_rank(values: Float64Array) -> Float64Array:
    """1 for the best, 1/2 for the second and so on; 0 for values of 0."""
    return np.where(values > 0, 1.0 / ranks(values), 0.0)


def ranks(values: Float64Array) -> Int64Array:
    """Ranks from 1 on, the largest value first, equal ones in their order."""
    found = np.empty(len(values), dtype=np.int64)
    found[np.argsort(-values, kind="stable")] = np.arange(1, len(values) + 1)
    return found


def local_weights(counts: Float64Array) -> Float64Array:
    """Inverse document frequencies among the rows themselves, instead of the library's."""
    present = (counts > 0).sum(axis=0)
    weights: Float64Array = np.log1p((len(counts) - present + 0.5) / (present + 0.5))
    return weights
