"""The recipe from a question to a streamed answer with checked citations. Read :func:`answer` first.

Events come in this order: one :class:`Found` with the evidence, :class:`Thinking` while a model thinks before it
answers, a :class:`Delta` per piece of text, one :class:`Done` with the whole answer. So the evidence can be shown while
the model is still reading it.
"""

from __future__ import annotations

import time
from collections.abc import Generator, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from typing import NamedTuple

from ingestion.errors import IngestionError
from rag.answering.citing.broken_off import worth_keeping
from rag.answering.citing.citations import cite, is_refusal
from rag.answering.citing.markers import MarkerStream
from rag.answering.citing.pinpoint import pinpointed
from rag.answering.citing.refusals import guess
from rag.answering.citing.uncited import doubts
from rag.answering.claims.meaning import meaning_by
from rag.answering.evidence.apart import Apart, Part, in_turn, shared_out
from rag.answering.evidence.chapters_named import with_chapters
from rag.answering.evidence.codes_named import with_codes
from rag.answering.evidence.gathering import gather
from rag.answering.evidence.likeness import asks_by_itself, like_picture, with_words
from rag.answering.evidence.parts_named import with_parts
from rag.answering.evidence.pictures_named import with_figures
from rag.answering.evidence.quantities_named import with_quantities
from rag.answering.extraction.answerer import extract, extract_each
from rag.answering.extraction.meaning import closeness_by
from rag.answering.overviews.known import Known
from rag.answering.overviews.last_answer import around_the_same
from rag.answering.overviews.mentions import asked_mention
from rag.answering.overviews.without_search import without_search
from rag.answering.prompting.model_reply import Asked, ModelReply
from rag.answering.questions.kinds import kinds_of
from rag.answering.questions.language import question_language
from rag.answering.questions.phrases import phrases
from rag.answering.questions.several import asked_apart
from rag.answering.questions.understanding import understood
from rag.config import Settings
from rag.errors import EmptyQuestion, ModelError, ModelTooLong, QuestionTooLong
from rag.llm.base import Thought, VisionLLM
from rag.llm.thoughts import after_thoughts
from rag.retrieval.codes import as_written
from rag.retrieval.image import query_text
from rag.retrieval.image.locate import ONLY_SIMILAR
from rag.retrieval.search import search
from rag.storage.reader import IndexReader
from rag.text.function_words import content_terms_of_language
from rag.types import Answer, Evidence, PictureText, Query, SearchResult, Turn

LONGEST_QUESTION = 4000
"""Characters: about two pages, more than any question needs and less than a pasted document."""

CANDIDATES = 28
"""Hits asked for; evidence keeps the best of them that do not repeat each other."""

QUOTED = (
    "No model is configured, so this answer quotes the documents word for word. To have a vision model read the "
    "evidence and answer, set PAGESIGHT_LLM_MODEL and PAGESIGHT_LLM_BASE_URL (see README.md)."
)
NOTHING_FOUND = "Nothing was found in the chosen documents; add PDFs, or search in more of them."
CUT_SHORT = "The answer was cut short."
UNCITED = "This answer cites no evidence; check it against the documents."
GUESSED = "What the answer says beyond that is the model's guess, not from the documents."
"""``notice`` of an answer that declines and then says more."""

SEPARATOR = "\n\n"
"""Between the paragraphs of an answer."""

QUOTING = "quotes"
"""``Answer.model`` where no model wrote the text."""


@dataclass(frozen=True, slots=True)
class Found:
    """The evidence, before a word is written. ``seconds`` is the time the search took, ``understood`` the question that
    was searched for where that is not the one typed."""

    evidence: tuple[Evidence, ...]
    seconds: float
    understood: str = ""


@dataclass(frozen=True, slots=True)
class Thinking:
    """The model thinks; ``text`` is the next piece of its thoughts, which are never part of the answer."""

    text: str


@dataclass(frozen=True, slots=True)
class Delta:
    """The next piece of the answer, its markers already tidied."""

    text: str


@dataclass(frozen=True, slots=True)
class Done:
    """The whole answer; its text is all pieces joined, without what was told only at its end to be no part of it:
    thoughts, and what is not worth keeping of a reply that broke off."""

    answer: Answer


