"""Whether evidence says a sentence: supported, weak or unsupported, with the reason in words.

In this order: numbers (value, unit, sign), codes and names must stand in the evidence; in a table in the row and column
that the sentence names (:mod:`rag.answering.table_check`); in prose in a clause that fits the sentence no worse than a
clause with another number or name of that kind. The clause that fits best must not be negated, nor say the other word
of a pair (rose, fell), and enough of the sentence's words must be there at all. It goes by words: a wrong sentence in
other words passes as weak at best.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from rag.answering import table_check
from rag.answering.amounts import Number, amounts, plain, units_in
from rag.answering.claim_words import Clause, Fact, akin, clauses_of, fits, without_list_marker
from rag.answering.fact_check import codes, names, squeezed
from rag.answering.units import Unit
from rag.answering.wording import bound, conditional, direction, negated_bound, opposed
from rag.text.function_words import language_of, told_language
from rag.text.passages import content_terms, sentences, tables, without_tables, wordset
from rag.types import Support

LEAST_WORDS = 0.55
"""Share of a sentence's words (codes count double) that the best clause, with what stands around it, must have."""

CLEARLY_NOT = 0.5
"""Share up to which a sentence without a number in digits is unsupported rather than weak."""

AROUND = 0.5
"""What a word counts that stands in the heading or caption only."""

LEAST_ALIKE = 0.5
"""Share of a clause's words in a clause of the evidence from which the two say something of the same thing."""

CLEARER = 0.15
"""By which a clause with another number must fit better for the sentence to have taken the wrong one."""


class Source(NamedTuple):
    """What one piece of evidence says: its text, and the words around it (heading, caption, document, pages)."""

    text: str
    context: str = ""


class Verdict(NamedTuple):
    """``reason`` is empty where the sentence is supported; ``lost`` are the facts that were not found."""

    support: Support
    reason: str = ""
    lost: tuple[str, ...] = ()


SUPPORTED = Verdict("supported")


def check(sentence: str, sources: Sequence[Source]) -> Verdict:
    """What all the sources together do for a sentence."""
    claim = plain(without_list_marker(sentence))
    language = _language(claim, sources)
    readings = [_reading(claim, source, language) for source in sources]
    parts = [_read(source, reading) for source, reading in zip(sources, readings, strict=True)]
    known = [part for part, reading in zip(parts, readings, strict=True) if reading]
    lost, weak = _lost(claim, parts, bool(known), language)
    if lost:
        said = ", ".join(f"“{fact}”" for fact in lost)
        return Verdict("unsupported", f"{said} {'is' if len(lost) == 1 else 'are'} not in the evidence", lost)
    if not known:
        return SUPPORTED  # in another language: numbers, codes and no words can be compared
    for part in parts:
        found = [table_check.doubt(claim, table, part.units, language) for table in part.tables]
        reason = next((reason for reason in found if reason), "")
        if reason and not _elsewhere(claim, part, parts, language):
            return Verdict("unsupported", reason)
    reason = (
        _wrong_sign(claim, parts)
        or _wrong_bound(claim, parts, language)
        or _wrong_place(claim, known, language)
        or _turned(claim, known, language)
    )
    if reason:
        return Verdict("unsupported", reason)
    return _by_words(claim, known, language, weak)


def _language(claim: str, sources: Sequence[Source]) -> str:
    """A claim's language; where nothing tells it, that of the evidence, and where little does, that of evidence which
    has most of its words."""
    language = language_of(claim)
    if language != "en" or {word.casefold() for word in claim.split()} & _ENGLISH:
        return next((own for s in sources if (own := _shared_language(claim, language, s))), language)
    return next((language_of(_all(source)) for source in sources), language)


def _shared_language(claim: str, language: str, source: Source) -> str:
    """The language of a source with most of a claim's words, whose own are too few to tell it; empty for another."""
    own = language_of(_all(source))
    if own == language or told_language(claim) == language:
        return ""
    wanted = fits(claim, own)
    return own if wanted and len(akin(wanted, fits(_all(source), own))) >= _SAME * len(wanted) else ""


def _reading(claim: str, source: Source, language: str) -> str:
    """The language in which the words of a source can be compared with a claim's; empty where it is in another one.

    Where half of a claim's words stand there, both are in one; or where some do, and few function words tell its
    language, as in most tables.
    """
    if language_of(_all(source)) == language or len(claim.split()) < _FEW:
        return language
    wanted = fits(claim, language)
    shared = len(akin(wanted, fits(_all(source), language)))
    return language if shared >= _SAME * len(wanted) or (shared and not told_language(_all(source))) else ""


_SAME = 0.5


