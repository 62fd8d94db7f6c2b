"""Removed documents, kept for a while: whole, but no part of the index, so that nothing finds, counts or compares them.

    <index>/trash/<document id>/trash.json            what it was called, and when it was removed
    <index>/trash/<document id>/document/             its folder
    <index>/trash/<document id>/<generation label>/   its vectors of the generation that was live then

The note is written before the document leaves the catalogue, its files are moved afterwards; on the way back the
catalogue comes last and the note is deleted after it. So a document is in the trash where it has a note and is not in
the catalogue, and whoever writes next can finish what was cut short (:func:`carry_out`). Where files lie elsewhere
(:mod:`rag.storage.stored_trash`) the same holds of their rows.
"""

from __future__ import annotations

import difflib
import json
import logging
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from ingestion.elements import Document
from ingestion.formats.detect import bare_name
from rag.disk import bytes_below, disk_errors, write_whole
from rag.errors import AmbiguousDocument, IndexDamaged, UnknownDocument
from rag.storage.files.document_files import PARSED, PARSER, from_json, parser_of, to_json
from rag.storage.reader import IndexReader
from rag.storage.records.catalogue import MIN_PREFIX, NEAR_NAMES, DocumentRow
from rag.storage.stored_trash import StoredTrash, Trashed
from rag.storage.tables.database import utc_now
from rag.storage.vectors.files import VectorFiles

TRASH = "trash"
NOTE = "trash.json"
DAY = 86_400  # seconds
log = logging.getLogger(__name__)


class DiskTrash:
    """The folders of removed documents in an index folder."""

    def __init__(self, index: IndexReader) -> None:
        self._index = index

    def place(self, doc_id: str) -> Path:
        """The folder of a removed document."""
        return self._index.root / TRASH / doc_id

    def rows(self) -> list[Trashed]:
        """What is in the trash."""
        return [row for doc_id in self.ids() if (row := self.row(doc_id)) is not None]

    def row(self, doc_id: str) -> Trashed | None:
        """One document; None where it is not in the trash. Of a note that cannot be read what the files still say."""
        return _read(self.place(doc_id)) if doc_id and self.place(doc_id).is_dir() else None

    def ids(self) -> list[str]:
        """Of documents of which anything is in the trash."""
        folder = self._index.root / TRASH
        return sorted(path.name for path in folder.iterdir() if path.is_dir()) if folder.is_dir() else []

    def size(self, doc_id: str = "") -> int:
        """Bytes on the disk, of one document or of all."""
        return bytes_below(self.place(doc_id) if doc_id else self._index.root / TRASH)

    def parsed(self, doc_id: str) -> Path:
        """The file that says how a document was read."""
        return self.place(doc_id) / "document" / PARSED

    def parser(self, doc_id: str) -> Path:
        """The file that says with what."""
        return self.place(doc_id) / "document" / PARSER

    def rewrite(self, document: Document) -> None:
        """In place of how it was read."""
        write_whole(self.parsed(document.id), to_json(document))

    def has_files(self, doc_id: str) -> bool:
        """Whether the folder of a removed document is there."""
        return (self.place(doc_id) / "document").is_dir()

    @contextmanager
    def pictures(self, document: Document) -> Iterator[Path]:
        """See :meth:`rag.storage.files.document_files.DocumentFiles.pictures`."""
        yield self.place(document.id) / "document"

    def vectors(self, doc_id: str) -> VectorFiles:
        """The arrays that a removed document has for the generation that is live now, or is given."""
        live = self._index.generation
        return VectorFiles(self.place(doc_id) / live.label, live.dim, self._index.settings.store)

    def write_note(self, said: Trashed) -> None:
        """In place of all that is there of that document."""
        self.discard(said.id)
        write_whole(self.place(said.id) / NOTE, json.dumps(said._asdict(), ensure_ascii=False).encode())

    def has_note(self, doc_id: str) -> bool:
        """Whether it is to be kept."""
        return (self.place(doc_id) / NOTE).is_file()

    def move_in(self, doc_id: str) -> None:
        """Files, and vectors of the live generation."""
        files = self._index.files.document(doc_id)
        self.vectors(doc_id).take(doc_id, self._index.vectors.arrays.folder)
        if files.is_dir():
            self._index.files.move(files, self.place(doc_id) / "document")

    def move_out(self, doc_id: str) -> None:
        """The same, back."""
        self._index.vectors.arrays.take(doc_id, self.vectors(doc_id).folder)
        self._index.files.adopt_whole(doc_id, self.place(doc_id) / "document")

    def discard(self, doc_id: str) -> None:
        """Delete all that is in the trash of a document."""
        self._index.files.discard(self.place(doc_id))

    def forget(self, doc_id: str) -> None:
        """The same, away in one rename."""
        folder = self.place(doc_id)
        if folder.is_dir():
            removed = self._index.files.stage()
            with disk_errors(folder):
                folder.replace(removed / doc_id)
            self._index.files.discard(removed)


def of(index: IndexReader) -> DiskTrash | StoredTrash:
    """The trash of an index, wherever its files lie."""
    return DiskTrash(index) if index.elsewhere is None else StoredTrash(index, index.elsewhere)


def listed(index: IndexReader) -> list[Trashed]:
    """What is in the trash, the latest first."""
    return sorted(of(index).rows(), key=lambda row: (row.removed, row.name), reverse=True)


def size(index: IndexReader, doc_id: str = "") -> int:
    """Bytes, of one document or of the whole trash."""
    return of(index).size(doc_id)


