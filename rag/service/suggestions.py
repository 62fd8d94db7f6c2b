"""Questions that the library can answer, made from its own captions, headings and codes, for a page that is empty."""

from __future__ import annotations

from typing import NamedTuple

from rag.lru import Recent
from rag.service.library import Documents
from rag.storage.records.catalogue import DocumentRow

LOOKED_THROUGH = 4  # documents, the latest; one takes .1 to .3 s, once
REMEMBERED = 256  # documents whose questions are known


class Suggestion(NamedTuple):
    """A question, and the name of the document that it was made from."""

    doc: str
    question: str


class Suggestions:
    """Of one library. May be used from any thread."""

    def __init__(self, documents: Documents) -> None:
        self._documents = documents
        self._known: Recent[tuple[str, int], tuple[str, ...]] = Recent(REMEMBERED)  # by id and number of passages

    def of_now(self, most: int) -> tuple[Suggestion, ...]:
        """Up to so many about documents that who asks sees: of different ones before further ones of the same."""
        rows = self._documents.listed()[: -LOOKED_THROUGH - 1 : -1]
        asked = [[Suggestion(row.name, question) for question in self._of(row)] for row in rows]
        longest = max((len(each) for each in asked), default=0)
        return tuple(each[place] for place in range(longest) for each in asked if place < len(each))[:most]

    def _of(self, row: DocumentRow) -> tuple[str, ...]:
        key = row.id, row.chunks
        found = self._known.get(key)
        if found is None:
            from rag.answering.overviews.extracts import extract_of  # brings the languages: not before the page is up

            found = extract_of(self._documents.index, row).questions
            self._known.put(key, found)
        return found
