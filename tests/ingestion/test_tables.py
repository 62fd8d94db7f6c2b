import pytest

from ingestion.elements import BBox
from ingestion.tables import from_markdown, looks_like_contents, same_header, to_markdown, with_rules

ROWS = [["Code", "Meaning"], ["E1", "Pump | valve"], ["E2"]]


def test_markdown_round_trip_keeps_pipes_and_fills_short_rows() -> None:
    text = to_markdown(ROWS)
    assert text.splitlines()[1] == "| --- | --- |"
    assert from_markdown(text) == [["Code", "Meaning"], ["E1", "Pump | valve"], ["E2", ""]]


def test_other_text_is_no_table() -> None:
    assert from_markdown("just words\nmore words") == []
    assert to_markdown([]) == ""


def test_continued_tables_repeat_their_header() -> None:
    assert same_header([["Code", "Meaning"], ["1", "a"]], [["CODE", " meaning"], ["9", "z"]])
    assert not same_header([["Code", "Meaning"]], [["Code", "Remedy"]])
    assert not same_header([["Only"]], [["Only"]])
    assert not same_header([], [["Code", "Meaning"]])


@pytest.mark.parametrize(
    "rows",
    [
        [["1 Safety ......... 3"], ["2 Parts ......... 9"], ["3 Use . . . . . 12"], ["Index ......... 40"]],
        [["1", "Safety", "3"], ["1.1", "Signs", "4"], ["2", "Parts", "9"], ["3", "Cleaning the boiler", "12"]],
        [["Contents", "Page"], ["Preface", "iii"], ["Safety", "3"], ["Parts", "9"], ["Cleaning", "12"]],
    ],
)
def test_titles_with_page_numbers_are_a_list_of_contents(rows: list[list[str]]) -> None:
    assert looks_like_contents(rows)


@pytest.mark.parametrize(
    "rows",
    [
        ROWS,
        [["With a disability . . . . .", "54,425", "894"], ["Severe . . . . .", "34,947", "654"]] * 3,
        [["0.99 ........", "800 880 960"], ["0.95 ........", "160 176 192"], ["0.90 ........", "80 88 96"]] * 2,
        [["Lyon", "12"], ["Nice", "15"], ["Lille", "17"], ["Paris", "40"]],
        [["1 Lyon", "12"], ["2 Nice", "9"], ["3 Lille", "4"], ["4 Paris", "2"]],
    ],
)
def test_rows_of_data_are_no_contents(rows: list[list[str]]) -> None:
    assert not looks_like_contents(rows)


def test_a_table_grows_to_its_rules_but_not_to_other_drawings() -> None:
    words = BBox(59, 521, 472, 629)
    header, last_rule = BBox(54, 515, 541, 533), BBox(54, 634, 541, 634.5)
    elsewhere, frame, tick = BBox(54, 700, 541, 720), BBox(0, 0, 595, 842), BBox(60, 540, 66, 546)
    assert with_rules(words, [header, last_rule, elsewhere, frame, tick]) == BBox(54, 515, 541, 634.5)
    assert with_rules(words, []) == words
