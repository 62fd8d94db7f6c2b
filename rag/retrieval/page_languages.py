"""Manuals that say everything in several languages: a question is answered from the pages in its own.

A page in another language loses :data:`OTHER_LANGUAGE` where its document says as much in the question's. In others,
and between documents, languages tell nothing: what is asked in English may be said in German alone.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from rag.lru import Recent
from rag.storage.full_text.term_vectors import DocumentWords, document_of, page_of
from rag.text.function_words import also_in, page_language, spoken_language
from rag.types import Float64Array

if TYPE_CHECKING:
    from rag.retrieval.snapshot import Snapshot

OTHER_LANGUAGE = 5.0
"""What such a page loses of its log probability."""

AS_MANY = 0.5
"""Pages in a language, for each in the commonest, from which a document says in it all that it says: some pages in
English of a German manual say something of their own."""

REMEMBERED = 256
"""Documents and languages of which is remembered which pages are strange."""

_STRANGE = Recent[tuple[str, int, int, str], frozenset[int]](REMEMBERED)


def bonus(snap: Snapshot, keys: Sequence[int]) -> Float64Array:
    """(pages,) what is added to the log probabilities of candidate pages: nothing, or less."""
    language = spoken_language(snap.query.text)
    added = np.zeros(len(keys))
    if not language:
        return added
    numbers = sorted({document_of(key) for key in keys})
    several = [no for no in numbers if language in (spoken := snap.text.languages([no])) and len(spoken) > 1]
    for no, row in snap.documents(several).items():
        strange = _strange_pages(snap, row, language)
        added -= [OTHER_LANGUAGE * (document_of(key) == no and page_of(key) in strange) for key in keys]
    return added


def _strange_pages(snap: Snapshot, row: DocumentWords, language: str) -> frozenset[int]:
    """The pages of a document that only say in another language what others say in this one."""
    key = row.doc, row.pages, row.words, language
    known = _STRANGE.get(key)
    if known is None:
        pages = snap.index.catalogue.chunks_of(row.doc, kinds=("page",))
        spoken = [page_language(page.text) for page in pages]
        counts = Counter(filter(None, spoken))
        most = max(counts.values(), default=0)
        whole = {one for one, count in counts.items() if count >= AS_MANY * most}
        others = whole - {language} if language in whole else set[str]()
        told = zip(pages, spoken, strict=True)
        known = frozenset(p.page for p, main in told if main in others and not also_in(p.text, language, main))
        _STRANGE.put(key, known)
    return known
