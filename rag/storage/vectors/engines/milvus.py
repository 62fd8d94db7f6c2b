"""Milvus: a collection per generation and modality, with a vector per field.

``milvus+path:`` is Milvus Lite, which keeps one file and serves one process. Searches see what was written before
(consistency "Strong"). The stamp is a property of each collection.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

import numpy as np

from ingestion.elements import ChunkKind
from rag.storage.vectors.engines.base import GRAPH_BUILD, GRAPH_LINKS, SECONDS, Field, Match, Part
from rag.storage.vectors.engines.held_client import HeldClient
from rag.types import Float32Array, Modality

BATCH_NUMBERS = 4_000_000  # of vectors sent at once: 16 MB; a server takes 64
MOST_FOUND = 16_384  # rows that Milvus returns at most
STAMP, COLLECTIONS = "pagesight.stamp", "pagesight.collections"


class Milvus(HeldClient):
    """A :class:`~rag.storage.vectors.engines.base.VectorEngine`: a server at ``uri``, or a file of this process."""

    def __init__(self, uri: str, user: str, secret: str, shown: str, local: bool) -> None:
        super().__init__(shown, alone=local)
        self._uri, self._user, self._secret = uri, user, secret
        self._local = local
        self._loaded: set[str] = set()  # collections that this client has asked to be searchable

    def about(self) -> str:
        """Product and version; connects."""
        return self._run(lambda db: f"Milvus {db.get_server_version()}")

    def stamp(self, name: str) -> int | None:
        """The batch that was begun last; None where there is nothing of this name, or not all of it."""

        def asked(db: Any) -> int | None:
            found = [dict(db.describe_collection(one).get("properties") or {}) for one in _collections(db, name)]
            whole = bool(found) and len(found) == int(found[0][COLLECTIONS])
            return min(int(one[STAMP]) for one in found) if whole else None

        return self._run(asked)

    def make(self, name: str, fields: Sequence[Field]) -> None:
        """Empty collections; what there was is dropped."""

        def asked(db: Any) -> None:
            _drop(db, name)
            modalities = sorted({field.modality for field in fields})
            for modality in modalities:
                chosen = [field for field in fields if field.modality == modality]
                db.create_collection(
                    _collection(name, modality),
                    schema=_schema(db, chosen),
                    index_params=_indexes(db, chosen),
                    properties={STAMP: "0", COLLECTIONS: str(len(modalities))},
                    consistency_level="Strong",
                )

        self._run(asked)

    def begin(self, name: str, batch: int) -> None:
        """Raise the stamp, before rows of the batch are added."""

        def asked(db: Any) -> None:
            for collection in _collections(db, name):
                db.alter_collection_properties(collection, {STAMP: str(batch)})

        self._run(asked)

    def add(self, name: str, parts: Sequence[Part]) -> None:
        """Write rows, in requests that a server takes."""

        def asked(db: Any) -> None:
            for part in parts:
                size = max(1, BATCH_NUMBERS // max(1, sum(field.size for field, _ in part.vectors)))
                rows = _rows(part)
                for start in range(0, len(rows), size):
                    db.upsert(_collection(name, part.modality), rows[start : start + size])

        self._run(asked)

    def remove(self, name: str, batches: Collection[int]) -> None:
        """Delete all rows of these batches."""

        def asked(db: Any) -> None:
            for collection in _collections(db, name):
                db.delete(self._ready(db, collection), filter=_filter(batches, None))

        if batches:
            self._run(asked)

    def finish(self, name: str, fields: Sequence[Field]) -> None:
        """What was written is sealed, so that its graph is made."""

        def asked(db: Any) -> None:
            for collection in _collections(db, name):
                db.flush(collection)

        self._run(asked)

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
        wanted = min(count, MOST_FOUND)

        def asked(db: Any) -> list[Match]:
            found = db.search(
                self._ready(db, _collection(name, field.modality)),
                data=[np.asarray(vector, dtype=np.float32).tolist()],
                anns_field=field.name,
                limit=wanted,
                filter=_filter(batches, kinds),
                output_fields=["batch", "chunk"],
                search_params={"metric_type": "IP", "params": {"ef": max(wanted, GRAPH_BUILD)}},
            )[0]
            return [Match(one["entity"]["batch"], one["entity"]["chunk"], float(one["distance"])) for one in found]

        return self._run(asked)

    def count(self, name: str, modality: Modality) -> int:
        """Rows."""

        def asked(db: Any) -> int:
            collection = self._ready(db, _collection(name, modality))
            return int(db.query(collection, output_fields=["count(*)"])[0]["count(*)"])

        return self._run(asked)

    def names(self) -> set[str]:
        """Names of which there is anything."""
        return self._run(lambda db: {one.rpartition("_")[0] for one in db.list_collections()})

    def drop(self, name: str) -> None:
        """Delete everything of this name, if there is any."""
        self._run(lambda db: _drop(db, name))

    def close(self) -> None:
        """Let go of the connection, and of a file, which Milvus Lite holds by a server in this process."""
        opened = self._client is not None
        super().close()
        if opened and self._local:
            from milvus_lite.server_manager import server_manager_instance

            server_manager_instance.release_server(self._uri)

    def _ready(self, db: Any, collection: str) -> str:
        """The collection, loaded: one that was made is, but not a file that is opened again, nor what was restored."""
        if collection not in self._loaded:
            db.load_collection(collection)
            self._loaded.add(collection)
        return collection

    def _connect(self) -> Any:
        from pymilvus import MilvusClient

        self._loaded.clear()
        return MilvusClient(self._uri, user=self._user, password=self._secret, timeout=SECONDS)


def _schema(db: Any, fields: Sequence[Field]) -> Any:
    from pymilvus import DataType

    schema = db.create_schema(auto_id=False)
    schema.add_field("id", DataType.INT64, is_primary=True)
    for name, kind in (("batch", DataType.INT64), ("page", DataType.INT64)):
        schema.add_field(name, kind)
    for name, length in (("doc", 256), ("chunk", 512), ("kind", 16)):
        schema.add_field(name, DataType.VARCHAR, max_length=length)
    for field in fields:
        schema.add_field(field.name, DataType.FLOAT_VECTOR, dim=field.size)
    return schema


def _indexes(db: Any, fields: Sequence[Field]) -> Any:
    indexes = db.prepare_index_params()
    for field in fields:
        graph = {"M": GRAPH_LINKS, "efConstruction": GRAPH_BUILD}
        indexes.add_index(field.name, index_type="HNSW", metric_type="IP", params=graph)
    return indexes


def _collection(name: str, modality: Modality) -> str:
    return f"{name}_{modality}"


def _collections(db: Any, name: str) -> list[str]:
    there = set(db.list_collections())
    return [one for one in (f"{name}_text", f"{name}_image") if one in there]


def _drop(db: Any, name: str) -> None:
    for collection in _collections(db, name):
        db.drop_collection(collection)


def _filter(batches: Collection[int] | None, kinds: Collection[ChunkKind] | None) -> str:
    wanted = []
    if batches is not None:
        wanted.append(f"batch in [{', '.join(map(str, batches))}]")
    if kinds is not None:
        wanted.append(f"kind in [{', '.join(map(repr, kinds))}]")
    return " and ".join(wanted)


def _rows(part: Part) -> list[dict[str, Any]]:
    return [
        {
            "id": number,
            "batch": part.batch,
            "doc": part.doc,
            "chunk": part.chunks[place],
            "kind": part.kinds[place],
            "page": part.pages[place],
            **{field.name: matrix[place] for field, matrix in part.vectors},
        }
        for place, number in enumerate(part.ids())
    ]
