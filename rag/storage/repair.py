"""What an unclean stop left, put right: with the right to write, before anything else is written."""

from __future__ import annotations

import logging
import shutil

from rag.disk import disk_errors
from rag.storage import trash
from rag.storage.incoming import carry_out
from rag.storage.reader import IndexReader
from rag.storage.tables.database import LABEL
from rag.storage.vectors.files import VectorFiles

log = logging.getLogger(__name__)


def recover(index: IndexReader) -> None:
    """After an unclean stop: carry out what lies ready, remove what no committed document owns."""
    log.info("the index %s was not closed cleanly: cleaning up", index.root)
    index.files.clear_staging()
    carry_out(index)
    trash.carry_out(index)
    committed = set(index.catalogue.ids())
    for doc_id in index.files.ids() - committed:
        index.files.remove(doc_id)
    for arrays in all_arrays(index):
        for doc_id in arrays.ids() - committed:
            arrays.remove(doc_id)
    drop_generations(index)


def drop_generations(index: IndexReader) -> None:
    """Delete arrays and collections of generations that the catalogue no longer knows."""
    folder = index.root / "vectors"
    there = list(folder.iterdir()) if folder.is_dir() else []  # looked at first: a new one is known before it is there
    stored = index.elsewhere.labels() if index.elsewhere is not None else set()
    known = {generation.label for generation in index.catalogue.generations()}
    for label in sorted(label for label in stored if label.startswith(LABEL) and label not in known):
        _drop_stored(index, label)
    for stale in [entry for entry in there if entry.name not in known]:
        with disk_errors(stale):
            shutil.rmtree(stale)
    index.vectors.graph.keep_only(known)


def _drop_stored(index: IndexReader, label: str) -> None:
    if index.elsewhere is not None:
        for doc_id in index.elsewhere.documents(label):
            index.elsewhere.drop(doc_id, label)


def all_arrays(index: IndexReader) -> list[VectorFiles]:
    """The arrays of every generation."""
    return [index.arrays(g) for g in index.catalogue.generations()]
