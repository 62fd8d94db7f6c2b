"""Removed documents, kept for a while: whole, but no part of the index, so that nothing finds, counts or compares them.

    <index>/trash/<document id>/trash.json            what it was called, and when it was removed
    <index>/trash/<document id>/document/             its folder
    <index>/trash/<document id>/<generation label>/   its vectors of the generation that was live then

The note is written before the document leaves the catalogue, its files are moved afterwards; on the way back the
catalogue comes last and the note is deleted after it. So a document is in the trash where it has a note and is not in
the catalogue, and whoever writes next can finish what was cut short (:func:`carry_out`).
"""

from __future__ import annotations

import difflib
import json
import logging
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from ingestion.elements import Document
from ingestion.formats.detect import bare_name
from rag.disk import bytes_below, disk_errors, write_whole
from rag.errors import AmbiguousDocument, IndexDamaged, UnknownDocument
from rag.storage.catalogue import MIN_PREFIX, NEAR_NAMES, DocumentRow
from rag.storage.database import utc_now
from rag.storage.document_files import PARSED, from_json, to_json
from rag.storage.reader import IndexReader
from rag.storage.vector_files import VectorFiles

TRASH = "trash"
NOTE = "trash.json"
DAY = 86_400  # seconds
log = logging.getLogger(__name__)


class Trashed(NamedTuple):
    """A removed document. ``pages`` is a count, ``added`` and ``removed`` are UTC (ISO 8601), ``place`` is where it
    stood in the list."""

    id: str
    name: str
    pages: int
    added: str
    removed: str
    place: int | None


def place_of(root: Path, doc_id: str) -> Path:
    """The folder of a removed document."""
    return root / TRASH / doc_id


def listed(root: Path) -> list[Trashed]:
    """What is in the trash, the latest first."""
    found = [row for folder in _folders(root) if (row := _read(folder)) is not None]
    return sorted(found, key=lambda row: (row.removed, row.name), reverse=True)


def size(root: Path, doc_id: str = "") -> int:
    """Bytes on the disk, of one document or of the whole trash."""
    return bytes_below(place_of(root, doc_id) if doc_id else root / TRASH)


def trashed(root: Path, doc_id: str) -> Trashed | None:
    """One document; None where it is not in the trash."""
    return _read(place_of(root, doc_id)) if doc_id and (place_of(root, doc_id) / NOTE).is_file() else None


def find(root: Path, name: str) -> Trashed:
    """By name, name without its extension, id, or the first characters of an id; upper and lower case are one.

    Raises :class:`UnknownDocument` with the nearest names, :class:`AmbiguousDocument` with the ids to choose from.
    """
    rows, wanted = listed(root), name.strip().casefold()
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


def document(root: Path, doc_id: str) -> Document:
    """As it was read. Raises :class:`IndexDamaged`."""
    path = place_of(root, doc_id) / "document" / PARSED
    try:
        return from_json(path.read_bytes())
    except (OSError, ValueError, KeyError, TypeError, RecursionError) as exc:
        raise IndexDamaged(f"{path} cannot be read ({exc}); add the file of this document again") from exc


def rewrite(root: Path, document: Document) -> None:
    """In place of how it was read: it is called otherwise now."""
    write_whole(place_of(root, document.id) / "document" / PARSED, to_json(document))


def vectors(index: IndexReader, doc_id: str) -> VectorFiles:
    """The arrays that a removed document has for the generation that is live now, or is given."""
    live = index.generation
    return VectorFiles(place_of(index.root, doc_id) / live.label, live.dim, index.settings.store)


# -- with the right to write -----------------------------------------------------------------------------------------


def note(index: IndexReader, row: DocumentRow) -> None:
    """Before a document leaves the catalogue: that it is to be kept."""
    folder = place_of(index.root, row.id)
    index.files.discard(folder)
    with index.catalogue.reading() as db:
        place = db.execute("SELECT rowid FROM documents WHERE id = ?", (row.id,)).fetchone()
    said = Trashed(row.id, row.name, row.pages, row.added, utc_now(), place[0] if place else None)
    write_whole(folder / NOTE, json.dumps(said._asdict(), ensure_ascii=False).encode())


def move_in(index: IndexReader, doc_id: str) -> None:
    """After it has left the catalogue: its files and its vectors. May be repeated where it was cut short."""
    folder, files = place_of(index.root, doc_id), index.files.document(doc_id)
    vectors(index, doc_id).take(doc_id, index.vectors.arrays.folder)
    if files.is_dir():
        index.files.move(files, folder / "document")


def move_out(index: IndexReader, doc_id: str) -> None:
    """Back to where committed documents have them; the catalogue comes after this, then :func:`forget`."""
    index.vectors.arrays.take(doc_id, vectors(index, doc_id).folder)
    index.files.adopt_whole(doc_id, place_of(index.root, doc_id) / "document")


def carry_out(index: IndexReader) -> None:
    """Finish what was cut short: what the catalogue has is not in the trash, and what it has not is there whole."""
    committed = set(index.catalogue.ids())
    for folder in _folders(index.root):
        if folder.name in committed and not index.files.document(folder.name).is_dir():
            _bring_back(index, folder)  # the machine lost power, and the disk kept the move but not the removal
        wanted = folder.name not in committed and (folder / NOTE).is_file()
        if wanted:
            move_in(index, folder.name)
        if not wanted or not (folder / "document").is_dir():
            index.files.discard(folder)


def _bring_back(index: IndexReader, folder: Path) -> None:
    if (folder / "document" / PARSED).is_file():
        move_out(index, folder.name)


def keep(index: IndexReader, document: Document) -> None:
    """A document that lies among the files of the index and is not in the catalogue: it can be taken back."""
    folder, now = place_of(index.root, document.id), utc_now()
    index.files.discard(folder)
    said = Trashed(document.id, document.name, len(document.pages), now, now, None)
    write_whole(folder / NOTE, json.dumps(said._asdict(), ensure_ascii=False).encode())
    move_in(index, document.id)


def forget(index: IndexReader, doc_id: str) -> None:
    """Delete a removed document for good, away in one rename; nothing happens where it is not there."""
    folder = place_of(index.root, doc_id)
    if folder.is_dir():
        removed = index.files.stage()
        with disk_errors(folder):
            folder.replace(removed / doc_id)
        index.files.discard(removed)


def due(root: Path, days: float) -> list[str]:
    """Ids of what was removed longer ago than so many days."""
    oldest = time.time() - days * DAY
    return [row.id for row in listed(root) if _seconds(row.removed) <= oldest]


def _folders(root: Path) -> Iterator[Path]:
    folder = root / TRASH
    yield from sorted(path for path in folder.iterdir() if path.is_dir()) if folder.is_dir() else ()


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
