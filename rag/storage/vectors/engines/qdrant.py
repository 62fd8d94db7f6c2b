"""Qdrant: a collection per generation and modality, with a named vector per field.

``qdrant+path:`` keeps the collections in a folder and compares all rows, for one process: made for tests and small
libraries.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import Any

import numpy as np

from ingestion.elements import ChunkKind
from rag.storage.vectors.engines.base import GRAPH_BUILD, GRAPH_LINKS, SECONDS, Field, Match, Part
from rag.storage.vectors.engines.held_client import HeldClient
from rag.types import Float32Array, Modality

BATCH_NUMBERS = 250_000  # of vectors sent at once: 5 MB as JSON, and larger ones stall a server (qdrant #7364)


class Qdrant(HeldClient):
    """A :class:`~rag.storage.vectors.engines.base.VectorEngine`: a server, or a folder ``path`` of this process."""

    def __init__(self, host: str, port: int, secure: bool, key: str, path: str, shown: str) -> None:
        super().__init__(shown, alone=bool(path))  # a folder's client is not made for several threads
        self._path = path
        self._where = {"host": host, "port": port, "https": secure, "api_key": key or None}

    def about(self) -> str:
        """Product and version; connects."""
        client = f" in {self._path}" if self._path else ""
        return self._run(lambda db: f"Qdrant {db.info().version}{client}")

    def stamp(self, name: str) -> int | None:
        """The batch that was begun last; None where there is nothing of this name, or not all of it."""

        def asked(db: Any) -> int | None:
            found = [self._metadata(db, one) for one in _collections(db, name)]
            whole = bool(found) and len(found) == found[0].get("collections")
            return min(int(one["stamp"]) for one in found) if whole else None

        return self._run(asked)

    def make(self, name: str, fields: Sequence[Field]) -> None:
        """Empty collections; what there was is dropped."""
        from qdrant_client import models

        def asked(db: Any) -> None:
            _drop(db, name)
            modalities = sorted({field.modality for field in fields})
            for modality in modalities:
                vectors = {
                    f.name: models.VectorParams(size=f.size, distance=models.Distance.DOT)
                    for f in fields
                    if f.modality == modality
                }
                db.create_collection(
                    _collection(name, modality),
                    vectors_config=vectors,
                    hnsw_config=models.HnswConfigDiff(m=GRAPH_LINKS, ef_construct=GRAPH_BUILD),
                    metadata={"stamp": 0, "collections": len(modalities)},
                )
                if not self._path:  # a folder has no such indexes, and warns
                    db.create_payload_index(_collection(name, modality), "batch", models.PayloadSchemaType.INTEGER)
                    db.create_payload_index(_collection(name, modality), "kind", models.PayloadSchemaType.KEYWORD)

        self._run(asked)

    def begin(self, name: str, batch: int) -> None:
        """Raise the stamp, before rows of the batch are added."""

        def asked(db: Any) -> None:
            for collection in _collections(db, name):
                db.update_collection(collection, metadata={**self._metadata(db, collection), "stamp": batch})

        self._run(asked)

    def add(self, name: str, parts: Sequence[Part]) -> None:
        """Write rows, in requests that a server takes."""
        from qdrant_client import models

        def asked(db: Any) -> None:
            for part in parts:
                size = max(1, BATCH_NUMBERS // max(1, sum(field.size for field, _ in part.vectors)))
                ids = part.ids()
                for chosen in _slices(len(ids), size):
                    points = models.Batch(
                        ids=ids[chosen],
                        vectors={field.name: matrix[chosen].tolist() for field, matrix in part.vectors},
                        payloads=_payloads(part)[chosen],
                    )
                    db.upsert(_collection(name, part.modality), points, wait=True)

        self._run(asked)

    def remove(self, name: str, batches: Collection[int]) -> None:
        """Delete all rows of these batches."""
        from qdrant_client import models

        chosen = models.FilterSelector(filter=_filter(batches, None))

        def asked(db: Any) -> None:
            for collection in _collections(db, name):
                db.delete(collection, chosen, wait=True)

        if batches:
            self._run(asked)

    def finish(self, name: str, fields: Sequence[Field]) -> None:
        """Nothing: Qdrant makes its graphs by itself."""

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
        from qdrant_client import models

        def asked(db: Any) -> list[Match]:
            found = db.query_points(
                _collection(name, field.modality),
                query=np.asarray(vector, dtype=np.float32).tolist(),
                using=field.name,
                limit=count,
                query_filter=_filter(batches, kinds),
                search_params=None if self._path else models.SearchParams(hnsw_ef=max(count, GRAPH_BUILD)),
                with_payload=["batch", "chunk"],
            )
            return [Match(point.payload["batch"], point.payload["chunk"], point.score) for point in found.points]

        return self._run(asked)

    def count(self, name: str, modality: Modality) -> int:
        """Rows."""
        return self._run(lambda db: int(db.count(_collection(name, modality), exact=True).count))

    def names(self) -> set[str]:
        """Names of which there is anything."""
        return self._run(lambda db: {one.name.rpartition("_")[0] for one in db.get_collections().collections})

    def drop(self, name: str) -> None:
        """Delete everything of this name, if there is any."""
        self._run(lambda db: _drop(db, name))

    def _connect(self) -> Any:
        from qdrant_client import QdrantClient

        options: dict[str, Any] = {"path": self._path} if self._path else self._where
        return QdrantClient(timeout=round(SECONDS), **options)

    def _metadata(self, db: Any, collection: str) -> dict[str, Any]:
        return dict(db.get_collection(collection).config.metadata or {})


def _collection(name: str, modality: Modality) -> str:
    return f"{name}_{modality}"


def _collections(db: Any, name: str) -> list[str]:
    there = {one.name for one in db.get_collections().collections}
    return [one for one in (f"{name}_text", f"{name}_image") if one in there]


def _drop(db: Any, name: str) -> None:
    for collection in _collections(db, name):
        db.delete_collection(collection)


def _filter(batches: Collection[int] | None, kinds: Collection[ChunkKind] | None) -> Any:
    from qdrant_client import models

    wanted: list[Any] = []
    if batches is not None:
        wanted.append(models.FieldCondition(key="batch", match=models.MatchAny(any=list(batches))))
    if kinds is not None:
        wanted.append(models.FieldCondition(key="kind", match=models.MatchAny(any=list(kinds))))
    return models.Filter(must=wanted) if wanted else None


def _payloads(part: Part) -> list[dict[str, Any]]:
    return [
        {"batch": part.batch, "doc": part.doc, "chunk": chunk, "kind": kind, "page": page}
        for chunk, kind, page in zip(part.chunks, part.kinds, part.pages, strict=True)
    ]


def _slices(total: int, size: int) -> Iterator[slice]:
    yield from (slice(start, start + size) for start in range(0, total, size))
