"""Which passages of a page are quoted beside the best one: those as good, and those that say what it leaves open."""

from __future__ import annotations

from collections.abc import Sequence
from math import inf

from rag.answering.passages.quotations import Passage
from rag.answering.questions.sought import Sought

MOST_QUOTES = 3
"""Passages quoted in one answer."""

CLOSE_SECOND = 1.5
"""How much lower than the best of its page a further passage may score."""

REPEATS = 0.7
"""Share of a passage's terms in one that is quoted already, from which it would only repeat it."""

BESIDE_FIGURE = 3.0
"""How much lower a sentence or row may score that is quoted beside a figure."""

ADDS = 1.5
"""Added to the score of a further passage that says all of a question that is not said yet."""

ENOUGH = 0.99
"""Share of a question in the best passage from which nothing is quoted beside it that adds no word of the question."""

TOLD = 0.6
"""Share of a question that a row says from which the other rows of its table have to add something."""

LEAST_SIDE = 0.12
"""Share of a question that the second of two things compared says and the first does not."""


def quotations(scored: Sequence[tuple[float, Passage]], found: Sought, one_row: bool = False) -> list[Passage]:
    """The best passage, then those that are close to it or say what of the question is not said yet. ``one_row``: of
    the table of a row no other that says nothing more of the question."""
    (best, first), *others = scored
    chosen = [first]
    if one_row and first.kind == "row" and found.covered(first) >= TOLD:
        table = first.evidence
        others = [(s, p) for s, p in others if p.evidence is not table or p.kind != "row" or _added(p, chosen, found)]
    while others and len(chosen) < MOST_QUOTES:
        if found.covered(first) >= ENOUGH:
            others = [(score, p) for score, p in others if _added(p, chosen, found) > 0]
        worths = [score + ADDS * _added(p, chosen, found) for score, p in others]
        most = max(worths, default=-inf)
        if most < best - CLOSE_SECOND:
            break
        _, passage = others.pop(worths.index(most))
        if not any(repeats(passage, earlier) for earlier in chosen):
            chosen.append(passage)
    if chosen and all(p.kind == "figure" for p in chosen):
        chosen = _spoken_beside(chosen, scored, found)
    return chosen


def spoken_first(quotes: Sequence[Passage], found: Sought) -> list[Passage]:
    """Quotations with sentences and rows before figures, which only show what is said; as they are where the caption of
    the first says more of the question."""
    spoken = max((found.covered(p) for p in quotes if p.kind != "figure"), default=0.0)
    if not quotes or quotes[0].kind != "figure" or found.share(quotes[0].text) > spoken:
        return list(quotes)
    return sorted(quotes, key=lambda p: p.kind == "figure")


def _added(passage: Passage, chosen: Sequence[Passage], found: Sought) -> float:
    """The share of a question that a passage says itself, and none that is chosen already."""
    said = frozenset[str]().union(*(p.own for p in chosen))
    return sum(w for term, w in found.weights.items() if term in passage.own and term not in said) / found.total


def repeats(passage: Passage, earlier: Passage) -> bool:
    """Whether most words of one of two passages stand in the other, which is quoted already."""
    return len(passage.own & earlier.own) >= REPEATS * max(1, min(len(passage.own), len(earlier.own)))


def _spoken_beside(chosen: Sequence[Passage], scored: Sequence[tuple[float, Passage]], found: Sought) -> list[Passage]:
    """Figures with the best row or sentence of their page; a figure that only pictures that row, as a page that was
    scanned does, is left out."""
    least = scored[0][0] - BESIDE_FIGURE
    told = any(found.covered(p) > 0 for _, p in scored)  # in another language than the question's nothing is
    close = (p for score, p in scored if score >= least and p.kind != "figure")
    spoken = next((p for p in close if found.covered(p) > 0 or not told), None)
    if spoken is None:
        return list(chosen)
    if not chosen[0].text and repeats(spoken, chosen[0]):
        return [spoken]
    return [*chosen[: MOST_QUOTES - 1], spoken]


def other_side(first: Passage, among: Sequence[Passage], found: Sought) -> Passage | None:
    """What says most of what the best quotation lacks of a question, of the same kind and on its page, where two things
    of one document are compared: the row of the low level and that of the high level; None where nothing does."""
    chunk = first.evidence.chunk
    others = [
        p
        for p in among
        if p.kind == first.kind and (p.evidence.chunk.doc, p.evidence.chunk.page) == (chunk.doc, chunk.page)
    ]
    other = max(others, key=lambda p: _added(p, [first], found), default=first)
    return other if found.covered(first) and _added(other, [first], found) >= LEAST_SIDE else None
