"""Levels of headings by number and size."""

import pytest

from ingestion.layout.heading_levels import Heading, heading_levels

BODY = 10.0


def levels(*headings: tuple[str, float]) -> list[int | None]:
    return heading_levels([Heading(text, size, i, 0.5) for i, (text, size) in enumerate(headings)], BODY)


def test_levels_follow_font_size_where_nothing_is_numbered() -> None:
    assert levels(("Pump", 24), ("Care", 18), ("Filter", 12.1), ("Gasket", 11.9), ("Valve", 18)) == [1, 2, 3, 3, 2]


def test_numbers_win_over_font_size() -> None:
    found = levels(("1 Pump", 12), ("1.1 Care", 14), ("1.1.1 Filter", 14), ("1.2 Parts", 12), ("2 Valve", 12))
    assert found == [1, 2, 3, 2, 1]


def test_parts_chapters_and_appendices() -> None:
    found = levels(
        ("Part II Service", 20), ("Chapter 3 Pump", 18), ("3.1 Care", 14), ("Appendix A Codes", 18), ("A.1 Errors", 14)
    )
    assert found == [0, 1, 2, 1, 2]


def test_lettered_appendices_and_roman_sections() -> None:
    assert levels(("A Codes", 12), ("A.1 Errors", 12), ("B Parts", 12), ("B.1 Pump", 12)) == [1, 2, 1, 2]
    assert levels(("I. Pump", 12), ("A. Care", 12), ("II. Valve", 12)) == [1, 2, 1]


def test_chapters_in_chinese_and_japanese() -> None:
    assert levels(("第1章 水泵", 12), ("第2节 维护", 12), ("第2章 阀门", 12)) == [1, 2, 1]


def test_a_heading_without_number_stands_where_its_size_does() -> None:
    found = levels(("Abstract", 14), ("1 Pump", 14), ("1.1 Care", 12), ("Notice", 12), ("Tip", 9), ("References", 12))
    assert found == [1, 1, 2, 2, 3, 1]


def test_steps_of_instructions_are_no_sections() -> None:
    steps = [(f"{n}. Press the button", 10.0) for n in (1, 2, 1, 2, 1, 2, 3)]
    assert levels(("Cleaning", 18), *steps) == [1, *[2] * 7]


@pytest.mark.parametrize("text", ["2019 Results", "5 ways to save", "3.5 million pumps", "12 %"])
def test_figures_at_the_start_of_a_heading_are_no_numbers(text: str) -> None:
    assert levels(("1 Pump", 18), ("1.1 Care", 14), ("1.2 Parts", 14), (text, 11))[-1] == 3


def test_small_running_headings_open_nothing_and_titles_of_slides_do() -> None:
    small = [Heading("Service manual", 9, page, 0.05) for page in (1, 2, 3)]
    assert heading_levels(small, BODY) == [None, None, None]
    slides = [Heading(text, 24, page, 0.05) for page, text in enumerate(["Results", "Results", "Method", "Results"])]
    assert heading_levels(slides, BODY) == [1, None, 1, 1]
