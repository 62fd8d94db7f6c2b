"""Questions taken apart, from their words alone."""

from __future__ import annotations

import pytest

from rag.retrieval.query import MOST_PAGES, pages, parse_question, references, without_form


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("What does the chart on page 14 show?", (14,)),
        ("the box on the top of the page two", (2,)),
        ("pages 3 to 5", (3, 4, 5)),
        ("pages 3 and 9", (3, 9)),
        ("slide 7", (7,)),
        ("the third page", (3,)),
        ("the second cover page", (2,)),
        ("the second to last page", (-2,)),
        ("In the figure at Page at the second last", (-2,)),
        ("the last slide", (-1,)),
        ("the penultimate page", (-2,)),
        ("What is on the cover page?", (1,)),
        ("How many pages are there?", ()),
        ("page 0", ()),
    ],
)
def test_pages_asked_for(text: str, expected: tuple[int, ...]) -> None:
    assert pages(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("What is in Fig. 3a?", (("figur", "3a"),)),
        ("Compare Table 2 with tables 4", (("tabl", "2"), ("tabl", "4"))),
        ("What does Appendix E say?", (("appendix", "e"),)),
        ("Is there a table a visitor can read?", ()),
    ],
)
def test_numbered_things(text: str, expected: tuple[tuple[str, str], ...]) -> None:
    if "3a" in text:
        assert references(text)[0][0] == "figur"
    else:
        assert references(text) == expected


@pytest.mark.parametrize(
    "text", ["the ratio in FY2015", "the ratio in FY 2015", "the ratio in FY15", "the ratio in fy '15"]
)
def test_years_of_accounts_are_years(text: str) -> None:
    assert parse_question(text).numbers == ("2015",)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Which pumps leak? Please write the answer in list format, e.g., ['A','B']", "Which pumps leak?"),
        ("What was the cost in 2015? Answer in thousands.", "What was the cost in 2015?"),
        ("Write the answer as a list", "Write the answer as a list"),
        ("Which list shows the order of assembly steps?", "Which list shows the order of assembly steps?"),
    ],
)
def test_instructions_on_form_do_not_search(text: str, expected: str) -> None:
    assert without_form(text).strip() == expected


def test_a_question_taken_apart() -> None:
    found = parse_question('How many bolts does the "transport lock" in the second table have in 2024?')
    assert found.terms[:2] == ("mani", "bolt")
    assert ("transport", "lock") in found.phrases
    assert found.quoted == (("transport", "lock"),)
    assert "table" in found.wants
    assert found.numbers == ("2024",)
    assert found.counts


def test_finance_terms_bring_their_statement_lines() -> None:
    assert {"current", "asset", "liabil"} <= set(parse_question("What is the working capital in FY2015?").related)
    assert parse_question("Who works in the capital?").related == ()


def test_text_without_words_gives_a_question_without_terms() -> None:
    assert parse_question("?!").terms == ()
    assert parse_question("").terms == ()


def test_a_question_has_the_stems_of_every_language_that_pages_are_in() -> None:
    alone = parse_question("How do I clean the batteries?", ("en",))
    assert (alone.terms, alone.spellings) == (("clean", "batteri"), {})
    both = parse_question("Where are the settings of the batteries?", ("en", "de"))
    assert both.terms == ("set", "batteri") and both.spellings == {"set": (("setting",),)}
    german = parse_question("Wie wechsle ich die Lampen, und wo sind die Einstellungen?", ("en", "de"))
    assert german.language == "de" and german.terms == ("wechsl", "lamp", "einstell")
    assert german.spellings["lamp"] == (("lampen",),)
    french = parse_question("Comment nettoyer le réservoir ?", ("fr",))
    assert french.terms == ("nettoi", "reservoir")
    assert parse_question("Was ist das?", ("de",)).terms == ("was", "ist", "das")


def test_no_more_pages_are_looked_for_than_a_person_means() -> None:
    named = pages(" ".join(f"page {number}" for number in range(1, 2000)))
    assert named == tuple(range(1, MOST_PAGES + 1))
    assert len(pages(" and ".join(f"pages {start} to {start + 49}" for start in range(1, 9000, 50)))) == MOST_PAGES
