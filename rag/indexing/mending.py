"""What is wrong with an index, mended: the damage is named by :mod:`rag.storage.integrity`, each kind has its remedy.

    a document's rows, its full text      made anew of its document.json, of its rows
    a page's picture, a cut-out           drawn again from the original
    what was understood of a document     read again from the original
    vectors                               embedded again; of other generations dropped, to be made anew when needed
    the vector database                   made anew of the arrays
    files that nobody owns                into the trash where they are a whole document, else deleted

Only an original cannot be made of anything else: adding the file again puts it back (:meth:`rag.index.Index.add`).
"""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import NamedTuple

from ingestion.elements import file_id
from ingestion.errors import IngestionError
from rag.errors import IndexDamaged, RagError
from rag.indexing import duplicates
from rag.indexing.embed import embed_document
from rag.indexing.redraw import redraw
from rag.indexing.reparse import reparse
from rag.storage import trash
from rag.storage.files.document_files import PARSED, from_json
from rag.storage.files.elsewhere import Elsewhere
from rag.storage.integrity import Fault, Kind, faults
from rag.storage.repair import all_arrays
from rag.storage.writer import IndexWriter
from rag.types import Progress

LEAVE = {
    "database": "restore a backup (`python -m rag restore`), or move the folder away and add the files again",
    "original": "add that file again (`python -m rag add FILE`): it is put back",
    "unclean": "another process is writing; wait until it has finished, and try again",
}
"""What cannot be mended here, and what to do."""
ROUNDS = 2  # what one remedy leaves is another's: a document read again is whole but for a cut-out that is drawn

log = logging.getLogger(__name__)
Report = Callable[[Progress], None]


class Mended(NamedTuple):
    """A fault, and what became of it: ``remedy`` is what to do where it is still there, empty where it was mended."""

    fault: Fault
    remedy: str = ""


def mend(index: IndexWriter, report: Report) -> list[Mended]:
    """Look thoroughly, mend what can be mended, look again. Nothing is deleted that is part of a document.

    Raises :class:`~rag.errors.IndexBusy` where another process keeps writing.
    """
    found = _look(index)
    why: dict[Fault, str] = {}
    left = found
    if index.elsewhere is not None and found:
        index.elsewhere.put_back()
        left = _look(index)
    for _ in range(ROUNDS):
        if not left:
            break
        why = _mend(index, left, report)
        left = _look(index)
    if not found:  # an earlier look may have dropped a collection that could not be read
        index.settle(report)
    index.renew_codes(report)
    first = {(fault.kind, fault.doc, fault.name): fault for fault in reversed(found)}
    kept = {(fault.kind, fault.doc, fault.name): fault for fault in left}
    return [
        *(Mended(fault) for key, fault in reversed(first.items()) if key not in kept),
        *(
            Mended(first.get(key, fault), why.get(fault) or LEAVE.get(fault.kind, _AGAIN))
            for key, fault in kept.items()
        ),
    ]


_AGAIN = "run it again; where that does not help, remove the document and add its file again"


def _look(index: IndexWriter) -> list[Fault]:
    with index.still():
        return faults(index, thorough=True)


def _mend(index: IndexWriter, found: Iterable[Fault], report: Report) -> dict[Fault, str]:
    """Each kind in the order in which the next can build on it; why some could not be mended."""
    by_kind: dict[Kind, list[Fault]] = defaultdict(list)
    for fault in found:
        by_kind[fault.kind].append(fault)
    why: dict[Fault, str] = {}
    if by_kind["ownerless rows"]:
        index.catalogue.drop_ownerless()
    with index.session():
        _clear(index, by_kind)
    broken = {fault.doc for fault in by_kind["original"]}
    _commit_again(index, by_kind, why)
    _read_again(index, by_kind["reading"], broken, why, report)
    _draw_again(index, by_kind["picture"], why)
    if by_kind["text"] or by_kind["totals"]:
        index.catalogue.make_text_again(dict.fromkeys(fault.doc for fault in by_kind["text"]))
    _embed_again(index, by_kind["array"], why, report)
    duplicates.update(index.catalogue, index.files, report)
    if by_kind["graph"]:
        index.vectors.graph.distrust()
    with index.session():
        pass  # what is derived of the vectors
    index.settle(report)
    return why


def _clear(index: IndexWriter, by_kind: dict[Kind, list[Fault]]) -> None:
    """With the right to write: what belongs to nothing."""
    if by_kind["leftover"]:
        index.files.clear_staging()
        for arrays in all_arrays(index):
            arrays.clear_parts()
        if index.elsewhere is not None:
            _save_unknown(index, index.elsewhere)
    for fault in by_kind["folder"]:
        _put_aside(index, fault.doc)
    for fault in (*by_kind["ownerless array"], *by_kind["other array"]):
        known = next(g for g in index.catalogue.generations() if g.label == fault.name)
        index.arrays(known).remove(fault.doc)
    for fault in by_kind["trash"]:
        _sort_out_trash(index, fault.doc)
    for fault in by_kind["original"]:
        index.files.set_original_aside(fault.doc)


