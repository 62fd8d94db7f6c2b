"""Patterns of how questions are worded, in a notation that a translator can write, matched in time linear in the text.

A pattern is a row of words; both it and the question are compared without accents, punctuation and capital letters.

    how do|does|can i|you         one of several words at a place
    blink* *temperatur* *         any ending, any beginning, any word
    what_about                    two words as one of the alternatives
    (the) filter                  a word that may be missing
    when ... clean*               up to four words between
    ^is|are      again$           at the beginning, at the end

In scripts without spaces a pattern is a row of strings, "..." stands for up to twelve characters, and each alternative
has its own "$".
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from rag.text.analysis import fold

MOST_BETWEEN = 4
"""Words that "..." stands for at most."""

MOST_CHARACTERS = 12
"""Characters that it stands for in scripts without spaces."""

LEAST_BEGINNING = 4
"""Letters of the beginning of a word from which it tells a language."""

NEVER = re.compile(r"(?!)")
"""Matches nothing: what no pattern is given for."""

_NOT = re.compile(r"(?i)(?<=[a-z]n)['’]t\b")
_IS = re.compile(r"(?i)\b(what|where|who|how|when|it|that|there)['’]?s\b(?<!\bits)")
_WORD = re.compile(r"[^\W_]+")
_SPACES = re.compile(r"[\s_]+|[^\w]")
_FOLDED_LETTERS = str.maketrans({"ı": "i", "ł": "l", "ø": "o", "đ": "d"})
_UMLAUTS = (("ae", "a"), ("oe", "o"), ("ue", "u"))
"""As people type German without its letters; "neue" becomes "nu", in the pattern too."""


def plain(text: str, language: str) -> str:
    """A text as patterns see it: words in small letters without accents, a blank between; no blanks in Chinese and
    Japanese."""
    folded = fold(_NOT.sub("t", _IS.sub(r"\1 is", text.replace("İ", "i")))).translate(_FOLDED_LETTERS)
    if language == "de":
        for written, letter in _UMLAUTS:
            folded = folded.replace(written, letter)
    if not is_spaced(language):
        return _SPACES.sub("", folded)
    return " ".join(_WORD.findall(folded))


def is_spaced(language: str) -> bool:
    """Whether words of the language have blanks between."""
    return language not in ("zh", "ja")


def compiled(patterns: Iterable[str], language: str) -> re.Pattern[str]:
    """One expression that matches any of the patterns in a text made by :func:`plain`."""
    found = [_expression(pattern, language) for pattern in patterns]
    return re.compile("|".join(found)) if found else NEVER


def beginnings_of(patterns: Iterable[str], language: str) -> frozenset[str]:
    """The beginnings of words that patterns name with any ending."""
    named = (word for pattern in patterns for slot in pattern.split() for word in slot.strip("^$()").split("|"))
    found = (plain(word.strip("*"), language) for word in named if word.endswith("*") and not word.startswith("*"))
    return frozenset(word for word in found if len(word) >= LEAST_BEGINNING)


def sayings_of(patterns: Iterable[str], language: str) -> frozenset[str]:
    """The words that patterns name as one alternative, with the blanks between: "what about"."""
    named = (word for pattern in patterns for slot in pattern.split() for word in slot.strip("^$()").split("|"))
    return frozenset(plain(word.replace("_", " "), language) for word in named if "_" in word and "*" not in word)


def words_of(patterns: Iterable[str], language: str) -> frozenset[str]:
    """The whole words that patterns name, as :func:`plain` has them."""
    named = (word for pattern in patterns for slot in pattern.split() for word in slot.strip("^$()").split("|"))
    whole = [word for word in named if "*" not in word and word != "..."]
    return frozenset(part for word in whole for part in plain(word.replace("_", " "), language).split())


def _expression(pattern: str, language: str) -> str:
    spaced = is_spaced(language)
    last = pattern.endswith("$") and spaced
    slots = pattern.removeprefix("^").removesuffix("$" if spaced else "").split()
    body = "".join(_slot(slot, language, spaced) for slot in slots)
    start = "^" if pattern.startswith("^") else ("(?:^|(?<= ))" if spaced else "")
    return f"{start}{body}{'$' if last else ''}"


def _slot(slot: str, language: str, spaced: bool) -> str:
    """Every word takes the blank after it along, so that the next slot begins with a word."""
    if slot == "...":
        return rf"(?:[^ ]+ ){{0,{MOST_BETWEEN}}}" if spaced else f".{{0,{MOST_CHARACTERS}}}?"
    optional = slot.startswith("(") and slot.endswith(")")
    named = sorted(
        slot.removeprefix("(").removesuffix(")").split("|"), key=len, reverse=True
    )  # "thank_you" is no "thank"
    words = "|".join(_word(word, language, spaced) for word in named)
    one = rf"(?:{words})(?: |$)" if spaced else f"(?:{words})"
    return f"(?:{one})?" if optional else one


def _word(word: str, language: str, spaced: bool) -> str:
    if word == "*":
        return "[^ ]+" if spaced else "."
    if not spaced:
        return re.escape(plain(word, language)) + ("$" if word.endswith("$") else "")
    letters = re.escape(plain(word.strip("*").replace("_", " "), language)).replace(r"\ ", " ")
    before, after = ("[^ ]*" if at_end("*") else "" for at_end in (word.startswith, word.endswith))
    return f"{before}{letters}{after}"
