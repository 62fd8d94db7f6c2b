"""Error codes, part numbers, threads, sizes and fractions in a question, and every way in which they may be written.

"E07", "E-07", "E 07" and "e07" are one code, and "W-07", "E7" and "E70" are others. A code is looked for as a whole:
the page that has "E-07" is found, pages that have only its letter or its number are not.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations, pairwise
from typing import NamedTuple

from rag.text.analysis import MEASURES, QUESTION_STOP_WORDS, UNSPACED, terms, typed

MOST_RUNS = 4  # of letters and of digits in a code that is looked for in every way; a longer one together and apart
MOST_CODES = 16  # of a question
_BESIDE = re.compile(rf"[{UNSPACED}]+")
"""Words that a code may stand right beside: "E07是什么"."""

_JOINT = r"[-‐‑‒–./_]"
_NUMBER = r"\d+(?:[.,]\d+)?"
_SIZED = re.compile(rf"(?<![^\W_])(?!0x)[a-z]{{0,4}}{_NUMBER}(?: ?[x×*] ?{_NUMBER})+(?![^\W_])", re.IGNORECASE)
_BY = re.compile(r" ?[x×*] ?", re.IGNORECASE)
_FRACTION = re.compile(r"(?<![\d/.,])(\d{1,2}) ?[/⁄] ?(\d{1,2})(?![\d/])")
_APART = re.compile(r"(?<![^\W_])(?:[b-hj-wyz]|[ai](?= 0)) \d+(?![^\W_]|[.,]\d)", re.IGNORECASE)
_WRITTEN = re.compile(rf"(?<![^\W_])[^\W_]+(?:{_JOINT}[^\W_]+)*")
_RUNS = re.compile(r"\d+(?:[.,]\d+)+|\d+|[^\W\d_]+")
_MIXED = re.compile(r"(?=[a-z]*\d)(?=\d*[a-z])[a-z\d]+")
_NO_CODE = re.compile(rf"\d+(?:st|nd|rd|th|s)|\d+(?:{MEASURES})")
_MOST_LETTERS = 4  # that a code begins with: "RJ-45" and "mid-90", but not "grade-5"


class Code(NamedTuple):
    """``term`` names it. ``spellings`` are the terms it is on pages that write it otherwise, in their order there;
    ``parts`` its own terms as the question writes them, ``written`` those very characters."""

    term: str
    spellings: tuple[tuple[str, ...], ...]
    parts: tuple[str, ...]
    written: str


def codes(text: str, most: int = MOST_CODES) -> tuple[Code, ...]:
    """The codes of a question, each once, the first ``most`` of them.

    A number with a unit is none, nor is "the 1990s" or "grade-5".
    """
    rest, found = _plain(text), list[Code]()
    for pattern, make in ((_SIZED, _size), (_FRACTION, _fraction), (_APART, _code), (_WRITTEN, _code)):
        written = [match.group() for match in pattern.finditer(rest) if pattern is not _WRITTEN or _is_code(match[0])]
        found += [make(code) for code in written]
        rest = pattern.sub(" ", rest) if pattern is not _WRITTEN else rest
    return tuple({code.term: code for code in found}.values())[:most]


def _plain(text: str) -> str:
    return _BESIDE.sub(" ", unicodedata.normalize("NFKC", typed(text)))


def _is_code(written: str) -> bool:
    first, *others = [piece.lower() for piece in re.split(_JOINT, written)]
    if any(_MIXED.fullmatch(piece) and not _NO_CODE.fullmatch(piece) for piece in (first, *others)):
        return True
    named = first.isalpha() and first.isascii() and len(first) <= _MOST_LETTERS and first not in QUESTION_STOP_WORDS
    return named and bool(others) and others[0].isdigit() and all(part.isdigit() or len(part) == 1 for part in others)


def _size(written: str) -> Code:
    """M6×20 as M6x20, M6 x 20, and, since × is no letter, M6 20."""
    pieces = _BY.split(written.lower())
    apart = [run for piece in pieces for run in _RUNS.findall(piece)]
    by = [run for piece in pieces for run in ("x", *_RUNS.findall(piece))][1:]
    crossed = [word for piece in pieces for word in ("x", piece)][1:]
    return _named("x".join(pieces), [pieces, apart, by, crossed], written)


def _fraction(written: str) -> Code:
    parts = terms(written)
    return _named("/".join(parts), [parts], written)


def _code(written: str) -> Code:
    parts = terms(written)
    runs = [run for part in parts for run in _RUNS.findall(part)]
    return _named("".join(_joined(runs)), [parts, *_ways(runs)], written)


def _named(term: str, spellings: Sequence[Sequence[str]], written: str) -> Code:
    others = dict.fromkeys(tuple(spelling) for spelling in spellings)
    return Code(term, tuple(spelling for spelling in others if spelling != (term,)), tuple(terms(written)), written)


def _joined(runs: Sequence[str]) -> Iterator[str]:
    """With a point between two numbers: V2.1 is not V21."""
    for before, run in pairwise(("", *runs)):
        yield f".{run}" if before[-1:].isdigit() and run[:1].isdigit() else run


def _ways(runs: Sequence[str]) -> Iterator[tuple[str, ...]]:
    """Letters and digits beside each other together or apart, in every combination; two numbers stay apart."""
    borders = [i for i in range(1, len(runs)) if runs[i - 1][-1:].isalpha() != runs[i][:1].isalpha()]
    always = [i for i in range(1, len(runs)) if i not in borders]
    sizes = range(len(borders) + 1) if len(runs) <= MOST_RUNS else (0, len(borders))
    for cuts in (cuts for size in sizes for cuts in combinations(borders, size)):
        ends = sorted({0, *always, *cuts, len(runs)})
        yield tuple("".join(runs[a:b]) for a, b in pairwise(ends))


def as_written(question: str, texts: Iterable[str]) -> str:
    """The question with its codes as the texts write them, where they do: "M6×20" as "M6x20", and "E5", where no text
    has that, as "E05"."""
    asked = {code.term: code for code in codes(question)}
    if not asked:
        return question
    meant, padded = frozenset(asked), dict[str, Code]()
    for code in (code for text in texts for code in codes(text, len(text))):
        own = asked.pop(code.term, None)
        if own is not None and own.written != code.written:
            question = _rewritten(question, own, code)
        padded.setdefault(_unpadded(code.term), code)
    for own in asked.values():
        other = padded.get(_unpadded(own.term))
        if other is not None and other.term not in meant:
            question = _rewritten(question, own, other)
    return question


def without_code(question: str, code: Code) -> str:
    """The question with a blank in the place of one of its codes."""
    return " ".join(_around(question, code))


def _rewritten(question: str, code: Code, other: Code) -> str:
    return other.written.join(_around(question, code))


def _around(question: str, code: Code) -> list[str]:
    return re.split(rf"(?<![^\W_]){re.escape(code.written)}(?![^\W_])", _plain(question))


def _unpadded(term: str) -> str:
    """Without zeros before a number that letters begin: "e5" of "e05"."""
    return re.sub(r"(?<=[^\W\d_])0+(?=\d)", "", term)


def shorter(code: Code) -> Code | None:
    """The code without its last part, where it has more than two: MX-500 of MX-500/2."""
    return _code("-".join(code.parts[:-1])) if len(code.parts) > 2 else None
