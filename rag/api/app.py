"""The API as one application, to be mounted at ``/api`` of a server."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from fastapi import Depends, FastAPI
from fastapi.exceptions import RequestValidationError
from fastapi.security import HTTPBearer
from starlette.exceptions import HTTPException
from starlette.responses import HTMLResponse

from rag.api import about, conversations, documents, pages, questions, queue
from rag.api.arguments import only_known
from rag.api.gate import Doors, Gate
from rag.api.limits import BodyLimit
from rag.api.methods import Heads
from rag.api.models import Problem
from rag.api.page import page
from rag.api.problems import MEDIA_TYPE, STATUS, Refused
from rag.api.service import Service
from rag.api.streams import Answers
from rag.api.wrong_requests import handle
from rag.service.asking import Asking
from rag.service.conversations import KeptConversations
from rag.service.jobs import Jobs
from rag.service.library import Documents
from rag.service.queue import WorkQueue

if TYPE_CHECKING:
    from rag.api.limits import App

DESCRIPTION = """Add documents, search them, ask them, and get each answer with its evidence: page, box and cut-out.

Errors are `application/problem+json`; their `detail` names the thing and the remedy. Boxes are [left, top, right,
bottom] in points from the top left corner of a page. Addresses of pictures are relative to `/api/v1/`."""
TOKENS = (
    "A token of `python -m rag token add NAME`. Not needed for `/v1/health`, nor on one's own machine where nobody "
    "signs in."
)
TAGS = [
    {"name": "documents", "description": "What is in the library, and what stands on its pages"},
    {"name": "questions", "description": "Search and answers"},
    {"name": "conversations", "description": "Questions and answers that are kept, each caller's own"},
    {"name": "the program", "description": "Health, status, metrics"},
]


class Api:
    """The application, and what has to be let go of at the end."""

    def __init__(self, documents_: Documents, kept: KeptConversations, jobs: Jobs, shared: Doors) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="pagesight-api-", ignore_cleanup_errors=True)
        asking = Asking(documents_, kept)
        self.service = Service(documents_, kept, asking, jobs, WorkQueue(documents_.settings), Path(self._folder.name))
        self.answers, self.metrics = Answers(), shared.metrics
        self.app: App = Gate(BodyLimit(Heads(self._application())), shared)

    def stop(self) -> None:
        """At the end of the program."""
        self.answers.stop()
        self.service.queue.close()
        self._folder.cleanup()

    def _application(self) -> FastAPI:
        told = {"model": Problem, "description": "A problem", "content": {MEDIA_TYPE: {}}}
        app = FastAPI(
            title="PageSight",
            version="1",
            description=DESCRIPTION,
            openapi_tags=TAGS,
            docs_url=None,  # its pages load scripts from elsewhere
            redoc_url=None,
            responses={"default": told},
            dependencies=[
                Depends(HTTPBearer(auto_error=False, description=TOKENS)),  # for the description alone
                Depends(only_known),
            ],
        )
        for routes in (
            documents.router(self.service),
            queue.router(self.service),
            pages.router(self.service),
            questions.router(self.service, self.answers),
            conversations.router(self.service),
            about.router(self.service, self.answers, self.metrics),
        ):
            app.include_router(routes, prefix="/v1")
        app.add_api_route(
            "/", lambda: HTMLResponse(page(app.openapi())), include_in_schema=False, response_class=HTMLResponse
        )
        for error in (RequestValidationError, HTTPException, Refused, *(kind for kind, _, _ in STATUS), Exception):
            app.add_exception_handler(error, handle)
        return app
