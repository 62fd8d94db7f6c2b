"""How right an answer is, against the one that people gave: pure functions, without a model that judges.

Exact match and token F1 are those of SQuAD (Rajpurkar et al., SQuAD: 100,000+ Questions for Machine Comprehension of
Text, 2016): words without case, punctuation and articles. An answer in whole sentences, or one that quotes its
evidence, says more than a short right answer, so two measures ask only whether that is in it: the share of its words,
and of its numbers, values with their unit however it is written.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

from rag.answering.fact_check import numbers
from rag.answering.markers import CLEAN
from rag.evaluation.questionset import Question
from rag.evaluation.runs import GivenAnswer
from rag.text.analysis import fold

_ARTICLES = frozenset({"a", "an", "the"})
_WORD = re.compile(r"\d+(?:[.,]\d+)*|[^\W_]+")


def answer_measures(question: Question, given: GivenAnswer) -> dict[str, float]:
    """The measures of one answer, each from 0 to 1.

    ``answered``: it is no refusal; ``cites page``: an evidence page is cited; ``cites quote``: the share of the
    evidence's quote in what is cited. With an ``answer`` to compare with: ``exact``,
    ``F1``, ``words`` and ``numbers``, the shares of its words and numbers that the given answer says.
    """
    measures = {"answered": float(not given.refused)}
    cited = [page in question.pages and doc == question.doc for doc, page in given.cited]
    measures["cites page"] = float(any(cited))
    if given.quoted is not None:
        measures["cites quote"] = given.quoted
    if question.answer.strip():
        measures |= against(question.answer, given.text)
    return measures


def against(right: str, given: str) -> dict[str, float]:
    """``exact``, ``F1``, ``words`` and, where the right answer has any, ``numbers`` of a given answer."""
    given = CLEAN.sub(" ", given)
    wanted, said = _tokens(right), _tokens(given)
    common = sum((Counter(wanted) & Counter(said)).values())
    recall, precision = (common / len(tokens) if tokens else 0.0 for tokens in (wanted, said))
    measures = {
        "exact": float(wanted == said),
        "F1": 2 * recall * precision / (recall + precision) if common else 0.0,
        "words": recall,
    }
    values, told = numbers(right), numbers(given)
    if values:
        measures["numbers"] = sum(any(value.agrees(other) for other in told) for value in values) / len(values)
    return measures


def share_of_quote(quote: str, passages: Sequence[str]) -> float:
    """The largest share of a quote's neighbouring words that one passage has as neighbours, too (0 to 1).

    A quote of a single word is in a passage or not.
    """
    words = _WORD.findall(fold(quote))
    said = [_WORD.findall(fold(passage)) for passage in passages]
    if len(words) == 1:
        return float(any(words[0] in passage for passage in said))
    wanted = set(pairwise(words))
    return max((len(wanted & set(pairwise(passage))) / len(wanted) for passage in said if wanted), default=0.0)


def _tokens(text: str) -> list[str]:
    return [word for word in _WORD.findall(fold(text)) if word not in _ARTICLES]
