"""Page numbers read from margins, on literals."""

from __future__ import annotations

import pytest

from ingestion.elements import BBox, Page
from ingestion.layout.page_labels import add_printed_labels, from_roman, in_margin, printed_labels, to_roman


def footers(first_page: int, numbers: list[str]) -> dict[int, list[str]]:
    return {first_page + i: [text] for i, text in enumerate(numbers)}


def test_numbers_that_count_on_are_labels_and_pages_between_them_follow() -> None:
    margins = footers(4, ["Care guide 2", "3", "", "5", "Chapter 1 | 6"])
    assert printed_labels(9, margins) == {3: "1", 4: "2", 5: "3", 6: "4", 7: "5", 8: "6", 9: "7"}


def test_front_matter_in_roman_numerals_and_a_new_count_after_it() -> None:
    margins = footers(2, ["i", "ii", "iii", "1", "2", "3", "4"])
    assert printed_labels(8, margins) == {2: "i", 3: "ii", 4: "iii", 5: "1", 6: "2", 7: "3", 8: "4"}


def test_two_pages_of_a_book_on_one_page_of_the_file() -> None:
    margins = {page: [f"{2 * page - 2}", f"{2 * page - 1}"] for page in range(2, 7)}
    assert printed_labels(6, margins) == {page: f"{2 * page - 2}–{2 * page - 1}" for page in range(2, 7)}


@pytest.mark.parametrize(
    "texts",
    [
        ["Report 2015"] * 6,
        ["Tel. 1234", "§ 7", "", "12 %", "99", "3"],
        ["$ 1", "$ 2", "$ 3", "$ 4"],
        ["1.2", "1.3", "1.4", "1.5"],
        ["7"],
    ],
)
def test_years_prices_and_section_numbers_are_no_page_numbers(texts: list[str]) -> None:
    assert printed_labels(len(texts), footers(1, texts)) == {}


def test_long_lines_in_the_margin_carry_no_page_number() -> None:
    line = "the {} items of this list were counted on the day of the last visit by all of them"
    assert printed_labels(4, footers(1, [line.format(n) for n in range(1, 5)])) == {}


def test_labels_of_the_file_stay_unless_they_only_count_the_pages() -> None:
    margins = footers(1, ["11", "12", "13", "14"])
    own = [Page(n, 600, 800, 0, label=f"A-{n}") for n in range(1, 5)]
    assert add_printed_labels(own, margins) == own
    for label in ("{}", ""):
        plain = [Page(n, 600, 800, 0, label=label.format(n)) for n in range(1, 5)]
        assert [page.label for page in add_printed_labels(plain, margins)] == ["11", "12", "13", "14"]


def test_a_file_without_printed_numbers_keeps_its_labels() -> None:
    pages = [Page(n, 600, 800, 0, label=str(n)) for n in range(1, 4)]
    assert add_printed_labels(pages, {}) == pages


def test_margins_are_the_top_and_bottom_of_the_page() -> None:
    assert in_margin(BBox(0, 20, 100, 40), 800) and in_margin(BBox(0, 760, 100, 780), 800)
    assert not in_margin(BBox(0, 80, 100, 120), 800)


def test_roman_numerals_both_ways() -> None:
    assert [to_roman(n) for n in (1, 4, 9, 14, 40, 90)] == ["i", "iv", "ix", "xiv", "xl", "xc"]
    assert [from_roman(text) for text in ("iv", "xix", "xlii", "iiii", "ic", "vx")] == [4, 19, 42, 0, 0, 0]
