"""Pages, figures, tables and sections that a question names by their number, and what else it asks."""

import pytest

from rag.answering.languages.data import LANGUAGES, language_data
from rag.answering.questions.kinds import kinds_of
from rag.answering.questions.parts_asked import PartsAsked, parts_asked

FIGURE = {
    "en": "Show me figure 3", "de": "Zeig mir Abbildung 3", "fr": "Montre-moi la figure 3",
    "es": "Muéstrame la figura 3", "it": "Mostrami la figura 3", "nl": "Laat figuur 3 zien", "pl": "Pokaż rysunek 3",
    "pt": "Mostre a figura 3", "tr": "Şekil 3'ü göster", "zh": "显示图3", "ja": "図3を見せてください",
}  # fmt: skip
PAGE = {
    "en": "What is on page 12?", "de": "Was steht auf der 12. Seite?", "fr": "Que dit la page 12 ?",
    "es": "¿Qué hay en la página 12?", "it": "Cosa c'è a pagina 12?", "nl": "Wat staat er op pagina 12?",
    "pl": "Co jest na stronie 12?", "pt": "O que há na página 12?", "tr": "12. sayfada ne var?",
    "zh": "第12页写了什么？", "ja": "12ページには何が書いてありますか",
}  # fmt: skip
TABLES = {
    "en": "List all tables", "de": "Welche Tabellen gibt es?", "fr": "Liste tous les tableaux",
    "es": "Lista de tablas", "it": "Elenca tutte le tabelle", "nl": "Noem alle tabellen", "pl": "Wymień tabele",
    "pt": "Liste todas as tabelas", "tr": "Tüm tabloları listele", "zh": "列出所有表格",
    "ja": "すべての表を一覧表示してください",
}  # fmt: skip


def asked(question: str) -> PartsAsked:
    return parts_asked(question, kinds_of(question).language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_part_and_nothing_else_is_asked_for_in_every_language(language: str) -> None:
    figure, page, tables = asked(FIGURE[language]), asked(PAGE[language]), asked(TABLES[language])
    assert [(place.to, place.number) for place in figure.places] == [("figure", "3")]
    assert [(place.to, place.number) for place in page.places] == [("page", "12")]
    assert (tables.places, tables.lists) == ((), ("tables",))
    assert figure.left == page.left == tables.left == frozenset()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_the_words_for_parts(language: str) -> None:
    assert set(language_data(language).places) == set(language_data("en").places)


@pytest.mark.parametrize(
    ("question", "part"),
    [
        ("explain Fig. 7", "figure 7"), ("the 3rd page", "page 3"), ("section 4.2?", "section 4.2"),
        ("what does chart 4 show", "figure 4"), ("Appendix B", "section B"), ("Folie 9", "page 9"),
        ("Summarize chapter 3", "section 3"), ("Résume le chapitre 3", "section 3"), ("第3章の内容", "section 3"),
    ],
)  # fmt: skip
def test_parts_are_known_however_they_are_written(question: str, part: str) -> None:
    found = asked(question)
    assert [f"{place.to} {place.number}" for place in found.places] == [part]
    assert not found.left


def test_the_first_and_the_last_page_and_the_chapters_are_named_in_words() -> None:
    assert asked("what is on the last page?").ends == ("last_page",)
    assert asked("Was steht auf der ersten Seite?").ends == ("first_page",)
    assert asked("give me the table of contents").lists == ("chapters",) == asked("目次を見せて").lists


@pytest.mark.parametrize(
    "question",
    ["Which torque does table 2 give for bolts?", "Welche Schraube zeigt Abbildung 4?", "figure 3 of the pump"],
)
def test_what_is_asked_beyond_the_part_is_left(question: str) -> None:
    found = asked(question)
    assert found.places and found.left


@pytest.mark.parametrize(
    "question", ["Show me the wiring diagram", "the chapters", "How long is it?", "Which page explains the reset?"]
)
def test_other_questions_name_no_part_by_its_number(question: str) -> None:
    assert asked(question).places == ()
