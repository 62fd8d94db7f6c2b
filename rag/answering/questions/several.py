"""The several questions that people ask at once.

    "What is the fuse rating, and how do I clean the air filter?"   →   each of the two

They are told by the words that a question begins with, on both sides of a question mark or of an "and"; what is only
stated ("black smoke from the exhaust, what can it be?") is no question of its own. Each has to stand alone: what leans
on the one before it, "and how often?", asks for more of the same, and is searched together with it.
"""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import pairwise

from rag.answering.languages.data import language_data
from rag.answering.languages.wordings import is_spaced
from rag.answering.passages.quotations import asked_terms, codes
from rag.retrieval.followup import leans

MOST = 3
"""Questions that are answered one by one; who asks more at once is answered as a whole."""

LEAST_SAID = 2
"""Content terms of a question that stands alone, unless it names a code."""

ANYWHERE = frozenset({"tr", "zh", "ja"})
"""Languages whose questions need not begin with the word that asks."""

_BETWEEN = r"(?:[^\W\d_]{1,4}\s+)?"
_ENDS = r"[?？]+"
_EDGES = " \t\r\n¿,;.，、。"


@lru_cache(maxsize=256)
def asked_apart(text: str, language: str) -> tuple[str, ...]:
    """The questions that a text asks at once and that stand alone, in order; empty where it asks one.

    ``language``: one of :data:`rag.answering.languages.data.LANGUAGES`.

    >>> asked_apart("What does E07 mean and how do I clean the air filter?", "en")
    ('What does E07 mean', 'how do I clean the air filter')
    """
    found: list[str] = []
    for piece in filter(None, (part.strip(_EDGES) for part in _borders(language).split(text))):
        if found and not (_asks(found[-1], language) and _begins(piece, language)):
            found[-1] = f"{found[-1]} {piece}"
        else:
            found.append(piece)
    alone = 1 < len(found) <= MOST and all(_says_what(one, language) for one in found)
    return tuple(found) if alone and not any(leans(later, first) for first, later in pairwise(found)) else ()


def _says_what(question: str, language: str) -> bool:
    return bool(codes(question)) or len(set(asked_terms(question, language))) >= LEAST_SAID


def _asks(text: str, language: str) -> bool:
    return _asking(language).search(text) is not None


def _begins(text: str, language: str) -> bool:
    """Whether a text begins with a word that questions begin with, or with a preposition or "and" before it."""
    if language in ANYWHERE:
        return _asks(text, language)
    words = language_data(language).asking["words"]
    return re.match(rf"{_BETWEEN}(?:{words})(?!\w)", text, re.IGNORECASE) is not None


@lru_cache(maxsize=16)
def _borders(language: str) -> re.Pattern[str]:
    """Where one question may end and another begin."""
    asking = language_data(language).asking
    if not is_spaced(language):
        return re.compile(rf"{_ENDS}|[,，、](?:{asking['and']})")
    before = r"[^?]*\s" if language in ANYWHERE else _BETWEEN
    return re.compile(rf"{_ENDS}|,?\s+(?:{asking['and']})\s+¿?(?={before}(?:{asking['words']})(?!\w))", re.IGNORECASE)


@lru_cache(maxsize=16)
def _asking(language: str) -> re.Pattern[str]:
    words = language_data(language).asking["words"]
    return re.compile(rf"(?<!\w)(?:{words})(?!\w)" if is_spaced(language) else words, re.IGNORECASE)
