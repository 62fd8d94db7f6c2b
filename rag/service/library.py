"""The documents of one index, as all who use PageSight share them: read, added, removed, asked, voted on.

Everything here may be called by several people at once; only one of them writes at a time. All that tells of documents
leaves out those that who asks may not see (:mod:`rag.service.rights`), and does as if they were not there. What is in
:attr:`Documents.index` is not looked at in that way: who answers requests asks the methods here.
"""

from __future__ import annotations

import io
import math
import threading
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from ingestion.elements import BBox, Chunk, Page, file_id
from ingestion.formats.images import open_image
from ingestion.geometry import pad, to_pixels
from rag.config import Settings
from rag.errors import CollectionExists, IndexBusy, RagError, UnknownDocument
from rag.index import Added, Index
from rag.llm.base import VisionLLM
from rag.service.measures import Measures
from rag.service.rights import Rights
from rag.service.side_by_side import SideBySide
from rag.service.told import said_of
from rag.service.uploads import UploadState
from rag.storage import trash
from rag.storage.records import collections, feedback
from rag.storage.records.catalogue import DocumentRow
from rag.storage.records.collections import Collection, Right
from rag.storage.records.feedback import Cited, Vote
from rag.types import Answer, Progress, Query, ReportProgress, SearchResult, Turn

if TYPE_CHECKING:
    from rag.answering.answer import Event

CUTOUT_MARGIN = 6.0  # points around a passage: its box is tight around the letters
SMALLEST_BOX = 1.0  # point of width and height
CUTOUTS_KEPT = 256  # encoded cut-outs held in memory, about 20 kB each
REMOVE_WAIT = 3.0  # seconds a removal waits for an upload that is saving
WAITING = Progress("", "waiting", 0, 0)  # reported while another person's upload is being written
NOT_TAKEN = "cannot be added by you; ask an administrator of this library"


class BadBox(RagError):
    """A box that holds nothing of its page."""


def within(box: BBox, width: float, height: float) -> BBox:
    """A box as far as it lies on a page of this size, in points. Raises :class:`BadBox`."""
    inside = BBox(max(0.0, box.x0), max(0.0, box.y0), min(width, box.x1), min(height, box.y1))
    right = all(math.isfinite(value) for value in box)
    if not right or min(inside.x1 - inside.x0, inside.y1 - inside.y0) < SMALLEST_BOX:
        shown = ", ".join(f"{value:g}" for value in box)
        raise BadBox(
            f"The box {shown} holds nothing of the page, which is {width:g} × {height:g} points large; give left, top, "
            "right and bottom in points from its top left corner"
        )
    return inside


class Removed(NamedTuple):
    """A removed document that can be taken back: ``at`` is UTC (ISO 8601), ``size`` its bytes on the disk."""

    id: str
    name: str
    at: str
    size: int


