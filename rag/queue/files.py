"""The files that wait for the workers of a library, where all of them reach them.

<index>/queue/library               the name under which this index's jobs stand in the queue
<index>/queue/<document id>/<name>  a file, until its document is in the index

Where the library's files lie elsewhere (``PAGESIGHT_FILES``) they wait there, too, and a worker brings them here when
it needs them; what is brought is checked, since a document's id is the SHA-256 of its file:

<address>/queue/<document id>/file          the file
<address>/queue/<document id>/beside.srt    subtitles of a recording
<address>/queue/<document id>/pages/…       pages that were read (:mod:`rag.queue.pages`)
"""

from __future__ import annotations

import logging
import os
import re
import secrets
import shutil
import time
from collections.abc import Collection
from pathlib import Path

from ingestion.formats.detect import format_of
from ingestion.recordings.container import SUBTITLES, subtitle_file
from rag.disk import disk_errors, write_whole
from rag.errors import StoreError
from rag.queue.pages import SharedPages
from rag.storage.files.document_files import DocumentFiles
from rag.storage.files.elsewhere import open_objects
from rag.storage.files.objects import ObjectLost, Objects
from rag.storage.records.catalogue import Catalogue
from rag.storage.tables.moving import LIBRARY as SHARED_NAME

FOLDER, LIBRARY = "queue", "library"
FILE, BESIDE, PAGES = "file", "beside", "pages"
log = logging.getLogger(__name__)
_DOCUMENT = re.compile(r"[0-9a-f]{64}")  # an id is a SHA-256
NAME_DIGITS = 16  # of the name: PostgreSQL hears 63 letters at most of the channel that is called after it
FORGOTTEN_SECONDS = 3600.0  # for which a file may lie here before it is in the queue: it is being copied


def library_name(root: Path) -> str:
    """The name of this index in the queue, given once. An index that was restored from a backup gets another."""
    path = root / FOLDER / LIBRARY
    if not path.exists():
        drafted = path.with_name(f"{LIBRARY}.{secrets.token_hex(8)}")
        write_whole(drafted, f"pagesight_{secrets.token_hex(NAME_DIGITS // 2)}".encode())
        with disk_errors(path):
            try:
                os.link(drafted, path)  # fails where another process was faster
            except FileExistsError:
                pass
            finally:
                drafted.unlink()
    with disk_errors(path):
        return path.read_text(encoding="ascii").strip()


def shared_name(catalogue: Catalogue) -> str:
    """The same of a library that several machines share, each with a folder of its own."""
    return f"pagesight_{catalogue.manifest[SHARED_NAME][:NAME_DIGITS]}"


class WaitingFiles:
    """Of the index in ``root``; ``address`` is where the library's files lie, empty for that folder. Threads may share
    it. Methods raise :class:`StoreError` where the disk or the store fails."""

    def __init__(self, root: Path, address: str = "") -> None:
        self._root = root
        self._objects: Objects | None = open_objects(address) if address else None

    def place(self, doc_id: str, name: str) -> Path:
        """Where a file waits, or is brought to. Raises :class:`StoreError` for names that would lead elsewhere: they
        come from the queue."""
        if name in ("", ".", "..") or "/" in name or "\0" in name:
            raise StoreError(
                f"{name!r} in the queue is no name of a file; cancel the job, and see who writes into the database"
            )
        return self._folder(doc_id) / name

    def lay(self, path: Path, doc_id: str) -> None:
        """Copy a file to where it waits, and the subtitles that lie beside a recording.

        Raises :class:`~ingestion.errors.IngestionError` for a file that is of no kind that is read.
        """
        place = self.place(doc_id, path.name)
        beside = subtitle_file(path) if format_of(path).reader == "recording" else None
        if self._objects is None:
            for source in (beside, path):
                if source is not None:
                    _copy(source, place.with_name(source.name))
            return
        if beside is not None:
            self._objects.put(_object(doc_id, f"{BESIDE}{beside.suffix.lower()}"), beside)
        self._objects.put(_object(doc_id, FILE), path)

    def bring(self, doc_id: str, name: str) -> Path:
        """Where a file lies here; nothing does where it waits no more."""
        place = self.place(doc_id, name)
        if self._objects is None or place.is_file():
            return place
        names = {sent.rpartition("/")[2] for sent in self._objects.sizes(_object(doc_id))}
        if FILE not in names:
            return place
        for ending in SUBTITLES:
            if f"{BESIDE}{ending}" in names:
                self._objects.save(_object(doc_id, f"{BESIDE}{ending}"), place.with_suffix(ending))
        draft = place.with_name(f"{secrets.token_hex(8)}.draft")  # of this process alone
        try:
            self._objects.fetch(_object(doc_id, FILE), doc_id, draft)
            draft.replace(place)
        except ObjectLost as exc:
            log.warning("what waits is not there, or not what was enqueued: %s", exc)
        return place

    def pages(self, doc_id: str, files: DocumentFiles) -> SharedPages | None:
        """Pages of it that workers read who have no folder in common; None where they have one."""
        below = _object(doc_id, PAGES)
        return SharedPages(self._objects, below, files, doc_id) if self._objects is not None else None

    def let_go(self, doc_id: str) -> None:
        """Delete a file that is needed no more, and pages that were read of it."""
        folder = self._folder(doc_id)
        if self._objects is not None:
            self._objects.delete(list(self._objects.sizes(_object(doc_id))))
        with disk_errors(folder):
            if folder.is_dir():
                shutil.rmtree(folder)

    def tidy(self, needed: Collection[str]) -> None:
        """Delete the files of documents that nobody needs any more, where a process ended before it could do so."""
        folder, oldest = self._root / FOLDER, time.time() - FORGOTTEN_SECONDS
        times = {entry.name: entry.stat().st_mtime for entry in folder.iterdir()} if folder.is_dir() else {}
        if self._objects is not None:
            for sent, written in self._objects.times(FOLDER).items():
                doc = sent.split("/")[1]
                times[doc] = max(written, times.get(doc, 0.0))
        for name, latest in times.items():
            if _DOCUMENT.fullmatch(name) and name not in needed and latest < oldest:
                self.let_go(name)

    def _folder(self, doc_id: str) -> Path:
        if not _DOCUMENT.fullmatch(doc_id):
            raise StoreError(
                f"{doc_id!r} in the queue is no document; cancel the job, and see who writes into the database"
            )
        return self._root / FOLDER / doc_id


def _object(doc_id: str, *names: str) -> str:
    return "/".join((FOLDER, doc_id, *names))


def _copy(path: Path, place: Path) -> None:
    part = place.with_name(f"{secrets.token_hex(8)}.part")
    with disk_errors(place):
        place.parent.mkdir(parents=True, exist_ok=True)
        try:
            shutil.copyfile(path, part)
            part.replace(place)
        finally:
            part.unlink(missing_ok=True)
