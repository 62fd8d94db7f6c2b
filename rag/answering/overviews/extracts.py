"""What a document is about at a glance: its first sentences, its main headings, and questions that it can answer.

Nothing is made up: sentences, headings and captions are the document's own, and a question only names what is there.
The questions are in the document's language, where its answers are, too.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from rag.answering.languages.data import LANGUAGES
from rag.answering.overviews.small_talk import askable, shown_name
from rag.answering.overviews.summaries import introduction, is_part, main_headings
from rag.answering.questions.phrases import phrases
from rag.retrieval.codes import codes
from rag.storage.full_text.index import FullText

if TYPE_CHECKING:
    from ingestion.elements import Chunk
    from rag.storage.reader import IndexReader
    from rag.storage.records.catalogue import DocumentRow

MOST_HEADINGS = 8
LEAST_CODES = 3  # codes in the first column from which a table is a list of codes
LONGEST_CODE = 12  # characters
CODE_QUESTIONS = {
    "de": "Was bedeutet {}?",
    "es": "¿Qué significa {}?",
    "fr": "Que signifie {} ?",
    "it": "Che cosa significa {}?",
    "ja": "{}は何を意味しますか？",
    "nl": "Wat betekent {}?",
    "pl": "Co oznacza {}?",
    "pt": "O que significa {}?",
    "tr": "{} ne anlama gelir?",
    "zh": "{}是什么意思？",
}


class Extract(NamedTuple):
    """``opening`` is empty where no sentence says something; ``page`` is where it stands. Headings have their page."""

    opening: str
    page: int
    headings: tuple[tuple[str, int], ...]
    questions: tuple[str, ...]


def extract_of(index: IndexReader, row: DocumentRow) -> Extract:
    """Of one document that is in the index."""
    chunks = index.catalogue.chunks_of(row.id)
    texts = [chunk for chunk in chunks if chunk.kind == "text"]
    first = introduction(texts)
    headings = tuple((shown_name(name), chunk.page) for name, chunk in main_headings(texts, row)[:MOST_HEADINGS])
    language = _language(index, row)
    said = phrases(language)
    asked = CODE_QUESTIONS.get(language, "What does {} mean?")
    questions = [asked.format(code) for code in list(_codes(chunks))[:1]]
    questions += [said.example(one.kind, one.name) for one in askable(index, row) if is_part(one.name)]
    return Extract(first[0] if first else "", first[1].page if first else 0, headings, tuple(questions))


def _language(index: IndexReader, row: DocumentRow) -> str:
    with index.snapshot():
        text = FullText(index.catalogue.connection)
        known = text.languages([document.no for document in text.documents([row.id])])
    return next((language for language in known if language in LANGUAGES), LANGUAGES[0])


def _codes(chunks: list[Chunk]) -> Iterator[str]:
    """The first code of each table that lists several."""
    for chunk in chunks:
        if chunk.kind == "table":
            column = [cells[1].strip() for line in chunk.text.splitlines() if len(cells := line.split("|")) > 3]
            listed = [cell for cell in column if _is_code(cell)]
            if len(set(listed)) >= LEAST_CODES:
                yield listed[0]


def _is_code(cell: str) -> bool:
    found = codes(cell) if re.fullmatch(rf"\S{{2,{LONGEST_CODE}}}", cell) else ()
    return len(found) == 1 and found[0].written == cell
