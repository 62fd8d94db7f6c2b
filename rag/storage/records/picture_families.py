"""Families of pictures in the catalogue: cut-outs that show the same, each with its hash and its family's name.

A family is named by the chunk of its first picture, and a picture that resembles no other is a family of its own. Which
pictures belong together is decided in :mod:`rag.indexing.duplicates`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple, Self
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from ingestion.elements import Chunk
from rag.storage.records.catalogue import REMOVALS, Catalogue
from rag.storage.tables.connections import in_parts


class Picture(NamedTuple):
    """``chunk`` and ``family`` are chunk ids, ``hash`` is the picture's 64-bit difference hash."""

    chunk: str
    hash: int
    family: str


class KnownPictures:
    """The hashes of all pictures in one array, in the order in which they were added; new ones are appended.

    The rest of a stored picture is read only where its hash is near the one that is looked for. The hashes are kept
    from one document to the next (:meth:`of`), and only those that came since are read; where a document has gone
    meanwhile, all of them.
    """

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self._removals = -1
        self._rowids: NDArray[np.int64] = np.zeros(0, dtype=np.int64)  # (stored pictures,)
        self._hashes: NDArray[np.uint64] = np.zeros(0, dtype=np.uint64)  # (stored pictures,)
        self._appended: list[Picture] = []
        self.refresh()

    @classmethod
    def of(cls, catalogue: Catalogue) -> Self:
        """Those that are kept for this catalogue, as they are now."""
        known = _kept.get(catalogue)
        if not isinstance(known, cls):
            known = _kept[catalogue] = cls(catalogue)
        else:
            known.refresh()
        return known

    def refresh(self) -> None:
        """Read what was saved since, and forget what was appended."""
        with self._catalogue.reading() as db:
            row = db.execute("SELECT value FROM manifest WHERE key = ?", (REMOVALS,)).fetchone()
            removals = int(row[0]) if row else 0
            if removals != self._removals:
                self._removals, self._rowids, self._hashes = removals, self._rowids[:0], self._hashes[:0]
            last = int(self._rowids[-1]) if len(self._rowids) else -1
            sql = "SELECT rowid, hash FROM alike_pictures WHERE rowid > ? ORDER BY rowid"
            stored = np.array(db.execute(sql, (last,)).fetchall(), dtype=np.int64).reshape(-1, 2)  # (new pictures, 2)
        self._rowids = np.concatenate([self._rowids, stored[:, 0]])
        self._hashes = np.concatenate([self._hashes, stored[:, 1].astype(np.uint64)])
        self._appended = []

    def append(self, picture: Picture) -> None:
        """Take in a picture that is known from now on."""
        self._appended.append(picture)

    def near(self, wanted: int, most_bits: int, most: int) -> list[Picture]:
        """At most ``most`` pictures whose hashes differ from ``wanted`` in at most ``most_bits``, the nearest first.

        Of those that differ in as many, the one added first stands first.
        """
        new = np.array([picture.hash for picture in self._appended], dtype=np.uint64)
        apart = [np.bitwise_count(hashes ^ np.uint64(wanted)) for hashes in (self._hashes, new)]
        close = np.concatenate([np.flatnonzero(apart[0] <= most_bits), len(self._hashes) + np.arange(len(new))])
        bits = np.concatenate([apart[0][apart[0] <= most_bits], apart[1]])
        close, bits = close[bits <= most_bits], bits[bits <= most_bits]
        nearest = close[np.argsort(bits, kind="stable")][:most].tolist()
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


_kept: WeakKeyDictionary[Catalogue, KnownPictures] = WeakKeyDictionary()


def save(catalogue: Catalogue, doc_id: str, pictures: Sequence[Picture]) -> bool:
    """Note a document's pictures, and that they were compared. False where it was removed meanwhile."""
    with catalogue.writing() as db:
        if not db.execute("SELECT 1 FROM documents WHERE id = ?", (doc_id,)).fetchone():
            return False
        db.execute("INSERT INTO alike_documents VALUES (?) ON CONFLICT(doc) DO NOTHING", (doc_id,))
        rows = [(picture.chunk, _signed(picture.hash), picture.family, doc_id) for picture in pictures]
        db.executemany("DELETE FROM alike_pictures WHERE chunk = ?", [row[:1] for row in rows])  # its number, too
        db.executemany("INSERT INTO alike_pictures(chunk, hash, family, doc) VALUES (?,?,?,?)", rows)
    return True


def _signed(value: int) -> int:
    """As a database holds 64 bits."""
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
