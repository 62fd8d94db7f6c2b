"""Documents that lie ready to be committed: read and embedded, all of it on the index's disk, not yet in the index.

Reading and embedding a document take minutes and need no right to write. What they leave lies here, whole, until the
commit, which only moves it. So a commit that was cut short is carried out by whoever writes next:

    <index>/incoming/<document id>/document             the new folder
    <index>/incoming/<document id>/<generation label>/  its vectors
    <index>/incoming/<document id>/ready                written last: "add", or "replace" for one that is there
    <index>/incoming/<document id>.lock                 held by the process that is at work on the document
"""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Literal

from ingestion.elements import Document
from rag.disk import claimed, write_whole
from rag.errors import IndexBusy, StoreError
from rag.storage.files.document_files import PARSED, from_json
from rag.storage.files.elsewhere import Elsewhere
from rag.storage.reader import IndexReader
from rag.storage.records.stored_parts import DOCUMENT

INCOMING = "incoming"
EARLIER = "replacements"  # its name up to 0.3.0, when only replacements lay ready, their mark empty
READY = "ready"
SENT = "sent.json"  # where files lie elsewhere: as which versions they were written there

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
                index.arrays(generation).remove(doc_id)
    if index.elsewhere is not None:
        _commit_sent(index, index.elsewhere, place, document)
        return document
    index.vectors.arrays.take(doc_id, place / live.label)
    if folder.is_dir():
        index.files.adopt_whole(doc_id, folder)
    index.catalogue.add(document)
    return document


def send(index: IndexReader, place: Path) -> None:
    """Where the library's files lie elsewhere: write there what lies at ``place``, before it is committed."""
    if index.elsewhere is None:
        return
    sent = _sent(place)
    for folder in (place / "document", place / index.generation.label):
        if folder.is_dir() and folder.name not in sent:
            sent[folder.name] = index.elsewhere.send(place.name, folder.name, folder)
            write_whole(place / SENT, json.dumps(sent).encode())


def _commit_sent(index: IndexReader, elsewhere: Elsewhere, place: Path, document: Document) -> None:
    """The document and its files are there in one transaction; its files here become those of the cache."""
    send(index, place)
    sent = _sent(place)
    wanted = {part: sent[part] for part in (DOCUMENT, index.generation.label) if part in sent}
    try:
        index.catalogue.add(document, sent=wanted)
    except StoreError:
        (place / SENT).unlink(missing_ok=True)  # whoever tries again sends it again
        raise
    for part, version in wanted.items():
        elsewhere.cache.take(version, place / part)


def _sent(place: Path) -> dict[str, str]:
    """By part, the version as which it was sent."""
    try:
        return {str(part): str(version) for part, version in json.loads((place / SENT).read_bytes()).items()}
    except (FileNotFoundError, ValueError, AttributeError):
        return {}


def forget_sent(index: IndexReader, place: Path) -> None:
    """What was sent of a document is not wanted."""
    for version in _sent(place).values() if index.elsewhere is not None else ():
        index.elsewhere.give_up(version)  # type: ignore[union-attr]


def undo(index: IndexReader, place: Path, home: Path | None) -> None:
    """Take back a document that was to be added and is not committed. What was read is kept in ``home``, if any."""
    doc_id, folder = place.name, place / "document"
    forget_sent(index, place)
    index.vectors.delete(doc_id)
    if not folder.is_dir() and index.elsewhere is None:
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
                forget_sent(index, place)
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
