"""Items of lists as one block."""

from ingestion.blocks import Block
from ingestion.elements import BBox
from ingestion.layout.lists import merge_lists


def test_items_of_one_list_are_joined_and_other_columns_are_not() -> None:
    one = Block("list", BBox(50, 100, 280, 112), "• one")
    two = Block("list", BBox(50, 116, 280, 128), "• two")
    other = Block("list", BBox(320, 132, 550, 144), "• other column")
    merged = merge_lists([one, two, other])
    assert [b.text for b in merged] == ["• one\n• two", "• other column"]
    assert merged[0].bbox == BBox(50, 100, 280, 128)
