"""Running lines in the margins, on literals."""

from ingestion.elements import BBox, ElementKind, Page
from ingestion.layout import Block
from ingestion.margins import Place, recurring


def page(number: int) -> Page:
    return Page(number, 600, 800, 0)


def line(text: str, y: float, kind: ElementKind = "text") -> Block:
    return Block(kind, BBox(60, y, 300, y + 10), text)


def test_lines_that_recur_at_one_height_are_furniture_numbers_aside() -> None:
    pages = [
        (page(n), [line("Care Quarterly 12", 20), line("Body", 300), line(f"Page {n} of 4", 770)]) for n in (1, 2, 3)
    ]
    assert recurring(pages) == {Place(i, j) for i in range(3) for j in (0, 2)}


def test_a_line_on_two_pages_or_elsewhere_on_the_page_is_text() -> None:
    assert not recurring([(page(n), [line("Care Quarterly", 20)]) for n in (1, 2)])
    assert not recurring([(page(n), [line("See the table below.", 300)]) for n in (1, 2, 3)])
    assert not recurring([(page(n), [line("Note", 10 + 30 * n)]) for n in (1, 2, 3)])


def test_headings_are_furniture_only_on_half_of_the_pages_and_word_for_word() -> None:
    chapters = [(page(n), [line(f"Chapter {n}", 30, "heading")]) for n in range(1, 7)]
    assert not recurring(chapters)
    some = [(page(n), [line("Results" if n < 4 else f"Part {n}", 30, "heading")]) for n in range(1, 9)]
    assert not recurring(some)
    running = [(page(n), [line("Annual Report", 30, "heading")]) for n in range(1, 7)]
    assert len(recurring(running)) == 6
