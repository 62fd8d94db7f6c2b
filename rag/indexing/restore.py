"""A removed document taken back out of the trash, without being read again.

Where another generation has gone live since it was removed it is embedded anew, which takes a while and needs no right
to write; else it takes seconds.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from ingestion.elements import well_formed
from rag.errors import IndexBusy, UnknownDocument
from rag.indexing import duplicates
from rag.indexing.commit import SWITCHES
from rag.indexing.embed import embed_document
from rag.storage import trash
from rag.storage.incoming import claim
from rag.storage.records.catalogue import DocumentRow
from rag.storage.stored_trash import Trashed
from rag.storage.writer import IndexWriter
from rag.types import Progress

Report = Callable[[Progress], None]


def restore(index: IndexWriter, doc_id: str, name: str, report: Report) -> DocumentRow:
    """Take a document back; ``name`` is what it is called from now on, empty for what it was called.

    Raises :class:`UnknownDocument` where it is not in the trash, :class:`IndexDamaged`, :class:`IndexBusy`.
    """
    with claim(index.root, doc_id, None):
        _rename(index, doc_id, name)
        for _ in range(SWITCHES):
            _embed_where_needed(index, doc_id, report)
            if _commit(index, doc_id, report):
                return index.catalogue.document(doc_id)
        raise IndexBusy(f"Another process keeps changing the generation of {index.root}; try again when it is done")


def _rename(index: IndexWriter, doc_id: str, name: str) -> None:
    _row(index, doc_id)
    document, name = trash.document(index, doc_id), well_formed(name)
    if name and name != document.name:
        title = name if document.title == document.name else document.title
        trash.rewrite(index, replace(document, name=name, title=title))


def _embed_where_needed(index: IndexWriter, doc_id: str, report: Report) -> None:
    with index.pinned():
        arrays = trash.vectors(index, doc_id)
        if doc_id in arrays.whole():
            return
        document = trash.document(index, doc_id)

        def heard(done: int, total: int) -> None:
            report(Progress(document.name, "embedding", done, total))

        with trash.pictures(index, document) as folder:
            found = embed_document(
                document, folder, index.encoder, index.settings.batch, heard, index.has_pages, index.has_tokens
            )
        arrays.save(doc_id, found.nodes, document.chunks, found.tokens)


def _commit(index: IndexWriter, doc_id: str, report: Report) -> bool:
    """False where another generation has gone live since it was embedded."""
    with index.session(risky=True):
        row = _row(index, doc_id)
        if index.catalogue.has(doc_id):
            trash.forget(index, doc_id)
            return True
        if doc_id not in trash.vectors(index, doc_id).whole():
            return False
        document = trash.document(index, doc_id)
        trash.move_out(index, doc_id)
        index.catalogue.add(document, row.place, row.added)
        duplicates.update(index.catalogue, index.files, report)
        trash.forget(index, doc_id)
    return True


def _row(index: IndexWriter, doc_id: str) -> Trashed:
    row = trash.trashed(index, doc_id)
    if row is None:
        raise UnknownDocument("That document is no longer in the trash; add its file again")
    return row
