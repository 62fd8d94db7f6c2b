"""The passages that are labelled with a quantity which a question asks for in other words: "Weight" where it says "how
heavy", "Gewicht" where it is asked in English.

Neither the words nor the meaning of "How heavy is it?" are in a table of technical data, so that other passages are
found before it. Where none of the first hits has such a label, the question is asked once more with those that the
documents' languages have for it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ingestion.elements import Chunk
from ingestion.formats.detect import bare_name
from rag.answering.evidence.codes_named import SOON
from rag.answering.facts.amounts import units_in
from rag.answering.facts.units import MEASURES
from rag.answering.languages.data import measured
from rag.answering.languages.wordings import is_spaced, plain
from rag.answering.passages.quotations import asked_terms
from rag.answering.questions.kinds import Quantity, kinds_of
from rag.answering.questions.language import HAN, KANA
from rag.answering.questions.quantities_asked import asks_of_itself
from rag.answering.questions.sought import measures
from rag.retrieval.search import search
from rag.text.analysis import HANGUL
from rag.text.passages import content_terms
from rag.types import Hit, Query

if TYPE_CHECKING:
    from rag.storage.reader import IndexReader

AFTER = 2
"""Hits of the question itself that stay before those with the label."""

MOST_ADDED = 3
"""Hits with the label that are added."""

MOST_HITS = 12
"""Hits that are looked through for it."""

_SCRIPTS = {"zh": HAN, "ja": KANA, "ko": re.compile(f"[{HANGUL}]")}

FIRST_CELLS, LONGEST_LABEL = 2, 8
"""Cells of a row, and words in one, that may be its label."""

FIRST_WORDS = 4
"""The same of a line."""

Labels = Mapping[str, frozenset[str]]
"""By language, what labels call the quantities asked for, as :func:`rag.answering.languages.wordings.plain` has it."""


def with_quantities(index: IndexReader, query: Query, hits: Sequence[Hit]) -> Sequence[Hit]:
    """The hits of a question; where it asks for a quantity that none of the first is labelled with, or measures, with
    those that are, be they later ones or found by such a label."""
    kinds = kinds_of(query.text)
    measured_value = kinds.quantities and kinds.wants("value") and not kinds.wants("procedure", "cause", "meaning")
    if query.image is not None or not hits or not measured_value:
        return hits
    labels = _labels(index, query, kinds.quantities, hits)
    itself = asks_of_itself(query.text, kinds, _known_by(index, hits))
    wanted = _Wanted(kinds.quantities, labels, frozenset() if itself else frozenset(asked_terms(query.text)))
    if not labels or any(wanted.told_in(hit.chunk) for hit in hits[:SOON]):
        return hits
    names = " ".join(dict.fromkeys(word for words in labels.values() for word in sorted(words)))
    found = search(index, replace(query, text=f"{query.text} {names}"), MOST_HITS).hits
    known = {hit.chunk.id for hit in hits[:SOON]}
    more = [hit for hit in (*found, *hits[SOON:]) if hit.chunk.id not in known]
    once = {hit.chunk.id: hit for hit in reversed(more) if wanted.told_in(hit.chunk)}
    added = list(reversed(once.values()))[:MOST_ADDED]
    ids = {hit.chunk.id for hit in added}
    return [*hits[:AFTER], *added, *(hit for hit in hits[AFTER:] if hit.chunk.id not in ids)]


@dataclass(frozen=True)
class _Wanted:
    """The ``quantities`` asked for with their ``labels``, and the ``terms`` of what else is asked: none where they are
    those of the thing itself."""

    quantities: frozenset[Quantity]
    labels: Labels
    terms: frozenset[str]

    def told_in(self, chunk: Chunk) -> bool:
        """Whether a line of a passage, or a row of its tables, has a number with a unit of the quantity and, of the
        thing itself, begins with its label; of a part of it, has a word of what is asked."""
        lines = (line for line in chunk.text.splitlines() if any(map(str.isdigit, line)))
        measuring = (line for line in lines if measures(self.quantities, line) or self._in_unit(_label_of(line)))
        if not self.terms:
            return any(_names(_label_of(line), self.labels) for line in measuring)
        return any(self.terms.intersection(content_terms(line)) for line in measuring)

    def _in_unit(self, label: str) -> bool:
        """Whether a label names a unit of the quantity, "Weight (kg)": the value beside it need not."""
        bases = frozenset[str]().union(*(MEASURES.get(name, frozenset()) for name in self.quantities))
        return any(unit.base in bases for unit in units_in(label))


def _known_by(index: IndexReader, hits: Sequence[Hit]) -> frozenset[str]:
    """The terms of the titles and names of the documents that are found first."""
    rows = map(index.catalogue.document, dict.fromkeys(hit.chunk.doc for hit in hits[:SOON]))
    return frozenset(content_terms(" ".join(f"{row.title} {bare_name(row.name)}" for row in rows)))


def _labels(index: IndexReader, query: Query, quantities: Iterable[Quantity], hits: Sequence[Hit]) -> Labels:
    """In the languages that the documents to be searched are in; the full text tells those with spaces, the letters of
    the first hits the others."""
    text = index.catalogue.full_text()
    numbers = None if query.within is None else [row.no for row in text.documents(query.within)]
    letters = " ".join(hit.chunk.text for hit in hits[:SOON])
    unspaced = [language for language, script in _SCRIPTS.items() if script.search(letters)]
    known = measured()
    spoken = [language for language in (*text.languages(numbers), *unspaced) if language in known]
    found = {one: frozenset(w for name in quantities for w in known[one].get(name, ())) for one in spoken}
    return {language: words for language, words in found.items() if words}


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
