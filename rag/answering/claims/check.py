"""Whether evidence says a sentence: supported, weak or unsupported, with the reason in words.

In this order: numbers (value, unit, sign), codes and names must stand in the evidence; in a table in the row and column
that the sentence names (:mod:`rag.answering.claims.tables`); in prose in a clause that fits the sentence no worse than
one with another number or name of that kind. The clause that fits best must not be negated, nor say the other word of a
pair (rose, fell), and enough of the sentence's words must be there at all. Where few are, and in another language
than the evidence's, its meaning is compared by the sentence encoder (:mod:`rag.answering.claims.meaning`).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from rag.answering.claims import tables as table_check
from rag.answering.claims.facts import NAME_BEFORE, lost_facts
from rag.answering.claims.limits import wrong_bound, wrong_sign
from rag.answering.claims.meaning import Meaning, nearest, negated_alike
from rag.answering.claims.places import wrong_place
from rag.answering.claims.sources import ReadSource, Source, claim_language, read, reading_language
from rag.answering.claims.turns import turned
from rag.answering.claims.words import akin, fits, without_list_marker
from rag.answering.facts.amounts import Number, amounts, plain
from rag.answering.facts.fact_check import codes, squeezed
from rag.text.passages import sentences, without_tables
from rag.types import Support

LEAST_WORDS = 0.55
"""Share of a sentence's words (codes count double) that the best clause, with what stands around it, must have."""

CLEARLY_NOT = 0.5
"""Share up to which a sentence without a number in digits is unsupported rather than weak."""

AROUND = 0.5
"""What a word counts that stands in the heading or caption only."""


ENOUGH_WORDS = 0.75
"""Share of a sentence's words from which its meaning is not asked for."""

NOT_SAID = "the evidence does not say this"
LITTLE_SAID = "the evidence says little of this in these words"


class Verdict(NamedTuple):
    """``reason`` is empty where the sentence is supported; ``lost`` are the facts that were not found."""

    support: Support
    reason: str = ""
    lost: tuple[str, ...] = ()


SUPPORTED = Verdict("supported")


def check(sentence: str, sources: Sequence[Source], meaning: Meaning | None = None) -> Verdict:
    """What all the sources together do for a sentence; ``meaning`` is asked where words tell little."""
    claim = plain(without_list_marker(sentence))
    language = claim_language(claim, sources)
    readings = [reading_language(claim, source, language) for source in sources]
    parts = [read(source, reading) for source, reading in zip(sources, readings, strict=True)]
    known = [part for part, reading in zip(parts, readings, strict=True) if reading]
    lost, weak = lost_facts(claim, parts, bool(known), language)
    if lost:
        said = ", ".join(f"“{fact}”" for fact in lost)
        return Verdict("unsupported", f"{said} {'is' if len(lost) == 1 else 'are'} not in the evidence", lost)
    if not known:
        return _abroad(claim, sources, language, meaning)
    for part in parts:
        found = [table_check.doubt(claim, table, part.units, language) for table in part.tables]
        reason = next((reason for reason in found if reason), "")
        if reason and not _elsewhere(claim, part, parts, language):
            return Verdict("unsupported", reason)
    reason = (
        wrong_sign(claim, parts)
        or wrong_bound(claim, parts, language)
        or wrong_place(claim, known, language)
        or turned(claim, known, language)
    )
    if reason:
        return Verdict("unsupported", reason)
    verdict, share = _by_words(claim, known, language, weak)
    if meaning is None or share >= ENOUGH_WORDS or weak:
        return verdict
    return _by_meaning(claim, sources, language, meaning, verdict)


def _elsewhere(claim: str, part: ReadSource, parts: Sequence[ReadSource], language: str) -> bool:
    """Whether the prose of any source says it all: a table beside it need not."""
    wanted = fits(claim, language)
    said = [s for p in parts for s in sentences(plain(without_tables(p.source.text)))]
    numbers = amounts(claim)
    return any(
        len(wanted & fits(s, language)) >= _ALL * len(wanted)
        and all(any(n.says(o) for o in amounts(s)) for n in numbers)
        for s in said
    )


_ALL = 0.8  # share of a sentence's words in one of the evidence that says it as a whole


def _abroad(claim: str, sources: Sequence[Source], language: str, meaning: Meaning | None) -> Verdict:
    """Of a sentence in another language than the evidence: its numbers and codes stand there, of its words only the
    meaning can be compared."""
    if meaning is None or not fits(claim, language):
        return SUPPORTED
    near = nearest(claim, sources, language, meaning)
    if near.cosine < meaning.limits.far_abroad:
        return Verdict("unsupported", NOT_SAID)
    return Verdict("weak", LITTLE_SAID) if near.cosine < meaning.limits.abroad else SUPPORTED


def _by_meaning(claim: str, sources: Sequence[Source], language: str, meaning: Meaning, verdict: Verdict) -> Verdict:
    """What the meaning adds to a verdict on few words in common."""
    near = nearest(claim, sources, language, meaning)
    if near.cosine < meaning.limits.far:
        return Verdict("unsupported", NOT_SAID)
    if verdict == SUPPORTED or near.cosine < meaning.limits.near or not negated_alike(claim, near.passage, language):
        return verdict
    return SUPPORTED if near.cosine >= meaning.limits.says else Verdict("weak", LITTLE_SAID)


def _by_words(claim: str, parts: Sequence[ReadSource], language: str, weak: bool) -> tuple[Verdict, float]:
    """By the share of the claim's words in the best sentence or row, with what stands around it; and that share."""
    wanted = fits(claim, language)
    named, flat = codes(claim), squeezed(" ".join(part.source.text for part in parts))
    numbers = [
        n for n in amounts(claim)
        if (not n.spelled or n.unit) and not any(n.written in code for code in named) and not _names(n, claim, flat)
    ]  # fmt: skip
    if not wanted:
        return SUPPORTED, 1.0
    best = 0.0
    for part in parts:
        around = fits(part.source.context, language)
        passages = [c.whole for c in part.clauses] + [row for grid in part.tables for row in grid.row_terms]
        for passage in [*passages, frozenset[str]()]:
            own, near = akin(wanted, passage), akin(wanted, around)
            best = max(best, (_weight(own) + AROUND * _weight(near - own)) / _weight(wanted))
    if best <= CLEARLY_NOT and not numbers:
        return Verdict("unsupported", NOT_SAID, (next(iter(sorted(wanted))),)), best
    if best < LEAST_WORDS and (not numbers or (len(numbers) < 2 and best < CLEARLY_NOT / 2)):
        return Verdict("weak", LITTLE_SAID), best
    return (Verdict("weak", "a number in it is not in the evidence as such") if weak else SUPPORTED), best


def _names(number: Number, text: str, flat: str) -> bool:
    """Whether a number is the end of a name of the evidence, as of "Model 40"."""
    match = None if number.unit else NAME_BEFORE.search(text, 0, number.at)
    return match is not None and squeezed(match[0] + number.written) in flat


def _weight(terms: frozenset[str]) -> float:
    return sum(2.0 if re.search(r"\d", term) and re.search(r"[^\W\d_]", term) else 1.0 for term in terms)
