"""Errors as the API tells them: ``application/problem+json`` (RFC 9457), each naming the thing and the remedy."""

from __future__ import annotations

import errno
import logging
from collections.abc import Mapping, Sequence

from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, Response

from ingestion import errors as reading
from rag import errors
from rag.api.models import Problem
from rag.monitoring import requests
from rag.service.jobs import UnknownJob
from rag.service.library import BadBox
from rag.service.queue import UnknownQueueJob
from rag.service.told import said

MEDIA_TYPE = "application/problem+json"
TYPES = "urn:pagesight:problem:"
BUSY_WAIT = 5  # seconds after which one may ask again where another process writes
FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
log = logging.getLogger(__name__)

STATUS: tuple[tuple[type[Exception], int, str], ...] = (  # the first that fits
    (errors.UnknownDocument, 404, "unknown-document"),
    (errors.UnknownConversation, 404, "unknown-conversation"),
    (errors.AmbiguousDocument, 409, "ambiguous-document"),
    (errors.AmbiguousConversation, 409, "ambiguous-conversation"),
    (UnknownJob, 404, "unknown-job"),
    (UnknownQueueJob, 404, "unknown-job"),
    (errors.QueueError, 503, "queue"),
    (BadBox, 422, "box"),
    (errors.EmptyQuestion, 422, "empty-question"),
    (errors.QuestionTooLong, 422, "question-too-long"),
    (errors.UnknownCollection, 404, "unknown-collection"),
    (errors.EmptyCollection, 422, "empty-collection"),
    (errors.CollectionExists, 409, "collection-exists"),
    (errors.IndexBusy, 503, "index-busy"),
    (errors.DiskFull, 507, "disk-full"),
    (errors.StoreError, 500, "index"),
    (errors.EncoderError, 503, "encoder"),
    (errors.ModelTimeout, 504, "model-timeout"),
    (errors.ModelError, 502, "model"),
    (errors.BadSettings, 500, "settings"),
    (reading.UnreadableImage, 422, "unreadable-picture"),
    (reading.LimitExceeded, 422, "limit-exceeded"),
    (reading.NotAPdf, 415, "unknown-kind-of-file"),
    (reading.IngestionError, 422, "unreadable-file"),
)
TITLES = {
    400: "Bad request", 401: "Not signed in", 403: "Not allowed", 404: "Not there", 405: "Not with this method",
    409: "More than one", 413: "Too large", 415: "A kind of file that is not read", 421: "Wrong address",
    422: "Not as described", 429: "Too often", 500: "An error of the program", 502: "The model failed",
    503: "Not just now", 504: "The model is silent", 507: "The disk is full",
}  # fmt: skip


class Refused(Exception):
    """Something is not done for a caller; ``kind`` names the problem, ``detail`` says why and what to do, ``errors``
    all that is wrong, a line each."""

    def __init__(
        self,
        status: int,
        kind: str,
        detail: str,
        headers: Mapping[str, str] | None = None,
        errors: Sequence[str] = (),
    ) -> None:
        super().__init__(detail)
        self.status, self.kind, self.detail, self.headers = status, kind, detail, dict(headers or {})
        self.errors = list(errors)


NOT_JSON = "is not read as JSON; send it with the header content-type: application/json"
"""What is said of a body."""


def problem_of(exc: Exception) -> tuple[Problem, dict[str, str]]:
    """What is told of an error, and the headers that go with it. An error that nobody foresaw is logged, and named by
    its kind alone: its words may tell of paths and secrets."""
    if isinstance(exc, Refused):
        return _problem(exc.status, exc.kind, exc.detail).model_copy(update={"errors": exc.errors}), exc.headers
    if isinstance(exc, HTTPException):
        if isinstance(exc.__cause__, OSError) and exc.__cause__.errno in FULL:  # while a body was laid aside
            detail = "There is no space left on this machine to take the file; free some, then send it again."
            return _problem(507, "disk-full", detail), {}
        kind, detail = "bad-request", str(exc.detail)
        if exc.status_code == 404:
            kind, detail = (
                "unknown-address",
                "There is nothing at this address; /api/openapi.json lists those there are.",
            )
        return _problem(exc.status_code, kind, detail), dict(exc.headers or {})
    for error, status, kind in STATUS:
        if isinstance(exc, error):
            wait = {"retry-after": str(BUSY_WAIT)} if status == 503 else {}
            return _problem(status, kind, said(exc)), wait
    log.error("answering a request failed", exc_info=exc)
    detail = f"An internal error ({type(exc).__name__}); details are on the console of the program."
    return _problem(500, "internal", detail), {}


def response_of(exc: Exception) -> Response:
    """The reply."""
    problem, headers = problem_of(exc)
    body = problem.model_dump(exclude_defaults=not problem.errors)
    return JSONResponse(body, problem.status, {"cache-control": "no-store", **headers}, MEDIA_TYPE)


def _problem(status: int, kind: str, detail: str) -> Problem:
    title = TITLES.get(status, "Error")
    return Problem(type=TYPES + kind, title=title, status=status, detail=detail, errors=[], request=requests.number())
