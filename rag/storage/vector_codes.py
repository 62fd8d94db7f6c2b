"""Codes of vectors, by which a large library is searched in memory: some bits a number, and a few factors a row.

:mod:`rag.storage.quantized` says what they are. By its signs every row is weighed, by their steps the best of them are
put in order; the best of these are then weighed exactly. A row of 384 numbers takes 252 bytes instead of 1,536.

A document's codes are rows of the catalogue, and go with the document. They can be made anew from the arrays, and are
where they have no steps, which those of an earlier version have not: until then these rows stand in the order of their
signs.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from rag.storage.catalogue import Catalogue
from rag.storage.connections import Connection
from rag.storage.database import raise_revision
from rag.storage.quantized import (
    FACTORS,
    WORD,
    Asked,
    Signs,
    Steps,
    best,
    likely,
    pairs_in,
    reach,
    signs_of,
    steps_of,
    words_in,
)
from rag.storage.vector_files import KINDS, MODALITIES, Rows
from rag.types import Float32Array, Modality

RECORD = "codes"  # key of a generation's record
MOST_GONE = 0.25  # share of the rows in memory whose documents have gone, from which on the rest is read anew


class Centre(NamedTuple):
    """Columns [start, stop) of the vectors that a channel asks for, and the mean of the rows there."""

    start: int
    stop: int
    mean: Float32Array


Centres = dict[Modality, tuple[Centre, ...]]


class DocumentCodes(NamedTuple):
    """Of one document's rows of one modality: a list per centre of signs and one of steps, which may be none."""

    modality: Modality
    signs: list[Signs]
    steps: list[Steps]
    chunks: NDArray[np.bytes_]  # (rows,) chunk ids
    kinds: NDArray[np.uint8]  # (rows,) of KINDS
    first: int  # of its rows among those of the document
    total: int  # rows of the document in both modalities
    store: str  # how its array is written
    scales: Float32Array | None


def codes_of(parts: Sequence[Rows], centres: Centres) -> list[DocumentCodes]:
    """Of a document's rows, text before image as they lie on disk."""
    found, first, total = [], 0, sum(map(len, parts))
    for rows in parts:
        owners = [rows.places[chunk] for chunk, _ in rows.chunks_by_row()]
        spans = [(rows.floats(columns=slice(c.start, c.stop)), c.mean) for c in centres.get(rows.modality, ())]
        found.append(
            DocumentCodes(
                rows.modality,
                [signs_of(*span) for span in spans],
                [steps_of(*span) for span in spans],
                np.array([place.chunk_id.encode() for place in owners]),
                np.array([KINDS.index(place.kind) for place in owners], dtype=np.uint8),
                first,
                total,
                rows.stored.dtype.name,
                rows.scales,
            )
        )
        first += len(rows)
    return found


@dataclass
class _Held:
    """The codes of one modality in memory; the first ``count`` rows of each array are in use."""

    centres: tuple[Centre, ...]
    count: int = 0
    rough: bool = False  # whether any rows have no steps
    signs: list[Signs] = field(default_factory=list)  # per centre
    steps: list[Steps] = field(default_factory=list)  # per centre
    chunks: NDArray[np.bytes_] = field(default_factory=lambda: np.zeros(0, dtype="S1"))
    kinds: NDArray[np.uint8] = field(default_factory=lambda: np.zeros(0, dtype=np.uint8))
    owner: NDArray[np.int32] = field(default_factory=lambda: np.zeros(0, dtype=np.int32))  # place of the document
    row: NDArray[np.int32] = field(default_factory=lambda: np.zeros(0, dtype=np.int32))  # of the document's array

    def reserve(self, more: int, width: int) -> None:
        """Room for so many more rows, with chunk ids of so many bytes."""
        if not self.signs:
            sizes = [c.stop - c.start for c in self.centres]
            self.signs = [Signs(np.zeros((words_in(n), 0), dtype=WORD), np.zeros(0, dtype=FACTORS)) for n in sizes]
            self.steps = [
                Steps(np.zeros((0, pairs_in(n)), dtype=np.uint8), np.zeros(0, dtype=np.float32)) for n in sizes
            ]
        if self.count + more > len(self.kinds):
            size = max(self.count + more, round(1.3 * len(self.kinds)))
            self.signs = [Signs(_longer(one.words, size, axis=1), _longer(one.factors, size)) for one in self.signs]
            self.steps = [Steps(_longer(one.pairs, size), _longer(one.gains, size)) for one in self.steps]
            self.chunks, self.kinds = _longer(self.chunks, size), _longer(self.kinds, size)
            self.owner, self.row = _longer(self.owner, size), _longer(self.row, size)
        if width > self.chunks.dtype.itemsize:
            self.chunks = self.chunks.astype(f"S{width}")

    def add(self, found: DocumentCodes, owner: int) -> None:
        """Append a document's rows."""
        size = len(found.kinds)
        part = slice(self.count, self.count + size)
        for held, signs in zip(self.signs, found.signs, strict=bool(size)):
            held.words[:, part], held.factors[part] = signs
        for steps, more in zip(self.steps, found.steps, strict=False):  # none of an earlier version
            steps.pairs[part], steps.gains[part] = more
        self.rough |= bool(size) and len(found.steps) < len(self.steps)
        self.chunks[part], self.kinds[part], self.owner[part] = found.chunks, found.kinds, owner
        self.row[part] = np.arange(found.first, found.first + size)
        self.count += size

    def nearest(self, place: int, query: Float32Array, count: int, allowed: NDArray[np.bool_] | None) -> _Nearest:
        """The best ``count`` rows by the codes of one centre, best first."""
        centre, signs, steps = self.centres[place], self.signs[place], self.steps[place]
        asked = Asked(query[centre.start : centre.stop], centre.mean)
        scores = asked.scores(signs, self.count)
        if allowed is not None:
            scores[~allowed] = -np.inf
        rows = likely(scores, reach(self.count, count))
        nearer = asked.nearer(steps, signs.factors["bias"][rows], rows, scores[rows])
        order = best(nearer, count)
        return _Nearest(rows[order], nearer[order])


