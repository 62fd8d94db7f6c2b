"""Documents read again from their stored originals, each replaced when its new reading is whole.

People search the old reading meanwhile. Files being read lie in a folder of their own:

    <index>/rereading/<document id>/             as <index>/reading, of documents that are there
"""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterator
from functools import partial
from pathlib import Path
from typing import NamedTuple

from ingestion.errors import IngestionError
from ingestion.recordings.cues import SUBTITLES_KEPT
from rag.disk import disk_errors
from rag.errors import DiskFull, EncoderError, IndexDamaged, RagError
from rag.indexing.calibrate import calibrate_if_due
from rag.indexing.commit import store
from rag.indexing.parsing import Reading, parser_note
from rag.storage.files.document_files import DocumentFiles
from rag.storage.incoming import carry_out, claim, is_waiting
from rag.storage.reader import IndexReader
from rag.storage.records.catalogue import DocumentRow
from rag.storage.writer import IndexWriter
from rag.types import Progress

REREADING = "rereading"

Report = Callable[[Progress], None]


class Reread(NamedTuple):
    """A document that was read again, or in ``error`` why it stays as it was."""

    name: str
    doc_id: str
    pages: int
    error: str = ""


def outdated(index: IndexReader) -> list[DocumentRow]:
    """Documents that were parsed by another version, or with other settings, than they would be now."""
    note = parser_note(index.settings)
    return [row for row in index.catalogue.documents() if index.files.parser(row.id) != note]


def reparse(
    index: IndexWriter, report: Report, workers: int | None, password: str | None, only: Collection[str] | None = None
) -> Iterator[Reread]:
    """Read the outdated documents again, as they are ready; a run that was killed is taken up.

    ``only``: these documents, outdated or not.
    """
    if is_waiting(index.root):
        with index.session():
            carry_out(index)
    files = DocumentFiles(index.root, REREADING)
    note = parser_note(index.settings)
    chosen = outdated(index) if only is None else [row for row in index.catalogue.documents() if row.id in only]
    rows = {row.id: row for row in chosen}
    todo = {doc_id: _under_its_name(index, files, row) for doc_id, row in rows.items()}
    kept = False

    def is_done(doc_id: str) -> bool:
        return only is None and index.files.parser(doc_id) == note

    with Reading(files, index.settings, partial(claim, index.root), is_done, report, workers, password) as reading:
        for doc_id, _, job in reading.documents(todo):
            row, error, pages = rows[doc_id], "", rows[doc_id].pages
            try:
                parsed = job.result()
                if parsed is not None:
                    if parsed.document.id != doc_id:
                        raise IndexDamaged("the stored file is not the one that was added; remove it and add it again")
                    store(index, parsed.document, parsed.folder, report, "replace")
                    pages = len(parsed.document.pages)
            except DiskFull:
                reading.stop()
                raise
            except (IngestionError, RagError, OSError) as exc:
                error, kept = str(exc), kept or isinstance(exc, EncoderError)
            yield Reread(row.name, doc_id, pages, error)
    if not kept:  # a hosted encoder failed: what was read waits for the next run
        files.discard(files.reading)
    index.settle(report)
    calibrate_if_due(index, report)


def _under_its_name(index: IndexWriter, files: DocumentFiles, row: DocumentRow) -> Path:
    """The stored original as it was called when it was added: name and title come from there."""
    link = files.reading / "names" / row.id / row.name
    with disk_errors(link):
        link.parent.mkdir(parents=True, exist_ok=True)
        link.unlink(missing_ok=True)
        _second_name(index, index.files.original(row.id), link)
        beside = index.files.file(row.id, SUBTITLES_KEPT)
        if beside.is_file():  # of a recording: they are no part of its file
            said = link.with_name(SUBTITLES_KEPT)
            said.unlink(missing_ok=True)
            _second_name(index, beside, said)
    return link


def _second_name(index: IndexWriter, path: Path, link: Path) -> None:
    """A file of a cache may go before it is read: it gets a name that keeps it."""
    if index.elsewhere is not None and path.is_file():
        os.link(path, link)
    else:
        link.symlink_to(path.resolve())
