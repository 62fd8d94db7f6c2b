"""What is answered without looking anything up: a greeting, thanks, "what can you do", "which documents do you have".

The answers say what the library holds, in the language of the question, and cite nothing: they are no statements of a
document.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Literal, NamedTuple

from ingestion.elements import Chunk
from ingestion.formats.detect import bare_name
from ingestion.text.caption_labels import without_label
from rag.answering.citing.markers import without_brackets
from rag.answering.questions.kinds import QuestionKinds
from rag.answering.questions.phrases import Phrases
from rag.types import Query

if TYPE_CHECKING:
    from rag.storage.reader import IndexReader
    from rag.storage.records.catalogue import DocumentRow

MOST_LISTED = 30
"""Documents that are named; of more the number is said."""

FEW_LISTED = 5
"""The same beside what can be done."""

EXAMPLES = 2
"""Example questions."""

DOCUMENTS_FOR_EXAMPLES = 4
"""Documents that are looked through for them."""

SHORTEST_NAME, LONGEST_NAME = 8, 70
"""Characters of a caption or heading from which an example is made."""


def small_talk(index: IndexReader, query: Query, kinds: QuestionKinds, said: Phrases) -> str:
    """The answer to a question that wants nothing but :data:`rag.answering.questions.kinds.SMALL_TALK`, as Markdown."""
    rows = [row for row in index.catalogue.documents() if query.within is None or row.id in query.within]
    if not rows:
        return said.you_are_welcome if kinds.kinds == {"thanks"} else said.empty
    parts = []
    if kinds.wants("ability"):
        parts = [said.can_do, _documents(rows, query, said, FEW_LISTED), _examples(index, rows, said)]
    elif kinds.wants("documents"):
        parts = [_documents(rows, query, said, MOST_LISTED)]
    elif kinds.wants("greeting"):
        parts = [said.hello, _examples(index, rows, said)]
    else:
        parts = [said.you_are_welcome]
    return "\n\n".join(part for part in parts if part)


def document_line(row: DocumentRow, said: Phrases) -> str:
    """A document's name, its title where that says more, and how many pages it has."""
    name, title = shown_name(row.name), shown_name(row.title)
    more = f" – {title}" if title and title.casefold() != bare_name(row.name).casefold() else ""
    return f"{name}{more} ({said.pages(row.pages)})"


def shown_name(text: str) -> str:
    """A name on one line, without what could pass for a marker."""
    return without_brackets(" ".join(text.split()))


def _documents(rows: Sequence[DocumentRow], query: Query, said: Phrases, most: int) -> str:
    lines = [f"- {document_line(row, said)}" for row in rows[:most]]
    if len(rows) > most:
        lines.append(f"- {said.more(len(rows) - most)}")
    return "\n".join([said.library(len(rows), sum(row.pages for row in rows), query.docs is not None), "", *lines])


def _examples(index: IndexReader, rows: Sequence[DocumentRow], said: Phrases) -> str:
    """Questions that the documents can answer, of different kinds and documents where there are several."""
    found = [one for row in rows[:DOCUMENTS_FOR_EXAMPLES] for one in askable(index, row)]
    chosen: list[Askable] = []
    while found and len(chosen) < EXAMPLES:
        kinds, docs = {one.kind for one in chosen}, {one.doc for one in chosen}
        best = min(found, key=lambda one: (one.kind in kinds, one.doc in docs))
        chosen.append(best)
        found = [one for one in found if one.name != best.name]
    lines = [f"- {said.example(one.kind, one.name)}" for one in chosen]
    return "\n".join([said.for_example, "", *lines]) if lines else ""


Part = Literal["table", "figure", "heading"]


class Askable(NamedTuple):
    """Something of a document that a question can name: by what, and as which part of it."""

    doc: str
    kind: Part
    name: str


def askable(index: IndexReader, row: DocumentRow) -> Iterator[Askable]:
    """A table and a figure by their captions and a passage by its heading, the first of each in a document."""
    chunks = index.catalogue.chunks_of(row.id)
    named: dict[Part, Iterator[str]] = {
        "table": (_caption(chunk) for chunk in chunks if chunk.kind == "table"),
        "figure": (_caption(chunk) for chunk in chunks if chunk.kind == "figure"),
        "heading": map(_heading, chunks),
    }
    for kind, names in named.items():
        name = next((name for name in names if _can_be_asked(name) and name.casefold() != row.title.casefold()), "")
        if name:
            yield Askable(row.id, kind, name)


def _caption(chunk: Chunk) -> str:
    return shown_name(without_label(chunk.caption)).rstrip(" .:")


def _heading(chunk: Chunk) -> str:
    """The last heading above a passage, of a document's parts only: the first one is often its title."""
    named = chunk.heading.split(" > ")
    return shown_name(named[-1]).strip(" .:") if chunk.kind == "text" and len(named) > 1 else ""


def _can_be_asked(name: str) -> bool:
    letters = sum(letter.isalpha() for letter in name)
    return SHORTEST_NAME <= len(name) <= LONGEST_NAME and letters > len(name) / 2 and "“" not in name
