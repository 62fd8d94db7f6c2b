"""What is said to a remark on the answer before, without a model and without a search (what a remark is:
:mod:`rag.answering.questions.remarks`).

    "shorter please"        its first sentence, row or list of steps, with its marker
    "are you sure?"         the places that it rests on
    "more details"          all of the passage, or the table, that it quotes
    "show me the picture"   the figure that it quotes, the one that is named there or on its page; else that page
    "translate that"        that quotations are in the language of their document

A follow-up that says nothing of its own ("why?"), and would be answered with the same quotations again, is answered
like a wish for more.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

from ingestion.elements import Chunk
from rag.answering.citing.citations import cite
from rag.answering.evidence.parts_named import labelled, shown_once
from rag.answering.languages.data import LANGUAGES
from rag.answering.overviews.known import Known, Marked, prose_sentences
from rag.answering.overviews.parts_shown import lines_of
from rag.answering.overviews.small_talk import shown_name
from rag.answering.passages.references import references
from rag.answering.questions.phrases import Phrases, phrases, refusals
from rag.answering.questions.remarks import Remark, remark_of
from rag.text.passages import cut, sentences, without_bars
from rag.types import Evidence, Turn

if TYPE_CHECKING:
    from rag.storage.reader import IndexReader

MOST_MORE = 10
"""Sentences of a passage that are shown when more is wanted."""

LONGEST_QUOTE = 200
"""Characters of the words that are repeated of a place."""

MOST_FIGURES = 3
"""Figures that are shown."""

_MARKER = re.compile(r"\[\d+\]")
_STEP = re.compile(r"\s*\d+[.)] ")
_BULLET = re.compile(r"\s*[-*] ")


def remarked(
    index: IndexReader, remark: Remark, history: Sequence[Turn], library: frozenset[str] | None, said: Phrases
) -> Known | None:
    """The answer to a remark; None where nothing was answered before, and where the answer before holds no more.

    ``library`` are the documents that who asks may see, None for all: nothing of others is shown again.
    """
    if remark == "translate":
        return Known(said.only_quotes)
    last = next((turn for turn in reversed(history) if turn.evidence and remark_of(turn.question) is None), None)
    if last is None:
        return None
    there = {row.id for row in index.catalogue.documents() if library is None or row.id in library}
    by_number = {piece.number: piece for piece in last.evidence}
    quotes = {one.number: one.quote for one in cite(last.answer, last.evidence, verbatim=True)}
    cited = [by_number[number] for number in quotes]
    if not cited or any(piece.chunk.doc not in there for piece in last.evidence):
        return None
    if remark == "shorter":
        return Known(_shorter(last.answer, said), last.evidence)
    if remark == "sure":
        return Known(_places(last.answer, cited, quotes, said), last.evidence)
    return _more(index, last, cited, said) if remark == "more" else _pictures(index, last, cited, said)


def around_the_same(
    index: IndexReader, quoted: str, history: Sequence[Turn], library: frozenset[str] | None, language: str
) -> Known | None:
    """To a follow-up ("why?") for which nothing is ``quoted`` but what the answer before says, word for word: what
    stands around that, as if more details were wanted; None to any other."""
    said, before = phrases(language), history[-1]
    if not before.evidence or _words(quoted) != _words(before.answer):
        return None
    with index.snapshot():
        known = remarked(index, "more", history[-1:], library, said)
    return known and known._replace(text=f"{said.said_before}\n\n{known.text}")


def _words(answer: str) -> list[str]:
    return _MARKER.sub("", answer).split()


def _shorter(answer: str, said: Phrases) -> str:
    """The first part of an answer that has a marker and is no lead to another, with its lead, a line that ends with a
    colon."""
    blocks = [block for block in re.split(r"\n{2,}", answer) if block.strip()]
    marked = [number for number, block in enumerate(blocks) if _MARKER.search(block)]
    first = next((number for number in marked if not _leads(blocks[number])), marked[0])
    lead = blocks[first - 1] if first and _leads(blocks[first - 1]) else ""
    text = "\n\n".join(filter(None, (lead, _first(blocks[first]))))
    said_before = "\n\n".join(block for block in blocks if not _is_near(block))
    return f"{said.shortest}\n\n{text}" if text.strip() == said_before.strip() else text


def _leads(block: str) -> bool:
    return block.rstrip().endswith((":", "：")) and not _is_near(block)


def _is_near(block: str) -> bool:
    """Whether this is the line that says that what follows is only near."""
    return block.strip() in _near()


@lru_cache(maxsize=1)
def _near() -> frozenset[str]:
    return frozenset(phrases(code).closest for code in LANGUAGES)


def _first(block: str) -> str:
    """A table and the steps of a procedure whole, of bullets the first that is cited, of sentences the first."""
    lines = block.split("\n")
    if "|" in lines[0] or any(map(_STEP.match, lines)):
        return block
    line = next(line for line in lines if _MARKER.search(line))
    return next((one for one in sentences(_BULLET.sub("", line)) if _MARKER.search(one)), line)


def _places(answer: str, cited: Sequence[Evidence], quotes: Mapping[int, str], said: Phrases) -> str:
    """The places that an answer cites, each with its words as they stand there."""
    near = any(_is_near(block) for block in answer.split("\n\n")) or answer.startswith(refusals())
    lines = list[str]()
    for piece in cited:
        words = " ".join(without_bars(quotes[piece.number]).split())
        quoted = f": {said.quote(shown_name(cut(words, LONGEST_QUOTE)))}" if words else ""
        lines.append(f"- {shown_name(piece.doc_name)}, {said.page(piece.chunk.page)}{quoted} [{piece.number}]")
    return "\n".join([said.only_near if near else said.rests_on, "", *lines])


def _more(index: IndexReader, last: Turn, cited: Sequence[Evidence], said: Phrases) -> Known:
    """All of what was quoted in part; where it was quoted whole the page that it stands on."""
    marked, told = Marked(index), " ".join(_MARKER.sub("", last.answer).split())
    parts = list[str]()
    for piece in cited:
        if piece.chunk.kind == "text":
            spoken = [one for chunk in (piece.chunk, *piece.beside) for one in _spoken(chunk)]
            if all(one.rstrip(".!? ") in told for one, _ in spoken):
                continue
            parts.append("\n".join(f"- {marked.quoted(one, chunk)}" for one, chunk in spoken[:MOST_MORE]))
        elif piece.chunk.kind == "table":
            parts += lines_of(marked, piece.chunk, last.question, said)
        if parts:
            break
    parts = parts or _page(index, marked, cited[0], said.no_more, said)
    return Known("\n\n".join(parts), tuple(marked.evidence))


def _spoken(chunk: Chunk) -> Iterator[tuple[str, Chunk]]:
    return ((one, chunk) for one in dict.fromkeys(prose_sentences(chunk)) if one.strip())


def _pictures(index: IndexReader, last: Turn, cited: Sequence[Evidence], said: Phrases) -> Known:
    marked = Marked(index)
    figures = shown_once(list({chunk.id: chunk for chunk in _figures(index, cited)}.values()))[:MOST_FIGURES]
    lines = [line for figure in figures for line in lines_of(marked, figure, last.question, said)]
    lines = lines or _page(index, marked, cited[0], said.no_figure, said)
    return Known("\n\n".join(lines), tuple(marked.evidence))


def _figures(index: IndexReader, cited: Sequence[Evidence]) -> Iterable[Chunk]:
    """Those of the first of these ways that leads to any: cited, named in what is cited, on its page."""
    quoted = [piece.chunk for piece in cited if piece.chunk.kind == "figure"]
    named = [
        figure
        for piece in cited
        for place in references(piece.text)
        if place.to == "figure"
        for figure in labelled(index, piece.chunk.doc, place)
    ]
    return quoted or named or index.catalogue.chunks_of(cited[0].chunk.doc, cited[0].chunk.page, kinds=("figure",))


def _page(index: IndexReader, marked: Marked, piece: Evidence, lead: str, said: Phrases) -> list[str]:
    """The page that a piece stands on, as far as the index has it whole, under a line that leads to it."""
    page = next(iter(index.catalogue.chunks_of(piece.chunk.doc, piece.chunk.page, kinds=("page",))), piece.chunk)
    return [lead, f"{shown_name(piece.doc_name)}, {said.page(page.page)} {marked.mark(page)}"]
