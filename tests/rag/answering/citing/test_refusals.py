"""Refusals in other words, and what is none."""

import pytest

from rag.answering.citing.citations import is_refusal
from rag.answering.citing.refusals import guess


@pytest.mark.parametrize(
    "text",
    [
        "The documents do not mention this.",
        "I'm sorry, but the provided evidence does not contain information about the fuse.",
        "I couldn't find an answer to that.",
        "There is no information about the warranty.",
        "This is not stated in the documents.",
        "Die Dokumente enthalten dazu keine Angaben.",
        "Das konnte ich in den Unterlagen nicht finden.",
        "Les documents ne mentionnent pas le prix.",
        "Je n'ai pas trouvé cette information.",
        "Los documentos no mencionan el precio.",
        "No he encontrado esa información.",
        "I documenti non contengono questa informazione.",
        "De documenten vermelden dit niet.",
        "Os documentos não mencionam isso.",
    ],
)
def test_refusals_in_other_words_are_told(text: str) -> None:
    assert is_refusal(text)


@pytest.mark.parametrize(
    "text",
    [
        "The pump is not included.",
        "The manual says to press RESET.",
        "Der Filter darf nicht gewaschen werden.",
        "No, the lamp does not blink.",
        "The documents do not mention the price. The pump runs at 2.5 bar [2].",
    ],
)
def test_answers_are_no_refusals(text: str) -> None:
    assert not is_refusal(text)


def test_what_follows_a_refusal_is_a_guess() -> None:
    text = "I could not find this in the documents. It probably means that the fan is broken."
    assert is_refusal(text)
    assert guess(text) == "It probably means that the fan is broken."
    assert guess("The documents do not say this. Do you want me to look elsewhere?") == ""
