"""Files of documents that lie elsewhere, as far as they were needed here: one folder per version of a part.

    <index>/cache/<version>/<name in the part>

A version is never changed, so what is here is right or not there, and all of it may be deleted while nothing runs. What
was used longest ago goes when the cache has grown beyond its limit, but nothing that was used in the last minutes: so
whoever was given a path can open it. Arrays stay readable after that, since they are mapped.
"""

from __future__ import annotations

import os
import secrets
import shutil
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from rag.disk import bytes_below, disk_errors, locked
from rag.errors import IndexBusy

CACHE = "cache"
UNTOUCHED = 15 * 60.0  # seconds: what was used later than that is not deleted
TOUCH = 60.0  # seconds between two notes that a version was used
LOOKED = 0.05  # share of the limit that is written between two looks at the size
DRAFT = ".draft"  # end of a folder that is being filled
HELD = ".held"  # lock of a version that is being read from beginning to end


class PartsCache:
    """``limit`` is in bytes."""

    def __init__(self, root: Path, limit: float) -> None:
        self.folder, self._limit = root / CACHE, limit
        self._mutex = threading.Lock()
        self._touched: dict[str, float] = {}
        self._written = float("inf")  # since the last look at the size: the first is due at once

    def place(self, version: str) -> Path:
        """The folder of a version, which may not be there. It counts as used now."""
        folder, now = self.folder / version, time.monotonic()
        with self._mutex:
            due = now - self._touched.get(version, -TOUCH) >= TOUCH
            if due:
                self._touched[version] = now
        if due:
            with suppress(OSError):
                os.utime(folder)
        return folder

    @contextmanager
    def held(self, version: str) -> Iterator[Path]:
        """The folder, of which nothing is deleted inside the block, by no process."""
        with locked(self.folder / f"{version}{HELD}", shared=True):
            yield self.place(version)

    @contextmanager
    def workplace(self) -> Iterator[Path]:
        """A new folder to fill; it goes with the block, unless it was taken."""
        folder = self.folder / f"{secrets.token_hex(8)}{DRAFT}"
        try:
            with disk_errors(folder):
                folder.mkdir(parents=True)
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def clear_drafts(self) -> None:
        """Delete what killed processes have left of :meth:`workplace`: none that is alive takes that long."""
        for folder in self.folder.glob(f"*{DRAFT}"):
            with suppress(OSError):
                if folder.stat().st_mtime < time.time() - UNTOUCHED:
                    shutil.rmtree(folder, ignore_errors=True)

    @contextmanager
    def draft(self, place: Path) -> Iterator[Path]:
        """A new name beside ``place``, which is moved there at the end; several may write the same at once."""
        part = place.with_name(f"{secrets.token_hex(8)}.part")
        with disk_errors(place):
            place.parent.mkdir(parents=True, exist_ok=True)
            try:
                yield part
                self.wrote(part.stat().st_size)
                part.replace(place)
            finally:
                part.unlink(missing_ok=True)

    def take(self, version: str, folder: Path) -> None:
        """Move the files of a new version here from another folder of the disk, where none of it is here yet."""
        place = self.folder / version
        with disk_errors(place):
            self.folder.mkdir(parents=True, exist_ok=True)
            if folder.is_dir() and not place.exists():
                self.wrote(bytes_below(folder))
                folder.replace(place)

    def wrote(self, size: int) -> None:
        """So many bytes came here. Now and then what was used longest ago goes."""
        with self._mutex:
            self._written += size
            if self._written < self._limit * LOOKED:
                return
            self._written = 0
        self._shrink()

    def drop(self, version: str) -> None:
        """Delete what is here of a version that is not there any more."""
        shutil.rmtree(self.folder / version, ignore_errors=True)
        (self.folder / f"{version}{HELD}").unlink(missing_ok=True)

    def size(self) -> int:
        """Bytes."""
        return bytes_below(self.folder)

    def _shrink(self) -> None:
        found = [(entry.stat().st_mtime, bytes_below(entry), entry) for entry in self._versions()]
        total = sum(size for _, size, _ in found)
        for used, size, entry in sorted(found):
            if total <= self._limit or used > time.time() - UNTOUCHED:
                return
            with suppress(IndexBusy), locked(self.folder / f"{entry.name}{HELD}", wait=0.0):
                self.drop(entry.name)
                total -= size

    def _versions(self) -> list[Path]:
        with suppress(FileNotFoundError):
            return [entry for entry in self.folder.iterdir() if entry.is_dir()]
        return []
