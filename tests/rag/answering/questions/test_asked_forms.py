"""What is asked for by its form."""

import pytest
from made_evidence import piece, quote_answer

from rag.answering.questions.asked_forms import has_form


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("What is the phone number of the service?", "Hotline: +44 161 555 0188"),
        ("Wie ist die Telefonnummer?", "Kundendienst 0800 555 7700, Montag bis Freitag"),
        ("¿A qué número puedo llamar?", "Asistencia: 91 555 12 34, +34 91 555 12 34"),
        ("Which e-mail address can I write to?", "Write to help@skylark.example."),
        ("what is the website?", "More on www.skylark.example"),
        ("What does NTP stand for?", "It is set by the Network Time Protocol (NTP)."),
        ("Wofür steht MEZ?", "Die Mitteleuropäische Zeit gilt. Mittel-Europäische Zeit"),
        ("What does RNLI stand for?", "the Royal National Lifeboat Institution"),
    ],
)
def test_the_form_is_there(question: str, text: str) -> None:
    assert has_form(question, text)


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("What is the phone number of the service?", "Size 190 × 130 × 24 mm, 1,350 W, order number 4711 0815"),
        ("How long is the cable?", "Hotline: +44 161 555 0188"),
        ("What does NTP stand for?", "NTP is used to set the clock."),
        ("What does NTP do?", "the Network Time Protocol"),
    ],
)
def test_the_form_is_not_there(question: str, text: str) -> None:
    assert not has_form(question, text)


def test_the_number_is_quoted_rather_than_what_is_said_of_the_service() -> None:
    evidence = (
        piece(1, "The service of the Lumen home is open to all. Our service staff is well trained.", page=2),
        piece(2, "Lumen home, 5 Hill Road. Hotline: 01983 555655. Open from 8 to 18.", page=1),
    )
    assert "01983 555655" in quote_answer("What is the telephone no of the service?", evidence).split("\n")[0]
