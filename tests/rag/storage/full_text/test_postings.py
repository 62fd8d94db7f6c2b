"""The inverted index against SQLite's FTS5, which finds and ranks the same."""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Hashable, Iterator

import numpy as np
import pytest

from rag.storage.full_text import postings
from rag.storage.full_text.postings import (
    MOST_DOCUMENTS,
    PLACE,
    TermRows,
    best_pages,
    phrase_postings,
    postings_of,
    rows_of,
    with_places,
)
from rag.storage.full_text.term_vectors import page_key

WORDS = [f"w{n}" for n in range(30)]
Made = dict[int, dict[int, tuple[list[str], list[str]]]]  # document, page: words and what stands beside them


@pytest.fixture(scope="module")
def made() -> Made:
    chance = random.Random(5)

    def some(most: int) -> list[str]:
        return [WORDS[min(int(chance.expovariate(0.2)), 29)] for _ in range(chance.randint(0, most))]

    return {no: {page: (some(60), some(12)) for page in (1, 2, 3, 7)[: chance.randint(1, 4)]} for no in range(3, 60, 4)}


@pytest.fixture(scope="module")
def db(made: Made) -> Iterator[sqlite3.Connection]:
    opened = sqlite3.connect(":memory:")
    opened.execute("CREATE VIRTUAL TABLE fts USING fts5(words, beside)")
    opened.execute("CREATE TABLE fulltext_postings(term, no, pages, hits, places, PRIMARY KEY(term, no))")
    for no, pages in made.items():
        for page, parts in pages.items():
            row = (page_key(no, page), *map(" ".join, parts))
            opened.execute("INSERT INTO fts(rowid, words, beside) VALUES (?,?,?)", row)
        rows = [(row.term, no, row.pages, row.hits, row.places) for row in rows_of(pages)]
        assert [row[0] for row in rows] == sorted(row[0] for row in rows)
        opened.executemany("INSERT INTO fulltext_postings VALUES (?,?,?,?,?)", rows)
    yield opened
    opened.close()


def _library(made: Made) -> tuple[int, int]:
    parts = [part for pages in made.values() for part in pages.values()]
    return len(parts), sum(len(body) + len(beside) for body, beside in parts)


@pytest.mark.parametrize("number", range(12))
def test_pages_are_ranked_as_fts5_ranks_them(db: sqlite3.Connection, made: Made, number: int) -> None:
    chance = random.Random(number)
    phrases = {tuple(chance.sample(WORDS, size)) for size in (1, 1, 1, 2, 2, 3)}
    phrases |= {("w0", "w1"), ("w0", "w0"), ("unknown",), ("w1", "unknown")}
    every = {phrase: phrase_postings(db, phrase) for phrase in phrases}
    match = " OR ".join(f'"{" ".join(phrase)}"' for phrase in every)
    wanted = [row[0] for row in db.execute("SELECT rowid FROM fts WHERE fts MATCH ? ORDER BY rank LIMIT 15", (match,))]
    found = [(one, len(one.page)) for one in every.values()]
    assert best_pages(found, 15, _library(made), None, None) == wanted
    within = [no for no in made if no % 3]
    span = f"AND (rowid >> 20) IN ({','.join(map(str, within))}) AND (rowid & 1048575) BETWEEN 2 AND 3"
    wanted = [row[0] for row in db.execute(f"SELECT rowid FROM fts WHERE fts MATCH ? {span} ORDER BY rank", (match,))]
    assert best_pages(found, 99, _library(made), within, (2, 3)) == wanted
    narrow = [(phrase_postings(db, phrase, within), len(one.page)) for phrase, one in every.items()]
    assert best_pages(narrow, 99, _library(made), within, (2, 3)) == wanted


def test_a_phrase_stands_in_one_part_of_one_page(db: sqlite3.Connection) -> None:
    for phrase in (("w0", "w1"), ("w2", "w0", "w1"), ("w3", "w3")):
        (wanted,) = db.execute("SELECT COUNT(*) FROM fts WHERE fts MATCH ?", (f'"{" ".join(phrase)}"',)).fetchone()
        assert len(phrase_postings(db, phrase).page) == wanted
    alone = postings_of(db, "w0")
    same = phrase_postings(db, ["w0"])
    assert all(np.array_equal(getattr(alone, name), getattr(same, name)) for name in ("documents", "page", "times"))
    assert len(postings_of(db, "unknown").documents) == 0


@pytest.mark.parametrize("phrase", [("w0", "w1"), ("w2", "w0", "w1"), ("w3", "w3"), ("w1", "unknown")])
def test_rows_that_are_known_answer_for_a_part_of_the_documents(
    db: sqlite3.Connection, made: Made, phrase: tuple[str, ...]
) -> None:
    known: dict[Hashable, TermRows] = {}
    for term in phrase:
        with_places(db, term, known)
    within, middle = [no for no in made if no % 3], sorted(made)[len(made) // 2]
    for documents, share in ((None, 1.0), (within, 1.0), (None, middle / MOST_DOCUMENTS), ([], 1.0)):
        asked = phrase_postings(db, phrase, documents, share)
        cut = phrase_postings(db, phrase, documents, share, dict(known))
        for name in ("documents", "pages", "page", "times", "size"):
            assert np.array_equal(getattr(cut, name), getattr(asked, name))


def test_more_of_a_word_on_a_page_than_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(postings, "_MOST", 3)
    (row, other) = rows_of({1: (["a", "b", "a", "a", "a"], []), 4: (["a", "b"], [])})
    assert np.frombuffer(row.hits, postings.HIT).tolist() == [(1, 3, 3), (4, 1, 2)]
    assert np.frombuffer(row.places, PLACE).tolist() == [0, 2, 3, 7]
    assert (other.term, other.pages, other.times) == ("b", 2, 2)


def test_a_document_without_words_has_no_rows() -> None:
    assert list(rows_of({})) == list(rows_of({1: ([], [])})) == []