class _Nearest(NamedTuple):
    rows: NDArray[np.intp]
    scores: Float32Array


_MISSING = "SELECT id FROM documents WHERE id NOT IN (SELECT doc FROM vector_codes WHERE generation = ?)"
_WITHOUT_STEPS = """
    SELECT doc FROM vector_codes WHERE generation = ? AND modality = ? AND length(codes) < rows * (width + 1 + ?)"""


def _longer(values: NDArray[Any], size: int, axis: int = 0) -> NDArray[Any]:
    shape = list(values.shape)
    shape[axis] = size
    grown = np.zeros(shape, dtype=values.dtype)
    grown[tuple(slice(length) for length in values.shape)] = values
    return grown


class Candidate(NamedTuple):
    """A row that may be among the best: its document, its place in that one's array, and the product by its code."""

    doc: str
    row: int
    chunk: str
    score: float


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
        self._held: dict[Modality, _Held] = {}
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
                self._held = {modality: _Held(centres.get(modality, ())) for modality in MODALITIES}
            self._drop_gone(db)
            if sum(self._documents[place].total for place in self._gone) > MOST_GONE * self.count:
                self._forget()
                self._held = {modality: _Held(self.centres().get(modality, ())) for modality in MODALITIES}
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
            found = _unpacked(held.centres, values[:-1], values[-1])
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
                a_row = sum(_bytes_of_row(centre) for centre in centres)
                rows = db.execute(f"{_WITHOUT_STEPS} ORDER BY id", (self._generation, modality, a_row))
                found |= dict.fromkeys(row[0] for row in rows)
        return list(found)

    def save(self, doc: str, found: Sequence[DocumentCodes], still: Callable[[], bool]) -> None:
        """Of a document, unless it has gone, or ``still`` says that its vectors are others by now."""
        about = self._generation, doc
        rows = [
            (*about, c.modality, len(c.kinds), c.first, c.total, c.store, c.chunks.dtype.itemsize, _packed(c))
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

    def document(self, doc: str) -> HeldDocument:
        """Of one that has codes."""
        return self._documents[self._place[doc]]

    def scale(self, doc: str, modality: Modality, row: int) -> float:
        """Of a row of an int8 array; 1 of others."""
        found = self._scales.get((self._place[doc], modality))
        return 1.0 if found is None else float(found[1][row - found[0]])

    def nearest(
        self,
        query: Float32Array,
        count: int,
        modality: Modality,
        docs: frozenset[str] | None,
        kinds: frozenset[str] | None,
    ) -> list[Candidate] | None:
        """The best ``count`` rows by their codes, best first; None where the question has other columns than codes."""
        held = self._held[modality]
        if not held.count:
            return []
        used = np.flatnonzero(query)
        place = next((i for i, c in enumerate(held.centres) if c.start <= used[0] and used[-1] < c.stop), None)
        if place is None:
            return None
        best_rows, scores = held.nearest(place, query, count, self._allowed(held, docs, kinds))
        return [
            Candidate(self._documents[owner].doc, row, chunk.decode(), score)
            for owner, row, chunk, score in zip(
                held.owner[best_rows].tolist(), held.row[best_rows].tolist(), held.chunks[best_rows].tolist(),
                scores.tolist(), strict=True,
            )
        ]  # fmt: skip

    def _allowed(
        self, held: _Held, docs: frozenset[str] | None, kinds: frozenset[str] | None
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


def _bytes_of_row(centre: Centre) -> int:
    """Of signs and steps."""
    size = centre.stop - centre.start
    return words_in(size) * WORD.itemsize + FACTORS.itemsize + pairs_in(size) + np.dtype("<f4").itemsize


def _packed(found: DocumentCodes) -> bytes:
    """Steps come last: those who do not know them read the rest."""
    parts = [found.chunks.tobytes(), found.kinds.tobytes()]
    for signs in found.signs:
        parts += [signs.words.tobytes(), signs.factors.tobytes()]
    parts += [found.scales.astype("<f4").tobytes() if found.scales is not None else b""]
    for steps in found.steps:
        parts += [steps.pairs.tobytes(), steps.gains.astype("<f4").tobytes()]
    return b"".join(parts)


def _unpacked(centres: Sequence[Centre], about: Sequence[Any], data: bytes) -> DocumentCodes:
    """``about`` are modality, rows, first, total, store and width."""
    modality, rows, first, total, store, width = about
    place = 0

    def take(dtype: Any, count: int) -> NDArray[Any]:
        nonlocal place
        found = np.frombuffer(data, dtype, count, place)
        place += found.nbytes
        return found

    chunks, kinds = take(f"S{width}", rows), take(np.uint8, rows)
    sizes = [centre.stop - centre.start for centre in centres]
    signs = [Signs(take(WORD, words_in(n) * rows).reshape(-1, rows), take(FACTORS, rows)) for n in sizes if rows]
    scales = take("<f4", rows).copy() if store == "int8" else None  # kept, and not the whole of the data with them
    there = sizes if place < len(data) else ()
    steps = [Steps(take(np.uint8, pairs_in(n) * rows).reshape(rows, -1), take("<f4", rows)) for n in there]
    return DocumentCodes(modality, signs, steps, chunks, kinds, first, total, store, scales)