Event = Found | Thinking | Delta | Done


def answer(
    index: IndexReader,
    query: Query,
    history: Sequence[Turn] = (),
    llm: VisionLLM | None = None,
    settings: Settings | None = None,
) -> Iterator[Event]:
    """Search, show the evidence, stream the answer, check what it cites. Closing the iterator stops the model.

    Where the model fails, the documents are quoted as without one, after what is worth keeping of its words;
    ``Answer.failed`` says why. Raises :class:`EmptyQuestion`, :class:`QuestionTooLong` and the index's errors.
    """
    settings = settings or index.settings
    started = time.perf_counter()
    checked(query)
    known = without_search(index, query, history, llm)
    if known is not None:
        yield from _known(index, known, started)
        return
    found = _searched(index, query, history, llm, settings)
    language, quotes, around = _language(found, history), None, None
    if llm is None and found.understood and history and not content_terms_of_language(query.text, language):
        quotes = _quoted(index, found, history, settings)
        around = around_the_same(index, quotes.quoted, history, query.library, language)
    if around is not None:
        yield from _known(index, around, started, found.understood)
        return
    yield Found(found.evidence, time.perf_counter() - started, found.understood)

    said = yield from _said(index, found, history, llm, settings, quotes)
    text = SEPARATOR.join(filter(None, (said.written, said.quoted)))
    refused = is_refusal(said.written or said.quoted)
    by_number = {e.number: e for e in found.evidence}
    meaning = meaning_by(index.encoder)
    cited = (*cite(said.written, found.evidence, meaning=meaning), *cite(said.quoted, found.evidence, verbatim=True))
    once = {c.number: c for c in reversed(cited)}
    citations = tuple(pinpointed(index, once[n], by_number[n]) for n in dict.fromkeys(c.number for c in cited))
    uncited = "" if citations or refused else UNCITED
    guessed = GUESSED if refused and guess(said.written) else ""
    yield Done(
        Answer(
            text=text,
            citations=citations,
            evidence=found.evidence,
            refused=refused,
            dropped_markers=said.dropped,
            model=llm.name if llm and said.written else QUOTING,
            seconds=time.perf_counter() - started,
            notice=" ".join(filter(None, (*found.notices, *said.notices, uncited, guessed))),
            understood=found.understood,
            doubts=doubts(said.written, found.evidence, meaning) if said.written and not refused else (),
            sureness=said.sureness,
            failed=said.failed,
        )
    )


def _known(index: IndexReader, known: Known, started: float, understood: str = "") -> Iterator[Event]:
    """The events of an answer that needs no search, or not what it found."""
    yield Found(known.evidence, time.perf_counter() - started, understood)
    yield Delta(known.text)
    by_number = {e.number: e for e in known.evidence}
    citations = tuple(
        pinpointed(index, c, by_number[c.number]) for c in cite(known.text, known.evidence, verbatim=True)
    )
    seconds = time.perf_counter() - started
    notice = QUOTED if known.evidence else ""
    whole = Answer(known.text, citations, known.evidence, known.refused, 0, QUOTING, seconds, notice)
    yield Done(replace(whole, understood=understood))


def checked(query: Query) -> str:
    """The question's words without white space around them.

    Raises :class:`EmptyQuestion` or :class:`QuestionTooLong`.
    """
    question = query.text.strip()
    if not question and query.image is None:
        raise EmptyQuestion("There is no question; type one, or give a picture to look for")
    if len(question) > LONGEST_QUESTION:
        raise QuestionTooLong(
            f"The question has {len(question):,} characters, at most {LONGEST_QUESTION:,} are read; shorten it, "
            "and add a longer text as a PDF instead"
        )
    return question


@dataclass(frozen=True, slots=True)
class _Searched:
    """What a question found: ``searched`` are the words that were searched for, a follow-up's with those before it."""

    query: Query
    searched: str
    evidence: tuple[Evidence, ...]
    notices: tuple[str, ...]
    picture_text: PictureText | None
    shown: Evidence | None = None  # what the question's picture shows, or is really like
    apart: tuple[Apart, ...] = ()  # where several questions were asked at once: all of it, then each

    @property
    def understood(self) -> str:
        """What was searched for, where it is not the question as typed."""
        return "" if self.searched.strip() == self.query.text.strip() else self.searched


