"""Full text on a real SQLite database: written, found, loaded, deleted."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterator

import numpy as np
import pytest

from ingestion.elements import BBox, Chunk, ChunkKind, Region
from rag.storage.full_text import index as fulltext
from rag.storage.full_text import term_vectors
from rag.storage.full_text.index import TERMS_VERSION, FullText, Where
from rag.storage.full_text.term_vectors import page_key, page_of
from rag.storage.tables import schema
from rag.text.analysis import terms

BOX = BBox(0, 0, 100, 20)


def chunk(name: str, page: int, text: str, kind: ChunkKind = "text", **more: str) -> Chunk:
    return Chunk(name, "d", kind, text, (Region(page, BOX),), **more)


def page_chunk(page: int, text: str) -> Chunk:
    return chunk(f"page{page}", page, text, "page")


MANUAL = [
    page_chunk(1, "Toaster manual\nSafety\nKeep away from water."),
    chunk("c1", 1, "Keep away from water."),
    page_chunk(2, "Cleaning\nThe crumb tray slides out. Error E-42 means the lid is open."),
    chunk("c2", 2, "The crumb tray slides out.", heading="Cleaning"),
    chunk("f1", 2, "lever dial", "figure", caption="Figure 1: Crumb tray, exploded view", mentions="See Figure 1."),
]


@pytest.fixture
def db() -> Iterator[sqlite3.Connection]:
    connection = sqlite3.connect(":memory:")
    schema.create(connection)
    yield connection
    connection.close()


def _no(db: sqlite3.Connection, doc: str) -> int:
    return FullText(lambda: db).documents([doc])[0].no


def found_pages(db: sqlite3.Connection, *phrases: str, document: int | None = None) -> list[int]:
    where = Where() if document is None else Where((document,))
    keys = FullText(lambda: db).search([terms(phrase) for phrase in phrases], 10, where)
    return [page_of(key) for key in keys]


def test_words_and_phrases_find_their_page(db: sqlite3.Connection) -> None:
    fulltext.insert(db, "d", "manual.pdf", "Toaster", MANUAL)
    assert found_pages(db, "trays") == [2]
    assert found_pages(db, "crumb tray") == [2]
    assert sorted(found_pages(db, "crumb tray", "water")) == [1, 2]
    assert found_pages(db, "tray crumb") == []


def test_captions_and_words_inside_figures_are_found(db: sqlite3.Connection) -> None:
    fulltext.insert(db, "d", "manual.pdf", "Toaster", MANUAL)
    assert found_pages(db, "exploded") == [2]
    assert found_pages(db, "dial") == [2]


def test_query_syntax_has_no_meaning(db: sqlite3.Connection) -> None:
    fulltext.insert(db, "d", "manual.pdf", "Toaster", MANUAL)
    for text in ('water" OR *', "NEAR(water tray)", "words:water", "^water -tray", "'); DROP TABLE x; --", '"'):
        FullText(lambda: db).search([[text]], 10, Where())
    assert found_pages(db, "E-42") == [2]


def test_scripts_without_spaces_are_found_by_part_of_a_word(db: sqlite3.Connection) -> None:
    fulltext.insert(db, "d", "取扱説明書.pdf", "", [page_chunk(1, "電源プラグを抜いてください"), page_chunk(2, "清掃")])
    assert found_pages(db, "電源プラグ") == [1]
    assert found_pages(db, "プラグ") == [1]


def test_delete_leaves_nothing_and_the_others_alone(db: sqlite3.Connection) -> None:
    fulltext.insert(db, "d", "manual.pdf", "Toaster", MANUAL)
    fulltext.insert(db, "e", "other.pdf", "", [page_chunk(1, "water pump")])
    fulltext.delete(db, "d")
    fulltext.delete(db, "unknown")
    assert found_pages(db, "tray") == []
    assert FullText(lambda: db).documents_with(["water"]).documents.tolist() == [_no(db, "e")]
    fulltext.delete(db, "e")
    assert FullText(lambda: db).totals() == (0, 0)
    for table in ("documents", "pages", "units", "postings"):
        assert db.execute(f"SELECT COUNT(*) FROM fulltext_{table}").fetchone() == (0,)


def test_search_within_one_document(db: sqlite3.Connection) -> None:
    fulltext.insert(db, "d", "manual.pdf", "Toaster", MANUAL)
    fulltext.insert(db, "e", "other.pdf", "", [page_chunk(7, "water pump")])
    assert found_pages(db, "water", document=_no(db, "e")) == [7]
    assert sorted(found_pages(db, "water")) == [1, 7]
    text = FullText(lambda: db)
    assert [page_of(key) for key in text.search([["water"]], 10, Where(pages=(2, 9)))] == [7]
    assert [page_of(key) for key in text.page_keys(10, Where((_no(db, "d"), _no(db, "e")), (2, 9)))] == [2, 7]


def test_pages_in_order_over_documents_as_many_as_wanted(db: sqlite3.Connection) -> None:
    for name in ("c", "a", "b"):
        fulltext.insert(db, name, f"{name}.pdf", "", [page_chunk(page, "pump") for page in (1, 2, 5)])
    text = FullText(lambda: db)
    whole, documents = text.page_keys(99, Where()), sorted(_no(db, name) for name in "abc")
    assert [(key >> term_vectors.PAGE_BITS, page_of(key)) for key in whole] == [
        (d, p) for d in documents for p in (1, 2, 5)
    ]
    assert text.page_keys(4, Where()) == whole[:4]
    assert text.page_keys(99, Where((documents[2], documents[0]))) == [*whole[:3], *whole[6:]]
    assert text.page_keys(99, Where(pages=(2, 10**9))) == [key for key in whole if page_of(key) > 1]
    assert text.page_keys(99, Where(pages=(10**9, 10**9))) == []


def test_loaded_pages_give_back_their_words_by_field_and_chunk(db: sqlite3.Connection) -> None:
    fulltext.insert(db, "d", "manual.pdf", "Toaster", MANUAL)
    no = _no(db, "d")
    pages = FullText(lambda: db).load([page_key(no, 2), page_key(no, 99)])
    assert pages.keys.tolist() == [page_key(no, 2)]
    units = {unit.chunk: unit.number for unit in FullText(lambda: db).units(pages.keys.tolist())[page_key(no, 2)]}
    assert units["page2"] == 0
    caption = pages.words[pages.marks == units["f1"] << term_vectors.FIELD_BITS | term_vectors.CAPTION]
    assert np.array_equal(caption, term_vectors.term_numbers(terms("Figure 1: Crumb tray, exploded view")))
    assert (pages.figures.tolist(), pages.tables.tolist()) == ([1], [0])
    assert pages.top.tolist() == [len(terms("Cleaning The crumb tray slides out. Error E-42 means the lid is open."))]


def test_a_table_over_two_pages_stands_on_both(db: sqlite3.Connection) -> None:
    table = Chunk("t", "d", "table", "| Torque | 5 Nm |", (Region(1, BOX), Region(2, BOX)))
    fulltext.insert(db, "d", "manual.pdf", "", [page_chunk(1, "a"), page_chunk(2, "b"), table])
    assert found_pages(db, "torque") == [1, 2]
    no = _no(db, "d")
    both = page_key(no, 1), page_key(no, 2)
    assert FullText(lambda: db).pages_of(["t", "gone"]) == {"t": both, "gone": ()}
    assert FullText(lambda: db).pages_of(["t", "gone"], [no]) == {"t": both, "gone": ()}


def test_phrases_are_counted_by_page(db: sqlite3.Connection) -> None:
    fulltext.insert(db, "d", "manual.pdf", "Toaster", MANUAL)
    assert FullText(lambda: db).page_count(["crumb", "trai"]) == 1
    assert FullText(lambda: db).page_count(["trai", "crumb"]) == 0


def test_other_terms_need_another_version() -> None:
    """Where this fails, a text gives other terms than in the version before: raise TERMS_VERSION, then note the hash.

    Otherwise indexes that are there keep the old terms, and questions made of new ones do not find them.
    """
    made = terms(
        "The pumps' filters, 46 kg 46kg 2,500.75 mm 10^-6 m³ H₂O E-04 RJ45 naïve Straße café CO2 brine¹ 1½ ½ 24VDC "
        "12.5V ±0,5% fig. 3 Figures 3–5 running runs ran 取扱説明書 ポンプ ﬁlter soft\u00adhyphen x_y a.b.c 25°C 25ºC ™"
    )
    made += terms("E07이 뜨면 필터를 청소하세요")
    made += terms("Reinigen Sie die Geräte, Abb. 3, größere Schläuche, auszuschalten, eingestellt", "de")
    made += terms("Nettoyez les réservoirs après chaque vidange, réglée à 1,5 bar", "fr")
    assert (TERMS_VERSION, hashlib.sha256(" ".join(made).encode()).hexdigest()[:12]) == (6, "52b26ab3b3c8")
