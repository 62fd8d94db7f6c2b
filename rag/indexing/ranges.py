"""Pages of a long document, read by several processes: each reads a range, and whoever adds the document finds them.

The pages are kept in the folder of the document that is being read, which all processes reach; nobody needs the claim
to the document for that, since no two read the same pages.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

from ingestion.workers.parse import LIKELY_LONG, Workers, prepare_in_worker, read_in_worker
from rag.config import Settings
from rag.disk import disk_errors
from rag.storage.files.document_files import DocumentFiles
from rag.types import Progress


def is_likely_long(path: Path) -> bool:
    """Whether a file is so large that it is worth opening it to count its pages."""
    return path.stat().st_size >= LIKELY_LONG


def prepare(
    files: DocumentFiles, settings: Settings, path: Path, doc_id: str, children: Workers, stop: threading.Event
) -> int:
    """How many pages a file has; from now on ranges of them can be read. Raises as :func:`read_range`."""
    folder = files.unfinished(doc_id)
    with disk_errors(folder):
        return prepare_in_worker(path, folder, settings.parse_options(), settings.limits(), children, stop)


def read_range(
    files: DocumentFiles,
    settings: Settings,
    path: Path,
    doc_id: str,
    pages: tuple[int, int],
    children: Workers,
    report: Callable[[Progress], None],
    stop: threading.Event,
) -> None:
    """Read pages from the first to the last of ``pages`` and keep them for whoever adds the document.

    Raises :class:`~ingestion.errors.IngestionError` where the file cannot be opened, or was prepared with other
    settings, :class:`~rag.errors.StoreError` where the disk fails.
    """
    folder = files.unfinished(doc_id)

    def heard(stage: str, done: int, total: int) -> None:
        report(Progress(path.name, stage, done, total))

    with disk_errors(folder):
        read_in_worker(path, folder, settings.parse_options(pages=pages), settings.limits(), heard, children, stop)
