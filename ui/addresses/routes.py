"""Our own addresses beside Gradio's: page pictures, cut-outs, what is new, and the headers of every reply.

Gradio's login does not cover addresses that it did not make itself, so these check its access cookie themselves.
Nothing but pictures of indexed documents and the asking browser's own uploads is given out.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from ingestion.elements import BBox
from rag.answering.evidence.excerpts import PARTS, Part, cut_part
from rag.errors import StoreError, UnknownConversation, UnknownDocument
from rag.export.formats import File
from rag.monitoring.stages import count
from rag.service.callers import Caller, asking
from rag.service.library import BadBox
from rag.service.uploads import UploadQueues
from ui.addresses import queue_routes, settings_routes
from ui.addresses.programs import Programs
from ui.addresses.reader_routes import reader_routes
from ui.page.opening import Opening
from ui.people.access import Access, user_of, wanted_by
from ui.people.accounts import ADDRESS
from ui.people.browsers import key_of, new_cookie, owner_of
from ui.shown import payload
from ui.shown.payload import PREFIX
from ui.state.backend import Library
from ui.words.export_words import export_words
from ui.words.language import speak, told, tr

POLICY = (
    "default-src 'self'; img-src 'self' data: blob:; style-src 'self' 'unsafe-inline'; "
    "script-src 'self' 'unsafe-inline' 'unsafe-eval'; font-src 'self' data:; connect-src 'self'; object-src 'none'; "
    "base-uri 'self'; form-action 'self'; frame-ancestors 'self'"
)
"""Gradio 6.31 runs fully under this; ``unsafe-eval`` is for its HTML component's scripts."""

HEADERS = {
    b"content-security-policy": POLICY.encode(),
    b"x-content-type-options": b"nosniff",
    b"referrer-policy": b"same-origin",
}
CACHED = "private, no-cache"  # kept, and asked about each time: a document that is read again gets new pictures
TYPES = {"html": "text/html; charset=utf-8", "pdf": "application/pdf", "zip": "application/zip"}
LIVE = {"cache-control": "no-store"}
JPEG = b"\xff\xd8\xff"  # how its files begin
BOX = re.compile(r"(\d{1,5}\.\d),(\d{1,5}\.\d),(\d{1,5}\.\d),(\d{1,5}\.\d)")
PART = re.compile(r"\d{1,4}(?:,\d{1,4}){3}(?:;\d{1,4}(?:,\d{1,4}){3}){0,8}")

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Headers = dict[str, str]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]


class SafeHeaders:
    """Adds :data:`HEADERS` to every reply, and notes who asks, what they may see by that, and in which language; plain
    ASGI, so that what is streamed stays a stream."""

    def __init__(
        self, app: Callable[[Scope, Receive, Send], Awaitable[None]], access: Access, language: str = "auto"
    ) -> None:
        self.app, self.access, self.language = app, access, language

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request (ASGI), with the headers that keep pages from being framed or guessed at."""

        async def sending(message: MutableMapping[str, Any]) -> None:
            if message["type"] == "http.response.start":
                kept = [(k, v) for k, v in message.get("headers", []) if k.lower() not in HEADERS]
                message = {**message, "headers": [*kept, *HEADERS.items(), *cookie]}
            await send(message)

        opening = scope["type"] == "http" and scope["method"] == "GET" and _is_page(scope)
        wanted = new_cookie(Request(scope).cookies) if opening and self.access.demo is None else ""
        cookie = [(b"set-cookie", wanted.encode())] if wanted else []

        if scope["type"] in ("http", "websocket"):
            self.access.prepare(scope)
        ADDRESS.set((scope.get("client") or ("",))[0])
        answering: Send = sending if scope["type"] == "http" else send
        caller = None
        if scope["type"] == "http":
            code = wanted_by(Request(scope), self.language)
            speak(code)
            answering = Opening(sending, code).send if opening else sending
            caller = self.access.caller(Request(scope))
        with asking(caller):
            await self.app(scope, receive, answering)


def _is_page(scope: Scope) -> bool:
    """Whether the page itself is asked for, also below the path of a proxy."""
    path = str(scope["path"])
    return path.removeprefix(str(scope.get("root_path", ""))) in ("", "/")


def signed_in(request: Request) -> bool:
    """Whether Gradio's login, where there is one, was passed."""
    return request.app.auth is None or user_of(request) is not None


def person_of(request: Request, access: Access) -> Caller | None:
    """Who has signed in on the page, or where nobody needs to, whose browser it is; None of anybody else."""
    caller = access.caller(request)
    return caller if caller is not None and caller.owner else None


def media_type(picture: bytes) -> str:
    """What a kept picture is: JPEG, or WebP as documents read before 0.4 have."""
    return "image/jpeg" if picture.startswith(JPEG) else "image/webp"


