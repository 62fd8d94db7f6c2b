"""Running lines in the margins, on literals."""

from ingestion.blocks import Block
from ingestion.elements import BBox, ElementKind, Page
from ingestion.layout.running_headers import BlockPosition, find_running, is_page_number


def page(number: int) -> Page:
    return Page(number, 600, 800, 0)


def line(text: str, y: float, kind: ElementKind = "text") -> Block:
    return Block(kind, BBox(60, y, 300, y + 10), text)


def test_lines_that_recur_at_one_height_are_furniture_numbers_aside() -> None:
    pages = [
        (page(n), [line("Care Quarterly 12", 20), line("Body", 300), line(f"Page {n} of 4", 770)]) for n in (1, 2, 3)
    ]
    assert find_running(pages) == {BlockPosition(i, j) for i in range(3) for j in (0, 2)}


def test_a_line_on_two_pages_or_elsewhere_on_the_page_is_text() -> None:
    assert not find_running([(page(n), [line("Care Quarterly", 20)]) for n in (1, 2)])
    assert not find_running([(page(n), [line("See the table below.", 300)]) for n in (1, 2, 3)])
    assert not find_running([(page(n), [line("Note", 10 + 30 * n)]) for n in (1, 2, 3)])


def test_headings_are_furniture_only_on_half_of_the_pages_and_word_for_word() -> None:
    chapters = [(page(n), [line(f"Chapter {n}", 30, "heading")]) for n in range(1, 7)]
    assert not find_running(chapters)
    some = [(page(n), [line("Results" if n < 4 else f"Part {n}", 30, "heading")]) for n in range(1, 9)]
    assert not find_running(some)
    running = [(page(n), [line("Annual Report", 30, "heading")]) for n in range(1, 7)]
    assert len(find_running(running)) == 6


def classed(text: str, y: float = 20, size: float = 8) -> Block:
    return Block("text", BBox(60, y, 300, y + 10), text, size, furniture=True)


def test_what_layout_calls_a_header_is_furniture_only_where_it_repeats() -> None:
    pages = [(page(n), [classed("Care Quarterly"), classed(f"Wards opened in 190{n * n}", 770)]) for n in (1, 2)]
    assert find_running(pages) == {BlockPosition(0, 0), BlockPosition(1, 0)}


def test_numbers_repeat_only_where_they_count_with_the_pages() -> None:
    counted = [(page(n), [line(f"Section 4 | {n + 16}", 770)]) for n in (1, 2, 3)]
    assert len(find_running(counted)) == 3
    torques = [(page(n), [line(f"Screw {n}: torque {value} Nm", 20)]) for n, value in ((1, 12), (3, 35), (4, 35))]
    assert not find_running([*torques, (page(2), [])])


def test_page_numbers_are_furniture_however_they_count() -> None:
    pages = [(page(n), [classed(text, 770)]) for n, text in ((1, "iv"), (2, "17"), (3, "Seite 3 von 9"))]
    assert len(find_running(pages)) == 3
    assert not find_running(pages[:1])
    assert is_page_number("- 12 -")
    assert not is_page_number("12 %")
    assert not is_page_number("Pump 12")


def test_a_title_in_large_type_on_a_few_pages_is_kept_on_the_first() -> None:
    pages = [(page(n), [classed("Results" if n in (3, 4) else f"Topic {n * n}", size=28)]) for n in range(1, 9)]
    assert find_running(pages, large=14) == {BlockPosition(3, 0)}
    running = [(page(n), [classed("Yearly report", size=28)]) for n in range(1, 9)]
    assert len(find_running(running, large=14)) == 8


def test_a_header_that_names_an_earlier_heading_runs_on() -> None:
    pages = [(page(1), [line("2 Water circuit", 300, "heading")]), (page(2), [classed("2 Water circuit | 17")])]
    assert find_running(pages) == {BlockPosition(1, 0)}
    assert not find_running(
        [(page(1), [classed("3 Steam circuit | 17")]), (page(2), [line("3 Steam circuit", 90, "heading")])]
    )


def test_a_header_that_layout_took_for_text_on_one_page_is_one() -> None:
    pages = [(page(n), [classed("Care Quarterly") if n != 3 else line("Care Quarterly", 21)]) for n in range(1, 6)]
    assert BlockPosition(2, 0) in find_running(pages)
