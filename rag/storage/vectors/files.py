"""Vectors on disk: one array per document and generation, memory-mapped, searched exactly.

They are the truth of a generation; the vector database is a copy that can be made anew from them.

    <index>/vectors/<generation>/<document id>.npy    (nodes, dim), text nodes first: float32, float16 or int8
    <index>/vectors/<generation>/<document id>.json   which chunk, modality and ordinal each row is
    <index>/vectors/<generation>/<document id>.tokens tokens of the passages (rag/storage/vectors/token_files.py), if
    any
"""

from __future__ import annotations

import io
import json
import os
import zlib
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ingestion.elements import Chunk, ChunkKind
from rag.disk import bytes_below, disk_errors, write_whole
from rag.errors import IndexDamaged
from rag.storage.vectors import token_files
from rag.storage.vectors.token_files import PackedPassage
from rag.types import Float32Array, Modality, Node

Stamp = tuple[int, int]
GONE: Stamp = (0, 0)  # stamp of arrays that are not there
STORES = ("float32", "float16", "int8")
KINDS: tuple[ChunkKind, ...] = ("text", "table", "figure", "page")
MODALITIES: tuple[Modality, Modality] = ("text", "image")


class Place(NamedTuple):
    """What a row stands for: which chunk, on which page."""

    chunk_id: str
    kind: ChunkKind
    page: int


class Nearest(NamedTuple):
    """Chunks, best first, by id, with the modality and the score of each one's best node: its inner product with the
    query. Each is a list of its own, since thousands are found within a document, and an object for each takes longer
    than finding it."""

    chunks: list[str]
    modalities: list[Modality]
    scores: list[float]


Stored = NDArray[np.float32] | NDArray[np.float16] | NDArray[np.int8]
BLOCK = 512  # rows made float32 at once in a search: with more these leave the cache, and take three times as long
MANY = 5000  # rows whose products take longer than starting a thread
READ = 1 << 20  # bytes of an array read at once for its sum
STEPS = 127  # of an int8, on either side of 0


@dataclass(frozen=True, slots=True)
class Rows:
    """A document's nodes of one modality; rows of one chunk are neighbours, ``starts`` the first row of each chunk,
    ``kinds`` the place of each chunk's kind in :data:`KINDS`.

    ``stored`` times ``scales`` (one a row; None: 1) are the vectors.
    """

    modality: Modality
    stored: Stored
    places: tuple[Place, ...]
    starts: NDArray[np.intp]
    kinds: NDArray[np.uint8]
    scales: Float32Array | None = None

    def __len__(self) -> int:
        return len(self.stored)

    def floats(self, rows: slice = slice(None), columns: slice = slice(None)) -> Float32Array:
        """The vectors as float32, a view where they are stored so."""
        found: Float32Array = np.asarray(self.stored[rows, columns], dtype=np.float32)
        return found if self.scales is None else found * self.scales[rows, None]

    def best(self, query: Float32Array, columns: slice) -> Float32Array:
        """(chunks,) best inner product of each chunk; ``query`` is zero outside ``columns``, which need not be read."""
        scores: Float32Array = np.maximum.reduceat(self._products(query[columns], columns), self.starts)
        return scores

    def _products(self, query: Float32Array, columns: slice) -> Float32Array:
        if self.stored.dtype == np.float32:
            # Row by row: a product of matrix and vector starts threads, which cost more than these few rows.
            whole: Float32Array = np.vecdot(self.stored[:, columns], query)
            return whole
        products = np.empty(len(self), dtype=np.float32)
        for start in range(0, len(self), BLOCK):
            block = self.stored[start : start + BLOCK, columns].astype(np.float32)
            np.matmul(block, query, out=products[start : start + BLOCK])
        return products if self.scales is None else products * self.scales

    def of_pages(self) -> NDArray[np.bool_]:
        """(rows,): which are of whole pages."""
        sizes = np.diff(np.append(self.starts, len(self)))
        return np.repeat(self.kinds == KINDS.index("page"), sizes)

    def chunks_by_row(self) -> list[tuple[int, int]]:
        """Of every row: which of ``places`` it stands for, and its ordinal among the rows of that chunk."""
        ends = [*self.starts[1:].tolist(), len(self)]
        sizes = (end - start for start, end in zip(self.starts.tolist(), ends, strict=True))
        return [(chunk, ordinal) for chunk, size in enumerate(sizes) for ordinal in range(size)]


