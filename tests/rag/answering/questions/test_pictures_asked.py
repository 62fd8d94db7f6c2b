"""Questions that want to see a picture, and others that only speak of one."""

import pytest

from rag.answering.questions.pictures_asked import asks_to_show


@pytest.mark.parametrize(
    ("question", "language"),
    [
        ("Show me the wiring diagram", "en"), ("Do you have a photo of the back?", "en"),
        ("Zeig mir ein Bild der Anzeige", "de"), ("Gibt es einen Schaltplan?", "de"),
        ("Montre-moi un dessin de la pompe", "fr"), ("¿Hay un dibujo de las piezas?", "es"),
        ("fammi vedere lo schema elettrico", "it"), ("Laat een tekening van de pomp zien", "nl"),
        ("Pokaż zdjęcie panelu", "pl"), ("Mostre uma imagem do painel", "pt"), ("Panelin resmini göster", "tr"),
        ("给我看接线图", "zh"), ("配線図を見せて", "ja"),
    ],
)  # fmt: skip
def test_a_picture_is_to_be_shown(question: str, language: str) -> None:
    assert asks_to_show(question, language)


@pytest.mark.parametrize(
    "question",
    [
        "How many pictures show the pump?", "What is the colour of the line in the figure?", "show all error codes",
        "Show me how to clean the filter", "Which picture shows the pump?", "How heavy is it?",
    ],
)  # fmt: skip
def test_something_else_is_asked(question: str) -> None:
    assert not asks_to_show(question, "en")
