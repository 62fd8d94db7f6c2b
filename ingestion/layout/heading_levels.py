"""The level of each heading of a document, by its number or its font size. Pure.

Numbers win over font sizes: "2.1" is one level below "2", whatever their type. Headings without a number stand at the
level whose size is theirs. A single number ("3 Use") counts only where sections have subsections or the numbers rise
through the document: the steps of instructions restart. A heading repeated in the margin of pages opens nothing.

Example: "1 Safety" (16 points), "1.1 Power" (12), "Tools" (12), "2 Use" (16) have the levels 1, 2, 2, 1.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from statistics import median
from typing import NamedTuple

from ingestion.blocks import Block
from ingestion.geometry import MARGIN_BAND
from ingestion.layout.heading_numbers import DEEP, NAMED

SAME_SIZE = 0.6  # points between the font sizes of one heading, or of one level, at most
RUNNING_PAGES = 3  # pages with the same heading in the margin, at least
RUNNING_SIZE = 1.15  # of the body's font size: running headings are no larger
MIN_NUMBERED = 2  # headings with numbers that make a numbered document
MAX_RESTARTS = 2  # times that "1." may begin: more are the steps of instructions
_SINGLE = re.compile(r"^(?:(?:section|abschnitt|§)\s*)?(\d{1,2})[.):]?\s+(?=\S)", re.IGNORECASE)
_ROMAN = re.compile(r"^[IVX]{1,5}\.\s+(?=\S)")
_LETTER = re.compile(r"^([A-Z])[.)]?\s+(?=\S)")
_EAST = re.compile(r"^第\s*[\d一二三四五六七八九十]+\s*([部编編章节節条條])")
_EAST_LEVELS = {"部": 0, "编": 0, "編": 0, "章": 1, "节": 2, "節": 2, "条": 3, "條": 3}
_TOP = re.compile(
    r"^(?:abstract|summary|executive summary|introduction|conclusions?|references|bibliography|acknowledge?ments?|"
    r"glossary|index|contents|table of contents|preface|foreword|appendi(?:x|ces)|zusammenfassung|einleitung|"
    r"literatur\w*|fazit|résumé|références|bibliographie|resumen|referencias|introducción|conclusiones)\W*$",
    re.IGNORECASE,
)


class Heading(NamedTuple):
    """A heading where it stands.

    ``size``: its font size in points. ``place``: its middle as a share of the page's height, 0 the top. ``title``: it
    is the document's title.
    """

    text: str
    size: float
    page: int
    place: float
    title: bool = False


def heading_levels(headings: Sequence[Heading], body_size: float) -> list[int | None]:
    """The level of each heading, 0 the highest; None for a running heading, which opens nothing.

    ``body_size``: the font size of most text, in points; 0 where unknown.
    """
    running = _running(headings, body_size)
    open_ones = [h for h, runs in zip(headings, running, strict=True) if not runs]
    depths = _depths(open_ones)
    numbered: dict[int, list[float]] = defaultdict(list)
    for heading, depth in zip(open_ones, depths, strict=True):
        if depth is not None and heading.size:
            numbered[depth].append(heading.size)
    if sum(depth is not None for depth in depths) < MIN_NUMBERED:
        numbered, depths = {}, [None] * len(open_ones)
    by_size = _Sizes(open_ones, {depth: median(sizes) for depth, sizes in numbered.items()})
    levels = iter(
        depth if depth is not None else (0 if heading.title else by_size(heading))
        for heading, depth in zip(open_ones, depths, strict=True)
    )
    return [None if runs else next(levels) for runs in running]


class _Sizes:
    """Levels by font size, for headings without a number. ``numbered``: level → font size of its numbered headings."""

    def __init__(self, headings: Sequence[Heading], numbered: Mapping[int, float]) -> None:
        self._numbered = dict(sorted(numbered.items()))
        sizes = sorted({round(h.size) for h in headings if h.size}, reverse=True)
        self._ranks = {size: level for level, size in enumerate(sizes, 1)}

    def __call__(self, heading: Heading) -> int:
        if not self._numbered:
            return self._ranks.get(round(heading.size), len(self._ranks) + 1)
        deepest = max(self._numbered)
        if _TOP.match(heading.text):
            return 1
        same = [depth for depth, size in self._numbered.items() if abs(size - heading.size) <= SAME_SIZE]
        if len(same) == 1:
            return same[0]
        if same:  # levels of one size: what has no number stands below what has
            return deepest + 1
        smaller = [depth for depth, size in self._numbered.items() if size < heading.size]
        return max(1, min(smaller)) if smaller else deepest + 1


def _depths(headings: Sequence[Heading]) -> list[int | None]:
    """The level that each heading's number says; None without a number that can be trusted."""
    texts = [h.text.strip() for h in headings]
    deep = {m[1].split(".")[0].upper() for t in texts if (m := DEEP.match(t))}
    singles = _trusted_singles(texts, deep)
    romans = sum(_ROMAN.match(t) is not None for t in texts) >= MIN_NUMBERED
    return [_depth(text, deep, singles, romans) for text in texts]


