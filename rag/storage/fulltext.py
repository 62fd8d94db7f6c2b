"""The full-text index: which pages hold the words of a question, and the words of every page as numbers for ranking.

Pages are found by SQLite's FTS5, an inverted index with one row per page, phrases included. Ranking then reads the
*forward* rows of the candidate pages only: the terms of each page in order, as numbers, with marks for chunk and field
(:mod:`rag.storage.term_vectors`). So no step reads a whole table, whatever the size of the library.

FTS5 is given terms of :mod:`rag.text.analysis`, not text: documents and questions are taken apart alike, and scripts
without spaces work. The page "Cleaning the trays" has the row "clean the trai"; the question "tray" finds "trai".
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from difflib import get_close_matches
from hashlib import sha256
from typing import NamedTuple

import numpy as np

from ingestion.elements import Chunk, ChunkKind
from rag.storage.connections import Connection, in_parts
from rag.storage.term_vectors import (
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
    TermCount,
    Unit,
    UnitPlace,
    page_key,
    term_numbers,
)
from rag.text.analysis import terms
from rag.text.function_words import languages_of
from rag.text.stemming import ALGORITHMS

TERMS_VERSION = 3  # to be raised when :mod:`rag.text.analysis` or this module makes other terms of the same text
LANGUAGE = ":"  # before a language's name (":de"): it stands in the vocabulary like a term of the pages that are in it
TITLE_WORDS = 40  # words of the first page that count as the document's title, beside name and title
TOP_LINES = 3  # lines of a page that often are its heading
TOLD_APART = 500  # documents that are asked for their languages; more have those of the library
MAX_MATCH_TERMS = 64  # terms and phrases of one FTS5 query; the rarest are kept
MAX_UNITS = (1 << (16 - FIELD_BITS)) - 1
MIN_MISSPELT, SAME_START, MISSPELT = 5, 2, 0.82  # letters of a word that is mended, of its sure start; likeness
MOST_DOCUMENTS = 1 << 40  # numbers of documents; with a page they fit 63 bits


class Where(NamedTuple):
    """Document numbers (None: all) and an inclusive range of pages to search."""

    documents: tuple[int, ...] | None = None
    pages: tuple[int, int] | None = None

    def condition(self, column: str) -> tuple[str, list[int]]:
        """SQL after a WHERE clause, and its values; one document is a range, which FTS5 can jump to."""
        sql, values = "", list[int]()
        if self.documents is not None and len(self.documents) == 1:
            sql += f" AND {column} BETWEEN ? AND ?"
            values += [page_key(self.documents[0], 0), page_key(self.documents[0] + 1, 0) - 1]
        elif self.documents is not None:
            chosen = ",".join(str(no) for no in self.documents)
            sql += f" AND ({column} >> {PAGE_BITS}) IN ({chosen})"
        if self.pages is not None:
            sql += f" AND ({column} & {(1 << PAGE_BITS) - 1}) BETWEEN ? AND ?"
            values += [min(page, LAST_PAGE) for page in self.pages]
        return sql, values


# -- writing, inside the catalogue's transaction -----------------------------------------------------------------


def insert(db: Connection, doc_id: str, name: str, title: str, chunks: Sequence[Chunk]) -> None:
    """Index a document that is not there yet.

    A chunk stands on each of the pages that it has a region on.
    """
    no = _free_number(db, doc_id)
    pages, counts, words, opening = Counter[str](), Counter[str](), 0, ""
    by_page: dict[int, list[Chunk]] = defaultdict(list)
    for chunk in chunks:
        for page in dict.fromkeys(region.page for region in chunk.regions):
            by_page[page].append(chunk)
    texts = {page: _page_text(by_page[page]) for page in sorted(by_page)}
    language_of = dict(zip(texts, languages_of(list(texts.values())), strict=True))
    for page, text in texts.items():
        entry = _page_entry(by_page[page], text, language_of[page])
        opening = opening or " ".join(text.split()[:TITLE_WORDS])
        key = page_key(no, page)
        kinds = [kind for _, _, kind in entry.units]
        values = (key, entry.words, entry.marks, entry.top, kinds.count("figure"), kinds.count("table"))
        db.execute("INSERT INTO fulltext_pages VALUES (?,?,?,?,?,?)", values)
        row = (key, entry.found, entry.context)
        db.execute("INSERT INTO fulltext_index(rowid, words, context) VALUES (?,?,?)", row)
        db.executemany("INSERT INTO fulltext_units VALUES (?,?,?,?)", [(key, *unit) for unit in entry.units])
        found = entry.found.split() + entry.context.split()
        pages.update(set(found))
        counts.update(found)
        words += len(found)
    stem_of_name = name.rsplit(".", 1)[0].replace("_", " ")
    main = next((name for name, _ in Counter(language_of.values()).most_common(1)), "en")
    heading = term_numbers(dict.fromkeys(terms(f"{stem_of_name} {title} {opening}", main)))
    pages.update(LANGUAGE + language for language in language_of.values())
    db.execute(
        "INSERT INTO fulltext_documents VALUES (?,?,?,?,?)", (no, doc_id, len(by_page), words, heading.tobytes())
    )
    db.execute("UPDATE fulltext_totals SET pages = pages + ?, words = words + ?", (len(by_page), words))
    db.executemany(
        "INSERT INTO fulltext_vocabulary VALUES (?,?,?,?)", [(term, no, pages[term], counts[term]) for term in pages]
    )


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
    for table, column in (("fulltext_pages", "id"), ("fulltext_units", "page"), ("fulltext_index", "rowid")):
        db.execute(f"DELETE FROM {table} WHERE {column} BETWEEN ? AND ?", (first, last))
    db.execute("DELETE FROM fulltext_vocabulary WHERE no = ?", (row[0],))
    db.execute("DELETE FROM fulltext_documents WHERE no = ?", (row[0],))


class _PageEntry(NamedTuple):
    words: bytes
    marks: bytes
    top: int
    units: list[tuple[int, str, ChunkKind]]
    found: str
    context: str


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
    return _PageEntry(every.tobytes(), mark.tobytes(), top, units, " ".join(page_terms), " ".join(context))


def _page_text(chunks: Sequence[Chunk]) -> str:
    pages = [chunk.text for chunk in chunks if chunk.kind == "page"]
    return "\n".join(pages or [chunk.text for chunk in chunks])


# -- reading -----------------------------------------------------------------------------------------------------


class FullText:
    """Reads the index through ``connection``, which gives the one of the block that the calling thread is in."""

    def __init__(self, connection: Callable[[], Connection]) -> None:
        self._connection = connection

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

    def counts(self, found: Sequence[str]) -> dict[str, list[TermCount]]:
        """For each term, the documents it stands in."""
        sql = "SELECT term, no, pages, count FROM fulltext_vocabulary WHERE term IN"
        rows = in_parts(self._connection(), sql, found)
        counts: dict[str, list[TermCount]] = {term: [] for term in found}
        for term, no, pages, times in rows:
            counts[term].append(TermCount(no, pages, times))
        return counts

    def near(self, term: str) -> str | None:
        """The term of the library most like one that is not in it: a misspelt word; None where nothing is close."""
        if len(term) < MIN_MISSPELT or not term.isalpha():
            return None
        start = term[:SAME_START]
        sql = (
            "SELECT DISTINCT term FROM fulltext_vocabulary WHERE term BETWEEN ? AND ? AND length(term) BETWEEN ? AND ?"
        )
        values = (start, start + chr(0x10FFFF), len(term) - 1, len(term) + 1)
        close = get_close_matches(term, [row[0] for row in self._connection().execute(sql, values)], 1, MISSPELT)
        return close[0] if close else None

    def languages(self, documents: Sequence[int] | None = None) -> tuple[str, ...]:
        """Those that any page is in, of these documents, or of all where they are many (ISO 639-1).

        English where there are no pages.
        """
        few = documents is not None and len(documents) <= TOLD_APART
        among = f" AND no IN ({','.join(map(str, documents or ()))})" if few else ""
        sql = f"SELECT 1 FROM fulltext_vocabulary WHERE term = ?{among} LIMIT 1"
        db = self._connection()
        known = (name for name in ALGORITHMS if db.execute(sql, (LANGUAGE + name,)).fetchone())
        return tuple(known) or ("en",)

    def phrase_counts(self, phrase: Sequence[str]) -> list[TermCount]:
        """The documents in which these terms stand side by side; each page counts once."""
        sql = f"SELECT rowid >> {PAGE_BITS}, COUNT(*) FROM fulltext_index WHERE fulltext_index MATCH ? GROUP BY 1"
        rows = self._connection().execute(sql, (quoted(phrase),))
        return [TermCount(no, pages, pages) for no, pages in rows]

    def phrase_pages(self, first: str, second: str) -> int:
        """On how many pages two terms stand side by side."""
        sql = "SELECT COUNT(*) FROM fulltext_index WHERE fulltext_index MATCH ?"
        return int(self._connection().execute(sql, (quoted((first, second)),)).fetchone()[0])

    def search(self, phrases: Sequence[Sequence[str]], k: int, where: Where) -> list[int]:
        """Page keys, best first by FTS5's bm25 over terms and phrases."""
        wanted = list(dict.fromkeys(quoted(phrase) for phrase in phrases if phrase))[:MAX_MATCH_TERMS]
        if not wanted:
            return []
        condition, values = where.condition("rowid")
        sql = f"SELECT rowid FROM fulltext_index WHERE fulltext_index MATCH ?{condition} ORDER BY rank LIMIT ?"
        return [row[0] for row in self._connection().execute(sql, (" OR ".join(wanted), *values, k))]

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

    def places(self, chunks: Iterable[str]) -> dict[str, list[UnitPlace]]:
        """Where chunks stand: one place per page, in the order of pages; none for a chunk that is not there."""
        sql, wanted = "SELECT chunk, page, unit FROM fulltext_units WHERE chunk IN", list(dict.fromkeys(chunks))
        found: dict[str, list[UnitPlace]] = {chunk: [] for chunk in wanted}
        for chunk, page, unit in in_parts(self._connection(), sql, wanted):
            found[chunk].append(UnitPlace(page, unit))
        for places in found.values():
            places.sort()
        return found


_DOCUMENTS = "SELECT no, doc, pages, words, title FROM fulltext_documents"


def _document(no: int, doc: str, pages: int, words: int, title: bytes) -> DocumentWords:
    return DocumentWords(no, doc, pages, words, np.frombuffer(title, np.uint32))


def quoted(phrase: Sequence[str]) -> str:
    """An FTS5 string of these terms: operators and quotes lose their meaning."""
    joined = " ".join(phrase).replace('"', '""')
    return f'"{joined}"'
