"""The vectors of one index generation: one Chroma collection, and the kept arrays it is derived from.

Enters: nodes, query vectors. Leaves: the best chunks. Must not know: the catalogue, encoders,
files of documents; what is committed it is told.

A process killed while Chroma writes can leave an index that fails, or takes down the process that opens it (Chroma
1.5.9, chroma-core/chroma #7678, #7238). So the collection is only a derived copy: :meth:`VectorIndex.repair` looks at
it from a child process and mends or rebuilds it from the kept arrays. While anybody writes, readers search the arrays.
A ``where`` filter costs time in proportion to the collection (80 ms at 100,000 nodes): filtered searches are exact.
"""

from __future__ import annotations

import logging
import shutil
import threading
from collections.abc import Callable, Container, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from ingestion.elements import Chunk, ChunkKind
from rag.disk import bytes_below, disk_errors, locked
from rag.errors import IndexBusy, IndexDamaged, StoreError
from rag.storage import chroma, vector_files
from rag.storage.chroma import GUARD, Differences, compare, explained, open_client, open_collection
from rag.storage.vector_files import GONE, Kept, Rows, Stamp, VectorHit
from rag.types import Float32Array, Modality, Node

EXACT_LIMIT = 200_000  # nodes up to which exact search takes no more time than the graph, and it finds everything
OVERFETCH = 2  # nodes asked of the graph for each chunk wanted: on real documents the best 300 chunks need 480 nodes
BATCH = 1000  # records an upsert

log = logging.getLogger(__name__)
Count = Callable[[int, int], None]


class Committed(NamedTuple):
    """What readers may see: a number that changes with every commit, the documents, and whether nobody is writing."""

    revision: int
    clean: bool


