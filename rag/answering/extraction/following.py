"""What is quoted beside a sentence that refers to another place: beside "connect the hose as described in chapter 4.2"
the steps of chapter 4.2."""

from __future__ import annotations

from typing import NamedTuple

from rag.answering.extraction.compose import stands_in_list
from rag.answering.extraction.further_quotes import quotations
from rag.answering.extraction.passage_scores import Closeness, score_passages
from rag.answering.passages.lists import is_numbered
from rag.answering.passages.quotable import Quotable
from rag.answering.passages.quotations import Passage, asked_terms
from rag.answering.passages.references import says_only_where
from rag.answering.questions.kinds import QuestionKinds
from rag.answering.questions.sought import Sought, sought


class There(NamedTuple):
    """The passages to quote of the other place, the best first, and what they were sought by."""

    quotes: tuple[Passage, ...]
    found: Sought


def referred_to(
    question: str, passage: Passage, kinds: QuestionKinds, quotable: Quotable, closeness: Closeness | None
) -> There | None:
    """What answers the question where a quoted sentence refers to, if that sentence says no more than where to look, or
    more is wanted than it can say: steps, a list, a remedy."""
    numbers = [pointer.number for pointer in passage.evidence.points if pointer.words in passage.text]
    only_where = says_only_where(passage.text, frozenset(asked_terms(question)))
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
    return There(tuple(quotations(scored, found)), found)
