"""Addresses of questions: search, ask, vote."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated, Any

from fastapi import APIRouter, File, Form, Request, Response, UploadFile
from fastapi import Query as QueryParam
from starlette.responses import StreamingResponse

from ingestion.elements import ChunkKind
from rag.api import models as m
from rag.api import views
from rag.api.gate import STILL, caller_of
from rag.api.limits import MOST_PICTURE
from rag.api.problems import Refused
from rag.api.service import Service
from rag.api.streams import Answers
from rag.service.asking import Question, query_of
from rag.storage.records.conversation_values import ASKED

LIVE = {"cache-control": "no-store", "x-accel-buffering": "no"}  # the last: nginx passes each event on at once

Words = Annotated[str, Form(max_length=m.LONGEST)]
Docs = Annotated[list[str] | None, Form(max_length=m.MOST_NAMED, description="ids or names, repeatable")]
Sets = Annotated[list[str] | None, Form(max_length=m.MOST_NAMED, description="names of collections, repeatable")]
Kinds = Annotated[list[ChunkKind] | None, Form()]
First = Annotated[int, Form(ge=1, description="first page")]
Last = Annotated[int, Form(ge=1, description="last page")]
Picture = Annotated[UploadFile, File(description="PNG, JPEG or WebP, such as a screenshot, up to 25 MB")]
LAST = 1_000_000
STREAM: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The answer; with `stream` true server-sent events: begun, evidence, thinking, text, citations, "
        "done, error. See rag/api/streams.py for what each holds.",
        "content": {"text/event-stream": {}},
    }
}


def router(service: Service, answers: Answers) -> APIRouter:
    """All of them."""
    routes = APIRouter(tags=["questions"])

    def searched(question: Question, k: int) -> m.Found:
        query = query_of(service.documents, question)
        return views.found(service.documents.search(query, k), views.names(service.documents))

    async def asked(request: Request, question: Question, stream: bool) -> m.Answer | StreamingResponse:
        events = await answers.checked(lambda: service.asking.ask(caller_of(request).owner, question))
        if stream:
            return StreamingResponse(
                answers.streamed(events, request.scope[STILL]), media_type="text/event-stream", headers=LIVE
            )
        return await answers.whole(events)

    @routes.get("/search", summary="Search by words")
    def search(
        q: Annotated[str, QueryParam(max_length=m.LONGEST)],
        doc: Annotated[
            list[str] | None, QueryParam(max_length=m.MOST_NAMED, description="id or name, repeatable")
        ] = None,
        collection: Annotated[
            list[str] | None, QueryParam(max_length=m.MOST_NAMED, description="name, repeatable")
        ] = None,
        kind: Annotated[list[ChunkKind] | None, QueryParam()] = None,
        first: Annotated[int, QueryParam(ge=1)] = 1,
        last: Annotated[int, QueryParam(ge=1)] = LAST,
        k: Annotated[int, QueryParam(ge=1, le=m.MOST_HITS)] = 10,
    ) -> m.Found:
        return searched(Question(q, doc, kind, _range(first, last), collections=collection), k)

    @routes.post("/search", summary="Search by words")
    def search_for(body: m.Search) -> m.Found:
        question = Question(body.question, body.docs, body.kinds, _pages(body.pages), collections=body.collections)
        return searched(question, body.k)

    @routes.post("/search/picture", summary="Search with a picture")
    def search_picture(
        picture: Picture,
        question: Words = "",
        docs: Docs = None,
        collections: Sets = None,
        kinds: Kinds = None,
        first: First = 1,
        last: Last = LAST,
        k: Annotated[int, Form(ge=1, le=m.MOST_HITS)] = 10,
    ) -> m.Found:
        data, name = _bytes(picture), picture.filename or ""
        where = _range(first, last)
        return searched(Question(question, docs, kinds, where, data, name, collections=collections), k)

    @routes.post("/ask", summary="Ask", response_model=m.Answer, responses=STREAM)
    async def ask(request: Request, body: m.Ask) -> m.Answer | StreamingResponse:
        pages, talk = _pages(body.pages), body.conversation
        question = Question(body.question, body.docs, body.kinds, pages, conversation=talk, keep=body.keep)
        return await asked(request, replace(question, collections=body.collections), body.stream)

    @routes.post("/ask/picture", summary="Ask about a picture", response_model=m.Answer, responses=STREAM)
    async def ask_picture(
        request: Request,
        picture: Picture,
        question: Words = "",
        docs: Docs = None,
        collections: Sets = None,
        kinds: Kinds = None,
        first: First = 1,
        last: Last = LAST,
        conversation: Annotated[str, Form(max_length=64)] = "",
        keep: Annotated[bool, Form()] = True,
        stream: Annotated[bool, Form()] = False,
    ) -> m.Answer | StreamingResponse:
        data, name = _bytes(picture), picture.filename or ""
        where = _range(first, last)
        about = Question(question, docs, kinds, where, data, name, conversation, keep, collections)
        return await asked(request, about, stream)

    @routes.put("/answers/{answer}/feedback", status_code=204, summary="Vote for an answer")
    def vote(request: Request, answer: str, body: m.Feedback) -> Response:
        owner, kept = caller_of(request).owner, service.conversations
        turn = kept.turn(owner, answer)
        if turn.answer is None:
            raise Refused(
                409, "unfinished", "That answer was never finished, so there is nothing to vote for; ask again."
            )
        shown = kept.picture(owner, answer, ASKED).data if ASKED in turn.pictures else None
        question = turn.understood or turn.question
        service.documents.vote(turn.id, body.liked, question, turn.answer, turn.docs, shown)
        return Response(status_code=204)

    return routes


def _pages(pages: tuple[int, int] | None) -> tuple[int, int] | None:
    return None if pages is None else _range(*pages)


def _range(first: int, last: int) -> tuple[int, int] | None:
    if not 1 <= first <= last:
        raise Refused(422, "pages", f"Pages {first} to {last} are no range; give the first and the last, from 1.")
    return None if (first, last) == (1, LAST) else (first, last)


def _bytes(picture: UploadFile) -> bytes:
    data = picture.file.read(MOST_PICTURE)
    if not data:
        raise Refused(422, "unreadable-picture", "The picture is empty; send a PNG, JPEG or WebP file.")
    return data
