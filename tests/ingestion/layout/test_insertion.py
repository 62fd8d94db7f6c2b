"""Where blocks found late are put among the others."""

from ingestion.blocks import Block
from ingestion.elements import BBox
from ingestion.layout.insertion import insert_late, insertion_index

HEAD, LEFT, LEFT_END = BBox(50, 50, 550, 70), BBox(50, 100, 280, 300), BBox(50, 400, 280, 500)
RIGHT = BBox(310, 150, 540, 500)
PAGE = [HEAD, LEFT, LEFT_END, RIGHT]


def test_a_text_follows_what_is_above_it_in_its_column() -> None:
    assert insertion_index(BBox(60, 310, 270, 322), PAGE) == 2
    assert insertion_index(BBox(320, 510, 500, 522), PAGE) == 4


def test_a_text_under_a_heading_over_all_columns_opens_its_own_column() -> None:
    assert insertion_index(BBox(310, 120, 540, 140), PAGE) == 3


def test_a_text_follows_what_holds_it_and_what_stands_on_its_left() -> None:
    assert insertion_index(BBox(60, 200, 200, 212), PAGE) == 2
    assert insertion_index(BBox(120, 600, 200, 612), [*PAGE, BBox(50, 600, 110, 612), BBox(50, 640, 540, 700)]) == 5


def test_late_blocks_find_each_other() -> None:
    late = [Block("text", BBox(60, 310, 270, 322), "one"), Block("text", BBox(60, 324, 270, 336), "two")]
    blocks = insert_late([Block("text", box) for box in PAGE], late)
    assert [b.text for b in blocks] == ["", "", "one", "two", "", ""]


def test_texts_on_a_picture_follow_it_in_the_order_of_reading() -> None:
    scene = Block("figure", BBox(0, 0, 600, 800))
    late = [Block("text", BBox(60, y, 270, y + 12), str(y)) for y in (100, 300, 500)]
    assert [b.text for b in insert_late([scene], late)] == ["", "100", "300", "500"]