def _all(source: Source) -> str:
    return f"{source.text} {source.context}"


_ENGLISH = wordset("the of is are and to with for at by from that this it was be has have an after when")
_NOUNS_IN_CAPITALS = ("de",)  # languages in which a capital letter makes no name
_FEW = 6  # words below which a sentence's language cannot be told


class _Read(NamedTuple):
    """A source taken apart."""

    source: Source
    language: str
    clauses: tuple[Clause, ...]
    tables: tuple[table_check.Grid, ...]
    around: tuple[Number, ...]
    units: tuple[Unit, ...]

    @classmethod
    def of(cls, source: Source, language: str) -> _Read:
        """Its words are read in the language given, else in the one that they tell."""
        text = plain(source.text)
        language = language or language_of(_all(source))
        grids = tuple(table_check.Grid.of(table, language) for table in tables(text))
        prose = without_tables(text)
        spoken = [c for i, s in enumerate(sentences(prose)) for c in clauses_of(s, language, i)]
        units = tuple(units_in(source.context)) if grids else ()
        return cls(source, language, tuple(spoken), grids, tuple(amounts(source.context)), units)

    @property
    def words(self) -> str:
        return f"{self.source.text}\n{self.source.context}"


@lru_cache(maxsize=64)
def _read(source: Source, language: str) -> _Read:
    return _Read.of(source, language)


def _lost(claim: str, parts: Sequence[_Read], same_language: bool, language: str) -> tuple[tuple[str, ...], bool]:
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
    if same_language and language not in _NOUNS_IN_CAPITALS:
        own = fits(words, language)
        lost += [name for name in names(claim) if squeezed(name) not in flat and not fits(name, language) <= own]
    return tuple(dict.fromkeys(lost)), weak


def _counts_else(number: Number, parts: Sequence[_Read]) -> bool:
    """Whether the evidence has another number of the things that this one counts, and this one of none of them."""
    if not number.noun:
        return False
    spoken = [(n, c.text) for part in parts for c in part.clauses for n in c.numbers]
    same = [n for n, _ in spoken if n.noun and akin(_noun(number), _noun(n))]
    bare = [n for n, text in spoken if not n.noun and not _NAME_BEFORE.search(text, 0, n.at)]  # "…, the other 27"
    return bool(same) and not any(number.says(n) for n in (*same, *bare))


_NAME_BEFORE = re.compile(r"(?<!\w)[^\W\d_a-z]\w+[ -]$")  # "Model 40": its number counts nothing


def _noun(number: Number) -> frozenset[str]:
    return frozenset(content_terms(number.noun))


def _stands(number: Number, parts: Sequence[_Read], same_language: bool) -> bool:
    around = (n for part in parts for n in part.around)
    return any(number.says(n) and (n.unit or not number.unit) for n in around) or any(
        _said(number, other, units, same_language) for part in parts for other, units in _written(part)
    )


def _written(part: _Read) -> list[tuple[Number, tuple[Unit, ...]]]:
    found: list[tuple[Number, tuple[Unit, ...]]] = [(n, ()) for c in part.clauses for n in c.numbers]
    found += [(n, (*grid.units_at(r, c), *part.units)) for grid in part.tables for n, r, c in grid.numbers()]
    return found


def _said(number: Number, other: Number, units: tuple[Unit, ...], same_language: bool) -> bool:
    if not number.says(other, units):
        return False
    return not (same_language and number.unit and not other.unit and not units and other.noun and not other.scaled)


def _elsewhere(claim: str, part: _Read, parts: Sequence[_Read], language: str) -> bool:
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


def _wrong_sign(claim: str, parts: Sequence[_Read]) -> str:
    rising = direction(claim)
    for number in amounts(claim):
        if number.period:
            continue
        there = [(n, 0) for part in parts for n in part.around if number.says(n)]
        there += [
            (n, direction(c.sentence_text)) for p in parts for c in p.clauses for n in c.numbers if number.says(n)
        ]
        for part in parts:
            for grid in part.tables:
                there += [(n, 0) for n, _, _ in grid.places(number, claim, part.units)]
        there = [(n, way) for n, way in there if n.unit or not number.unit] or there
        if there and not any(_same_sign(number, rising, other, way) for other, way in there):
            written = claim[max(0, number.at - 1) : number.end] if number.sign else number.written
            return f"the sign of “{written.strip()}” is another one in the evidence"
    return ""


