"""Definitions in running text: told apart, and quoted whole with what they define."""

import pytest
from made_evidence import piece, quote_answer

from rag.answering.passages.definitions import definitions
from rag.text.passages import sentences

SETTINGS = (
    "DV: Shows the voltage. It has to be on for the voltage to be in the menu. "
    "SYNC: Synchronise by hand. Use it where the monitor did not do so by itself. "
    "R DEF:Back to the factory settings. Hold the select button for 3 seconds. "
    "Cl HIS: Forget what was recorded. Hold the select button for 5 seconds. "
    "Lock: Nothing can be changed. It stays so until it is switched off."
)


def test_each_is_told_from_the_next() -> None:
    parts = definitions(sentences(f"This page lists the settings. {SETTINGS}"))
    assert [part[0].partition(":")[0] for part in parts[1:]] == ["DV", "SYNC", "R DEF", "Cl HIS", "Lock"]
    assert parts[0] == ["This page lists the settings."]
    assert all(len(part) == 2 for part in parts[1:])


@pytest.mark.parametrize(
    "text",
    [
        "Note: It is hot. Let it cool. Warning: It may tip over.",  # too few
        "Press the button. When the lamp has come on and stays so: wait. Let go. Then close the lid.",
    ],
)
def test_other_paragraphs_stay_whole(text: str) -> None:
    assert len(definitions(sentences(text))) == 1


@pytest.mark.parametrize(
    ("question", "said", "unsaid"),
    [
        ("how do I put it back to factory settings?", "R DEF:Back to the factory settings", "5 seconds"),
        ("how long do I hold select to forget what was recorded?", "5 seconds", "3 seconds"),
        ("how do I synchronise the monitor by hand?", "SYNC: Synchronise by hand [1].", "Hold"),
    ],
)
def test_a_definition_is_quoted_with_what_it_defines_and_without_the_next(
    question: str, said: str, unsaid: str
) -> None:
    first = quote_answer(question, (piece(1, SETTINGS, heading="Settings"),)).split("\n")[0]
    assert said in first and unsaid not in first
