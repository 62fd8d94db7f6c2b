"""Sentences that say the opposite of the evidence: a negation more or less, or the other word of a pair."""

from __future__ import annotations

from collections.abc import Sequence

from rag.answering.claims.limits import limit_of
from rag.answering.claims.sources import ReadSource
from rag.answering.claims.wording import conditional, opposed
from rag.answering.claims.words import Clause, akin, clauses_of, fits

LEAST_ALIKE = 0.5
"""Share of a clause's words in a clause of the evidence from which the two say something of the same thing."""

NEGATED = "the evidence says it with a negation, or the sentence adds one"


def turned(claim: str, parts: Sequence[ReadSource], language: str) -> str:
    """A clause that negates what the evidence states, states what it negates, or says the other word of a pair."""
    spoken = [c for part in parts for c in (*part.clauses, *(c for grid in part.tables for c in grid.clauses))]
    clauses = clauses_of(claim, language)
    facts = [fact for own in clauses for fact in own.facts if fact.kind == "number"]
    with_them = [c for c in spoken if facts and any(f.is_said_by(g) for f in facts for g in c.facts)]
    if with_them and all(opposed(claim, c.sentence_text) for c in with_them):
        return "the evidence says it of the other one, or the opposite"
    if not conditional(claim) and any(_states_forbidden(own, claim, parts, language) for own in clauses):
        return NEGATED
    for own in clauses:
        scored = [(len(akin(own.terms, c.terms)), c) for c in spoken]
        most = max((score for score, _ in scored), default=0)
        if not own.terms or most < LEAST_ALIKE * len(own.terms) or (most < 2 and len(own.terms) > 1):
            continue
        best = [c for score, c in scored if score == most]
        opposite = [opposed(own.text, c.sentence_text if len(best) == 1 and c.short else c.text) for c in best]
        if all(opposite) and any(_negated_otherwise(own, c) for c in best):
            continue  # "keep it shut" says what "do not open it" says
        if all(opposite):
            return "the evidence says the opposite, or says it of the other one"
        if conditional(claim) or any(conditional(c.sentence_text) for c in best):
            continue
        if all(_negated_otherwise(own, c) for c in best):
            return NEGATED
    return ""


def _states_forbidden(own: Clause, claim: str, parts: Sequence[ReadSource], language: str) -> bool:
    """Whether a clause without a negation says what the evidence says with one only, in a clause too short to be found
    by its words: "The cycle takes 35 minutes and must not be interrupted."."""
    if own.negations:
        return False
    wanted = fits(claim, language)
    spoken = [(c, c.whole) for part in parts for c in part.clauses]
    spoken += [(c, grid.row_terms[c.sentence]) for part in parts for grid in part.tables for c in grid.clauses]
    for clause, around in spoken:
        if clause.negations != 1 or not clause.short or conditional(clause.sentence_text):
            continue
        said = akin(clause.negated, own.terms)
        elsewhere = any(akin(said, c.terms) and c.negations % 2 == 0 for c, _ in spoken)
        if not said or elsewhere or len(said) < LEAST_ALIKE * len(clause.negated):
            continue
        shared = akin(wanted, around | clause.terms)
        if len(shared) > len(said) and len(shared) >= LEAST_ALIKE * len(wanted):
            return True
    return False


def _negated_otherwise(own: Clause, other: Clause) -> bool:
    if own.negations % 2 == other.negations % 2 or _same_limit(own, other):
        return False
    scope = own.negated if own.negations % 2 else other.negated
    return bool(akin(own.terms & other.terms | akin(own.terms, other.terms), scope))


def _same_limit(own: Clause, other: Clause) -> bool:
    """Whether both say the same of a number as a least or a most: "not open for more than two minutes", "two minutes at
    most"; only one of them need do so by a negation."""
    limits = [
        (limit_of(own, n), limit_of(other, m)) for n in own.numbers for m in other.numbers if n.says(m)
    ]  # fmt: skip
    return any(mine and mine == yours for mine, yours in limits)
