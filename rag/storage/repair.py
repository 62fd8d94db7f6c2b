"""Looking after an index: which files to add, what to clean up after an unclean stop, what must always hold.

Enters: an open index whose write lock is held. Leaves: a clean index, or a list of violations in words.
Must not know: questions, how anything is parsed or embedded.
"""

from __future__ import annotations

import logging
import shutil
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from ingestion.formats.detect import DOCUMENTS
from rag.disk import disk_errors
from rag.errors import IndexDamaged
from rag.indexing.reparse import carry_out
from rag.storage.chroma import Differences
from rag.storage.fulltext import FullText
from rag.storage.reader import NOBODY
from rag.storage.vector_files import Kept
from rag.types import Progress

if TYPE_CHECKING:
    from rag.index import Index

log = logging.getLogger(__name__)


def files_in(paths: Sequence[Path]) -> list[tuple[Path, str]]:
    """Files to add, each once, folders searched for documents; a path with nothing to add comes with the reason."""
    found: dict[Path, str] = {}
    for path in paths:
        if path.is_dir():
            inside = sorted(p for p in path.rglob("*") if p.suffix.lower() in DOCUMENTS and p.is_file())
            found.update((p, "") for p in inside)
            if not inside:
                found[path] = (
                    f"{path} has no PDF or other document in it or in its folders; pictures, text and web pages "
                    "are added when they are named one by one"
                )
        elif not path.exists():
            found[path] = f"{path} does not exist; check the spelling"
        else:
            found[path] = ""
    return list(found.items())


def recover(index: Index, report: Callable[[Progress], None] | None) -> None:
    """After an unclean stop: remove what no committed document owns, repair the vector database, clear the mark."""
    log.info("the index %s was not closed cleanly: cleaning up", index.root)
    index.files.clear_staging()
    carry_out(index, into_database=False)
    committed = set(index.catalogue.ids())
    for doc_id in index.files.ids() - committed:
        index.files.remove(doc_id)
    for arrays in _arrays(index):
        for doc_id in arrays.ids() - committed:
            arrays.remove(doc_id)

    def heard(done: int, total: int) -> None:
        if report:
            report(Progress("vector database", "saving", done, total))

    index.vectors.repair(list(index.vectors.rows()), heard)
    drop_generations(index)
    index.finish_writing()


def drop_generations(index: Index) -> None:
    """Delete arrays and collections of generations that the catalogue no longer knows."""
    folder = index.root / "vectors"
    there = list(folder.iterdir()) if folder.is_dir() else []  # looked at first: a new one is known before it is there
    known = {generation.label for generation in index.catalogue.generations()}
    for stale in [entry for entry in there if entry.name not in known]:
        with disk_errors(stale):
            shutil.rmtree(stale)
    index.vectors.keep_only(known)


def violations(index: Index) -> list[str]:
    """In words: every committed document has files, arrays, records and full text that agree; nothing else is there."""
    writer = index.catalogue.state().writing
    unclean = [f"process {writer} stopped while writing; opening the index repairs it"] if writer is not None else []
    return [*unclean, *index.catalogue.violations(), *_in_files(index), *_in_text(index), *_in_vectors(index)]


def _in_files(index: Index) -> Iterator[str]:
    rows = {row.id: row for row in index.catalogue.documents()}
    for orphan in sorted(index.files.ids() - rows.keys()):
        yield f"files/{orphan[:12]}: no committed document owns this folder"
    if index.files.staging.exists() and any(index.files.staging.iterdir()):
        yield "staging: left over from an unclean stop"
    for row in rows.values():
        name = f"{row.name} ({row.id[:12]})"
        if not index.files.original(row.id).is_file():
            yield f"{name}: the original file is missing"
        try:
            document = index.files.load_document(row.id)
        except IndexDamaged as exc:
            yield f"{name}: {exc}"
            continue
        if [c.id for c in document.chunks] != _chunk_ids(index, row.id):
            yield f"{name}: the chunks of document.json and of the catalogue differ"
        images = {p.image for p in document.pages} | {e.image for e in document.elements}
        images |= {c.image for c in document.chunks}
        for image in sorted(filter(None, images)):
            if not index.files.path(row.id, image).is_file():
                yield f"{name}: {image} is missing"


def _in_text(index: Index) -> Iterator[str]:
    text, committed = FullText(index.catalogue.connection), index.catalogue.ids()
    with index.catalogue.snapshot() as db:
        held = {row[0] for row in db.execute("SELECT doc FROM fulltext_documents")}
        places = {doc_id: text.places(_chunk_ids(index, doc_id)) for doc_id in committed}
    for doc_id in committed:
        if doc_id not in held:
            yield f"full text: {doc_id[:12]} is not in it"
        elif lost := [chunk for chunk, found in places[doc_id].items() if not found]:
            yield f"full text: {len(lost)} chunks of {doc_id[:12]} are not in it, such as {lost[0]}"
    for orphan in sorted(held - set(committed)):
        yield f"full text: {orphan[:12]} belongs to no committed document"


def _chunk_ids(index: Index, doc_id: str) -> list[str]:
    return [chunk.id for chunk in index.catalogue.chunks_of(doc_id)]


def _in_vectors(index: Index) -> Iterator[str]:
    committed = index.catalogue.ids()
    for arrays in _arrays(index):
        for orphan in sorted(arrays.ids() - set(committed)):
            yield f"vectors/{arrays.folder.name}/{orphan[:12]}: no committed document owns these"
    readable = []
    for doc_id in committed:
        try:
            parts = index.vectors.kept.load(doc_id)
        except IndexDamaged as exc:
            yield str(exc)
            continue
        readable.append(doc_id)
        strangers = {place.chunk_id for rows in parts for place in rows.places} - set(_chunk_ids(index, doc_id))
        if strangers:
            yield f"vectors of {doc_id[:12]}: {len(strangers)} chunks are not in the catalogue"
    clean = index.catalogue.state().writing is None
    found = index.vectors.differences(readable) if clean else index.vectors.probe(readable)
    if found != Differences((), ()):
        index.catalogue.mark_writing(NOBODY)
    if found is None:
        yield f"{index.vectors.folder}: the vector database cannot be read; opening the index again rebuilds it"
        return
    for doc_id in found.missing:
        yield f"vector database: {doc_id[:12]} is not wholly in it"
    if found.extra:
        yield f"vector database: {len(found.extra)} records without a document, such as {found.extra[0]}"


def _arrays(index: Index) -> list[Kept]:
    return [Kept(index.root / "vectors" / g.label, g.dim) for g in index.catalogue.generations()]
