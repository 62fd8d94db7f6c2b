"""The recipe: a question to a streamed answer with checked citations. Read :func:`answer` first.

Enters: the index, a question (words, a picture, or both), earlier turns, a model or None. Leaves: events in this order:
one Found with the evidence, Deltas of text, one Done with the whole Answer. Must not know: how any of it is shown.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from functools import partial

from PIL import Image

from ingestion.elements import Region
from ingestion.errors import IngestionError
from rag.answering.citations import REFUSAL, Place, cite, is_refusal, quoted_place
from rag.answering.evidence import gather
from rag.answering.extractive import quote_answer
from rag.answering.markers import MarkerStream
from rag.answering.prompts import messages
from rag.config import Settings
from rag.errors import EmptyQuestion, ModelError, QuestionTooLong
from rag.llm.base import Message, VisionLLM
from rag.retrieval.image import query_text
from rag.retrieval.image.locate import ONLY_SIMILAR, words_there
from rag.retrieval.image.ranking import PageOf
from rag.retrieval.search import search
from rag.storage.reader import IndexReader
from rag.text.passages import terms
from rag.types import Answer, Citation, Evidence, Hit, Query, Turn

LONGEST_QUESTION = 4000
"""Characters: about two pages, more than any question needs and less than a pasted document."""

CANDIDATES = 28
"""Hits asked for; evidence keeps the best of them that do not repeat each other."""

FOLLOW_UP_WORDS = 14
"""Longest question that may lean on the one before it."""

QUOTED = (
    "No model is configured, so this answer quotes the documents word for word. To have a vision model read the "
    "evidence and answer, set PAGESIGHT_LLM_MODEL and PAGESIGHT_LLM_BASE_URL (see README.md)."
)
QUOTING = "quotes"
"""``Answer.model`` where no model wrote the text."""

_LEANS = re.compile(
    r"\b(?:it|its|they|them|their|that|this|those|these|he|she|his|her|one|ones|there|former|latter|same)\b|"
    r"^\s*(?:and|but|or|so|then|also|why|what about|how about|und|et|y)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Found:
    """The evidence, before a word is written. ``seconds`` is the time the search took."""

    evidence: tuple[Evidence, ...]
    seconds: float


@dataclass(frozen=True, slots=True)
class Delta:
    """The next piece of the answer, its markers already tidied."""

    text: str


@dataclass(frozen=True, slots=True)
class Done:
    """The whole answer; its text is all Deltas joined."""

    answer: Answer


Event = Found | Delta | Done


def answer(
    index: IndexReader,
    query: Query,
    history: Sequence[Turn] = (),
    llm: VisionLLM | None = None,
    settings: Settings | None = None,
) -> Iterator[Event]:
    """Search, show the evidence, stream the answer, check what it cites. Closing the iterator stops the model.

    Raises :class:`EmptyQuestion`, :class:`QuestionTooLong`, the index's errors, and :class:`ModelError` where the model
    fails before its first word; where it fails later, what came is kept and ``Answer.notice`` says why it ends there.
    """
    settings = settings or index.settings
    started = time.perf_counter()
    question = checked(query)
    searched = replace(query, text=search_text(question, history))
    with index.snapshot():  # a document that is removed meanwhile is found and shown to the end
        hits, notice = search(index, searched, CANDIDATES)
        evidence = gather(index, hits, settings)
    yield Found(evidence, time.perf_counter() - started)

    markers = MarkerStream({e.number for e in evidence})
    written, notices = "", [notice] if notice else []
    if query.image is not None and hits and not any(hit.same_picture for hit in hits):
        notices.append(ONLY_SIMILAR)
    read = partial(_words_in, index, hits, query.image, settings, notices)
    with closing(_reply(query, searched, history, evidence, llm, settings, notices, read)) as reply:
        for piece in _tidied(reply, markers):
            written += piece
            yield Delta(piece)
    model = llm.name if llm and evidence else QUOTING
    yield Done(_finished(index, written, evidence, markers.dropped, model, time.perf_counter() - started, notices))


def checked(query: Query) -> str:
    """The question's words. Raises :class:`EmptyQuestion` or :class:`QuestionTooLong`."""
    question = query.text.strip()
    if not question and query.image is None:
        raise EmptyQuestion("There is no question; type one, or give a picture to look for")
    if len(question) > LONGEST_QUESTION:
        raise QuestionTooLong(
            f"The question has {len(question):,} characters, at most {LONGEST_QUESTION:,} are read; shorten it, "
            "and add a longer text as a PDF instead"
        )
    return question


def search_text(question: str, history: Sequence[Turn]) -> str:
    """What to search for: a short follow-up ("and how do I clear it?") takes the previous question's words along."""
    previous = next((turn.question.strip() for turn in reversed(history) if turn.question.strip()), "")
    if not previous or not question or len(question.split()) > FOLLOW_UP_WORDS:
        return question
    if len(terms(question)) > 1 and not _LEANS.search(question):
        return question
    return f"{previous} {question}"[:LONGEST_QUESTION]


