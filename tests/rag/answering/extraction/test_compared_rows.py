"""Rows of a table by the most or the least of a column, and those beyond a number."""

import pytest
from made_evidence import piece, quote_answer, rows_said

PROGRAMMES = """| Programme | Duration (h:min) | Water (l) | Energy (kWh) | Load (kg) |
| --- | --- | --- | --- | --- |
| Cotton | 3:25 | 62 | 0,95 | 8 |
| Eco 40-60 | 3:40 | 48 | 0,71 | 8 |
| Wool | 0:39 | 70 | 0,30 | 2 |
| Quick | 0:15 | 31 | 0,20 | 3 |
| Total | 7:59 | 211 | 2,16 | 21 |"""
PUMPS = """| Modell | Förderhöhe | Gewicht | Schallpegel |
| --- | --- | --- | --- |
| P 20 | 18 m | 950 g | 52 dB |
| P 30 | 24 m | 1,4 kg | 61 dB |
| P 50 | 31 m | 2,1 kg | 58 dB |"""
MODELS = """| Model | Flow (l/min) | Staff |
| --- | --- | --- |
| Heron | 1,200 | 4 |
| Swift | 980 | 9 |
| Wren | 2,050 | 9 |"""


def _told(question: str, table: str, caption: str = "", beside: str = "") -> str:
    evidence = (piece(1, table, "table", caption), *([piece(2, beside)] if beside else []))
    return quote_answer(question, evidence)


@pytest.mark.parametrize(
    ("question", "row"),
    [
        ("Which programme takes the longest?", "Eco 40-60"),
        ("which programme is the quickest?", "Quick"),
        ("Which programme uses the least energy?", "Quick"),
        ("what programme needs the most water", "Wool"),
        ("Which programme has the smallest load?", "Wool"),
    ],
)
def test_the_row_with_the_most_or_the_least_of_a_column(question: str, row: str) -> None:
    assert [cells[0] for cells in rows_said(_told(question, PROGRAMMES, "Programmes"))] == [row]


@pytest.mark.parametrize(
    ("question", "row"),
    [
        ("Welches Modell ist am schwersten?", "P 50"),
        ("Welches Modell ist das leichteste?", "P 20"),
        ("Welches Modell ist am lautesten?", "P 30"),
        ("Welches Modell hat die größte Förderhöhe?", "P 50"),
    ],
)
def test_values_are_compared_in_their_units(question: str, row: str) -> None:
    assert [cells[0] for cells in rows_said(_told(question, PUMPS, "Modelle"))] == [row]


def test_as_many_are_told_together_and_thousands_are_not_read_as_decimals() -> None:
    assert rows_said(_told("Which model has the highest flow?", MODELS)) == [["Wren", "2,050", "9"]]
    both = rows_said(_told("Which model has the most staff?", MODELS))
    assert [row[0] for row in both] == ["Swift", "Wren"]


def test_a_sentence_that_says_it_goes_first() -> None:
    said = "The model with the highest flow is the Wren."
    assert _told("Which model has the highest flow?", MODELS, beside=said).startswith(f"{said[:-1]} [2]")


@pytest.mark.parametrize(
    ("question", "rows"),
    [
        ("Which programmes take more than 3 hours?", ["Cotton", "Eco 40-60"]),
        ("Which programmes take less than 40 minutes?", ["Wool", "Quick"]),
        ("Which programmes use over 60 litres of water?", ["Cotton", "Wool"]),
    ],
)
def test_the_rows_beyond_a_number(question: str, rows: list[str]) -> None:
    text = _told(question, PROGRAMMES, "Programmes")
    assert [cells[0] for cells in rows_said(text)] == rows


def test_rows_beyond_a_number_are_counted() -> None:
    text = _told("How many programmes use more than 40 litres of water?", PROGRAMMES, "Programmes")
    assert text.startswith("3 found in “Programmes”") and "Quick" not in text


def test_a_bound_that_is_no_value_of_the_column_chooses_nothing() -> None:
    text = _told("Which programme is for more than 9 kg?", PROGRAMMES, "Programmes")
    assert "| Quick" not in text


