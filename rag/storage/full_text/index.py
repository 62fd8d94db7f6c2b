"""The full-text index: which pages hold the words of a question, and the words of every page as numbers for ranking.

Pages are found by an inverted index (:mod:`rag.storage.full_text.postings`), phrases included. Ranking then reads the
*forward* rows of the candidate pages only: the terms of each page in order, as numbers, with marks for chunk and field
(:mod:`rag.storage.full_text.term_vectors`). So no step reads a whole table, whatever the size of the library.

Both hold terms of :mod:`rag.text.analysis`, not text: documents and questions are taken apart alike, and scripts
without spaces work. The page "Cleaning the trays" has the terms "clean the trai"; the question "tray" finds "trai".
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from hashlib import sha256
from typing import Any, NamedTuple

import numpy as np

from ingestion.elements import Chunk, ChunkKind
from rag.storage.full_text.postings import (
    MOST_DOCUMENTS,
    Postings,
    TermRows,
    best_pages,
    phrase_postings,
    postings_of,
    rows_of,
    with_places,
)
from rag.storage.full_text.term_vectors import (
    CAPTION,
    FIELD_BITS,
    HEADING,
    LAST_PAGE,
    MENTIONS,
    PAGE,
    PAGE_BITS,
    TEXT,
    DocumentWords,
    PageWords,
    TermPages,
    Unit,
    page_key,
    term_numbers,
)
from rag.storage.tables.connections import Connection, in_parts
from rag.text.analysis import terms
from rag.text.function_words import languages_of
from rag.text.spelling import SURE_START, may_be_misspelt, meant_by
from rag.text.stemming import ALGORITHMS

TERMS_VERSION = 6  # to be raised when :mod:`rag.text.analysis` or this module makes other terms of the same text
LANGUAGE = ":"  # before a language's name (":de"): it stands in the vocabulary like a term of the pages that are in it
TITLE_WORDS = 40  # words of the first page that count as the document's title, beside name and title
TOP_LINES = 3  # lines of a page that often are its heading
FEW = 64  # documents whose postings are read one by one; of more all are read
LOOKED_UP = 1000  # documents with the rarer term of a phrase in which the others are looked up one by one
SAMPLE = 2000  # pages with the rarer term of which phrases are counted; the weight is right to some hundredths
TOLD_APART = 500  # documents that are asked for their languages; more have those of the library
MAX_MATCH_TERMS = 64  # terms and phrases of one search; the first are kept
MAX_UNITS = (1 << (16 - FIELD_BITS)) - 1


class Where(NamedTuple):
    """Document numbers (None: all) and an inclusive range of pages to search."""

    documents: tuple[int, ...] | None = None
    pages: tuple[int, int] | None = None

    @property
    def few(self) -> tuple[int, ...] | None:
        """The documents, where they are so few that their postings are read one by one."""
        return self.documents if self.documents is not None and len(self.documents) <= FEW else None


_EVERYWHERE = Where()


# -- writing, inside the catalogue's transaction -----------------------------------------------------------------


def insert(db: Connection, doc_id: str, name: str, title: str, chunks: Sequence[Chunk]) -> None:
    """Index a document that is not there yet.

    A chunk stands on each of the pages that it has a region on.
    """
    no = _free_number(db, doc_id)
    opening, by_page = "", defaultdict[int, list[Chunk]](list)
    for chunk in chunks:
        for page in dict.fromkeys(region.page for region in chunk.regions):
            by_page[page].append(chunk)
    texts = {page: _page_text(by_page[page]) for page in sorted(by_page)}
    language_of = dict(zip(texts, languages_of(list(texts.values())), strict=True))
    found: dict[int, tuple[list[str], list[str]]] = {}
    for page, text in texts.items():
        entry = _page_entry(by_page[page], text, language_of[page])
        opening = opening or " ".join(text.split()[:TITLE_WORDS])
        key = page_key(no, page)
        kinds = [kind for _, _, kind in entry.units]
        values = (key, entry.words, entry.marks, entry.top, kinds.count("figure"), kinds.count("table"))
        db.execute("INSERT INTO fulltext_pages VALUES (?,?,?,?,?,?)", values)
        db.executemany("INSERT INTO fulltext_units VALUES (?,?,?,?)", [(key, *unit) for unit in entry.units])
        found[page] = entry.found, entry.context
    words = sum(len(body) + len(beside) for body, beside in found.values())
    stem_of_name = name.rsplit(".", 1)[0].replace("_", " ")
    main = next((name for name, _ in Counter(language_of.values()).most_common(1)), "en")
    heading = term_numbers(dict.fromkeys(terms(f"{stem_of_name} {title} {opening}", main)))
    row = (no, doc_id, len(by_page), words, heading.tobytes())
    db.execute("INSERT INTO fulltext_documents VALUES (?,?,?,?,?)", row)
    db.execute("UPDATE fulltext_totals SET pages = pages + ?, words = words + ?", (len(by_page), words))
    rows = [(row.term, no, row.pages, row.hits, row.places) for row in rows_of(found)]
    rows += [(LANGUAGE + spoken, no, count, b"", b"") for spoken, count in Counter(language_of.values()).items()]
    db.executemany("INSERT INTO fulltext_postings VALUES (?,?,?,?,?)", rows)


def _free_number(db: Connection, doc_id: str) -> int:
    """Derived from the id, not counted: what ranks equally keeps its order whenever it was added."""
    no = 1 + int.from_bytes(sha256(doc_id.encode()).digest()) % MOST_DOCUMENTS
    while db.execute("SELECT 1 FROM fulltext_documents WHERE no = ?", (no,)).fetchone():
        no += 1
    return no


def delete(db: Connection, doc_id: str) -> None:
    """Forget a document; one that is not there is no error."""
    row = db.execute("SELECT no, pages, words FROM fulltext_documents WHERE doc = ?", (doc_id,)).fetchone()
    if row is None:
        return
    db.execute("UPDATE fulltext_totals SET pages = pages - ?, words = words - ?", row[1:])
    first, last = page_key(row[0], 0), page_key(row[0] + 1, 0) - 1
    for table, column in (("fulltext_pages", "id"), ("fulltext_units", "page")):
        db.execute(f"DELETE FROM {table} WHERE {column} BETWEEN ? AND ?", (first, last))
    db.execute("DELETE FROM fulltext_postings WHERE no = ?", (row[0],))
    db.execute("DELETE FROM fulltext_documents WHERE no = ?", (row[0],))


def rows_of_document(db: Connection, doc_id: str) -> list[list[tuple[Any, ...]]]:
    """All rows of a document in comparable form: without its number, which others may have taken before it."""
    found = db.execute("SELECT no, pages, words, title FROM fulltext_documents WHERE doc = ?", (doc_id,)).fetchone()
    if found is None:
        return []
    no, base = found[0], page_key(found[0], 0)
    span = base, page_key(no + 1, 0) - 1
    pages = "SELECT id - ?, words, marks, top, figures, tables FROM fulltext_pages WHERE id BETWEEN ? AND ?"
    units = "SELECT page - ?, unit, chunk, kind FROM fulltext_units WHERE page BETWEEN ? AND ?"
    postings = "SELECT term, pages, hits, places FROM fulltext_postings WHERE no = ?"
    return [
        [found[1:]],
        sorted(db.execute(pages, (base, *span)).fetchall()),
        sorted(db.execute(units, (base, *span)).fetchall()),
        sorted(db.execute(postings, (no,)).fetchall()),
    ]


def totals_agree(db: Connection) -> bool:
    """Whether the counts of the library are the sums of those of its documents."""
    sums = db.execute("SELECT COALESCE(SUM(pages), 0), COALESCE(SUM(words), 0) FROM fulltext_documents").fetchone()
    return [tuple(map(int, sums))] == db.execute("SELECT pages, words FROM fulltext_totals").fetchall()


_OWNERLESS = tuple(
    f"FROM {table} WHERE {number} NOT IN (SELECT no FROM fulltext_documents)"
    for table, number in (
        ("fulltext_pages", f"id >> {PAGE_BITS}"),
        ("fulltext_units", f"page >> {PAGE_BITS}"),
        ("fulltext_postings", "no"),
    )
)


def has_ownerless(db: Connection) -> bool:
    """Whether there are rows of documents that the full text does not know; all rows are read."""
    return any(db.execute(f"SELECT 1 {rows} LIMIT 1").fetchone() for rows in _OWNERLESS)


def count_again(db: Connection) -> None:
    """Make the counts of the library anew, and delete rows that nothing counts."""
    for rows in _OWNERLESS:
        db.execute(f"DELETE {rows}")
    db.execute("DELETE FROM fulltext_totals")
    db.execute(
        "INSERT INTO fulltext_totals SELECT COALESCE(SUM(pages), 0), COALESCE(SUM(words), 0) FROM fulltext_documents"
    )


class _PageEntry(NamedTuple):
    words: bytes
    marks: bytes
    top: int
    units: list[tuple[int, str, ChunkKind]]
    found: list[str]
    context: list[str]


def _page_entry(chunks: Sequence[Chunk], text: str, language: str) -> _PageEntry:
    page_terms = terms(text, language)
    words, marks = [term_numbers(page_terms)], [np.full(len(page_terms), PAGE, dtype=np.uint16)]
    present, context, seen = set(page_terms), list[str](), set[str]()
    units: list[tuple[int, str, ChunkKind]] = []
    pages_first = sorted(chunks, key=lambda chunk: chunk.kind != "page")[:MAX_UNITS]
    for unit, chunk in enumerate(pages_first, start=0 if pages_first[0].kind == "page" else 1):
        units.append((unit, chunk.id, chunk.kind))
        if chunk.kind == "page":
            continue
        fields = ((TEXT, chunk.text), (CAPTION, chunk.caption), (HEADING, chunk.heading), (MENTIONS, chunk.mentions))
        for field, value in fields:
            field_terms = terms(value, language)
            words.append(term_numbers(field_terms))
            marks.append(np.full(len(field_terms), unit << FIELD_BITS | field, dtype=np.uint16))
            if field == TEXT:
                context += [term for term in field_terms if term not in present]
            elif value not in seen:
                context += field_terms
                seen.add(value)
    top = len(terms("\n".join([line for line in text.splitlines() if line.strip()][:TOP_LINES]), language))
    every, mark = np.concatenate(words), np.concatenate(marks)
    return _PageEntry(every.tobytes(), mark.tobytes(), top, units, page_terms, context)


def _page_text(chunks: Sequence[Chunk]) -> str:
    pages = [chunk.text for chunk in chunks if chunk.kind == "page"]
    return "\n".join(pages or [chunk.text for chunk in chunks])


# -- reading -----------------------------------------------------------------------------------------------------


class FullText:
    """Reads the index through ``connection``, which gives the one of the block that the calling thread is in."""

    _VOCABULARY = "fulltext_postings"

    def __init__(self, connection: Callable[[], Connection]) -> None:
        self._connection = connection
        self._rows: dict[Hashable, TermRows] = {}
        self._found: dict[tuple[tuple[str, ...], tuple[int, ...] | None], Postings] = {}
        self._counts: dict[tuple[str, ...], int] = {}
        self._neighbours: set[str] = set()

    def expect(self, phrases: Iterable[Sequence[str]]) -> None:
        """These phrases will be asked for, so where their terms stand is read together with how often."""
        self._neighbours.update(term for phrase in phrases for term in phrase)

    def documents(self, ids: Iterable[str]) -> list[DocumentWords]:
        """Sizes and title terms of the documents with these ids."""
        return [_document(*row) for row in in_parts(self._connection(), f"{_DOCUMENTS} WHERE doc IN", sorted(ids))]

    def numbered(self, numbers_: Iterable[int]) -> dict[int, DocumentWords]:
        """The same by document number."""
        rows = in_parts(self._connection(), f"{_DOCUMENTS} WHERE no IN", sorted(set(numbers_)))
        return {row[0]: _document(*row) for row in rows}

    def totals(self) -> tuple[int, int]:
        """Number of pages in the library, and of words."""
        pages, words = self._connection().execute("SELECT pages, words FROM fulltext_totals").fetchone()
        return pages, words

    def has(self, phrase: Sequence[str]) -> bool:
        """Whether any page of the library has this term, or these side by side."""
        if len(phrase) > 1:
            return bool(self.page_count(phrase))
        sql = "SELECT 1 FROM fulltext_postings WHERE term = ? LIMIT 1"
        return self._connection().execute(sql, tuple(phrase)).fetchone() is not None

    def page_count(self, phrase: Sequence[str], where: Where = _EVERYWHERE) -> int:
        """On how many pages of the library a term stands, or several side by side.

        Where few documents are asked that is estimated of :data:`SAMPLE` pages for phrases of frequent terms.
        """
        key = tuple(phrase)
        if where.few is None or (key, None) in self._found:
            return len(self._postings(key).page)
        if key not in self._counts:
            self._counts[key] = self._counted(key, where)
        return self._counts[key]

    def _counted(self, phrase: tuple[str, ...], where: Where) -> int:
        db = self._connection()
        if len(phrase) == 1:
            sql = "SELECT COALESCE(SUM(pages), 0) FROM fulltext_postings WHERE term = ?"
            return int(db.execute(sql, phrase).fetchone()[0])
        counts = {term: self.page_count([term], where) for term in phrase}
        rarest = min(counts, key=counts.__getitem__)
        if counts[rarest] <= SAMPLE:
            documents = with_places(db, rarest, self._rows).found.documents
            if len(documents) <= LOOKED_UP:
                return len(phrase_postings(db, phrase, documents.tolist(), known=self._rows).page)
        share = min(1.0, SAMPLE / max(counts[rarest], 1))
        return round(len(phrase_postings(db, phrase, share=share, known=self._rows).page) / share)

    def documents_with(self, phrase: Sequence[str], where: Where = _EVERYWHERE) -> TermPages:
        """The documents that have a term, or several side by side; where few are asked, of those."""
        found = self._postings(phrase, where.few)
        return TermPages(found.documents, found.pages)

    def near(self, term: str) -> str | None:
        """The term of the library most like one that is not in it: a misspelt word; None where nothing is close."""
        if not may_be_misspelt(term):
            return None
        start = term[:SURE_START]
        values = (start, *[start + chr(0x10FFFF)] * 2, len(term) - 1, len(term) + 1)
        return meant_by(term, [row[0] for row in self._connection().execute(_TERMS, values)])

    def languages(self, documents: Sequence[int] | None = None) -> tuple[str, ...]:
        """Those that any page is in, of these documents, or of all where they are many (ISO 639-1).

        English where there are no pages.
        """
        few = documents is not None and len(documents) <= TOLD_APART
        among = f" AND no IN ({','.join(map(str, documents or ())) or 'NULL'})" if few else ""
        names = [LANGUAGE + name for name in ALGORITHMS]
        sql = f"""WITH wanted(name) AS (VALUES {",".join(["(?)"] * len(names))}) SELECT name FROM wanted
            WHERE EXISTS (SELECT 1 FROM {self._VOCABULARY} WHERE term = name{among})"""
        found = {row[0] for row in self._connection().execute(sql, names)}
        return tuple(name for name in ALGORITHMS if LANGUAGE + name in found) or ("en",)

    def search(self, phrases: Sequence[Sequence[str]], k: int, where: Where) -> list[int]:
        """Page keys, best first by BM25 over terms and phrases."""
        wanted = list(dict.fromkeys(tuple(phrase) for phrase in phrases if phrase))[:MAX_MATCH_TERMS]
        found = [(self._postings(phrase, where.few), self.page_count(phrase, where)) for phrase in wanted]
        return best_pages(found, k, self.totals(), where.documents, where.pages)

    def _postings(self, phrase: Sequence[str], few: tuple[int, ...] | None = None) -> Postings:
        """Each is read once: a text is that of one question."""
        key = tuple(phrase), few
        if key not in self._found:
            db, terms_ = self._connection(), key[0]
            if len(terms_) > 1:
                self._found[key] = phrase_postings(db, terms_, few, known=self._rows)
            elif terms_[0] in self._neighbours:
                self._found[key] = with_places(db, terms_[0], self._rows, few).found
            else:
                self._found[key] = postings_of(db, terms_[0], few)
        return self._found[key]

    def page_keys(self, k: int, where: Where) -> list[int]:
        """The first ``k`` pages, in order; of every document only the range of keys is read."""
        first, last = where.pages or (0, LAST_PAGE)
        if first > LAST_PAGE:
            return []
        sql = "SELECT id FROM fulltext_pages WHERE id BETWEEN ? AND ? ORDER BY id LIMIT ?"
        keys: list[int] = []
        for no in self._every_document() if where.documents is None else sorted(where.documents):
            span = page_key(no, first), page_key(no, min(last, LAST_PAGE)), k - len(keys)
            keys += [row[0] for row in self._connection().execute(sql, span)]
            if len(keys) >= k:
                break
        return keys

    def _every_document(self) -> Iterator[int]:
        """Numbers in order, read as far as they are used."""
        sql, last = "SELECT no FROM fulltext_documents WHERE no > ? ORDER BY no LIMIT 1", 0
        while row := self._connection().execute(sql, (last,)).fetchone():
            last = int(row[0])
            yield last

    def load(self, keys: Iterable[int]) -> PageWords:
        """The words of these pages in the order of their keys; keys of pages that do not exist are left out.

        Shapes as in :class:`PageWords`, for the n pages that exist.
        """
        sql = "SELECT id, words, marks, top, figures, tables FROM fulltext_pages WHERE id IN"
        rows = sorted(in_parts(self._connection(), sql, sorted(set(keys))))
        words = np.frombuffer(b"".join(row[1] for row in rows), np.uint32)
        marks = np.frombuffer(b"".join(row[2] for row in rows), np.uint16)
        starts = np.cumsum([0, *(len(row[1]) // 4 for row in rows)], dtype=np.int64)
        columns = np.array([(row[0], *row[3:]) for row in rows], dtype=np.int64).reshape(-1, 4).T
        return PageWords(columns[0], words, marks, starts, *columns[1:])

    def units(self, keys: Iterable[int]) -> dict[int, list[Unit]]:
        """The chunks of each of these pages, in the order of their numbers there."""
        sql = "SELECT page, unit, chunk, kind FROM fulltext_units WHERE page IN"
        found: dict[int, list[Unit]] = {key: [] for key in keys}
        for page, unit, chunk, kind in in_parts(self._connection(), sql, list(found)):
            found[page].append(Unit(unit, chunk, kind))
        return found

    def pages_of(self, chunks: Iterable[str], documents: Sequence[int] | None = None) -> dict[str, tuple[int, ...]]:
        """Keys of the pages that each chunk stands on, in order; none for a chunk that is not there.

        ``documents``: the chunks are theirs, and all that stands in these is read instead of looked up chunk by chunk,
        which is faster where most of it is wanted.
        """
        found: dict[str, tuple[int, ...]] = dict.fromkeys(chunks, ())
        alone: dict[int, tuple[int, ...]] = {}  # one tuple a page, for most chunks have one page
        rows = self._pages_of(list(found)) if documents is None else self._all_chunks(documents)
        for chunk, page in rows:
            if chunk in found:
                own = alone.setdefault(page, (page,))
                found[chunk] = tuple(sorted(found[chunk] + own)) if found[chunk] else own
        return found

    def _pages_of(self, chunks: Sequence[str]) -> Iterator[tuple[Any, ...]]:
        return in_parts(self._connection(), "SELECT chunk, page FROM fulltext_units WHERE chunk IN", chunks)

    def _all_chunks(self, documents: Sequence[int]) -> Iterator[tuple[Any, ...]]:
        sql = "SELECT chunk, page FROM fulltext_units WHERE page BETWEEN ? AND ?"
        for no in documents:
            yield from self._connection().execute(sql, (page_key(no, 0), page_key(no, LAST_PAGE)))


_TERMS = """
    WITH RECURSIVE found(term) AS (
        SELECT (SELECT MIN(term) FROM fulltext_postings WHERE term >= ?)
        UNION ALL
        SELECT (SELECT MIN(term) FROM fulltext_postings WHERE term > found.term) FROM found WHERE found.term <= ?
    )
    SELECT term FROM found WHERE term <= ? AND length(term) BETWEEN ? AND ?"""
"""From one distinct term to the next: a term of many documents is looked up once."""
_DOCUMENTS = "SELECT no, doc, pages, words, title FROM fulltext_documents"


def _document(no: int, doc: str, pages: int, words: int, title: bytes) -> DocumentWords:
    return DocumentWords(no, doc, pages, words, np.frombuffer(title, np.uint32))
