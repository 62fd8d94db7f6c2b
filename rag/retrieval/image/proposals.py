"""Pages on which the query's picture may stand: those with a picture like it, and those with its words."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from ingestion.geometry import width
from ingestion.ocr.lines import OcrLine, word_boxes
from rag.retrieval.image.registration import Registration, Word, register_by_words
from rag.retrieval.snapshot import Snapshot
from rag.storage.full_text.term_vectors import document_of, page_of
from rag.types import PageId

SIMILAR_CHUNKS = 40  # chunks with pictures like it, the best, whose pages are proposed
PAGES_BY_WORDS = 12  # pages with its words whose words' places are compared
VOTES = 12  # pages with pictures like it, and with its words, the best, that vote for their documents
PAGES_OF_DOCUMENT = 10  # pages of the document with the most votes, those nearest to one that voted
ANY_PAGE = (1, 1 << 30)


class ProposedPage(NamedTuple):
    """A page to be verified; ``likelihood`` compares within one list only.

    ``registration``: by the words of both; ``width``: of the picture there that is like it, in points.
    """

    page: PageId
    likelihood: float
    registration: Registration | None = None
    width: float | None = None


def pages_with_similar(snap: Snapshot, similar: Mapping[str, float]) -> Iterator[ProposedPage]:
    """Pages with pictures like it, best first; ``similar`` are scores of chunk ids, best first."""
    chunks = snap.index.catalogue.chunks(list(similar)[:SIMILAR_CHUNKS])
    first, last = snap.query.pages or ANY_PAGE
    proposed = set[PageId]()
    for chunk_id, score in similar.items():
        if chunk_id in chunks:
            page = PageId(chunks[chunk_id].doc, chunks[chunk_id].page)
            if page not in proposed and first <= page.page <= last:
                yield ProposedPage(page, score, width=width(chunks[chunk_id].bbox))
            proposed.add(page)


def pages_with_words(snap: Snapshot, lines: Sequence[OcrLine], keys: Sequence[int]) -> list[ProposedPage]:
    """Of the pages found by the words read in the picture (``keys``, best first) the first ones, those before others
    on which most words stand as they do in the picture."""
    keys = keys[:PAGES_BY_WORDS]
    documents = snap.documents(map(document_of, keys))
    own = _words(lines)
    found = []
    for key in keys:
        page = PageId(documents[document_of(key)].doc, page_of(key))
        registration = register_by_words(own, _words(OcrLine(*line, 1.0) for line in snap.index.files.lines(*page)))
        found.append(ProposedPage(page, registration.support if registration else 0.0, registration))
    return sorted(found, key=lambda proposed: -proposed.likelihood)


def pages_of_document(snap: Snapshot, similar: Sequence[ProposedPage], keys: Sequence[int]) -> list[PageId]:
    """Pages of the document that most of the pages with pictures like it and with its words (``keys``) are of: a part
    of a large drawing is like nothing, and words in drawings are often no text."""
    documents = snap.documents(map(document_of, keys[:VOTES]))
    with_words = [PageId(documents[document_of(key)].doc, page_of(key)) for key in keys[:VOTES]]
    votes: dict[str, float] = defaultdict(float)
    for pages in ([proposed.page for proposed in similar[:VOTES]], with_words):
        for rank, page in enumerate(pages, 1):
            votes[page.doc] += 1 / rank
    if not votes:
        return []
    doc = max(votes, key=lambda each: votes[each])
    voted = [page.page for page in (*with_words, *(proposed.page for proposed in similar)) if page.doc == doc]
    first, last = snap.query.pages or ANY_PAGE
    numbers = [row.number for row in snap.index.catalogue.pages(doc) if first <= row.number <= last]
    numbers.sort(key=lambda number: min(abs(number - page) for page in voted))
    return [PageId(doc, number) for number in numbers[:PAGES_OF_DOCUMENT]]


def _words(lines: Iterable[OcrLine]) -> list[Word]:
    """The words of lines with the centres of their places, spelt so that two readings of one word are equal."""
    boxes = [(_plain(word), box) for line in lines for word, box in word_boxes(line)]
    return [Word(word, (box.x0 + box.x1) / 2, (box.y0 + box.y1) / 2) for word, box in boxes if len(word) > 1]


def _plain(word: str) -> str:
    return "".join(sign for sign in word.casefold() if sign.isalnum())
