"""Several questions at once, told from one that is long or that leans on what it said before."""

import pytest

from rag.answering.questions.several import asked_apart


@pytest.mark.parametrize(
    ("text", "language", "second"),
    [
        ("What does E07 mean and how do I clean the air filter?", "en", "how do I clean the air filter"),
        ("What is the warranty period? How do I contact support?", "en", "How do I contact support"),
        ("Wie entkalke ich die Kaffeemaschine und welche Sicherung passt?", "de", "welche Sicherung passt"),
        ("Quelle est la tension de la pompe et comment nettoyer le filtre ?", "fr", "comment nettoyer le filtre"),
        ("¿Qué significa el error E07 y cómo se limpia el filtro de aire?", "es", "cómo se limpia el filtro de aire"),
        ("Quanto pesa la pompa idraulica e come si pulisce il filtro?", "it", "come si pulisce il filtro"),
        ("Wat betekent fout E07 en hoe maak ik het luchtfilter schoon?", "nl", "hoe maak ik het luchtfilter schoon"),
        ("Co oznacza błąd E07 i jak wyczyścić filtr powietrza?", "pl", "jak wyczyścić filtr powietrza"),
        ("O que significa o erro E07 e como limpar o filtro de ar?", "pt", "como limpar o filtro de ar"),
        ("E07 hatası ne demek ve hava filtresi nasıl temizlenir?", "tr", "hava filtresi nasıl temizlenir"),
        ("E07是什么意思？空气滤网怎么清洗？", "zh", "空气滤网怎么清洗"),
        ("E07とは何ですか？エアフィルターはどう掃除しますか？", "ja", "エアフィルターはどう掃除しますか"),
    ],
)  # fmt: skip
def test_two_questions_are_told(text: str, language: str, second: str) -> None:
    found = asked_apart(text, language)
    assert len(found) == 2
    assert found[1] == second


@pytest.mark.parametrize(
    "text",
    [
        "black smoke out the exhaust, what can it all be?", "How fast does it go in P and how fast in E?",
        "How do I clean the filter and when?", "What happens when I press P and hold it?",
        "Which is heavier, the AX20 or the AX30? And what do they cost?", "Can I wash the filter and can I dry it?",
        "Which group is greater in 2018? Republicans who are young, or others who are old?",
        "What is E1? What is E2? What is E3? What is E4?", "where do the pump and the fan stand",
    ],
)  # fmt: skip
def test_one_question_stays_one(text: str) -> None:
    assert asked_apart(text, "en") == ()


def test_what_is_stated_first_belongs_to_the_first_question() -> None:
    text = "The red lamp blinks. What does E07 mean? And which fuse is in the power supply?"
    assert asked_apart(text, "en") == (
        "The red lamp blinks. What does E07 mean",
        "which fuse is in the power supply",
    )