class Documents:
    """The indexed documents of one folder, shared by everyone who uses them."""

    def __init__(self, index: Index, llm: VisionLLM | None, settings: Settings) -> None:
        self.index = index
        self.llm = llm
        self.settings = settings
        self.measures = Measures()
        self.beside = SideBySide(index, settings)
        self.rights = Rights(index.catalogue)
        self._writing = threading.Lock()
        self._cutout = lru_cache(maxsize=CUTOUTS_KEPT)(self._cut)

    # -- documents ---------------------------------------------------------------------------------------------------

    def documents(self) -> list[DocumentRow]:
        """All documents, in the order of the list."""
        return list(self.listed())

    def listed(self) -> tuple[DocumentRow, ...]:
        """As :meth:`documents`, for those who only look: read from the disk once for all until the index changes."""
        return self.rights.visible(self.index.catalogue.listed())

    def ids(self) -> tuple[str, ...]:
        """The documents' ids, without anything else of them."""
        return tuple(row.id for row in self.listed())

    def document(self, doc: str) -> DocumentRow | None:
        """One document; None where it is not in the library any more."""
        if doc in self.rights.hidden():
            return None
        try:
            return self.index.catalogue.document(doc)
        except UnknownDocument:
            return None

    def find(self, name: str) -> DocumentRow:
        """By full name, name without its extension, id, or the first characters of an id; see
        :meth:`rag.storage.records.catalogue.Catalogue.find`."""
        return self.index.catalogue.find(name, self.rights.hidden())

    def mark(self, doc: str) -> str:
        """Of a document's pictures: another one when it was read again. Raises :class:`rag.errors.UnknownDocument`."""
        if doc in self.rights.hidden() or not self.index.catalogue.has(doc):
            raise UnknownDocument(f"Document {doc[:12]!r} is not in the library.")
        return self.index.files.mark(doc)

    def passages(self, doc: str, page: int) -> list[Chunk]:
        """What was understood on a page, in reading order, without the page as a whole; none of a document that is not
        there."""
        if self.document(doc) is None:
            return []
        return [chunk for chunk in self.index.catalogue.chunks_of(doc, page) if chunk.kind != "page"]

    def passage(self, doc: str, chunk: str) -> Chunk:
        """Raises :class:`rag.errors.UnknownDocument` where the document has no such passage, or is not there."""
        found = self.index.catalogue.chunks([chunk]).get(chunk)
        if found is None or found.doc != doc or self.document(doc) is None:
            raise UnknownDocument(f"There is no such passage in document {doc[:12]!r}.")
        return found

    # -- collections -------------------------------------------------------------------------------------------------

    def collections(self) -> list[Collection]:
        """Those that who asks may see, by name."""
        return self.rights.collections()

    def documents_in(self, names: Sequence[str]) -> frozenset[str]:
        """The ids of the documents in any of these; see :func:`rag.storage.records.collections.documents_of`."""
        return collections.documents_of(self.index.catalogue, names, self.collections())

    def create_collection(self, name: str, docs: Sequence[str]) -> Collection:
        """A new one with these documents. Raises :class:`rag.errors.StoreError`."""
        try:
            made = collections.create(self.index.catalogue, name)
        except CollectionExists as exc:
            if any(one.name == name for one in self.collections()) or not self.rights.restricts():
                raise
            raise CollectionExists("A collection cannot have that name; choose another one") from exc
        collections.put(self.index.catalogue, made.id, [doc for doc in docs if doc not in self.rights.hidden()])
        return made

    def rename_collection(self, number: str, name: str) -> None:
        """Raises :class:`rag.errors.StoreError`."""
        try:
            collections.rename(self.index.catalogue, self.rights.collection(number).id, name)
        except CollectionExists as exc:
            if any(one.name == name for one in self.collections()) or not self.rights.restricts():
                raise
            raise CollectionExists("A collection cannot have that name; choose another one") from exc

    def delete_collection(self, number: str) -> None:
        """Raises :class:`rag.errors.StoreError`, :class:`rag.errors.CollectionRestricted`."""
        found = self.rights.collection(number)
        self.rights.check_shown(found)
        collections.delete(self.index.catalogue, found.id)

    def put_into_collection(self, number: str, docs: Sequence[str]) -> None:
        """Raises :class:`rag.errors.StoreError`, :class:`rag.errors.CollectionRestricted`."""
        found = self.rights.collection(number)
        seen = [doc for doc in docs if doc not in self.rights.hidden()]
        self.rights.check_put(seen, found)
        collections.put(self.index.catalogue, found.id, seen)

    def take_out_of_collection(self, number: str, docs: Sequence[str]) -> None:
        """Raises :class:`rag.errors.StoreError`, :class:`rag.errors.CollectionRestricted`."""
        found = self.rights.collection(number)
        self.rights.check_shown(found)
        collections.take_out(self.index.catalogue, found.id, docs)

    def set_rights(self, number: str, rights: Iterable[Right] | None) -> None:
        """Admins and these may see a collection; with None everybody. For admins to call. Raises
        :class:`rag.errors.StoreError`."""
        found = self.rights.collection(number)
        if rights is None:
            collections.unrestrict(self.index.catalogue, found.id)
        else:
            collections.restrict(self.index.catalogue, found.id, rights)

    # -- adding and removing -----------------------------------------------------------------------------------------

    def add_file(self, path: Path, password: str | None, report: ReportProgress) -> Added:
        """Index one file, after those that others are adding. Raises what ``report`` raises, and the index's errors."""
        while not self._writing.acquire(timeout=0.3):
            report(WAITING)
        try:
            return self.index.add([path], password=password, progress=report)[0]
        finally:
            self._writing.release()

    def add(self, path: Path, password: str | None, report: ReportProgress) -> tuple[UploadState, str]:
        """:meth:`add_file` as a queue of uploads takes it: what became of it, and why in words.

        A file whose document who adds it may not see is left alone; that much they hear, and no more.
        """
        if self.rights.restricts() and file_id(path) in self.rights.hidden():
            return "failed", NOT_TAKEN
        added = self.add_file(path, password, report)
        if added.status == "failed":
            state: UploadState = "locked" if added.locked else "halted" if added.again else "failed"
            return state, said_of(added.error, added.cause)
        return ("present", "is already there") if added.status == "present" else ("added", "")

    def remove(self, doc: str) -> DocumentRow:
        """Remove a document. Raises :class:`rag.errors.UnknownDocument` or :class:`rag.errors.IndexBusy`."""
        if self.document(doc) is None:
            raise UnknownDocument("That document is no longer in the library; the list has been refreshed.")
        if not self._writing.acquire(timeout=REMOVE_WAIT):
            raise IndexBusy("A document is being added just now; remove this one when that is done.")
        try:
            return self.index.remove(doc)
        finally:
            self._writing.release()

    # -- removed documents -------------------------------------------------------------------------------------------

    def removed(self) -> list[Removed]:
        """What can be taken back, the latest first."""
        hidden = self.rights.hidden()
        rows = [row for row in trash.listed(self.index) if row.id not in hidden]
        return [Removed(row.id, row.name, row.removed, trash.size(self.index, row.id)) for row in rows]

    def restore(self, doc: str) -> DocumentRow:
        """Take a removed document back. Raises :class:`rag.errors.UnknownDocument` or :class:`rag.errors.IndexBusy`."""
        if doc in self.rights.hidden():
            raise UnknownDocument(f"No document called {doc[:12]!r} in the trash")
        if not self._writing.acquire(timeout=REMOVE_WAIT):
            raise IndexBusy("A document is being added just now; take this one back when that is done.")
        try:
            return self.index.restore(doc)
        finally:
            self._writing.release()

    def empty_trash(self, docs: Sequence[str] | None = None) -> list[str]:
        """Delete removed documents for good, all or these; the names of what was deleted."""
        hidden = self.rights.hidden()
        if hidden:
            docs = [row.id for row in trash.listed(self.index)] if docs is None else docs
            docs = [doc for doc in docs if doc not in hidden]
        return [row.name for row in self.index.empty_trash(docs)]

    # -- models ------------------------------------------------------------------------------------------------------

    def encoder(self) -> str:
        """The name of the encoder that the index was built with; it need not be open for this."""
        return self.index.generation.name

    def encoder_reason(self) -> str:
        """Why this encoder, in one line. Opens it; raises what :attr:`rag.index.Index.encoder` raises."""
        return "; ".join(self.index.encoder.reason.splitlines())

    def answerer(self) -> str:
        """The answering model's name, empty where answers are quoted."""
        return self.llm.name if self.llm else ""

    def sees_pictures(self) -> bool:
        """Whether the answering model, if there is one, is shown a question's picture."""
        return self.llm is not None and self.llm.sees_pictures()

    def use_model(self, llm: VisionLLM | None, settings: Settings) -> None:
        """Have another model answer, and order what is found where it does that, from the next question on."""
        named = {name: getattr(settings, name) for name in ("llm_model", "llm_base_url", "llm_api_key")}
        self.index.settings = replace(self.index.settings, **named)
        self.llm, self.settings = llm, settings

    # -- questions ---------------------------------------------------------------------------------------------------

    def ask(self, query: Query, history: Sequence[Turn]) -> Iterator[Event]:
        """See :func:`rag.answering.answer.answer`; closing the iterator stops the model."""
        from rag.answering.answer import answer

        seen = self._seen(query)
        events = self.beside.heard(seen, answer(self.index, seen, history, llm=self.llm, settings=self.settings))
        return self.measures.followed(events, "model" if self.llm else "quotes", query.text)

    def search(self, query: Query, k: int) -> SearchResult:
        """The best ``k`` hits. See :func:`rag.retrieval.search.search`."""
        from rag.retrieval.search import search

        seen = self._seen(query)
        found = self.measures.searched(lambda: search(self.index, seen, k))
        self.beside.offer(seen)
        return found

    def _seen(self, query: Query) -> Query:
        """The query within what who asks may see. Raises :class:`rag.errors.UnknownDocument` where it is confined to
        documents that they may not."""
        hidden = self.rights.hidden()
        if not hidden:
            return query
        library = frozenset(self.ids())
        if query.docs is not None and not query.docs & library:
            raise UnknownDocument("The documents to search are not in the library; name others, or search all")
        return replace(query, library=library)

    def vote(
        self,
        answer_id: str,
        liked: bool | None,
        question: str,
        answer: Answer,
        docs: Iterable[str] = (),
        picture: bytes | None = None,
    ) -> None:
        """Keep a thumb up or down for an answer; None takes it back.

        ``question`` is what was searched for: a follow-up alone says nothing to those who score with it.
        """
        if liked is None:
            feedback.withdraw(self.index.catalogue, answer_id)
            return
        self.measures.voted(liked)
        sure = [c for c in answer.citations if c.supported] or answer.citations
        cited = tuple(Cited(c.doc, c.page, c.bbox, c.kind) for c in sure)
        feedback.save(self.index.catalogue, Vote(answer_id, liked, question, answer.text, cited, tuple(docs), picture))

    # -- pages and pictures ------------------------------------------------------------------------------------------

    def page(self, doc: str, number: int) -> Page:
        """Raises :class:`rag.errors.UnknownDocument` for a document or page that is not in the index."""
        row = self.document(doc)
        if row is None:
            raise UnknownDocument(f"Document {doc[:12]!r} is not in the library.")
        if not 1 <= number <= row.pages:
            raise UnknownDocument(f"{row.name} has no page {number}; it has {row.pages}.")
        return self.index.catalogue.page(doc, number)

    def page_picture(self, doc: str, number: int) -> Path:
        """The rendered page, a file below the index folder."""
        image = self.page(doc, number).image
        if image is None:
            raise UnknownDocument(f"Page {number} of document {doc[:12]!r} has no picture.")
        return self.index.files.path(doc, image)

    def cutout(self, doc: str, chunk: str, page: int = 0) -> bytes:
        """A chunk's picture, JPEG or WebP: its own crop or, for a passage, its box cut out of the page picture; of its
        part on ``page`` where it is on several.

        Raises :class:`rag.errors.UnknownDocument`, also where it has no part on that page.
        """
        return self._cutout(doc, chunk, page, self.mark(doc))

    def cut(self, doc: str, number: int, box: BBox) -> bytes:
        """A box in points cut out of the picture of its page, as JPEG; what of it lies beside the page is left out.

        Raises :class:`BadBox`, and :class:`rag.errors.UnknownDocument` for a page that is not there.
        """
        page = self.page(doc, number)
        box = within(box, page.width, page.height)
        with open_image(self.page_picture(doc, number)) as picture:
            scale_x, scale_y = picture.width / page.width, picture.height / page.height
            part = picture.convert("RGB").crop(to_pixels(box, scale_x, scale_y))
        buffer = io.BytesIO()
        part.save(buffer, "JPEG", quality=90)
        return buffer.getvalue()

    def _cut(self, doc: str, chunk_id: str, number: int, mark: str) -> bytes:
        """``mark`` keeps a cut-out of an earlier reading from being handed out."""
        chunk = self.passage(doc, chunk_id)
        if number not in (0, chunk.page):
            region = next((part for part in chunk.regions if part.page == number), None)
            if region is None:
                raise UnknownDocument(f"The passage has no part on page {number} of document {doc[:12]!r}.")
            page = self.page(doc, number)
            return self.cut(doc, number, pad(region.bbox, CUTOUT_MARGIN, page.width, page.height))
        if chunk.image is not None:
            return self.index.files.path(doc, chunk.image).read_bytes()
        page = self.page(doc, chunk.page)
        return self.cut(doc, chunk.page, pad(chunk.bbox, CUTOUT_MARGIN, page.width, page.height))
