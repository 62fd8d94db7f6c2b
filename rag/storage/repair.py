"""What an unclean stop left, put right: with the right to write, before anything else is written."""

from __future__ import annotations

import logging
import shutil
from collections.abc import Callable

from rag.disk import disk_errors
from rag.storage.reader import IndexReader
from rag.storage.replacements import carry_out
from rag.storage.vector_files import Kept
from rag.types import Progress

log = logging.getLogger(__name__)


def recover(index: IndexReader, report: Callable[[Progress], None] | None) -> None:
    """After an unclean stop: remove what no committed document owns, finish replacements, mend the vector database."""
    log.info("the index %s was not closed cleanly: cleaning up", index.root)
    index.files.clear_staging()
    carry_out(index, into_database=False)
    committed = set(index.catalogue.ids())
    for doc_id in index.files.ids() - committed:
        index.files.remove(doc_id)
    for arrays in all_arrays(index):
        for doc_id in arrays.ids() - committed:
            arrays.remove(doc_id)

    def heard(done: int, total: int) -> None:
        if report:
            report(Progress("vector database", "saving", done, total))

    index.vectors.repair(list(index.vectors.rows()), heard)
    drop_generations(index)


def drop_generations(index: IndexReader) -> None:
    """Delete arrays and collections of generations that the catalogue no longer knows."""
    folder = index.root / "vectors"
    there = list(folder.iterdir()) if folder.is_dir() else []  # looked at first: a new one is known before it is there
    known = {generation.label for generation in index.catalogue.generations()}
    for stale in [entry for entry in there if entry.name not in known]:
        with disk_errors(stale):
            shutil.rmtree(stale)
    index.vectors.keep_only(known)


def all_arrays(index: IndexReader) -> list[Kept]:
    """The kept vectors of every generation."""
    return [Kept(index.root / "vectors" / g.label, g.dim) for g in index.catalogue.generations()]