class VectorIndex:
    """``state`` and ``documents`` tell what is committed, ``distrust`` is told that the collection must be repaired.

    ``label`` names the generation, its folder and collection; ``store`` is how kept arrays are written.
    """

    def __init__(
        self,
        root: Path,
        label: str,
        dim: int,
        state: Callable[[], Committed],
        documents: Callable[[], Sequence[str]],
        distrust: Callable[[], None],
        exact_limit: int = EXACT_LIMIT,
        store: str = "float32",
    ) -> None:
        self.label, self.dim, self.exact_limit = label, dim, exact_limit
        self.kept = Kept(root / "vectors" / label, dim, store)
        self.folder = root / "chroma"
        self.guard = root / GUARD
        self._state, self._documents, self._distrust = state, documents, distrust
        self._mutex = threading.RLock()
        self._rows_mutex = threading.Lock()
        self._cache: dict[str, tuple[Stamp, tuple[Rows, ...]]] = {}
        self._rows_revision = -1
        self._chunks: tuple[int, frozenset[str]] = -1, frozenset()
        self._client: Any = None
        self._collection: Any = None
        self._opened_at = -1

    # -- reading -------------------------------------------------------------------------------------------------

    def query(
        self,
        vector: Float32Array,
        k: int,
        modality: Modality | None = None,
        docs: frozenset[str] | None = None,
        kinds: frozenset[ChunkKind] | None = None,
    ) -> list[VectorHit]:
        """The best ``k`` (chunk, modality) pairs by inner product, each with its best node.

        Exact over the kept arrays, except for unfiltered searches of more than ``exact_limit`` nodes.
        """
        query = np.asarray(vector, dtype=np.float32).reshape(-1)
        if query.shape != (self.dim,):
            raise IndexDamaged(
                f"The question has {query.size} numbers, the index {self.dim}; run `python -m rag reindex`"
            )
        rows = self.rows()
        if docs is None and kinds is None and modality != "image" and self.count() > self.exact_limit:
            found = self._approximate(query, k, modality, self._committed_chunks())
            if found is not None:
                return found
        chosen = rows.items() if docs is None else ((doc, rows[doc]) for doc in rows if doc in docs)
        return vector_files.search((part for _, parts in chosen for part in parts), query, k, modality, kinds)

    def count(self) -> int:
        """Nodes of all committed documents."""
        return sum(len(part) for parts in self.rows().values() for part in parts)

    def size(self) -> int:
        """Bytes of the vector database, which holds a copy of every generation."""
        return bytes_below(self.folder)

    def rows(self) -> dict[str, tuple[Rows, ...]]:
        """The committed documents' arrays; only what changed since the last call is opened."""
        revision = self._state().revision
        with self._rows_mutex:
            if revision != self._rows_revision:
                self._cache = self._load(self._documents())
                self._rows_revision = revision
            return {doc_id: rows for doc_id, (_, rows) in self._cache.items()}

    def means(self, spans: dict[str, tuple[int, int]]) -> dict[tuple[Modality, str], Float32Array]:
        """See :func:`rag.storage.vector_files.means`."""
        return vector_files.means([part for parts in self.rows().values() for part in parts], spans)

    def _load(self, documents: Sequence[str]) -> dict[str, tuple[Stamp, tuple[Rows, ...]]]:
        loaded: dict[str, tuple[Stamp, tuple[Rows, ...]]] = {}
        for doc_id in documents:
            stamp, known = self.kept.stamp(doc_id), self._cache.get(doc_id)
            unchanged = known is not None and stamp in (known[0], GONE)  # a dropped generation may still be in use
            try:
                loaded[doc_id] = known if known and unchanged else (stamp, self.kept.load(doc_id))
            except IndexDamaged as exc:  # the others stay searchable; Index.check reports it
                log.warning("%s", exc)
        return loaded

    def _committed_chunks(self) -> frozenset[str]:
        """Made anew where documents have come or gone."""
        rows = self.rows()
        with self._rows_mutex:
            if self._chunks[0] != self._rows_revision:
                names = frozenset(place.chunk_id for parts in rows.values() for part in parts for place in part.places)
                self._chunks = self._rows_revision, names
            return self._chunks[1]

    def _approximate(
        self, query: Float32Array, k: int, modality: Modality | None, chunks: Container[str]
    ) -> list[VectorHit] | None:
        """From Chroma's graph; None where it cannot be asked now, or has too few of this modality near the question.

        Records are told by their names: reading their metadata takes most of a query's time.
        """
        if not self._state().clean:
            return None
        try:
            with locked(self.guard, shared=True, wait=0.0), self._mutex:
                state = self._state()
                if not state.clean:
                    return None
                collection = self._open(state.revision)
                wanted = min(OVERFETCH * k, self.count())  # Chroma's own count reads its whole table
                answer = collection.query(query_embeddings=[query], n_results=wanted, include=["distances"])
        except IndexBusy:
            return None
        except Exception as exc:  # Chroma raises many kinds; the arrays answer exactly
            log.warning("Chroma failed (%s); the kept vectors are searched until the index is next opened", exc)
            self._distrust()
            return None
        best: dict[tuple[str, Modality], float] = {}
        for name, distance in zip(answer["ids"][0], answer["distances"][0], strict=True):
            chunk, kind, _ = name.rsplit(":", 2)
            if chunk in chunks and modality in (None, kind):
                best.setdefault((chunk, kind), 1.0 - distance)
        hits = [VectorHit(chunk, kind, score) for (chunk, kind), score in best.items()]
        return hits[:k] if len(hits) >= k else None

    # -- writing (one process at a time, see rag.index) ----------------------------------------------------------

    def upsert(self, nodes: Sequence[Node], doc_id: str, chunks: Sequence[Chunk]) -> None:
        """Keep a document's vectors, then put them into the collection."""
        self.kept.save(doc_id, nodes, chunks)
        with self._translated():
            self._insert(self.kept.load(doc_id), doc_id)

    def delete(self, doc_id: str) -> None:
        self.forget([doc_id])
        self.kept.remove(doc_id)

    def forget(self, documents: Sequence[str]) -> None:
        """Delete the records of these documents from the collection, not what is kept."""
        for doc_id in documents:
            with self._translated():
                self._open(self._opened_at).delete(where={"doc": doc_id})

    def clear(self) -> None:
        """Empty the collection, not what is kept."""
        with self._translated():
            self._open(self._opened_at)
            self._client.delete_collection(self.label)
            self._collection = open_collection(self._client, self.label)

    def restore(self, documents: Sequence[str], progress: Count | None = None) -> None:
        """Put the kept vectors of these documents into the collection; records already there are replaced."""
        for done, doc_id in enumerate(documents, 1):
            with self._translated():
                self._insert(self.kept.load(doc_id), doc_id)
            if progress:
                progress(done, len(documents))

    def begin(self) -> None:
        """Start writing: forget a client that another process has overtaken."""
        revision = self._state().revision
        with self._mutex:
            if self._opened_at != revision:
                self.close()
            self._opened_at = revision

    def settle(self) -> None:
        """End of writing: have Chroma apply its log, so that no reader needs to write."""
        with self._translated():
            collection = self._open(self._opened_at)
            if collection.count():
                collection.query(query_embeddings=[np.ones(self.dim, dtype=np.float32)], n_results=1)

    def settled(self) -> None:
        """What this process wrote is committed: its client is up to date."""
        self._opened_at = self._state().revision

    def close(self) -> None:
        """Let go of Chroma; the next use opens it again."""
        with self._mutex:
            if self._client is not None:
                self._client.close()
            self._client = self._collection = None
            self._opened_at = -1

    def keep_only(self, labels: Container[str]) -> None:
        """Delete the collections of all other generations."""
        with self._translated():
            self._open(self._opened_at)
            for collection in self._client.list_collections():
                if collection.name not in labels:
                    self._client.delete_collection(collection.name)
            chroma.sweep(self.folder)

    # -- probe and rebuild ---------------------------------------------------------------------------------------

    def probe(self, documents: Sequence[str]) -> Differences | None:
        """Compare every record with the arrays in a child process; None when that process fails, dies or hangs."""
        self.close()
        return chroma.probe(self.folder, self.label, self.kept, documents)

    def differences(self, documents: Sequence[str]) -> Differences | None:
        """The same in this process, for a collection that was closed cleanly."""
        try:
            with self._translated():
                return compare(self._open(self._opened_at), self.kept, documents)
        except StoreError as exc:
            log.warning("%s", exc)
            return None

    def repair(self, documents: Sequence[str], progress: Count | None = None) -> bool:
        """After an unclean stop: mend the collection from the arrays, or rebuild it. True if it was rebuilt."""
        for _ in range(2 if documents else 0):
            found = self.probe(documents)
            if found is None:
                break
            if found == Differences((), ()):
                return False
            self._mend(found, progress)
        self.rebuild(documents, progress)
        return True

    def complete(self, documents: Sequence[str], progress: Count | None = None) -> None:
        """Have the collection, be it torn, hold what is kept of these documents, and nothing else."""
        found = self.probe(documents)
        if found is None:
            self.clear()
        self._mend(found or Differences(tuple(documents), ()), progress)

    def rebuild(self, documents: Sequence[str], progress: Count | None = None) -> None:
        """Make the whole collection anew from the kept arrays: nothing is parsed or embedded again."""
        self.close()
        with disk_errors(self.folder):
            if self.folder.exists():
                shutil.rmtree(self.folder)
        self.restore(documents, progress)
        self.settle()

    def _mend(self, found: Differences, progress: Count | None = None) -> None:
        with self._translated():
            collection = self._open(-1)
            for start in range(0, len(found.extra), BATCH):
                collection.delete(ids=list(found.extra[start : start + BATCH]))
        self.restore(found.missing, progress)
        self.settle()

    def _insert(self, parts: Sequence[Rows], doc_id: str) -> None:
        collection = self._open(self._opened_at)
        for rows in parts:
            ids = rows.node_ids()
            metadatas = [
                {"doc": doc_id, "chunk": p.chunk_id, "kind": p.kind, "page": p.page, "modality": rows.modality}
                for p in rows.places_by_row()
            ]
            for start in range(0, len(ids), BATCH):
                part = slice(start, start + BATCH)
                collection.upsert(ids=ids[part], embeddings=np.array(rows.floats(part)), metadatas=metadatas[part])

    def _open(self, revision: int) -> Any:
        with self._mutex:
            if self._collection is not None and self._opened_at == revision:
                return self._collection
            self.close()
            self._client = open_client(self.folder)
            self._collection = open_collection(self._client, self.label)
            self._opened_at = revision
            return self._collection

    @contextmanager
    def _translated(self) -> Iterator[None]:
        """Chroma's errors as ours, in a lock that keeps this process's threads apart."""
        with self._mutex, disk_errors(self.folder):
            try:
                yield
            except (StoreError, OSError):
                raise
            except Exception as exc:  # chromadb raises bare ChromaError, ValueError and RuntimeError subclasses
                raise explained(exc, self.folder) from exc
