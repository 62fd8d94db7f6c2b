"""The right to write: :class:`IndexWriter`, a reader that may also change what is there, one process at a time.

A mark in the catalogue says that somebody writes. Where it is left behind by a process that ended, the next one to open
or write carries out what lies ready and removes what no committed document owns.
"""

from __future__ import annotations

import logging
import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rag.config import Settings
from rag.errors import IndexBusy, StoreError
from rag.storage import repair
from rag.storage.integrity import violations
from rag.storage.reader import IndexReader
from rag.storage.records.catalogue import Catalogue
from rag.storage.tables.connections import WRITE_LOCK
from rag.storage.tables.database import Generation
from rag.types import Progress

log = logging.getLogger(__name__)
Report = Callable[[Progress], None]


class IndexWriter(IndexReader):
    """An index that may be changed inside :meth:`session`."""

    def __init__(self, settings: Settings, catalogue: Catalogue, fixed: Generation | None = None) -> None:
        super().__init__(settings, catalogue, fixed)
        self._writer = threading.Lock()

    def check(self) -> list[str]:
        """Violations of what must always hold; empty when the index is whole. Waits for no writer."""
        with self._writer, self.catalogue.lock(WRITE_LOCK):
            return violations(self)

    @contextmanager
    def session(self, risky: bool = False) -> Iterator[None]:
        """The right to write. Raises :class:`IndexBusy` when another process has it; threads wait for each other.

        Held for moments: nothing is read, embedded or put into the graph inside. ``risky``: an exception inside leaves
        the mark that has the next writer clean up.
        """
        with self._writer, self.catalogue.lock(WRITE_LOCK):
            if self.catalogue.state().writing is not None:
                self._recover()
            self.catalogue.mark_writing(os.getpid())
            clean = not risky
            try:
                yield
                clean = True
            finally:
                if clean:
                    self._finish()
        if self.elsewhere is not None:
            self.elsewhere.sweep()

    @contextmanager
    def still(self) -> Iterator[None]:
        """Nobody commits meanwhile, and nothing is half done. For moments, as :meth:`session`, and to read only."""
        with self._writer, self.catalogue.lock(WRITE_LOCK):
            if self.catalogue.state().writing is not None:
                self._recover()
            yield

    def _recover(self) -> None:
        repair.recover(self)
        self._finish()

    def _finish(self) -> None:
        """All is whole: derive what is derived, clear the mark."""
        self.update_means()
        self.catalogue.mark_writing(None)

    def settle(self, report: Report | None = None) -> bool:
        """Bring codes and graph of the live generation up to what is committed; see :meth:`VectorIndex.settle`."""
        return self.vectors.settle(counted("vector database", report), spans=self._channels)

    def renew_codes(self, report: Report | None = None) -> None:
        """Make the codes of vectors anew that an earlier version has made; see :meth:`VectorIndex.renew_codes`."""
        self.vectors.renew_codes(counted("codes of vectors", report))

    def copy_vectors(self, report: Report | None = None, anew: bool = False) -> None:
        """Bring the vector database elsewhere up to what is committed; ``anew``: all is copied again.

        Raises :class:`~rag.storage.vectors.engines.base.EngineFailed` where it cannot be.
        """
        self.vectors.copy_elsewhere(self._channels, counted("vector database", report), anew=anew)

    def mend_unless_busy(self, report: Report | None) -> None:
        """After an unclean stop, and where an earlier version has made the full text."""
        unclean = self.catalogue.state().writing is not None
        if not unclean and self.catalogue.has_full_text_of_now():
            return
        try:
            with self._writer, self.catalogue.lock(WRITE_LOCK, wait=0.0):
                if self.catalogue.state().writing is not None:
                    self._recover()
                self.catalogue.renew_full_text(counted("full text", report))
            if unclean:
                self.vectors.settle(counted("vector database", report), wait=0.0)
        except IndexBusy:
            log.info("the index %s is being written; reading what is committed", self.root)
        except (StoreError, OSError) as exc:
            if unclean:
                raise
            log.warning("the full text stays that of an earlier version, which finds a little less: %s", exc)

    def update_means(self) -> None:
        """Note the means of the generation's vectors."""
        means = {f"{m}/{part}": vector.tolist() for (m, part), vector in self.vectors.means(self._spans()).items()}
        self.catalogue.save_means(self.generation.id, means)


def counted(name: str, report: Report | None) -> Callable[[int, int], None]:
    """Reports counts of ``name`` as progress of the stage "saving"."""

    def heard(done: int, total: int) -> None:
        if report:
            report(Progress(name, "saving", done, total))

    return heard
