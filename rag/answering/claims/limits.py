"""Numbers that the evidence has with another sign or direction ("-5 °C", "rose"), or as a least instead of a most."""

from __future__ import annotations

from collections.abc import Sequence

from rag.answering.claims import tables as table_check
from rag.answering.claims.sources import ReadSource
from rag.answering.claims.wording import direction
from rag.answering.claims.words import Clause, clauses_of
from rag.answering.facts.amounts import Number, amounts
from rag.answering.facts.bounds import bound, bound_of, negated_bound


def wrong_sign(claim: str, parts: Sequence[ReadSource]) -> str:
    """A number of the claim that the evidence has with another sign or says of the other direction; empty: none."""
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


def _same_sign(number: Number, rising: int, other: Number, way: int) -> bool:
    mine, yours = number.sign or 0, other.sign or 0
    if mine == yours:
        return not mine or not rising or not way or rising == way
    if yours > 0 and rising < 0 and not mine and number.known and number.known.base == "%":
        return False  # "+22 %" is no decline
    if mine < 0 or yours < 0:
        return (mine or rising) == (yours or way)
    return True


def wrong_bound(claim: str, parts: Sequence[ReadSource], language: str) -> str:
    """A number of the claim that is a most there and a least in the evidence, or the other way round; empty: none."""
    told = [(clause, number) for clause in clauses_of(claim, language) for number in clause.numbers]
    for own, number in told:
        way = limit_of(own, number)
        there = [limit_of(c, n) for p in parts for c in p.clauses for n in c.numbers if number.says(n)]
        places = [(grid, place) for p in parts for grid in p.tables for place in grid.places(number, claim, p.units)]
        there += [bound(f"{grid.cell(table_check.Spot(-1, column))} ") for grid, (_, _, column) in places]
        if way and there and all(other == -way for other in there):
            return f"the evidence says {'“above”' if way < 0 else '“below”'} of “{number.written}”"
    return ""


def limit_of(clause: Clause, number: Number) -> int:
    """As :func:`bound_of`, turned round where the clause negates it: "must not exceed 2 bar"."""
    way = bound_of(number, clause.text)
    return -way if clause.negations % 2 and not negated_bound(clause.text[: number.at]) else way
