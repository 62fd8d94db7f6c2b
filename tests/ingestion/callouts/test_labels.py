"""Labels of figures: how they are written, and what is none."""

import pytest

from ingestion.blocks import Line
from ingestion.callouts.labels import figure_labels, label_key, run_together, solid_texts
from ingestion.elements import BBox

FIGURE = BBox(100, 100, 400, 300)


def line(text: str, x: float, y: float, wide: float = 10, score: float = 1.0) -> Line:
    return Line(text, BBox(x, y, x + wide, y + 10), score=score)


@pytest.mark.parametrize(
    ("text", "key"),
    [("7", "7"), ("(3)", "3"), ("07", "7"), ("12.", "12"), ("7a", "7A"), ("C", "C"), ("③", "3"), ("❷", "2"),
     ("⑫", "12"), ("[4]", "4"), ("Ｂ", "B"), ("B2", "B2"), ("①", "1")],
)  # fmt: skip
def test_labels_are_read_however_they_are_written(text: str, key: str) -> None:
    assert label_key(text) == key


@pytest.mark.parametrize(
    "text", ["0", "00", "0000", "35 %", "1,200", "0.5", "12 mm", "Valve", "7 Valve", "", "–", "X-4", "1999a"]
)
def test_amounts_words_and_zero_are_no_labels(text: str) -> None:
    assert label_key(text) is None


@pytest.mark.parametrize(
    ("key", "parts"),
    [("345", ("3", "4", "5")), ("5152", ("51", "52")), ("1516", ("15", "16")), ("99100", ()), ("17", ()), ("A2", ()),
     ("78", ("7", "8"))],
)  # fmt: skip
def test_numbers_that_ocr_ran_together_are_told(key: str, parts: tuple[str, ...]) -> None:
    assert run_together(key) == parts


def test_labels_stand_in_a_figure_or_at_its_rim_and_in_no_text() -> None:
    lines = [
        line("1", 150, 150),
        line("2", 405, 200),
        line("3", 450, 200),
        line("4", 120, 280),
        line("Seal 5", 200, 120),
    ]
    found = figure_labels(FIGURE, lines, [BBox(110, 270, 390, 300)])
    assert [label.key for label in found] == ["1", "2"]


def test_several_labels_in_one_line_share_its_box() -> None:
    found = figure_labels(FIGURE, [line("17 18", 150, 150, wide=40)], [])
    assert [(label.key, label.bbox.x0, label.bbox.x1) for label in found] == [("17", 150, 170), ("18", 170, 190)]


@pytest.mark.parametrize("values", [(20, 40, 60, 80), (0, 5, 10, 15, 20), (80, 60, 40, 20), (0, 1, 2, 3, 4)])
@pytest.mark.parametrize("upright", [True, False])
def test_numbers_in_even_steps_on_one_line_are_an_axis(values: tuple[int, ...], upright: bool) -> None:
    places = [(150.0, 120 + 40.0 * i) if upright else (120 + 60.0 * i, 150.0) for i in range(len(values))]
    lines = [line(str(value), *place) for value, place in zip(values, places, strict=True)]
    assert figure_labels(FIGURE, lines, []) == ()


def test_a_row_of_numbered_buttons_is_no_axis() -> None:
    found = figure_labels(FIGURE, [line(str(n), 120 + 40.0 * n, 150) for n in range(1, 6)], [])
    assert [label.key for label in found] == ["1", "2", "3", "4", "5"]


def test_a_figure_with_more_amounts_than_labels_is_a_chart() -> None:
    amounts = [line(f"{n}5 %", 120 + 40.0 * n, 200) for n in range(1, 5)]
    assert figure_labels(FIGURE, [*amounts, line("3", 150, 150), line("7", 290, 133)], []) == ()


def test_labels_remember_that_ocr_read_them() -> None:
    native, read = line("1", 150, 150), line("2", 250, 180, score=0.9)
    assert [label.read for label in figure_labels(FIGURE, [native, read], [])] == [False, True]


def test_a_box_that_lines_do_not_fill_is_no_text() -> None:
    prose = [line("The pump draws water from the tank", 100, 100 + 12 * i, wide=200) for i in range(5)]
    text, wide = BBox(100, 100, 300, 160), BBox(100, 100, 500, 500)
    assert solid_texts([text, wide], prose) == [text]
