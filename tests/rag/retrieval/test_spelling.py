"""Codes and words of other languages, from the page to the ranking's numbers, on a real full-text index."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from ingestion.elements import BBox, Chunk, Region
from rag.retrieval.knowledge import look_up, respelt
from rag.retrieval.query import parse_question
from rag.retrieval.spelling import in_spelling_of
from rag.retrieval.term_matching import count_runs, field_counts
from rag.storage.full_text import index as fulltext
from rag.storage.full_text.index import FullText, Where
from rag.storage.full_text.term_vectors import PAGE, document_of, page_of
from rag.storage.tables import schema

GERMAN = (
    "Wie wird das Gerät gereinigt? Die Filter sind nach dem Gebrauch zu reinigen und die Schläuche von außen mit "
    "einem Tuch abzuwischen. Es darf nicht in Wasser getaucht werden, und bei Schäden ist der Kundendienst zu rufen."
)
ENGLISH = (
    "How is the unit cleaned? The filters are to be rinsed after use and the hoses are wiped from the outside with a "
    "cloth. The settings are kept when it is switched off, and you can change them at any time in the menu."
)


def _page(number: int, text: str) -> Chunk:
    return Chunk(f"d:{number}", "d", "page", text, (Region(number, BBox(0, 0, 600, 800)),))


@pytest.fixture
def db(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    connection = sqlite3.connect(tmp_path / "catalogue.sqlite3")
    schema.bring_up_to_date(connection)
    yield connection
    connection.close()


def _pages_by_count(db: sqlite3.Connection, question: str) -> dict[int, float]:
    """How often the question's first term stands on each page, as the ranking counts it."""
    text = FullText(lambda: db)
    parsed = respelt(text, parse_question(question, text.languages()))
    known = look_up(text, parsed)
    keys = text.search([(term,) for term in parsed.terms], 50, Where())
    keys += text.search([other for others in parsed.spellings.values() for other in others], 50, Where())
    pages = in_spelling_of(text.load(keys), parsed.spellings)
    counts = field_counts(count_runs(pages, parsed.terms[:1]), len(pages.keys), (PAGE,))[0][:, 0]
    assert known.statistics.terms[parsed.terms[0]] >= np.count_nonzero(counts)  # two spellings on a page count twice
    return {page_of(key): count for key, count in zip(pages.keys.tolist(), counts.tolist(), strict=True) if count}


@pytest.mark.parametrize("asked", ["E07", "E-07", "e 07", "error code E07?"])
def test_a_code_is_counted_whole_where_it_stands_in_any_spelling(db: sqlite3.Connection, asked: str) -> None:
    pages = ["Error E-07: lid open", "E07", "code E 07 again e07", "E 70, W-07, E7 and E", "07 and E", "Step E", "07"]
    fulltext.insert(db, "d", "codes.pdf", "", [_page(n, text) for n, text in enumerate(pages, 1)])
    text = FullText(lambda: db)
    parsed = respelt(text, parse_question(asked))
    assert "e07" in parsed.terms and not {"e", "07"} & set(parsed.terms)
    assert _pages_by_count(db, asked.replace("error code ", "")) == {1: 1.0, 2: 1.0, 3: 2.0}


def test_a_code_that_goes_on_on_the_next_page_or_field_is_none(db: sqlite3.Connection) -> None:
    fulltext.insert(db, "d", "codes.pdf", "", [_page(1, "part E"), _page(2, "07 pieces"), _page(3, "E-07")])
    assert _pages_by_count(db, "E07") == {3: 1.0}


@pytest.mark.parametrize("asked", ["5000 mAh", "5000mAh"])
def test_a_number_is_found_with_its_unit_joined_and_apart(db: sqlite3.Connection, asked: str) -> None:
    pages = [_page(1, "battery 5000mAh"), _page(2, "battery 5000 mAh"), _page(3, "battery 500mAh")]
    fulltext.insert(db, "d", "units.pdf", "", pages)
    assert _pages_by_count(db, asked) == {1: 1.0, 2: 1.0}


def test_of_a_code_that_is_not_there_the_longest_beginning_counts(db: sqlite3.Connection) -> None:
    fulltext.insert(db, "d", "codes.pdf", "", [_page(1, "pump MX500"), _page(2, "MX 200"), _page(3, "500 pumps")])
    assert _pages_by_count(db, "MX-500/2") == {1: 1.0}
    text = FullText(lambda: db)
    assert respelt(text, parse_question("ZQ-99")).terms == ("zq", "99")


def test_pages_are_stemmed_in_their_language_and_found_by_questions_in_any(db: sqlite3.Connection) -> None:
    fulltext.insert(db, "de", "anleitung.pdf", "", [_page(1, GERMAN), _page(2, "Typ 4711 TX-9")])
    text = FullText(lambda: db)
    assert text.languages() == ("de",)
    fulltext.insert(db, "en", "manual.pdf", "", [_page(1, ENGLISH)])
    assert text.languages() == ("de", "en")
    german, english = (text.documents([doc])[0].no for doc in ("de", "en"))
    assert text.languages([english]) == ("en",)
    for question, no in (
        ("wie kann ich den Schlauch reinigen?", german),
        ("where do I change a setting?", english),
        ("TX9", german),
    ):
        parsed = respelt(text, parse_question(question, text.languages()))
        terms = [spelling for term in parsed.terms for spelling in ((term,), *parsed.spellings.get(term, ()))]
        assert document_of(text.search(terms, 5, Where())[0]) == no
    fulltext.delete(db, "de")
    assert text.languages() == ("en",)


def test_words_of_a_language_that_no_page_is_in_are_not_mended_into_another(db: sqlite3.Connection) -> None:
    fulltext.insert(db, "en", "manual.pdf", "", [_page(1, f"{ENGLISH} A long reign, a high status.")])
    text = FullText(lambda: db)
    german = respelt(text, parse_question("Wie kann ich das Gerät reinigen?", text.languages()))
    assert "reign" not in german.terms and "reinigen" in german.terms
    assert "statu" in respelt(text, parse_question("statuz", text.languages())).terms


def test_each_page_of_a_manual_in_several_languages_has_its_own(db: sqlite3.Connection) -> None:
    fulltext.insert(db, "both", "manual.pdf", "", [_page(1, ENGLISH), _page(2, GERMAN), _page(3, "4711")])
    assert FullText(lambda: db).languages() == ("de", "en")
