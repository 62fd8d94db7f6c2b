"""A text cut to a number of tokens so that what is asked for stays: not merely its beginning.

A table keeps its caption and column names, and the rows with the question's words; a passage its first sentence and
those with the question's words. What is left out is marked by ``…``.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from rag.text.passages import shorten, tokens

MARK = "…"

_UNIT = re.compile(r"(?<=\n)|(?<=[.!?] )|(?<=[。！？])")
_RULE = re.compile(r"\s*\|?\s*:?-{2,}[\s|:-]*")


def shortened(text: str, limit: int, wanted: Collection[str]) -> str:
    """At most about ``limit`` tokens of a text. ``wanted`` are terms of the question; without any in the text, or where
    they stand at its beginning, it is cut at its end."""
    if tokens(text) <= limit:
        return text
    units = [unit for unit in _UNIT.split(text) if unit]
    worth = [sum(len(term) for term in wanted if term in unit.casefold()) for unit in units]
    kept = _opening(units)
    left = limit - sum(tokens(units[i]) for i in kept)
    if left <= 0 or not any(worth[len(kept) :]):
        return shorten(text, limit)
    best = sorted(range(len(kept), len(units)), key=lambda i: (-worth[i], i))
    for i in best:
        cost = tokens(units[i]) + 1  # and the mark of what is left out before it
        if cost <= left:
            kept.add(i)
            left -= cost
        elif not worth[i]:
            break
    return _joined(units, sorted(kept))


def _opening(units: Sequence[str]) -> set[int]:
    """The first unit; of a text whose table begins soon, all up to its column names."""
    rule = next((i for i, unit in enumerate(units[:8]) if _RULE.fullmatch(unit.strip("\n"))), 0)
    return set(range(rule + 1))


def _joined(units: Sequence[str], kept: Sequence[int]) -> str:
    parts: list[str] = []
    for place, i in enumerate(kept):
        if place and i != kept[place - 1] + 1:
            parts.append(f"{MARK}\n" if units[i - 1].endswith("\n") else f"{MARK} ")
        parts.append(units[i])
    text = "".join(parts).rstrip()
    return text if kept[-1] == len(units) - 1 else f"{text} {MARK}"
