"""How sure an answer by quotations is, in three steps that were measured.

Whether a question has an answer at all cannot be told by words or cosines (area under the curve .55 to .63 on
MMLongBench-Doc). What can be told better is whether the first page that is quoted is the right one: a logistic
regression over what the search and the words say. Across languages words say nothing, and another one holds over what
the sentence encoder says. Their numbers are data (``passage_weights.json``), fitted by ``benchmarks/train_answers.py``,
which also prints what each step means; docs/log has that of sets that were left out.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import exp
from typing import Literal

from rag.answering.extraction.passage_scores import Closeness, across_languages, alike, held_weights
from rag.answering.passages.quotations import Passage
from rag.answering.questions.sought import Sought
from rag.types import Evidence, FoundBy

Sureness = Literal["direct", "likely", "closest"]

SIGNALS = ("covered", "alike", "terms", "pieces", "share", "constant")
"""``covered``: the share of the question in the best quotation; ``alike``: its cosine; ``terms``: how much is asked;
``pieces``: the share of the :data:`BEST_MEANT` pieces nearest in meaning that stand on its page; ``share``: that page's
share of the scores of all evidence."""

SIGNALS_ACROSS = ("meant", "pieces", "rival", "constant")
"""Across languages. ``meant``: where in :data:`COSINES` the encoder's cosine of the best quotation lies; ``pieces``:
as above; ``rival``: the score of the next page against the first."""

BEST_MEANT = 5

COSINES = (0.6, 0.8)
"""Between which nearly all cosines of the packaged multilingual encoder with something to quote lie: 0 and 1."""

DIRECT = 0.75
"""Probability that the page is right from which the quotation counts as an answer."""

LIKELY = 0.4
"""The same from which it seems to be one; below, it is only the closest. Of four sets, each left out of the fit, 36 of
79 pages are right from .4 to .5, and 22 of 71 from .3 to .4."""

LIKELY_ACROSS = 0.5
"""The same across languages."""

MANY_TERMS = 10  # of a question, that are not told from more


def sureness(
    found: Sought,
    quotes: Sequence[Passage],
    evidence: Sequence[Evidence],
    language: str = "en",
    closeness: Closeness | None = None,
) -> Sureness:
    """How sure the quotations are; ``evidence`` is all that was found, in the order of the search, ``language`` the
    question's."""
    told = found.codes_of(quotes[0])
    own = frozenset[str]().union(*(p.own for p in quotes))
    if told & quotes[0].own and told <= own:  # the codes that are asked for stand there: other words need not
        return "direct"
    across = across_languages(found, language, quotes)
    if across:
        probability = right_page(signals_across(found, quotes, evidence, closeness), across=True)
    elif not any(found.around(p) for p in quotes):
        return "closest"
    else:
        probability = right_page(signals(found, quotes, evidence))
    if probability >= DIRECT:
        return "direct"
    return "likely" if probability >= (LIKELY_ACROSS if across else LIKELY) else "closest"


def right_page(given: Sequence[float], across: bool = False) -> float:
    """The probability, 0 to 1, that the first quotation is of a right page, from :data:`SIGNALS` in their order;
    ``across`` languages from :data:`SIGNALS_ACROSS`."""
    weights, names = held_weights()["sure_across" if across else "sure"], SIGNALS_ACROSS if across else SIGNALS
    return 1 / (1 + exp(-sum(weights[name] * value for name, value in zip(names, given, strict=True))))


def signals(found: Sought, quotes: Sequence[Passage], evidence: Sequence[Evidence]) -> tuple[float, ...]:
    """What the probability is told from, in the order of :data:`SIGNALS`."""
    own = _of_its_page(quotes[0], evidence)
    return (
        max(found.covered(p) for p in quotes),
        float(alike(found.question, quotes).max()),
        min(1.0, len(found.weights) / MANY_TERMS),
        _pieces(own),
        sum(piece.score for piece in own) / (sum(piece.score for piece in evidence) or 1.0),
        1.0,
    )


def signals_across(
    found: Sought, quotes: Sequence[Passage], evidence: Sequence[Evidence], closeness: Closeness | None
) -> tuple[float, ...]:
    """The same across languages, in the order of :data:`SIGNALS_ACROSS`."""
    spoken = [p.text for p in quotes if p.text]
    meant = float(closeness.by_texts(found.question, spoken).max()) if closeness and spoken else 0.0
    least, most = COSINES
    near = min(1.0, max(0.0, (meant - least) / (most - least)))
    return near, _pieces(_of_its_page(quotes[0], evidence)), _rival(evidence), 1.0


def _of_its_page(quote: Passage, evidence: Sequence[Evidence]) -> list[Evidence]:
    return [piece for piece in evidence if _page(piece) == _page(quote.evidence)]


def _pieces(own: Sequence[Evidence]) -> float:
    return sum(any(_nearest(way) for way in piece.found_by) for piece in own) / BEST_MEANT


def _nearest(way: FoundBy) -> bool:
    return way.way == "words" and way.rank <= BEST_MEANT


def _rival(evidence: Sequence[Evidence]) -> float:
    """The score of the best piece of another page than the first, as a share of the first piece's."""
    first, *others = by_search(evidence)
    rival = next((e.score for e in others if _page(e) != _page(first)), 0.0)
    return rival / first.score if first.score > 0 else 0.0


def _page(piece: Evidence) -> tuple[str, int]:
    return piece.chunk.doc, piece.chunk.page


def by_search(evidence: Sequence[Evidence]) -> list[Evidence]:
    """Pieces as the search ranked them: those that say little were packed last, but their page was found first."""
    return sorted(evidence, key=lambda piece: -piece.score)
