"""Documents that lie ready to be committed: read and embedded, all of it on the index's disk, not yet in the index.

Reading and embedding a document take minutes and need no right to write. What they leave lies here, whole, until the
commit, which only moves it. So a commit that was cut short is carried out by whoever writes next:

    <index>/incoming/<document id>/document             the new folder
    <index>/incoming/<document id>/<generation label>/  its vectors
    <index>/incoming/<document id>/ready                written last: "add", or "replace" for one that is there
    <index>/incoming/<document id>.lock                 held by the process that is at work on the document
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Literal

from ingestion.elements import Document
from rag.disk import claimed, write_whole
from rag.errors import IndexBusy, StoreError
from rag.storage.document_files import PARSED, from_json
from rag.storage.reader import IndexReader
from rag.storage.vector_files import VectorFiles

INCOMING = "incoming"
EARLIER = "replacements"  # its name up to 0.3.0, when only replacements lay ready, their mark empty
READY = "ready"

log = logging.getLogger(__name__)
Purpose = Literal["add", "replace"]


def place_of(root: Path, doc_id: str) -> Path:
    """Where a document lies ready."""
    return root / INCOMING / doc_id


def claim(root: Path, doc_id: str, wait: float | None = 0.0) -> AbstractContextManager[None]:
    """The right to read, embed and commit one document, among all processes.

    Raises :class:`IndexBusy` where another has it for longer than ``wait`` seconds; None: waits without end.
    """
    return claimed(root / INCOMING / f"{doc_id}.lock", wait)


def make_ready(place: Path, purpose: Purpose) -> None:
    """All of a document lies at ``place``: from here on the commit can be carried out by any process."""
    write_whole(place / READY, purpose.encode())


def is_ready(place: Path) -> bool:
    """Whether all of a document lies at ``place``."""
    return (place / READY).is_file()


def finish(index: IndexReader, place: Path) -> Document:
    """With the right to write: commit what lies ready at ``place``. May be repeated where it was cut short."""
    doc_id, folder, live = place.name, place / "document", index.generation
    document = from_json((folder / PARSED).read_bytes()) if folder.is_dir() else index.files.load_document(doc_id)
    if index.catalogue.has(doc_id):  # other generations have vectors of its earlier reading
        for generation in index.catalogue.generations():
            if generation.id != live.id:  # embedded anew before it is switched to
                VectorFiles(index.root / "vectors" / generation.label, generation.dim).remove(doc_id)
    index.vectors.arrays.take(doc_id, place / live.label)
    if folder.is_dir():
        index.files.adopt_whole(doc_id, folder)
    index.catalogue.add(document)
    return document


def undo(index: IndexReader, place: Path, home: Path | None) -> None:
    """Take back a document that was to be added and is not committed. What was read is kept in ``home``, if any."""
    doc_id, folder = place.name, place / "document"
    index.vectors.delete(doc_id)
    if not folder.is_dir():
        folder = index.files.document(doc_id)
    if home is not None and folder.is_dir():
        index.files.move(folder, home)
    index.files.remove(doc_id)
    index.files.discard(place)


def carry_out(index: IndexReader) -> None:
    """With the right to write: commit what lies ready and nobody is at work on; drop what is not whole."""
    for place in _waiting(index.root):
        try:
            with claim(index.root, place.name):
                if _is_wanted(index, place):
                    _finish_or_undo(index, place)
                elif (place / "document").is_dir() and not index.catalogue.has(place.name):
                    undo(index, place, index.files.reading / place.name)  # need not be read again
                index.files.discard(place)
        except IndexBusy:
            continue  # another process is reading, embedding or about to commit it


def is_waiting(root: Path) -> bool:
    """Whether any document lies here, ready or not."""
    return next(_waiting(root), None) is not None


def _waiting(root: Path) -> Iterator[Path]:
    for folder in (root / INCOMING, root / EARLIER):
        yield from sorted(path for path in folder.iterdir() if path.is_dir()) if folder.is_dir() else ()


def _is_wanted(index: IndexReader, place: Path) -> bool:
    if not is_ready(place) or not (place / index.generation.label).is_dir():
        return False
    return index.catalogue.has(place.name) or _is_new(place)  # one to be replaced may have been removed since


def _is_new(place: Path) -> bool:
    return (place / READY).read_text() == "add"


def _finish_or_undo(index: IndexReader, place: Path) -> None:
    try:
        finish(index, place)
    except (StoreError, ValueError, KeyError, TypeError) as exc:
        if index.catalogue.has(place.name):
            raise
        log.warning("%s, which lay ready, could not be added: %s; add it again", place.name[:12], exc)
        undo(index, place, index.files.reading / place.name)
