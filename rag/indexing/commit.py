"""The one way into an index, for documents that are new and for those that were read again: embed, lay ready, commit.

Embedding takes minutes and needs no right to write. The commit takes a moment: it moves what lies ready into place and
makes the document visible in one transaction.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from ingestion.elements import Document, PageProblem
from rag.disk import write_whole
from rag.errors import IndexBusy
from rag.indexing import duplicates
from rag.indexing.embed import embed_document
from rag.monitoring.stages import stage
from rag.storage.files.document_files import PARSED, to_json
from rag.storage.incoming import Purpose, finish, forget_sent, is_ready, make_ready, place_of, send, undo
from rag.storage.vectors.files import VectorFiles
from rag.storage.writer import IndexWriter
from rag.types import Progress

SWITCHES = 3  # of the live generation, each between embedding and commit, after which it is given up

Report = Callable[[Progress], None]


def store(
    index: IndexWriter, document: Document, folder: Path, report: Report, purpose: Purpose = "add"
) -> Document | None:
    """Embed a document that was read into ``folder``, and commit it; the folder is moved. The caller has its claim.

    Returns it with the problems that embedding met; None where one that was to be replaced was removed meanwhile.
    Where an addition fails, its folder is given back if it lies where documents are read, else deleted.
    """
    place = place_of(index.root, document.id)
    index.files.discard(place)
    home = folder if folder.parent == index.files.reading else None
    try:
        document = _lay_ready(index, document, folder, place, purpose, report)
        for _ in range(SWITCHES):
            if _commit(index, place, home, purpose, report):
                return document if index.catalogue.has(document.id) else None
            _embed(index, document, place / "document", place, report)  # another generation has gone live meanwhile
            send(index, place)
        raise IndexBusy(f"Another process keeps changing the generation of {index.root}; try again when it is done")
    except BaseException:
        if not index.catalogue.has(document.id):
            undo(index, place, home)
        elif not is_ready(place):
            forget_sent(index, place)
            index.files.discard(place)
        raise


def _lay_ready(
    index: IndexWriter, document: Document, folder: Path, place: Path, purpose: Purpose, report: Report
) -> Document:
    found = _embed(index, document, folder, place, report)
    report(Progress(document.name, "saving", 0, 3))
    if found or not (folder / PARSED).is_file():
        document = replace(document, problems=document.problems + found)
        write_whole(folder / PARSED, to_json(document))
    index.files.move(folder, place / "document")
    send(index, place)
    make_ready(place, purpose)
    report(Progress(document.name, "saving", 1, 3))
    return document


def _embed(
    index: IndexWriter, document: Document, folder: Path, place: Path, report: Report
) -> tuple[PageProblem, ...]:
    """Into ``place``, for the generation that is live now."""

    def heard(done: int, total: int) -> None:
        report(Progress(document.name, "embedding", done, total))

    with index.pinned() as generation, stage("embed", pages=len(document.pages)) as running:
        found = embed_document(
            document, folder, index.encoder, index.settings.batch, heard, index.has_pages, index.has_tokens
        )
        VectorFiles(place / generation.label, generation.dim, index.settings.store).save(
            document.id, found.nodes, document.chunks, found.tokens
        )
        running.facts["vectors"] = len(found.nodes)
    return found.problems


def _commit(index: IndexWriter, place: Path, home: Path | None, purpose: Purpose, report: Report) -> bool:
    """False where the live generation is another than the one that was embedded for."""
    failed: BaseException | None = None
    with index.session(risky=True):
        if purpose == "replace" and not index.catalogue.has(place.name):
            forget_sent(index, place)
            index.files.discard(place)
            return True
        if not (place / index.generation.label).is_dir():
            return False
        try:
            document = _finish(index, place, report)
        except BaseException as exc:
            if index.catalogue.has(place.name):
                raise  # half replaced: whoever writes next carries it out
            undo(index, place, home)
            failed = exc
    if failed is not None:
        raise failed
    report(Progress(document.name, "saving", 3, 3))
    return True


def _finish(index: IndexWriter, place: Path, report: Report) -> Document:
    report(Progress(place.name[:12], "saving", 2, 3))
    document = finish(index, place)
    duplicates.update(index.catalogue, index.files, report)
    index.files.discard(place)
    return document
