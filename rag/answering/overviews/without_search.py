"""Questions that are answered without a search: small talk, what the library holds and, without a model, summaries,
which documents mention something, what manuals warn of, parts of documents that are named by their number, and remarks
on the answer before.

A greeting before a question is no small talk; a summary of something that no heading names is searched for.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from rag.answering.languages.data import LANGUAGES
from rag.answering.overviews.known import Known
from rag.answering.overviews.last_answer import remarked
from rag.answering.overviews.mentions import asked_mention, mentions
from rag.answering.overviews.parts_shown import parts_shown
from rag.answering.overviews.small_talk import small_talk
from rag.answering.overviews.summaries import summary, usual_chapter
from rag.answering.questions.chapters_asked import chapters_asked
from rag.answering.questions.kinds import Kind, kinds_of
from rag.answering.questions.language import question_language
from rag.answering.questions.parts_asked import parts_asked
from rag.answering.questions.phrases import phrases
from rag.answering.questions.remarks import remark_of
from rag.llm.base import VisionLLM
from rag.retrieval.followup import leans
from rag.types import Query, Turn

if TYPE_CHECKING:
    from rag.storage.reader import IndexReader


_SAFETY = frozenset({"safety"})
_LISTING: frozenset[Kind] = frozenset({"definition", "list", "which", "other"})
"""Kinds of questions for warnings that are answered by the chapter as a whole."""


def talk_language(text: str, before: Sequence[str], language: str) -> str:
    """The language that small talk is answered in: that of the question before where it is said in it, too ("hallo" in
    German and Dutch), else the ``language`` that its words tell: "thanks" is English after a German question."""
    told = question_language(before[-1], before[:-1], "") if before else ""
    return told if told in LANGUAGES and kinds_of(text, told).small_talk else language


def _understood_in(language: str, text: str, before: Sequence[str]) -> str:
    """The language in which parts that are asked for were understood; of a conversation, where that tells more."""
    return question_language(text, before, language) if before else language


def without_search(
    index: IndexReader, query: Query, history: Sequence[Turn] = (), llm: VisionLLM | None = None
) -> Known | None:
    """The answer to a question that nothing has to be looked up for; None to any other."""
    if query.image is not None and not query.carried:
        return None
    kinds, before = kinds_of(query.text), [turn.question for turn in history if turn.question]
    if kinds.small_talk:
        with index.snapshot():
            return Known(small_talk(index, query, kinds, phrases(talk_language(query.text, before, kinds.language))))
    if llm is not None or query.kinds is not None or query.pages is not None:
        return None
    remark = remark_of(query.text, before) if history and not query.as_typed else None
    if remark is not None:
        with index.snapshot():
            known = remarked(index, remark.remark, history, query.library, phrases(remark.language))
        if known is not None:
            return known
    if query.image is not None:
        return None
    named = parts_asked(query.text, kinds.language)
    said = phrases(question_language(query.text, before, kinds.language))
    if named:
        with index.snapshot():
            shown = parts_shown(index, query, named, phrases(_understood_in(named.language, query.text, before)))
        if shown is not None:
            return shown
    summed = kinds.kinds == {"summary"}
    asked = "" if summed else asked_mention(query.text, kinds.language)
    safety = _SAFETY & chapters_asked(query.text, kinds.language) if kinds.kinds <= _LISTING else frozenset[str]()
    if not (summed or asked or safety):
        return None
    if before and not query.as_typed and leans(query.text, before[-1]):
        return None
    with index.snapshot():
        if summed:
            return summary(index, query, kinds.language, said)
        if safety:
            return usual_chapter(index, query, safety, kinds.language, said)
        return mentions(index, query, asked, kinds.language, said)
