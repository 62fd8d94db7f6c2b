"""The numbers, codes and names of a sentence that no evidence has."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.answering.amounts import Number, amounts
from rag.answering.claim_sources import NOUNS_IN_CAPITALS, ReadSource
from rag.answering.claim_words import akin, fits
from rag.answering.fact_check import codes, names, squeezed
from rag.answering.units import Unit
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
    lost += [c for c in codes(claim) if squeezed(c) not in flat]
    if same_language and language not in NOUNS_IN_CAPITALS:
        own = fits(words, language)
        lost += [name for name in names(claim) if squeezed(name) not in flat and not fits(name, language) <= own]
    return tuple(dict.fromkeys(lost)), weak


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
        _said(number, other, units, same_language) for part in parts for other, units in _written(part)
    )


def _written(part: ReadSource) -> list[tuple[Number, tuple[Unit, ...]]]:
    found: list[tuple[Number, tuple[Unit, ...]]] = [(n, ()) for c in part.clauses for n in c.numbers]
    found += [(n, (*grid.units_at(r, c), *part.units)) for grid in part.tables for n, r, c in grid.numbers()]
    return found


def _said(number: Number, other: Number, units: tuple[Unit, ...], same_language: bool) -> bool:
    if not number.says(other, units):
        return False
    return not (same_language and number.unit and not other.unit and not units and other.noun and not other.scaled)
