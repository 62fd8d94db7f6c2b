"""Answering a question set: what the app would say, for :mod:`rag.evaluation.answer_measures`."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from ingestion.elements import BBox
from rag.answering.answer import Done, Found, answer
from rag.answering.citing.citations import source_text
from rag.errors import ModelError
from rag.evaluation.answer_measures import evidence_pages
from rag.evaluation.asking import query_of
from rag.evaluation.gold import holds, parts_of, share_of_quote
from rag.evaluation.questionset import Question
from rag.evaluation.runs import CitedPlace, GivenAnswer, GoldSeen
from rag.types import Answer, Channel, Evidence, Turn

if TYPE_CHECKING:
    from rag.llm.base import VisionLLM
    from rag.storage.reader import IndexReader


class Answerer:
    """Answers by ``llm``, or by quotes where that is None."""

    def __init__(self, llm: VisionLLM | None) -> None:
        self._llm = llm
        self._came = False  # an answer: then one that fails is that question's, not the model's as a whole

    def __call__(
        self, index: IndexReader, question: Question, docs: frozenset[str] | None, without: frozenset[Channel]
    ) -> GivenAnswer:
        """The answer to a question after those before it, of which only the questions are known.

        A model that fails after it has answered earlier questions has failed this one alone; before that
        :class:`ModelError` is raised. Raises what :func:`rag.answering.answer.answer` raises.
        """
        query = query_of(question, docs, without, interpreted=False)
        history = [Turn(earlier, "") for earlier in question.history]
        start = found = _Clock.now()
        evidence: tuple[Evidence, ...] = ()
        answered = None
        for event in answer(index, query, history, self._llm):
            if isinstance(event, Found):
                found, evidence = _Clock.now(), event.evidence
            elif isinstance(event, Done):
                answered = event.answer
        failed = answered.failed if answered else ""
        if failed and not self._came:
            raise ModelError(failed)
        answered = None if failed else answered  # what is quoted instead is not the model's
        took = _Took.between(start, found, _Clock.now())
        self._came = self._came or answered is not None
        model = self._llm.name if self._llm else ""
        whole = answered or Answer("", (), evidence, False, 0, model, took.whole)
        return replace(_given(index, question, whole, took), failed=failed)


class _Clock(NamedTuple):
    """A moment, and the processor's seconds that were used until then."""

    moment: float
    used: float

    @classmethod
    def now(cls) -> _Clock:
        return cls(time.perf_counter(), time.process_time())


class _Took(NamedTuple):
    """Seconds of the whole answer, of the search in it, and of the processor without the search."""

    whole: float
    searching: float
    processor: float

    @classmethod
    def between(cls, start: _Clock, found: _Clock, end: _Clock) -> _Took:
        return cls(end.moment - start.moment, found.moment - start.moment, end.used - found.used)


def _given(index: IndexReader, question: Question, answered: Answer, took: _Took) -> GivenAnswer:
    names = {row.id: row.name for row in index.catalogue.documents()}
    cited = {citation.number for citation in answered.citations}
    passages = [source_text(piece) for piece in answered.evidence if piece.number in cited]
    places = tuple(
        CitedPlace(c.number, names[c.doc], c.page, BBox(*(round(side, 1) for side in c.bbox)), c.supported, c.support)
        for c in answered.citations
    )
    in_text = bool(question.quote.strip()) and question.quote_in != "image" and bool(question.pages)
    return GivenAnswer(
        text=answered.text,
        refused=answered.refused,
        cited=tuple(dict.fromkeys((place.doc, place.page) for place in places)),
        quoted=round(share_of_quote(question.quote, passages), 4) if in_text else None,
        places=places,
        shown=tuple(dict.fromkeys((piece.doc_name, piece.chunk.page) for piece in answered.evidence)),
        gold=_gold_seen(index, question, answered),
        seconds=round(took.whole, 4),
        searching=round(took.searching, 4),
        processor=round(took.processor, 4),
        sure=_sure(answered),
        model=answered.model,
        doubts=len(answered.doubts),
    )


def _gold_seen(index: IndexReader, question: Question, answered: Answer) -> GoldSeen | None:
    parts = parts_of(question.answer, question.answer_format, question.quote) if question.answerable else ()
    if not parts:
        return None
    pieces = {piece.number: _words(piece) for piece in answered.evidence}
    docs = {piece.number: piece.doc_name for piece in answered.evidence}
    on_page = {c.number: (docs[c.number], c.page) in evidence_pages(question) for c in answered.citations}
    return GoldSeen(
        pages=holds(_texts_of_pages(index, question), parts),
        shown=holds(list(pieces.values()), parts),
        cited=holds([pieces[number] for number in on_page], parts),
        there=holds([pieces[number] for number, right in on_page.items() if right], parts),
    )


def _texts_of_pages(index: IndexReader, question: Question) -> list[str]:
    """All that is stored of a question's evidence pages; nothing where its document is not there."""
    own = [row.id for row in index.catalogue.documents() if row.name == question.doc]
    chunks = [chunk for doc in own for page in sorted(question.pages) for chunk in index.catalogue.chunks_of(doc, page)]
    return [f"{chunk.heading}\n{chunk.caption}\n{chunk.text}" for chunk in chunks]


def _words(piece: Evidence) -> str:
    """What a piece of evidence says, without the names of files and pages, whose numbers are no answer."""
    chunk = piece.chunk
    own = () if chunk.text in piece.text else (chunk.text,)
    return "\n".join((piece.text, chunk.heading, chunk.caption, chunk.mentions, *own))


def _sure(answered: Answer) -> str:
    """How sure the answer says it is, in whatever steps; empty where answers do not say."""
    step: object = getattr(answered, "sureness", None)
    return str(step or "")
