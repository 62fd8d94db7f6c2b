"""Legends and parts lists: lists of lines, columns, tables, sentences."""

from collections.abc import Sequence

import pytest

from ingestion.blocks import Line
from ingestion.callouts.legends import follows, inline_legend, list_legends, row_text, table_legends
from ingestion.elements import BBox, Cell

BOX = BBox(0, 0, 100, 20)


def line(text: str, x: float, y: float) -> Line:
    return Line(text, BBox(x, y, x + 5.0 * len(text), y + 10))


def said(legends: Sequence[Sequence[tuple[str, str, BBox]]]) -> list[dict[str, str]]:
    return [{key: text for key, text, _ in legend} for legend in legends]


def table(*rows: Sequence[str], header: int = 0) -> list[Cell]:
    return [
        Cell(r, c, text, header=r < header, bbox=BBox(80.0 * c, 15.0 * r, 80.0 * c + 80, 15.0 * r + 15))
        for r, row in enumerate(rows)
        for c, text in enumerate(row)
    ]


@pytest.mark.parametrize("form", ["{} {}", "{}. {}", "{}: {}", "({}) {}", "{} – {}", "{}) {}", "{} = {}", "[{}] {}"])
@pytest.mark.parametrize("keys", ["123", "ABC"])
def test_rows_are_read_however_key_and_words_are_parted(form: str, keys: str) -> None:
    words = ["Power button", "Drain valve", "Lid"]
    lines = [line(form.format(k, w), 60, 100 + 15.0 * i) for i, (k, w) in enumerate(zip(keys, words, strict=True))]
    assert said(list_legends(lines)) == [dict(zip(keys, words, strict=True))]


def test_a_list_goes_on_in_the_next_column_and_begins_anew() -> None:
    first = [line(f"{n} Part {'xyz'[n % 3]}{n}", 60, 100 + 15.0 * n) for n in range(1, 5)]
    more = [line(f"{n} Part {'xyz'[n % 3]}{n}", 300, 100 + 15.0 * (n - 4)) for n in range(5, 8)]
    other = [line(f"{n} Knob {n}x", 300, 300 + 15.0 * n) for n in range(1, 3)]
    found = [list(legend) for legend in said(list_legends([*first, *more, *other]))]
    assert sorted(found) == [["1", "2"], ["1", "2", "3", "4", "5", "6", "7"]]


def test_keys_and_words_that_stand_apart_are_one_row() -> None:
    lines = [line(key, 60, y) for key, y in (("1", 100), ("2", 115))]
    lines += [line("Sanding belt", 80, 100), line("Bed", 80, 115), line("4", 200, 100)]
    assert said(list_legends(lines)) == [{"1": "Sanding belt", "2": "Bed"}]


def test_a_row_takes_the_lines_that_go_on_below_it_and_no_others() -> None:
    lines = [
        line("4  Messages that tell of any special mode", 60, 100),
        line("or state, such as holidays", 80, 112),
        line("5  Main menu", 60, 127),
        line("Prose that begins at the margin.", 60, 139),
    ]
    wanted = {"4": "Messages that tell of any special mode or state, such as holidays", "5": "Main menu"}
    assert said(list_legends(lines)) == [wanted]


def test_two_columns_of_an_index_in_one_line_are_two_rows() -> None:
    lines = [
        line("1 Wharf ............ C2 20 Tanguito ........ B2", 60, 100),
        line("2 Aquatic Park ..... A2 21 Buena Vista ..... A3", 60, 115),
    ]
    assert {key: text for legend in said(list_legends(lines)) for key, text in legend.items()} == {
        "1": "Wharf … C2", "2": "Aquatic Park … A2", "20": "Tanguito … B2", "21": "Buena Vista … A3",
    }  # fmt: skip


def test_a_single_numbered_line_is_no_legend() -> None:
    assert list_legends([line("4 Safety", 60, 100), line("The pump draws water.", 60, 115)]) == []


@pytest.mark.parametrize(
    "head", [["No.", "Description"], ["Pos.", "Benennung"], ["番号", "名称"], ["Rep", "Désignation"]]
)
def test_a_parts_list_is_a_table_with_a_column_of_keys(head: list[str]) -> None:
    found = table_legends(table(head, ["1", "Lid"], ["2", "Seal"], ["7a", "Drain valve"], header=1))
    assert said(found) == [{"1": "Lid", "2": "Seal", "7A": "Drain valve"}]


def test_a_parts_list_needs_no_header() -> None:
    found = table_legends(table(["1", "Pedal", "1"], ["2", "Flat washer", "2"], ["3", "Hex nut", "2"], header=1))
    assert said(found) == [{"1": "Pedal; 1", "2": "Flat washer; 2", "3": "Hex nut; 2"}]


def test_columns_side_by_side_are_one_list() -> None:
    head = ["No.", "Description", "Qty", "No.", "Description", "Qty"]
    rows = [
        ["1", "Lid", "1", "4", "Chute", "2"],
        ["2", "Seal", "1", "5", "Grate", "1"],
        ["3", "Hinge", "2", "6", "Pan", "1"],
    ]
    assert list(said(table_legends(table(head, *rows, header=1)))[0].items()) == [
        ("1", "Lid; 1"), ("2", "Seal; 1"), ("3", "Hinge; 2"), ("4", "Chute; 2"), ("5", "Grate; 1"), ("6", "Pan; 1"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "rows",
    [
        [["Year", "Sales"], ["2019", "12"], ["2020", "15"]],
        [["Pump", "4"], ["Valve", "4"], ["Lid", "1"]],
        [["1", "1"], ["2", "4"], ["3", "9"]],
        [["2019", "Pumps sold"], ["2020", "Valves sold"], ["2021", "Lids sold"]],
    ],
)
def test_tables_of_other_things_are_no_legends(rows: list[list[str]]) -> None:
    assert table_legends(table(*rows)) == []


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("1 lamp, 2 lens, 3 mirror", {"1": "lamp", "2": "lens", "3": "mirror"}),
        ("Legend: A: handle; B: lid; C: pump.", {"A": "handle", "B": "lid", "C": "pump."}),
        ("Fig. 4: (1) inlet, (2) rotor and (3) outlet", {"1": "inlet", "2": "rotor and", "3": "outlet"}),
        ("The 3 pumps of 12 models were sold in 2 years.", {}),
        ("1 lamp and 2 lenses", {}),
    ],
)
def test_sentences_can_be_legends(text: str, rows: dict[str, str]) -> None:
    assert {row.key: row.text for row in inline_legend(text, BOX)} == rows


def test_keys_follow_each_other() -> None:
    assert all(follows(b, a) for a, b in [("1", "2"), ("9", "10"), ("A", "B"), ("7", "7A"), ("7A", "7B"), ("A2", "A3")])
    assert not any(follows(b, a) for a, b in [("1", "3"), ("2", "1"), ("A", "C"), ("1", "A"), ("7A", "8B")])


def test_what_a_key_stands_for_is_one_line_without_leaders() -> None:
    assert row_text("Wave Organ ............ B1") == "Wave Organ … B1"
    assert len(row_text("word " * 200)) <= 240
