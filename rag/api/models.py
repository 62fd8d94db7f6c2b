"""What the API takes and gives, as its description (``/api/openapi.json``) documents it.

A box is [left, top, right, bottom] in points, 1/72 inch, from the top left corner of its page as it is shown. Addresses
of pictures are relative to the API's version, such as ``documents/…/pages/3/picture`` below ``/api/v1/``.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from ingestion.elements import ChunkKind
from rag.queue.jobs import JobState

LONGEST = 4000  # characters of a question, see rag/answering/answer.py; a test holds the two together
MOST_NAMED = 1000  # documents that one question may name
LONGEST_NAME = 500  # characters of a document's name
MOST_HITS = 100

Box = Annotated[list[float], Field(min_length=4, max_length=4, description="[left, top, right, bottom] in points")]


class Strict(BaseModel):
    """What is sent to the API: a field that it does not know is an error, not passed over."""

    model_config = ConfigDict(extra="forbid")


class Named(BaseModel):
    """A problem of one page while a document was read; page 0 stands for the whole document."""

    page: int
    stage: str
    message: str


class Document(BaseModel):
    """A document of the library. ``pages``, ``figures``, ``tables`` and ``chunks`` are counts."""

    id: str = Field(description="SHA-256 of the file's bytes, in hex")
    name: str
    title: str
    pages: int
    figures: int
    tables: int
    chunks: int
    added: str = Field(description="UTC, ISO 8601")
    problems: list[Named]


class Documents(BaseModel):
    """The library, in the order in which documents were added."""

    documents: list[Document]


class Collection(BaseModel):
    """A named set of documents to search within."""

    id: str
    name: str
    documents: list[str] = Field(description="ids")


class Collections(BaseModel):
    """All collections, by name."""

    collections: list[Collection]


class Job(BaseModel):
    """A file on its way into the library."""

    id: str
    name: str
    state: Literal["waiting", "active", "stopping", "added", "present", "failed", "halted", "locked", "cancelled"] = (
        Field(
            description="`added` and `present` (it was there already) are good ends. `locked`: it needs a password, or "
            "another one. `halted`: nothing is wrong with it, but the disk was full or the index busy; send it again"
        )
    )
    finished: bool
    stage: str = Field(description="what is being done: reading, embedding, saving, waiting")
    done: int = Field(description="units of the stage that are done")
    total: int
    message: str = Field(description="why it ended so, in words")
    document: str = Field(description="the id that the document has, or will have")


class Jobs(BaseModel):
    """Files on their way in, and those that came to their end lately; each caller sees their own."""

    jobs: list[Job]


class QueueJob(BaseModel):
    """A file in the queue of the workers."""

    id: int
    name: str
    document: str = Field(description="the id that the document has, or will have")
    state: JobState
    finished: bool = Field(description="whether nothing more is done unless somebody asks for it")
    stage: str = Field(description="what is being done: reading, embedding, saving")
    done: int = Field(description="units of the stage that are done")
    total: int
    parts: int = Field(description="ranges of pages that a long document is read in, 0: as a whole")
    priority: int
    tries: int = Field(description="that failed")
    reason: str = Field(description="of the latest failure")
    due: datetime | None = Field(description="when it is tried again")
    made: datetime
    changed: datetime


class Queue(BaseModel):
    """The queue of the workers: how many jobs are in each state, and those asked for."""

    counts: dict[JobState, int]
    jobs: list[QueueJob]


class Passage(BaseModel):
    """Something understood on a page: a passage, a table, a figure."""

    id: str
    kind: ChunkKind
    text: str
    caption: str
    heading: str
    bbox: Box
    cutout: str = Field(description="address of its picture")


class Page(BaseModel):
    """A page as it was read: what stands on it, in reading order. ``width`` and ``height`` are in points."""

    document: str
    name: str
    page: int
    pages: int = Field(description="how many the document has")
    label: str = Field(description="the number printed on it, empty where there is none")
    width: float
    height: float
    passages: list[Passage]
    picture: str = Field(description="address of the picture of the page")


class Place(BaseModel):
    """A box on a page."""

    page: int
    bbox: Box


class Elsewhere(BaseModel):
    """Another place where the same picture stands."""

    document: str
    page: int
    bbox: Box


class Hit(BaseModel):
    """Something found. ``channels`` say at which rank each way of searching had it."""

    document: str
    name: str
    page: int
    kind: ChunkKind
    bbox: Box
    chunk: str
    text: str
    caption: str
    heading: str
    score: float
    channels: dict[str, int]
    same_picture: bool = Field(description="the picture that was asked with stands here")
    also: list[Elsewhere]
    cutout: str
    picture: str


class Found(BaseModel):
    """Hits, best first. ``notice`` is what one should know of how they came about."""

    hits: list[Hit]
    notice: str


class Evidence(BaseModel):
    """A numbered piece that the answer may cite as [number]."""

    number: int
    document: str
    name: str
    page: int
    kind: ChunkKind
    bbox: Box
    chunk: str
    text: str
    caption: str
    also: list[str]
    pictured: bool
    time: str = Field("", description="of a recording: from when to when the page lasts, like 03:20–04:20")
    cutout: str
    picture: str


class Citation(BaseModel):
    """A marker of the answer, resolved and checked against its evidence."""

    number: int
    document: str
    name: str
    page: int
    kind: ChunkKind
    bbox: Box
    caption: str
    quote: str
    supported: bool
    support: Literal["supported", "weak", "unsupported"]
    doubt: str = Field(description="what was not found in the evidence, empty where it is supported")
    time: str = Field("", description="of a recording: from when to when the page lasts, like 03:20–04:20")
    highlights: list[Place] = Field(description="the lines, or the table's rows, that say what cites it")
    cutout: str
    picture: str


class Doubt(BaseModel):
    """A sentence that states facts and cites nothing."""

    sentence: str
    reason: str
    suggested: int


class Answer(BaseModel):
    """An answer with its evidence. ``conversation`` and ``answer`` are empty where nothing is kept."""

    conversation: str
    answer: str
    text: str
    citations: list[Citation]
    evidence: list[Evidence]
    refused: bool
    model: str = Field(description="`quotes` where no model is configured: the documents are quoted word for word")
    seconds: float
    notice: str
    understood: str = Field(description="what was searched for, where that is not the question as it was asked")
    doubts: list[Doubt]
    sureness: str
    failed: str = Field(
        description="why the configured model gave no answer or half of one, empty where it did not fail; the text "
        "then quotes the documents, after what is kept of the model's words"
    )


class Ask(Strict):
    """A question, and where to look for its answer."""

    question: str = Field(max_length=LONGEST, examples=["Which fuse does the mains module have?"])
    docs: list[Annotated[str, Field(max_length=LONGEST_NAME)]] | None = Field(
        None,
        max_length=MOST_NAMED,
        description="ids or names of the documents to search; leave it out to search all",
    )
    collections: list[Annotated[str, Field(max_length=LONGEST_NAME)]] | None = Field(
        None, max_length=MOST_NAMED, description="names of collections to search; with docs, what is in either"
    )
    kinds: list[ChunkKind] | None = Field(None, min_length=1, max_length=4, description="only evidence of these kinds")
    pages: tuple[int, int] | None = Field(None, description="first and last page, counted from 1", examples=[[1, 20]])
    conversation: str = Field("", max_length=64, description="the id of one to go on with; empty begins a new one")
    keep: bool = Field(True, description="whether question and answer are kept as a conversation")
    stream: bool = Field(False, description="server-sent events instead of one JSON answer")


class Search(Strict):
    """What to look for, and where."""

    question: str = Field(max_length=LONGEST)
    docs: list[Annotated[str, Field(max_length=LONGEST_NAME)]] | None = Field(None, max_length=MOST_NAMED)
    collections: list[Annotated[str, Field(max_length=LONGEST_NAME)]] | None = Field(
        None, max_length=MOST_NAMED, description="names of collections to search; with docs, what is in either"
    )
    kinds: list[ChunkKind] | None = Field(None, min_length=1, max_length=4)
    pages: tuple[int, int] | None = None
    k: int = Field(10, ge=1, le=MOST_HITS, description="hits")


class Conversation(BaseModel):
    """A conversation of the caller. ``begun`` and ``changed`` are UTC (ISO 8601), ``turns`` a count."""

    id: str
    title: str
    begun: str
    changed: str
    turns: int


class Conversations(BaseModel):
    """The caller's, the latest first; ``more``: there are older ones, found by their words."""

    conversations: list[Conversation]
    more: bool


