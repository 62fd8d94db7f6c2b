"""Uploaded files until they are in the index, so that a stop of the program loses none.

A browser's upload lies in a temporary folder that Gradio deletes when it stops. So each file is moved here at once,
with a note of whose it is, and goes when its document is added, when it is cancelled, or when somebody has read why it
was not:

    <index>/uploads/<program>/<file>/upload.json   whose it is, and how often its reading was begun
    <index>/uploads/<program>/<file>/file/NAME     as it came
    <index>/uploads/<program>.lock                 held by the program that works them off

A program that starts takes over what ended ones have left. No password is ever written down.
"""

from __future__ import annotations

import json
import logging
import shutil
from contextlib import ExitStack
from pathlib import Path
from typing import NamedTuple
from uuid import uuid4

from rag.disk import disk_errors, locked, write_whole
from rag.errors import IndexBusy

NOTE = "upload.json"
MOST_TRIES = 2  # a file that was being read whenever the program ended may be why it did
log = logging.getLogger(__name__)


class Left(NamedTuple):
    """A file that an ended program left: ``owner`` is whose it is, ``tries`` how often its reading was begun."""

    path: Path
    owner: str
    tries: int


class UploadStore:
    """The files of this program. All methods may be called from any thread."""

    def __init__(self, index: Path) -> None:
        self._root = index / "uploads"
        self._name = uuid4().hex
        self._held = ExitStack()  # the lock, from the first file on
        self._mine = self._root / self._name

    def take(self, path: Path, owner: str) -> Path:
        """Move an upload here; where it lies now. Raises :class:`~rag.errors.StoreError`, and OSError without it."""
        if self._is_here(path):
            return path
        place = self._mine / uuid4().hex
        kept = place / "file" / path.name
        try:
            self._hold()
            with disk_errors(kept):
                kept.parent.mkdir(parents=True)
                shutil.move(path, kept)
            _note(place, owner, 0)
        except BaseException:
            if kept.exists() and not path.exists():
                shutil.move(kept, path)
            shutil.rmtree(place, ignore_errors=True)
            raise
        return kept

    def begun(self, path: Path) -> None:
        """A file that lies here is being read: one more try."""
        place = path.parent.parent
        if self._is_here(path):
            left = _left(place)
            if left is not None:
                _note(place, left.owner, left.tries + 1)

    def ended(self, path: Path) -> None:
        """The reading of a file ended in order: it may be tried again as often as anybody likes."""
        left = _left(path.parent.parent) if self._is_here(path) else None
        if left is not None and left.tries:
            _note(path.parent.parent, left.owner, 0)

    def forget(self, path: Path) -> None:
        """Delete a file that lies here; others are left alone."""
        if self._is_here(path):
            shutil.rmtree(path.parent.parent, ignore_errors=True)

    def left(self) -> list[Left]:
        """Take over what programs that have ended left, in the order in which it came."""
        found: list[tuple[float, Left]] = []
        for folder in sorted(self._root.iterdir()) if self._root.is_dir() else ():
            if folder.is_dir() and folder.name != self._name:
                try:
                    with locked(self._root / f"{folder.name}.lock", wait=0.0):
                        found += self._take_over(folder)
                except IndexBusy:
                    continue  # another program is at work on these
                (self._root / f"{folder.name}.lock").unlink(missing_ok=True)
        return [left for _, left in sorted(found, key=lambda one: one[0])]

    def close(self) -> None:
        """Let go of the lock; what is here is for the next program."""
        self._held.close()
        if self._mine.is_dir() and not any(self._mine.iterdir()):
            self._mine.rmdir()
            (self._root / f"{self._name}.lock").unlink(missing_ok=True)

    def _hold(self) -> None:
        if not self._mine.is_dir():
            self._held.enter_context(locked(self._root / f"{self._name}.lock"))
            with disk_errors(self._mine):
                self._mine.mkdir(parents=True, exist_ok=True)

    def _take_over(self, folder: Path) -> list[tuple[float, Left]]:
        found = []
        for place in folder.iterdir():
            left = _left(place)
            if left is None:
                log.warning("an upload that was cut off is left out: %s", place)
                continue
            self._hold()
            mine = self._mine / place.name
            when = left.path.stat().st_mtime
            with disk_errors(mine):
                place.replace(mine)
            found.append((when, left._replace(path=mine / "file" / left.path.name)))
        shutil.rmtree(folder, ignore_errors=True)
        return found

    def _is_here(self, path: Path) -> bool:
        return path.parent.parent.parent == self._mine


def _note(place: Path, owner: str, tries: int) -> None:
    write_whole(place / NOTE, json.dumps({"owner": owner, "tries": tries}).encode())


def _left(place: Path) -> Left | None:
    """None of what is not whole: its program ended while it was moved."""
    try:
        note = json.loads((place / NOTE).read_bytes())
        (path,) = (place / "file").iterdir()
        return Left(path, str(note["owner"]), int(note["tries"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None
