"""The values of searching, answering and storing as the models that go out."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from urllib.parse import quote

from ingestion.elements import BBox, Chunk
from rag.answering.evidence.gathering import shows_its_page
from rag.api import models as m
from rag.errors import UnknownDocument
from rag.service.asking import Begun
from rag.service.library import Documents
from rag.service.signs_of_life import is_given_up
from rag.storage.records.catalogue import DocumentRow
from rag.storage.records.conversation_values import Conversation, KeptTurn
from rag.types import Answer, Citation, Evidence, SearchResult

DIGITS = 2  # of a coordinate: a hundredth of a point is less than a pixel at any zoom
ID_LENGTH = 64  # characters of a document's id, a SHA-256 in hex
LONGEST_SAID = 80  # characters of what an address names, in a message
NameOf = Callable[[str], str]


def box(bbox: BBox) -> list[float]:
    """Rounded, for JSON."""
    return [round(value, DIGITS) for value in bbox]


def page_picture(doc: str, page: int) -> str:
    """The address of a page's picture."""
    return f"documents/{quote(doc, safe='')}/pages/{page}/picture"


def cutout(chunk: Chunk) -> str:
    """The address of a chunk's picture; of a table over pages, of the part that comes first here."""
    doc = f"documents/{quote(chunk.doc, safe='')}"
    if shows_its_page(chunk):
        return f"{doc}/cutouts/{quote(chunk.id, safe='')}"
    return f"{doc}/pages/{chunk.page}/cutout?box={','.join(map(str, box(chunk.bbox)))}"


def names(documents: Documents) -> NameOf:
    """The name of a document by its id; of one that has gone its id."""
    known = {row.id: row.name for row in documents.documents()}
    return lambda doc: known.get(doc, doc)


def unknown(doc: str) -> UnknownDocument:
    """What an address names and is no document. Of an id the beginning is enough, a name is said whole."""
    said = doc[:12] if len(doc) == ID_LENGTH else doc[:LONGEST_SAID]
    return UnknownDocument(
        f"No document has the id {said!r}; addresses name documents by their whole id, list the documents to see it."
    )


def document(row: DocumentRow) -> m.Document:
    """One row of the library."""
    problems = [m.Named(page=p.page, stage=p.stage, message=p.message) for p in row.problems]
    return m.Document(**(row._asdict() | {"problems": problems}))


def page(documents: Documents, doc: str, number: int) -> m.Page:
    """Raises :class:`rag.errors.UnknownDocument`."""
    row = documents.document(doc)
    if row is None:
        raise unknown(doc)
    shown = documents.page(doc, number)
    chunks = documents.passages(doc, number)
    return m.Page(
        document=doc,
        name=row.name,
        page=number,
        pages=row.pages,
        label=shown.label,
        width=shown.width,
        height=shown.height,
        passages=[_passage(chunk, number) for chunk in chunks],
        picture=page_picture(doc, number),
    )


def found(result: SearchResult, name: NameOf) -> m.Found:
    """The hits of a search."""
    hits = []
    for hit in result.hits:
        chunk = hit.chunk
        also = [m.Elsewhere(document=s.doc, page=s.page, bbox=box(s.bbox)) for s in hit.also]
        hits.append(
            m.Hit(
                document=chunk.doc,
                name=name(chunk.doc),
                page=chunk.page,
                kind=chunk.kind,
                bbox=box(hit.bbox),
                chunk=chunk.id,
                text=chunk.text,
                caption=chunk.caption,
                heading=chunk.heading,
                score=round(hit.score, 4),
                channels={channel: score.rank for channel, score in hit.channels.items()},
                same_picture=hit.same_picture,
                also=also,
                cutout=cutout(chunk),
                picture=page_picture(chunk.doc, chunk.page),
            )
        )
    return m.Found(hits=hits, notice=result.notice)


def evidence(pieces: Iterable[Evidence]) -> list[m.Evidence]:
    """What an answer may cite."""
    return [
        m.Evidence(
            number=piece.number,
            document=piece.chunk.doc,
            name=piece.doc_name,
            page=piece.chunk.page,
            kind=piece.chunk.kind,
            bbox=box(piece.chunk.bbox),
            chunk=piece.chunk.id,
            text=piece.text,
            caption=piece.chunk.caption,
            also=list(piece.also),
            pictured=piece.pictured,
            time=piece.time,
            cutout=cutout(piece.chunk),
            picture=page_picture(piece.chunk.doc, piece.chunk.page),
        )
        for piece in pieces
    ]


def citations(answer: Answer) -> list[m.Citation]:
    """What an answer cites, in the order of first use."""
    by_number = {piece.number: piece for piece in answer.evidence}
    return [_citation(c, by_number[c.number]) for c in answer.citations if c.number in by_number]


def answer(given: Answer, begun: Begun) -> m.Answer:
    """A whole answer."""
    return m.Answer(
        conversation=begun.conversation,
        answer=begun.answer,
        text=given.text,
        citations=citations(given),
        evidence=evidence(given.evidence),
        refused=given.refused,
        model=given.model,
        seconds=round(given.seconds, 3),
        notice=given.notice,
        understood=given.understood,
        doubts=[m.Doubt(**doubt._asdict()) for doubt in given.doubts],
        sureness=given.sureness,
        failed=given.failed,
    )


def conversation(row: Conversation) -> m.Conversation:
    """One row of the list."""
    return m.Conversation(id=row.id, title=row.title, begun=row.begun, changed=row.changed, turns=row.turns)


def turn(kept: KeptTurn, number: str) -> m.Turn:
    """A kept turn of the conversation with this id."""
    return m.Turn(
        id=kept.id,
        at=kept.at,
        question=kept.question,
        status="stopped" if is_given_up(kept) else kept.status,
        text=kept.text,
        error=kept.error,
        answer=answer(kept.answer, Begun(number, kept.id)) if kept.answer else None,
    )


def _passage(chunk: Chunk, number: int) -> m.Passage:
    region = next(region for region in chunk.regions if region.page == number)
    return m.Passage(
        id=chunk.id,
        kind=chunk.kind,
        text=chunk.text,
        caption=chunk.caption,
        heading=chunk.heading,
        bbox=box(region.bbox),
        cutout=cutout(chunk),
    )


def _citation(cited: Citation, piece: Evidence) -> m.Citation:
    return m.Citation(
        number=cited.number,
        document=cited.doc,
        name=piece.doc_name,
        page=cited.page,
        kind=cited.kind,
        bbox=box(cited.bbox),
        caption=cited.caption,
        quote=cited.quote,
        supported=cited.supported,
        support=cited.support,
        doubt=cited.doubt,
        time=piece.time,
        highlights=[m.Place(page=region.page, bbox=box(region.bbox)) for region in cited.highlights],
        cutout=cutout(piece.chunk),
        picture=page_picture(cited.doc, cited.page),
    )
