"""Stems of words by language: Snowball's (https://snowballstem.org), English by Porter's of 1980.

Which language a text is in is told by :mod:`rag.text.function_words`. English stems are those of Martin Porter's first
algorithm, not of his second: both find as well, and pages and questions keep the terms that they have had.
"""

from __future__ import annotations

import threading
from functools import lru_cache

import snowballstemmer

ALGORITHMS: dict[str, str] = {
    "cs": "czech", "da": "danish", "de": "german", "el": "greek", "en": "porter", "es": "spanish", "fi": "finnish",
    "fr": "french", "hu": "hungarian", "it": "italian", "nl": "dutch", "no": "norwegian", "pl": "polish",
    "pt": "portuguese", "ro": "romanian", "ru": "russian", "sv": "swedish", "tr": "turkish",
}  # fmt: skip
"""Snowball's algorithm for each language (ISO 639-1) that a text can be told to be in."""

_SHORTEST = 3  # letters; shorter words are left as they are
_one_at_a_time = threading.Lock()  # a stemmer keeps the word it works on


@lru_cache(maxsize=200_000)
def stem(word: str, language: str = "en") -> str:
    """The stem of a lower-case word; words of one or two letters, and what is not all letters, stay as they are.

    English leaves words with other letters than a–z as they are. Raises KeyError for a language not in ALGORITHMS.
    """
    if len(word) < _SHORTEST or not word.isalpha() or (language == "en" and not word.isascii()):
        return word
    with _one_at_a_time:
        found: str = _stemmer(ALGORITHMS[language]).stemWord(word)
    return found


_stemmer = lru_cache(maxsize=None)(snowballstemmer.stemmer)