class VectorFiles:
    """The arrays of one generation. ``store`` is how new ones are written; every array is read as it was written."""

    def __init__(self, folder: Path, dim: int, store: str = "float32") -> None:
        self.folder, self.dim, self.store = folder, dim, store
        self._shelf = f"{folder}{os.sep}"

    def save(
        self, doc_id: str, nodes: Sequence[Node], chunks: Sequence[Chunk], tokens: Sequence[PackedPassage] = ()
    ) -> None:
        """Write a document's nodes and the tokens of its passages; whole once its ``.json`` is there."""
        kinds = {chunk.id: (chunk.kind, chunk.page) for chunk in chunks}
        order = {chunk.id: position for position, chunk in enumerate(chunks)}
        ranked = sorted(nodes, key=lambda n: (MODALITIES.index(n.modality), order[n.chunk_id], n.ordinal))
        matrix = np.zeros((len(ranked), self.dim), dtype=np.float32)
        for row, node in enumerate(ranked):
            matrix[row] = node.vector
        buffer = io.BytesIO()
        stored, scales = _packed(matrix, self.store)
        np.save(buffer, stored)
        meta = {
            "dim": self.dim,
            "checksum": f"{zlib.crc32(buffer.getbuffer()):08x}",
            **({"scales": scales.tolist()} if scales is not None else {}),
            "text": sum(node.modality == "text" for node in ranked),
            "rows": [[node.chunk_id, *kinds[node.chunk_id]] for node in ranked],
        }
        if tokens:
            data = token_files.written(tokens)
            meta["tokens"] = f"{zlib.crc32(data):08x}"
            write_whole(self.tokens(doc_id), data)
        else:
            self.tokens(doc_id).unlink(missing_ok=True)
        write_whole(self.array(doc_id), buffer.getvalue())
        write_whole(self._meta(doc_id), json.dumps(meta, separators=(",", ":")).encode())

    def load(self, doc_id: str) -> tuple[Rows, ...]:
        """The document's rows, text before image, memory-mapped; a modality it lacks is left out.

        Raises :class:`IndexDamaged` when they are missing or cut short.
        """
        try:
            meta = json.loads(self._meta(doc_id).read_bytes())
            count = len(meta["rows"])
            matrix = np.asarray(np.load(self.array(doc_id), mmap_mode="r" if count else None))
            if matrix.shape != (count, self.dim) or matrix.dtype.name not in STORES:
                raise ValueError(f"{matrix.dtype} of shape {matrix.shape}, expected {(count, self.dim)}")
            scales = np.array(meta["scales"], dtype=np.float32) if matrix.dtype == np.int8 else None
            if scales is not None and scales.shape != (count,):
                raise ValueError(f"{len(scales)} scales, expected {count}")
        except (OSError, ValueError, KeyError, EOFError) as exc:
            raise _unreadable(doc_id, exc) from exc
        places = [Place(*row) for row in meta["rows"]]
        split = meta["text"]
        parts = (("text", 0, split), ("image", split, count))
        return tuple(
            _rows(name, matrix[a:b], places[a:b], scales if scales is None else scales[a:b])  # type: ignore[arg-type]
            for name, a, b in parts
            if b > a
        )

    def cells(self, doc_id: str, total: int, store: str, rows: Sequence[int], columns: slice) -> Stored | None:
        """(rows, columns) of a document's array of ``total`` rows, as it is written, without mapping the whole.

        None where it cannot be read, because its document goes just now.
        """
        dtype = np.dtype(store)
        width, size = self.dim * dtype.itemsize, (columns.stop - columns.start) * dtype.itemsize
        try:
            handle = os.open(self._array_name(doc_id), os.O_RDONLY)  # no Path: a question opens some 200
        except OSError:
            return None
        try:
            head = os.fstat(handle).st_size - total * width
            read = [os.pread(handle, size, head + row * width + columns.start * dtype.itemsize) for row in rows]
        except OSError:
            return None
        finally:
            os.close(handle)
        if head <= 0 or any(len(part) != size for part in read):
            return None
        return np.frombuffer(b"".join(read), dtype).reshape(len(rows), columns.stop - columns.start)

    def take(self, doc_id: str, folder: Path) -> None:
        """Move a document's arrays here from another folder of the disk; the ``.json``, which makes them whole, last.

        May be repeated where it was cut short.
        """
        for path in (self.array(doc_id), self.tokens(doc_id), self._meta(doc_id)):
            with disk_errors(path):
                path.parent.mkdir(parents=True, exist_ok=True)
                if (folder / path.name).exists():
                    (folder / path.name).replace(path)

    def checksum(self, doc_id: str) -> str:
        """Of a document's vectors: the same for the same numbers, wherever the files are copied to.

        Arrays of version 0.3.0 and before have none noted; theirs is of the note itself. Raises :class:`IndexDamaged`.
        """
        try:
            data = self._meta(doc_id).read_bytes()
            noted = json.loads(data).get("checksum")
        except (OSError, ValueError, AttributeError) as exc:
            raise _unreadable(doc_id, exc) from exc
        return str(noted or f"note-{zlib.crc32(data):08x}")

    def is_as_written(self, doc_id: str) -> bool:
        """Whether the numbers have the sum that was noted when they were written; all of them are read.

        Raises :class:`IndexDamaged`.
        """
        noted = self.checksum(doc_id)
        if noted.startswith("note-"):
            return True
        try:
            tokens = json.loads(self._meta(doc_id).read_bytes()).get("tokens")
            if tokens is not None and tokens != _sum_of(self.tokens(doc_id)):
                return False
            return noted == _sum_of(self.array(doc_id))
        except (OSError, ValueError) as exc:
            raise _unreadable(doc_id, exc) from exc

    def stamp(self, doc_id: str) -> Stamp:
        """Changes when the document's arrays are written again; zeros where they are missing."""
        try:
            stat = self._meta(doc_id).stat()
        except FileNotFoundError:
            return GONE
        return stat.st_ino, stat.st_mtime_ns

    def ids(self) -> set[str]:
        """Documents of which any file is there."""
        return {path.name.split(".")[0] for path in self.folder.iterdir()} if self.folder.is_dir() else set()

    def whole(self) -> set[str]:
        """Documents whose arrays were written to the end."""
        return {path.stem for path in self.folder.glob("*.json")}

    def count(self) -> int:
        """Vectors of all documents; only the heads of the files are read."""
        return sum(len(np.load(self.array(doc_id), mmap_mode="r")) for doc_id in self.whole())

    def clear_parts(self) -> None:
        """Delete what a killed process left half written, and what cannot be read."""
        with disk_errors(self.folder):
            for path in self.folder.glob("*.part"):
                path.unlink(missing_ok=True)
            for doc_id in [doc_id for doc_id in self.ids() if not self._readable(doc_id)]:
                self.remove(doc_id)

    def remove(self, doc_id: str) -> None:
        """Delete a document's arrays, if they are there."""
        with disk_errors(self.folder):
            for path in list(self.folder.glob(f"{doc_id}.*")):
                path.unlink(missing_ok=True)

    def _readable(self, doc_id: str) -> bool:
        try:
            self.load(doc_id)
        except IndexDamaged:
            return False
        return True

    def array(self, doc_id: str) -> Path:
        """The file of a document's vectors."""
        return self.folder / f"{doc_id}.npy"

    def tokens(self, doc_id: str) -> Path:
        """The file of the tokens of a document's passages; not there in a generation that was made without."""
        return self.folder / f"{doc_id}{token_files.SUFFIX}"

    def size(self) -> int:
        """Bytes of all documents."""
        return bytes_below(self.folder)

    def _array_name(self, doc_id: str) -> str:
        return f"{self._shelf}{doc_id}.npy"

    def _meta(self, doc_id: str) -> Path:
        return self.folder / f"{doc_id}.json"


