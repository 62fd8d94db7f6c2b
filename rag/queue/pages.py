"""Pages of a long document, read by workers that have no folder in common: sent to where its file waits, and brought
from there by the one that joins them.

A folder of a document that is being read is laid out by :mod:`ingestion.workers.checkpoint`. Pictures go before the
page that names them, so that a page that is there has all it needs; whatever has not come is read again by who joins.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from secrets import token_hex

from ingestion.workers.checkpoint import FOLDER as READ
from ingestion.workers.checkpoint import KEY
from rag.disk import disk_errors
from rag.storage.files.document_files import DocumentFiles
from rag.storage.files.objects import Objects

MOST_KEY = 1000  # bytes
AT_ONCE = 8  # requests: each waits for its answer most of the time
_OF_PAGE = re.compile(rf"(?:{READ}|pages|crops)/(\d{{4,}})(?:-\d{{3,}})?(?:\.\w+)?")


class SharedPages:
    """Of one document, below ``below`` of ``objects``; here they are in its unfinished folder of ``files``.

    Every method raises :class:`~rag.errors.StoreError` where the disk or the store fails.
    """

    def __init__(self, objects: Objects, below: str, files: DocumentFiles, doc_id: str) -> None:
        self._objects, self._below = objects, below
        self._files, self._folder = files, files.unfinished(doc_id)

    def offer(self) -> None:
        """From now on other machines can read pages of this document, with the same settings."""
        self._objects.put(self._key, self._folder / READ / KEY)

    def begin(self) -> None:
        """Before pages are read or joined here: the folder is that of whoever offered the document."""
        key, place = self._objects.read(self._key, MOST_KEY), self._folder / READ / KEY
        with disk_errors(place):
            if key is not None and not (place.is_file() and place.read_bytes() == key):
                self._files.discard(self._folder)  # of another time
                place.parent.mkdir(parents=True, exist_ok=True)
                place.write_bytes(key)

    def send(self, first: int, last: int) -> None:
        """The pages of a range that were read here."""
        there = self._objects.sizes(self._below)
        found = [path.relative_to(self._folder).as_posix() for path in self._folder.rglob("*") if path.is_file()]
        wanted = [name for name in found if first <= _page(name) <= last and f"{self._below}/{name}" not in there]
        _in_order(wanted, lambda name: self._objects.put(f"{self._below}/{name}", self._folder / name))

    def bring(self) -> None:
        """All pages that were read anywhere, to where the document is joined."""
        self.begin()
        sent = [name.removeprefix(f"{self._below}/") for name in self._objects.sizes(self._below)]
        _in_order([name for name in sent if _page(name) and not (self._folder / name).is_file()], self._fetch)

    def _fetch(self, name: str) -> None:
        place = self._folder / name
        draft = place.with_name(f"draft-{token_hex(16)}")  # a page, or a picture, that is there is whole
        self._objects.save(f"{self._below}/{name}", draft)
        with disk_errors(place):
            draft.replace(place)

    @property
    def _key(self) -> str:
        return f"{self._below}/{READ}/{KEY}"


def _page(name: str) -> int:
    """The number of the page that a file belongs to; 0 for none."""
    found = _OF_PAGE.fullmatch(name)
    return int(found[1]) if found else 0


def _in_order(names: list[str], do: Callable[[str], None]) -> None:
    pages = [name for name in names if name.startswith(f"{READ}/")]
    with ThreadPoolExecutor(AT_ONCE, "pages") as pool:
        for some in (sorted(set(names) - set(pages)), pages):
            for _ in pool.map(do, some):
                pass
