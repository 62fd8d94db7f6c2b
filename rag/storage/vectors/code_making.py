"""Codes of vectors made of the arrays: those that are missing, and those that an earlier version has made.

A library has codes from :data:`LARGE` passages or :data:`MANY` documents on.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from functools import partial

import numpy as np

from rag.errors import IndexDamaged
from rag.storage.vectors import files as vector_files
from rag.storage.vectors.chroma import Count
from rag.storage.vectors.codes import CodeIndex
from rag.storage.vectors.document_codes import Centre, Centres, codes_of
from rag.storage.vectors.files import Stamp, VectorFiles
from rag.storage.vectors.loaded_documents import LoadedDocuments
from rag.types import Modality

LARGE = 50_000  # passages, tables and figures from which codes are made: exact search takes 50 ms with so many
MANY = 400  # documents from which they are made: every array that is searched exactly is an open file
RENEWED = 100  # documents whose codes of an earlier version are made anew at a time: a few seconds after an addition

log = logging.getLogger(__name__)
Spans = Mapping[Modality, Sequence[tuple[int, int]]]
"""By modality the columns that channels ask for."""


def settle(codes: CodeIndex, documents: LoadedDocuments, spans: Callable[[], Spans], progress: Count | None) -> None:
    """Make the codes that are missing, where the library is large, and some of those of an earlier version."""
    missing = codes.missing()
    if not codes.centres():
        count, chunks = codes.library()
        if chunks < LARGE and count < MANY:
            return
        codes.note_centres(_centres(documents, spans()))
    _make(codes, documents, [*missing, *codes.without_steps()[:RENEWED]], progress)


def renew(codes: CodeIndex, documents: LoadedDocuments, progress: Count | None) -> None:
    """Make all codes anew that an earlier version has made; the arrays are read for it."""
    _make(codes, documents, codes.without_steps(), progress)


def _make(codes: CodeIndex, documents: LoadedDocuments, missing: Sequence[str], progress: Count | None) -> None:
    for done, doc_id in enumerate(missing, 1):
        stamp = documents.arrays.stamp(doc_id)
        try:
            parts = documents.arrays.load(doc_id)
        except IndexDamaged as exc:
            log.warning("%s", exc)
            continue
        codes.save(doc_id, codes_of(parts, codes.centres()), partial(_is_still, documents.arrays, doc_id, stamp))
        if progress:
            progress(done, len(missing))


def _is_still(arrays: VectorFiles, doc_id: str, stamp: Stamp) -> bool:
    return arrays.stamp(doc_id) == stamp


def _centres(documents: LoadedDocuments, spans: Spans) -> Centres:
    """The mean of each span, of a sample of the documents."""
    named = {f"{start}-{stop}": (start, stop) for found in spans.values() for start, stop in found}
    sums = [vector_files.part_sums(doc.rows, named) for doc in documents.sample()]
    known = vector_files.means(sums)
    return {
        modality: tuple(
            Centre(start, stop, known.get((modality, f"{start}-{stop}"), np.zeros(stop - start, dtype=np.float32)))
            for start, stop in found
        )
        for modality, found in spans.items()
    }
