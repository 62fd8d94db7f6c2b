"""What is quoted beside a sentence that refers to another place: beside "connect the hose as described in chapter 4.2"
the steps of chapter 4.2, beside "keep the clearances of the figure below" that figure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from rag.answering.extraction.compose import stands_in_list
from rag.answering.extraction.further_quotes import quotations
from rag.answering.extraction.passage_scores import Closeness, score_passages
from rag.answering.facts.amounts import amounts
from rag.answering.passages.announcing import announced
from rag.answering.passages.lists import is_numbered
from rag.answering.passages.quotable import Quotable
from rag.answering.passages.quotations import Passage, asked_terms, tables_of
from rag.answering.passages.references import says_only_where
from rag.answering.questions.kinds import QuestionKinds
from rag.answering.questions.sought import Sought, sought
from rag.text.passages import Table

MOST_SHOWN = 12
"""Rows up to which a table that is introduced is shown whole where none of them has a word of the question."""


class There(NamedTuple):
    """The passages to quote of the other place, the best first, and what they were sought by; ``told`` is how many of
    the quotations that were given are told before them; ``table`` is shown in their stead, where there is one."""

    quotes: tuple[Passage, ...]
    found: Sought
    told: int = 1
    table: Table | None = None


def first_referred_to(
    question: str,
    quotes: Sequence[Passage],
    kinds: QuestionKinds,
    quotable: Quotable,
    closeness: Closeness | None,
) -> There | None:
    """What the best of several quotations refers to, or the first other one that introduces what comes next on its
    page; None where there is no such place."""
    for place, passage in enumerate(quotes):
        same = passage.evidence.chunk.page == quotes[0].evidence.chunk.page
        if place == 0 or (same and _introduces(passage, kinds)):
            there = referred_to(question, passage, kinds, quotable, closeness)
            if there:
                return there._replace(told=place + 1)
    return None


def referred_to(
    question: str, passage: Passage, kinds: QuestionKinds, quotable: Quotable, closeness: Closeness | None
) -> There | None:
    """What answers the question where a quoted sentence refers to, if that sentence says no more than where to look, or
    more is wanted than it can say: steps, a list, a remedy, a number; and what comes next, where it only introduces
    that."""
    numbers = [pointer.number for pointer in passage.evidence.points if pointer.words in passage.text]
    introduces = _introduces(passage, kinds)
    only_where = introduces or says_only_where(passage.text, frozenset(asked_terms(question)))
    if not only_where and (stands_in_list(passage) or not kinds.wants("procedure", "list", "cause")):
        numbers = []
    pieces = [piece for piece in quotable.evidence if piece.number in numbers]
    held = [p for piece in pieces[:1] for p in quotable.of(piece)]
    if not held:
        return None
    found = sought(question, held)
    scores = score_passages(found, kinds, held, closeness).tolist()
    scored = sorted(zip(scores, held, strict=True), key=lambda pair: -pair[0])
    steps = next((p for p in held if stands_in_list(p) and is_numbered(p.text)), None)
    if steps and (kinds.wants("procedure", "cause") or (only_where and not kinds.wants("value"))):
        scored = [(scored[0][0], steps), *(pair for pair in scored if pair[1] is not steps)]
    chosen = tuple(quotations(scored, found))
    return There(chosen, found, table=_shown_whole(chosen[0], found) if introduces else None)


def _shown_whole(row: Passage, found: Sought) -> Table | None:
    """The table of a row, where it is short and the row has no word of the question, or its names have more."""
    if row.kind != "row":
        return None
    held = (t for t in tables_of(row.evidence) if any(t.readable(r) == row.text for r in t.rows))
    table = next((t for t in held if len(t.rows) <= MOST_SHOWN), None)
    if table is None or found.covered(row) > found.share(" ".join(table.header)):
        return None
    return table


def _introduces(passage: Passage, kinds: QuestionKinds) -> bool:
    """Whether a sentence says what comes next, and leaves the answer to it: no number where one is asked for."""
    words = announced(passage.text)
    if words is None:
        return False
    if kinds.wants("value", "count"):
        return not amounts(passage.text)
    return not words.what or kinds.wants("which", "list", "meaning", "label", "comparison")
