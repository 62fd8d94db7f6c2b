"""What tests of index generations do to an index of a few made documents, and what they look at."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from made_documents import make_document

from ingestion.elements import Document
from rag.index import Index
from rag.storage.reader import IndexReader
from rag.storage.tables.database import Generation
from rag.storage.vectors.files import Stamp, VectorFiles
from rag.types import Progress, Query

DRIVER = Path(__file__).resolve().parent / "generation_driver.py"
DOCUMENTS = 4
OTHER = "static?dim=64"
"""Words to change to, for which a process loads nothing that takes long."""
QUESTION = Query("How is the drain pump cleaned?")


def store_made(index: Index, number: int) -> Document:
    folder = index.files.stage()
    return index.store(make_document(folder, number), folder)


@contextmanager
def driven(*arguments: object) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, str(DRIVER), *map(str, arguments)]
    environ = {**os.environ, "PYTHONPATH": os.pathsep.join([str(DRIVER.parents[2]), str(DRIVER.parent)])}
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True, start_new_session=True, env=environ) as child:
        yield child


def kill_at(index: Index, words: str, stage: str, done: int, how: str = "reindex") -> None:
    """A reindexing process that gets as far as this step, and SIGKILL."""
    with driven(how, index.root, words, stage, done) as child:
        assert child.stdout
        assert child.stdout.readline() == "there\n"
        os.killpg(child.pid, signal.SIGKILL)


def arrays(index: Index, number: int) -> dict[str, bytes]:
    folder = next(index.root / "vectors" / g.label for g in index.catalogue.generations() if g.id == number)
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def stamps(index: Index, generation: Generation) -> dict[str, Stamp]:
    kept = VectorFiles(index.root / "vectors" / generation.label, generation.dim)
    return {doc_id: kept.stamp(doc_id) for doc_id in kept.whole()}


def interrupt_at(stage: str, done: int) -> Callable[[Progress], None]:
    def report(step: Progress) -> None:
        if (f"{step.name} {step.stage}", step.done) == (stage, done):
            raise KeyboardInterrupt

    return report


def refuse(live: IndexReader, candidate: IndexReader) -> bool:
    return False


def the_refused(index: Index) -> Generation:
    (found,) = [g for g in index.catalogue.generations() if g.state == "refused"]
    return found
