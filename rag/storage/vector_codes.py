"""Short codes of vectors, by which a large library is searched in memory: a sign per number and two factors per row.

This is RaBitQ (Gao and Long 2024, "RaBitQ: quantizing high-dimensional vectors with a theoretical error bound for
approximate nearest neighbor search") without its rotation, which changed nothing for sentence encoders. With the
centre c of all rows, x a row and q a question::

    q·x = q·c + a c·(x-c) + (q-ac)·(x-c),    (q-ac)·(x-c) ≈ |x-c|² / Σ|x-c| · (q-ac)·sign(x-c)

and the last product is that of bits: the question's numbers are made of two sizes, so it is two counts of bits. Of
12,134 passages of real documents .97 to .99 of the best ten by the exact product are among the first 200 by the code.
The best are then weighed exactly. A row of 384 numbers takes 56 bytes instead of 1,536.

A document's codes are rows of the catalogue, and go with the document. They can be made anew from the arrays.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from rag.storage.catalogue import Catalogue
from rag.storage.connections import Connection
from rag.storage.database import raise_revision
from rag.storage.vector_files import KINDS, MODALITIES, Rows
from rag.types import Float32Array, Modality

RECORD = "codes"  # key of a generation's record
BLOCK = 1 << 16  # rows that are counted at once: they stay in the processor's cache
SAMPLED = 1 << 15  # scores by which it is told which may be among the best
SHARED, THREADS = 1 << 20, 4  # rows from which on they are shared out, and over how many threads at most
FACTORS = np.dtype([("gain", "<f4"), ("bias", "<f4")])
_WORD = np.dtype("<u8")
_BITS = 64


class Centre(NamedTuple):
    """Columns [start, stop) of the vectors that a channel asks for, and the mean of the rows there."""

    start: int
    stop: int
    mean: Float32Array


Centres = dict[Modality, tuple[Centre, ...]]


class DocumentCodes(NamedTuple):
    """Of one document's rows of one modality: a list per centre of code words (words, rows) and factors (rows,)."""

    modality: Modality
    codes: list[NDArray[np.uint64]]
    factors: list[NDArray[np.void]]
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
        coded = [_coded(rows.floats(columns=slice(c.start, c.stop)), c.mean) for c in centres.get(rows.modality, ())]
        found.append(
            DocumentCodes(
                rows.modality,
                [codes for codes, _ in coded],
                [factors for _, factors in coded],
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


def _coded(rows: Float32Array, mean: Float32Array) -> tuple[NDArray[np.uint64], NDArray[np.void]]:
    away = rows - mean
    words = -(-rows.shape[1] // _BITS)
    bits = np.zeros((len(rows), words * _BITS), dtype=np.uint8)
    bits[:, : rows.shape[1]] = away > 0
    packed = np.packbits(bits, axis=1, bitorder="little").view(_WORD)
    length = np.abs(away).sum(axis=1)
    factors = np.zeros(len(rows), dtype=FACTORS)
    np.divide((away * away).sum(axis=1), length, out=factors["gain"], where=length > 0)
    factors["bias"] = away @ mean
    return np.ascontiguousarray(packed.T), factors


@dataclass
class _Held:
    """The codes of one modality in memory; the first ``count`` rows of each array are in use."""

    centres: tuple[Centre, ...]
    count: int = 0
    codes: list[NDArray[np.uint64]] = field(default_factory=list)  # (words, capacity) per centre
    factors: list[NDArray[np.void]] = field(default_factory=list)  # (capacity,) per centre
    chunks: NDArray[np.bytes_] = field(default_factory=lambda: np.zeros(0, dtype="S1"))
    kinds: NDArray[np.uint8] = field(default_factory=lambda: np.zeros(0, dtype=np.uint8))
    owner: NDArray[np.int32] = field(default_factory=lambda: np.zeros(0, dtype=np.int32))  # place of the document
    row: NDArray[np.int32] = field(default_factory=lambda: np.zeros(0, dtype=np.int32))  # of the document's array

    def reserve(self, more: int, width: int) -> None:
        """Room for so many more rows, with chunk ids of so many bytes."""
        if not self.codes:
            widths = [-(-(c.stop - c.start) // _BITS) for c in self.centres]
            self.codes = [np.zeros((words, 0), dtype=_WORD) for words in widths]
            self.factors = [np.zeros(0, dtype=FACTORS) for _ in widths]
        if self.count + more > len(self.kinds):
            size = max(self.count + more, round(1.3 * len(self.kinds)))
            self.codes = [_longer(codes, size) for codes in self.codes]
            self.factors = [_longer(factors, size) for factors in self.factors]
            self.chunks, self.kinds = _longer(self.chunks, size), _longer(self.kinds, size)
            self.owner, self.row = _longer(self.owner, size), _longer(self.row, size)
        if width > self.chunks.dtype.itemsize:
            self.chunks = self.chunks.astype(f"S{width}")

    def add(self, found: DocumentCodes, owner: int) -> None:
        """Append a document's rows."""
        size = len(found.kinds)
        part = slice(self.count, self.count + size)
        for place in range(len(self.centres)):
            self.codes[place][:, part] = found.codes[place]
            self.factors[place][part] = found.factors[place]
        self.chunks[part], self.kinds[part], self.owner[part] = found.chunks, found.kinds, owner
        self.row[part] = np.arange(found.first, found.first + size)
        self.count += size


_MISSING = "SELECT id FROM documents WHERE id NOT IN (SELECT doc FROM vector_codes WHERE generation = ?)"


def _longer(values: NDArray[Any], size: int) -> NDArray[Any]:
    grown = np.zeros((*values.shape[:-1], size), dtype=values.dtype)
    grown[..., : values.shape[-1]] = values
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
        sql = "FROM vector_codes WHERE generation = ? AND id > ? AND id <= ?"
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
        centre = held.centres[place]
        asked = query[centre.start : centre.stop]
        scores = _Asked(asked, centre.mean).scores(held.codes[place], held.factors[place], held.count)
        allowed = self._allowed(held, docs, kinds)
        if allowed is not None:
            scores[~allowed] = -np.inf
        best = _best(scores, count)
        return [
            Candidate(self._documents[owner].doc, row, chunk.decode(), score)
            for owner, row, chunk, score in zip(
                held.owner[best].tolist(), held.row[best].tolist(), held.chunks[best].tolist(),
                scores[best].tolist(), strict=True,
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
            chosen = np.isin(held.kinds[: held.count], [KINDS.index(kind) for kind in KINDS if kind in kinds])
            allowed = chosen if allowed is None else allowed & chosen
        return allowed


def _best(scores: Float32Array, count: int) -> NDArray[np.intp]:
    """Places of the ``count`` best finite scores, best first. Most are left out by what a sample says of the rest."""
    places: NDArray[np.intp] | None = None
    if len(scores) > SAMPLED and count < len(scores):
        sample = scores[:: len(scores) // SAMPLED]
        rank = min(len(sample) - 1, 2 * count * len(sample) // len(scores) + 8)
        places = np.flatnonzero(scores >= np.partition(sample, len(sample) - 1 - rank)[len(sample) - 1 - rank])
    if places is None or len(places) < count:
        places = np.arange(len(scores))
    if count < len(places):
        places = places[np.argpartition(-scores[places], count - 1)[:count]]
    places = places[np.argsort(-scores[places], kind="stable")]
    return places[np.isfinite(scores[places])]


class _Asked:
    """A question's numbers as two sizes with signs, and what is added for every row's bias."""

    def __init__(self, asked: Float32Array, mean: Float32Array) -> None:
        square = float(mean @ mean)
        self.share = float(asked @ mean) / square if square else 0.0
        self.constant = float(asked @ mean)
        rest = asked - np.float32(self.share) * mean
        sizes = np.abs(rest)
        big = sizes > np.median(sizes)
        self.high, self.low = (float(sizes[part].mean()) if part.any() else 0.0 for part in (big, ~big))
        words = -(-len(asked) // _BITS)
        self.signs, self.big, self.small = (_packed_bits(bits, words) for bits in (rest > 0, big, ~big))
        self.highest = self.high * int(big.sum()) + self.low * int((~big).sum())

    def scores(self, codes: NDArray[np.uint64], factors: NDArray[np.void], count: int) -> Float32Array:
        """(count,) estimated products with the first rows; many are shared out over threads."""
        scores = np.empty(count, dtype=np.float32)
        if count < SHARED:
            self._count(codes, factors, scores, 0, count)
            return scores
        parts = min(THREADS, os.cpu_count() or 1)
        edges = [count * part // parts for part in range(parts + 1)]
        with ThreadPoolExecutor(parts, "codes") as pool:
            list(pool.map(lambda a, b: self._count(codes, factors, scores, a, b), edges, edges[1:]))
        return scores

    def _count(
        self, codes: NDArray[np.uint64], factors: NDArray[np.void], scores: Float32Array, first: int, last: int
    ) -> None:
        differ, part = np.empty(BLOCK, dtype=_WORD), np.empty(BLOCK, dtype=_WORD)
        bits = np.empty(BLOCK, dtype=np.uint8)
        high, low = np.empty(BLOCK, dtype=np.uint16), np.empty(BLOCK, dtype=np.uint16)
        for start in range(first, last, BLOCK):
            size = min(BLOCK, last - start)
            high[:size], low[:size] = 0, 0
            for word in range(len(codes)):
                np.bitwise_xor(codes[word, start : start + size], self.signs[word], out=differ[:size])
                for mask, total in ((self.big[word], high), (self.small[word], low)):
                    np.bitwise_and(differ[:size], mask, out=part[:size])
                    np.bitwise_count(part[:size], out=bits[:size])
                    total[:size] += bits[:size]
            dot = np.float32(self.highest) - np.float32(2 * self.high) * high[:size]
            dot -= np.float32(2 * self.low) * low[:size]
            block = factors[start : start + size]
            dot *= block["gain"]
            dot += np.float32(self.share) * block["bias"] + np.float32(self.constant)
            scores[start : start + size] = dot


def _packed_bits(bits: NDArray[np.bool_], words: int) -> NDArray[np.uint64]:
    padded = np.zeros(words * _BITS, dtype=np.uint8)
    padded[: len(bits)] = bits
    return np.packbits(padded, bitorder="little").view(_WORD)


def _packed(found: DocumentCodes) -> bytes:
    parts = [found.chunks.tobytes(), found.kinds.tobytes()]
    for codes, factors in zip(found.codes, found.factors, strict=True):
        parts += [codes.tobytes(), factors.tobytes()]
    return b"".join([*parts, found.scales.astype("<f4").tobytes() if found.scales is not None else b""])


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
    codes, factors = [], []
    for centre in centres:
        words = -(-(centre.stop - centre.start) // _BITS)
        codes.append(take(_WORD, words * rows).reshape(words, rows))
        factors.append(take(FACTORS, rows))
    scales = take("<f4", rows) if store == "int8" else None
    return DocumentCodes(modality, codes, factors, chunks, kinds, first, total, store, scales)
