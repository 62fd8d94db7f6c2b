"""Questions that a usual chapter of a manual answers, and headings that name one."""

from math import inf

import pytest

from rag.answering.questions.chapters_asked import chapters_asked, names_chapter, plainest, words_beside


@pytest.mark.parametrize(
    ("question", "language", "chapter"),
    [
        ("How do I clean it?", "en", "cleaning"), ("What is the warranty?", "en", "warranty"),
        ("what comes with it?", "en", "contents"), ("Who do I call if it breaks?", "en", "service"),
        ("What are the most important warnings?", "en", "safety"), ("How do I throw it away?", "en", "disposal"),
        ("Wie lange habe ich Garantie?", "de", "warranty"), ("Was ist im Karton?", "de", "contents"),
        ("Wen rufe ich an, wenn es kaputt ist?", "de", "service"), ("Comment nettoyer l'appareil ?", "fr", "cleaning"),
        ("¿Qué hay en la caja?", "es", "contents"), ("Quanto dura la garanzia?", "it", "warranty"),
        ("Hoe maak ik het schoon?", "nl", "cleaning"), ("Jak to wyczyścić?", "pl", "cleaning"),
        ("O que vem na caixa?", "pt", "contents"), ("Garanti süresi nedir?", "tr", "warranty"),
        ("坏了联系谁？", "zh", "service"), ("箱の中に何が入っていますか？", "ja", "contents"),
    ],
)  # fmt: skip
def test_a_chapter_is_asked_for_in_every_language(question: str, language: str, chapter: str) -> None:
    assert chapters_asked(question, language) == {chapter}


@pytest.mark.parametrize(
    "question",
    [
        "How do I clean the filter?", "Is it waterproof?", "Which box wrench fits?", "How do I reset it?",
        "What does the warranty say about batteries?", "clean E07", "Can I use it outdoors?",
    ],
)  # fmt: skip
def test_who_names_a_part_asks_for_more(question: str) -> None:
    assert not chapters_asked(question, "en")


def test_a_heading_names_a_chapter_where_it_says_little_else() -> None:
    cleaning, safety = frozenset(("cleaning",)), frozenset(("safety",))
    assert names_chapter("5.2 Care and cleaning", cleaning) and names_chapter("REINIGUNG UND PFLEGE", cleaning)
    assert names_chapter("お手入れ", cleaning) and words_beside("Wiring", cleaning) == inf
    assert not names_chapter("Cleaning the burner tray of the left oven", cleaning)
    headings = ["3 Fit and safety", "警告", "Important safety information", "Sicherheitshinweise"]
    assert plainest(headings, safety, "en") == "Important safety information"
    assert plainest(headings, safety, "de") == "Sicherheitshinweise"
    assert plainest(["Wiring"], safety, "en") is None
