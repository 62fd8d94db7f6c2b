"""The vectors of one index generation: arrays, searched exactly, and for large libraries codes of them in memory.

The arrays (:mod:`rag.storage.vectors.files`) are the truth. In large libraries (:mod:`rag.storage.vectors.code_making`)
codes (:mod:`rag.storage.vectors.codes`) say which rows may be among the best, and these are weighed exactly; what was
added since is searched in the arrays, and so is a document or a few. A Chroma collection
(:mod:`rag.storage.vectors.chroma`) is kept beside them, of large libraries only where the settings ask for it: its
graph of 100,000 pages takes hours to build and gigabytes of memory. Where there are no codes, it answers large
libraries. Where the settings name a vector database elsewhere (:mod:`rag.storage.vectors.copies`), that is asked first,
and all this while it cannot be.
"""

from __future__ import annotations

import logging
import threading
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import NamedTuple

import numpy as np

from ingestion.elements import Chunk, ChunkKind
from ingestion.errors import Cancelled
from rag.encoders.parts import TokenStates
from rag.errors import IndexBusy, IndexDamaged, StoreError
from rag.lru import Recent
from rag.storage.vectors import code_making, token_files
from rag.storage.vectors import files as vector_files
from rag.storage.vectors.chroma import WAIT_SECONDS, Count, Differences, Graph
from rag.storage.vectors.code_making import Spans
from rag.storage.vectors.codes import Candidates, CodeIndex
from rag.storage.vectors.copies import Scores, VectorCopy
from rag.storage.vectors.engines.base import EngineFailed, Field
from rag.storage.vectors.files import MODALITIES, Nearest, Rows, Stamp, Stored
from rag.storage.vectors.loaded_documents import OPENED, Loaded, LoadedDocuments
from rag.storage.vectors.token_files import Listed, PackedPassage
from rag.types import Float32Array, Modality, Node

EXACT_LIMIT = 200_000  # nodes up to which exact search takes no more time than the graph, and it finds everything
OVERFETCH = 2  # nodes asked of the graph for each chunk wanted: on real documents the best 300 chunks need 480 nodes

WEIGHED = 50  # best rows by their codes whose products are reckoned exactly: the best 20, and 30 but for 1 in 300
ROUGH = 300  # the same where some codes are of an earlier version, without steps

log = logging.getLogger(__name__)


class _Asked(NamedTuple):
    """What is looked for; see :meth:`VectorIndex.nearest`."""

    query: Float32Array
    k: int
    modality: Modality | None
    docs: frozenset[str] | None
    kinds: frozenset[ChunkKind] | None

    def among(self, documents: Iterable[Loaded]) -> Nearest:
        """The best of these documents, exactly."""
        parts = (part for doc in documents for part in doc.rows)
        return vector_files.search(parts, self.query, self.k, self.modality, self.kinds)

    def of(self, documents: Iterable[str]) -> list[str]:
        """Those of these documents that are asked."""
        return [doc for doc in documents if self.docs is None or doc in self.docs]


