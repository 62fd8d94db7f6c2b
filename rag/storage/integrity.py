"""What must always hold of an index: every committed document has files, arrays, records and full text that agree.

:func:`faults` finds what does not, each of a kind that :mod:`rag.indexing.mending` knows how to mend; a thorough look
also reads every original, array and term of the full text, which takes seconds per thousand pages.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import Literal, NamedTuple

from ingestion.elements import Document, file_id, lines_file
from rag.errors import IndexDamaged
from rag.storage import trash
from rag.storage.files.document_files import ORIGINAL, PARSED, pictures_of
from rag.storage.files.elsewhere import Elsewhere
from rag.storage.full_text import index as fulltext
from rag.storage.full_text.index import FullText
from rag.storage.reader import IndexReader
from rag.storage.records import stored_parts
from rag.storage.records.catalogue import DocumentRow
from rag.storage.repair import all_arrays
from rag.storage.tables.schema import create
from rag.storage.tables.sqlite_file import in_memory
from rag.storage.vectors.chroma import Record
from rag.storage.vectors.files import VectorFiles

SEVERAL = 3  # documents that are named one by one
_AGAIN = "it is made anew when a document is added or removed"

Kind = Literal[
    "unclean",  # a writer ended half-way: put right by whoever opens or writes next
    "database",  # the database itself finds the catalogue broken
    "rows",  # a document's rows in the catalogue are not those of its document.json
    "ownerless rows",  # of a document that is not there
    "folder",  # files without a committed document
    "leftover",  # of work that ended half-way
    "original",  # the document's own file is missing, or another
    "reading",  # what was understood of it is missing or broken, so that it has to be read again
    "picture",  # a page's picture or a cut-out is missing or cut short
    "trash",
    "text",  # full text of a document
    "totals",  # counts of the full text
    "array",  # vectors of a document in the live generation
    "other array",  # in another generation
    "ownerless array",
    "graph",  # the vector database
]


class Fault(NamedTuple):
    """What does not hold, for people; ``doc`` is the document it is about, ``name`` a file's path in its folder, or a
    generation's label."""

    kind: Kind
    text: str
    doc: str = ""
    name: str = ""


def violations(index: IndexReader) -> list[str]:
    """In words: every committed document has files, arrays, records and full text that agree; nothing else is there."""
    return [fault.text for fault in faults(index)]


def faults(index: IndexReader, thorough: bool = False) -> list[Fault]:
    """All that does not hold."""
    writer = index.catalogue.state().writing
    stopped = f"process {writer} stopped while writing; opening the index repairs it"
    unclean = [Fault("unclean", stopped)] if writer is not None else []
    return list(
        chain(
            unclean,
            _in_catalogue(index),
            _in_files(index, thorough),
            _in_trash(index),
            _in_text(index, thorough),
            _in_vectors(index, thorough),
        )
    )


def _in_catalogue(index: IndexReader) -> Iterator[Fault]:
    for wrong in index.catalogue.violations():
        owner = next((row.id for row in index.catalogue.documents() if f"({row.id[:12]})" in wrong), "")
        kind: Kind = "ownerless rows" if "ownerless" in wrong else "rows" if owner else "database"
        yield Fault(kind, wrong, owner)


# -- files -----------------------------------------------------------------------------------------------------------


def _in_files(index: IndexReader, thorough: bool) -> Iterator[Fault]:
    rows = {row.id: row for row in index.catalogue.documents()}
    for orphan in sorted(index.files.ids() - rows.keys()):
        yield Fault("folder", f"files/{orphan[:12]}: no committed document owns this folder", orphan)
    if index.files.staging.exists() and any(index.files.staging.iterdir()):
        yield Fault("leftover", "staging: left over from an unclean stop")
    if thorough:
        yield from _broken_off(index)
    if index.elsewhere is not None:
        yield from _in_store(index.elsewhere, index.generation.label)
    for row in rows.values():
        yield from _in_folder(index, row, thorough)


