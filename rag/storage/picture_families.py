"""Families of pictures in the catalogue: cut-outs that show the same, each with its hash and its family's name.

A family is named by the chunk of its first picture, and a picture that resembles no other is a family of its own. Which
pictures belong together is decided in :mod:`rag.indexing.duplicates`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ingestion.elements import Chunk
from rag.storage.catalogue import Catalogue
from rag.storage.connections import in_parts


class Picture(NamedTuple):
    """``chunk`` and ``family`` are chunk ids, ``hash`` is the picture's 64-bit difference hash."""

    chunk: str
    hash: int
    family: str


class KnownPictures:
    """The hashes of all pictures in one array, in the order in which they were added; new ones are appended.

    The rest of a stored picture is read only where its hash is near the one that is looked for. Reading 50,000 hashes
    takes 30 ms, and comparing one with them 0.05 ms: so they are read for each document that is added, and what other
    processes have added or removed is known.
    """

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        with catalogue.reading() as db:
            rows = db.execute("SELECT rowid, hash FROM alike_pictures ORDER BY rowid").fetchall()
        stored = np.array(rows, dtype=np.int64).reshape(-1, 2)  # (pictures, 2)
        self._rowids: NDArray[np.int64] = stored[:, 0].copy()  # (stored pictures,)
        self._hashes: NDArray[np.uint64] = stored[:, 1].astype(np.uint64)  # (all pictures,)
        self._appended: list[Picture] = []

    def append(self, picture: Picture) -> None:
        """Take in a picture that is known from now on."""
        self._hashes = np.append(self._hashes, np.uint64(picture.hash))
        self._appended.append(picture)

    def near(self, wanted: int, most_bits: int, most: int) -> list[Picture]:
        """At most ``most`` pictures whose hashes differ from ``wanted`` in at most ``most_bits``, the nearest first.

        Of those that differ in as many, the one added first stands first.
        """
        bits = np.bitwise_count(self._hashes ^ np.uint64(wanted))  # (all pictures,)
        close = np.flatnonzero(bits <= most_bits)
        nearest = close[np.argsort(bits[close], kind="stable")][:most].tolist()
        stored = self._stored([int(self._rowids[index]) for index in nearest if index < len(self._rowids)])
        found = (
            stored.get(int(self._rowids[index]))  # None: removed meanwhile
            if index < len(self._rowids)
            else self._appended[index - len(self._rowids)]
            for index in nearest
        )
        return [picture for picture in found if picture is not None]

    def _stored(self, rowids: Sequence[int]) -> dict[int, Picture]:
        sql = "SELECT rowid, chunk, hash, family FROM alike_pictures WHERE rowid IN"
        with self._catalogue.reading() as db:
            rows = in_parts(db, sql, rowids)
            return {rowid: Picture(chunk, signed % (1 << 64), family) for rowid, chunk, signed, family in rows}


def save(catalogue: Catalogue, doc_id: str, pictures: Sequence[Picture]) -> bool:
    """Note a document's pictures, and that they were compared. False where it was removed meanwhile."""
    with catalogue.writing() as db:
        if not db.execute("SELECT 1 FROM documents WHERE id = ?", (doc_id,)).fetchone():
            return False
        db.execute("INSERT OR REPLACE INTO alike_documents VALUES (?)", (doc_id,))
        rows = [(picture.chunk, _signed(picture.hash), picture.family, doc_id) for picture in pictures]
        db.executemany("INSERT OR REPLACE INTO alike_pictures VALUES (?,?,?,?)", rows)
    return True


def _signed(value: int) -> int:
    """As SQLite holds 64 bits."""
    return value - (1 << 64) if value >> 63 else value


def not_compared(catalogue: Catalogue) -> list[str]:
    """Ids of documents whose pictures were not compared yet, in the order in which they were added.

    For those who may write: tables of an earlier version are brought up to date.
    """
    sql = "SELECT id FROM documents WHERE id NOT IN (SELECT doc FROM alike_documents) ORDER BY rowid"
    with catalogue.writing() as db:
        return [row[0] for row in db.execute(sql)]


def family_of(catalogue: Catalogue, chunks: Sequence[str]) -> dict[str, str]:
    """The family of each of these chunks that is not alone in it."""
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