def _reply(
    query: Query,
    searched: Query,
    history: Sequence[Turn],
    evidence: Sequence[Evidence],
    llm: VisionLLM | None,
    settings: Settings,
    notices: list[str],
    read: Callable[[], str],
) -> Generator[str]:
    """The untidied text, and in ``notices`` what the reader should know of it; ``read`` gives the picture's words."""
    if not evidence:
        notices.append("Nothing was found in the chosen documents; add PDFs, or search in more of them.")
        yield REFUSAL
    elif llm is None:
        notices.append(QUOTED)
        yield quote_answer(searched.text, evidence, query.image is not None)
    else:
        sees = llm.sees_pictures()
        if not sees and (query.image is not None or any(e.chunk.kind != "text" for e in evidence)):
            notices.append(f"{llm.name} does not see pictures: it was given captions and the text inside them.")
        words = "" if sees else read()
        prompt = messages(query.text, query.image, evidence, history, sees, settings.llm_pictures, words)
        yield from _kept(llm, prompt, notices)


def _kept(llm: VisionLLM, prompt: Sequence[Message], notices: list[str]) -> Iterator[str]:
    """The model's text; an error after its first word becomes a notice, one before it is raised."""
    came = False
    with closing(_generator(llm.stream(prompt))) as pieces:
        try:
            for piece in pieces:
                came = came or bool(piece.strip())
                yield piece
        except ModelError as exc:
            if not came:
                raise
            notices.append(f"The answer was cut short. {exc}")


def _tidied(pieces: Iterator[str], markers: MarkerStream) -> Iterator[str]:
    """Pieces with their markers tidied, without empty ones and without white space before the first word."""
    begun = False
    for piece in pieces:
        ready = markers.feed(piece)
        ready = ready if begun else ready.lstrip()
        if ready:
            begun = True
            yield ready
    rest = markers.close().rstrip()
    if rest:
        yield rest if begun else rest.lstrip()


def _finished(
    index: IndexReader,
    written: str,
    evidence: tuple[Evidence, ...],
    dropped: int,
    model: str,
    seconds: float,
    notices: list[str],
) -> Answer:
    refused = is_refusal(written)
    by_number = {e.number: e for e in evidence}
    citations = tuple(pinpointed(index, c, by_number[c.number]) for c in cite(written, evidence))
    if not citations and not refused:
        notices.append("This answer cites no evidence; check it against the documents.")
    return Answer(
        text=written,
        citations=citations,
        evidence=evidence,
        refused=refused,
        dropped_markers=dropped,
        model=model,
        seconds=seconds,
        notice=" ".join(notices),
    )


def pinpointed(index: IndexReader, citation: Citation, evidence: Evidence) -> Citation:
    """A citation at the place that holds its quote: on a page the passage, table or figure; of a passage the lines,
    also those of a passage beside it or of the sentence that names a figure; of a table over pages the right part."""
    if not citation.quote:
        return citation
    if citation.kind == "page":
        citation = _on_page(index, citation)
        places = [Region(citation.page, citation.bbox)]
    elif citation.kind == "text":
        places = [region for chunk in (evidence.chunk, *evidence.beside) for region in chunk.regions]
    else:
        mentioned = _mentioned(index, citation, evidence)
        places = list(mentioned or evidence.chunk.regions)
        citation = replace(citation, kind="text", image=None) if mentioned else citation
    found = [(region, _place(index, citation, region)) for region in places]
    region, place = max(found, key=lambda pair: pair[1].shared)
    if not place.shared or (citation.kind != "text" and region == places[0]):
        return citation
    if citation.kind != "text":
        return replace(citation, page=region.page, bbox=region.bbox, image=None)
    return replace(citation, page=region.page, bbox=place.bbox)


def _place(index: IndexReader, citation: Citation, region: Region) -> Place:
    return quoted_place(citation.quote, index.files.lines(citation.doc, region.page), region.bbox)


def _mentioned(index: IndexReader, citation: Citation, evidence: Evidence) -> tuple[Region, ...]:
    """Where a sentence stands that only names the figure or table; nothing where its own words say the quote."""
    chunk, quoted = evidence.chunk, " ".join(citation.quote.removesuffix(" …").split())
    if quoted not in " ".join(chunk.mentions.split()) or quoted in " ".join(f"{chunk.caption} {chunk.text}".split()):
        return ()
    passages = index.catalogue.chunks_of(chunk.doc, kinds=("text",))
    return next((p.regions for p in passages if quoted in " ".join(p.text.split())), ())


def _on_page(index: IndexReader, citation: Citation) -> Citation:
    wanted = set(terms(citation.quote))
    parts = index.catalogue.chunks_of(citation.doc, citation.page, ("text", "table", "figure"))
    best = max(parts, key=lambda p: len(wanted & set(terms(f"{p.text} {p.caption}"))), default=None)
    if best is None or len(wanted & set(terms(f"{best.text} {best.caption}"))) < 0.7 * len(wanted):
        return citation
    box = next(region.bbox for region in best.regions if region.page == citation.page)
    return replace(citation, bbox=box, kind=best.kind, caption=best.caption, image=best.image)


def _words_in(
    index: IndexReader, hits: Sequence[Hit], picture: Image.Image | None, settings: Settings, notices: list[str]
) -> str:
    """The words of the question's picture: where it was found the page's own, else read from it."""
    if picture is None:
        return ""
    found = next((hit for hit in hits if hit.same_picture), None)
    words = words_there(index, PageOf(found.chunk.doc, found.chunk.page), found.bbox) if found else ""
    if words or settings.ocr == "off":
        return words
    try:
        return query_text.read(picture, query_text.script_of(settings))
    except IngestionError as exc:
        notices.append(f"The words in the picture could not be read: {exc}")
        return ""


def _generator(pieces: Iterator[str]) -> Generator[str]:
    yield from pieces
