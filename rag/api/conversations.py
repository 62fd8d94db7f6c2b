"""Addresses of kept conversations. Each caller sees their own; those of others are not there."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Query, Request, Response

from rag.api import models as m
from rag.api import views
from rag.api.gate import caller_of
from rag.api.service import Service
from rag.service.conversations import LISTED

LONGEST_FIND = 200  # characters that are looked for
TYPES = {"html": "text/html; charset=utf-8", "pdf": "application/pdf", "zip": "application/zip"}


def router(service: Service) -> APIRouter:
    """All of them."""
    routes = APIRouter(tags=["conversations"])
    kept = service.conversations

    @routes.get("/conversations", summary="Conversations, the latest first")
    def listed(
        request: Request,
        find: Annotated[str, Query(max_length=LONGEST_FIND, description="words that they hold")] = "",
        trash: Annotated[bool, Query(description="those that were deleted, kept for 30 days")] = False,
    ) -> m.Conversations:
        rows = kept.listed(caller_of(request).owner, find, trash)
        return m.Conversations(
            conversations=[views.conversation(row) for row in rows[:LISTED]], more=len(rows) > LISTED
        )

    @routes.get("/conversations/{conversation}", summary="One with its turns")
    def one(request: Request, conversation: str) -> m.Thread:
        row, turns = kept.turns(caller_of(request).owner, conversation)
        return m.Thread(conversation=views.conversation(row), turns=[views.turn(turn, row.id) for turn in turns])

    @routes.get(
        "/conversations/{conversation}/export",
        response_class=Response,
        summary="As a file",
        description="With its cut-outs; `zip` holds Markdown and pictures.",
    )
    def export(request: Request, conversation: str, format: Literal["html", "pdf", "zip"] = "html") -> Response:
        file = kept.exported(caller_of(request).owner, conversation, format)
        headers = {"content-disposition": file.disposition, "cache-control": "no-store"}
        return Response(file.data, media_type=TYPES[format], headers=headers)

    @routes.delete("/conversations/{conversation}", status_code=204, summary="Delete it", description=(
        "Into the trash, from which the page can take it back for 30 days; with `for_good` it is gone at once."
    ))  # fmt: skip
    def delete(request: Request, conversation: str, for_good: bool = False) -> Response:
        owner = caller_of(request).owner
        kept.discard(owner, conversation)
        if for_good:
            kept.forget(owner, conversation)
        return Response(status_code=204)

    return routes
