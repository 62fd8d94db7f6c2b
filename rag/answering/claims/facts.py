"""The numbers, codes and names of a sentence that no evidence has."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.answering.claims import tables as table_check
from rag.answering.claims.sources import NOUNS_IN_CAPITALS, ReadSource
from rag.answering.claims.wording import left_over
from rag.answering.claims.words import akin, fits
from rag.answering.facts.amounts import Number, amounts
from rag.answering.facts.fact_check import codes, names, squeezed
from rag.answering.facts.units import Unit
from rag.text.passages import content_terms

NAME_BEFORE = re.compile(r"(?<!\w)[^\W\d_a-z]\w+[ -]$")  # "Model 40": its number counts nothing


def lost_facts(
    claim: str, parts: Sequence[ReadSource], same_language: bool, language: str
) -> tuple[tuple[str, ...], bool]:
    """Numbers, codes and names that no source has, and whether a number in words is missing (which proves little)."""
    lost, weak = [], False
    periods = [n for n in amounts(claim) if n.period]
    for number in amounts(claim):
        inside = next((p for p in periods if p.at <= number.at < p.end and p is not number), None)
        if inside and _stands(inside, parts, same_language):
            continue
        if number.period and (
            any(n.at >= number.at and n.end <= number.end for n in amounts(claim) if n is not number)
        ):
            continue  # its own number is looked at
        counts_else = _counts_else(number, parts)
        if not _stands(number, parts, same_language) or counts_else:
            if number.spelled and not counts_else and not number.unit and not number.scaled:
                weak = True
            else:
                lost.append(number.written)
    words = " ".join(part.words for part in parts)
    flat = squeezed(words)
    lost += [c for c in codes(claim) if squeezed(c) not in flat and not _within_word(c, flat)]
    lost += left_over(claim, words)
    lost += [letter for letter in _lettered(claim) if not re.search(rf"(?<!\w){letter}(?!\w)", words)]
    if same_language and language not in NOUNS_IN_CAPITALS:
        own = fits(words, language)
        lost += [name for name in names(claim) if squeezed(name) not in flat and not fits(name, language) <= own]
    elif same_language:
        lost += [name for match in _TITLED.finditer(claim) for name in match[1].split() if squeezed(name) not in flat]
    return tuple(dict.fromkeys(lost)), weak


_SUFFIX = re.compile(r"-[^\W\d_]*[a-zß-ÿ]{3}[^\W\d_]*$")
_COUNTED = re.compile(r"\d+ern?$")
_LETTER = re.compile(r"(?<=[a-zß-ÿ]\s)[B-HJ-Z](?![\w'’.°/&+])")
_TITLED = re.compile(r"(?<!\w)(?:Frau|Herrn?|Dr\.|Prof\.)\s+((?:[A-ZÄÖÜ][\wäöüß-]+\s?)+)(?![\w.])")


def _within_word(code: str, flat: str) -> bool:
    """Whether a word made of a code has it from the evidence: "M8-Schrauben"; "ein 10er" is a number."""
    return bool(_COUNTED.match(code)) or (bool(_SUFFIX.search(code)) and squeezed(_SUFFIX.sub("", code)) in flat)


def _lettered(claim: str) -> list[str]:
    """Single capital letters behind a word, which name something: "lamp K"."""
    units = {n.end for n in amounts(claim)}
    return [m[0] for m in _LETTER.finditer(claim) if m.end() not in units]


def _counts_else(number: Number, parts: Sequence[ReadSource]) -> bool:
    """Whether the evidence has another number of the things that this one counts, and this one of none of them."""
    if not number.noun:
        return False
    spoken = [(n, c.text) for part in parts for c in part.clauses for n in c.numbers]
    same = [n for n, _ in spoken if n.noun and akin(_noun(number), _noun(n))]
    bare = [n for n, text in spoken if not n.noun and not NAME_BEFORE.search(text, 0, n.at)]  # "…, the other 27"
    return bool(same) and not any(number.says(n) for n in (*same, *bare))


def _noun(number: Number) -> frozenset[str]:
    return frozenset(content_terms(number.noun))


def _stands(number: Number, parts: Sequence[ReadSource], same_language: bool) -> bool:
    around = (n for part in parts for n in part.around)
    return any(number.says(n) and (n.unit or not number.unit) for n in around) or any(
        _said(number, other, units, same_language) for part in parts for other, units in _written(part, number)
    )


def _written(part: ReadSource, number: Number) -> list[tuple[Number, tuple[Unit, ...]]]:
    """Every number of a source with the units around it; no number of a name for one with a unit."""
    found: list[tuple[Number, tuple[Unit, ...]]] = [(n, ()) for c in part.clauses for n in c.numbers]
    found += [
        (n, (*grid.units_at(r, c), *part.units)) for grid in part.tables for n, r, c in grid.numbers()
        if n.unit or not number.unit or not NAME_BEFORE.search(grid.cell(table_check.Spot(r, c)), 0, n.at)
    ]  # fmt: skip
    return found


def _said(number: Number, other: Number, units: tuple[Unit, ...], same_language: bool) -> bool:
    if not number.says(other, units):
        return False
    return not (same_language and number.unit and not other.unit and not units and other.noun and not other.scaled)