def _sum_of(path: Path) -> str:
    crc = 0
    with path.open("rb") as file:
        while block := file.read(READ):
            crc = zlib.crc32(block, crc)
    return f"{crc:08x}"


def _unreadable(doc_id: str, exc: Exception) -> IndexDamaged:
    remedy = "`python -m rag doctor --repair` makes them anew"
    return IndexDamaged(f"The vectors of document {doc_id[:12]} cannot be read ({exc}); {remedy}")


def search(
    parts: Iterable[Rows], query: Float32Array, k: int, modality: Modality | None, kinds: frozenset[ChunkKind] | None
) -> Nearest:
    """Exact: the ``k`` best (chunk, modality) pairs by inner product, best first."""
    chosen = [rows for rows in parts if modality is None or rows.modality == modality]
    if not chosen or k <= 0:
        return Nearest([], [], [])
    used = np.flatnonzero(query)
    columns = slice(int(used[0]), int(used[-1]) + 1) if len(used) else slice(0, 1)
    scores = _scores(chosen, query, columns)
    if kinds is not None:
        numbers = [number for number, kind in enumerate(KINDS) if kind in kinds]
        scores = np.where(np.isin(np.concatenate([rows.kinds for rows in chosen]), numbers), scores, -np.inf)
    top = np.argpartition(-scores, k - 1)[:k] if k < len(scores) else np.arange(len(scores))
    best = top[np.argsort(-scores[top], kind="stable")]
    best = best[np.isfinite(scores[best])]
    sizes = np.array([len(rows.places) for rows in chosen])
    ends = np.cumsum(sizes)
    owners = np.searchsorted(ends, best, side="right")
    within = best - (ends - sizes)[owners]
    named = [(rows.places, rows.modality) for rows in chosen]
    pairs = zip(owners.tolist(), within.tolist(), strict=True)
    chunks = [named[owner][0][place].chunk_id for owner, place in pairs]
    return Nearest(chunks, [named[owner][1] for owner in owners.tolist()], scores[best].tolist())


