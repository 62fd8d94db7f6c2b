"""Addresses of the queue's panel (``ui/assets/queue.js``): what waits, is read and has failed; cancelled, tried again.

For admins, where the settings name a queue; to anybody else there is none. Changes are taken from our own page only.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from rag.errors import RagError
from rag.queue.jobs import Job, JobState
from rag.service.queue import WorkQueue
from ui.people.access import Access, from_own_page
from ui.shown.payload import PREFIX
from ui.state.backend import Library
from ui.words.language import told, tr

SHOWN: tuple[JobState, ...] = ("running", "failed", "waiting")
MOST_SHOWN = 20  # of each state: the counts say how many there are
LIVE = {"cache-control": "no-store"}
Json = dict[str, Any]


def routes(library: Library, access: Access) -> list[Route]:
    """The addresses, for the server that ``Blocks.launch`` makes."""
    queue = library.queue
    changes: dict[str, Callable[[int], object]] = {"retry": queue.retry, "cancel": queue.cancel}

    async def shown(request: Request) -> Response:
        if not queue.there or not access.may(request, "admin"):
            return JSONResponse({"there": False}, headers=LIVE)
        return await _replied(lambda: state(queue))

    async def changed(request: Request) -> Response:
        if not queue.there or not access.may(request, "admin"):
            return _refused(tr("The queue is for administrators."), 403)
        if not from_own_page(request):
            return _refused(tr("Settings are changed from the page itself."), 403)
        change = changes.get(str(request.path_params["what"]))
        if change is None:
            return _refused(tr("There is no such action."), 404)

        def make() -> Json:
            change(int(request.path_params["number"]))
            return state(queue)

        return await _replied(make)

    return [
        Route(f"/{PREFIX}/queue", shown),
        Route(f"/{PREFIX}/queue/{{number:int}}/{{what}}", changed, methods=["POST"]),
    ]


def state(queue: WorkQueue) -> Json:
    """The counts by state, and the first jobs of those that are not done."""
    board = queue.board()
    counts = board.counts()
    jobs = [job for name in SHOWN if counts[name] for job in board.listed([name], MOST_SHOWN)]
    return {"there": True, "counts": counts, "jobs": [_job(job) for job in jobs], "workers": board.workers()}


def _job(job: Job) -> Json:
    return {
        "id": job.id,
        "name": job.name,
        "state": job.state,
        "stage": told(job.stage) if job.state == "running" else "",
        "done": job.done,
        "total": job.total,
        "reason": told(job.reason),
    }


async def _replied(make: Callable[[], Json]) -> Response:
    try:
        return JSONResponse(await run_in_threadpool(make), headers=LIVE)
    except RagError as exc:
        return JSONResponse({"there": True, "problem": told(str(exc))}, headers=LIVE)


def _refused(words: str, status: int) -> Response:
    return JSONResponse({"error": words}, status_code=status, headers=LIVE)
