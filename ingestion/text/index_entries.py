"""Entries of an index at the end of a book: "Valve, safety, 14, 88". Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence

INDEXED = re.compile(r"[^\W\d_].*,\s?\d+(?:\s?[-–,]\s?\d+)*\s?f{0,2}\.?$")
LEAST = 3  # lines of an index
SHARE = 0.5  # of its lines that end with pages: the others are letters, and names with entries below them


def is_index(texts: Sequence[str]) -> bool:
    """Whether lines are entries of an index, most of which end with the numbers of pages."""
    count = sum(INDEXED.match(text) is not None for text in texts)
    return len(texts) >= LEAST and count >= SHARE * len(texts)
