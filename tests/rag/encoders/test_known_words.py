"""Words that nobody misspelt."""

from rag.answering.questions.sought import sought
from rag.encoders.known_words import is_known


def test_common_words_are_known_and_misspelt_ones_are_not() -> None:
    assert is_known("reset") and is_known("scaling")
    assert not is_known("pasword") and not is_known("temperatur")


def test_a_known_word_is_not_taken_for_one_that_is_spelt_alike() -> None:
    from made_evidence import piece

    from rag.answering.passages.quotations import passages_of

    said = passages_of(piece(1, "Rest the ring on the glass. The password is on the label."))
    assert "rest" not in sought("How do I reset it?", said).weights
    assert "password" in sought("What is the pasword?", said).weights
