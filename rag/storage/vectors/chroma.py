"""The Chroma collection of one generation: a graph over its vectors for searches of large libraries.

A derived copy, never the truth: the arrays of :mod:`rag.storage.vectors.files` are. It is written in bulk, at the end
of a run that added or removed documents, and a note beside it says which documents it then holds, and as they were:

    <index>/chroma/generation-0003.json        {"folder": "generation-0003.1", "documents": {id: checksum}}
    <index>/chroma/generation-0003.1/          Chroma's own files

The note is taken away before anything is written and put back when all is written. Where it is missing, a process was
killed meanwhile (Chroma 1.5.9 then fails, or takes down the process that opens it: chroma-core/chroma #7678, #7238) or
a query failed: nobody opens the collection, and the next :meth:`Graph.update` makes it anew in a folder of its own.
"""

from __future__ import annotations

import json
import logging
import re
import shutil
import threading
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from ingestion.errors import Cancelled
from rag.disk import bytes_below, disk_errors, locked, write_whole
from rag.errors import DiskFull, IndexBusy, IndexDamaged, StoreError
from rag.storage.vectors.files import Rows
from rag.types import Float32Array

BATCH = 1000  # records per upsert and per comparison
GRAPH = {"ef_construction": 100, "max_neighbors": 16, "ef_search": 100}
"""Of the best ten, .978 or more are among the 300 a question asks for (100,000 to 1,000,000 nodes). Twice these numbers
find .992 and take 2.6 times as long to build."""
SYNC_THRESHOLD = 1000  # log entries after which Chroma writes its graph; larger ones are replayed by every first query
REBUILT_SHARE = 0.5  # of what the collection holds that is gone: it is made anew rather than emptied
LOCK = "chroma.lock"
WAIT_SECONDS = 600.0  # for another process that is writing the collection
_OURS = re.compile(r"generation-\d+\.\d+")
_OLD = re.compile(r"chroma\.sqlite3.*|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")  # one database for all, up to 0.3.0

log = logging.getLogger(__name__)
Count = Callable[[int, int], None]


class Held(NamedTuple):
    """The note beside a collection: Chroma's folder, and the checksum of each document that is in it."""

    folder: str
    documents: Mapping[str, str]


class Record(NamedTuple):
    """A record's name, taken apart: which document, modality, chunk (its place among the document's) and window."""

    doc: str
    modality: str
    chunk: int
    ordinal: int

    @property
    def name(self) -> str:
        """As Chroma knows it. Names are all that a query reads: metadata would take most of its time."""
        return ":".join(map(str, self))

    @classmethod
    def named(cls, name: str) -> Record:
        """Inverse of :attr:`name`."""
        doc, modality, chunk, ordinal = name.split(":")
        return cls(doc, modality, int(chunk), int(ordinal))


class Differences(NamedTuple):
    """How a collection differs from the arrays: documents not (or not exactly) in it, records that have no owner."""

    missing: tuple[str, ...]
    extra: tuple[str, ...]


def clear_drafts(root: Path) -> None:
    """Delete notes that a killed process left half written; another time where one is being written just now."""
    drafts = list((root / "chroma").glob("generation-*.json.*.part"))
    if drafts:
        with suppress(IndexBusy), locked(root / LOCK, wait=0.0):
            for draft in drafts:
                draft.unlink(missing_ok=True)


