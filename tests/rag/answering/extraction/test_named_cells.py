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


TORQUE = """| Thread | Thread | M6×1.0 | M8×1.25 | M10×1.5 |
| --- | --- | --- | --- | --- |
| Tightening torque | ft lbs | - | 19.0 | 36.0 |
| Tightening torque | N·m | 10.8 | 25.5 | 49.0 |
| Tightening torque | kgf·m | 1.1 | 2.6 | 5.0 |"""
MODELS = """| Modèle | Unité | S 1825 | S 1833 | S 1847 |
| --- | --- | --- | --- | --- |
| Poids net | kg | 10 | 10 | 13 |
| Débit d'air | m³/h | 650 | 675 | 800 |"""
HARDNESS = """| German degrees (°dH) | French degrees (°fH) | Softener level |
| --- | --- | --- |
| 29 - 36 | 51 - 64 | 7 |
| 23 - 28 | 40 - 50 | 6 |
| 15 - 18 | 26 - 32 | 4 |"""
AMOUNTS = """| Softener level | Amount of water (l) |
| --- | --- |
| 4 | 47 |
| 5 | 25 |"""
STARTS = """| Vb à la mise en marche | Absorption au maximum |
| --- | --- |
| 23,8 V < Vb < 24,4 V | 2 h |
| 24,4 V < Vb < 25,2 V | 1 h |"""
USE = """| Programm | Wasser (l) | Dauer (min) |
| --- | --- | --- |
| 30 min | 9,2 | 30 |
| 90 min | 9,6 | 90 |
| Eco | 9,9 | 227 |"""


@pytest.mark.parametrize(
    ("question", "table", "row"),
    [
        ("how tight an M10 bolt, in Nm?", TORQUE, ["Tightening torque", "N·m", "49.0"]),
        ("torque of M8 in ft lbs", TORQUE, ["Tightening torque", "ft lbs", "19.0"]),
        ("combien pèse la 1847 ?", MODELS, ["Poids net", "kg", "13"]),
        ("quel débit d'air pour la S1825 ou la S1833 ?", MODELS, ["Débit d'air", "m³/h", "650", "675"]),
    ],
)
def test_only_the_columns_of_the_types_and_the_row_of_the_unit_that_are_asked_for_are_shown(
    question: str, table: str, row: list[str]
) -> None:
    assert rows_said(quote_answer(question, (piece(1, table, "table", "Daten"),)))[0] == row


def test_a_number_beside_the_name_of_a_column_of_ranges_tells_the_row() -> None:
    evidence = (piece(1, AMOUNTS, "table", "Regeneration"), piece(2, HARDNESS, "table", "Water hardness"))
    text = quote_answer("our water is 25 German degrees, what do I set the softener to?", evidence)
    assert rows_said(text)[0] == ["23 - 28", "40 - 50", "6"]


def test_a_range_may_be_written_with_signs() -> None:
    text = quote_answer("ma batterie est à 24,0 V, l'absorption dure combien au max ?", (piece(1, STARTS, "table"),))
    assert "2 h" in text and "1 h" not in text


@pytest.mark.parametrize("question", ["Wie viel Wasser braucht das 90-Minuten-Programm?", "90 min Programm: Wasser?"])
def test_an_amount_with_its_unit_is_a_rows_name(question: str) -> None:
    words = piece(1, "Das Programm endet nach der Trocknung. Das Wasser wird abgepumpt.", heading="Programm", page=3)
    text = quote_answer(question, (words, piece(2, USE, "table", "Verbrauch", page=5)))
    assert rows_said(text)[0][:2] == ["90 min", "9,6"]


def test_a_number_below_zero_is_not_the_one_above() -> None:
    cold = "| Temperature in °C | Resistance in kΩ |\n| --- | --- |\n| –10 | 58.2 |\n| 10 | 20.2 |\n| 25 | 10.0 |"
    text = quote_answer("which resistance in kΩ at 10 °C?", (piece(1, cold, "table", "Thermistor"),))
    assert "20.2" in text and "58.2" not in text


EVENTS = """| Event | Message | Code |
| --- | --- | --- |
| Low battery restored | 0330299000 | R302 |
| Low battery | 0130299000 | E302 |
| Mains failure restored | 0330199000 | R301 |
| Mains failure | 0130199000 | E301 |"""


@pytest.mark.parametrize(
    ("question", "row"),
    [
        ("which code gets sent for a low battery?", "Low battery"),
        ("which code is sent when the low battery is restored?", "Low battery restored"),
        ("what is the message of a mains failure", "Mains failure"),
    ],
)
def test_a_row_named_by_nothing_but_what_is_asked_goes_before_one_named_by_more(question: str, row: str) -> None:
    assert rows_said(quote_answer(question, (piece(1, EVENTS, "table", "Messages"),)))[0][0] == row


