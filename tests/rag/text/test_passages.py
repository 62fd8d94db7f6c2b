"""Rows of tables as they are read out, and texts taken apart into sentences."""

import pytest

from ingestion.elements import BBox, Chunk, ChunkKind, Region
from rag.text.chunk_text import embedded_text, searchable_text
from rag.text.passages import sentences, tables, without_bars


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
        ("Inlet pressure: Max. 6 bar, Min. 1 bar. Je Gerät 4 Stk. Schrauben.", 2),
        ("¿Qué hago? ¡Pulse el botón!", 2),
        ("7. Select what is sent: 7.1. Double click the row. 7.2. Tick it. It is on.", 3),
        ("1.1. In the window enter 1234. It opens.", 2),
        ("Přepněte kódem s dek. ekvivalentem 16. Zpět kódem 1.", 2),
        ("Koppla in enl. schemat på sidan 4. Klart.", 2),
        ("Press it. Then let it go. c) Wait.", 3),
        ("Call us: 12 Mill Rd. Leeds, or Kavaklı Mah. Göktürk Sok. No:3. We answer.", 2),
        ("From 9.5 ... 95 V DC. Storage: -20 … +50 °C. Dry.", 3),
        ("The gap is 0.5. It is even: 2. Then stop.", 3),
        ("Refresh list every ...... seconds sets the period. Wait … then press Set. It hangs... Restart it.", 4),
    ],
)
def test_abbreviations_and_brackets_end_no_sentence(text: str, wanted: int) -> None:
    assert len(sentences(text)) == wanted


def test_tables_without_bars_keep_every_cell_and_other_lines() -> None:
    table = "| Code |  | Meaning |\n| :--- | --- | ---: |\n| E-07 |  | either a\\|b |\n|  |  |  |\n| --- | left | out |"
    assert without_bars(f"Errors\n{table}\nSee a|b") == "Errors\nCode Meaning\nE-07 either a|b\n--- left out\nSee a|b"
    assert without_bars("no table\n\nhere") == "no table\n\nhere"


def test_what_is_embedded_says_the_innermost_heading_and_rows_without_bars() -> None:
    def chunk(kind: ChunkKind, text: str, heading: str) -> Chunk:
        return Chunk("1", "d", kind, text, (Region(1, BBox(0, 0, 9, 9)),), "Table 2", heading, "see Table 2")

    table = chunk("table", "| Mains | 230 V |\n| --- | --- |", "4 Data > 4.1 Electrical")
    assert embedded_text(table) == "Table 2\nMains 230 V\nsee Table 2\n4.1 Electrical"
    assert searchable_text(table) == "Table 2\n| Mains | 230 V |\n| --- | --- |\nsee Table 2\n4 Data > 4.1 Electrical"
    assert embedded_text(chunk("text", "Unplug it.", "Safety")) == "Safety\nUnplug it."
    assert embedded_text(chunk("text", "Unplug it.", "")) == "Unplug it."


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        (
            "Use it in these cases: ◾ Before the first time ◾ After a long rest",
            ["Use it in these cases:", "◾ Before the first time", "◾ After a long rest"],
        ),
        ("▶ Keep it dry. ▶ Keep it clean.", ["▶ Keep it dry.", "▶ Keep it clean."]),
        ("Fuses ❑ 10 A red ❑ 15 A blue", ["Fuses", "❑ 10 A red", "❑ 15 A blue"]),
        ("Press ▶ to start and ● Record to stop.", ["Press ▶ to start and ● Record to stop."]),
    ],
)
def test_items_within_a_line_are_told_apart_but_signs_of_keys_part_nothing(text: str, wanted: list[str]) -> None:
    assert sentences(text) == wanted


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "Have the number (E-Nr.) and the date at hand. Call us.",
            ["Have the number (E-Nr.) and the date at hand.", "Call us."],
        ),
        ('It says "Stop." Then wait.', ['It says "Stop."', "Then wait."]),
        ("Es meldet »Halt.« Dann warten.", ["Es meldet »Halt.«", "Dann warten."]),
        ("Turn it off. (See page 3.) Wait.", ["Turn it off.", "(See page 3.)", "Wait."]),
        ("**Note.** The pump is hot.", ["**Note.**", "The pump is hot."]),
        ("It takes (approx.) 5 mm. Done.", ["It takes (approx.) 5 mm.", "Done."]),
        ("! DANGER Pull the plug. Wait.", ["! DANGER Pull the plug.", "Wait."]),
        ('"Why?" is shown. Press OK.', ['"Why?" is shown.', "Press OK."]),
        ("显示「停。」然后等待。完成！", ["显示「停。」", "然后等待。", "完成！"]),
    ],
)
def test_what_closes_a_quotation_or_a_bracket_stays_with_its_sentence(text: str, said: list[str]) -> None:
    assert sentences(text) == said
