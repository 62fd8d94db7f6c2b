"""Rows of tables as they are read out."""

from rag.text.passages import tables


def read_out(*lines: str) -> list[str]:
    (table,) = tables("\n".join(lines))
    return [table.readable(row) for row in table.rows]


def test_rows_without_names_of_columns_are_facts() -> None:
    assert read_out("|  |  |", "| --- | --- |", "| Voltage | 230 V, 50 Hz |", "| Noise: | 62 dB(A) |") == [
        "Voltage: 230 V, 50 Hz",
        "Noise: 62 dB(A)",
    ]
    assert read_out("|  |  |  |", "| --- | --- | --- |", "| Flow rate | 45 | l/min |", "| Mains | 230 V | 16 A |") == [
        "Flow rate: 45 l/min",
        "Mains: 230 V; 16 A",
    ]
    pairs = read_out("|  |  |  |  |", "| --- | --- | --- | --- |", "| Length | 1200 mm | Width | 600 mm |")
    assert pairs == ["Length: 1200 mm; Width: 600 mm"]


def test_rows_under_names_of_columns_say_them() -> None:
    said = read_out("| Code | Meaning |", "| --- | --- |", "| E-07 | either a\\|b |", "| E-08 |  |")
    assert said == ["Code: E-07; Meaning: either a|b", "Code: E-08"]