SETTINGS = """| Name | Range | Default | Unit |
| --- | --- | --- | --- |
| Cb | 20 – 9999 | 200 | Ah |
| Vc | 0 – 384 | 158.4 | V |
| It | 0.5 – 10 | 4 | % |
| Ahc | 0 – 95 | 0 | V |"""


@pytest.mark.parametrize(
    ("question", "row"),
    [
        ("what is the factory value of Vc?", "Vc"),
        ("what do they set It to?", "It"),
        ("fabriekswaarde van Ahc?", "Ahc"),
    ],
)
def test_a_short_name_as_it_is_written_tells_its_row(question: str, row: str) -> None:
    words = piece(2, "Set it to what they recommend: the charged voltage is a value of the battery.", heading="Setup")
    text = quote_answer(question, (words, piece(1, SETTINGS, "table", "Settings", page=3)))
    assert row in text.split("\n")[0] or rows_said(text)[0][0] == row
    assert "may not answer" not in text


BOXES = """| Type | Use |
| --- | --- |
| V1.0 | It switches pull-up and pull-down resistors for each channel. |
| V2.0 | It upgrades inputs that are not isolated to isolated ones. |
| V3.1 | It adds a relay. |"""


@pytest.mark.parametrize(
    ("question", "rows"),
    [
        ("I/O box V1.0 or V2.0 - whats the difference?", ["V1.0", "V2.0"]),
        ("what does V3.1 do that V2.0 does not?", ["V3.1", "V2.0"]),
        ("Was ist anders bei V1.0 und V3.1?", ["V1.0", "V3.1"]),
        ("what is V2.0 for?", ["V2.0"]),
    ],
)
def test_codes_that_are_compared_are_shown_by_their_rows(question: str, rows: list[str]) -> None:
    words = piece(1, "The circuit of V1.0 has a default pull-up resistor. The difference is small.", heading="V1.0")
    text = quote_answer(question, (words, piece(2, BOXES, "table", "I/O box", page=1)))
    assert [row[0] for row in rows_said(text)][: len(rows)] == rows


TASKS = """| Interval | Task | What to look for |
| --- | --- | --- |
| 300 h | Wash the filter | Water of 40 °C |
| 300 h | Reset the filter counter | Hold FAN for 5 seconds |
| Yearly | Oil the hinges | No squeaking |"""
PROPERTIES = """| Property | Value |
| --- | --- |
| Rated power | 410 W |
| Fuse on the main board | T 5 A, 250 V |
| Batteries of the remote control | 2 × AAA |"""


@pytest.mark.parametrize(
    ("question", "row"),
    [
        ("How do I reset the filter light?", ["300 h", "Reset the filter counter", "Hold FAN for 5 seconds"]),
        ("how can I oil the squeaking hinges", ["Yearly", "Oil the hinges", "No squeaking"]),
    ],
)
def test_a_task_in_a_table_is_how(question: str, row: list[str]) -> None:
    words = piece(1, "A blocked filter costs air flow before the FILTER light comes on.", heading="Data")
    text = quote_answer(question, (words, piece(2, TASKS, "table", "Maintenance", page=9)))
    assert rows_said(text)[0] == row


@pytest.mark.parametrize(
    ("question", "value"),
    [("Which fuse do I need?", "T 5 A, 250 V"), ("what batteries does the remote control take?", "2 × AAA")],
)
def test_which_is_the_row_that_names_the_thing_with_its_number(question: str, value: str) -> None:
    words = piece(1, "No light at all. Check the socket, then the fuse F1. Check the batteries.", heading="Faults")
    text = quote_answer(question, (words, piece(2, PROPERTIES, "table", "Data", page=4)))
    assert value in text.split("Check")[0]


def test_of_several_documents_the_one_that_has_the_code_answers() -> None:
    sizes = "| Parameter | Mk4 | Mk4P |\n| --- | --- | --- |\n| Abmessungen | 44 × 23 mm | 62 × 27 mm |"
    other = piece(1, "| Housing | |\n| --- | --- |\n| Dimensions | 130 x 186 mm |", "table", doc_name="charger.pdf")
    light = piece(2, sizes, "table", heading="Technische Daten", page=28, doc_name="lights.pdf")
    assert "62 × 27 mm [2]" in quote_answer("dimensions of the Mk4P, without the housing?", (other, light))
    assert "130 x 186 mm [1]" in quote_answer("dimensions of the housing?", (other, light))
    charges = piece(3, "It charges a Mk4P, too. Its dimensions are 1 × 2 m.", doc_name="charger.pdf")
    assert "[3]" in quote_answer("what dimensions has it that charges the Mk4P?", (light, charges))
