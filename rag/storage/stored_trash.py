"""The trash of a library whose files lie elsewhere: nothing is moved, parts are called otherwise."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from ingestion.elements import Document
from rag.disk import write_whole
from rag.storage.files.document_files import PARSED, PARSER, to_json
from rag.storage.files.elsewhere import Elsewhere
from rag.storage.files.stored_files import StoredArrays, StoredDocuments
from rag.storage.reader import IndexReader
from rag.storage.records import stored_parts
from rag.storage.records.stored_parts import DOCUMENT, NOTE, TRASH
from rag.storage.tables.database import raise_revision, utc_now
from rag.storage.vectors.files import VectorFiles


class Trashed(NamedTuple):
    """A removed document. ``pages`` is a count, ``added`` and ``removed`` are UTC (ISO 8601), ``place`` is where it
    stood in the list."""

    id: str
    name: str
    pages: int
    added: str
    removed: str
    place: int | None


class StoredTrash:
    """See :class:`rag.storage.trash.DiskTrash`, which does the same on the disk."""

    def __init__(self, index: IndexReader, elsewhere: Elsewhere) -> None:
        self._index, self._elsewhere = index, elsewhere
        self._files = StoredDocuments(index.root, elsewhere, f"{TRASH}{DOCUMENT}")

    def rows(self) -> list[Trashed]:
        """What is in the trash."""
        with self._index.catalogue.reading() as db:
            return [Trashed(**json.loads(text)) for text in stored_parts.notes(db).values()]

    def row(self, doc_id: str) -> Trashed | None:
        """One document; None where it is not in the trash."""
        return next((row for row in self.rows() if row.id == doc_id), None)

    def ids(self) -> list[str]:
        """Of documents of which anything is in the trash."""
        return sorted({part.doc for part in self._elsewhere.parts() if part.part.startswith(TRASH)})

    def size(self, doc_id: str = "") -> int:
        """Bytes in the store, of one document or of all."""
        parts = [part for part in self._elsewhere.labels() if part.startswith(TRASH)]
        return sum(self._elsewhere.bytes_of(part, doc_id) for part in parts)

    def parsed(self, doc_id: str) -> Path:
        """The file that says how a document was read."""
        return self._files.file(doc_id, PARSED)

    def parser(self, doc_id: str) -> Path:
        """The file that says with what."""
        return self._files.file(doc_id, PARSER)

    def rewrite(self, document: Document) -> None:
        """In place of how it was read."""
        folder = self._index.files.stage()
        write_whole(folder / PARSED, to_json(document))
        self._files.amend(document.id, {PARSED: folder / PARSED})
        self._index.files.discard(folder)

    def has_files(self, doc_id: str) -> bool:
        """Whether the folder of a removed document is there."""
        return self._files.exists(doc_id)

    @contextmanager
    def pictures(self, document: Document) -> Iterator[Path]:
        """See :meth:`rag.storage.files.document_files.DocumentFiles.pictures`."""
        with self._files.pictures(document) as folder:
            yield folder

    def vectors(self, doc_id: str) -> VectorFiles:
        """The arrays that a removed document has for the generation that is live now, or is given."""
        live, settings = self._index.generation, self._index.settings
        return StoredArrays(self._index.root, self._elsewhere, f"{TRASH}{live.label}", live.dim, settings.store)

    def write_note(self, said: Trashed) -> None:
        """In place of what is there of that document."""
        self.discard(said.id)
        with self._index.catalogue.writing() as db:
            stored_parts.write_note(db, said.id, json.dumps(said._asdict(), ensure_ascii=False), utc_now())

    def move_in(self, doc_id: str) -> None:
        """Files, and vectors of the live generation."""
        for part in (self._index.generation.label, DOCUMENT):
            self._elsewhere.rename(doc_id, part, f"{TRASH}{part}")

    def move_out(self, doc_id: str) -> None:
        """The same, back."""
        for part in (self._index.generation.label, DOCUMENT):
            self._elsewhere.rename(doc_id, f"{TRASH}{part}", part)

    def discard(self, doc_id: str) -> None:
        """Let go of all that is in the trash of a document."""
        with self._index.catalogue.writing() as db:
            found = [part.part for part in stored_parts.parts_of(db, doc_id) if part.part.startswith(TRASH)]
            for part in found:
                stored_parts.drop(db, doc_id, part)
            if found:
                raise_revision(db)

    forget = discard

    def has_note(self, doc_id: str) -> bool:
        """Whether it is to be kept."""
        with self._index.catalogue.reading() as db:
            return stored_parts.current(db, doc_id, NOTE) is not None
