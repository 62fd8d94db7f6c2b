"""A Chroma server: a collection per generation and field, since Chroma keeps one vector per record.

The client is opened by :mod:`rag.storage.vectors.chroma`, which owns the library. A collection's metadata hold the
stamp and how many collections the name has.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import Any, TypeVar

import numpy as np

from ingestion.elements import ChunkKind
from rag.storage.vectors.chroma import server_client
from rag.storage.vectors.engines.base import GRAPH_BUILD, GRAPH_LINKS, EngineFailed, Field, Match, Part
from rag.storage.vectors.engines.held_client import HeldClient
from rag.types import Float32Array, Modality

BATCH = 1000  # records per request
T = TypeVar("T")


class ChromaServer(HeldClient):
    """A :class:`~rag.storage.vectors.engines.base.VectorEngine`."""

    def __init__(self, host: str, port: int, secure: bool, token: str, shown: str) -> None:
        super().__init__(shown, alone=False)
        self._where = host, port, secure, token
        self._known: dict[str, Any] = {}  # collections by name: looking one up is a request

    def about(self) -> str:
        """Product and version; connects."""
        return self._run(lambda db: f"Chroma {db.get_version()}")

    def stamp(self, name: str) -> int | None:
        """The batch that was begun last; None where there is nothing of this name, or not all of it."""

        def asked(db: Any) -> int | None:
            self._known.clear()  # somebody else may have made them anew
            found = [one.metadata for one in _collections(db, name)]
            whole = bool(found) and len(found) == found[0]["collections"]
            return min(int(one["stamp"]) for one in found) if whole else None

        return self._run(asked)

    def make(self, name: str, fields: Sequence[Field]) -> None:
        """Empty collections; what there was is dropped."""

        def asked(db: Any) -> None:
            self._drop(db, name)
            hnsw = {"space": "ip", "ef_construction": GRAPH_BUILD, "max_neighbors": GRAPH_LINKS, "ef_search": 200}
            for field in fields:
                db.create_collection(
                    _collection(name, field),
                    embedding_function=None,
                    configuration={"hnsw": hnsw},
                    metadata={"stamp": 0, "collections": len(fields)},
                )

        self._run(asked)

    def begin(self, name: str, batch: int) -> None:
        """Raise the stamp, before rows of the batch are added."""

        def asked(db: Any) -> None:
            for collection in _collections(db, name):
                collection.modify(metadata={**collection.metadata, "stamp": batch})

        self._run(asked)

    def add(self, name: str, parts: Sequence[Part]) -> None:
        """Write rows, in requests that a server takes."""

        def asked(db: Any) -> None:
            for part in parts:
                ids, metadatas = [str(number) for number in part.ids()], _metadatas(part)
                for field, matrix in part.vectors:
                    collection = self._collection(db, name, field)
                    for start in range(0, len(ids), BATCH):
                        some = slice(start, start + BATCH)
                        collection.upsert(ids[some], embeddings=matrix[some], metadatas=metadatas[some])

        self._run(asked)

    def remove(self, name: str, batches: Collection[int]) -> None:
        """Delete all rows of these batches."""

        def asked(db: Any) -> None:
            for collection in _collections(db, name):
                collection.delete(where={"batch": {"$in": list(batches)}})

        if batches:
            self._run(asked)

    def finish(self, name: str, fields: Sequence[Field]) -> None:
        """Nothing: Chroma makes its graphs by itself."""

    def query(
        self,
        name: str,
        field: Field,
        vector: Float32Array,
        count: int,
        batches: Collection[int] | None = None,
        kinds: Collection[ChunkKind] | None = None,
    ) -> list[Match]:
        """The ``count`` rows with the highest inner product with ``vector`` (size,), best first."""
        wanted: list[dict[str, Any]] = []
        if batches is not None:
            wanted.append({"batch": {"$in": list(batches)}})
        if kinds is not None:
            wanted.append({"kind": {"$in": list(kinds)}})
        where = {"$and": wanted} if len(wanted) > 1 else wanted[0] if wanted else None

        def asked(db: Any) -> list[Match]:
            answer = self._collection(db, name, field).query(
                query_embeddings=[np.asarray(vector, dtype=np.float32)],
                n_results=count,
                where=where,
                include=["metadatas", "distances"],
            )
            rows = zip(answer["metadatas"][0], answer["distances"][0], strict=True)
            return [Match(int(about["batch"]), str(about["chunk"]), 1.0 - away) for about, away in rows]

        return self._run(asked)

    def count(self, name: str, modality: Modality) -> int:
        """Rows: as many as the collection with the fewest has."""

        def asked(db: Any) -> int:
            found = [one.count() for one in _collections(db, name) if one.name.startswith(f"{name}_{modality}_")]
            return int(min(found, default=0))

        return self._run(asked)

    def names(self) -> set[str]:
        """Names of which there is anything."""
        return self._run(lambda db: {one.name.rsplit("_", 4)[0] for one in db.list_collections() if "_v_" in one.name})

    def drop(self, name: str) -> None:
        """Delete everything of this name, if there is any."""
        self._run(lambda db: self._drop(db, name))

    def close(self) -> None:
        """Let go of the connection."""
        super().close()
        self._known.clear()

    def _connect(self) -> Any:
        return server_client(*self._where)

    def _run(self, asked: Callable[[Any], T]) -> T:
        try:
            return super()._run(asked)
        except EngineFailed:
            self._known.clear()
            raise

    def _collection(self, db: Any, name: str, field: Field) -> Any:
        wanted = _collection(name, field)
        if wanted not in self._known:
            self._known[wanted] = db.get_collection(wanted, embedding_function=None)
        return self._known[wanted]

    def _drop(self, db: Any, name: str) -> None:
        self._known.clear()
        for collection in _collections(db, name):
            db.delete_collection(collection.name)


def _collection(name: str, field: Field) -> str:
    return f"{name}_{field.modality}_{field.name}"


def _collections(db: Any, name: str) -> list[Any]:
    return [one for one in db.list_collections() if one.name.startswith((f"{name}_text_", f"{name}_image_"))]


def _metadatas(part: Part) -> list[dict[str, str | int]]:
    return [
        {"batch": part.batch, "doc": part.doc, "chunk": chunk, "kind": kind, "page": page}
        for chunk, kind, page in zip(part.chunks, part.kinds, part.pages, strict=True)
    ]
