"""One moment of an index, opened for one query: what every step of its search reads from, each fact once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from rag.storage.full_text.index import FullText, Where
from rag.storage.full_text.term_vectors import DocumentWords
from rag.types import Float32Array, Modality, Query

if TYPE_CHECKING:
    from rag.encoders.base import Encoder
    from rag.storage.reader import IndexReader
    from rag.storage.vectors.calibration import Calibration

FEW_DOCUMENTS = 3


@dataclass(frozen=True)
class Snapshot:
    """To be used inside :meth:`rag.storage.reader.IndexReader.snapshot`.

    ``fresh``: nothing is taken from memory, not even the words of a picture that was read before.
    """

    index: IndexReader
    query: Query
    fresh: bool = False
    _documents: dict[int, DocumentWords] = field(default_factory=dict, init=False, repr=False, compare=False)

    @cached_property
    def text(self) -> FullText:
        """The full text of this moment."""
        return self.index.catalogue.full_text()

    @cached_property
    def languages(self) -> tuple[str, ...]:
        """Those that the pages to be searched are in (ISO 639-1)."""
        return self.text.languages(self.where.documents)

    @cached_property
    def encoder(self) -> Encoder:
        """The encoder of the index. Raises :class:`~rag.errors.EncoderMismatch` where the settings ask for another."""
        return self.index.encoder

    @cached_property
    def means(self) -> Mapping[tuple[Modality, str], Float32Array]:
        """The mean of each part of the vectors, (columns of the part,), per modality and name of the part."""
        return self.index.means

    @cached_property
    def calibration(self) -> Calibration | None:
        """How well pictures are found by words; None where that was not measured."""
        return self.index.calibration

    @cached_property
    def chosen(self) -> tuple[DocumentWords, ...] | None:
        """The documents that the query is confined to; None where it is not."""
        within = self.query.within
        return None if within is None else tuple(self.text.documents(within))

    @cached_property
    def where(self) -> Where:
        """Where to look, as the full text takes it."""
        return Where(None if self.chosen is None else tuple(row.no for row in self.chosen), self.query.pages)

    @cached_property
    def there(self) -> frozenset[int] | None:
        """Numbers of the documents whose words may be told to who asks; None: all."""
        library = self.query.library
        return None if library is None else frozenset(row.no for row in self.text.documents(library))

    @cached_property
    def page_count(self) -> int | None:
        """How many pages the chosen documents have in all; None for the whole library."""
        return None if self.chosen is None else sum(row.pages for row in self.chosen)

    @property
    def few(self) -> bool:
        """Whether the query is confined to few documents, as one that names its document is."""
        return self.query.docs is not None and len(self.query.docs) <= FEW_DOCUMENTS

    def documents(self, numbers: Iterable[int]) -> dict[int, DocumentWords]:
        """Size and title of documents by number, in the order of the numbers; none is read twice."""
        wanted = sorted(set(numbers))
        self._documents.update(self.text.numbered(no for no in wanted if no not in self._documents))
        return {no: self._documents[no] for no in wanted if no in self._documents}