def _save_unknown(index: IndexWriter, elsewhere: Elsewhere) -> None:
    """Files in the store that no document has: a whole document becomes one that can be put aside, the rest goes."""
    into = index.files.stage()
    for folder in elsewhere.clear_unknown(into):
        try:
            document = from_json((folder / PARSED).read_bytes())
        except (OSError, ValueError, KeyError, TypeError, RecursionError) as exc:
            log.info("%s is no document: %s", folder.name, exc)
            continue
        if not index.catalogue.has(document.id) and not index.files.exists(document.id):
            index.files.adopt_whole(document.id, folder)
    index.files.discard(into)


def _put_aside(index: IndexWriter, doc_id: str) -> None:
    """Files without a committed document: into the trash where they are one."""
    try:
        document = index.files.load_document(doc_id)
    except IndexDamaged as exc:
        log.info("files/%s is no document: %s", doc_id, exc)
        index.files.remove(doc_id)
        return
    if document.id != doc_id or file_id(index.files.original(doc_id)) != doc_id:
        index.files.remove(doc_id)
    elif trash.trashed(index, doc_id) is not None:
        index.files.remove(doc_id)  # it lies there already
    else:
        trash.keep(index, document)


def _sort_out_trash(index: IndexWriter, doc_id: str) -> None:
    if index.catalogue.has(doc_id) and not index.files.exists(doc_id):
        trash.carry_out(index)
    else:
        trash.forget(index, doc_id)


def _commit_again(index: IndexWriter, by_kind: dict[Kind, list[Fault]], why: dict[Fault, str]) -> None:
    """Rows that are not those of the document's own file; one whose file is broken is read again."""
    for fault in by_kind["rows"]:
        try:
            document = index.files.load_document(fault.doc)
        except RagError as exc:
            why[fault] = str(exc)
            continue
        with index.session(risky=True):
            index.catalogue.add(document)
        by_kind["array"].append(fault)  # codes and families went with the rows; vectors may be of other chunks


def _read_again(
    index: IndexWriter, found: list[Fault], broken: set[str], why: dict[Fault, str], report: Report
) -> None:
    todo = {fault.doc for fault in found if fault.doc not in broken}
    why |= dict.fromkeys(found, "its original is missing, too: remove the document and add its file again")
    if not todo:
        return
    errors = {read.doc_id: read.error for read in reparse(index, report, None, None, only=todo)}
    why |= {fault: errors.get(fault.doc, "") for fault in found if fault.doc in todo}


def _draw_again(index: IndexWriter, found: list[Fault], why: dict[Fault, str]) -> None:
    wanted: dict[str, list[Fault]] = defaultdict(list)
    for fault in found:
        wanted[fault.doc].append(fault)
    for doc_id, pictures in wanted.items():
        try:
            undrawn = redraw(index, doc_id, [fault.name for fault in pictures])
        except (IngestionError, RagError, OSError) as exc:
            undrawn = dict.fromkeys((fault.name for fault in pictures), str(exc))
        why |= {fault: undrawn[fault.name] for fault in pictures if fault.name in undrawn}


def _embed_again(index: IndexWriter, found: list[Fault], why: dict[Fault, str], report: Report) -> None:
    for doc_id in dict.fromkeys(fault.doc for fault in found):
        try:
            _embed(index, doc_id, report)
        except (RagError, OSError) as exc:
            why |= {fault: str(exc) for fault in found if fault.doc == doc_id}


def _embed(index: IndexWriter, doc_id: str, report: Report) -> None:
    """Raises :class:`IndexDamaged` where another process has changed the document, or the generation, meanwhile."""
    with index.pinned() as generation:
        document, mark = index.files.load_document(doc_id), index.files.mark(doc_id)

        def heard(done: int, total: int) -> None:
            report(Progress(document.name, "embedding", done, total))

        with index.files.pictures(document) as folder:
            made = embed_document(
                document, folder, index.encoder, index.settings.batch, heard, index.has_pages, index.has_tokens
            )
    with index.session():
        if index.generation.id != generation.id or index.files.mark(doc_id) != mark:
            raise IndexDamaged(f"{document.name} was changed meanwhile; try again")
        index.vectors.save(doc_id, made.nodes, document.chunks, made.tokens)
        if index.vectors.codes is not None:
            index.vectors.codes.drop(doc_id)
        index.catalogue.forget_copies(doc_id)
