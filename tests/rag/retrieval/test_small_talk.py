"""What is said around a question is not searched for; judged by the sentence encoders that packages ship."""

from __future__ import annotations

import pytest

from rag.answering.questions.understanding import understood
from rag.config import Settings
from rag.encoders.base import Encoder
from rag.encoders.open import open_encoder
from rag.retrieval.small_talk import without_small_talk
from rag.types import Query, Turn


@pytest.fixture(scope="module")
def encoder() -> Encoder:
    return open_encoder(Settings(encoder="builtin", words="e5+minilm"))


@pytest.mark.parametrize(
    ("before", "asked", "behind"),
    [
        ("Good evening.", "How do I empty the drip tray?", "Many thanks for your trouble!"),
        ("I am not good with machines, sorry.", "Which oil goes into the gearbox?", ""),
        ("Guten Abend.", "Wie wird das Sieb der Pumpe gereinigt?", "Danke im Voraus für jede Hilfe!"),
        ("Bonsoir.", "Comment remplacer la courroie du tambour ?", "Merci beaucoup pour votre aide !"),
        ("Buenas tardes.", "¿Cómo se cambia el filtro de agua?", "¡Muchas gracias a todos!"),
        ("Hello!", "Ma scie ne coupe plus droit.", "Merci"),
        ("Hi there!", "wie entlüfte ich die Leitung", ""),
    ],
)
def test_the_question_alone_is_searched_for(before: str, asked: str, behind: str, encoder: Encoder) -> None:
    assert without_small_talk(" ".join((before, asked, behind)).strip(), encoder) == asked


@pytest.mark.parametrize(
    "text",
    [
        "How do I empty the drip tray?",
        "The lamp over the hob is dead. Which bulb fits the socket?",
        "The blade squeals when it turns. It only does that after a cold start.",
        "Thank you!",
    ],
)
def test_what_says_one_thing_stays_as_it_is(text: str, encoder: Encoder) -> None:
    assert without_small_talk(text, encoder) == text


@pytest.mark.parametrize(
    ("fault", "other"),
    [
        ("The belt slips off.", "It only happens when it is cold."),
        ("Le treuil ne remonte plus.", "Le câble est usé."),
        ("Die Heizung tropft.", "Der Druck fällt jeden Tag."),
        ("La caldera se apaga.", "El manómetro marca cero."),
        ("Il tosaerba non parte.", "La candela è nera."),
    ],
)
def test_what_is_wrong_is_not_small_talk(fault: str, other: str, encoder: Encoder) -> None:
    assert without_small_talk(f"{fault} {other}", encoder) == f"{fault} {other}"


def test_a_sentence_with_a_code_is_never_small_talk(encoder: Encoder) -> None:
    said = without_small_talk("Hello everybody. My brother got E-17 from it. Have a nice evening.", encoder)
    assert said == "My brother got E-17 from it."


@pytest.mark.parametrize("text", ["Can it be used by my children? (TX-210)", "I have a TX-210. What do I do now?"])
def test_the_question_stays_whatever_it_is_like(text: str, encoder: Encoder) -> None:
    assert without_small_talk(text, encoder) == text


def test_some_of_it_is_kept_where_all_is_small_talk(encoder: Encoder) -> None:
    assert without_small_talk("Hello everybody. Thank you so much. Have a good day.", encoder)


def test_a_follow_up_leans_without_its_small_talk(encoder: Encoder) -> None:
    history = [Turn("How do I drain the water tank?", "Pull the plug.")]
    talk = Query("Oh great, thank you very much for that. And how often?")
    assert understood(talk, history, encoder=encoder).text == "And how often? (drain the water tank)"
    as_typed = Query(talk.text, as_typed=True)
    assert understood(as_typed, history, encoder=encoder).text == talk.text
