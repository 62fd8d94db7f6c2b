"""Answering a question set: what the app would say, for :mod:`rag.evaluation.answer_measures`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rag.answering.answer import Done, answer
from rag.answering.citations import source_text
from rag.evaluation.answer_measures import share_of_quote
from rag.evaluation.asking import query_of
from rag.evaluation.questionset import Question
from rag.evaluation.runs import GivenAnswer
from rag.types import Answer, Channel, Turn

if TYPE_CHECKING:
    from rag.llm.base import VisionLLM
    from rag.storage.reader import IndexReader


class Answerer:
    """Answers by ``llm``, or by quotes where that is None."""

    def __init__(self, llm: VisionLLM | None) -> None:
        self._llm = llm

    def __call__(
        self, index: IndexReader, question: Question, docs: frozenset[str] | None, without: frozenset[Channel]
    ) -> GivenAnswer:
        """The answer to a question after those before it, of which only the questions are known.

        Raises what :func:`rag.answering.answer.answer` raises.
        """
        query = query_of(question, docs, without, interpreted=False)
        history = [Turn(earlier, "") for earlier in question.history]
        done = [event for event in answer(index, query, history, self._llm) if isinstance(event, Done)]
        return _given(index, question, done[-1].answer)


def _given(index: IndexReader, question: Question, answered: Answer) -> GivenAnswer:
    cited = {citation.number for citation in answered.citations}
    passages = [source_text(piece) for piece in answered.evidence if piece.number in cited]
    pages = dict.fromkeys((index.catalogue.document(c.doc).name, c.page) for c in answered.citations)
    in_text = bool(question.quote.strip()) and question.quote_in != "image" and bool(question.pages)
    share = round(share_of_quote(question.quote, passages), 4) if in_text else None
    return GivenAnswer(answered.text, answered.refused, tuple(pages), share)