def _scores(parts: Sequence[Rows], query: Float32Array, columns: slice) -> Float32Array:
    """(chunks,) best inner products, part after part; many rows in two threads, as NumPy works outside Python."""
    ends = np.cumsum([len(rows) for rows in parts])
    if ends[-1] < MANY:
        return np.concatenate([rows.best(query, columns) for rows in parts])
    middle = int(np.searchsorted(ends, ends[-1] // 2)) + 1
    with ThreadPoolExecutor(1, "products") as beside:
        others = beside.submit(lambda: [rows.best(query, columns) for rows in parts[middle:]])
        return np.concatenate([*(rows.best(query, columns) for rows in parts[:middle]), *others.result()])


@dataclass(frozen=True, slots=True)
class PartSums:
    """Sums of a document's vectors, part by part: (modality, part) to the sum (columns of the part,) and the count of
    nodes that have the part."""

    spans: Mapping[str, tuple[int, int]]
    sums: Mapping[tuple[Modality, str], tuple[NDArray[np.float64], int]]


def part_sums(parts: Sequence[Rows], spans: Mapping[str, tuple[int, int]]) -> PartSums:
    """Sums of each part of the vectors (``spans``: name to columns) over a document's nodes that have it.

    Of text these are passages, tables and figures alone: whole pages say the same again.
    """
    sums: dict[tuple[Modality, str], tuple[NDArray[np.float64], int]] = {}
    for rows in parts:
        for name, (start, stop) in spans.items():
            part = rows.floats(columns=slice(start, stop))
            if rows.modality == "text" and (pages := rows.of_pages()).any():
                part = part[~pages]
            sums[rows.modality, name] = part.sum(axis=0, dtype=np.float64), int(np.count_nonzero(part.any(axis=1)))
    return PartSums(dict(spans), sums)


def means(documents: Sequence[PartSums]) -> dict[tuple[Modality, str], Float32Array]:
    """Mean of each part over all nodes that have it, per modality; a part that no node has is left out."""
    result: dict[tuple[Modality, str], Float32Array] = {}
    for key in sorted({key for document in documents for key in document.sums}):
        found = [document.sums[key] for document in documents if key in document.sums]
        count = sum(number for _, number in found)
        if count:
            total = np.sum([part for part, _ in found], axis=0)
            result[key] = (total / count).astype(np.float32)
    return result


def _packed(matrix: Float32Array, store: str) -> tuple[Stored, Float32Array | None]:
    """A matrix as it is written; int8 with a scale per row, so that the largest number of a row is STEPS."""
    if store != "int8":
        return matrix.astype(store), None
    scales = (np.abs(matrix).max(axis=1, initial=0.0) / STEPS).astype(np.float32)
    steps = np.divide(matrix, scales[:, None], out=np.zeros_like(matrix), where=scales[:, None] > 0)
    return np.rint(steps).astype(np.int8), scales


def _rows(modality: Modality, matrix: Stored, places: Sequence[Place], scales: Float32Array | None) -> Rows:
    starts = [row for row, place in enumerate(places) if row == 0 or place.chunk_id != places[row - 1].chunk_id]
    chunks = tuple(places[row] for row in starts)
    kinds = np.array([KINDS.index(place.kind) for place in chunks], dtype=np.uint8)
    return Rows(modality, matrix, chunks, np.array(starts, dtype=np.intp), kinds, scales)