class _Said(NamedTuple):
    """What an answer says, tidied: what of it a model has ``written``, what is ``quoted`` where there is no model or it
    has ``failed``, how many markers were ``dropped``, and what the reader should know of how it was made."""

    written: str = ""
    quoted: str = ""
    failed: str = ""
    dropped: int = 0
    notices: Sequence[str] = ()
    sureness: str = ""


def _searched(
    index: IndexReader, query: Query, history: Sequence[Turn], llm: VisionLLM | None, settings: Settings
) -> _Searched:
    searched, unasked = understood(query, history, llm, index.encoder)
    if llm is None and not query.as_typed:  # what is mentioned is looked for, not "which manuals mention"
        searched = asked_mention(searched, kinds_of(searched).language) or searched
    searched = searched[:LONGEST_QUESTION]
    several = asked_apart(searched, kinds_of(searched).language) if query.image is None else ()
    with index.snapshot():  # a document that is removed meanwhile is found and shown to the end
        found = _found(index, replace(query, text=searched))
        if several:
            each = [_found(index, replace(query, text=one)) for one in several]
            parts = [Part(one, its.hits) for one, its in zip((searched, *several), (found, *each), strict=True)]
            evidence = gather(index, in_turn(parts), settings, searched, query.kinds)
            notices = (unasked, *dict.fromkeys(its.notice for its in (found, *each)))
            return _Searched(query, searched, evidence, notices, None, apart=shared_out(parts, evidence))
        evidence = gather(index, found.hits, settings, searched, query.kinds)
        shown = like_picture(found, evidence) if query.image is not None else None
        if query.image is not None and shown is None and llm is None and asks_by_itself(searched):
            found = search(index, replace(query, text=searched, image=None, spot=None), CANDIDATES)
            evidence = gather(index, found.hits, settings, searched, query.kinds)
            return _Searched(query, searched, evidence, (unasked, found.notice), None)
    placed = any(hit.same_picture for hit in found.hits)
    told = shown is not None or llm is not None  # else the answer itself says that nobody knows the picture
    similar = ONLY_SIMILAR if query.image is not None and found.hits and not placed and told else ""
    return _Searched(query, searched, evidence, (unasked, found.notice, similar), found.picture_text, shown)


def _found(index: IndexReader, query: Query) -> SearchResult:
    """What the search finds, and what a question names that it may have missed."""
    found = search(index, query, CANDIDATES)
    hits = found.hits
    for looked_for in (with_codes, with_quantities, with_figures, with_chapters, with_parts):
        hits = tuple(looked_for(index, query, hits))
    return replace(found, hits=hits)


def _said(
    index: IndexReader,
    found: _Searched,
    history: Sequence[Turn],
    llm: VisionLLM | None,
    settings: Settings,
    quotes: _Said | None,
) -> Generator[Thinking | Delta, None, _Said]:
    """The model's words as they come; the ``quotes`` where there is no model, and some where it fails."""
    markers = MarkerStream({e.number for e in found.evidence}, found.evidence)
    if llm is None or not found.evidence:
        said = quotes or _quoted(index, found, history, settings)
        quoted, _ = yield from _streamed(iter([said.quoted]), markers)
        return said._replace(quoted=quoted, dropped=markers.dropped)
    notices: list[str] = []
    written, broken = yield from _streamed(_written(index, found, history, llm, settings, notices), markers)
    written = after_thoughts(written)
    said = _Said(written, dropped=markers.dropped, notices=notices)
    if broken is None:
        return said
    kept = worth_keeping(written)
    cut = f"{CUT_SHORT} {broken}" if kept else str(broken)
    said = said._replace(written=kept, notices=[*notices, cut])
    if kept and isinstance(broken, ModelTooLong):
        return said
    quotations = _quoted(index, found, history, settings)
    if is_refusal(quotations.quoted):
        instead = "" if kept else quotations.quoted
    else:
        instead = SEPARATOR.join((phrases(_language(found, history)).instead, quotations.quoted))
    if instead:
        yield Delta(SEPARATOR + instead if written else instead)
    return said._replace(quoted=instead, failed=str(broken), sureness="" if kept else quotations.sureness)


