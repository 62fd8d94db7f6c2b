"""What must always hold of an index: every committed document has files, arrays, records and full text that agree."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

from rag.errors import IndexDamaged
from rag.storage import trash
from rag.storage.chroma import Record
from rag.storage.document_files import PARSED
from rag.storage.fulltext import FullText
from rag.storage.reader import IndexReader
from rag.storage.repair import all_arrays

_AGAIN = "it is made anew when a document is added or removed"


def violations(index: IndexReader) -> list[str]:
    """In words: every committed document has files, arrays, records and full text that agree; nothing else is there."""
    writer = index.catalogue.state().writing
    unclean = [f"process {writer} stopped while writing; opening the index repairs it"] if writer is not None else []
    checked = (index.catalogue.violations(), _in_files(index), _in_trash(index), _in_text(index), _in_vectors(index))
    return [*unclean, *chain.from_iterable(checked)]


def _in_files(index: IndexReader) -> Iterator[str]:
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


def _in_trash(index: IndexReader) -> Iterator[str]:
    committed = set(index.catalogue.ids())
    for row in trash.listed(index.root):
        if row.id in committed:
            yield f"trash/{row.id[:12]}: {row.name} is in the index, too"
        elif not (trash.place_of(index.root, row.id) / "document" / PARSED).is_file():
            yield f"trash/{row.id[:12]}: the files of {row.name} are missing; empty the trash of it"


def _in_text(index: IndexReader) -> Iterator[str]:
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


def _chunk_ids(index: IndexReader, doc_id: str) -> list[str]:
    return [chunk.id for chunk in index.catalogue.chunks_of(doc_id)]


def _in_vectors(index: IndexReader) -> Iterator[str]:
    committed = index.catalogue.ids()
    for arrays in all_arrays(index):
        for orphan in sorted(arrays.ids() - set(committed)):
            yield f"vectors/{arrays.folder.name}/{orphan[:12]}: no committed document owns these"
    for doc_id in committed:
        try:
            parts = index.vectors.arrays.load(doc_id)
        except IndexDamaged as exc:
            yield str(exc)
            continue
        strangers = {place.chunk_id for rows in parts for place in rows.places} - set(_chunk_ids(index, doc_id))
        if strangers:
            yield f"vectors of {doc_id[:12]}: {len(strangers)} chunks are not in the catalogue"
    if not index.vectors.collected:
        return
    found, lagging = index.vectors.differences(), index.vectors.lagging()
    if found is None:
        index.vectors.graph.distrust()
        yield f"{index.vectors.graph.folder}: the vector database cannot be read; {_AGAIN}"
        return
    missing = [doc_id for doc_id in found.missing if doc_id not in lagging]
    extra = [name for name in found.extra if Record.named(name).doc not in lagging]
    if missing or extra:
        index.vectors.graph.distrust()
    for doc_id in missing:
        yield f"vector database: {doc_id[:12]} is not wholly in it; {_AGAIN}"
    if extra:
        yield f"vector database: {len(extra)} records without a document, such as {extra[0]}; {_AGAIN}"
