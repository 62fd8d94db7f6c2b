"""Codes of vectors, by which a large library is searched in memory: some bits a number, and a few factors a row.

:mod:`rag.storage.vectors.quantized` says what they are. By its signs every row is weighed, by their steps the best of
them are put in order; the best of these are then weighed exactly. A row of 384 numbers takes 252 bytes instead of
1,536.

A document's codes (:mod:`rag.storage.vectors.document_codes`) are rows of the catalogue, and go with the document. They
can be made anew from the arrays, and are where they have no steps, which those of an earlier version have not: until
then these rows stand in the order of their signs.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from rag.storage.records.catalogue import Catalogue
from rag.storage.tables.connections import Connection
from rag.storage.tables.database import raise_revision
from rag.storage.vectors.codes_in_memory import HeldCodes
from rag.storage.vectors.document_codes import Centre, Centres, DocumentCodes, bytes_of_row, packed, unpacked
from rag.storage.vectors.files import KINDS, MODALITIES
from rag.types import Float32Array, Modality

RECORD = "codes"  # key of a generation's record
MOST_GONE = 0.25  # share of the rows in memory whose documents have gone, from which on the rest is read anew

_MISSING = "SELECT id FROM documents WHERE id NOT IN (SELECT doc FROM vector_codes WHERE generation = ?)"
_WITHOUT_STEPS = """
    SELECT doc FROM vector_codes WHERE generation = ? AND modality = ? AND length(codes) < rows * (width + 1 + ?)"""


class Candidates(NamedTuple):
    """Rows that may be among the best, best first: the place of each one's document, its place in that one's array, its
    chunk, and the product by its code."""

    owners: list[int]
    rows: list[int]
    chunks: list[str]
    scores: list[float]


class HeldDocument(NamedTuple):
    """What reading a row of a document's array needs: rows in all, and how they are written."""

    doc: str
    total: int
    store: str


