"""The passages that are labelled with a quantity which a question asks for in other words: "Weight" where it says "how
heavy", "Gewicht" where it is asked in English.

Neither the words nor the meaning of "How heavy is it?" are in a table of technical data, so that other passages are
found before it. Where none of the first hits has such a label, the question is asked once more with those that the
documents' languages have for it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from ingestion.elements import Chunk
from ingestion.formats.detect import bare_name
from rag.answering.languages.data import LANGUAGES, language_data
from rag.answering.languages.wordings import is_spaced, plain
from rag.answering.questions.kinds import Quantity, kinds_of
from rag.answering.questions.quantities_asked import asks_of_itself
from rag.answering.questions.sought import measures
from rag.retrieval.search import search
from rag.text.passages import content_terms
from rag.types import Hit, Query

if TYPE_CHECKING:
    from rag.storage.reader import IndexReader

SOON = 8
"""Hits, the first ones, that surely become evidence."""

AFTER = 2
"""Hits of the question itself that stay before those with the label."""

MOST_ADDED = 3
"""Hits with the label that are added."""

MOST_HITS = 12
"""Hits that are looked through for it."""

FIRST_CELLS, LONGEST_LABEL = 2, 8
"""Cells of a row, and words in one, that may be its label."""

FIRST_WORDS = 4
"""The same of a line."""

Labels = Mapping[str, frozenset[str]]
"""By language, what labels call the quantities asked for, as :func:`rag.answering.languages.wordings.plain` has it."""


def with_quantities(index: IndexReader, query: Query, hits: Sequence[Hit]) -> Sequence[Hit]:
    """The hits of a question; where it asks for a quantity that none of the first is labelled with, with those that
    are, be they later ones or found by such a label."""
    kinds = kinds_of(query.text)
    if query.image is not None or not hits or kinds.wants("procedure", "cause", "meaning"):
        return hits
    if not kinds.quantities or not asks_of_itself(query.text, kinds, _known_by(index, hits)):
        return hits
    labels = _labels(index, query, kinds.quantities)
    if not labels or any(_is_labelled(hit.chunk, labels, kinds.quantities) for hit in hits[:SOON]):
        return hits
    names = " ".join(dict.fromkeys(word for words in labels.values() for word in sorted(words)))
    found = search(index, replace(query, text=f"{query.text} {names}"), MOST_HITS).hits
    known = {hit.chunk.id for hit in hits[:SOON]}
    more = [hit for hit in (*found, *hits[SOON:]) if hit.chunk.id not in known]
    once = {hit.chunk.id: hit for hit in reversed(more) if _is_labelled(hit.chunk, labels, kinds.quantities)}
    added = list(reversed(once.values()))[:MOST_ADDED]
    ids = {hit.chunk.id for hit in added}
    return [*hits[:AFTER], *added, *(hit for hit in hits[AFTER:] if hit.chunk.id not in ids)]


def _known_by(index: IndexReader, hits: Sequence[Hit]) -> frozenset[str]:
    """The terms of the titles and names of the documents that are found first."""
    found = {hit.chunk.doc for hit in hits[:SOON]}
    rows = [row for row in index.catalogue.documents() if row.id in found]
    return frozenset(content_terms(" ".join(f"{row.title} {bare_name(row.name)}" for row in rows)))


def _labels(index: IndexReader, query: Query, quantities: Iterable[Quantity]) -> Labels:
    """In the languages that the documents to be searched are in."""
    text = index.catalogue.full_text()
    numbers = None if query.within is None else [row.no for row in text.documents(query.within)]
    spoken = [language for language in text.languages(numbers) if language in LANGUAGES]
    found: dict[str, frozenset[str]] = {}
    for language in spoken:
        measured = language_data(language).measured
        words = [plain(word, language) for name in quantities for word in measured.get(name, ())]
        found |= {language: frozenset(words)} if words else {}
    return found


def _is_labelled(chunk: Chunk, labels: Labels, quantities: Iterable[Quantity]) -> bool:
    """Whether a line of a passage, or a row of its tables, begins with such a label and has a number with a unit of the
    quantity."""
    wanted = frozenset(quantities)
    lines = (line for line in chunk.text.splitlines() if any(map(str.isdigit, line)))
    return any(_names(_label_of(line), labels) and measures(wanted, line) for line in lines)


def _label_of(line: str) -> str:
    """The first cells of a row, which may name the part of a table that it is in, or what stands before a colon."""
    cells = [cell for cell in line.split("|") if cell.strip()]
    if len(cells) > 1:
        return " ".join(cell for cell in cells[:FIRST_CELLS] if len(cell.split()) <= LONGEST_LABEL)
    return " ".join(line.split(":")[0].split()[:FIRST_WORDS])


def _names(line: str, labels: Labels) -> bool:
    for language, words in labels.items():
        said = plain(line, language)
        if not is_spaced(language):
            if any(word in said for word in words):
                return True
        elif any(own.startswith(word) or own.endswith(word) for own in said.split() for word in words):
            return True
    return False
