"""Addresses of pages: what stands on one, its picture, and what is cut out of it."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from fastapi import Path as PathParam

from ingestion.elements import BBox
from rag.api import models as m
from rag.api import views
from rag.api.conditional import has_it
from rag.api.files import WholeFile
from rag.api.problems import Refused
from rag.api.service import Service

CACHED = "private, no-cache"  # kept, and asked about each time: a document that is read again gets new pictures
JPEG = b"\xff\xd8\xff"  # how its files begin

Doc = Annotated[str, PathParam(max_length=64, description="a document's id")]
Number = Annotated[int, PathParam(ge=1, le=1_000_000, description="a page, counted from 1")]


def router(service: Service) -> APIRouter:
    """All of them."""
    routes = APIRouter(tags=["documents"])
    documents = service.documents

    @routes.get("/documents/{doc}/pages/{page}", summary="What stands on a page")
    def page(doc: Doc, page: Number) -> m.Page:
        return views.page(documents, doc, page)

    @routes.get("/documents/{doc}/pages/{page}/picture", response_class=WholeFile, summary="The picture of a page")
    def picture(request: Request, doc: Doc, page: Number) -> Response:
        headers = {"cache-control": CACHED, "etag": f'"{documents.mark(doc)}"'}
        if has_it(request.headers.get("if-none-match"), headers["etag"]):
            return Response(status_code=304, headers=headers)
        path = documents.page_picture(doc, page)
        if not path.is_file():
            raise Refused(
                404, "no-picture", f"The picture of page {page} is not in the index any more; add the file again."
            )
        return WholeFile(path, headers=headers)

    @routes.get("/documents/{doc}/pages/{page}/cutout", response_class=Response, summary="A box cut out of a page")
    def cut(
        doc: Doc,
        page: Number,
        box: Annotated[str, Query(description="left,top,right,bottom in points", examples=["54,120,541,300"])],
    ) -> Response:
        return _picture(documents.cut(doc, page, box_of(box)))

    @routes.get("/documents/{doc}/cutouts/{chunk}", response_class=Response, summary="The picture of a passage")
    def cutout(doc: Doc, chunk: Annotated[str, PathParam(max_length=200)]) -> Response:
        return _picture(documents.cutout(doc, chunk))

    return routes


def box_of(text: str) -> BBox:
    """``left,top,right,bottom`` in points. Raises :class:`Refused`."""
    try:
        left, top, right, bottom = (float(part) for part in text.split(","))
    except ValueError:
        raise Refused(422, "box", f"{text[:80]!r} is no box; give left,top,right,bottom in points.") from None
    return BBox(left, top, right, bottom)


def _picture(data: bytes) -> Response:
    kind = "image/jpeg" if data.startswith(JPEG) else "image/webp"
    return Response(data, media_type=kind, headers={"cache-control": CACHED})
