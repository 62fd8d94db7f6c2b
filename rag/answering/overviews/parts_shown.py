"""A part of a document that a question names and asks nothing more of: shown as it is, without a search.

    "what is on page 5?"      its headings and passages in a line each, its figures and tables
    "show me figure 3"        the figure, and the sentences that speak of it
    "what does table 2 say?"  the table
    "list all figures"        their captions with their pages
    "the technical data"      the tables that are called so
    "section 4.2"             its first sentences, heading by heading

Of several documents each that has the part is shown. Where none has it, and nothing in them speaks of it, that is said.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from ingestion.elements import Chunk, ChunkKind
from ingestion.text.caption_labels import caption_label
from rag.answering.evidence.parts_named import labelled, pages_numbered, shown_once
from rag.answering.extraction.quoted_text import quoted
from rag.answering.extraction.table_rows import whole_table
from rag.answering.languages.data import LANGUAGES, language_data
from rag.answering.languages.wordings import plain
from rag.answering.overviews.known import Known, Marked, prose_sentences
from rag.answering.overviews.small_talk import shown_name
from rag.answering.overviews.summaries import contents, named_in, names_of, numbered_chapter, says_something
from rag.answering.passages.quotations import passages_of, tables_of
from rag.answering.passages.references import Reference, references
from rag.answering.questions.kinds import kinds_of
from rag.answering.questions.parts_asked import Listed, PartsAsked
from rag.answering.questions.phrases import Phrases
from rag.text.passages import cut
from rag.types import Query

if TYPE_CHECKING:
    from rag.storage.reader import IndexReader
    from rag.storage.records.catalogue import DocumentRow

MOST_DOCUMENTS = 12
"""Documents that are looked through; in more a question is searched for."""

MOST_SHOWN = 3
"""Documents of which the part is shown; the others that have it are counted."""

MOST_ON_PAGE = 10
"""Parts of a page that are told."""

MOST_LISTED = 12
"""Figures or tables of a document that are listed; of more the number is said."""

MOST_SAYING = 3
"""Sentences that speak of a figure."""

MOST_OF_DATA = 3
"""Tables of technical data of a document that are shown."""

LONGEST_NAME = 10
"""Words of a heading or caption that names them."""

FEW_WORDS = 3
"""Words of a passage below which it is a label or a mark at the margin."""

LONG_WORDS = 12
"""Characters from which it says something all the same: in scripts without spaces."""

LONGEST_SENTENCE = 260  # characters


def parts_shown(index: IndexReader, query: Query, asked: PartsAsked, said: Phrases) -> Known | None:
    """What a question asks to be shown; None where it asks for more, or where a search may find what it means."""
    rows: Sequence[DocumentRow] = [
        row for row in index.catalogue.documents() if query.within is None or row.id in query.within
    ]
    left = asked.left
    if left and rows:
        rows, left = named_in(left, rows) if len(rows) > 1 else (rows, left - names_of(rows[0]))
    if left or not rows or len(rows) > MOST_DOCUMENTS:
        return None
    if asked.lists and not asked.places:
        if "chapters" in asked.lists and kinds_of(query.text, asked.language).wants("count"):
            return None  # which rank of headings is meant cannot be told
        if "data" in asked.lists:
            return _data(index, rows, asked.language, said)
        return _listed(index, rows, asked.lists, said)
    section = next((place for place in asked.places if place.to == "section"), None)
    if section is not None:
        return numbered_chapter(index, rows, section.number, asked.language, said)
    shown = _Shown(index, said, query.text)
    for row in rows:
        shown.add(row, asked)
    return shown.known(rows, asked)


class _Shown:
    """Collects what documents have of the parts asked for."""

    def __init__(self, index: IndexReader, said: Phrases, question: str) -> None:
        self._index, self._said, self._question = index, said, question
        self._marked, self._parts, self._more = Marked(index), list[str](), 0

    def add(self, row: DocumentRow, asked: PartsAsked) -> None:
        """Of one document; nothing where it has none of them."""
        if len(self._parts) >= MOST_SHOWN:
            self._more += self._has(row, asked)
            return
        parts = [part for place in asked.places for part in self._part(row, place)]
        ends = {"first_page": 1, "last_page": row.pages}
        parts += [part for end in asked.ends for part in self._page(row, ends[end])]
        self._parts += ["\n\n".join(parts)] if parts else []

    def known(self, rows: Sequence[DocumentRow], asked: PartsAsked) -> Known | None:
        """The answer; that the part stands nowhere, or None where something speaks of it."""
        if self._parts:
            more = [self._said.more(self._more)] if self._more else []
            return Known("\n\n".join([*self._parts, *more]), tuple(self._marked.evidence))
        if any(self._spoken_of(row.id, place) for row in rows for place in asked.places):
            return None
        return Known(self._said.refused([_capitalized(place.written) for place in asked.places]), refused=True)

    def _has(self, row: DocumentRow, asked: PartsAsked) -> bool:
        return bool(asked.ends) or any(
            pages_numbered(self._index, row, place.number)
            if place.to == "page"
            else labelled(self._index, row.id, place)
            for place in asked.places
        )

    def _part(self, row: DocumentRow, place: Reference) -> Iterator[str]:
        if place.to == "page":
            for page in pages_numbered(self._index, row, place.number):
                yield from self._page(row, page)
            return
        found = labelled(self._index, row.id, place)
        lines = [line for chunk in found for line in lines_of(self._marked, chunk, self._question, self._said)]
        if not lines:
            return
        yield "\n\n".join([f"{shown_name(row.name)}:", *lines])
        saying = [f"- {line}" for line in self._saying(row.id, place)] if place.to == "figure" else []
        if saying:
            yield "\n".join(saying)

    def _saying(self, doc: str, place: Reference) -> Iterator[str]:
        """The sentences of a document that speak of a figure, the caption not among them."""
        left = MOST_SAYING
        for chunk in self._index.catalogue.chunks_of(doc, kinds=("text",)):
            for sentence in prose_sentences(chunk):
                if left and caption_label(sentence) is None and _speaks_of(sentence, place):
                    left -= 1
                    yield self._marked.quoted(cut(sentence, LONGEST_SENTENCE), chunk)

    def _page(self, row: DocumentRow, number: int) -> Iterator[str]:
        """What stands on a page, in a line for each of its parts."""
        parts = self._index.catalogue.chunks_of(row.id, page=number)
        if not parts:
            return
        whole = next((part for part in parts if part.kind == "page"), parts[0])
        title = f"{shown_name(row.name)}, {self._said.page(number)} {self._marked.mark(whole)}:"
        lines, headed, left = list[str](), "", 0
        for part in shown_once([part for part in parts if part.kind != "page"]):
            if len(lines) >= MOST_ON_PAGE:
                left += 1
                continue
            heading = shown_name(part.heading.split(" > ")[-1]) if part.heading else ""
            lead = f"{heading}: " if heading and heading != headed and part.kind == "text" else ""
            headed = heading or headed
            lines += [f"- {lead}{line}" for line in self._line(part)]
        lines += [f"- {self._said.more(left)}"] if left else []
        yield "\n".join([title, "", *lines]) if lines else title

    def _line(self, part: Chunk) -> Iterator[str]:
        if part.kind == "text":
            spoken = prose_sentences(part)
            words = next(filter(says_something, spoken), " ".join(spoken) or shown_name(part.text))
            if len(words.split()) >= FEW_WORDS or len(words) >= LONG_WORDS:
                yield self._marked.quoted(cut(words, LONGEST_SENTENCE), part)
        elif part.kind == "table":
            table = self._said.table(shown_name(part.caption), shown_name(part.heading.split(" > ")[-1]))
            yield f"{_capitalized(table)} {self._marked.mark(part)}"
        else:
            name = shown_name(part.caption).rstrip(" .") or _capitalized(self._said.said["a_figure"])
            yield f"{cut(name, LONGEST_SENTENCE)} {self._marked.mark(part)}"

    def _spoken_of(self, doc: str, place: Reference) -> bool:
        chunks = self._index.catalogue.chunks_of(doc, kinds=("text", "figure", "table"))
        return any(_speaks_of(f"{chunk.caption}\n{chunk.text}", place) for chunk in chunks)


def lines_of(marked: Marked, chunk: Chunk, question: str, said: Phrases) -> Iterator[str]:
    """A figure in a line; a table as it is."""
    evidence = marked.of(chunk)
    passages = passages_of(evidence)
    if chunk.kind == "figure" and passages:
        yield quoted(passages[0], question, said)
        return
    for table in tables_of(evidence):
        if passages:
            yield whole_table(table, passages[0], said)


def _speaks_of(text: str, place: Reference) -> bool:
    return any((one.to, one.number) == (place.to, place.number) for one in references(text))


def _data(index: IndexReader, rows: Sequence[DocumentRow], language: str, said: Phrases) -> Known | None:
    """The tables under headings or captions that are called technical data, in the question's language where there are
    any, else in whatever language; None where no document has one."""
    marked, parts, more = Marked(index), list[str](), 0
    for row in rows:
        every = index.catalogue.chunks_of(row.id, kinds=("table",))
        tables = [c for c in every if _is_of_data(c, [language])] or [c for c in every if _is_of_data(c, LANGUAGES)]
        chosen = tables[:MOST_OF_DATA] if len(parts) < MOST_SHOWN else []
        shown = [line for chunk in chosen for line in lines_of(marked, chunk, "", said)]
        parts += ["\n\n".join([f"{shown_name(row.name)}:", *shown])] if shown else []
        more += bool(tables and not shown)
    return Known("\n\n".join([*parts, *([said.more(more)] if more else [])]), tuple(marked.evidence)) if parts else None


def _is_of_data(chunk: Chunk, languages: Sequence[str]) -> bool:
    names = (chunk.caption, chunk.heading.split(" > ")[-1])
    return any(
        len(name.split()) <= LONGEST_NAME and language_data(code).place("data").search(plain(name, code))
        for name in names
        for code in languages
        if name
    )


def _listed(index: IndexReader, rows: Sequence[DocumentRow], lists: Sequence[Listed], said: Phrases) -> Known | None:
    """All figures, tables or chapters of documents, each with its page."""
    marked = Marked(index)
    parts = list[str]()
    for row in rows[:MOST_SHOWN]:
        for name in lists:
            if name == "chapters":
                parts.append(contents(index, row, marked, said))
                continue
            kind: ChunkKind = "figure" if name == "figures" else "table"
            chunks = index.catalogue.chunks_of(row.id, kinds=(kind,))
            listed = shown_once([chunk for chunk in chunks if chunk.caption]) or chunks
            lines = [
                f"- {_capitalized(_name_of(chunk, said))} ({said.page(chunk.page)}) {marked.mark(chunk)}"
                for chunk in listed[:MOST_LISTED]
            ]
            more = len(listed) - len(lines)
            lines += [f"- {said.more(more)}"] if more else []
            parts.append("\n".join([said.all_in(name, len(listed), shown_name(row.name)), "", *lines]))
    if len(rows) > MOST_SHOWN:
        parts.append(said.more(len(rows) - MOST_SHOWN))
    return Known("\n\n".join(parts), tuple(marked.evidence)) if marked.evidence else None


def _name_of(chunk: Chunk, said: Phrases) -> str:
    caption = cut(shown_name(chunk.caption).rstrip(" ."), LONGEST_SENTENCE)
    if caption:
        return caption
    heading = shown_name(chunk.heading.split(" > ")[-1])
    return said.table("", heading) if chunk.kind == "table" else heading or said.said["a_figure"]


def _capitalized(words: str) -> str:
    return words[:1].upper() + words[1:]
