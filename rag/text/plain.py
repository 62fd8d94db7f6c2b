"""Texts made alike to be compared: words and numbers alone, in small letters, without accents."""

from __future__ import annotations

import re
from functools import lru_cache

from rag.text.analysis import fold

_WORD = re.compile(r"\d+(?:[.,]\d+)*|[^\W_]+")


@lru_cache(maxsize=4096)
def plain_words(text: str) -> str:
    """The words and numbers of a text, folded, a blank between them: ``2.1 Setting the clock`` is ``2.1 setting the
    clock`` however it is spaced and set."""
    return " ".join(_WORD.findall(fold(text)))
