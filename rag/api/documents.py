"""Addresses of documents: listed, added, removed; and of the jobs in which they are added."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, File, Form, Request, Response, UploadFile
from fastapi import Path as PathParam

from ingestion.elements import file_id
from ingestion.formats.detect import format_of
from rag.api import models as m
from rag.api import views
from rag.api.gate import caller_of
from rag.api.problems import Refused
from rag.api.service import Service
from rag.api.uploads import stored
from rag.service.jobs import Job
from rag.service.library import Documents
from rag.storage.records.catalogue import DocumentRow

Doc = Annotated[str, PathParam(max_length=64, description="a document's id")]


def router(service: Service) -> APIRouter:
    """All of them."""
    routes = APIRouter(tags=["documents"])
    documents, jobs = service.documents, service.jobs

    @routes.get("/documents", summary="The library")
    def listed() -> m.Documents:
        return m.Documents(documents=[views.document(row) for row in documents.documents()])

    @routes.post(
        "/documents",
        status_code=202,
        summary="Add a document",
        description="Sends a file. It is read after the reply, as a job to be asked about; needs the role editor.",
    )
    def add(
        request: Request,
        response: Response,
        file: Annotated[list[UploadFile], File(description="one PDF, or anything else that is read, up to 1 GB")],
        password: Annotated[str, Form(max_length=1000, description="of an encrypted PDF")] = "",
    ) -> m.Job:
        if len(file) != 1:
            raise Refused(422, "one-file", f"{len(file)} files were sent at once; send each in a request of its own.")
        path = stored(file[0].file, file[0].filename or "", service.folder)
        try:
            format_of(path)  # what cannot be read at all is refused at once
            doc = file_id(path)
        except BaseException:
            _forget(path)
            raise
        job = jobs.submit(caller_of(request).owner, path, doc, password or None)
        response.headers["location"] = f"{request.scope.get('root_path', '')}/v1/jobs/{job.id}"
        return _job(job)

    @routes.get("/documents/{doc}", summary="One document")
    def one(doc: Doc) -> m.Document:
        return views.document(_known(documents, doc))

    @routes.delete(
        "/documents/{doc}", status_code=204, summary="Remove a document", description="Needs the role editor."
    )
    def remove(doc: Doc) -> Response:
        documents.remove(_known(documents, doc).id)
        return Response(status_code=204)

    @routes.get("/collections", summary="Named sets of documents")
    def sets() -> m.Collections:
        rows = documents.collections()
        return m.Collections(
            collections=[m.Collection(id=row.id, name=row.name, documents=sorted(row.docs)) for row in rows]
        )

    @routes.get("/jobs", summary="Files on their way in")
    def all_jobs(request: Request) -> m.Jobs:
        return m.Jobs(jobs=[_job(job) for job in jobs.listed(caller_of(request).owner)])

    @routes.get("/jobs/{job}", summary="How far a file is")
    def one_job(request: Request, job: str) -> m.Job:
        return _job(jobs.get(caller_of(request).owner, job))

    @routes.delete("/jobs/{job}", summary="Cancel it", description="What is committed already stays.")
    def cancel(request: Request, job: str) -> m.Job:
        return _job(jobs.cancel(caller_of(request).owner, job))

    return routes


def _known(documents: Documents, doc: str) -> DocumentRow:
    row = documents.document(doc)
    if row is None:
        raise views.unknown(doc)
    return row


def _job(job: Job) -> m.Job:
    return m.Job(**job._asdict(), finished=job.finished)


def _forget(path: Path) -> None:
    path.unlink(missing_ok=True)
    path.parent.rmdir()
    path.parent.parent.rmdir()