def trashed(index: IndexReader, doc_id: str) -> Trashed | None:
    """One document; None where it is not in the trash."""
    return of(index).row(doc_id)


def find(index: IndexReader, name: str) -> Trashed:
    """By name, name without its extension, id, or the first characters of an id; upper and lower case are one.

    Raises :class:`UnknownDocument` with the nearest names, :class:`AmbiguousDocument` with the ids to choose from.
    """
    rows, wanted = listed(index), name.strip().casefold()
    found = [row for row in rows if wanted in (row.id, row.name.casefold(), bare_name(row.name.casefold()))]
    if not found and len(wanted) >= MIN_PREFIX:
        found = [row for row in rows if row.id.startswith(wanted)]
    if len(found) == 1:
        return found[0]
    if found:
        choices = ", ".join(f"{row.id[:12]} (removed {row.removed[:10]})" for row in found)
        raise AmbiguousDocument(f"{len(found)} documents in the trash are called {name!r}; name one by id: {choices}")
    near = difflib.get_close_matches(wanted, [row.name.casefold() for row in rows], NEAR_NAMES, cutoff=0.4)
    close = ", ".join(row.name for row in rows if row.name.casefold() in near)
    hint = f"did you mean {close}?" if close else "`python -m rag trash list` shows what is there"
    raise UnknownDocument(f"No document called {name!r} in the trash; {hint}")


def document(index: IndexReader, doc_id: str) -> Document:
    """As it was read. Raises :class:`IndexDamaged`."""
    path = of(index).parsed(doc_id)
    try:
        return from_json(path.read_bytes())
    except (OSError, ValueError, KeyError, TypeError, RecursionError) as exc:
        raise IndexDamaged(f"{path} cannot be read ({exc}); add the file of this document again") from exc


def parser(index: IndexReader, doc_id: str) -> dict[str, Any]:
    """With what it was read; empty where that was not noted. Raises :class:`IndexDamaged`."""
    return parser_of(of(index).parser(doc_id))


def rewrite(index: IndexReader, document: Document) -> None:
    """In place of how it was read: it is called otherwise now."""
    of(index).rewrite(document)


def vectors(index: IndexReader, doc_id: str) -> VectorFiles:
    """The arrays that a removed document has for the generation that is live now, or is given."""
    return of(index).vectors(doc_id)


def pictures(index: IndexReader, document: Document) -> AbstractContextManager[Path]:
    """The folder of a removed document with its pictures."""
    return of(index).pictures(document)


# -- with the right to write -----------------------------------------------------------------------------------------


def note(index: IndexReader, row: DocumentRow) -> None:
    """Before a document leaves the catalogue: that it is to be kept."""
    with index.catalogue.reading() as db:
        place = db.execute("SELECT rowid FROM documents WHERE id = ?", (row.id,)).fetchone()
    of(index).write_note(Trashed(row.id, row.name, row.pages, row.added, utc_now(), place[0] if place else None))


def move_in(index: IndexReader, doc_id: str) -> None:
    """After it has left the catalogue: its files and its vectors. May be repeated where it was cut short."""
    of(index).move_in(doc_id)


def move_out(index: IndexReader, doc_id: str) -> None:
    """Back to where committed documents have them; the catalogue comes after this, then :func:`forget`."""
    of(index).move_out(doc_id)


def carry_out(index: IndexReader) -> None:
    """Finish what was cut short: what the catalogue has is not in the trash, and what it has not is there whole."""
    trash, committed = of(index), set(index.catalogue.ids())
    for doc_id in trash.ids():
        if doc_id in committed and not index.files.exists(doc_id) and trash.parsed(doc_id).is_file():
            move_out(index, doc_id)  # the machine lost power, and the disk kept the move but not the removal
        wanted = doc_id not in committed and trash.has_note(doc_id)
        if wanted:
            move_in(index, doc_id)
        if not wanted or not trash.has_files(doc_id):
            trash.discard(doc_id)


def keep(index: IndexReader, document: Document) -> None:
    """A document that lies among the files of the index and is not in the catalogue: it can be taken back."""
    now = utc_now()
    of(index).write_note(Trashed(document.id, document.name, len(document.pages), now, now, None))
    move_in(index, document.id)


def forget(index: IndexReader, doc_id: str) -> None:
    """Delete a removed document for good; nothing happens where it is not there."""
    of(index).forget(doc_id)


def due(index: IndexReader, days: float) -> list[str]:
    """Ids of what was removed longer ago than so many days."""
    oldest = time.time() - days * DAY
    return [row.id for row in listed(index) if _seconds(row.removed) <= oldest]


def _read(folder: Path) -> Trashed | None:
    """None of one that is not to be kept; where the note cannot be read, what the files still say."""
    path = folder / NOTE
    try:
        raw = json.loads(path.read_bytes())
        said = (str(raw["name"]), int(raw["pages"]), str(raw["added"]), str(raw["removed"]))
        return Trashed(folder.name, *said, raw["place"])
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError) as exc:
        log.warning("%s cannot be read: %s", path, exc)
        moment = datetime.fromtimestamp(folder.stat().st_mtime, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        return Trashed(folder.name, folder.name[:12], 0, moment, moment, None)


def _seconds(moment: str) -> float:
    try:
        return datetime.fromisoformat(moment).timestamp()
    except ValueError:
        return time.time()  # a date that nobody understands is not old
