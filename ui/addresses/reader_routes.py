"""Addresses of the reader and the gallery: a document to read, one of its pages, where words stand, its pictures.

They answer with JSON, to those who may see the library alone; what is asked for is bounded in size.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from ingestion.elements import ChunkKind
from rag.browsing.gallery import KINDS, gallery
from rag.errors import UnknownDocument
from rag.storage.records.catalogue import DocumentRow
from ui.shown import reader_payload
from ui.shown.payload import PREFIX
from ui.state.backend import Library
from ui.words.language import tr

LONGEST_FIND = 200  # characters that are looked for
MOST_PLACES = 500  # of one search in a document
AT_ONCE = 60  # pictures of the gallery in one answer
MOST_START = 1_000_000  # no library has more pictures
HEADERS = {"cache-control": "private, no-cache"}

Respond = Callable[[Request, Callable[[], Response]], Awaitable[Response]]


def reader_routes(library: Library, respond: Respond) -> list[Route]:
    """``respond`` answers who is signed in with what is made, and says of the errors of the index what they are."""
    books = library.books

    async def book(request: Request) -> Response:
        def make() -> Response:
            row = _row(request, library)
            return JSONResponse(reader_payload.book(row, books.open(row.id)), headers=HEADERS)

        return await respond(request, make)

    async def about(request: Request) -> Response:
        def make() -> Response:
            row = _row(request, library)
            return JSONResponse(reader_payload.about(library.extracts().of(row)), headers=HEADERS)

        return await respond(request, make)

    async def page(request: Request) -> Response:
        def make() -> Response:
            parts = books.page(_there(request, library), int(request.path_params["number"]))
            return JSONResponse(reader_payload.page(parts), headers=HEADERS)

        return await respond(request, make)

    async def find(request: Request) -> Response:
        words = request.query_params.get("words", "")[:LONGEST_FIND]

        def make() -> Response:
            doc = _there(request, library)
            places, more = books.find(doc, words, MOST_PLACES)
            return JSONResponse(reader_payload.found(places, books.tops(doc, places), more), headers=HEADERS)

        return await respond(request, make)

    async def pictures(request: Request) -> Response:
        asked = request.query_params
        words, doc, start = asked.get("words", "")[:LONGEST_FIND], asked.get("doc", ""), _number(asked.get("start"))
        kinds: tuple[ChunkKind, ...] = tuple(kind for kind in KINDS if asked.get("kind", kind) == kind)

        def make() -> Response:
            names = {row.id: row.name for row in library.documents()}
            docs = [one for one in names if doc in ("", one)]
            shown = gallery(library.index.catalogue, docs, words, kinds, start, AT_ONCE)
            return JSONResponse(reader_payload.gallery(shown.chunks, names, shown.more), headers=HEADERS)

        return await respond(request, make)

    return [
        Route(f"/{PREFIX}/read/{{doc}}", book),
        Route(f"/{PREFIX}/read/{{doc}}/about", about),
        Route(f"/{PREFIX}/read/{{doc}}/find", find),
        Route(f"/{PREFIX}/read/{{doc}}/{{number:int}}", page),
        Route(f"/{PREFIX}/gallery", pictures),
    ]


def _row(request: Request, library: Library) -> DocumentRow:
    """The document that is asked for. Raises :class:`UnknownDocument`, also of one that who asks may not see."""
    row = library.document(str(request.path_params["doc"]))
    if row is None:
        raise UnknownDocument(tr("That document is no longer in the library."))
    return row


def _there(request: Request, library: Library) -> str:
    return _row(request, library).id


def _number(text: str | None) -> int:
    return min(int(text), MOST_START) if text and text.isascii() and text.isdecimal() and len(text) < 10 else 0
