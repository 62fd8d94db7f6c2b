"""Rows found by what a question says of a cell, and by the quantity that their label names."""

import pytest
from made_evidence import piece, quote_answer, rows_said

from rag.answering.extraction.named_cells import is_keyed
from rag.answering.passages.quotations import passages_of

LEVELS = """| Squares | Level | Hardness | Descale after (litres) |
| --- | --- | --- | --- |
| 0 or 1 | 1 | 0 – 7 | 120 |
| 2 | 2 | 8 – 14 | 80 |
| 3 | 3 | 15 – 21 | 50 |"""
SWITCHES = """| Strom (A) | Leistung (kW) | S1 | S2 |
| --- | --- | --- | --- |
| 6 | 4,1 | aus | aus |
| 13 | 9,0 | aus | ein |
| 16 | 11,0 | ein | ein |"""
DATA = """| Merkmal | Rino 11 | Rino 11 K |
| --- | --- | --- |
| Ladeleistung | 11 kW | 11 kW |
| Gewicht | 3,1 kg | 5,4 kg |
| Kabel | 5 m | 7 m |"""


def test_the_value_beside_the_name_of_its_column_tells_the_row() -> None:
    text = quote_answer("after how many litres do I descale at level 3?", (piece(1, LEVELS, "table"),))
    assert rows_said(text) == [["3", "3", "15 – 21", "50"]]


def test_the_unit_of_a_column_tells_the_row() -> None:
    words = piece(2, "Der Strom wird mit den DIP-Schaltern hinter dem Deckel eingestellt.", heading="Strom")
    text = quote_answer("Welche DIP-Schalter für 13 A?", (piece(1, SWITCHES, "table", "Strom einstellen"), words))
    assert rows_said(text)[0] == ["13", "9,0", "aus", "ein"]


@pytest.mark.parametrize(
    ("question", "row"),
    [("Wie schwer ist der Rino 11 K?", "Gewicht"), ("Welche Ladeleistung hat der Rino 11 K?", "Ladeleistung")],
)
def test_the_name_of_the_quantity_need_not_be_the_questions_word(question: str, row: str) -> None:
    evidence = (piece(1, "Gilt für den Rino 11 und den Rino 11 K."), piece(2, DATA, "table", "Daten", page=4))
    assert rows_said(quote_answer(question, evidence))[0][0] == row


def test_a_fault_is_found_on_a_later_page_than_words_of_it() -> None:
    faults = """| Fault | Cause | Remedy |
| --- | --- | --- |
| Soup is cold | Bowl is cold | Warm the bowl |
|  | Heater is off | Switch the heater on |
| Soup is thin | Too much water | Let it boil |"""
    evidence = (
        piece(1, "After the first cooking the pot is too hot for soup.", heading="Making soup"),
        piece(2, "Dip the whisk into cold milk.", heading="Making soup"),
        piece(3, faults, "table", "Faults", page=7),
    )
    text = quote_answer("the soup is cold, why?", evidence)
    assert "Warm the bowl [3]" in text and "Switch the heater on [3]" in text and "thin" not in text


def test_letters_of_a_display_are_found_though_they_make_a_small_word() -> None:
    symbols = "| Symbol | Meaning |\n|---|---|\n| HI | Value above the range |\n| LO | Value below the range |"
    assert "Value above the range" in quote_answer("what does HI mean?", (piece(1, symbols, "table", "Symbols"),))


def test_what_is_counted_is_quoted_where_its_number_is_asked_for() -> None:
    evidence = (
        piece(1, "Mount the sensors on a wall facing north. Up to three sensors can be paired. Choose the channel."),
    )
    assert quote_answer("How many sensors can I connect?", evidence).startswith("Up to three sensors")


def test_facts_in_a_row_with_a_blank_before_the_colon_are_told_apart() -> None:
    facts = "Capacité de la trémie : 17 kg Poids : 84 kg Sortie des fumées : 80 mm Volume chauffé : 200 m³"
    assert quote_answer("Combien pèse le poêle ?", (piece(1, facts, heading="Caractéristiques"),)).startswith(
        "Poids : 84"
    )


def test_the_label_may_name_the_thing_beside_the_quantity() -> None:
    facts = piece(1, "Motor: 1.5 kW Drum Speed: 0.9 m/s Fan Speed: 2800 min-1 Weight: 31 kg", heading="Data")
    assert quote_answer("How fast does the fan turn?", (facts,)).lstrip("- ").startswith("Fan Speed: 2800 min-1")


def test_the_unit_may_stand_in_the_label() -> None:
    table = "| Program | Eco | Quick |\n| --- | --- | --- |\n| Duration (h:min) | 2:50 | 0:35 |\n| Water (l) | 9 | 11 |"
    words = piece(1, "The eco program is the one for everyday dishes.", page=3)
    text = quote_answer("How long does the quick program take?", (words, piece(2, table, "table", page=4)))
    assert rows_said(text)[0] == ["Duration (h:min)", "2:50", "0:35"]


CODES = """| Code | Meaning | Remedy |
|---|---|---|
| E4 | Coil too cold | Clean the filter |
| E14 | Fan too slow | Turn it by hand |"""


@pytest.mark.parametrize("question", ["What does E4 mean?", "Was bedeutet E-4?", "why does it say E4 again?"])
def test_the_row_of_a_code_says_more_than_that_it_came_up(question: str) -> None:
    note = piece(1, "Complaint: the unit stops every night with E4. The filter was full.", page=1)
    assert "Coil too cold" in quote_answer(question, (note, piece(2, CODES, "table", page=7)))


def test_a_code_among_other_words_of_a_cell_is_no_key() -> None:
    rows = "| Part | Note |\n|---|---|\n| Filter | Clean it after E4 |\n| Fan | Replace it after E14 |"
    (table,) = passages_of(piece(1, rows, "table"))[:1]
    assert not is_keyed(table, "What does E4 mean?")
