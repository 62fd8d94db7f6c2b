"""Phrases by language: every language has all of them, the English ones are those of the answers themselves."""

from dataclasses import replace
from string import Formatter

import pytest

from rag.answering.citing.citations import REFUSAL, is_refusal
from rag.answering.languages.data import LANGUAGES
from rag.answering.questions.phrases import phrases, refusals


def fields(template: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(template) if name is not None}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_every_phrase_with_the_same_fields(language: str) -> None:
    english, own = phrases("en").said, phrases(language).said
    assert set(own) == set(english)
    assert {key: fields(own[key]) for key in own} == {key: fields(english[key]) for key in english}
    assert [key for key, words in own.items() if not words.strip()] == []
    assert [key for key, words in own.items() if words != words.strip() and not key.startswith("quote_")] == []


def test_english_phrases_are_those_of_the_answers() -> None:
    assert phrases("en").closest == "This may not answer it. The closest passages:"
    assert phrases("en").refusal == REFUSAL


def test_a_language_without_phrases_gets_english_ones() -> None:
    assert phrases("fi").refusal == REFUSAL and phrases("fi").language == "en"


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_refusal_is_told_in_every_language(language: str) -> None:
    said = phrases(language)
    assert is_refusal(said.unknown_picture)
    for text in (said.refusal, said.refused(["E99"]), said.refused(["E99", "PX-4"]), f"**{said.refusal}**"):
        assert is_refusal(text), text
    assert not is_refusal(f"{said.refusal} E7 [1].")
    assert "E99" in said.refused(["E99"])
    assert len(refusals()) == len(set(refusals())) == 2 * len(LANGUAGES)


def test_quotations_are_put_as_before_in_english() -> None:
    said = phrases("en")
    assert said.from_table(said.table("Error codes"), 12, "Code: E7") == "From “Error codes” on page 12: Code: E7"
    assert said.table(heading="Limits") == "the table under “Limits”" and said.table() == "the table"
    assert said.figure(5, "Figure 2", "the drain valve") == "Figure 2 on page 5 shows: the drain valve"
    assert said.figure(5, inside="OPEN") == "The figure on page 5 shows it, with the words “OPEN”"
    assert said.figure(5, "Figure 2") == "Figure 2 on page 5 shows it"
    assert said.your_picture(said.place("figure", 3, "a.pdf", "Figure 1"), True) == (
        "Your picture shows Figure 1 on page 3 of a.pdf"
    )
    assert said.your_picture(said.place("page", 3, "a.pdf"), False) == "Your picture looks most like page 3 of a.pdf"


def test_quoted_words_may_have_braces() -> None:
    assert phrases("en").from_table("“{0}”", 1, "{page} {") == "From “{0}” on page 1: {page} {"


@pytest.mark.parametrize("language", LANGUAGES)
def test_where_several_documents_were_searched_every_page_is_named_with_its_document(language: str) -> None:
    said = replace(phrases(language), across=True).of("a {manual}.pdf")
    for words in (
        said.from_table("„T“", 12, "a: b"),
        said.figure(12, "Figure 2", "the drain valve"),
        said.figure(12, inside="OPEN"),
        said.figure(12),
        said.near_figure(12),
        said.found_in(3, "„T“", 12),
    ):
        assert words.count("a {manual}.pdf") == 1 and words.count("12") == 1, words
    assert phrases(language).of("a.pdf").figure(12) == phrases(language).figure(12)


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("en", "From T on page 12 of a.pdf: b"),
        ("de", "Aus T auf Seite 12 von a.pdf: b"),
        ("es", "Según T, página 12 de a.pdf: b"),
        ("pl", "Źródło: T, strona 12 dokumentu a.pdf: b"),
        ("tr", "Kaynak: T, a.pdf, sayfa 12: b"),
        ("zh", "T，a.pdf 第 12 页：b"),
        ("ja", "T（a.pdf、12 ページ）より：b"),
    ],
)
def test_the_document_of_a_page_stands_where_the_language_has_it(language: str, expected: str) -> None:
    assert replace(phrases(language), across=True).of("a.pdf").from_table("T", 12, "b") == expected
