"""Sentences in wholly other words, or another language, told by the sentence encoder that comes in a package."""

import pytest

from rag.answering.claims.check import check
from rag.answering.claims.meaning import Meaning, meaning_by
from rag.answering.claims.sources import Source
from rag.config import Settings
from rag.encoders.open import open_encoder

CARE = Source(
    "When the orange lamp flashes, the boiler is full of limescale. Afterwards rinse the tank with fresh water. "
    "Do not use vinegar. The gasket is changed once a year by a technician."
)


@pytest.fixture(scope="module", params=["e5", "e5+minilm"])
def meaning(request: pytest.FixtureRequest) -> Meaning:
    found = meaning_by(open_encoder(Settings(encoder="builtin", words=request.param)))
    assert found is not None
    return found


@pytest.mark.parametrize(
    "claim",
    ["Once that is done, flush the tank using clean tap water.", "It is forbidden to put vinegar into it."],
)
def test_what_words_do_not_find_is_said_in_other_words(claim: str, meaning: Meaning) -> None:
    assert check(claim, [CARE]).support != "supported"
    assert check(claim, [CARE], meaning).support == "supported"


@pytest.mark.parametrize(
    "claim", ["Vinegar is permitted as a replacement.", "The warranty covers frost.", "Spare lids are sold in shops."]
)
def test_what_is_not_said_stays_unsupported(claim: str, meaning: Meaning) -> None:
    assert check(claim, [CARE], meaning).support == "unsupported"


def test_a_sentence_in_another_language_is_compared_by_meaning(meaning: Meaning) -> None:
    true = "Der Tank wird danach mit frischem Wasser gespült."
    wrong = "Die Maschine erkennt die Stimme ihres Besitzers und begrüßt ihn."
    assert [check(said, [CARE]).support for said in (true, wrong)] == ["supported", "supported"]
    assert [check(said, [CARE], meaning).support for said in (true, wrong)] == ["supported", "unsupported"]


def test_numbers_are_not_left_to_the_meaning(meaning: Meaning) -> None:
    assert check("Rinse the tank three times with fresh water.", [CARE], meaning).support != "supported"
    assert check("Der Tank wird danach 3-mal mit Wasser gespült.", [CARE], meaning).support == "unsupported"


def test_an_encoder_without_limits_is_not_asked() -> None:
    assert meaning_by(open_encoder(Settings(encoder="builtin", words="static"))) is None
