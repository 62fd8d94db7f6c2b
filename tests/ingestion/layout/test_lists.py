"""Items of lists as one block, a line each."""

import pytest

from ingestion.blocks import Block, Line
from ingestion.elements import BBox
from ingestion.layout.lists import item_texts, merge_lists


def test_items_of_one_list_are_joined_and_other_columns_are_not() -> None:
    one = Block("list", BBox(50, 100, 280, 112), "• one")
    two = Block("list", BBox(50, 116, 280, 128), "• two")
    other = Block("list", BBox(320, 132, 550, 144), "• other column")
    merged = merge_lists([one, two, other])
    assert [b.text for b in merged] == ["• one\n• two", "• other column"]
    assert merged[0].bbox == BBox(50, 100, 280, 128)


def rows(*texts: str, left: float = 60.0) -> list[Line]:
    return [Line(text, BBox(left, 100 + 12 * i, left + 5 * len(text), 110 + 12 * i)) for i, text in enumerate(texts)]


@pytest.mark.parametrize(
    ("texts", "items"),
    [
        (["2. Turn the lid", "to the left.", "3. Lift it out."], ["2. Turn the lid to the left.", "3. Lift it out."]),
        (["a) Water", "b) Power"], ["a) Water", "b) Power"]),
        (["i. covered; or", "ii. open.", "iii. both"], ["i. covered; or", "ii. open.", "iii. both"]),
        (["(iv) the yard", "(v) the", "house", "(vi) all"], ["(iv) the yard", "(v) the house", "(vi) all"]),
        (["h. covered", "i. open", "j. both"], ["h. covered", "i. open", "j. both"]),
        (["1.1 Wear gloves", "1.2 Stop it"], ["1.1 Wear gloves", "1.2 Stop it"]),
        (["• Vacuum pump", "• Flaring", "tool"], ["• Vacuum pump", "• Flaring tool"]),
    ],
)
def test_items_of_one_region_are_a_line_each(texts: list[str], items: list[str]) -> None:
    assert item_texts(rows(*texts), listed=False) == items


@pytest.mark.parametrize(
    "texts",
    [
        ["1. Turn the lid", "3. of the parts list"],  # numbers that do not count on
        ["Fill it up to", "1. the mark and", "2. the rim."],  # it does not begin with an item
        ["230 V at 50 Hz", "231 V at most"],
        ["A pump that runs dry", "B stops"],
        ["– said he", "– and went"],  # prose
        ["1. One item alone"],
    ],
)
def test_other_lines_are_no_items(texts: list[str]) -> None:
    assert item_texts(rows(*texts), listed=False) == []


def test_a_dash_begins_items_where_layout_says_so_and_a_number_in_the_line_does_not() -> None:
    assert item_texts(rows("– dry", "– clean"), listed=True) == ["– dry", "– clean"]
    deeper = [*rows("1. Set the dial to"), Line("2. gear", BBox(120, 112, 160, 122))]
    assert item_texts(deeper, listed=True) == []


def test_what_announces_a_list_stands_before_its_items() -> None:
    texts = ["Wash the filter as", "follows.", "1. Lift it out.", "2. Rinse it."]
    lines = [*rows(*texts[:2], left=40.0), *(x for x in rows(*texts)[2:])]
    assert item_texts(lines, listed=False) == ["Wash the filter as follows.", "1. Lift it out.", "2. Rinse it."]
    assert item_texts(rows("Turn it to position", "1. Then lift", "2. Out"), listed=False) == []
    assert item_texts(rows("See the parts list.", "3. Nut", "4. Bolt"), listed=False) == []


def test_items_of_right_to_left_text_stand_at_the_right_edge() -> None:
    lines = [Line(text, BBox(200 - 5 * len(text), y, 200, y + 10)) for text, y in (("1. אבגד", 100), ("2. אב", 112))]
    assert item_texts(lines, listed=False) == ["1. אבגד", "2. אב"]
