"""Rows of tables as they are read out, and texts taken apart into sentences."""

import pytest

from rag.text.passages import sentences, tables


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


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Es genügen i. d. R. 10 MB inkl. Karten. Mehr nicht.", 2),
        ("Login fehlt (der Server ist weg. das kommt vor) oder gesperrt. Neu starten.", 2),
        ("Ouvrir p. ex. la vanne env. 3 mm. Fermer.", 2),
        ("Open it. then close it.", 2),
    ],
)
def test_abbreviations_and_brackets_end_no_sentence(text: str, wanted: int) -> None:
    assert len(sentences(text)) == wanted