def _depth(text: str, deep: set[str], singles: bool, romans: bool) -> int | None:
    """The level that a heading's number says, where single and Roman numbers count or not.

    ``deep``: numbers of the sections that have subsections.
    """
    east = _EAST.match(text)
    if east:
        return _EAST_LEVELS[east[1]]
    named = next((level for level, pattern in NAMED.items() if pattern.match(text)), None)
    if named is not None:
        return named
    match = DEEP.match(text)
    if match and _titled(text[match.end() :]):
        return match[1].count(".") + 1
    match = _SINGLE.match(text)
    if match and singles and _titled(text[match.end() :]):
        return 1
    if romans and _ROMAN.match(text):
        return 1
    match = _LETTER.match(text)
    if match and _titled(text[match.end() :]):
        if match[1] in deep or (match[1] not in "AI" and any(key.isalpha() for key in deep)):
            return 1
        return 2 if romans and text[1:2] in ".)" else None
    return None


def _titled(rest: str) -> bool:
    """Whether a title follows a number: "3.5 million" and "2019 25" are none."""
    first = rest.strip()[:1]
    return not first or (first.isalpha() and not first.islower()) or first in "“\"'(«¿¡"


def _trusted_singles(texts: Iterable[str], deep: set[str]) -> bool:
    """Whether "1", "2" … number sections: they have subsections, or rise through the document without restarts."""
    numbers = [int(m[1]) for t in texts if (m := _SINGLE.match(t)) and _titled(t[m.end() :])]
    if sum(str(n) in deep for n in set(numbers)) >= 1:
        return numbers.count(1) <= MAX_RESTARTS or len(deep) >= len(set(numbers)) / 2
    rising = sum(b - a in (0, 1, 2) for a, b in pairwise(numbers))
    return len(numbers) > 2 and numbers.count(1) <= MAX_RESTARTS and rising >= 0.8 * (len(numbers) - 1)


def _running(headings: Sequence[Heading], body_size: float) -> list[bool]:
    """Which headings are repeated in a page's margin: all of small type, later ones in a row of any type."""
    places: dict[str, list[Heading]] = defaultdict(list)
    for heading in headings:
        if not MARGIN_BAND < heading.place < 1 - MARGIN_BAND:
            places[_key(heading.text)].append(heading)
    often = {key for key, found in places.items() if len({h.page for h in found}) >= RUNNING_PAGES}
    result, last = [], ""
    for heading in headings:
        key = _key(heading.text)
        small = not body_size or heading.size <= RUNNING_SIZE * body_size
        margin = not MARGIN_BAND < heading.place < 1 - MARGIN_BAND
        result.append(margin and key in often and (small or key == last))
        last = last if result[-1] else key
    return result


def _key(text: str) -> str:
    """A heading as it is compared from page to page: without case, spaces and numbers."""
    return re.sub(r"\d+", "#", " ".join(text.lower().split()))


def body_size(blocks: Iterable[Block]) -> float:
    """The font size of most characters of running text, in points; 0 without any."""
    sizes: Counter[float] = Counter()
    for block in blocks:
        if block.kind in ("text", "list") and block.font_size and not block.furniture:
            sizes[round(block.font_size, 1)] += len(block.text)
    return sizes.most_common(1)[0][0] if sizes else 0.0
