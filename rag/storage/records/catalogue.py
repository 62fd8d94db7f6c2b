"""The truth about the index: documents, pages, and chunks with their full text.

What has a row here is in the index; files and vectors of anything else are leftovers. A document becomes visible, or
goes, in one transaction, full text included.
"""

from __future__ import annotations

import difflib
import json
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import asdict
from typing import Any, NamedTuple

from ingestion.elements import BBox, Chunk, ChunkKind, Document, Page, PageProblem, Region, well_formed
from ingestion.formats.detect import bare_name
from ingestion.geometry import SLIDE_ASPECT
from rag.errors import AmbiguousDocument, UnknownDocument
from rag.storage.full_text import earlier as fulltext_before
from rag.storage.full_text import index as fulltext
from rag.storage.records import stored_parts
from rag.storage.tables.connections import Connection, in_parts
from rag.storage.tables.database import Database, put_entry, raise_revision, utc_now
from rag.types import PageId

NEAR_NAMES = 3  # suggestions for a document name that is not there
MIN_PREFIX = 4  # characters of an id that may stand for it
REMOVALS = "removals"  # manifest key: how many documents were ever removed or replaced
_TERMS = "terms"  # manifest key: which version made the terms of the full text
_FORGET_COPIES = "UPDATE vector_copies SET state = 2 WHERE doc = ?"  # gone: see vector_copies.py
_LABELS = 100  # page numbers, three spellings each, of one statement


class DocumentRow(NamedTuple):
    """A committed document. ``pages``, ``figures``, ``tables``, ``chunks`` are counts, ``added`` is UTC (ISO 8601)."""

    id: str
    name: str
    title: str
    pages: int
    figures: int
    tables: int
    chunks: int
    added: str
    problems: tuple[PageProblem, ...]


