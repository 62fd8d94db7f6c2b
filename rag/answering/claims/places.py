"""Numbers and names that the evidence says of something else than a sentence does.

"The pump needs 2 bar and the boiler 9 bar."  →  "The boiler needs 2 bar." has the number of another clause
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.answering.claims.sources import NOUNS_IN_CAPITALS, ReadSource
from rag.answering.claims.words import Clause, Fact, akin, clauses_of, fits
from rag.text.passages import content_terms

CLEARER = 0.15
"""By which a clause with another number must fit better for the sentence to have taken the wrong one."""


def wrong_place(claim: str, parts: Sequence[ReadSource], language: str) -> str:
    """A number or name of the claim that stands in a clause about something else than the claim is about."""
    whole = fits(claim, language)
    spoken = [clause for part in parts for clause in part.clauses]
    for own in clauses_of(claim, language):
        if crossed := _crossed(own, spoken, language):
            return f"the evidence says “{crossed.written}” of something else"
        for fact in own.facts:
            with_it = [c for c in spoken if any(fact.is_said_by(f) for f in c.facts)]
            telling = fact.number is not None or language not in NOUNS_IN_CAPITALS
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


def _crossed(own: Clause, spoken: Sequence[Clause], language: str) -> Fact | None:
    """A fact that the evidence never says together with another one of the claim's clause, but each of them with one
    of the other's kind: "5 h for model 150" where it takes 3 h, and 5 h for model 200."""
    facts = [f for f in own.facts if f.kind != "name" or language not in NOUNS_IN_CAPITALS]
    for one in facts:
        with_one = _with(one, spoken)
        for other in facts:
            with_other = _with(other, spoken)
            if one is other or not with_one or not with_other or any(c in with_other for c in with_one):
                continue
            if all(_has_rival(other, c, own) for c in with_one) and all(_has_rival(one, c, own) for c in with_other):
                return one
    return None


def _with(fact: Fact, spoken: Sequence[Clause]) -> list[Clause]:
    return [c for c in spoken if any(fact.is_said_by(f) for f in c.facts)]


def _has_rival(fact: Fact, clause: Clause, own: Clause) -> bool:
    """Whether a clause has another fact of that kind, which the claim does not say."""
    return any((fact.rivals(f) or _bare(f)) and not any(mine.is_said_by(f) for mine in own.facts) for f in clause.facts)


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