BATTERIES = """| Batterie | Kapazität | Ladezeit | Preis |
| --- | --- | --- | --- |
| BL-10 | 1.500 mAh | 45 min | 39,90 € |
| BL-20 | 3.000 mAh | 1 h 20 min | 64,50 € |
| BL-40 | 6.000 mAh | 2 h | 119 € |"""
MODELOS = """| Modelo | Peso (kg) | Potencia (W) |
| --- | --- | --- |
| M1 | 4,2 | 750 |
| M2 | 12 | 2.200 |
| M3 | 8,5 | 1.500 |"""
FUSES = """| Fuse | Rating | Circuit |
| --- | --- | --- |
| F1 | 5 A | Lighting |
| F2 | 20 A | Heater |
| F3 | 10 A | Pump |
| F4 | 500 mA | Display |"""


@pytest.mark.parametrize(
    ("question", "table", "rows"),
    [
        ("Welcher Akku ist am billigsten?", BATTERIES, ["BL-10"]),
        ("Welche Batterie lädt am langsten?", BATTERIES, ["BL-40"]),
        ("Welche Batterien kosten weniger als 100 Euro?", BATTERIES, ["BL-10", "BL-20"]),
        ("¿Qué modelo pesa más?", MODELOS, ["M2"]),
        ("¿Cuál es el modelo más potente?", MODELOS, ["M2"]),
        ("¿Qué modelos pesan más de 5 kg?", MODELOS, ["M2", "M3"]),
        ("Which circuits have more than 8 A?", FUSES, ["F2", "F3"]),
        ("How many fuses are above 5 A?", FUSES, ["F2", "F3"]),
    ],
)
def test_however_it_is_said(question: str, table: str, rows: list[str]) -> None:
    assert [cells[0] for cells in rows_said(_told(question, table))] == rows


def test_at_least_asks_for_no_least() -> None:
    torques = "| Part | Torque (Nm) |\n|---|---|\n| Blade bolt | 45 |\n| Wheel nut | 90 |\n| Drain plug | 25 |"
    assert "Blade bolt" in _told("What torque does the blade bolt need at least?", torques)


RANGES = """| Sensor | Temperature | Reflectance | Depth |
| --- | --- | --- | --- |
| S1 | -10 to +50 °C | 0,05-0,10 | 5…40 mm |
| S2 | -25 – 40 °C | 0,40-0,50 | 2 mm to 6 cm |
| S3 | 0 bis 65 °C | 0,70-0,85 | 10-35 mm |"""


@pytest.mark.parametrize(
    ("question", "sensor"),
    [
        ("Which sensor has the highest temperature?", "S3"),
        ("Which sensor has the lowest temperature?", "S2"),
        ("which sensor has the smallest reflectance", "S1"),
        ("Which sensor has the greatest depth?", "S2"),
    ],
)
def test_of_ranges_the_end_that_is_asked_for_is_compared(question: str, sensor: str) -> None:
    assert [cells[0] for cells in rows_said(_told(question, RANGES))] == [sensor]


WIDE = """| Model | Supply / Voltage | Supply / Hz | Fuse | Cable | Pipe / Most length | Pipe / Height | dB | Colour |
| --- | --- | --- | --- | --- | --- | --- | --- | --- |
| MX-3 | 230 V | 50 Hz | 25 A | 2.5 mm² | 50 m | 15 m | 50 dB | grey |
| MX-4 | 230 V | 50 Hz | 32 A | 4 mm² | 60 m | 12 m | 54 dB | grey |
| MX-5 | 230 V | 50 Hz | 32 A | 4 mm² | 70 m | 20 m | 55 dB | white |"""
DATA = """| Symbol | Parameter | Condition | Min. | Typ. | Max. | Unit |
| --- | --- | --- | --- | --- | --- | --- |
| IS | Standby current | VDD = 5 V | – | 0.6 | 2.0 | µA |
| IA | Active current | VDD = 5 V | 0.5 | 1.1 | 1.9 | mA |"""


def test_of_a_wide_table_the_columns_that_are_asked_for_are_shown() -> None:
    assert _told("pipe height of the MX-4", WIDE, "Data").endswith(
        "| Model | Pipe / Most length | Pipe / Height |\n| --- | --- | --- |\n| MX-4 | 60 m | 12 m [1] |"
    )
    assert "Fuse: 32 A" in _told("tell me about MX-5", WIDE, "Data")  # no column is asked for
    assert "Fuse: 32 A" in _told("what colour has the MX-4", WIDE.replace("grey", "–"), "Data")  # the cell says nothing


def test_a_row_of_a_data_sheet_is_told_with_its_conditions_and_limits() -> None:
    said = _told("What is the largest standby current?", DATA, "Electrical characteristics")
    assert "Condition: VDD = 5 V" in said and "Max.: 2.0" in said
