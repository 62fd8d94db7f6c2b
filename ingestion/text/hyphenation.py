"""Hyphens at line ends, judged by the whole document: a word that is written "price-determining" elsewhere keeps it.

A page alone joins what its lines break (:mod:`ingestion.text.cleaning`). What it cannot see is how other pages write
the word.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from itertools import pairwise
from typing import NamedTuple

LEAST = 2  # letters of each part
_BROKEN = re.compile(r"([^\W\d_]+)[-\u2010\u00ad]$")
_FIRST = re.compile(r"[^\W\d_]+")
_COMPOUND = re.compile(r"(?<![\w\-\u2010])[^\W\d_]+(?:[-\u2010][^\W\d_]+)+(?![\w\-\u2010])")
_WORD = re.compile(r"[^\W\d_]+(?:[-\u2010][^\W\d_]+)*")


class Breaks(NamedTuple):
    """Words in lower case: those that a page's lines break, in two parts, and those it writes with a hyphen within a
    line."""

    broken: tuple[tuple[str, str], ...] = ()
    compounds: tuple[str, ...] = ()


NO_BREAKS = Breaks()


def breaks_of(lines: Sequence[str]) -> Breaks:
    """What a page shows of its hyphens. ``lines`` in reading order."""
    broken = []
    for upper, lower in pairwise(lines):
        last, first = _BROKEN.search(upper), _FIRST.match(lower)
        if last and first and min(len(last[1]), len(first[0])) >= LEAST:
            broken.append((last[1].lower(), first[0].lower()))
    whole = {match[0].lower().replace("\u2010", "-") for line in lines for match in _COMPOUND.finditer(line)}
    return Breaks(tuple(broken), tuple(sorted(whole)))


def rewriter(pages: Iterable[Breaks], texts: Iterable[str]) -> Callable[[str], str] | None:
    """What puts a text's broken words right by the document's own spelling; None where nothing is to be changed.

    A joined word that stands nowhere unbroken is parted again where the document knows it with a hyphen; one that kept
    its hyphen is joined where the document knows it only without.
    """
    pages = list(pages)
    broken = Counter(pair for page in pages for pair in page.broken)
    compounds = {word for page in pages for word in page.compounds}
    if not broken:
        return None
    written = Counter(match[0].lower() for text in texts for match in _WORD.finditer(text))
    changes: dict[str, str] = {}
    for (first, last), times in broken.items():
        joined, parted = first + last, f"{first}-{last}"
        if parted in compounds and 0 < written[joined] <= times:
            changes[joined] = parted
        elif parted not in compounds and 0 < written[parted] <= times and written[joined]:
            changes[parted] = joined
    return (lambda text: _WORD.sub(lambda match: _spelt(match[0], changes), text)) if changes else None


def _spelt(word: str, changes: dict[str, str]) -> str:
    """The word as it is to be, its capitals kept."""
    wanted = changes.get(word.lower())
    if wanted is None:
        return word
    letters = iter(word.replace("-", "").replace("\u2010", ""))
    return "".join(char if char == "-" else next(letters) for char in wanted)
