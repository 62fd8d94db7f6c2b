"""Addresses of the queue that workers take files from: what waits, runs, failed; cancelled, tried again. For admins."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query
from fastapi import Path as PathParam

from rag.api import models as m
from rag.api.problems import Refused
from rag.api.service import Service
from rag.queue.jobs import STATES, Job, JobState
from rag.service.queue import WorkQueue

MOST_LISTED = 1000
Number = Annotated[int, PathParam(ge=1, le=2**63 - 1, description="a job's number")]
State = Annotated[list[JobState], Query(description="only jobs in these states")]
Limit = Annotated[int, Query(ge=1, le=MOST_LISTED, description="at most so many jobs")]


def router(service: Service) -> APIRouter:
    """All of them."""
    routes = APIRouter(tags=["documents"])

    def queue() -> WorkQueue:
        if not service.queue.there:
            raise Refused(404, "no-queue", "There is no queue; whoever runs the program sets PAGESIGHT_QUEUE.")
        return service.queue

    @routes.get("/queue", summary="The queue of the workers", description="Needs the role admin.")
    def listed(state: State = list(STATES), limit: Limit = 100) -> m.Queue:  # noqa: B006  read only
        board = queue().board()
        return m.Queue(counts=board.counts(), jobs=[_job(job) for job in board.listed(state, limit)])

    @routes.get("/queue/{number}", summary="How far a job of the queue is", description="Needs the role admin.")
    def one(number: Number) -> m.QueueJob:
        return _job(queue().get(number))

    @routes.delete("/queue/{number}", summary="Cancel a job of the queue", description="Needs the role admin.")
    def cancel(number: Number) -> m.QueueJob:
        return _job(queue().cancel(number))

    @routes.post(
        "/queue/{number}/retry", summary="Have a job that failed tried again", description="Needs the role admin."
    )
    def retry(number: Number) -> m.QueueJob:
        return _job(queue().retry(number))

    return routes


def _job(job: Job) -> m.QueueJob:
    return m.QueueJob(
        id=job.id,
        name=job.name,
        document=job.doc,
        state=job.state,
        stage=job.stage,
        done=job.done,
        total=job.total,
        parts=job.parts,
        priority=job.priority,
        tries=job.tries,
        reason=job.reason,
        due=job.due,
        made=job.made,
        changed=job.changed,
        finished=job.finished,
    )
