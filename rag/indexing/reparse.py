"""Documents read again from their stored originals, each replaced when its new reading is whole.

Enters: an open index. Leaves: documents as this parser version reads them. Must not know: how files are parsed,
generations other than the live one, questions.

Reading and embedding need no right to write; people search the old reading meanwhile. Then one document after another
is replaced, in the order arrays, files, catalogue commit. All that is needed for that lies ready below
``replacements``, so that a replacement that was cut short is carried out by whoever opens the index next.

    <index>/rereading/<document id>/             as <index>/reading, of documents that are there
    <index>/replacements/<document id>/document  the new folder      <generation label>/  its vectors      ready
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from ingestion.elements import Document
from ingestion.errors import IngestionError
from rag.disk import disk_errors, write_whole
from rag.errors import DiskFull, EncoderError, IndexDamaged, RagError
from rag.indexing import duplicates
from rag.indexing.embed import embed_document
from rag.indexing.parsing import Reading, parser_note
from rag.storage.catalogue import DocumentRow
from rag.storage.document_files import PARSED, Files, to_json
from rag.storage.reader import IndexReader
from rag.storage.replacements import READY, REPLACEMENTS, carry_out, finish
from rag.storage.vector_files import Kept
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


def reparse(index: IndexWriter, report: Report, workers: int | None, password: str | None) -> Iterator[Reread]:
    """Read the outdated documents again, as they are ready; a run that was killed is taken up."""
    with index.session(report, risky=True):
        carry_out(index)
    files = Files(index.root, REREADING)
    rows = {row.id: row for row in outdated(index)}
    todo = {doc_id: _under_its_name(index, files, row) for doc_id, row in rows.items()}
    kept = False
    with Reading(files, index.settings, report, workers, password) as reading:
        for doc_id, _, job in reading.documents(todo):
            row, error = rows[doc_id], ""
            try:
                document, folder = job.result()
                if document.id != doc_id:
                    raise IndexDamaged("the stored file is not the one that was added; remove it and add it again")
                _replace(index, document, folder, report)
            except DiskFull:
                reading.stop()
                raise
            except (IngestionError, RagError, OSError) as exc:
                error, kept = str(exc), kept or isinstance(exc, EncoderError)
            yield Reread(row.name, doc_id, row.pages if error else len(document.pages), error)
    if not kept:  # a hosted encoder failed: what was read waits for the next run
        files.discard(files.reading)


def _under_its_name(index: IndexWriter, files: Files, row: DocumentRow) -> Path:
    """The stored original as it was called when it was added: name and title come from there."""
    link = files.reading / "names" / row.id / row.name
    with disk_errors(link):
        link.parent.mkdir(parents=True, exist_ok=True)
        link.unlink(missing_ok=True)
        link.symlink_to(index.files.original(row.id).resolve())
    return link


def _replace(index: IndexWriter, document: Document, folder: Path, report: Report) -> None:
    def heard(done: int, total: int) -> None:
        report(Progress(document.name, "embedding", done, total))

    found = embed_document(document, folder, index.encoder, index.settings.batch, heard)
    document = replace(document, problems=document.problems + found.problems)
    place = index.root / REPLACEMENTS / document.id
    index.files.discard(place)
    write_whole(folder / PARSED, to_json(document))
    kept = Kept(place / index.generation.label, index.encoder.dim, index.settings.store)
    kept.save(document.id, found.nodes, document.chunks)
    with disk_errors(place):
        folder.replace(place / "document")
    write_whole(place / READY, b"")
    with index.session(report, risky=True):
        if index.catalogue.has(document.id):  # it may have been removed meanwhile
            finish(index, place, True)
            duplicates.update(index.catalogue, index.files, report)
        index.files.discard(place)
    report(Progress(document.name, "saving", 1, 1))