def _in_store(elsewhere: Elsewhere, live: str) -> Iterator[Fault]:
    """What the store has lost; what the cache still has of it does not count."""
    for doc, part, name in elsewhere.lost():
        lost = f"{elsewhere.objects.address} has lost {name} of {doc[:12]}"
        kind: Kind = "array" if part == live else "other array"
        if part == stored_parts.DOCUMENT:
            is_picture = "/" in name and not name.endswith(".json")
            kind = "original" if name.startswith(f"{ORIGINAL}.") else "picture" if is_picture else "reading"
        elif part.startswith(stored_parts.TRASH):
            if name != PARSED and not name.startswith(f"{ORIGINAL}."):
                continue  # made again when it is taken back
            kind = "trash"
        yield Fault(kind, lost, doc, name if part == stored_parts.DOCUMENT else part)
    if unknown := elsewhere.unknown():
        yield Fault("leftover", f"{elsewhere.objects.address}: {len(unknown)} files that no document has")


def _broken_off(index: IndexReader) -> Iterator[Fault]:
    """Half-written arrays; those of a generation that is being built are cleared by the run that takes it up."""
    for generation in index.catalogue.generations():
        folder = index.root / "vectors" / generation.label
        for part in folder.glob("*.part") if generation.state != "building" else ():
            yield Fault("leftover", f"vectors/{generation.label}/{part.name}: writing it was broken off")


def _in_folder(index: IndexReader, row: DocumentRow, thorough: bool) -> Iterator[Fault]:
    name = f"{row.name} ({row.id[:12]})"
    looked_at = thorough or index.elsewhere is None  # the store was asked for all names: nothing is brought for this
    original = index.files.original(row.id) if looked_at else None
    if original is not None and not original.is_file():
        yield Fault("original", f"{name}: the original file is missing", row.id)
    elif original is not None and thorough and file_id(original) != row.id:
        yield Fault("original", f"{name}: {original.name} is not the file that was added", row.id)
    try:
        document = index.files.load_document(row.id)
        index.files.parser(row.id)
    except IndexDamaged as exc:
        yield Fault("reading", f"{name}: {exc}", row.id)
        return
    if [c.id for c in document.chunks] != _chunk_ids(index, row.id):
        yield Fault("rows", f"{name}: the chunks of document.json and of the catalogue differ", row.id)
    elif thorough and list(document.chunks) != index.catalogue.chunks_of(row.id):
        yield Fault("rows", f"{name}: words of document.json and of the catalogue differ", row.id)
    for image in pictures_of(document) if looked_at else ():
        path = index.files.path(row.id, image)
        if not path.is_file():
            yield Fault("picture", f"{name}: {image} is missing", row.id, image)
        elif thorough and not is_whole_picture(path):
            yield Fault("picture", f"{name}: {image} is cut short", row.id, image)
    if thorough:
        yield from _in_lines(index, document, name)


def _in_lines(index: IndexReader, document: Document, name: str) -> Iterator[Fault]:
    for page in document.pages:
        try:
            index.files.lines(document.id, page.number)
        except IndexDamaged:
            text = f"{name}: {lines_file(page.number)}, the lines of a page, cannot be read"
            yield Fault("reading", text, document.id)
            return


def is_whole_picture(path: Path) -> bool:
    """By its first and last bytes, of the formats that page pictures and cut-outs are written in."""
    size = path.stat().st_size
    with path.open("rb") as file:
        head = file.read(12)
        file.seek(max(0, size - 2))
        tail = file.read(2)
    if head[:2] == b"\xff\xd8":
        return tail == b"\xff\xd9"
    if head[:4] == b"RIFF" and head[8:] == b"WEBP":
        return size >= int.from_bytes(head[4:8], "little") + 8
    return head[:8] == b"\x89PNG\r\n\x1a\n" and tail == b"\x60\x82"


# -- trash, full text, vectors ---------------------------------------------------------------------------------------


def _in_trash(index: IndexReader) -> Iterator[Fault]:
    committed = set(index.catalogue.ids())
    for row in trash.listed(index):
        if row.id in committed:
            yield Fault("trash", f"trash/{row.id[:12]}: {row.name} is in the index, too", row.id)
        elif not trash.of(index).parsed(row.id).is_file():
            text = f"trash/{row.id[:12]}: the files of {row.name} are missing; empty the trash of it"
            yield Fault("trash", text, row.id)


