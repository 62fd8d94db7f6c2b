"""The checkable facts of a sentence (numbers with units, names, codes), and whether a text contains them.

This is a lexical check: it finds invented or altered numbers, units, part numbers and names. It does not understand the
sentence, so a supported sentence may still misread its source.

    >>> missing("The pump runs at 2.5 bar.", "Pressure: 250 kPa")
    []
    >>> missing("Clean it every 50 hours.", "It is cleaned every 40 hours.")
    ['50 hours']
"""

from __future__ import annotations

import re
import unicodedata

from rag.answering.facts.amounts import Number as Number
from rag.answering.facts.amounts import amounts
from rag.answering.facts.amounts import has_number as has_number
from rag.answering.facts.amounts import numbers as numbers
from rag.answering.facts.amounts import quantities as quantities
from rag.answering.facts.units import SCALES, unit_of
from rag.text.analysis import fold
from rag.text.passages import CONTENT_STOP_WORDS, content_terms, wordset

_CODE = re.compile(
    r"\b(?=[\w./-]{0,80}\d)(?=[\w./-]{0,80}[A-Za-z])[A-Za-z0-9]+(?:[-./_][A-Za-z0-9]+)*\b|\b[A-Z]{2,}[A-Z0-9]*\b"
)
_NAME = re.compile(r"(?<![\w'’-])[A-ZÀ-ÖØ-Þ][\w'’]*[a-zà-öø-ÿ][\w'’]*")
_SENTENCE_OPENING = re.compile(r"(?:^|[.!?:;|>•–—]|[-*]\s|\*\*|__|[\"“‘(\[]|\d[.)])\s*$")
_LIST_MARKER = re.compile(r"^\s*(?:[-*•]|\d{1,2}[.)])\s+")
_ENGLISH = wordset("the of is and to with for are at by from on that this it was be")
_GENERIC = wordset(
    "figure figures fig table tables chart page pages section chapter step steps note warning caution yes no answer "
    "source evidence document manual appendix according based however also because therefore celsius fahrenheit i"
)
_ORDINAL = re.compile(r"^(\d+)(?:st|nd|rd|th)$", re.IGNORECASE)


def missing(sentence: str, source: str) -> list[str]:
    """Numbers, codes and names of ``sentence`` that ``source`` does not contain; empty: the sentence is supported.

    A sentence without any of them must at least share a meaningful word with the source. Words are compared by stem;
    capitalised words are checked in English sentences only, since other languages capitalise or translate differently.
    """
    sentence = _LIST_MARKER.sub("", sentence)
    lost = _missing_numbers(sentence, source)
    known = set(content_terms(source)) | set(_plain_words(source))
    flat = squeezed(source)
    special = codes(sentence)
    lost += [c for c in special if squeezed(c) not in flat]
    if _is_english(sentence):
        named = names(sentence)
        lost += [n for n in named if not _known(n, known)]
        content = content_terms(sentence)
        if not (special or named or numbers(sentence)) and content and not any(t in known for t in content):
            lost.append(content[0])
    return list(dict.fromkeys(lost))


def codes(text: str) -> list[str]:
    """Part numbers, error codes and abbreviations: words that mix letters and digits, or are all capitals."""
    return [c for c in _CODE.findall(text) if not _ORDINAL.match(c) and not _measure(c)]


def names(text: str) -> list[str]:
    """Capitalised words that do not open a sentence, a cell or a quotation."""
    found = []
    for match in _NAME.finditer(text):
        word = match[0].removesuffix("'s").removesuffix("’s")
        before = text[max(0, match.start() - 12) : match.start()]
        opening = _SENTENCE_OPENING.search(before) or (unit_of(word) is not None and before.rstrip()[-1:].isdigit())
        if not opening and word.casefold() not in CONTENT_STOP_WORDS | _GENERIC:
            found.append(word)
    return found


def _missing_numbers(sentence: str, source: str) -> list[str]:
    there = amounts(source)
    return [n.written for n in numbers(sentence) if n.values and not any(n.agrees(t) or n.says(t) for t in there)]


def _measure(code: str) -> bool:
    """ "45mm" and "3kg" are numbers with units, not codes."""
    match = re.match(r"^\d+(?:[.,]\d+)*([A-Za-z]+)$", code)
    return bool(match and (unit_of(match[1]) or match[1].casefold() in SCALES))


def _known(name: str, known: set[str]) -> bool:
    return fold(name) in known or all(term in known for term in content_terms(name))


def _plain_words(text: str) -> list[str]:
    return re.findall(r"[^\W_]+", fold(text))


def squeezed(text: str) -> str:
    """Letters and digits alone, in small letters: "AX-200/B" is ``ax200b``."""
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", text)).casefold()


def _is_english(sentence: str) -> bool:
    found = _plain_words(sentence)
    return len(found) < 6 or any(w in _ENGLISH for w in found)
