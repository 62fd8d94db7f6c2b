"""The vectors of one index generation: arrays, searched exactly, and for large libraries a graph over them.

The arrays (:mod:`rag.storage.vector_files`) are the truth; the graph (:mod:`rag.storage.chroma`) is a derived copy that
may lag behind. So a search of a large library asks the graph for what it holds as it is now, and the arrays for the
rest: documents that were added or read again since. A ``where`` filter would cost Chroma time in proportion to the
collection (80 ms at 100,000 nodes): filtered searches are exact.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from ingestion.elements import Chunk, ChunkKind
from rag.errors import IndexBusy, IndexDamaged, StoreError
from rag.storage import vector_files
from rag.storage.chroma import WAIT_SECONDS, Count, Differences, Graph
from rag.storage.vector_files import GONE, PartSums, Rows, Stamp, VectorFiles, VectorHit
from rag.types import Float32Array, Modality, Node

EXACT_LIMIT = 200_000  # nodes up to which exact search takes no more time than the graph, and it finds everything
OVERFETCH = 2  # nodes asked of the graph for each chunk wanted: on real documents the best 300 chunks need 480 nodes

log = logging.getLogger(__name__)


@dataclass
class _Document:
    """A committed document's rows as loaded; ``sums`` are computed when means are first asked for."""

    stamp: Stamp
    checksum: str
    rows: tuple[Rows, ...]
    sums: PartSums | None = field(default=None)


