"""What counts as the same number, unit, name or code."""

import pytest

from rag.answering.facts.fact_check import codes, has_number, missing, names, numbers, quantities


@pytest.mark.parametrize(
    ("sentence", "source"),
    [
        ("It holds 1,200 litres.", "capacity 1200 l"),
        ("It costs 1.200,50 euros.", "price: 1,200.50"),
        ("The heater takes 1.2 kW.", "1200 W heater"),
        ("It is 20 percent.", "share: 20%"),
        ("A share of 0.45.", "45 % of all"),
        ("Turn it 3 times.", "turn it three times"),
        ("Sales were $1.2 million in 2015.", "2015 sales: 1,200,000"),
        ("Between 10-20 mm.", "10–20 mm"),
        ("Below −5 °C it stops.", "stops below -5°C"),
        ("Take part AX-200/B.", "part AX 200 B"),
        ("1. Turn the dial to 3.", "dial: 3"),
        ("The pump is made by Bosch.", "BOSCH pump"),
        ("It is 45mm wide.", "width 45 mm"),
        ("Open it 1.5 turns.", "1½ turns"),
        ("The leak rate is 5 × 10^-6 mbar.", "below 5 × 10⁻⁶ mbar"),
        ("It takes 10^6 strokes.", "10⁶ strokes"),
        ("Vitalon seals hold CO2.", "Vitalon™ seals for CO₂"),
        ("It is made of Vitalon, as said.", "housing: of Vitalon¹"),
        ("Die Pumpe wird alle 40 Stunden vom Techniker gereinigt.", "The pump is cleaned every 40 h"),
    ],
)
def test_the_same_said_otherwise_is_supported(sentence: str, source: str) -> None:
    assert missing(sentence, source) == []


@pytest.mark.parametrize(
    ("sentence", "source", "lost"),
    [
        ("It holds 1,300 litres.", "capacity 1200 l", "1,300 litres"),
        ("The pressure is 45 bar.", "pressure at 45 °C", "45 bar"),
        ("Error E43 means it is blocked.", "E42: blocked", "E43"),
        ("The pump is made by Bosch.", "The pump is made by Grundfos", "Bosch"),
        ("Sales were 1.2 million.", "sales were 1.2 billion", "1.2 million"),
        ("Wash it with gasoline often.", "Rinse the filter under water", "wash"),
    ],
)
def test_what_the_source_does_not_say_is_named(sentence: str, source: str, lost: str) -> None:
    assert missing(sentence, source) == [lost]


def test_a_capital_at_the_start_of_a_sentence_or_cell_is_no_name() -> None:
    assert names("Clean the filter. Then ask Anna: Close the Aquila door.") == ["Anna", "Aquila"]


def test_measures_and_ordinals_are_no_codes() -> None:
    assert codes("the 3rd E42 on a 45mm USB port, 5kg, 2nd FX-210") == ["E42", "USB", "FX-210"]


def test_a_minus_is_told_from_a_dash_of_a_range() -> None:
    found = numbers("Temperature: –10; from 5–20 to (-3), A-7")
    assert [n.negative for n in found] == [True, False, False, True, False]


def test_units_tell_what_is_measured() -> None:
    assert quantities("It runs at 2.5 bar and 40 °C.") == {"pressure", "temperature"}
    assert quantities("Turn it 3 times") == set()


@pytest.mark.parametrize("speed", ["1400 min-1", "1,400 min⁻¹.", "1400 min−1 at idle", "1400 1/min", "1400 rpm"])
def test_turns_in_a_minute_are_a_speed(speed: str) -> None:
    (number,) = numbers(speed)
    assert number.known is not None and number.known.base == "1/s"


def test_a_span_of_minutes_is_none() -> None:
    assert [n.unit for n in numbers("after 3 min-1 h, or 5 min-10 min")] == ["min", "h", "min", "min"]


def test_amounts_in_words_are_amounts() -> None:
    assert has_number("three springs") and has_number("part 7")
    assert not has_number("the springs")