class CodeIndex:
    """The codes of one generation in memory, brought up to the catalogue when its revision changes."""

    def __init__(self, catalogue: Catalogue, generation: int) -> None:
        self._catalogue, self._generation = catalogue, generation
        self._revision = -1
        self._centres: Centres = {}
        self._last = 0
        self._held: dict[Modality, HeldCodes] = {}
        self._documents: list[HeldDocument] = []
        self._scales: dict[tuple[int, Modality], tuple[int, Float32Array]] = {}
        self._place: dict[str, int] = {}
        self._gone: set[int] = set()
        self.tail: tuple[str, ...] = ()  # documents without codes

    def bring_up(self, revision: int) -> bool:
        """False where this library has no codes, which is so for all but large ones."""
        if revision == self._revision:
            return bool(self._place)
        with self._catalogue.latest() as db:
            sql = "SELECT MAX(id), COUNT(*) FROM vector_codes WHERE generation = ?"
            last, count = db.execute(sql, (self._generation,)).fetchone()
            if not count:
                self._forget()
                self._revision = revision
                return False
            if not self._held:
                centres = self.centres()
                self._held = {modality: HeldCodes(centres.get(modality, ())) for modality in MODALITIES}
            self._drop_gone(db)
            if sum(self._documents[place].total for place in self._gone) > MOST_GONE * self.count:
                self._forget()
                self._held = {modality: HeldCodes(self.centres().get(modality, ())) for modality in MODALITIES}
            if last > self._last:
                self._read(db, last)
            self.tail = tuple(row[0] for row in db.execute(f"{_MISSING} ORDER BY id", (self._generation,)))
        self._revision = revision
        return True

    def _forget(self) -> None:
        self._held, self._documents, self._place, self._gone, self._last = {}, [], {}, set(), 0
        self._scales = {}
        self.tail = ()

    def _drop_gone(self, db: Connection) -> None:
        sql = "SELECT DISTINCT doc FROM vector_codes WHERE generation = ? AND id <= ?"
        there = {row[0] for row in db.execute(sql, (self._generation, self._last))}
        for doc in [doc for doc in self._place if doc not in there]:
            self._gone.add(self._place.pop(doc))

    def _read(self, db: Connection, last: int) -> None:
        sql = "FROM vector_codes WHERE +generation = ? AND id > ? AND id <= ?"  # +: in the order of id, none are sorted
        span = self._generation, self._last, last
        sizes = f"SELECT modality, SUM(rows), MAX(width) {sql} GROUP BY modality"
        for modality, rows, width in db.execute(sizes, span).fetchall():
            self._held[modality].reserve(rows, width)
        columns = "doc, modality, rows, first, total, store, width, codes"
        for doc, *values in db.execute(f"SELECT {columns} {sql} ORDER BY id", span):
            if doc not in self._place:
                self._place[doc] = len(self._documents)
                self._documents.append(HeldDocument(doc, values[3], values[4]))
            held = self._held[values[0]]
            found = unpacked(held.centres, values[:-1], values[-1])
            held.add(found, self._place[doc])
            if found.scales is not None:
                self._scales[self._place[doc], found.modality] = found.first, found.scales
        self._last = last

    # -- in the catalogue ----------------------------------------------------------------------------------------

    def centres(self) -> Centres:
        """As they were when the first codes of the generation were made; none where there are none."""
        if not self._centres:
            noted = self._catalogue.record(self._generation).get(RECORD, {})
            self._centres = {
                modality: tuple(Centre(a, b, np.array(mean, np.float32)) for a, b, mean in noted[modality])
                for modality in MODALITIES
                if modality in noted
            }
        return self._centres

    def note_centres(self, centres: Centres) -> None:
        """For good: codes with one centre cannot be compared with those of another."""
        noted = {modality: [[c.start, c.stop, c.mean.tolist()] for c in found] for modality, found in centres.items()}
        self._catalogue.add_to_record(self._generation, **{RECORD: noted})

    def library(self) -> tuple[int, int]:
        """Documents, and their passages, tables, figures and pages."""
        with self._catalogue.reading() as db:
            documents, chunks = db.execute("SELECT COUNT(*), COALESCE(SUM(chunks), 0) FROM documents").fetchone()
        return int(documents), int(chunks)

    def missing(self) -> list[str]:
        """Ids of the documents that have no codes."""
        with self._catalogue.reading() as db:
            return [row[0] for row in db.execute(f"{_MISSING} ORDER BY rowid", (self._generation,))]

    def without_steps(self) -> list[str]:
        """Ids of the documents whose codes an earlier version has made."""
        found: dict[str, None] = {}
        with self._catalogue.reading() as db:
            for modality, centres in self.centres().items():
                a_row = sum(bytes_of_row(centre) for centre in centres)
                rows = db.execute(f"{_WITHOUT_STEPS} ORDER BY id", (self._generation, modality, a_row))
                found |= dict.fromkeys(row[0] for row in rows)
        return list(found)

    def save(self, doc: str, found: Sequence[DocumentCodes], still: Callable[[], bool]) -> None:
        """Of a document, unless it has gone, or ``still`` says that its vectors are others by now."""
        about = self._generation, doc
        rows = [
            (*about, c.modality, len(c.kinds), c.first, c.total, c.store, c.chunks.dtype.itemsize, packed(c))
            for c in found
        ] or [(*about, "text", 0, 0, 0, "float32", 1, b"")]
        sql = "INSERT INTO vector_codes(generation, doc, modality, rows, first, total, store, width, codes)"
        with self._catalogue.writing() as db:
            if still() and db.execute("SELECT 1 FROM documents WHERE id = ?", (doc,)).fetchone():
                keys = [(*about, row[2]) for row in rows]  # new rows get numbers of their own, which readers look for
                db.executemany("DELETE FROM vector_codes WHERE generation = ? AND doc = ? AND modality = ?", keys)
                db.executemany(f"{sql} VALUES (?,?,?,?,?,?,?,?,?)", rows)
                raise_revision(db)

    def drop(self, doc: str) -> None:
        """Forget a document's codes: its vectors were made anew."""
        with self._catalogue.writing() as db:
            db.execute("DELETE FROM vector_codes WHERE generation = ? AND doc = ?", (self._generation, doc))
            raise_revision(db)

    @property
    def rough(self) -> bool:
        """Whether any code in memory is of an earlier version, without steps."""
        return any(held.rough for held in self._held.values())

    @property
    def count(self) -> int:
        """Rows that have codes."""
        return sum(held.count for held in self._held.values())

    def document(self, place: int) -> HeldDocument:
        """Of one that has codes, by its place."""
        return self._documents[place]

    def scale(self, place: int, modality: Modality, row: int) -> float:
        """Of a row of an int8 array of the document at this place; 1 of others."""
        found = self._scales.get((place, modality))
        return 1.0 if found is None else float(found[1][row - found[0]])

    def nearest(
        self,
        query: Float32Array,
        count: int,
        modality: Modality,
        docs: frozenset[str] | None,
        kinds: frozenset[str] | None,
    ) -> Candidates | None:
        """The best ``count`` rows by their codes, best first; None where the question has other columns than codes."""
        held = self._held[modality]
        if not held.count:
            return Candidates([], [], [], [])
        used = np.flatnonzero(query)
        place = next((i for i, c in enumerate(held.centres) if c.start <= used[0] and used[-1] < c.stop), None)
        if place is None:
            return None
        best_rows, scores = held.nearest(place, query, count, self._allowed(held, docs, kinds))
        owners, rows = held.owner[best_rows].tolist(), held.row[best_rows].tolist()
        chunks = held.chunks[best_rows].astype(str).tolist()
        return Candidates(owners, rows, chunks, scores.tolist())

    def _allowed(
        self, held: HeldCodes, docs: frozenset[str] | None, kinds: frozenset[str] | None
    ) -> NDArray[np.bool_] | None:
        allowed: NDArray[np.bool_] | None = None
        if self._gone or docs is not None:
            wanted = np.ones(len(self._documents), dtype=bool)
            if docs is not None:
                wanted = np.fromiter((one.doc in docs for one in self._documents), dtype=bool, count=len(wanted))
            wanted[list(self._gone)] = False
            allowed = wanted[held.owner[: held.count]]
        if kinds is not None:
            chosen = np.array([kind in kinds for kind in KINDS])[held.kinds[: held.count]]
            allowed = chosen if allowed is None else allowed & chosen
        return allowed
