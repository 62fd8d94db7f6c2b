"""Addresses that tell of the program itself: that it answers, what there is, what it did."""

from __future__ import annotations

import logging
from importlib.metadata import PackageNotFoundError, version

from fastapi import APIRouter, Request
from starlette.responses import PlainTextResponse

from rag.api import models as m
from rag.api.gate import caller_of
from rag.api.metrics import MEDIA_TYPE, Gauge, Metrics, text_of, text_of_program
from rag.api.service import Service
from rag.api.streams import Answers
from rag.errors import RagError
from rag.monitoring.totals import TOTALS
from rag.queue.jobs import STATES
from rag.service.queue import WorkQueue

log = logging.getLogger(__name__)


def router(service: Service, answers: Answers, metrics: Metrics) -> APIRouter:
    """All of them."""
    routes = APIRouter(tags=["the program"])
    documents = service.documents

    @routes.get("/health", summary="Whether the program answers", description="Needs no token.")
    async def health() -> m.Health:
        return m.Health(status="ok")

    @routes.get("/status", summary="What there is")
    def status(request: Request) -> m.Status:
        rows = documents.documents()
        return m.Status(
            version=program_version(),
            documents=len(rows),
            pages=sum(row.pages for row in rows),
            encoder=documents.encoder(),
            answerer=documents.answerer(),
            sees_pictures=documents.sees_pictures(),
            jobs=service.jobs.running(),
            role=caller_of(request).role,
        )

    @routes.get("/metrics", response_class=PlainTextResponse, summary="Counts, for Prometheus")
    def counts() -> PlainTextResponse:
        rows = documents.documents()
        gauges = (
            Gauge("pagesight_documents", "Documents in the library.", len(rows)),
            Gauge("pagesight_pages", "Pages in the library.", sum(row.pages for row in rows)),
            Gauge("pagesight_jobs", "Files on their way into the library.", service.jobs.running()),
            Gauge("pagesight_answers", "Answers of the API under way or waiting.", answers.running),
        )
        text = metrics.text((*gauges, *queue_gauges(service.queue))) + text_of(documents.measures.now())
        text += text_of_program(TOTALS.now())
        return PlainTextResponse(text, media_type=MEDIA_TYPE)

    return routes


def queue_gauges(queue: WorkQueue) -> tuple[Gauge, ...]:
    """Of the queue of the workers; none where there is none, or it does not answer just now."""
    if not queue.there:
        return ()
    try:
        counts = queue.board().counts()
    except RagError as exc:
        log.warning("the queue is not counted: %s", exc)
        return ()
    return tuple(Gauge(f"pagesight_queue_{state}", f"Jobs of the queue: {state}.", counts[state]) for state in STATES)


def program_version() -> str:
    """As it is installed; of a checkout that is not, nothing is known but that."""
    try:
        return version("pagesight")
    except PackageNotFoundError:
        return "not installed"