def _wrong_bound(claim: str, parts: Sequence[_Read], language: str) -> str:
    told = [(clause, number) for clause in clauses_of(claim, language) for number in clause.numbers]
    for own, number in told:
        way = _limit(own, number)
        there = [_limit(c, n) for p in parts for c in p.clauses for n in c.numbers if number.says(n)]
        places = [(grid, place) for p in parts for grid in p.tables for place in grid.places(number, claim, p.units)]
        there += [bound(f"{grid.cell(table_check.Spot(-1, column))} ") for grid, (_, _, column) in places]
        if way and there and all(other == -way for other in there):
            return f"the evidence says {'“above”' if way < 0 else '“below”'} of “{number.written}”"
    return ""


_BEFORE = 30  # characters before a number that say whether it is a least or a most
_BEHIND = 16  # characters after it


def _bound(text: str, number: Number) -> int:
    """Whether a number is a least (1), a most (-1) or neither in a text."""
    return bound(text[max(0, number.at - _BEFORE) : number.at], text[number.end : number.end + _BEHIND])


def _same_sign(number: Number, rising: int, other: Number, way: int) -> bool:
    mine, yours = number.sign or 0, other.sign or 0
    if mine == yours:
        return not mine or not rising or not way or rising == way
    if mine < 0 or yours < 0:
        return (mine or rising) == (yours or way)
    return True


def _wrong_place(claim: str, parts: Sequence[_Read], language: str) -> str:
    """A number or name of the claim that stands in a clause about something else than the claim is about."""
    whole = fits(claim, language)
    spoken = [clause for part in parts for clause in part.clauses]
    for own in clauses_of(claim, language):
        for fact in own.facts:
            with_it = [c for c in spoken if any(fact.is_said_by(f) for f in c.facts)]
            telling = fact.number is not None or language not in _NOUNS_IN_CAPITALS
            others = [c for c in spoken if c not in with_it]
            if with_it and telling and all(any(_swapped(own, r, c, fact) for r in others) for c in with_it):
                return f"the evidence says “{fact.written}” of something else"
            if not with_it or any(c.whole <= whole for c in with_it):
                continue
            if fact.kind == "name" and _counted(own, with_it):
                continue  # "…, and the Ulm works 9": its number stands beside it, what it counts is said before
            rivals = [
                c for c in spoken
                if any(fact.rivals(f) for f in c.facts) and c not in with_it and not _also_said(own, fact, c)
            ]  # fmt: skip
            named = fact.kind == "name"
            better = [next((r for r in rivals if _fits_better(own, r, c, named)), None) for c in with_it]
            first = better[0]
            if first is not None and all(better):
                return f"the evidence says “{fact.written}” of something else"
    return ""


def _swapped(claim: Clause, rival: Clause, found: Clause, fact: Fact) -> bool:
    """Whether a claim has the words of the clause with its fact, and in place of what that is about what another clause
    with another fact is about: "the bread bakes for eight minutes" where the pizza does, "the bread for forty"."""
    near = rival.sentence == found.sentence
    if not any(fact.rivals(f) or (near and _bare(f)) for f in rival.facts):
        return False
    extra = claim.terms - akin(claim.terms, found.terms)
    about = next((term for term in content_terms(rival.text) if term in rival.terms), "")
    if not extra or about in found.terms or extra - akin(extra, rival.terms) or not akin(extra, [about]):
        return False
    lost = found.terms - akin(found.terms, claim.terms)
    return bool(akin(claim.terms, found.terms)) and (bool(lost) or (near and len(rival.terms) == 1))


def _bare(fact: Fact) -> bool:
    """Whether it is a number alone, whose unit is said before: "the bread forty"."""
    return fact.number is not None and not (fact.number.unit or fact.number.noun)


def _counted(own: Clause, others: Sequence[Clause]) -> bool:
    """Whether a number of the claim stands in one of the clauses."""
    return any(mine.is_said_by(f) for c in others for f in c.facts for mine in own.counted)


def _also_said(own: Clause, fact: Fact, other: Clause) -> bool:
    """Whether the claim has another fact of that kind, which the other clause says."""
    others = [mine for mine in own.facts if mine is not fact and mine.kind == fact.kind]
    return any(mine.is_said_by(said) for mine in others for said in other.facts)


def _fits_better(claim: Clause, rival: Clause, found: Clause, named: bool) -> bool:
    """Whether what tells the rival clause from the one with the claim's fact is what the claim says."""
    near = rival.sentence == found.sentence
    theirs, ours = (rival.terms, found.terms) if near else (rival.whole, found.whole)
    if named:  # what is said of them is compared, not they
        own = fits(" ".join(_CAPITALS.findall(f"{rival.text} {found.text}")), "en")
        theirs, ours = theirs - own, ours - own
    of_rival, of_found = theirs - ours, ours - theirs
    shared, kept = akin(claim.terms, of_rival), akin(claim.terms, of_found)
    if not shared:
        return False
    share = len(shared) / len(of_rival)
    other = len(kept) / len(of_found) if of_found else 0.5
    if near:
        return share > other + CLEARER
    return share > other + CLEARER and (len(shared) > 1 or not kept) and share >= 0.5


