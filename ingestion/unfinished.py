"""Pages already read of a document whose reading was stopped: the next run reads only what is missing.

Enters: read pages, and a key that says of which bytes and in which way. Leaves: the same pages.
Must not know: how pages are read, what becomes of the document.

    <out>/read/key   0001   0002 …     a pickled PageContent each, written whole or not at all; gone when all is read
"""

from __future__ import annotations

import contextlib
import dataclasses
import importlib
import io
import pickle
import shutil
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ingestion.page import PageContent

FOLDER, KEY = "read", "key"
LOSSES = ("time", "memory", "crash", "read")  # stages of problems for which a page is tried again


class Unfinished:
    """The pages read so far below one folder ``out``, which also has their pictures."""

    def __init__(self, out: Path, key: str) -> None:
        """What was read with another ``key`` is deleted."""
        self._out, self._folder = out, out / FOLDER
        name = self._folder / KEY
        if self._folder.exists() and not (name.is_file() and name.read_text() == key):
            for picture in (*out.glob("pages/*.webp"), *out.glob("crops/*.webp")):
                picture.unlink()
            self.clear()
        self._folder.mkdir(parents=True, exist_ok=True)
        name.write_text(key)

    def load(self, numbers: Iterable[int]) -> dict[int, PageContent]:
        """The pages among ``numbers`` that are there whole, with their pictures."""
        found = {number: self._load(number) for number in numbers}
        return {number: content for number, content in found.items() if content is not None}

    def keep(self, content: PageContent) -> None:
        """Remember a page, unless it was lost: another run may have more luck or higher limits."""
        if not any(problem.page and problem.stage in LOSSES for problem in content.problems):
            draft = self._folder / "draft"
            draft.write_bytes(pickle.dumps(content))
            draft.replace(self._place(content.page.number))

    def clear(self) -> None:
        shutil.rmtree(self._folder)

    def _place(self, number: int) -> Path:
        return self._folder / f"{number:04d}"

    def _load(self, number: int) -> PageContent | None:
        place = self._place(number)
        if not place.is_file():
            return None
        with contextlib.suppress(Exception):  # a torn file raises anything; the page is read again
            content: PageContent = _Unpickler(io.BytesIO(place.read_bytes())).load()
            if content.page.number == number and self._has_pictures(content):
                return content
        return None

    def _has_pictures(self, content: PageContent) -> bool:
        pictures = [content.page.image, *(piece.image for piece in content.pieces)]
        return all((self._out / name).is_file() and (self._out / name).stat().st_size for name in pictures if name)


class _Unpickler(pickle.Unpickler):
    """Builds values of this package and nothing else, whatever a file asks for."""

    def find_class(self, module: str, name: str) -> Any:
        found = getattr(importlib.import_module(module), name) if module.startswith("ingestion.") else None
        if isinstance(found, type) and (dataclasses.is_dataclass(found) or issubclass(found, tuple)):
            return found
        raise pickle.UnpicklingError(f"{module}.{name} is no value of a read page")
