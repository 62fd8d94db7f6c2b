"""Words beside icons: on the right, below, in the cells of a table."""

from ingestion.blocks import Line
from ingestion.callouts.neighbours import words_beside
from ingestion.elements import BBox, Cell

ICON = BBox(100, 100, 140, 140)


def line(text: str, x: float, y: float) -> Line:
    return Line(text, BBox(x, y, x + 5.0 * len(text), y + 10))


def test_the_lines_on_the_right_go_on_below() -> None:
    lines = [line("Danger of death", 150, 112), line("from high voltage", 150, 124), line("Wear gloves", 150, 180)]
    assert words_beside(ICON, lines, []) == "Danger of death from high voltage"


def test_words_centred_below_are_an_icons_name() -> None:
    lines = [line("Sleep", 107, 144), line("Reminders and alerts", 260, 144)]
    assert words_beside(ICON, lines, []) == "Sleep"


def test_a_note_across_the_column_is_no_name_of_what_stands_above_it() -> None:
    assert words_beside(ICON, [line("Answers of those who gave none are not shown", 20, 144)], []) == ""
    assert words_beside(ICON, [line("Note: not shown", 85, 144)], []) == ""


def test_far_words_and_large_pictures_have_none() -> None:
    assert words_beside(ICON, [line("Danger", 250, 112), line("Below", 107, 190)], []) == ""
    assert words_beside(BBox(100, 100, 400, 300), [line("Danger", 410, 200)], []) == ""
    assert words_beside(ICON, [line("12", 150, 112)], []) == ""


def test_in_a_table_the_row_explains_an_icon_and_in_a_grid_its_cell() -> None:
    cells = [
        Cell(0, 0, "Status", header=True, bbox=BBox(160, 60, 300, 90)),
        Cell(1, 0, "Displaying", bbox=BBox(160, 95, 300, 145)),
        Cell(1, 1, "Close the menu", bbox=BBox(300, 95, 400, 145)),
        Cell(2, 0, "Off", bbox=BBox(90, 145, 300, 190)),
    ]
    assert words_beside(ICON, [line("Displaying", 170, 112)], [cells]) == "Displaying; Close the menu"
    grid = [Cell(0, 0, "Wear gloves", bbox=BBox(90, 90, 200, 200)), Cell(0, 1, "No fire", bbox=BBox(200, 90, 300, 200))]
    assert words_beside(ICON, [], [grid]) == "Wear gloves"