class VectorIndex:
    """The vectors of the generation ``label``.

    ``revision`` and ``documents`` tell what is committed: a number that changes with every commit, and the ids.
    ``store`` is how new arrays are written. Threads may share it.
    """

    def __init__(
        self,
        root: Path,
        label: str,
        dim: int,
        revision: Callable[[], int],
        documents: Callable[[], Sequence[str]],
        exact_limit: int = EXACT_LIMIT,
        store: str = "float32",
    ) -> None:
        self.label, self.dim, self.exact_limit = label, dim, exact_limit
        self.arrays = VectorFiles(root / "vectors" / label, dim, store)
        self.graph = Graph(root, label, dim)
        self._revision, self._documents = revision, documents
        self._mutex = threading.Lock()
        self._loaded: dict[str, _Document] = {}
        self._loaded_at = -1

    # -- reading -------------------------------------------------------------------------------------------------

    def query(
        self,
        vector: Float32Array,
        k: int,
        modality: Modality | None = None,
        docs: frozenset[str] | None = None,
        kinds: frozenset[ChunkKind] | None = None,
    ) -> list[VectorHit]:
        """The best ``k`` (chunk, modality) pairs by inner product with ``vector`` (dim,), each with its best node.

        Exact over the arrays, except for unfiltered searches of more than ``exact_limit`` nodes. Raises
        :class:`IndexDamaged` for a vector of another length.
        """
        query = np.asarray(vector, dtype=np.float32).reshape(-1)
        if query.shape != (self.dim,):
            raise IndexDamaged(
                f"The question has {query.size} numbers, the index {self.dim}; run `python -m rag reindex`"
            )
        loaded = self._now()
        if docs is None and kinds is None and modality != "image" and self.count() > self.exact_limit:
            found = self._approximate(loaded, query, k, modality)
            if found is not None:
                return found
        chosen = [loaded[doc] for doc in loaded if docs is None or doc in docs]
        return vector_files.search((part for doc in chosen for part in doc.rows), query, k, modality, kinds)

    def count(self) -> int:
        """Nodes of all committed documents."""
        return sum(_length(doc) for doc in self._now().values())

    def rows(self) -> dict[str, tuple[Rows, ...]]:
        """The committed documents' arrays; only what changed since the last call is opened."""
        return {doc_id: doc.rows for doc_id, doc in self._now().items()}

    def means(self, spans: Mapping[str, tuple[int, int]]) -> dict[tuple[Modality, str], Float32Array]:
        """Mean of each part of the vectors (``spans``: name to columns) over the nodes that have it, per modality.

        Sums are computed once per document, so that a document more costs no more than its own rows.
        """
        loaded = self._now().values()
        for doc in loaded:
            if doc.sums is None or doc.sums.spans != spans:
                doc.sums = vector_files.part_sums(doc.rows, spans)
        return vector_files.means([doc.sums for doc in loaded if doc.sums is not None])

    def size(self) -> int:
        """Bytes of the vector database, which holds a copy of every generation."""
        return self.graph.size()

    def _now(self) -> dict[str, _Document]:
        revision = self._revision()
        with self._mutex:
            if revision != self._loaded_at:
                self._loaded = self._load(self._documents())
                self._loaded_at = revision
            return self._loaded

    def _load(self, documents: Sequence[str]) -> dict[str, _Document]:
        loaded: dict[str, _Document] = {}
        for doc_id in documents:
            stamp, known = self.arrays.stamp(doc_id), self._loaded.get(doc_id)
            unchanged = known is not None and stamp in (known.stamp, GONE)  # a dropped generation may still be in use
            try:
                if known is None or not unchanged:
                    known = _Document(stamp, self.arrays.checksum(doc_id), self.arrays.load(doc_id))
                loaded[doc_id] = known
            except IndexDamaged as exc:  # the others stay searchable; Index.check reports it
                log.warning("%s", exc)
        return loaded

    def _approximate(
        self, loaded: Mapping[str, _Document], query: Float32Array, k: int, modality: Modality | None
    ) -> list[VectorHit] | None:
        """From the graph, and from the arrays what it does not hold; None where that is too much, or too little."""
        held = self.graph.held()
        others = [doc for doc_id, doc in loaded.items() if held.get(doc_id) != doc.checksum]
        nodes = self.count()
        if sum(map(_length, others)) > self.exact_limit:
            return None
        answer = self.graph.query(query, min(OVERFETCH * k, nodes))
        if answer is None:
            return None
        best: dict[tuple[str, Modality], float] = {}
        for record, score in answer:
            doc = loaded.get(record.doc)
            if doc is None or held.get(record.doc) != doc.checksum or modality not in (None, record.modality):
                continue
            rows = next(rows for rows in doc.rows if rows.modality == record.modality)
            best.setdefault((rows.places[record.chunk].chunk_id, rows.modality), score)
        hits = [VectorHit(chunk, kind, score) for (chunk, kind), score in best.items()]
        hits += vector_files.search((part for doc in others for part in doc.rows), query, k, modality, None)
        hits.sort(key=lambda hit: -hit.score)
        return hits[:k] if len(hits) >= k else None

    # -- writing (with the right to write, see rag.storage.writer) -----------------------------------------------

    def save(self, doc_id: str, nodes: Sequence[Node], chunks: Sequence[Chunk]) -> None:
        """Write a document's vectors. It is found once it is committed."""
        self.arrays.save(doc_id, nodes, chunks)

    def delete(self, doc_id: str) -> None:
        """Delete a document's vectors."""
        self.arrays.remove(doc_id)

    # -- the graph (in no need of the right to write) ------------------------------------------------------------

    def settle(self, progress: Count | None = None, wait: float = WAIT_SECONDS) -> bool:
        """Bring the graph up to what is committed; False where that fails, or another process is at it for longer than
        ``wait`` seconds: searches are exact then."""
        for _ in range(2):  # what another process commits meanwhile it settles itself
            loaded = self._now()
            if self.graph.held() == {doc_id: doc.checksum for doc_id, doc in loaded.items()}:
                break
            try:
                self.graph.update({doc_id: (doc.checksum, doc.rows) for doc_id, doc in loaded.items()}, progress, wait)
            except IndexBusy:
                log.info("another process is writing the vector database; it is brought up to date by the next change")
                return False
            except StoreError as exc:
                log.warning("the vector database is not up to date, large libraries are searched more slowly: %s", exc)
                return False
        return True

    def differences(self) -> Differences | None:
        """How the graph differs from the arrays of the documents that it should hold; None where it fails.

        Documents that it has not been brought up to yet count as missing.
        """
        return self.graph.differences(self.rows())

    def lagging(self) -> set[str]:
        """Documents that came, were read again or went since the graph was brought up to date."""
        held, now = self.graph.held(), {doc_id: doc.checksum for doc_id, doc in self._now().items()}
        return {doc_id for doc_id in held.keys() | now.keys() if held.get(doc_id) != now.get(doc_id)}

    def close(self) -> None:
        """Let go of the graph; the next use opens it again."""
        self.graph.close()


def _length(doc: _Document) -> int:
    return sum(map(len, doc.rows))