_CAPITALS = re.compile(r"(?<!\w)[A-ZÀ-ÖØ-Þ]\w+")


def _turned(claim: str, parts: Sequence[_Read], language: str) -> str:
    """A clause that negates what the evidence states, states what it negates, or says the other word of a pair."""
    spoken = [c for part in parts for c in (*part.clauses, *(c for grid in part.tables for c in grid.clauses))]
    facts = [fact for own in clauses_of(claim, language) for fact in own.facts if fact.kind == "number"]
    with_them = [c for c in spoken if facts and any(f.is_said_by(g) for f in facts for g in c.facts)]
    if with_them and all(opposed(claim, c.sentence_text) for c in with_them):
        return "the evidence says it of the other one, or the opposite"
    for own in clauses_of(claim, language):
        scored = [(len(akin(own.terms, c.terms)), c) for c in spoken]
        most = max((score for score, _ in scored), default=0)
        if not own.terms or most < LEAST_ALIKE * len(own.terms) or (most < 2 and len(own.terms) > 1):
            continue
        best = [c for score, c in scored if score == most]
        turned = [opposed(own.text, c.sentence_text if len(best) == 1 and c.short else c.text) for c in best]
        if all(turned) and any(_negated_otherwise(own, c) for c in best):
            continue  # "keep it shut" says what "do not open it" says
        if all(turned):
            return "the evidence says the opposite, or says it of the other one"
        if conditional(claim) or any(conditional(c.sentence_text) for c in best):
            continue
        if all(_negated_otherwise(own, c) for c in best):
            return "the evidence says it with a negation, or the sentence adds one"
    return ""


def _negated_otherwise(own: Clause, other: Clause) -> bool:
    if own.negations % 2 == other.negations % 2 or _same_limit(own, other):
        return False
    scope = own.negated if own.negations % 2 else other.negated
    return bool(akin(own.terms & other.terms | akin(own.terms, other.terms), scope))


def _same_limit(own: Clause, other: Clause) -> bool:
    """Whether both say the same of a number as a least or a most: "not open for more than two minutes", "two minutes at
    most"; only one of them need do so by a negation."""
    limits = [
        (_limit(own, n), _limit(other, m)) for n in own.numbers for m in other.numbers if n.says(m)
    ]  # fmt: skip
    return any(mine and mine == yours for mine, yours in limits)


def _limit(clause: Clause, number: Number) -> int:
    """As :func:`_bound`, turned round where the clause negates it: "must not exceed 2 bar"."""
    way = _bound(clause.text, number)
    return -way if clause.negations % 2 and not negated_bound(clause.text[: number.at]) else way


def _by_words(claim: str, parts: Sequence[_Read], language: str, weak: bool) -> Verdict:
    """By the share of the claim's words in the best sentence or row, with what stands around it."""
    wanted = fits(claim, language)
    named, flat = codes(claim), squeezed(" ".join(part.source.text for part in parts))
    numbers = [
        n for n in amounts(claim)
        if (not n.spelled or n.unit) and not any(n.written in code for code in named) and not _names(n, claim, flat)
    ]  # fmt: skip
    if not wanted:
        return SUPPORTED
    best = 0.0
    for part in parts:
        around = fits(part.source.context, language)
        passages = [c.whole for c in part.clauses] + [row for grid in part.tables for row in grid.row_terms]
        for passage in [*passages, frozenset[str]()]:
            own, near = akin(wanted, passage), akin(wanted, around)
            best = max(best, (_weight(own) + AROUND * _weight(near - own)) / _weight(wanted))
    if best <= CLEARLY_NOT and not numbers:
        return Verdict("unsupported", "the evidence does not say this", (next(iter(sorted(wanted))),))
    if best < LEAST_WORDS and (not numbers or (len(numbers) < 2 and best < CLEARLY_NOT / 2)):
        return Verdict("weak", "the evidence says little of this in these words")
    return Verdict("weak", "a number in it is not in the evidence as such") if weak else SUPPORTED


def _names(number: Number, text: str, flat: str) -> bool:
    """Whether a number is the end of a name of the evidence, as of "Model 40"."""
    match = None if number.unit else _NAME_BEFORE.search(text, 0, number.at)
    return match is not None and squeezed(match[0] + number.written) in flat


def _weight(terms: frozenset[str]) -> float:
    return sum(2.0 if re.search(r"\d", term) and re.search(r"[^\W\d_]", term) else 1.0 for term in terms)
