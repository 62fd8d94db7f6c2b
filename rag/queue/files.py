"""The files that wait for the workers of an index, in its folder, where all of them reach them.

<index>/queue/library               the name under which this index's jobs stand in the queue
<index>/queue/<document id>/<name>  a file, until its document is in the index
"""

from __future__ import annotations

import os
import re
import secrets
import shutil
import time
from collections.abc import Collection
from pathlib import Path

from ingestion.formats.detect import format_of
from ingestion.recordings.container import subtitle_file
from rag.disk import disk_errors, write_whole
from rag.errors import StoreError

FOLDER, LIBRARY = "queue", "library"
_DOCUMENT = re.compile(r"[0-9a-f]{64}")  # an id is a SHA-256
FORGOTTEN_SECONDS = 3600.0  # for which a file may lie here before it is in the queue: it is being copied


def library_name(root: Path) -> str:
    """The name of this index in the queue, given once. An index that was restored from a backup gets another."""
    path = root / FOLDER / LIBRARY
    if not path.exists():
        drafted = path.with_name(f"{LIBRARY}.{secrets.token_hex(8)}")
        write_whole(drafted, f"pagesight_{secrets.token_hex(8)}".encode())
        with disk_errors(path):
            try:
                os.link(drafted, path)  # fails where another process was faster
            except FileExistsError:
                pass
            finally:
                drafted.unlink()
    with disk_errors(path):
        return path.read_text(encoding="ascii").strip()


def place_of(root: Path, doc_id: str, name: str) -> Path:
    """Where a file waits. Raises :class:`StoreError` for names that would lead elsewhere: they come from the queue."""
    if name in ("", ".", "..") or "/" in name or "\0" in name:
        raise StoreError(
            f"{name!r} in the queue is no name of a file; cancel the job, and see who writes into the database"
        )
    return _folder(root, doc_id) / name


def lay(root: Path, path: Path, doc_id: str) -> None:
    """Copy a file to where it waits, and the subtitles that lie beside a recording.

    Raises :class:`~rag.errors.StoreError`, :class:`~ingestion.errors.IngestionError` for a file that is of no kind that
    is read.
    """
    place = place_of(root, doc_id, path.name)
    beside = subtitle_file(path) if format_of(path).reader == "recording" else None
    if beside is not None:
        _copy(beside, place.with_name(beside.name))
    _copy(path, place)


def _copy(path: Path, place: Path) -> None:
    part = place.with_name(f"{secrets.token_hex(8)}.part")
    with disk_errors(place):
        place.parent.mkdir(parents=True, exist_ok=True)
        try:
            shutil.copyfile(path, part)
            part.replace(place)
        finally:
            part.unlink(missing_ok=True)


def let_go(root: Path, doc_id: str) -> None:
    """Delete a file that is needed no more."""
    folder = _folder(root, doc_id)
    with disk_errors(folder):
        if folder.is_dir():
            shutil.rmtree(folder)


def _folder(root: Path, doc_id: str) -> Path:
    if not _DOCUMENT.fullmatch(doc_id):
        raise StoreError(
            f"{doc_id!r} in the queue is no document; cancel the job, and see who writes into the database"
        )
    return root / FOLDER / doc_id


def tidy(root: Path, needed: Collection[str]) -> None:
    """Delete the files of documents that nobody needs any more, where a process ended before it could do so."""
    folder, oldest = root / FOLDER, time.time() - FORGOTTEN_SECONDS
    for entry in folder.iterdir() if folder.is_dir() else ():
        if _DOCUMENT.fullmatch(entry.name) and entry.name not in needed and entry.stat().st_mtime < oldest:
            let_go(root, entry.name)