class Graph:
    """The collection of the generation ``label``. Threads may share it; processes keep out of each other's way."""

    def __init__(self, root: Path, label: str, dim: int) -> None:
        self.folder, self.label, self.dim = root / "chroma", label, dim
        self._note, self._lock = self.folder / f"{label}.json", root / LOCK
        self._mutex = threading.RLock()
        self._known: tuple[tuple[int, int], Held] | None = None
        self._opened: tuple[tuple[int, int], Any, Any] | None = None  # the note's stamp, client, collection

    def held(self) -> Mapping[str, str]:
        """The checksum of each document in the collection; empty where there is none to be trusted."""
        found = self._read_note()
        return found[1].documents if found else {}

    def size(self) -> int:
        """Bytes of the collections of all generations."""
        return bytes_below(self.folder)

    def query(self, vector: Float32Array, count: int) -> list[tuple[Record, float]] | None:
        """The ``count`` records nearest to ``vector`` (dim,) by inner product, best first, as the graph finds them.

        None where it cannot be asked now: it is being written, there is none, or it fails.
        """
        try:
            with locked(self._lock, shared=True, wait=0.0), self._mutex:
                found = self._read_note()
                if found is None:
                    return None
                collection = self._open(*found)
                answer = collection.query(query_embeddings=[vector], n_results=count, include=["distances"])
        except StoreError:  # it is being written, or nothing may be
            return None
        except Exception as exc:  # Chroma raises many kinds; the arrays answer exactly
            log.warning("Chroma failed (%s); the arrays are searched until a document is added or removed", exc)
            self.distrust()
            return None
        pairs = zip(answer["ids"][0], answer["distances"][0], strict=True)
        return [(Record.named(name), 1.0 - distance) for name, distance in pairs]

    def update(
        self,
        documents: Mapping[str, tuple[str, Sequence[Rows]]],
        progress: Count | None = None,
        wait: float = WAIT_SECONDS,
    ) -> None:
        """Have the collection hold these documents (id to checksum and rows) and nothing else, in one go.

        Raises :class:`IndexBusy` where another process writes it for longer than ``wait`` seconds,
        :class:`DiskFull` and :class:`IndexDamaged` where Chroma fails; then it is made anew the next time.
        """
        with locked(self._lock, wait=wait), self._mutex, self._translated():
            if not documents:
                self.distrust()
                self._sweep()
                return
            found = self._read_note()
            held = found[1] if found else self._new()
            gone = [doc for doc, mark in held.documents.items() if documents.get(doc, ("",))[0] != mark]
            if len(gone) > REBUILT_SHARE * len(held.documents):
                held, gone = self._new(), []
            kept = held.documents.keys() - set(gone)
            if found and held is found[1] and not gone and kept == documents.keys():
                return
            self._write(held, gone, {doc: rows for doc, (_, rows) in documents.items() if doc not in kept}, progress)
            marks = {doc: mark for doc, (mark, _) in documents.items()}
            write_whole(self._note, json.dumps(Held(held.folder, marks)._asdict()).encode())
            self._sweep()

    def distrust(self) -> None:
        """Take the note away: the collection is not opened any more, and made anew by the next update."""
        with self._mutex:
            self.close()
            self._note.unlink(missing_ok=True)

    def differences(self, documents: Mapping[str, Sequence[Rows]]) -> Differences | None:
        """Compare every record with the rows of these documents; None where the collection fails.

        Raises :class:`IndexBusy` while another process writes it.
        """
        try:
            with locked(self._lock, shared=True), self._mutex, self._translated():
                found = self._read_note()
                return compare(self._open(*found), documents) if found else Differences(tuple(documents), ())
        except IndexBusy:  # being written: that says nothing of whether it is whole
            raise
        except StoreError as exc:
            log.warning("%s", exc)
            return None

    def keep_only(self, labels: Collection[str]) -> None:
        """Delete the collections of all other generations, unless another process is writing one: then later."""
        try:
            with locked(self._lock, wait=0.0), disk_errors(self.folder):
                for note in list(self.folder.glob("generation-*.json")):
                    if note.stem not in labels:
                        note.unlink()
                self._sweep()
        except IndexBusy:
            log.info("%s is being written; collections of dropped generations stay until the next change", self.folder)

    def close(self) -> None:
        """Let go of Chroma; the next use opens it again."""
        with self._mutex:
            if self._opened is not None:
                self._opened[1].close()
            self._opened = None

    def _read_note(self) -> tuple[tuple[int, int], Held] | None:
        try:
            stat = self._note.stat()
            stamp = stat.st_ino, stat.st_mtime_ns
            known = self._known
            if known is None or known[0] != stamp:
                known = stamp, Held(**json.loads(self._note.read_bytes()))
                self._known = known
        except (OSError, ValueError, TypeError):
            return None
        return known

    def _new(self) -> Held:
        """A folder that nobody has open: a client of this process would hand out what it knows of an old one."""
        numbers = [int(path.name.rpartition(".")[2]) for path in self.folder.glob(f"{self.label}.*[0-9]")]
        return Held(f"{self.label}.{max(numbers, default=0) + 1}", {})

    def _open(self, stamp: tuple[int, int], held: Held) -> Any:
        if self._opened is None or self._opened[0] != stamp:
            self.close()
            client = open_client(self.folder / held.folder)
            self._opened = stamp, client, open_collection(client, self.label)
        return self._opened[2]

    def _write(
        self, held: Held, gone: Sequence[str], new: Mapping[str, Sequence[Rows]], progress: Count | None
    ) -> None:
        self.close()
        self._note.unlink(missing_ok=True)
        collection = self._open((0, 0), held)
        for doc in gone:
            collection.delete(where={"doc": doc})
        _insert(collection, new, progress)
        if collection.count():  # have Chroma apply its log, so that no reader needs to write
            collection.query(query_embeddings=[np.ones(self.dim, dtype=np.float32)], n_results=1)
        self.close()

    def _sweep(self) -> None:
        """Delete folders that no note names, and the database of earlier versions."""
        named = set()
        for note in self.folder.glob("generation-*.json"):
            named.add(json.loads(note.read_bytes())["folder"])
        for path in list(self.folder.iterdir()) if self.folder.is_dir() else ():
            if path.name not in named and (_OURS.fullmatch(path.name) or _OLD.fullmatch(path.name)):
                shutil.rmtree(path) if path.is_dir() else path.unlink()

    @contextmanager
    def _translated(self) -> Iterator[None]:
        with disk_errors(self.folder):
            try:
                yield
            except (StoreError, OSError, Cancelled):
                raise
            except Exception as exc:  # chromadb raises bare ChromaError, ValueError and RuntimeError subclasses
                self.distrust()
                raise _explained(exc, self.folder) from exc


