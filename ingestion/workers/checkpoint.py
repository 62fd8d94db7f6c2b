"""Pages already read of a document whose reading was stopped: the next run reads only what is missing.

    <out>/read/key   0001   0002 …     one PageContent each, written whole or not at all; gone when all is read

The key says of which bytes and with which options the pages were read, and marks the folder as ours. What is not ours
is never deleted: other files, pictures with names of other forms. Several processes may keep pages of one document, all
with the same key, once the folder is there.
"""

from __future__ import annotations

import contextlib
import pickle
import re
import uuid
from collections.abc import Iterable
from pathlib import Path

from ingestion.errors import IngestionError
from ingestion.page_content import PageContent
from ingestion.workers.serialize import packed, unpacked

FOLDER, KEY, DRAFT = "read", "key", "draft"
_MARK = re.compile(r"[0-9a-f]{64}")  # what a key looks like
_DRAFT = re.compile(rf"{DRAFT}(?:-[0-9a-f]{{32}})?")  # without a number until 0.3
_PAGE = re.compile(r"\d{4,}")
_PICTURE = re.compile(r"\d{4,}(?:-\d{3,})?\.(?:jpg|webp)")  # of a page or of a cut-out; WebP until 0.3
LOSSES = ("time", "memory", "crash", "read")  # stages of problems for which a page is tried again


class Checkpoint:
    """The pages read so far below one folder ``out``, which also has their pictures."""

    def __init__(self, out: Path, key: str) -> None:
        """What was read with another ``key`` is deleted. Raises :class:`IngestionError` for a folder of that name with
        other things in it."""
        self._out, self._folder = out, out / FOLDER
        if self._folder.exists() and self._key() != key:
            self._begin_anew()
        self._folder.mkdir(parents=True, exist_ok=True)
        self._write(KEY, key.encode())

    @staticmethod
    def is_of(out: Path, key: str) -> bool:
        """Whether pages below ``out`` are kept with this key just now."""
        return _key_in(out / FOLDER) == key

    def load(self, numbers: Iterable[int]) -> dict[int, PageContent]:
        """The pages among ``numbers`` that are there whole, with their pictures."""
        found = {number: self._load(number) for number in numbers}
        return {number: content for number, content in found.items() if content is not None}

    def keep(self, content: PageContent) -> None:
        """Remember a page, unless it was lost: another run may have more luck or higher limits."""
        if not any(problem.page and problem.stage in LOSSES for problem in content.problems):
            self._write(_name(content.page.number), packed(content))

    def clear(self) -> None:
        """Delete what was kept; the folder stays where somebody has put other things into it."""
        for entry in sorted(self._folder.iterdir(), key=lambda entry: entry.name == KEY):  # the mark last
            if _is_ours(entry):
                entry.unlink()
        with contextlib.suppress(OSError):
            self._folder.rmdir()

    def _key(self) -> str:
        return _key_in(self._folder)

    def _begin_anew(self) -> None:
        entries = list(self._folder.iterdir()) if self._folder.is_dir() else [self._folder]
        if entries and not (_MARK.fullmatch(self._key()) and all(map(_is_ours, entries))):
            raise IngestionError(
                f"{self._folder} has things in it that are not from reading a document; move it away, or name another "
                "folder: pages are kept there until a document is read to its end"
            )
        for picture in (*self._out.glob("pages/*.*"), *self._out.glob("crops/*.*")):
            if _PICTURE.fullmatch(picture.name):
                picture.unlink()
        self.clear()

    def _write(self, name: str, data: bytes) -> None:
        draft = self._folder / f"{DRAFT}-{uuid.uuid4().hex}"  # of this process on this machine alone
        draft.write_bytes(data)
        draft.replace(self._folder / name)

    def _load(self, number: int) -> PageContent | None:
        place = self._folder / _name(number)
        if not place.is_file():
            return None
        with contextlib.suppress(OSError, pickle.UnpicklingError, AttributeError):  # torn: the page is read again
            content: PageContent = unpacked(place.read_bytes())
            if content.page.number == number and self._has_pictures(content):
                return content
        return None

    def _has_pictures(self, content: PageContent) -> bool:
        pictures = [content.page.image, *(piece.image for piece in content.pieces)]
        return all((self._out / name).is_file() and (self._out / name).stat().st_size for name in pictures if name)


def _key_in(folder: Path) -> str:
    try:
        return (folder / KEY).read_text(encoding="ascii")
    except (OSError, ValueError):
        return ""


def _name(number: int) -> str:
    return f"{number:04d}"


def _is_ours(entry: Path) -> bool:
    named = entry.name == KEY or _DRAFT.fullmatch(entry.name) or _PAGE.fullmatch(entry.name)
    return bool(named) and entry.is_file() and not entry.is_symlink()
