"""The word that a misspelt one was meant as."""

import pytest

from rag.text.spelling import LIKENESS, SURE, meant_by

WORDS = ("password", "filler", "thermostat", "pump", "battery", "pass")


@pytest.mark.parametrize(
    ("written", "meant"),
    [("pasword", "password"), ("thermostst", "thermostat"), ("batery", "battery"), ("pumb", None), ("wordpass", None)],
)
def test_a_letter_may_be_missing_or_another_in_a_long_word(written: str, meant: str | None) -> None:
    assert meant_by(written, WORDS, SURE) == meant


def test_how_like_a_word_must_be_depends_on_where_it_is_missing() -> None:
    assert meant_by("filter", WORDS, LIKENESS) == "filler"
    assert meant_by("filter", WORDS, SURE) is None
    assert meant_by("e1234", ["e1235"], LIKENESS) is None  # a code is as it is written