class Turn(BaseModel):
    """A question with what came of it; ``answer`` is null where it was never finished."""

    id: str
    at: str
    question: str
    status: Literal["open", "done", "stopped", "failed"]
    text: str
    error: str
    answer: Answer | None


class Thread(BaseModel):
    """A conversation with all its turns, the first first."""

    conversation: Conversation
    turns: list[Turn]


class Feedback(Strict):
    """A thumb for an answer: up, down, or null to take it back."""

    liked: bool | None


class Health(BaseModel):
    """That the program answers; no more is said to who shows no token."""

    status: Literal["ok"]


class Status(BaseModel):
    """What there is and what answers."""

    version: str
    documents: int
    pages: int
    encoder: str
    answerer: str = Field(description="the answering model, empty where answers are quoted")
    sees_pictures: bool
    jobs: int = Field(description="files of all callers that are on their way in")
    role: Literal["reader", "editor", "admin"] = Field(description="what the caller may do")


class Problem(BaseModel):
    """What went wrong (RFC 9457): ``detail`` names the thing and the remedy."""

    type: str
    title: str
    status: int
    detail: str
    errors: list[str] = Field([], description="of a request that is not as described: each thing that is wrong")
    request: str = Field("", description="its number, also in the header X-Request-ID and in the program's log")
