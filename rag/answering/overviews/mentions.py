"""Which documents, or which pages of one, mention something: looked up in the full text, so that none is left out.

    "which manuals mention the float switch?"   →   2 documents:

                                                    - pump.pdf (page 4): The float switch stops the pump at … [1].
                                                    - boiler.pdf (page 11): … [2].

All words of what is asked for stand in each passage that is shown. Where they stand together nowhere, or something else
is asked for, the question is searched for as any other.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from ingestion.elements import Chunk
from rag.answering.languages.data import language_data
from rag.answering.languages.wordings import is_spaced, plain
from rag.answering.overviews.known import Known, Marked, prose_sentences
from rag.answering.overviews.small_talk import shown_name
from rag.answering.questions.phrases import Phrases
from rag.retrieval.knowledge import look_up, respelt
from rag.retrieval.query import ParsedQuestion, parse_question
from rag.storage.full_text.index import Where
from rag.storage.full_text.term_vectors import page_of
from rag.text.function_words import content_terms_of_language
from rag.text.passages import content_terms, cut, tables
from rag.types import Query

if TYPE_CHECKING:
    from rag.storage.full_text.index import FullText
    from rag.storage.reader import IndexReader

MOST_PLACES = 12
"""Documents, or pages of one, that are named; of more the number is said."""

MOST_PAGES = 8
"""Pages of a document, the best ones, among which one is looked for; of a single document all are."""

MOST_OF_ONE = 5000
"""Pages of a single document that are looked at."""

LONGEST_QUOTE = 220  # characters


class _Place(NamedTuple):
    """Where it is mentioned: the words that do are empty for a figure or a table without a caption."""

    document: str
    chunk: Chunk
    words: str


def mentions(index: IndexReader, query: Query, asked: str, language: str, said: Phrases) -> Known | None:
    """The documents that mention what is ``asked`` for, as :func:`asked_mention` tells it, or the pages where one
    document is asked; None where nothing mentions it. ``language`` is that of the question."""
    words = frozenset(content_terms_of_language(asked, language))
    if not words:
        return None
    names = {row.id: row.name for row in index.catalogue.documents() if query.within is None or row.id in query.within}
    text, alone = index.catalogue.full_text(), len(names) == 1
    numbers = {row.no: row.doc for row in text.documents(names)}
    question = respelt(text, parse_question(asked, text.languages(sorted(numbers))), frozenset(numbers))
    found, left = list[_Place](), _documents(text, question, sorted(numbers)) if numbers else []
    while left and len(found) < MOST_PLACES:
        no = left.pop(0)
        doc = numbers[no]
        found += [_Place(names[doc], *place) for place in _places(index, text, no, doc, question, words, alone)]
    return _told(index, found, len(left), said, alone) if found else None


def asked_mention(question: str, language: str) -> str:
    """What a question wants to see mentioned, in its own words; empty where it asks for something else."""
    data, said = language_data(language), plain(question, language)
    if not data.kind("mentions").search(said):
        return ""
    rest = data.kind("mentions").sub("" if not is_spaced(language) else " ", said)
    rest = data.kind("mentioned").sub("" if not is_spaced(language) else " ", rest)
    if not is_spaced(language):
        return rest
    left = frozenset(rest.split())
    kept = [word for word in question.split() if left.issuperset(plain(word, language).split())]
    return " ".join(word for word in kept if content_terms_of_language(word, language))


def _documents(text: FullText, question: ParsedQuestion, numbers: Sequence[int]) -> list[int]:
    """The numbers of those that have all terms of what is asked for, those first that have them on most pages."""
    counts = look_up(text, question, Where(tuple(numbers))).counts
    if not question.terms:
        return []
    least = np.min([counts[term].of(np.asarray(numbers)) for term in question.terms], axis=0).tolist()
    pages = dict(zip(numbers, least, strict=True))
    return sorted((no for no in numbers if pages[no]), key=lambda no: -pages[no])


def _places(
    index: IndexReader,
    text: FullText,
    no: int,
    doc: str,
    question: ParsedQuestion,
    words: frozenset[str],
    every: bool,
) -> Iterator[tuple[Chunk, str]]:
    """The passage of a document's best page that has all words, or of ``every`` page that has one."""
    phrases = [[term] for term in question.terms]
    phrases += [list(one) for term in question.terms for one in question.spellings.get(term, ())]
    keys = (
        sorted(text.page_keys(MOST_OF_ONE, Where((no,)))) if every else text.search(phrases, MOST_PAGES, Where((no,)))
    )
    for key in keys:
        chunks = index.catalogue.chunks_of(doc, page=page_of(key))
        said = [(chunk, says) for chunk in chunks if (says := _says(chunk, words))]
        if said:
            chunk, (_, told) = min(said, key=lambda one: one[1].rank)
            yield chunk, told
            if not every:
                return


class _Saying(NamedTuple):
    """The words of a passage, and how much they say: a sentence most, then a row, its caption, its heading."""

    rank: int
    words: str


def _says(chunk: Chunk, words: frozenset[str]) -> _Saying | None:
    """What of a passage has all words, those of its headings counted; a figure's caption where they stand inside."""
    above = frozenset(content_terms(chunk.heading))
    if not words.issubset({*above, *content_terms(f"{chunk.caption} {chunk.text}")}):
        return None
    listed = tables(chunk.text)
    told = (
        prose_sentences(chunk) if chunk.kind == "text" else [],
        [shown_name(table.readable(row)) for table in listed for row in table.rows],
        [shown_name(chunk.caption)],
    )
    own = ((_Saying(rank, one), {*content_terms(one)}) for rank, lines in enumerate(told) for one in lines)
    found = [(saying, has) for saying, has in own if has & words and words <= has | above]
    if not found:
        return _Saying(len(told), shown_name(chunk.caption)) if chunk.kind == "figure" else None
    return max(found, key=lambda one: len(one[1] & words))[0]


def _told(index: IndexReader, found: Sequence[_Place], left: int, said: Phrases, alone: bool) -> Known:
    """``left``: documents that have all words and were not looked at, since enough are named."""
    marked, lines, count = Marked(index), list[str](), len(found) + left
    for document, chunk, words in found[:MOST_PLACES]:
        place = said.page(chunk.page) if alone else f"{shown_name(document)} ({said.page(chunk.page)})"
        quoted = marked.quoted(cut(words, LONGEST_QUOTE), chunk) if words else marked.mark(chunk)
        lines.append(f"- {place}: {quoted}")
    if count > MOST_PLACES:
        lines.append(f"- {said.more(count - MOST_PLACES)}")
    lead = said.pages(count) if alone else said.documents(count)
    return Known("\n".join([f"{lead}:", "", *lines]), tuple(marked.evidence))