class Catalogue(Database):
    """The catalogue of one index folder. Raises :class:`NoIndex` when it is not there and ``create`` is False."""

    _known: tuple[int, tuple[DocumentRow, ...]] | None = None  # the documents as they were at a revision

    # -- documents -----------------------------------------------------------------------------------------------

    def add(
        self, document: Document, place: int | None = None, added: str = "", sent: Mapping[str, str] | None = None
    ) -> None:
        """Make a document visible: rows and full text in one transaction, and with it the versions ``sent`` of its
        parts, where its files lie elsewhere (:func:`rag.storage.records.stored_parts.adopt`).

        One already there is replaced, and keeps its place and the time when it was added. One that comes back gets both
        as they are given, the place where no other has it by now.
        """
        with self.writing() as db:
            self._renew_full_text(db, lambda done, total: None)
            before = db.execute("SELECT rowid, added FROM documents WHERE id = ?", (document.id,)).fetchone()
            if before is None and added:
                taken = db.execute("SELECT 1 FROM documents WHERE rowid = ?", (place,)).fetchone()
                before = (None if taken else place, added)
            self._delete(db, document.id)
            values = _document_values(document, before[1] if before else utc_now())
            if before is None or before[0] is None:
                db.execute(f"INSERT INTO documents({_DOCUMENT}) VALUES (?,?,?,?,?,?,?,?,?)", values)
            else:
                sql = f"INSERT INTO documents(rowid, {_DOCUMENT}) VALUES (?,?,?,?,?,?,?,?,?,?)"
                db.execute(sql, (before[0], *values))
            db.executemany(
                "INSERT INTO pages VALUES (?,?,?,?,?,?,?)",
                [(document.id, p.number, p.width, p.height, p.rotation, p.image, p.label) for p in document.pages],
            )
            db.executemany(
                "INSERT INTO chunks VALUES (?,?,?,?,?,?,?,?,?,?)",
                [_chunk_values(position, chunk) for position, chunk in enumerate(document.chunks)],
            )
            fulltext.insert(db, document.id, document.name, document.title, document.chunks)
            stored_parts.adopt(db, document.id, sent or {})
            raise_revision(db)

    def remove(self, doc_id: str) -> DocumentRow:
        """Forget a document, full text included. Raises :class:`UnknownDocument`."""
        row = self.document(doc_id)
        with self.writing() as db:
            self._delete(db, doc_id)
            raise_revision(db)
        return row

    def _delete(self, db: Connection, doc_id: str) -> None:
        if db.execute("SELECT 1 FROM documents WHERE id = ?", (doc_id,)).fetchone():
            self._forget_text(db, doc_id)
            db.execute(_FORGET_COPIES, (doc_id,))
            db.execute("DELETE FROM documents WHERE id = ?", (doc_id,))
            db.execute(_ONE_MORE_REMOVAL)

    def forget_copies(self, doc_id: str) -> None:
        """A document's vectors are others by now: what was copied elsewhere does not count, and is copied again."""
        with self.writing() as db:
            db.execute(_FORGET_COPIES, (doc_id,))
            raise_revision(db)

    def _forget_text(self, db: Connection, doc_id: str) -> None:
        if self.store.has_table(db, fulltext_before.TABLE):
            fulltext_before.forget(db, doc_id)
        fulltext.delete(db, doc_id)

    def full_text(self) -> fulltext.FullText:
        """That of the block that the calling thread is in, of whichever version it is."""
        before = self.store.has_table(self.connection(), fulltext_before.TABLE)
        return (fulltext_before.FullTextBefore if before else fulltext.FullText)(self.connection)

    def has_full_text_of_now(self) -> bool:
        """Whether the terms of the full text are those that this version makes, and looks for."""
        found: bool = self.manifest.get(_TERMS) == fulltext.TERMS_VERSION
        return found

    def renew_full_text(self, progress: Callable[[int, int], None]) -> None:
        """Where its terms are those of an earlier version: make them anew of the chunks, in one transaction."""
        if not self.has_full_text_of_now():
            with self.writing() as db:
                self._renew_full_text(db, progress)

    def _renew_full_text(self, db: Connection, progress: Callable[[int, int], None]) -> None:
        if self.has_full_text_of_now():
            return
        rows = self.documents()
        for done, row in enumerate(rows, 1):
            self._forget_text(db, row.id)
            fulltext.insert(db, row.id, row.name, row.title, self.chunks_of(row.id))
            progress(done, len(rows))
        fulltext_before.drop(db)
        put_entry(db, _TERMS, fulltext.TERMS_VERSION)
        raise_revision(db)

    def make_text_again(self, doc_ids: Iterable[str]) -> None:
        """The full text of these documents, and the counts of all, from the chunks; of one that is not there none."""
        with self.writing() as db:
            fulltext.count_again(db)
        for doc_id in doc_ids:
            with self.writing() as db:
                self._forget_text(db, doc_id)
                if self.has(doc_id):
                    row = self.document(doc_id)
                    fulltext.insert(db, row.id, row.name, row.title, self.chunks_of(doc_id))
                raise_revision(db)
        with self.writing() as db:
            fulltext.count_again(db)

    def documents(self) -> list[DocumentRow]:
        """All documents in the order they were added."""
        return list(self.listed())

    def listed(self) -> tuple[DocumentRow, ...]:
        """As :meth:`documents`, and the same object until the index changes: many ask, and few documents come or go."""
        with self.reading() as db:
            if db.in_transaction:  # a snapshot may be of an earlier moment, and a writer's changes may be undone
                return _rows(db)
        with self.snapshot() as db:
            revision, known = self.state().revision, self._known
            if known is None or known[0] != revision:
                known = self._known = revision, _rows(db)
            return known[1]

    def ids(self, latest: bool = False) -> tuple[str, ...]:
        """Of all documents in the order they were added. ``latest``: also inside a snapshot of an earlier moment."""
        with self.latest() if latest else self.reading() as db:
            return tuple(row[0] for row in db.execute("SELECT id FROM documents ORDER BY rowid"))

    def has(self, doc_id: str, latest: bool = False) -> bool:
        """``latest``: also inside a snapshot of an earlier moment."""
        with self.latest() if latest else self.reading() as db:
            return db.execute("SELECT 1 FROM documents WHERE id = ?", (doc_id,)).fetchone() is not None

    def document(self, doc_id: str) -> DocumentRow:
        """Raises :class:`UnknownDocument`."""
        with self.reading() as db:
            row = db.execute(f"SELECT {_DOCUMENT} FROM documents WHERE id = ?", (doc_id,)).fetchone()
        if row is None:
            raise UnknownDocument(f"No document with the id {doc_id} in {self.path.parent}; see `python -m rag list`")
        return _document_row(row)

    def find(self, name: str, hidden: Collection[str] = ()) -> DocumentRow:
        """By full name, name without its extension, id, or the first characters of an id; upper and lower case are one.
        Documents whose ids are ``hidden`` are not there.

        Raises :class:`UnknownDocument` with the nearest names, :class:`AmbiguousDocument` with the ids to choose from.
        """
        wanted = well_formed(name).strip().casefold()
        with self.reading() as db:
            if wanted not in hidden and db.execute("SELECT 1 FROM documents WHERE id = ?", (wanted,)).fetchone():
                return self.document(wanted)
            rows_ = db.execute("SELECT id, name FROM documents ORDER BY rowid").fetchall()
            names: dict[str, str] = {doc_id: called for doc_id, called in rows_ if doc_id not in hidden}
            found = [i for i, n in names.items() if wanted in (n.casefold(), bare_name(n.casefold()))]
            if not found and len(wanted) >= MIN_PREFIX:
                found = [doc_id for doc_id in names if doc_id.startswith(wanted)]
            rows = [self.document(doc_id) for doc_id in found]
        if len(rows) == 1:
            return rows[0]
        if rows:
            choices = ", ".join(f"{r.id[:12]} ({r.name}, {r.pages} pages)" for r in rows)
            raise AmbiguousDocument(f"{len(rows)} documents are called {name!r}; name one by its id: {choices}")
        called = [n.casefold() for n in names.values()]
        near = [n for n in called if len(wanted) >= MIN_PREFIX and wanted in n][:NEAR_NAMES]
        near = near or difflib.get_close_matches(wanted, called, NEAR_NAMES, cutoff=0.4)
        close = ", ".join(n for like in near for n in names.values() if n.casefold() == like)
        hint = f"did you mean {close}?" if close else "`python -m rag list` shows what is there"
        raise UnknownDocument(f"No document called {name!r} in the index ({len(names)} documents); {hint}")

    # -- pages and chunks ----------------------------------------------------------------------------------------

    def page(self, doc_id: str, number: int) -> Page:
        """Raises :class:`UnknownDocument` when there is no such page."""
        with self.reading() as db:
            row = db.execute(f"{_PAGES} AND number = ?", (doc_id, number)).fetchone()
        if row is None:
            owner = self.document(doc_id)
            raise UnknownDocument(f"No page {number} in {owner.name}; it has {owner.pages}")
        return Page(*row)

    def pages(self, doc_id: str) -> list[Page]:
        """All pages of a document in order; none for one that is not there."""
        with self.reading() as db:
            return [Page(*row) for row in db.execute(f"{_PAGES} ORDER BY number", (doc_id,))]

    def labelled(self, doc_ids: Iterable[str], numbers: Iterable[int]) -> list[PageId]:
        """Pages of these documents that bear one of the numbers in print, alone or as one of two ("16–17")."""
        wanted, docs, found = list(dict.fromkeys(numbers)), list(doc_ids), list[PageId]()
        for start in range(0, len(wanted), _LABELS):
            labels = [t for n in wanted[start : start + _LABELS] for t in (f"{n}", f"{n}–{n + 1}", f"{n - 1}–{n}")]
            found += self._pages_where(f"label IN ({','.join('?' * len(labels))})", docs, labels)
        return found

    def wide_pages(self, doc_ids: Iterable[str]) -> list[PageId]:
        """Pages of these documents that are shaped like slides."""
        return self._pages_where("width > height * ?", doc_ids, [SLIDE_ASPECT])

    def _pages_where(self, condition: str, doc_ids: Iterable[str], values: Sequence[object]) -> list[PageId]:
        sql = f"SELECT doc, number FROM pages WHERE {condition} AND doc IN"
        with self.reading() as db:
            return [PageId(*row) for row in in_parts(db, sql, sorted(set(doc_ids)), values)]

    def chunk(self, chunk_id: str) -> Chunk:
        """Raises :class:`UnknownDocument` when the chunk's document is no longer there."""
        found = self.chunks([chunk_id])
        if not found:
            raise UnknownDocument(f"The passage {chunk_id} is no longer there, its document was removed; ask again")
        return found[chunk_id]

    def chunks(self, ids: Iterable[str]) -> dict[str, Chunk]:
        """The chunks that exist, by id, in the order asked for."""
        wanted = list(dict.fromkeys(ids))
        with self.reading() as db:
            found = {row[0]: _chunk(row) for row in in_parts(db, f"{_CHUNKS} WHERE id IN", wanted)}
        return {chunk_id: found[chunk_id] for chunk_id in wanted if chunk_id in found}

    def chunks_of(self, doc_id: str, page: int | None = None, kinds: Iterable[ChunkKind] | None = None) -> list[Chunk]:
        """A document's chunks in reading order; with ``page``, those with a region on it."""
        sql, values = f"{_CHUNKS} WHERE doc = ?", [doc_id]
        if kinds is not None:
            chosen = list(kinds)
            sql, values = f"{sql} AND kind IN ({','.join('?' * len(chosen)) or 'NULL'})", [*values, *chosen]
        if page is not None:  # a region begins with its page: most chunks are left out without being read
            sql, values = f"{sql} AND regions LIKE ?", [*values, f"%[{page},%"]
        with self.reading() as db:
            chunks = [_chunk(row) for row in db.execute(f"{sql} ORDER BY position", values)]
        return [c for c in chunks if page is None or any(region.page == page for region in c.regions)]

    def headings(self, doc_id: str) -> list[tuple[str, int]]:
        """The paths of headings in a document that something stands under, each with the page where it begins."""
        sql = "SELECT heading, regions FROM chunks WHERE doc = ? AND heading <> '' ORDER BY position"
        with self.reading() as db:
            found = [(row[0], int(row[1].partition(",")[0].lstrip("[ "))) for row in db.execute(sql, (doc_id,))]
        return list(dict.fromkeys(found))

    def captioned(self) -> int:
        """How many cut-outs of figures and tables have a caption, or a sentence that names them."""
        named = "kind IN ('figure', 'table') AND image IS NOT NULL AND (caption <> '' OR mentions <> '')"
        with self.reading() as db:
            return int(db.execute(f"SELECT COUNT(*) FROM chunks WHERE {named}").fetchone()[0])

    def drop_ownerless(self) -> None:
        """Delete rows that refer to a document, a conversation or the like that is not there."""
        with self.writing() as db:
            for table, column, parent, key in self.store.references(db):
                db.execute(f"DELETE FROM {table} WHERE {column} NOT IN (SELECT {key} FROM {parent})")
            raise_revision(db)

    # -- checks --------------------------------------------------------------------------------------------------

    def violations(self) -> list[str]:
        """What the database itself finds wrong, and documents whose counts do not match their rows."""
        with self.reading() as db:
            wrong = [f"catalogue: {fault}" for fault in self.store.faults(db)]
            wrong += [f"catalogue: ownerless row in {table}" for table, *_ in self.store.references(db)]
        for row in self.documents():
            chunks, pages = len(self.chunks_of(row.id)), len(self.pages(row.id))
            if (chunks, pages) != (row.chunks, row.pages):
                held = f"{chunks} chunks of {row.chunks} and {pages} pages of {row.pages}"
                wrong.append(f"{row.name} ({row.id[:12]}): the catalogue holds {held}")
        return wrong


