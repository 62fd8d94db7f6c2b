"""Families of pictures in the catalogue: which cut-outs show the same picture, each by a hash and its family's name."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from ingestion.elements import Chunk
from rag.storage.catalogue import Catalogue
from rag.storage.fulltext import in_parts

_TABLES = """
CREATE TABLE IF NOT EXISTS alike_documents(doc TEXT PRIMARY KEY REFERENCES documents(id) ON DELETE CASCADE);
CREATE TABLE IF NOT EXISTS alike_pictures(chunk TEXT PRIMARY KEY, hash INTEGER NOT NULL, family TEXT NOT NULL,
    doc TEXT NOT NULL REFERENCES documents(id) ON DELETE CASCADE);
CREATE INDEX IF NOT EXISTS alike_families ON alike_pictures(family);
CREATE INDEX IF NOT EXISTS alike_of_document ON alike_pictures(doc)
"""


class Member(NamedTuple):
    """A picture: its chunk, its 64-bit difference hash, and the name of its family, the chunk id of the first."""

    chunk: str
    hash: int
    family: str


def save(catalogue: Catalogue, doc_id: str, found: list[Member]) -> list[Member]:
    """Note a document's pictures, and that it was looked at. Returns them; none where it was removed meanwhile."""
    with catalogue.writing() as db:
        for statement in _TABLES.split(";"):
            db.execute(statement)
        if not db.execute("SELECT 1 FROM documents WHERE id = ?", (doc_id,)).fetchone():
            return []
        db.execute("INSERT OR REPLACE INTO alike_documents VALUES (?)", (doc_id,))
        rows = [(seen.chunk, _signed(seen.hash), seen.family, doc_id) for seen in found]
        db.executemany("INSERT OR REPLACE INTO alike_pictures VALUES (?,?,?,?)", rows)
    return found


def known_documents(catalogue: Catalogue) -> set[str]:
    """Documents whose pictures were looked at."""
    with catalogue.reading() as db:
        return {row[0] for row in db.execute("SELECT doc FROM alike_documents")} if _there(catalogue) else set()


def known_pictures(catalogue: Catalogue) -> list[Member]:
    """All pictures of all documents."""
    with catalogue.reading() as db:
        rows = db.execute("SELECT chunk, hash, family FROM alike_pictures") if _there(catalogue) else ()
        return [Member(chunk, mark % (1 << 64), family) for chunk, mark, family in rows]


def _there(catalogue: Catalogue) -> bool:
    """Whether any document was looked at: an index of an earlier version has no such tables."""
    with catalogue.reading() as db:
        return db.execute("SELECT 1 FROM sqlite_master WHERE name = 'alike_of_document'").fetchone() is not None


def _signed(mark: int) -> int:
    """As SQLite holds 64 bits."""
    return mark - (1 << 64) if mark >> 63 else mark


def family_of(catalogue: Catalogue, chunks: Sequence[str]) -> dict[str, str]:
    """The family of each chunk that has a twin somewhere."""
    if not chunks or not _there(catalogue):
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
