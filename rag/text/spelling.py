"""The word of a vocabulary that a misspelt one was meant as: "pasword" → "password".

Likeness is Ratcliff and Obershelp's (:mod:`difflib`): twice the letters of common stretches over all letters.
"""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

LEAST_LETTERS = 5
"""Of a word that is mended."""

SURE_START = 2
"""Letters at the beginning that are taken as they are written."""

LIKENESS = 0.82
"""From which one word is another, misspelt, where a whole library does not have it."""

SURE = 0.87
"""The same where only few pages do not have it: a letter is missing, or is another in a long word; "filter" is no
"filler"."""


def may_be_misspelt(term: str) -> bool:
    """Whether a word that stands nowhere is long enough to tell what was meant; numbers and codes are as written."""
    return len(term) >= LEAST_LETTERS and term.isalpha()


def meant_by(term: str, others: Iterable[str], likeness: float = LIKENESS) -> str | None:
    """The word most like a misspelt one, of those that begin as it does and are as long but for a letter; None where
    nothing is close."""
    if not may_be_misspelt(term):
        return None
    near = [o for o in others if o[:SURE_START] == term[:SURE_START] and abs(len(o) - len(term)) <= 1]
    close = get_close_matches(term, near, 1, likeness) if near else []
    return close[0] if close else None
