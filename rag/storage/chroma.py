"""Chroma's files as such: opening a collection, looking from a child process whether it is whole, its errors as ours.

Enters: folders, kept arrays. Leaves: clients, collections, how they differ from the arrays. The only importer of
chromadb. Must not know: what is searched for, what is committed.
"""

from __future__ import annotations

import json
import logging
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from rag.disk import locked
from rag.errors import DiskFull, IndexDamaged, StoreError
from rag.storage.connections import first_column
from rag.storage.vector_files import Kept
from rag.types import Float32Array

PAGE = 2000  # records read at once while comparing
GRAPH = {"ef_construction": 100, "max_neighbors": 16, "ef_search": 100}
"""Of the best ten, .978 or more are among the 300 a question asks for (100,000 to 1,000,000 nodes). Twice these numbers
find .992 and take 2.6 times as long to build."""
SYNC_THRESHOLD = 1000  # log entries after which Chroma writes its graph; larger ones are replayed by every first query
PROBE_SECONDS, PROBE_SECONDS_A_NODE = 60.0, 0.005
GUARD = "chroma.lock"
_SEGMENT = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")  # a folder that holds a collection's graph
_ROOT = Path(__file__).resolve().parents[2]

log = logging.getLogger(__name__)


class Differences(NamedTuple):
    """How the collection differs from the arrays: documents not (or not exactly) in it, records that have no owner."""

    missing: tuple[str, ...]
    extra: tuple[str, ...]


def open_client(folder: Path) -> Any:
    import chromadb
    from chromadb.api.shared_system_client import SharedSystemClient
    from chromadb.config import Settings

    folder.mkdir(parents=True, exist_ok=True)
    try:
        return chromadb.PersistentClient(str(folder), settings=Settings(anonymized_telemetry=False))
    except BaseException:  # Chroma 1.5.9 remembers a client that failed to start and hands it out again
        SharedSystemClient.clear_system_cache()
        raise


def open_collection(client: Any, label: str) -> Any:
    """Inner product; without an embedding function, which would try to fetch a model."""
    configuration = {"hnsw": {"space": "ip", **GRAPH, "sync_threshold": SYNC_THRESHOLD}}
    return client.get_or_create_collection(label, embedding_function=None, configuration=configuration)


def sweep(folder: Path) -> None:
    """Delete the graphs of collections that are gone: Chroma 1.5.9 leaves their folders."""
    known = first_column(folder / "chroma.sqlite3", "SELECT id FROM segments")
    for place in folder.iterdir():
        if place.is_dir() and _SEGMENT.fullmatch(place.name) and place.name not in known:
            shutil.rmtree(place)


def compare(collection: Any, arrays: Kept, documents: Sequence[str]) -> Differences:
    """Every record of the collection against every row of the arrays, vectors included."""
    expected: dict[str, tuple[str, Float32Array]] = {}
    for doc_id in documents:
        for rows in arrays.load(doc_id):
            expected.update((name, (doc_id, row)) for name, row in zip(rows.node_ids(), rows.floats(), strict=True))
    extra, total = [], collection.count()
    for offset in range(0, total, PAGE):
        batch = collection.get(limit=PAGE, offset=offset, include=["embeddings", "metadatas"])
        for name, vector, meta in zip(batch["ids"], batch["embeddings"], batch["metadatas"], strict=True):
            owner, wanted = expected.get(name, ("", None))
            if wanted is None:
                extra.append(name)
            elif meta["doc"] == owner and np.array_equal(vector, wanted):
                del expected[name]
    if total:
        collection.query(query_embeddings=[np.ones(arrays.dim, dtype=np.float32)], n_results=min(10, total))
    return Differences(tuple(dict.fromkeys(owner for owner, _ in expected.values())), tuple(extra))


def probe(folder: Path, label: str, arrays: Kept, documents: Sequence[str]) -> Differences | None:
    """:func:`compare` in a child process, which a torn collection may take down; None when it fails, dies or hangs."""
    count = sum(len(part) for doc in documents for part in arrays.load(doc))
    command = [sys.executable, "-m", "rag.storage.chroma", str(folder), label, str(arrays.dim)]
    environ = {**os.environ, "PYTHONPATH": os.pathsep.join([str(_ROOT), os.environ.get("PYTHONPATH", "")])}
    try:
        child = subprocess.run(
            command,
            input=json.dumps([str(arrays.folder), list(documents)]),
            capture_output=True,
            text=True,
            timeout=PROBE_SECONDS + PROBE_SECONDS_A_NODE * count,
            env=environ,
        )
    except subprocess.TimeoutExpired:
        return None
    if child.returncode:
        log.info("probe of %s: exit %s\n%s", folder, child.returncode, child.stderr[-2000:])
        return None
    missing, extra = json.loads(child.stdout.splitlines()[-1])
    return Differences(tuple(missing), tuple(extra))


def explained(exc: Exception, folder: Path) -> StoreError:
    """An exception of chromadb."""
    text = str(exc).lower()
    if "disk is full" in text or "no space" in text:
        return DiskFull(f"No space left for {folder} ({exc}); free some space and try again. What was there is intact.")
    return IndexDamaged(f"The vector database {folder} failed ({exc}); opening the index again repairs it")


def _probe(folder: str, label: str, dim: str) -> None:
    arrays, documents = json.load(sys.stdin)
    guard = Path(folder).parent / GUARD
    with locked(guard, wait=PROBE_SECONDS):  # a probe whose parent was killed may still be running
        collection = open_collection(open_client(Path(folder)), label)
        print(json.dumps(compare(collection, Kept(Path(arrays), int(dim)), documents)))


if __name__ == "__main__":
    _probe(*sys.argv[1:])
