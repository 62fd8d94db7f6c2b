"""An index as programs use it: documents in, removed, read again, embedded anew. Read :meth:`Index.add` first.

Reading and embedding need no right to write: any number of processes add at once, and take turns for the commit of each
document, which takes a moment (:mod:`rag.indexing.commit`). Its order of writes, so that a kill at any moment loses
nothing: vectors, files, and then the catalogue commit that makes a document visible.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Literal

from ingestion.elements import Document, PageProblem, file_id
from ingestion.errors import Cancelled, EncryptedPdf, IngestionError
from ingestion.workers.parse import Workers
from rag.config import Settings
from rag.disk import clear_half_written, disk_errors
from rag.encoders.open import open_encoder
from rag.errors import DiskFull, NoIndex, RagError, StoreError
from rag.indexing import generations
from rag.indexing.calibrate import calibrate_if_due
from rag.indexing.commit import store
from rag.indexing.discover import files_in
from rag.indexing.mending import Mended, mend
from rag.indexing.parsing import Read, Reading, libraries, parser_note
from rag.indexing.reparse import Reread, reparse
from rag.indexing.restore import restore
from rag.storage import trash
from rag.storage.copies.backup import clear_leftovers
from rag.storage.files.document_files import copy_original
from rag.storage.incoming import carry_out, claim, is_waiting
from rag.storage.records.catalogue import Catalogue, DocumentRow
from rag.storage.repair import all_arrays
from rag.storage.stored_trash import Trashed
from rag.storage.tables.connections import WRITE_LOCK
from rag.storage.tables.database import Generation
from rag.storage.tables.library import ALIGNMENTS
from rag.storage.vectors.chroma import clear_drafts
from rag.storage.writer import IndexWriter, counted
from rag.types import Progress

log = logging.getLogger(__name__)
Report = Callable[[Progress], None]


@dataclass(frozen=True, slots=True)
class Added:
    """What became of one path given to :meth:`Index.add`; ``error`` is for people and empty unless it failed.

    ``locked`` says that it failed for want of the right password, ``again`` that nothing is wrong with the file: it can
    be added later, when the disk has room or another process has finished; ``restored`` that it was taken out of the
    trash instead of being read; ``cause`` is the error whose words are in ``error``.
    """

    path: Path
    doc_id: str
    name: str
    status: Literal["added", "present", "failed"]
    pages: int = 0
    problems: tuple[PageProblem, ...] = ()
    error: str = ""
    locked: bool = False
    again: bool = False
    cause: Exception | None = None
    restored: bool = False


class Index(IndexWriter):
    """An open index. Safe to share between threads; any number of processes may read while one writes."""

    @classmethod
    def open(cls, settings: Settings, create: bool = False, progress: Report | None = None) -> Index:
        """Open, and repair what an unclean stop or an earlier version left, unless another process is writing.

        Raises :class:`NoIndex` where there is none and ``create`` is False, :class:`BadSettings`. The encoder is opened
        at its first use.
        """
        settings.check()
        index = cls(settings, Catalogue(settings.index, create, settings.store_url, bool(settings.files)))
        try:
            if index.elsewhere is not None:
                index.elsewhere.check_belongs()
            if index.catalogue.generation() is None:
                index._create(create)
            else:
                index.mend_unless_busy(progress)
                clear_leftovers(index)
                clear_drafts(index.root)
                for folder in (index.root, index.root / ALIGNMENTS):
                    clear_half_written(folder)
                index._empty_of_old()
        except BaseException:
            index.close()
            raise
        return index

    def __enter__(self) -> Index:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()

    # -- adding --------------------------------------------------------------------------------------------------

    def add(
        self,
        paths: Sequence[Path],
        workers: int | Workers | None = None,
        password: str | None = None,
        progress: Report | None = None,
    ) -> list[Added]:
        """Index files and folders. One bad file never stops the rest; what is already there is skipped.

        ``workers`` read them: so many child processes, or those of :func:`rag.indexing.parsing.reading_processes`.
        ``progress`` may raise :class:`~ingestion.errors.Cancelled`: this ends, and what was read is kept.
        Raises :class:`EncoderMismatch` and :class:`IndexBusy` before anything is read.
        """
        self.check_encoder()
        report = _one_at_a_time(progress)
        if is_waiting(self.root):
            with self.session():
                carry_out(self)
        results, todo = self._sort(files_in(paths))
        results.update(self._taken_back(todo, report))
        if todo:
            with self.session():  # raises before anything is read where another process keeps the index
                self._note_parser()
            results.update(self._add_each(todo, workers, password, report))
        self.settle(report)
        calibrate_if_due(self, report)
        return list(results.values())

    def _sort(self, found: Sequence[tuple[Path, str]]) -> tuple[dict[Path, Added], dict[str, list[Path]]]:
        """Failures and documents already there, in order; and what is to be done: the files with each id's bytes."""
        results: dict[Path, Added] = {}
        todo: dict[str, list[Path]] = {}
        for path, error in found:
            doc_id = ""
            try:
                doc_id = "" if error else file_id(path)
            except OSError as exc:
                error = f"{path} cannot be read ({exc.strerror}); check the path and its permissions"
            status: Literal["present", "failed"] = "failed" if error else "present"
            results[path] = Added(path, doc_id, path.name, status, error=error)
            if not error and self.catalogue.has(doc_id):
                self._put_back(doc_id, path)
            elif not error:
                todo.setdefault(doc_id, []).append(path)
        return results, todo

    def _put_back(self, doc_id: str, path: Path) -> None:
        """The original of a document that is there, where it was lost."""
        original = self.files.original(doc_id)
        if not original.is_file():
            folder = self.files.stage()
            copy_original(path, folder)
            copy = next(folder.iterdir())
            with self.session(), disk_errors(original):
                if self.catalogue.has(doc_id) and self.files.exists(doc_id):
                    self.files.amend(doc_id, {copy.name: copy})
            self.files.discard(folder)

    def _taken_back(self, todo: dict[str, list[Path]], report: Report) -> dict[Path, Added]:
        """Documents of the trash whose files are added again, taken out of ``todo``: they need not be read, but where
        they would be read otherwise now."""
        results: dict[Path, Added] = {}
        for doc_id, paths in list(todo.items()):
            row = trash.trashed(self, doc_id)
            if row is None or Path(row.name).suffix.lower() != paths[0].suffix.lower():
                continue  # kinds of plain text are told apart by their extension
            try:
                noted = trash.parser(self, doc_id)
                if noted and noted != parser_note(self.settings):
                    continue
                back = restore(self, doc_id, paths[0].name, report)
            except (RagError, OSError) as exc:
                log.warning("%s is read again, since it could not be taken back: %s", paths[0].name, exc)
                continue
            del todo[doc_id]
            first = Added(paths[0], doc_id, back.name, "added", back.pages, back.problems, restored=True)
            results.update({path: first if path == paths[0] else _twin(path, first) for path in paths})
        return results

    def _add_each(
        self, todo: dict[str, list[Path]], workers: int | Workers | None, password: str | None, report: Report
    ) -> dict[Path, Added]:
        """Of files with the same bytes the first is read; where that fails, one whose name says something else."""
        first = {doc_id: paths[0] for doc_id, paths in todo.items()}
        results = self._add_all(first, workers, password, report)
        failed = {added.doc_id for added in results.values() if added.status == "failed"}
        other = {doc_id: path for doc_id in failed if (path := _otherwise_called(todo[doc_id])) is not None}
        if other:
            results.update(self._add_all(other, workers, password, report))
        for paths in todo.values():
            done = [results[path] for path in paths if path in results]
            known = next((added for added in done if added.status == "added"), done[0])
            results.update({path: _twin(path, known) for path in paths if path not in results})
        return results

    def _add_all(
        self, todo: dict[str, Path], workers: int | Workers | None, password: str | None, report: Report
    ) -> dict[Path, Added]:
        has, claimed = self.catalogue.has, partial(claim, self.root)
        with Reading(self.files, self.settings, claimed, has, report, workers, password) as reading:
            return {read.path: self._add(read, reading, report) for read in reading.documents(todo)}

    def _note_parser(self) -> None:
        note = {**parser_note(self.settings), "libraries": libraries()}
        if self.catalogue.manifest.get("parser") != note:
            self.catalogue.note("parser", note)
        self.files.forget_unfinished(self.catalogue.ids())

    def _add(self, read: Read, reading: Reading, report: Report) -> Added:
        doc_id, path, job = read
        whole = False
        cause: Exception | None = None
        try:
            parsed = job.result()
            if parsed is None:
                return Added(path, doc_id, path.name, "present")
            if parsed.document.id != doc_id:
                raise StoreError(f"{path.name} changed while it was being read; add it again")
            whole = True
            stored = store(self, *parsed, report) or parsed.document
            self._no_longer_trashed(doc_id)
        except Cancelled:
            if not reading.stopped:
                raise  # by whoever is told how far it is; what was read is kept
            error = f"{path} was not added: no space is left on the disk"
            cause = DiskFull(error)
        except (IngestionError, RagError, OSError) as exc:
            error, cause = str(exc), exc
            if isinstance(exc, DiskFull):
                whole = False  # its space is needed
                reading.stop()
            elif whole:
                error = f"{path.name} was read but not added: {error.rstrip('. ')}. What was read is kept: add it again"
        else:
            return Added(path, doc_id, stored.name, "added", len(stored.pages), stored.problems)
        if not whole and reading.holds(doc_id):
            self.files.discard(self.files.reading / doc_id)
        locked, again = isinstance(cause, EncryptedPdf), not isinstance(cause, IngestionError)
        return Added(path, doc_id, path.name, "failed", error=error, locked=locked, again=again, cause=cause)

    def store(self, document: Document, folder: Path, progress: Report | None = None) -> Document:
        """Embed and save a parsed document; ``folder`` holds its images and the original file and is moved away.

        It must be on the file system of the index.
        """
        report = _one_at_a_time(progress)
        with claim(self.root, document.id, None):
            stored = store(self, document, folder, report) or document
        self._no_longer_trashed(document.id)
        self.settle(report)
        calibrate_if_due(self, report)
        return stored

    # -- removing, reindexing ------------------------------------------------------------------------------------

    def remove(self, doc_id: str, keep: bool = True) -> DocumentRow:
        """Take a document out of the index. Raises :class:`~rag.errors.UnknownDocument`.

        Nothing finds it any more. It can be taken back for as many days as ``settings.trash_days`` says
        (:meth:`restore`, or by adding its file again); with ``keep`` False its files are deleted now.
        """
        row = self.catalogue.document(doc_id)  # raises before anything is touched
        keep = keep and self.settings.trash_days > 0
        with self.session(risky=True):
            if keep:
                trash.note(self, row)
            self.catalogue.remove(doc_id)
            if keep:
                trash.move_in(self, doc_id)
            for arrays in all_arrays(self):
                arrays.remove(doc_id)
            self.files.remove(doc_id)
            self._forget_trashed(trash.due(self, self.settings.trash_days))
        self.settle()
        return row

    def restore(self, doc_id: str, progress: Report | None = None) -> DocumentRow:
        """Take a removed document back, without reading it again.

        Raises :class:`~rag.errors.UnknownDocument` where it is not in the trash (:func:`rag.storage.trash.listed`).
        """
        self.check_encoder()
        report = _one_at_a_time(progress)
        row = restore(self, doc_id, "", report)
        self.settle(report)
        calibrate_if_due(self, report)
        return row

    def empty_trash(self, doc_ids: Sequence[str] | None = None) -> list[Trashed]:
        """Delete removed documents for good, all or these; returns what was deleted."""
        rows = [row for row in trash.listed(self) if doc_ids is None or row.id in doc_ids]
        if rows:
            with self.session():
                self._forget_trashed([row.id for row in rows])
        return rows

    def _no_longer_trashed(self, doc_id: str) -> None:
        """It was read anew: what was kept of it is not needed."""
        if trash.trashed(self, doc_id) is not None:
            with self.session():
                trash.forget(self, doc_id)

    def _forget_trashed(self, doc_ids: Sequence[str]) -> None:
        for doc_id in doc_ids:
            trash.forget(self, doc_id)

    def _empty_of_old(self) -> None:
        """What was removed too long ago goes; another time where somebody writes just now."""
        due = trash.due(self, self.settings.trash_days)
        try:
            if due:
                with self.session():
                    self._forget_trashed(due)
        except (StoreError, OSError) as exc:
            log.info("the trash is emptied another time: %s", exc)

    def reindex(
        self,
        encoder: str | None = None,
        words: str | None = None,
        progress: Report | None = None,
        gate: generations.Gate | None = None,
        keep: int = 1,
        say: Callable[[str], None] = log.info,
    ) -> bool:
        """Embed everything anew into a new generation, from the stored documents, and swap it in.

        Searches, and additions of other processes, go on meanwhile. A run that was killed is taken up again where the
        settings are the same. ``gate`` is shown this index and the new one and says whether to swap; what it refuses
        stays for :meth:`switch`, and a later run with the same encoder has it judged again. Of the generations before,
        the latest ``keep`` stay. Returns whether it was swapped.
        """
        return generations.reindex(self, encoder, words, gate, keep, _one_at_a_time(progress), say)

    def reparse(
        self, workers: int | None = None, password: str | None = None, progress: Report | None = None
    ) -> Iterator[Reread]:
        """Read documents of an older parser version, or of other settings, again from their stored originals.

        Each is replaced when its new reading is whole. Searches go on meanwhile, and a kill loses nothing.
        Raises :class:`EncoderMismatch` before anything is read.
        """
        self.check_encoder()
        with generations.only_one(self):
            yield from reparse(self, _one_at_a_time(progress), workers, password)

    def rollback(self, progress: Report | None = None) -> Generation:
        """Go back to the generation before the last swap; see :meth:`switch`."""
        return generations.switch(self, None, _one_at_a_time(progress))

    def switch(self, number: int, progress: Report | None = None) -> Generation:
        """Make an earlier or a refused generation live.

        Documents added since are embedded for it first; searches go on meanwhile.
        """
        return generations.switch(self, number, _one_at_a_time(progress))

    def mend(self, progress: Report | None = None) -> list[Mended]:
        """Look at everything there is, mend what is damaged, and say what became of each fault.

        Raises :class:`EncoderMismatch`, :class:`IndexBusy` where another process keeps writing.
        """
        with generations.only_one(self):
            return mend(self, _one_at_a_time(progress))

    def _create(self, create: bool) -> None:
        if not create:
            raise NoIndex(f"There is no index in {self.root}; make one with `python -m rag add FILE.pdf`")
        with self._writer, self.catalogue.lock(WRITE_LOCK):
            if self.catalogue.generation() is None:
                encoder = open_encoder(self.settings)
                self.use(encoder)
                self.catalogue.renew_full_text(counted("full text", None))
                self.catalogue.make_live(generations.new_generation(self, encoder, self.settings.store).id)


def _otherwise_called(paths: Sequence[Path]) -> Path | None:
    """The first whose extension, which tells kinds of plain text apart, is not that of the first of all."""
    return next((path for path in paths if path.suffix.lower() != paths[0].suffix.lower()), None)


def _twin(path: Path, first: Added) -> Added:
    """What became of a file with the same bytes as one that was added or failed before."""
    if first.status != "failed":
        return Added(path, first.doc_id, path.name, "present")
    error = f"{path} is the same file as {first.path}, which was not added: {first.error}"
    return replace(first, path=path, name=path.name, error=error)


def _one_at_a_time(progress: Report | None) -> Report:
    guard = threading.Lock()

    def report(step: Progress) -> None:
        if progress:
            with guard:
                progress(step)

    return report
