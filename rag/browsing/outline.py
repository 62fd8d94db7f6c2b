"""The headings of a document in the order of its sections.

Headings come in the order in which their page was read. Where that went across columns (1.1, 1.4, 1.2), section numbers
of one parent say what the order is; without such numbers nothing is moved.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import groupby
from typing import NamedTuple

_NUMBER = re.compile(r"(\d{1,3}(?:\.\d{1,3})+)\.?\s")


class Heading(NamedTuple):
    """``level`` counts from 0; ``top`` is where it stands on its page, 0 to 1."""

    level: int
    text: str
    page: int
    top: float


def in_order(headings: Sequence[Heading]) -> list[Heading]:
    """The headings, those of each page by their section numbers where these are of one parent and none stands twice."""
    return [heading for _, page in groupby(headings, lambda one: one.page) for heading in _by_number(list(page))]


def _by_number(page: list[Heading]) -> list[Heading]:
    numbers = [_number(heading.text) for heading in page]
    shortest = min((len(number) for number in numbers if number), default=0)
    starts = [at for at, number in enumerate(numbers) if len(number) == shortest > 0]
    siblings = [numbers[at] for at in starts]
    if len({number[:-1] for number in siblings}) != 1 or len(set(siblings)) < len(siblings):
        return page
    ends = [*starts[1:], len(page)]  # what follows a heading goes with it
    parts = {number: page[start:end] for number, start, end in zip(siblings, starts, ends, strict=True)}
    return [*page[: starts[0]], *(heading for number in sorted(parts) for heading in parts[number])]


def _number(text: str) -> tuple[int, ...]:
    """``(2, 4)`` of ``2.4 Technical data``; nothing without a dot: ``3 pieces`` is no section."""
    match = _NUMBER.match(text)
    return tuple(int(part) for part in match[1].split(".")) if match else ()