def app_options(
    library: Library, queues: UploadQueues, programs: Programs | None = None, access: Access | None = None
) -> dict[str, Any]:
    """Options for the server that ``Blocks.launch`` makes: our routes come first, our headers go on everything."""
    allowed = access or Access()

    async def page(request: Request) -> Response:
        number = request.path_params["number"]

        def make(headers: Headers) -> Response:
            return FileResponse(library.page_picture(_doc(request), number), headers=headers)

        return await _respond(request, lambda: _unless_known(request, library, make))

    async def cutout(request: Request) -> Response:
        chunk = request.path_params["chunk"]

        def make(headers: Headers) -> Response:
            picture = _part(request, _cutout(request, library, chunk))
            return Response(picture, media_type=media_type(picture), headers=headers)

        return await _respond(request, lambda: _unless_known(request, library, make))

    async def news(request: Request) -> Response:
        key = key_of(request.cookies, user_of(request))
        queue = queues.known(key)
        items = (queue.items() if queue else ()) if key else None

        def make() -> Response:
            mine = library.conversations.revision(_owner(request))
            ready = library.readiness.news()
            shown = payload.revision(library.listed(), library.collections())
            return JSONResponse(payload.news(items, shown, mine, ready), headers=LIVE)

        return await _respond(request, make)

    async def kept(request: Request) -> Response:
        turn, name = str(request.path_params["turn"]), str(request.path_params["name"])

        def make() -> Response:
            shown = library.conversations.picture(_owner(request), turn, name)
            picture = _part(request, shown.data)
            kind = shown.type if picture is shown.data else media_type(picture)
            return Response(picture, media_type=kind, headers={"cache-control": CACHED})

        return await _respond(request, make)

    async def evidence(request: Request) -> Response:
        turn, number = str(request.path_params["turn"]), int(request.path_params["number"])

        def make() -> Response:
            exchange = library.conversations.exchange_at(_owner(request), turn, number)
            return Response(payload.turn(exchange, library), media_type="application/json", headers=LIVE)

        return await _respond(request, make)

    async def clicked(request: Request) -> Response:
        def make() -> Response:
            count("citation_clicks")
            return Response(status_code=204, headers=LIVE)

        return await _respond(request, make)

    return {
        "routes": [
            *_export_routes(library),
            Route(f"/{PREFIX}/clicked", clicked, methods=["POST"]),
            Route(f"/{PREFIX}/news", news),
            Route(f"/{PREFIX}/page/{{doc}}/{{number:int}}", page),
            Route(f"/{PREFIX}/cutout/{{doc}}/{{chunk}}", cutout),
            Route(f"/{PREFIX}/kept/{{turn}}/{{name}}", kept),
            Route(f"/{PREFIX}/evidence/{{turn}}/{{number:int}}", evidence),
            *reader_routes(library, _respond),
            *(programs.routes(lambda request: person_of(request, allowed)) if programs else ()),
            *settings_routes.routes(library, allowed),
            *queue_routes.routes(library, allowed),
        ],
        "middleware": [Middleware(SafeHeaders, access=allowed, language=library.settings.language)],
        "docs_url": None,
        "redoc_url": None,
        "openapi_url": None,
    }


def _cutout(request: Request, library: Library, chunk: str) -> bytes:
    """A chunk's picture, of a page where one is named; with a box in points that box of the page."""
    asked, box = request.query_params.get("page", ""), BOX.fullmatch(request.query_params.get("box", ""))
    page = int(asked) if asked.isdecimal() and len(asked) < 7 else 0
    if box is not None:
        return library.cut(_doc(request), page, BBox(*map(float, box.groups())))
    return library.cutout(_doc(request), chunk, page)


def _part(request: Request, picture: bytes) -> bytes:
    """A picture, or the part of it that is asked for, as :func:`ui.shown.payload.excerpt_url` does."""
    asked = PART.fullmatch(request.query_params.get("part", ""))
    if asked is None:
        return picture
    part, *marks = (_places(one) for one in asked[0].split(";"))
    return cut_part(picture, part, tuple(marks))


def _places(text: str) -> Part:
    left, top, right, bottom = (min(PARTS, int(number)) for number in text.split(","))
    return left, top, right, bottom


def _export_routes(library: Library) -> list[Route]:
    """Conversations and single answers as files, for whom they belong to."""

    async def conversation(request: Request) -> Response:
        number, ending = str(request.path_params["conversation"]), str(request.path_params["ending"])

        def make() -> Response:
            return _file(library.conversations.exported(_owner(request), number, ending, export_words()), ending)

        return await _respond(request, make)

    async def answer(request: Request) -> Response:
        turn, ending = str(request.path_params["turn"]), str(request.path_params["ending"])

        def make() -> Response:
            return _file(library.conversations.exported_answer(_owner(request), turn, ending, export_words()), ending)

        return await _respond(request, make)

    return [
        Route(f"/{PREFIX}/export/{{conversation}}/{{ending}}", conversation),
        Route(f"/{PREFIX}/answer/{{turn}}/{{ending}}", answer),
    ]


def _file(file: File, ending: str) -> Response:
    return Response(file.data, media_type=TYPES[ending], headers=LIVE | {"content-disposition": file.disposition})


def _owner(request: Request) -> str:
    return owner_of(request.cookies, user_of(request))


def _doc(request: Request) -> str:
    return str(request.path_params["doc"])


def _unless_known(request: Request, library: Library, make: Callable[[Headers], Response]) -> Response:
    """What ``make`` gives, or that the picture which the browser has is still the right one."""
    from rag.api.conditional import has_it  # the page starts without the API

    headers = {"cache-control": CACHED, "etag": f'"{library.mark(_doc(request))}"'}
    if has_it(request.headers.get("if-none-match"), headers["etag"]):
        return Response(status_code=304, headers=headers)
    return make(headers)


async def _respond(request: Request, make: Callable[[], Response]) -> Response:
    if not signed_in(request):
        return PlainTextResponse(tr("Sign in first."), status_code=401)
    try:
        return await run_in_threadpool(make)
    except (UnknownDocument, UnknownConversation, BadBox, StoreError, FileNotFoundError) as exc:
        known = isinstance(exc, UnknownDocument | UnknownConversation)
        text = told(str(exc)) if known else tr("That picture is not in the index.")
        return PlainTextResponse(text, status_code=404)