def open_client(folder: Path) -> Any:
    """Chroma in this process, with its files in ``folder``; it sends nothing anywhere."""
    import chromadb
    from chromadb.api.shared_system_client import SharedSystemClient
    from chromadb.config import Settings

    folder.mkdir(parents=True, exist_ok=True)
    try:
        return chromadb.PersistentClient(str(folder), settings=Settings(anonymized_telemetry=False))
    except BaseException:  # Chroma 1.5.9 remembers a client that failed to start and hands it out again
        SharedSystemClient.clear_system_cache()
        raise


def server_client(host: str, port: int, secure: bool, token: str) -> Any:
    """A Chroma server; ``token``: of its bearer authentication, empty where it has none. Connects."""
    import chromadb
    from chromadb.config import Settings

    headers = {"Authorization": f"Bearer {token}"} if token else None
    quiet = Settings(anonymized_telemetry=False)
    return chromadb.HttpClient(host, port, ssl=secure, headers=headers, settings=quiet)


def open_collection(client: Any, label: str) -> Any:
    """By inner product; without an embedding function, which would try to fetch a model."""
    configuration = {"hnsw": {"space": "ip", **GRAPH, "sync_threshold": SYNC_THRESHOLD}}
    return client.get_or_create_collection(label, embedding_function=None, configuration=configuration)


def compare(collection: Any, documents: Mapping[str, Sequence[Rows]]) -> Differences:
    """Every record against the rows it should be; that it can be searched, too."""
    expected: dict[str, tuple[str, Float32Array]] = {}
    for doc, parts in documents.items():
        for rows in parts:
            vectors = zip(_names(doc, rows), rows.floats(), strict=True)
            expected.update({name: (doc, vector) for name, vector in vectors})
    extra, total = [], collection.count()
    for offset in range(0, total, BATCH):
        batch = collection.get(limit=BATCH, offset=offset, include=["embeddings"])
        for name, vector in zip(batch["ids"], batch["embeddings"], strict=True):
            _, wanted = expected.get(name, ("", None))
            if wanted is None:
                extra.append(name)
            elif np.array_equal(vector, wanted):
                del expected[name]
    if total:
        first = collection.get(limit=1, include=["embeddings"])["embeddings"][0]
        collection.query(query_embeddings=[first], n_results=min(10, total))
    return Differences(tuple(dict.fromkeys(doc for doc, _ in expected.values())), tuple(extra))


def _names(doc: str, rows: Rows) -> list[str]:
    return [Record(doc, rows.modality, chunk, ordinal).name for chunk, ordinal in rows.chunks_by_row()]


def _insert(collection: Any, new: Mapping[str, Sequence[Rows]], progress: Count | None) -> None:
    """In batches over documents: one write per document takes twice the processor time (4,000 nodes, 2026-11-28)."""
    names: list[str] = []
    metadatas: list[dict[str, str | int]] = []
    vectors: list[Float32Array] = []
    for done, (doc, parts) in enumerate(new.items(), 1):
        for rows in parts:
            names += _names(doc, rows)
            metadatas += _metadatas(doc, rows)
            vectors.append(rows.floats())
        if len(names) >= BATCH or done == len(new):
            matrix = np.concatenate(vectors) if vectors else np.empty((0, 0), dtype=np.float32)
            for start in range(0, len(names), BATCH):
                part = slice(start, start + BATCH)
                collection.upsert(ids=names[part], embeddings=matrix[part], metadatas=metadatas[part])
            names, metadatas, vectors = [], [], []
        if progress:
            progress(done, len(new))


def _metadatas(doc: str, rows: Rows) -> list[dict[str, str | int]]:
    places = (rows.places[chunk] for chunk, _ in rows.chunks_by_row())
    return [
        {"doc": doc, "chunk": place.chunk_id, "kind": place.kind, "page": place.page, "modality": rows.modality}
        for place in places
    ]


def _explained(exc: Exception, folder: Path) -> StoreError:
    text = str(exc).lower()
    if "disk is full" in text or "no space" in text:
        return DiskFull(f"No space left for {folder} ({exc}); free some space and try again. What was there is intact.")
    return IndexDamaged(f"The vector database {folder} failed ({exc}); it is made anew when a document is added")
