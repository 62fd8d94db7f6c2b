"""Tables of contents told from tables."""

import pytest

from ingestion.tables.contents import looks_like_contents

ROWS = [["Code", "Meaning"], ["E1", "Pump | valve"], ["E2"]]


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


def test_a_page_that_says_contents_needs_no_dots() -> None:
    rows = [["At a glance", "1"], ["Our courses", "3"], ["Fees", "9"], ["How to apply", "12"]]
    assert looks_like_contents(rows, said=True)
    assert not looks_like_contents(rows)


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
