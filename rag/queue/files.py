"""The files that wait for the workers of an index, in its folder, where all of them reach them.

<index>/queue/library               the name under which this index's jobs stand in the queue
<index>/queue/<document id>/<name>  a file, until its document is in the index
"""

from __future__ import annotations

import os
import secrets
import shutil
import time
from collections.abc import Collection
from pathlib import Path

from rag.disk import disk_errors, write_whole

FOLDER, LIBRARY = "queue", "library"
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
    """Where a file waits."""
    return root / FOLDER / doc_id / name


def lay(root: Path, path: Path, doc_id: str) -> None:
    """Copy a file to where it waits. Raises :class:`~rag.errors.StoreError`."""
    place = place_of(root, doc_id, path.name)
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
    folder = root / FOLDER / doc_id
    with disk_errors(folder):
        if folder.is_dir():
            shutil.rmtree(folder)


def tidy(root: Path, needed: Collection[str]) -> None:
    """Delete the files of documents that nobody needs any more, where a process ended before it could do so."""
    folder, oldest = root / FOLDER, time.time() - FORGOTTEN_SECONDS
    for entry in folder.iterdir() if folder.is_dir() else ():
        if entry.is_dir() and entry.name not in needed and entry.stat().st_mtime < oldest:
            let_go(root, entry.name)