class VectorIndex:
    """The vectors of one generation, of which ``documents`` are committed.

    ``codes`` are those of the generation, ``graph`` is its Chroma collection, ``kept`` says of which libraries one is
    kept: ``auto`` (all but large ones), ``chroma`` (all) or ``off``. ``copy`` is that of a vector database elsewhere.
    Threads may share it.
    """

    def __init__(
        self,
        documents: LoadedDocuments,
        graph: Graph,
        codes: CodeIndex | None = None,
        kept: str = "auto",
        copy: VectorCopy | None = None,
        exact_limit: int = EXACT_LIMIT,
    ) -> None:
        self.documents, self.arrays, self.dim = documents, documents.arrays, documents.arrays.dim
        self.graph, self.codes, self.copy, self.exact_limit = graph, codes, copy, exact_limit
        self._kept = kept
        self._mutex = threading.Lock()
        self._tokens: Recent[str, tuple[Stamp, Listed]] = Recent(OPENED)

    # -- reading -------------------------------------------------------------------------------------------------

    def nearest(
        self,
        vector: Float32Array,
        k: int,
        modality: Modality | None = None,
        docs: frozenset[str] | None = None,
        kinds: frozenset[ChunkKind] | None = None,
    ) -> Nearest:
        """The best ``k`` (chunk, modality) pairs by inner product with ``vector`` (dim,), each with its best node.

        Exact over the arrays; in large libraries which rows are weighed is said by their codes, or, where there are
        none, by the graph. Raises :class:`IndexDamaged` for a vector of another length.
        """
        query = np.asarray(vector, dtype=np.float32).reshape(-1)
        if query.shape != (self.dim,):
            raise IndexDamaged(
                f"The question has {query.size} numbers, the index {self.dim}; run `python -m rag reindex`"
            )
        asked = _Asked(query, k, modality, docs, kinds)
        if self.copy is not None and query.any():
            found = self._elsewhere(self.copy, asked)
            if found is not None:
                return found
        if self._has_codes() and query.any():
            found = self._by_codes(asked)
            if found is not None:
                return found
        loaded = self.documents.all()
        if docs is None and kinds is None and modality != "image" and self.count() > self.exact_limit:
            found = self._approximate(loaded, asked)
            if found is not None:
                return found
        return asked.among(loaded[doc] for doc in asked.of(loaded))

    def count(self) -> int:
        """Nodes of all committed documents."""
        if self._has_codes() and self.codes is not None:
            return self.codes.count + sum(doc.nodes for doc in self.documents.each(self.codes.tail))
        return sum(doc.nodes for doc in self.documents.all().values())

    def rows(self) -> dict[str, tuple[Rows, ...]]:
        """The committed documents' arrays; only what changed since the last call is opened."""
        return {doc_id: doc.rows for doc_id, doc in self.documents.all().items()}

    def means(self, spans: Mapping[str, tuple[int, int]]) -> dict[tuple[Modality, str], Float32Array]:
        """Mean of each part of the vectors (``spans``: name to columns) over the nodes that have it, per modality.

        Sums are computed once per document, so that a document more costs no more than its own rows. Those of a large
        library are taken of some documents (:meth:`LoadedDocuments.sample`).
        """
        loaded: Collection[Loaded] = self.documents.sample() if self._has_codes() else self.documents.all().values()
        for doc in loaded:
            if doc.sums is None or doc.sums.spans != spans:
                doc.sums = vector_files.part_sums(doc.rows, spans)
        return vector_files.means([doc.sums for doc in loaded if doc.sums is not None])

    def size(self) -> int:
        """Bytes of the vector database, which holds a copy of every generation."""
        return self.graph.size()

    def _approximate(self, loaded: Mapping[str, Loaded], asked: _Asked) -> Nearest | None:
        """From the graph, and from the arrays what it does not hold; None where that is too much, or too little."""
        held = self.graph.held()
        others = [doc for doc_id, doc in loaded.items() if held.get(doc_id) != doc.checksum]
        nodes = self.count()
        if sum(doc.nodes for doc in others) > self.exact_limit:
            return None
        answer = self.graph.query(asked.query, min(OVERFETCH * asked.k, nodes))
        if answer is None:
            return None
        best: Scores = {}
        for record, score in answer:
            doc = loaded.get(record.doc)
            if doc is None or held.get(record.doc) != doc.checksum or asked.modality not in (None, record.modality):
                continue
            rows = next(rows for rows in doc.rows if rows.modality == record.modality)
            best.setdefault((rows.places[record.chunk].chunk_id, rows.modality), score)
        hits = _joined(best, others, asked)
        return hits if len(hits.chunks) >= asked.k else None

    # -- by codes ------------------------------------------------------------------------------------------------

    @property
    def collected(self) -> bool:
        """Whether a Chroma collection of this library is kept."""
        return self._kept == "chroma" or (self._kept == "auto" and self.copy is None and not self._has_codes())

    def _has_codes(self) -> bool:
        if self.codes is None:
            return False
        revision = self.documents.revision()
        with self._mutex:
            return self.codes.bring_up(revision)

    def _by_codes(self, asked: _Asked) -> Nearest | None:
        """None where the codes are of other columns than the question."""
        codes = self.codes
        if codes is None or asked.k <= 0:
            return Nearest([], [], [])
        within = self._within(asked)
        if within is not None:
            return within
        best: Scores = {}
        for one in MODALITIES if asked.modality is None else (asked.modality,):
            found = codes.nearest(asked.query, max(OVERFETCH * asked.k, ROUGH), one, asked.docs, asked.kinds)
            if found is None:
                return None
            scores = self._weighed(codes, found, one, asked.query)
            own: dict[str, float] = {}
            for chunk, score in zip(found.chunks, scores, strict=True):
                if chunk not in own or score > own[chunk]:
                    own[chunk] = score
            best |= {(chunk, one): score for chunk, score in own.items()}
        return _joined(best, self.documents.each(asked.of(codes.tail)), asked)

    def _within(self, asked: _Asked) -> Nearest | None:
        """Within a few documents, exactly; None where it is asked of many."""
        if asked.docs is None or len(asked.docs) > OPENED:
            return None
        chosen = self.documents.each(sorted(asked.docs))
        return asked.among(chosen) if sum(doc.nodes for doc in chosen) <= self.exact_limit else None

    def _elsewhere(self, copy: VectorCopy, asked: _Asked) -> Nearest | None:
        """By the vector database elsewhere; None where it cannot be asked now."""
        within = self._within(asked)
        if within is not None or asked.k <= 0:
            return within or Nearest([], [], [])
        held = copy.held(self.documents.revision())
        best = copy.nearest(held, asked.query, OVERFETCH * asked.k, asked.modality, asked.docs, asked.kinds)
        return None if best is None else _joined(best, self.documents.each(asked.of(held.tail)), asked)

    def _weighed(self, codes: CodeIndex, found: Candidates, modality: Modality, query: Float32Array) -> list[float]:
        """Exact products of the best, those by their codes of the rest, and of a row that cannot be read, because its
        document goes just now."""
        used = np.flatnonzero(query)
        start, stop = int(used[0]), int(used[-1]) + 1
        by_document: dict[int, list[int]] = defaultdict(list)
        for place, owner in enumerate(found.owners[: max(WEIGHED, ROUGH) if codes.rough else WEIGHED]):
            by_document[owner].append(place)
        scores, read, cells = list(found.scores), list[int](), list[Stored]()
        for owner, places in by_document.items():
            known = codes.document(owner)
            wanted = [found.rows[place] for place in places]
            stored = self.arrays.cells(known.doc, known.total, known.store, wanted, slice(start, stop))
            if stored is not None:
                read += places
                cells.append(stored)
        if cells:
            products = np.concatenate(cells, dtype=np.float32) @ query[start:stop]
            for place, product in zip(read, products.tolist(), strict=True):
                scores[place] = product * codes.scale(found.owners[place], modality, found.rows[place])
        return scores

    def renew_codes(self, progress: Count | None = None) -> None:
        """Make all codes anew that an earlier version has made; the arrays are read for it."""
        if self.codes is not None:
            code_making.renew(self.codes, self.documents, progress)

    def tokens(self, doc_id: str, chunks: Sequence[str], reader: str) -> dict[str, list[TokenStates]] | None:
        """The tokens of passages of a document's chunks as an encoder reads them, by chunk.

        None where the document has no tokens, or where the encoder has not read all of these passages.
        """
        listed = self._listed_tokens(doc_id)
        if listed is None or not _read_by(reader, listed, chunks):
            return None
        places = [(chunk, p) for chunk in chunks for p in listed.passages.get(chunk, ()) if p.reader == reader]
        read = token_files.read(self.arrays.tokens(doc_id), listed.row, (place for _, place in places))
        if read is None:
            return None
        found: dict[str, list[TokenStates]] = defaultdict(list)
        for (chunk, _), tokens in zip(places, read, strict=True):
            found[chunk].append(tokens)
        return found

    def tokens_read_by(self, reader: str, doc_id: str, chunks: Sequence[str]) -> bool:
        """Whether :meth:`tokens` has something to give."""
        listed = self._listed_tokens(doc_id)
        return listed is not None and _read_by(reader, listed, chunks)

    def _listed_tokens(self, doc_id: str) -> Listed | None:
        stamp, known = self.arrays.stamp(doc_id), self._tokens.get(doc_id)
        if known is not None and known[0] == stamp:
            return known[1]
        listed = token_files.listed(self.arrays.tokens(doc_id))
        if listed is not None:
            self._tokens.put(doc_id, (stamp, listed))
        return listed

    # -- writing (with the right to write, see rag.storage.writer) -----------------------------------------------

    def save(
        self, doc_id: str, nodes: Sequence[Node], chunks: Sequence[Chunk], tokens: Sequence[PackedPassage] = ()
    ) -> None:
        """Write a document's vectors and tokens. It is found once it is committed."""
        self.arrays.save(doc_id, nodes, chunks, tokens)

    def delete(self, doc_id: str) -> None:
        """Delete a document's vectors."""
        self.arrays.remove(doc_id)

    # -- the graph (in no need of the right to write) ------------------------------------------------------------

    def settle(
        self, progress: Count | None = None, wait: float = WAIT_SECONDS, spans: Callable[[], Spans] | None = None
    ) -> bool:
        """Bring codes, graph and the copy elsewhere up to what is committed; False where that fails, or another process
        is at it for longer than ``wait`` seconds: searches are exact then. ``spans``: columns that are asked for; None:
        codes and copy stay."""
        if spans is not None and self.codes is not None:
            code_making.settle(self.codes, self.documents, spans, progress)
        copied = spans is None or self._settle_copy(spans, progress, wait)
        if not self.collected:
            if self.graph.folder.is_dir():
                self.graph.keep_only(())
            return copied
        return self._settle_graph(progress, wait) and copied

    def copy_elsewhere(
        self, spans: Callable[[], Spans], progress: Count | None, wait: float = WAIT_SECONDS, anew: bool = False
    ) -> None:
        """Bring the copy elsewhere, if there is to be one, up to what is committed; ``anew``: drop what is there first.

        Raises :class:`~rag.storage.vectors.engines.base.EngineFailed` and :class:`IndexBusy`.
        """
        if self.copy is not None:
            named = spans()
            fields = [Field(modality, *span) for modality in MODALITIES for span in named.get(modality, ())]
            self.copy.settle(self.arrays, fields, progress, wait, anew)

    def _settle_copy(self, spans: Callable[[], Spans], progress: Count | None, wait: float) -> bool:
        try:
            self.copy_elsewhere(spans, progress, wait)
        except IndexBusy:
            log.info("another process is copying the vectors; what is new is copied with the next change")
            return False
        except EngineFailed as exc:
            log.warning("%s. What is not copied there is searched here; `python -m rag vectors update` copies it", exc)
            return False
        return True

    def _settle_graph(self, progress: Count | None, wait: float) -> bool:
        for _ in range(2):  # what another process commits meanwhile it settles itself
            loaded = self.documents.all()
            if self.graph.held() == {doc_id: doc.checksum for doc_id, doc in loaded.items()}:
                break
            try:
                self.graph.update({doc_id: (doc.checksum, doc.rows) for doc_id, doc in loaded.items()}, progress, wait)
            except IndexBusy:
                log.info("another process is writing the vector database; it is brought up to date by the next change")
                return False
            except Cancelled:
                log.info("stopped; the vector database is brought up to date by the next change")
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
        held, now = self.graph.held(), {doc_id: doc.checksum for doc_id, doc in self.documents.all().items()}
        return {doc_id for doc_id in held.keys() | now.keys() if held.get(doc_id) != now.get(doc_id)}

    def close(self) -> None:
        """Let go of the graph; the next use opens it again."""
        self.graph.close()


def _read_by(reader: str, listed: Listed, chunks: Sequence[str]) -> bool:
    """Whether this encoder has read every passage of these chunks."""
    return all(
        any(passage.reader == reader for passage in listed.passages[chunk])
        for chunk in chunks
        if chunk in listed.passages
    )


def _joined(best: Scores, others: Sequence[Loaded], asked: _Asked) -> Nearest:
    """The best of what was found and of other documents, which are searched exactly."""
    more = asked.among(others)
    chunks = [chunk for chunk, _ in best] + more.chunks
    modalities = [modality for _, modality in best] + more.modalities
    scores = [*best.values(), *more.scores]
    order = sorted(range(len(scores)), key=lambda place: -scores[place])[: asked.k]
    ordered = [modalities[place] for place in order]
    return Nearest([chunks[place] for place in order], ordered, [scores[place] for place in order])
