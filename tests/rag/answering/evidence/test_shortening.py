"""A text cut to what is asked for."""

from rag.answering.evidence.shortening import shortened
from rag.text.passages import tokens

ROWS = "| Code | Cause |\n| --- | --- |\n" + "\n".join(f"| E{n} | cause {n} |" for n in range(200))
PROSE = "It begins here. " + "Nothing is said of that. " * 60 + "The valve opens at 3 bar. " + "And so on. " * 60


def test_what_fits_stays_as_it_is() -> None:
    assert shortened("Short. Text.", 10, {"text"}) == "Short. Text."


def test_a_table_keeps_its_column_names_and_the_row_asked_for() -> None:
    cut = shortened(ROWS, 60, {"e150"})
    assert cut.startswith("| Code | Cause |\n| --- | --- |\n| E0 | cause 0 |\n")
    assert "…\n| E150 | cause 150 |" in cut and cut.endswith("…")
    assert tokens(cut) <= 70


def test_prose_keeps_its_beginning_and_the_sentence_asked_for() -> None:
    cut = shortened(PROSE, 60, {"valve"})
    assert cut.startswith("It begins here. ") and "… The valve opens at 3 bar." in cut
    assert tokens(cut) <= 70


def test_without_a_word_of_the_question_the_beginning_stays() -> None:
    assert shortened(PROSE, 60, {"clock"}) == shortened(PROSE, 60, set())
    assert shortened("word" * 500, 20, {"word"}).endswith(" …")
