"""Documents that lie ready to take the place of what is there: finished by whoever opens the index next.

All that a replacement needs is written before any of it is used, so that one that was cut short can be carried out:

    <index>/replacements/<document id>/document  the new folder      <generation label>/  its vectors      ready
"""

from __future__ import annotations

from pathlib import Path

from rag.storage.document_files import PARSED, from_json
from rag.storage.reader import IndexReader
from rag.storage.vector_files import Kept

REPLACEMENTS = "replacements"
READY = "ready"


def carry_out(index: IndexReader, into_database: bool = True) -> None:
    """With the right to write: finish replacements that lie ready, drop those that do not."""
    places = index.root / REPLACEMENTS
    for place in sorted(places.iterdir()) if places.is_dir() else ():
        ready = (place / READY).is_file() and (place / index.generation.label).is_dir()
        if ready and index.catalogue.has(place.name):
            finish(index, place, into_database)
        index.files.discard(place)


def finish(index: IndexReader, place: Path, into_database: bool) -> None:
    """Every step may be repeated; ``into_database`` False leaves the vector database to be repaired."""
    doc_id, folder, live = place.name, place / "document", index.generation
    document = from_json((folder / PARSED).read_bytes()) if folder.is_dir() else index.files.load_document(doc_id)
    for generation in index.catalogue.generations():
        if generation.id != live.id:  # embedded anew before it is gone back to
            Kept(index.root / "vectors" / generation.label, generation.dim).remove(doc_id)
    index.vectors.kept.take(doc_id, place / live.label)
    if into_database:
        index.vectors.forget([doc_id])
        index.vectors.restore([doc_id])
    if folder.is_dir():
        index.files.adopt(document, folder)
    index.catalogue.add(document)
