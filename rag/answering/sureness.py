"""How sure an answer by quotations is, in three steps that were measured.

Whether a question has an answer at all cannot be told by words or cosines (area under the curve .55 to .63 on
MMLongBench-Doc). What can be told better is whether the first page that is quoted is the right one: a logistic
regression over what the search and the words say (area .77 in its fit, .73 on eight manuals it never saw). Its numbers
are data (``passage_weights.json``), fitted by ``benchmarks/train_answers.py``, which also prints what each step means.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import exp
from typing import Literal

from rag.answering.passage_scores import alike, held_weights
from rag.answering.quotations import Passage
from rag.answering.sought import Sought
from rag.text.function_words import language_of
from rag.types import Evidence

Sureness = Literal["direct", "likely", "closest"]

SIGNALS = ("covered", "alike", "rival", "first_page", "terms", "constant")
"""``covered``: the share of the question in the best quotation; ``alike``: its cosine; ``rival``: the score of the next
page against the first; ``first_page``: the quotation is of the page that the search has first; ``terms``: how much is
asked for."""

DIRECT = 0.75
"""Probability that the page is right from which the quotation counts as an answer."""

LIKELY = 0.5
"""The same from which it seems to be one; below, it is only the closest."""

MANY_TERMS = 10  # of a question, that are not told from more


def sureness(found: Sought, quotes: Sequence[Passage], evidence: Sequence[Evidence]) -> Sureness:
    """How sure the quotations are; ``evidence`` is all that was found, in the order of the search."""
    told = found.codes_of(quotes[0])
    if told and told <= quotes[0].own:  # a code that is asked for stands there: other words need not
        return "direct"
    if not any(found.around(p) for p in quotes) and same_language(found.question, quotes):
        return "closest"
    probability = right_page(signals(found, quotes, evidence))
    if probability >= DIRECT:
        return "direct"
    return "likely" if probability >= LIKELY else "closest"


def same_language(question: str, quotes: Sequence[Passage]) -> bool:
    """Whether passages are in a question's language: in another one words cannot tell what is near."""
    return language_of(question) == language_of(" ".join(p.text for p in quotes))


def right_page(given: Sequence[float]) -> float:
    """The probability, 0 to 1, that the first quotation is of a right page, from :data:`SIGNALS` in their order."""
    weights = held_weights()["sure"]
    return 1 / (1 + exp(-sum(weights[name] * value for name, value in zip(SIGNALS, given, strict=True))))


def signals(found: Sought, quotes: Sequence[Passage], evidence: Sequence[Evidence]) -> tuple[float, ...]:
    """What the probability is told from, in the order of :data:`SIGNALS`."""
    ranked = by_search(evidence)
    first = ranked[0]
    place = (first.chunk.doc, first.chunk.page)
    rival = next((e.score for e in ranked if (e.chunk.doc, e.chunk.page) != place), 0.0)
    quoted = quotes[0].evidence.chunk
    return (
        max(found.covered(p) for p in quotes),
        float(alike(found.question, quotes).max()),
        rival / first.score if first.score > 0 else 0.0,
        float((quoted.doc, quoted.page) == place),
        min(1.0, len(found.weights) / MANY_TERMS),
        1.0,
    )


def by_search(evidence: Sequence[Evidence]) -> list[Evidence]:
    """Pieces as the search ranked them: those that say little were packed last, but their page was found first."""
    return sorted(evidence, key=lambda piece: -piece.score)
