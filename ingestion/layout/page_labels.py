"""Page numbers as they are printed on the pages, where the file itself does not tell them. Pure.

A number in a margin counts only where its neighbours count on from it, so years, prices and section numbers do not.
A page that shows two pages of a book has a label like "16–17".

Example: "1", "2" and "3" in the margins of pages 7 to 9 are their labels, and page 10 has the label "4".
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import NamedTuple

from ingestion.elements import BBox, Page
from ingestion.geometry import MARGIN_BAND

NEAR = 3  # pages before and after a page, whose numbers can confirm its own
FEWEST = 3  # pages of one numbering, at least
BEYOND = 4  # pages before the first and after the last number of a numbering that follow it
LONGEST = 12  # words of a line that can carry a page number
_NUMBER = re.compile(r"(?<![\w.,/:$€£%-])(?<![$€£§] )(?:(\d{1,4})|([ivxlc]{1,7}))(?![\w/:%]|[.,-]\d)")
_ROMAN = {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100}
_STEPS = (
    *((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl")),
    *((10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i")),
)
_BIGGEST_ROMAN = 80  # front matter is not longer


class Numbering(NamedTuple):
    """A way of counting: page ``p`` (from 1) bears ``step * p + offset``, in Roman numerals or not."""

    step: int
    offset: int
    roman: bool

    def number(self, page: int) -> int:
        """The number that a page bears."""
        return self.step * page + self.offset

    def label(self, page: int) -> str:
        """The number of a page as it is printed: "12", "xii", or "16–17" for two pages of a book."""
        number = self.number(page)
        if self.roman:
            return to_roman(number)
        return str(number) if self.step == 1 else f"{number}–{number + 1}"


def add_printed_labels(pages: Sequence[Page], margins: Mapping[int, Sequence[str]]) -> list[Page]:
    """Give pages the labels printed on them; a file's own labels stay where they are more than a count from 1.

    ``margins``: number of a page (from 1) → the texts at its top and bottom.
    """
    if any(page.label and page.label != str(page.number) for page in pages):
        return list(pages)
    found = printed_labels(len(pages), margins)
    return [replace(page, label=found.get(page.number, page.label)) for page in pages]


def in_margin(box: BBox, height: float) -> bool:
    """Whether a text lies wholly in the top or bottom band of a page that is ``height`` points high."""
    return box.y1 <= MARGIN_BAND * height or box.y0 >= (1 - MARGIN_BAND) * height


def printed_labels(last: int, margins: Mapping[int, Sequence[str]]) -> dict[int, str]:
    """Number of a page → its label, for the pages of which one is known or follows from those around it.

    ``last``: the number of pages.
    """
    numbers = {page: _numbers(texts) for page, texts in margins.items()}
    borne: dict[int, Numbering] = {}
    for page, found in numbers.items():
        counts = [count for count in _counts(page, found) if _support(page, count, numbers) >= 2]
        if counts:
            borne[page] = max(counts, key=lambda count: (_support(page, count, numbers), count.step))
    often = Counter(borne.values())
    borne = {page: count for page, count in borne.items() if often[count] >= min(FEWEST, last)}
    return {page: count.label(page) for page, count in _filled(last, borne).items()}


def _counts(page: int, numbers: set[tuple[int, bool]]) -> list[Numbering]:
    counts = [Numbering(1, number - page, roman_) for number, roman_ in numbers]
    pairs = [number for number, roman_ in numbers if not roman_ and (number + 1, False) in numbers]
    return counts + [Numbering(2, number - 2 * page, False) for number in pairs]


def _support(page: int, count: Numbering, numbers: Mapping[int, set[tuple[int, bool]]]) -> int:
    """How many pages close by bear the number that follows from this count; for a spread both its numbers."""
    near = [other for other in range(page - NEAR, page + NEAR + 1) if other != page and other in numbers]
    return sum(
        all((count.number(other) + i, count.roman) in numbers[other] for i in range(count.step)) for other in near
    )


def _filled(last: int, borne: Mapping[int, Numbering]) -> dict[int, Numbering]:
    """Pages without a number of their own: between two of one count, and a few before and after, down to 1."""
    result = dict(borne)
    known = sorted(borne)
    for a, b in pairwise(known):
        if borne[a] == borne[b]:
            result |= dict.fromkeys(range(a + 1, b), borne[a])
    for page in known:
        for other in (*range(page + 1, page + BEYOND + 1), *range(page - 1, page - BEYOND - 1, -1)):
            if 1 <= other <= last and borne[page].number(other) >= 1:
                result.setdefault(other, borne[page])
    return dict(sorted(result.items()))


def _numbers(texts: Sequence[str]) -> set[tuple[int, bool]]:
    """Numbers in lines short enough for a header or footer, and whether each is Roman."""
    found = set()
    for line in "\n".join(texts).splitlines():
        if len(line.split()) <= LONGEST:
            for match in _NUMBER.finditer(line):
                number = int(match[1]) if match[1] else from_roman(match[2])
                if number and (match[1] or number <= _BIGGEST_ROMAN):
                    found.add((number, match[1] is None))
    return found


def from_roman(numeral: str) -> int:
    """The value of a Roman numeral in lower case; 0 where it is none."""
    values = [_ROMAN[letter] for letter in numeral]
    total = sum(-v if any(w > v for w in values[i + 1 : i + 2]) else v for i, v in enumerate(values))
    return total if to_roman(total) == numeral else 0


def to_roman(number: int) -> str:
    """A number from 1 in Roman numerals, lower case."""
    result = ""
    for value, letters in _STEPS:
        result += letters * (number // value)
        number %= value
    return result
