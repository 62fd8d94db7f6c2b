"""What the tools give: for programs as structured content, which these models describe, for models as text.

A box is [left, top, right, bottom] in points, 1/72 inch, from the top left corner of its page.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from pydantic import BaseModel, Field

from ingestion.elements import Chunk, ChunkKind
from rag.api.views import box
from rag.storage.records.catalogue import DocumentRow
from rag.types import Answer, SearchResult

LONGEST_TEXT = 1500  # characters of a hit in a list of them: read_page gives the whole


class DocumentItem(BaseModel):
    """A document of the library."""

    id: str
    name: str
    title: str
    pages: int
    figures: int
    tables: int


class DocumentList(BaseModel):
    """Documents in the order in which they were added. ``more``: how many others fit the words looked for."""

    documents: list[DocumentItem]
    more: int


class Found(BaseModel):
    """Something found, with its place. ``chunk`` names it for cut_out."""

    document: str
    name: str
    page: int
    kind: ChunkKind
    bbox: list[float]
    chunk: str
    caption: str
    heading: str
    text: str


class Hits(BaseModel):
    """Hits, best first."""

    hits: list[Found]
    notice: str


class PassageOfPage(BaseModel):
    """Something understood on a page."""

    chunk: str
    kind: ChunkKind
    bbox: list[float]
    caption: str
    heading: str
    text: str


class PageText(BaseModel):
    """What stands on a page, in reading order; its size is in points."""

    document: str
    name: str
    page: int
    pages: int
    width: float
    height: float
    passages: list[PassageOfPage]


class CutOut(BaseModel):
    """What the picture shows."""

    document: str
    name: str
    page: int
    bbox: list[float]
    caption: str


class Cited(BaseModel):
    """A [number] of the answer: the place it stands for, and whether it says so."""

    number: int
    document: str
    name: str
    page: int
    kind: ChunkKind
    bbox: list[float]
    chunk: str
    caption: str
    quote: str
    supported: bool
    doubt: str
    time: str = Field("", description="of a recording: from when to when the page lasts, like 03:20–04:20")


class AnswerWithCitations(BaseModel):
    """An answer and what it rests on."""

    text: str
    citations: list[Cited]
    refused: bool = Field(description="nothing in the documents answers the question")
    notice: str
    model: str
    failed: str = Field(description="why the configured model gave no answer or half of one; empty where it did not")


NOT_FOUND = "No document has all these words in its name or title; leave `find` out to list all."


def documents(rows: Iterable[DocumentRow], more: int) -> DocumentList:
    """A list of documents."""
    items = [
        DocumentItem(id=r.id, name=r.name, title=r.title, pages=r.pages, figures=r.figures, tables=r.tables)
        for r in rows
    ]
    return DocumentList(documents=items, more=more)


def documents_text(given: DocumentList, find: str = "") -> str:
    """One line each; ``find`` are the words by which they were looked for."""
    lines = [f"{d.name} ({d.pages} pages) id {d.id[:12]}" for d in given.documents]
    more = [f"… and {given.more} more; look for words of their names with `find`"] if given.more else []
    return "\n".join([*lines, *more]) or (NOT_FOUND if find.strip() else "The library is empty.")


def hits(result: SearchResult, name: Callable[[str], str]) -> Hits:
    """The hits of a search."""
    return Hits(
        hits=[
            Found(
                document=hit.chunk.doc,
                name=name(hit.chunk.doc),
                page=hit.chunk.page,
                kind=hit.chunk.kind,
                bbox=box(hit.bbox),
                chunk=hit.chunk.id,
                caption=hit.chunk.caption,
                heading=hit.chunk.heading,
                text=_shortened(hit.chunk.text),
            )
            for hit in result.hits
        ],
        notice=result.notice,
    )


def hits_text(given: Hits) -> str:
    """Each with its place."""
    blocks = [
        "\n".join(filter(None, (f"[{n}] {h.name}, page {h.page}, {h.kind}, chunk {h.chunk}", h.caption, h.text)))
        for n, h in enumerate(given.hits, 1)
    ]
    return "\n\n".join([*blocks, *filter(None, [given.notice])]) or "Nothing was found."


def page(row: DocumentRow, number: int, size: tuple[float, float], chunks: Iterable[Chunk]) -> PageText:
    """A page with its passages."""
    passages = []
    for chunk in chunks:
        region = next(region for region in chunk.regions if region.page == number)
        passages.append(
            PassageOfPage(
                chunk=chunk.id,
                kind=chunk.kind,
                bbox=box(region.bbox),
                caption=chunk.caption,
                heading=chunk.heading,
                text=chunk.text,
            )
        )
    width, height = size
    return PageText(
        document=row.id, name=row.name, page=number, pages=row.pages, width=width, height=height, passages=passages
    )


def page_text(given: PageText) -> str:
    """The words of the page."""
    head = f"{given.name}, page {given.page} of {given.pages}"
    said = ["\n".join(filter(None, (p.caption, p.text))) for p in given.passages]
    return "\n\n".join([head, *(said or ["There are no words on this page; look at its picture."])])


def answered(given: Answer) -> AnswerWithCitations:
    """An answer with its citations."""
    by_number = {piece.number: piece for piece in given.evidence}
    cited = [
        Cited(
            number=c.number,
            document=c.doc,
            name=by_number[c.number].doc_name,
            page=c.page,
            kind=c.kind,
            bbox=box(c.bbox),
            chunk=by_number[c.number].chunk.id,
            caption=c.caption,
            quote=c.quote,
            supported=c.supported,
            doubt=c.doubt,
            time=by_number[c.number].time,
        )
        for c in given.citations
        if c.number in by_number
    ]
    return AnswerWithCitations(
        text=given.text,
        citations=cited,
        refused=given.refused,
        notice=given.notice,
        model=given.model,
        failed=given.failed,
    )


def answered_text(given: AnswerWithCitations) -> str:
    """The answer, then a line for each source."""
    sources = [
        f"[{c.number}] {c.name}, {c.time or f'page {c.page}'}" + ("" if c.supported else " (not confirmed)")
        for c in given.citations
    ]
    return "\n\n".join(filter(None, (given.text, "\n".join(sources), given.notice)))


def _shortened(text: str) -> str:
    return text if len(text) <= LONGEST_TEXT else f"{text[:LONGEST_TEXT].rsplit(' ', 1)[0]} …"