def _quoted(index: IndexReader, found: _Searched, history: Sequence[Turn], settings: Settings) -> _Said:
    """What the documents themselves say. That a question's picture is unknown comes first; beside it only what the
    question asks by itself is quoted, and where it asks nothing by itself only what its picture is really like."""
    language = _language(found, history)
    said = phrases(language)
    if not found.evidence:
        return _Said(quoted=said.refusal, notices=(NOTHING_FOUND,))
    question = as_written(found.searched, (e.text for e in found.evidence))
    pictured = found.query.image is not None
    if pictured and not asks_by_itself(question):
        if found.shown is None:
            return _Said(quoted=said.unknown_picture, notices=(QUOTED,))
        question = with_words(question, found.shown, _words_in(index, found, settings)[0])
    within = found.query.within
    across = len(index.catalogue.ids() if within is None else within) > 1
    quoted = extract_each(found.apart, closeness_by(index), language, across)
    if not quoted.text:
        quoted = extract(question, found.evidence, found.shown, closeness_by(index), language, across)
    text, sureness = quoted.text, quoted.sureness
    if pictured and found.shown is None:
        near = sureness not in ("direct", "likely")
        text = said.unknown_picture if near else f"{said.unknown_picture}\n\n{text}"
        sureness = "" if near else sureness
    step = {"direct": said.direct, "likely": said.likely}.get(sureness, "")
    return _Said(quoted=text, notices=tuple(filter(None, (step, QUOTED))), sureness=sureness)


def _language(found: _Searched, history: Sequence[Turn]) -> str:
    """Of the question; where few of its words were searched for, as it was typed."""
    return question_language(found.searched, [*(turn.question for turn in history if turn.question), found.query.text])


def _written(
    index: IndexReader,
    found: _Searched,
    history: Sequence[Turn],
    llm: VisionLLM,
    settings: Settings,
    notices: list[str],
) -> Generator[str | Thought]:
    """A model's reply, untidied. Raises :class:`ModelError`; ``notices`` are filled meanwhile."""
    query, evidence = found.query, found.evidence
    sees, words = llm.sees_pictures(), ""
    if not sees:
        if query.image is not None or any(e.chunk.kind != "text" for e in evidence):
            notices.append(f"{llm.name} does not see pictures: it was given captions and the text inside them.")
        words, unread = _words_in(index, found, settings)
        notices.append(unread)
    replying = ModelReply(llm, Asked(query, evidence, history, sees, words), settings)
    try:
        yield from replying.pieces()
    finally:
        notices += replying.notices


def _streamed(
    pieces: Generator[str | Thought] | Iterator[str], markers: MarkerStream
) -> Generator[Thinking | Delta, None, tuple[str, ModelError | None]]:
    """Deltas with their markers tidied, none empty, the first without white space before it.

    Returns the whole text, and why it ends where a model failed.
    """
    written, broken = "", None
    with closing(_generator(pieces)) as replied:
        try:
            for piece in replied:
                if isinstance(piece, Thought):
                    yield Thinking(piece.text)
                    continue
                ready = markers.feed(piece)
                ready = ready if written else ready.lstrip()
                if ready:
                    written += ready
                    yield Delta(ready)
        except ModelError as exc:
            broken = exc
    rest = markers.close().rstrip()
    rest = rest if written else rest.lstrip()
    if rest:
        written += rest
        yield Delta(rest)
    return written, broken


def _words_in(index: IndexReader, found: _Searched, settings: Settings) -> tuple[str, str]:
    """The words of the question's picture: where it was found the page's own, else read from it; and why not."""
    if found.query.image is None:
        return "", ""
    if found.picture_text is not None and found.picture_text.whole:
        return found.picture_text.text, ""
    if settings.ocr == "off":
        return "", ""
    try:
        return query_text.all_words(found.query.image, query_text.script_of(settings), index.readings), ""
    except IngestionError as exc:
        return "", f"The words in the picture could not be read: {exc}"


def _generator(pieces: Iterator[str | Thought]) -> Generator[str | Thought]:
    yield from pieces
