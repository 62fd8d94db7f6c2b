"""Lists of facts have no header; real headers stay."""

import pytest
from table_drawing import drawn, table_cells

from ingestion.tables.markdown import cells_to_markdown, from_markdown
from ingestion.text.facts import begins_with_fact


def rows(text: str) -> list[list[str]]:
    return [[cell.strip() for cell in line.split("|")] for line in text.split(" // ")]


@pytest.mark.parametrize(
    "table",
    [
        "Flow rate | 45 l/min // Oil | 250 ml // Voltage | 230 V, 50 Hz",
        "Manufacturer | Arven Ltd // Voltage | 230 V // Weight | 8.4 kg",
        "Type | PX-300 // Flow | 45 l/min // Weight | 8 kg",
        "Flow rate | 45 | l/min // Voltage | 230 | V",
        "Temperature | -20...60 | °C // Humidity | 5..95 | %",
        "Electrical | | // Voltage | 230 | V // Current | 4 | A",
        "Length | 1200 mm | Width | 600 mm // Height | 90 mm | Weight | 8 kg",
        "Material | steel // Colour | red // Origin | Italy",
        "Spannung | 230 V // Leistung | 1,5 kW",
        "Noise | 62 dB(A) // Protection | IP 54",
        "Flow rate | 45 l/min | 60 l/min // Weight | 8 kg | 9 kg",
        "AC IN | AC 100 V - 240 V 50 Hz // Width | 179 mm (7.04 in) // Weight (mass) | Approx. 0.7 kg (1.5 lbs.)",
        "F1 | Brush blocked | Clean the brush // F2 | Motor hot | Wait // No function | Switch open | Call service",
        "E-07 | Dry run // E-08 | Too hot // W-1 | Filter full",
        "Hydraulics | Tank | 40 l // | Hose | 12 m // | Filter | 10 µm // Electrics | Fuse | 16 A",
        "Humidity | max. 80 % // Temperature range | -10 to +40 °C",
    ],
)
def test_a_first_row_that_says_what_the_others_do_is_a_fact(table: str) -> None:
    assert begins_with_fact(rows(table))


@pytest.mark.parametrize(
    "table",
    [
        "Parameter | Value // Voltage | 230 V // Weight | 8 kg",
        "Code | Meaning // E-07 | Dry run // E-08 | Too hot",
        "Code | Meaning | Remedy // E-07 | Dry run | Fill the line // E-08 | Too hot | Wait",
        "Country | Population // France | 67 million // Italy | 60 million",
        "Screw | Torque // M8 | 25 Nm // M10 | 49 Nm",
        "Model | PX-300 | PX-500 // Flow rate | 45 l/min | 80 l/min // Weight | 8 kg | 9 kg",
        "Region | 2019 // North | 12 // South | 14",
        "Button | Function // Start | Starts the pump // Stop | Stops the pump",
        "Störung | Abhilfe // Motor steht | Sicherung prüfen // Motor brummt | Lager prüfen",
        "Parameter | Value | Unit // Voltage | 230 | V // Current | 4 | A",
        "Pin | Colour | Signal // 1 | red | +24 V // 2 | black | GND",
        "Interval | Work // Daily | Check the oil // Weekly | Clean the filter",
        "Pin No. | Signal Name // a | GND // b | 24 V",
        "Retriever | GPT-3 F-1 Match | GPT-4 F-1 Match // Title | 25.2 | 22.2 // BM25 | 46.6 | 50.2",
        "For the years ending December 31, | // 2020 | $ 72 // 2021 | 59",
        "Work | 250 h | 500 h | 1000 h // Oil | | X | X // Belt | X | | X",
        "M8 | M10 | M12 // 25 | 49 | 85",
        "Span (m) | 1 kN | 2 kN | 3 kN // 2 | 21 | 22 | 23 // 3 | 31 | 32 | 33",
        "Size | Flow | Head // | l/min | m // S | 10 | 4 // M | 20 | 6",
        "Model | Weight | Price // A | 3 kg | 40 € // B | 4 kg | 50 €",
    ],
)
def test_names_of_columns_are_no_fact(table: str) -> None:
    assert not begins_with_fact(rows(table))


FACTS = [["Maker", "Arven Tools"], ["Voltage", "230 V, 50 Hz"], ["Power", "1450 W"], ["Weight", "2.9 kg"]]


def test_a_plain_list_of_facts_has_no_header_and_keeps_its_first_fact() -> None:
    for labels in ("helv", "hebo"):
        cells = table_cells(drawn(FACTS, fonts=lambda row, column: labels if column == 0 else "helv"))  # noqa: B023
        assert from_markdown(cells_to_markdown(cells)) == [["", ""], *FACTS]


def test_a_first_row_in_type_fill_or_rule_of_its_own_is_the_header() -> None:
    named = [["Liquid", "PX-300"], *FACTS]
    bold = drawn(named, fonts=lambda row, column: "hebo" if row == 0 else "helv")
    for way in (bold, drawn(named, filled=(0,)), drawn(named, ruled=(0,), grid=False)):
        assert from_markdown(cells_to_markdown(table_cells(way)))[0] == ["Liquid", "PX-300"]
    striped = drawn(named, filled=(0, 2, 4), ruled=(0, 1, 2, 3))
    assert from_markdown(cells_to_markdown(table_cells(striped)))[0] == ["", ""]
