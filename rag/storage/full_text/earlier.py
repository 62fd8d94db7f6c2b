"""The full text of an index that an earlier version has made and that cannot be made anew now: read as it is, by FTS5.

An index comes to this where another process writes while it is opened, or where the disk is full.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from rag.storage.full_text.index import MAX_MATCH_TERMS, FullText, Where
from rag.storage.full_text.term_vectors import LAST_PAGE, PAGE_BITS, TermPages, page_key
from rag.storage.tables.connections import Connection, in_parts
from rag.text.spelling import SURE_START, may_be_misspelt, meant_by

TABLE = "fulltext_index"  # is there until all is made anew
_EVERYWHERE = Where()


class FullTextBefore(FullText):
    """Of schema 3 and before: ``fulltext_index`` and ``fulltext_vocabulary``."""

    _VOCABULARY = "fulltext_vocabulary"

    def has(self, phrase: Sequence[str]) -> bool:
        """See :meth:`FullText.has`."""
        return bool(len(self.documents_with(phrase).documents))

    def page_count(self, phrase: Sequence[str], where: Where = _EVERYWHERE) -> int:
        """See :meth:`FullText.page_count`; nothing is estimated."""
        return int(self.documents_with(phrase).pages.sum())

    def documents_with(self, phrase: Sequence[str], where: Where = _EVERYWHERE) -> TermPages:
        """See :meth:`FullText.documents_with`."""
        db = self._connection()
        if len(phrase) == 1:
            rows = list(in_parts(db, "SELECT no, pages FROM fulltext_vocabulary WHERE term IN", list(phrase)))
        else:
            sql = f"SELECT rowid >> {PAGE_BITS}, COUNT(*) FROM fulltext_index WHERE fulltext_index MATCH ? GROUP BY 1"
            rows = db.execute(sql, (_quoted(phrase),)).fetchall()
        found = np.array(sorted(set(rows)), dtype=np.int64).reshape(-1, 2)
        return TermPages(found[:, 0], found[:, 1])

    def near(self, term: str) -> str | None:
        """See :meth:`FullText.near`."""
        if not may_be_misspelt(term):
            return None
        start = term[:SURE_START]
        sql = (
            "SELECT DISTINCT term FROM fulltext_vocabulary WHERE term BETWEEN ? AND ? AND length(term) BETWEEN ? AND ?"
        )
        values = (start, start + chr(0x10FFFF), len(term) - 1, len(term) + 1)
        return meant_by(term, [row[0] for row in self._connection().execute(sql, values)])

    def search(self, phrases: Sequence[Sequence[str]], k: int, where: Where) -> list[int]:
        """See :meth:`FullText.search`."""
        wanted = list(dict.fromkeys(_quoted(phrase) for phrase in phrases if phrase))[:MAX_MATCH_TERMS]
        if not wanted:
            return []
        condition, values = _condition(where)
        sql = f"SELECT rowid FROM fulltext_index WHERE fulltext_index MATCH ?{condition} ORDER BY rank LIMIT ?"
        return [row[0] for row in self._connection().execute(sql, (" OR ".join(wanted), *values, k))]


def forget(db: Connection, doc_id: str) -> None:
    """Take a document out of the tables of before."""
    for (no,) in db.execute("SELECT no FROM fulltext_documents WHERE doc = ?", (doc_id,)).fetchall():
        span = page_key(no, 0), page_key(no + 1, 0) - 1
        db.execute("DELETE FROM fulltext_index WHERE rowid BETWEEN ? AND ?", span)
        db.execute("DELETE FROM fulltext_vocabulary WHERE no = ?", (no,))


def drop(db: Connection) -> None:
    """The tables, when all is made anew."""
    db.execute("DROP TABLE IF EXISTS fulltext_index")
    db.execute("DROP TABLE IF EXISTS fulltext_vocabulary")


def _condition(where: Where) -> tuple[str, list[int]]:
    """SQL after a WHERE clause, and its values; one document is a range, which FTS5 can jump to."""
    sql, values = "", list[int]()
    if where.documents is not None and len(where.documents) == 1:
        sql += " AND rowid BETWEEN ? AND ?"
        values += [page_key(where.documents[0], 0), page_key(where.documents[0] + 1, 0) - 1]
    elif where.documents is not None:
        chosen = ",".join(str(no) for no in where.documents)
        sql += f" AND (rowid >> {PAGE_BITS}) IN ({chosen})"
    if where.pages is not None:
        sql += f" AND (rowid & {LAST_PAGE}) BETWEEN ? AND ?"
        values += [min(page, LAST_PAGE) for page in where.pages]
    return sql, values


def _quoted(phrase: Sequence[str]) -> str:
    """An FTS5 string of these terms: operators and quotes lose their meaning."""
    joined = " ".join(phrase).replace('"', '""')
    return f'"{joined}"'