def _in_text(index: IndexReader, thorough: bool) -> Iterator[Fault]:
    text, committed = FullText(index.catalogue.connection), index.catalogue.ids()
    with index.catalogue.snapshot() as db:
        held = {row[0] for row in db.execute("SELECT doc FROM fulltext_documents")}
        pages = {doc_id: text.pages_of(_chunk_ids(index, doc_id)) for doc_id in committed}
        totals = fulltext.totals_agree(db)
        ownerless = thorough and fulltext.has_ownerless(db)
    if ownerless:
        yield Fault("totals", "full text: rows of it belong to no document")
    if not totals:
        yield Fault("totals", "full text: the counts of pages and words are not those of its documents")
    for doc_id in committed:
        if doc_id not in held:
            yield Fault("text", f"full text: {doc_id[:12]} is not in it", doc_id)
        elif lost := [chunk for chunk, found in pages[doc_id].items() if not found]:
            lacking = f"{len(lost)} chunks of {doc_id[:12]} are not in it, such as {lost[0]}"
            yield Fault("text", f"full text: {lacking}", doc_id)
        elif thorough and not _has_its_terms(index, doc_id):
            yield Fault("text", f"full text: {doc_id[:12]} has other terms than its words", doc_id)
    for orphan in sorted(held - set(committed)):
        yield Fault("text", f"full text: {orphan[:12]} belongs to no committed document", orphan)


def _has_its_terms(index: IndexReader, doc_id: str) -> bool:
    """Whether the full text of a document is what is made of its chunks now."""
    with in_memory() as made:
        create(made)
        row = index.catalogue.document(doc_id)
        fulltext.insert(made, row.id, row.name, row.title, index.catalogue.chunks_of(doc_id))
        with index.catalogue.reading() as db:
            return fulltext.rows_of_document(db, doc_id) == fulltext.rows_of_document(made, doc_id)


def _chunk_ids(index: IndexReader, doc_id: str) -> list[str]:
    return [chunk.id for chunk in index.catalogue.chunks_of(doc_id)]


def _in_vectors(index: IndexReader, thorough: bool) -> Iterator[Fault]:
    committed, live = index.catalogue.ids(), index.vectors.arrays
    for arrays in all_arrays(index):
        label = arrays.folder.name
        for orphan in sorted(arrays.ids() - set(committed)):
            yield Fault(
                "ownerless array", f"vectors/{label}/{orphan[:12]}: no committed document owns these", orphan, label
            )
        if label != index.generation.label and thorough:
            for doc_id in sorted(arrays.whole() & set(committed)):
                if why := _broken(arrays, doc_id, thorough):
                    yield Fault("other array", f"vectors/{label}/{doc_id[:12]}: {why}", doc_id, label)
    for doc_id in committed:
        if why := _broken(live, doc_id, thorough):
            yield Fault("array", why, doc_id)
            continue
        parts = live.load(doc_id)
        strangers = {place.chunk_id for rows in parts for place in rows.places} - set(_chunk_ids(index, doc_id))
        if strangers:
            text = f"vectors of {doc_id[:12]}: {len(strangers)} chunks are not in the catalogue"
            yield Fault("array", text, doc_id)
    if index.vectors.collected:
        yield from _in_graph(index)


def _broken(arrays: VectorFiles, doc_id: str, thorough: bool) -> str:
    """Why a document's vectors cannot be used; empty where they can."""
    try:
        arrays.load(doc_id)
        if thorough and not arrays.is_as_written(doc_id):
            return f"the vectors of document {doc_id[:12]} are other numbers than were written"
    except IndexDamaged as exc:
        return str(exc)
    return ""


def _in_graph(index: IndexReader) -> Iterator[Fault]:
    found, lagging = index.vectors.differences(), index.vectors.lagging()
    if found is None:
        index.vectors.graph.distrust()
        yield Fault("graph", f"{index.vectors.graph.folder}: the vector database cannot be read; {_AGAIN}")
        return
    missing = [doc_id for doc_id in found.missing if doc_id not in lagging]
    extra = [name for name in found.extra if Record.named(name).doc not in lagging]
    if missing or extra:
        index.vectors.graph.distrust()
    if len(missing) > SEVERAL:
        some = f"{len(missing)} documents are not wholly in it, such as {missing[0][:12]}"
        yield Fault("graph", f"vector database: {some}; {_AGAIN}")
    for doc_id in missing if len(missing) <= SEVERAL else ():
        yield Fault("graph", f"vector database: {doc_id[:12]} is not wholly in it; {_AGAIN}", doc_id)
    if extra:
        some = f"{len(extra)} records without a document, such as {extra[0]}"
        yield Fault("graph", f"vector database: {some}; {_AGAIN}")
