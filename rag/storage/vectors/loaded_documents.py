"""The arrays of committed documents, as they are opened to be searched: all of them, or those that were used last."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from rag.errors import IndexDamaged
from rag.lru import Recent
from rag.storage.vectors.files import GONE, PartSums, Rows, Stamp, VectorFiles

OPENED = 64  # arrays of single documents that stay open
SAMPLE = 100  # documents of a large library of which means are taken; ids are hashes, so the first are a fair sample

log = logging.getLogger(__name__)


@dataclass
class Loaded:
    """A committed document's rows; ``sums`` are computed when means are first asked for."""

    stamp: Stamp
    checksum: str
    rows: tuple[Rows, ...]
    sums: PartSums | None = field(default=None)

    @property
    def nodes(self) -> int:
        """How many it has."""
        return sum(map(len, self.rows))


class LoadedDocuments:
    """Of one generation, whose arrays are ``arrays``. Threads may share it.

    ``revision`` and ``documents`` tell what is committed: a number that changes with every commit, and the ids.
    """

    def __init__(
        self, arrays: VectorFiles, revision: Callable[[], int], documents: Callable[[], Sequence[str]]
    ) -> None:
        self.arrays, self.revision = arrays, revision
        self._documents = documents
        self._mutex = threading.Lock()
        self._all: dict[str, Loaded] = {}
        self._all_at = -1
        self._opened: Recent[str, Loaded] = Recent(OPENED)

    def all(self) -> dict[str, Loaded]:
        """All that are committed; only what changed since the last call is opened."""
        revision = self.revision()
        with self._mutex:
            if revision != self._all_at:
                self._all = self._load(self._documents())
                self._all_at = revision
            return self._all

    def each(self, docs: Sequence[str]) -> list[Loaded]:
        """These, of which those used last stay open."""
        found = []
        for doc_id in docs:
            stamp, known = self.arrays.stamp(doc_id), self._opened.get(doc_id)
            try:
                if known is None or stamp not in (known.stamp, GONE):
                    known = Loaded(stamp, "", self.arrays.load(doc_id))
                    self._opened.put(doc_id, known)
                found.append(known)
            except IndexDamaged as exc:
                log.warning("%s", exc)
        return found

    def sample(self) -> list[Loaded]:
        """Those with the smallest ids; their sums stay, their arrays do not."""
        with self._mutex:
            self._all = self._load(sorted(self._documents())[:SAMPLE])
            self._all_at = -1
            return list(self._all.values())

    def _load(self, documents: Sequence[str]) -> dict[str, Loaded]:
        loaded: dict[str, Loaded] = {}
        for doc_id in documents:
            stamp, known = self.arrays.stamp(doc_id), self._all.get(doc_id)
            unchanged = known is not None and stamp in (known.stamp, GONE)  # a dropped generation may still be in use
            try:
                if known is None or not unchanged:
                    known = Loaded(stamp, self.arrays.checksum(doc_id), self.arrays.load(doc_id))
                loaded[doc_id] = known
            except IndexDamaged as exc:  # the others stay searchable; Index.check reports it
                log.warning("%s", exc)
        return loaded
