"""Families of pictures in the catalogue: which cut-outs show the same picture, each by a hash and its family's name."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from ingestion.elements import Chunk
from rag.storage.catalogue import Catalogue
from rag.storage.connections import in_parts


class Member(NamedTuple):
    """A picture: its chunk, its 64-bit difference hash, and the name of its family, the chunk id of the first."""

    chunk: str
    hash: int
    family: str


def save(catalogue: Catalogue, doc_id: str, found: list[Member]) -> list[Member]:
    """Note a document's pictures, and that it was looked at. Returns them; none where it was removed meanwhile."""
    with catalogue.writing() as db:
        if not db.execute("SELECT 1 FROM documents WHERE id = ?", (doc_id,)).fetchone():
            return []
        db.execute("INSERT OR REPLACE INTO alike_documents VALUES (?)", (doc_id,))
        rows = [(seen.chunk, _signed(seen.hash), seen.family, doc_id) for seen in found]
        db.executemany("INSERT OR REPLACE INTO alike_pictures VALUES (?,?,?,?)", rows)
    return found


def known_documents(catalogue: Catalogue) -> set[str]:
    """Documents whose pictures were looked at."""
    if not catalogue.has_table("alike_documents"):
        return set()
    with catalogue.reading() as db:
        return {row[0] for row in db.execute("SELECT doc FROM alike_documents")}


def known_pictures(catalogue: Catalogue) -> list[Member]:
    """All pictures of all documents."""
    if not catalogue.has_table("alike_pictures"):
        return []
    with catalogue.reading() as db:
        rows = db.execute("SELECT chunk, hash, family FROM alike_pictures")
        return [Member(chunk, mark % (1 << 64), family) for chunk, mark, family in rows]


def _signed(mark: int) -> int:
    """As SQLite holds 64 bits."""
    return mark - (1 << 64) if mark >> 63 else mark


def family_of(catalogue: Catalogue, chunks: Sequence[str]) -> dict[str, str]:
    """The family of each chunk that has a twin somewhere."""
    if not chunks or not catalogue.has_table("alike_pictures"):
        return {}
    sql = """SELECT p.chunk, p.family FROM alike_pictures p WHERE
        EXISTS (SELECT 1 FROM alike_pictures q WHERE q.family = p.family AND q.chunk <> p.chunk) AND p.chunk IN"""
    with catalogue.reading() as db:
        return dict(in_parts(db, sql, list(chunks)))


def places_of(catalogue: Catalogue, families: Iterable[str]) -> dict[str, list[Chunk]]:
    """All chunks of each family."""
    names = sorted(families)
    with catalogue.reading() as db:
        owners = dict(in_parts(db, "SELECT chunk, family FROM alike_pictures WHERE family IN", names))
    members: dict[str, list[Chunk]] = {name: [] for name in names}
    for chunk_id, chunk in catalogue.chunks(owners).items():
        members[owners[chunk_id]].append(chunk)
    return members
