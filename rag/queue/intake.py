"""Files into the queue: those that are in the index or in the queue already are left out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Literal, NamedTuple

from ingestion.elements import file_id
from ingestion.errors import IngestionError
from rag.errors import StoreError
from rag.index import Index
from rag.indexing.discover import files_in
from rag.queue.board import Board
from rag.queue.files import WaitingFiles
from rag.storage.records import collections


class Enqueued(NamedTuple):
    """What became of a path: ``enqueued`` as a job, there already (``present`` in the index, ``queued``), or
    ``failed``, and why."""

    path: Path
    doc_id: str
    status: Literal["enqueued", "present", "queued", "failed"]
    job: int | None = None
    error: str = ""


def enqueue(
    index: Index, board: Board, paths: Sequence[Path], priority: int = 0, collection: str = ""
) -> Iterator[Enqueued]:
    """Put files and folders into the queue, one after another. One bad file never stops the rest.

    Raises :class:`~rag.errors.QueueError` where the queue fails; what was put into it before stays.
    """
    files = WaitingFiles(index.root, index.settings.files)
    for path, error in files_in(paths):
        failed = Enqueued(path, "", "failed", error=error)
        yield failed if error else _one(index, board, files, path, priority, collection)


def _one(index: Index, board: Board, files: WaitingFiles, path: Path, priority: int, collection: str) -> Enqueued:
    doc_id = ""
    try:
        doc_id = file_id(path)
        if index.catalogue.has(doc_id):
            if collection:
                collections.put_by_name(index.catalogue, collection, [doc_id])
            return Enqueued(path, doc_id, "present")
        files.lay(path, doc_id)  # what cannot be read at all is said at once
    except (IngestionError, StoreError) as exc:
        return Enqueued(path, doc_id, "failed", error=str(exc))
    except OSError as exc:
        return Enqueued(path, doc_id, "failed", error=f"{path} cannot be read ({exc.strerror}); check its permissions")
    if collection:
        collections.expect(index.catalogue, collection, [doc_id])
    job = board.put(doc_id, path.name, priority, collection)
    return Enqueued(path, doc_id, "queued" if job is None else "enqueued", job)