_ONE_MORE_REMOVAL = f"""INSERT INTO manifest VALUES ('{REMOVALS}', '1')
    ON CONFLICT(key) DO UPDATE SET value = CAST(CAST(manifest.value AS BIGINT) + 1 AS TEXT)"""
_DOCUMENT = "id, name, title, pages, figures, tables, chunks, added, problems"
_PAGES = "SELECT number, width, height, rotation, image, label FROM pages WHERE doc = ?"
_CHUNKS = "SELECT id, doc, kind, text, regions, caption, heading, mentions, image FROM chunks"


def _document_values(document: Document, added: str) -> tuple[object, ...]:
    kinds = [chunk.kind for chunk in document.chunks]
    problems = json.dumps([asdict(problem) for problem in document.problems], ensure_ascii=False)
    counts = (len(document.pages), kinds.count("figure"), kinds.count("table"), len(document.chunks))
    return (document.id, document.name, document.title, *counts, added, problems)


def _rows(db: Connection) -> tuple[DocumentRow, ...]:
    return tuple(_document_row(row) for row in db.execute(f"SELECT {_DOCUMENT} FROM documents ORDER BY rowid"))


def _document_row(row: Sequence[Any]) -> DocumentRow:
    return DocumentRow._make((*row[:8], tuple(PageProblem(**problem) for problem in json.loads(row[8]))))


def _chunk_values(position: int, chunk: Chunk) -> tuple[object, ...]:
    regions = json.dumps(chunk.regions)
    return (
        chunk.id, chunk.doc, position, chunk.kind, chunk.text, regions,
        chunk.caption, chunk.heading, chunk.mentions, chunk.image,
    )  # fmt: skip


def _chunk(row: Sequence[Any]) -> Chunk:
    regions = tuple(Region(page, BBox(*box)) for page, box in json.loads(row[4]))
    return Chunk(row[0], row[1], row[2], row[3], regions, *row[5:])
