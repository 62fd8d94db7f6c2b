"""Colours, in any language, and lamps told by them."""

import pytest
from made_evidence import piece, quote_answer

from rag.answering.facts.colours import colours
from rag.answering.questions.phrases import phrases


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("What does the red light mean?", {"red"}), ("das gelbe Lämpchen blinkt", {"yellow"}),
        ("le voyant vert clignote", {"green"}), ("parpadea en amarillo", {"yellow"}), ("la spia rossa", {"red"}),
        ("lampka czerwona", {"red"}), ("a luz laranja", {"orange"}), ("kırmızı ışık", {"red"}),
        ("黄灯闪烁", {"yellow"}),
        ("緑色のLED", {"green"}), ("красный индикатор", {"red"}), ("Weißes Licht, dann blaues", {"white"}),
        ("ordered by rotation, die Röhre, vertical", set()),
    ],
)  # fmt: skip
def test_a_colour_is_known_in_every_language(text: str, named: set[str]) -> None:
    assert colours(text) >= named and (named or not colours(text))


LAMPS = """| Indicador | Funcionamiento | Significado |
|---|---|---|
| Estado | LED verde | Alimentación correcta |
| Estado | LED amarillo | Tensión baja |
| Estado | LED rojo | Sin conexión |"""


def test_a_lamp_is_told_by_its_colour_across_languages() -> None:
    text = quote_answer("the yellow status light is on, what does it mean?", (piece(1, LAMPS, "table"),))
    assert "Tensión baja" in text and "Alimentación correcta" not in text


def test_a_lamp_of_another_colour_answers_nothing() -> None:
    said = "The green light of the pump shows that it runs. The blue light of the pump shows that it rests."
    text = quote_answer("what does the red light of the pump mean?", (piece(1, said),))
    assert text.startswith(phrases("en").closest)
