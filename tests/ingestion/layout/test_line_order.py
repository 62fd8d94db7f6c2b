"""Lines beside an initial, and text in columns that layout takes for one region."""

from pathlib import Path

import pymupdf
import pytest

from ingestion.blocks import Line
from ingestion.elements import BBox
from ingestion.layout.line_order import columns_of, in_file_order, with_initials
from ingestion.parse import ParseOptions, parse_pdf
from ingestion.pdf.text_lines import in_reading_order


def line(text: str, x: float, y: float, wide: float = 100.0, high: float = 10.0) -> Line:
    return Line(text, BBox(x, y, x + wide, y + high))


BESIDE = [line("nce the machine runs", 122, 100), line("keep away from the belt", 122, 112)]
BELOW = line("and wait until it stops.", 100, 124)


@pytest.mark.parametrize("place", [0, 1, 3])
def test_an_initial_joins_the_first_line_beside_it_wherever_the_file_has_it(place: int) -> None:
    lines = [*BESIDE, BELOW]
    lines.insert(place, line("O", 100, 99, 20, 24))
    found = with_initials(lines)
    assert [item.text for item in found] == [
        "Once the machine runs",
        *(item.text for item in lines if item in found[1:]),
    ]
    assert found[0].bbox == BBox(100, 99, 222, 123)
    assert in_file_order([], found) == tuple(found)


def test_letters_that_are_no_initials_stay() -> None:
    label = [line("A", 100, 99, 20, 10), *BESIDE]  # as small as the text
    alone = [line("A", 100, 99, 20, 24), BESIDE[0]]  # beside one line
    word = with_initials([line("A", 100, 99, 15, 24), *BESIDE])
    assert with_initials(label) == label and with_initials(alone) == alone
    assert word[0].text == "A nce the machine runs"  # a gap: the letter is a word
    assert with_initials([line("B", 100, 99, 15, 24), *BESIDE])[0].text == "Bnce the machine runs"  # which this is not


def columns(rows: tuple[int, ...], words: str, gutter: float = 12.0) -> list[Line]:
    return [
        line(f"{words} {number}.{row}", 60 + number * (100 + gutter), 100 + 12 * row)
        for number, count in enumerate(rows)
        for row in range(count)
    ]


def test_columns_are_read_one_by_one() -> None:
    found = columns_of(columns((4, 4, 2), "words of a column"))
    assert found is not None and [len(rows) for rows in found] == [4, 4, 2]
    pieces = [line("words", 60, 100, 30), line("of it", 95, 100, 60), *columns((4, 4), "words of a column")[1:]]
    found = columns_of(pieces)
    assert found is not None and found[0][0].text == "words of it"


def test_short_columns_of_full_rows_are_columns_and_pairs_are_none() -> None:
    found = columns_of(columns((2, 2), "many words of a column"))
    assert found is not None and [len(rows) for rows in found] == [2, 2]
    assert columns_of(columns((2, 2), "Inlet valve")) is None


def test_a_box_right_of_a_text_may_come_before_it_and_labels_after_lines_are_no_column() -> None:
    left, right = columns((4,), "words of a text"), [line(f"a tool is {n}", 172, 96 + 12 * n) for n in range(4)]
    found = columns_of([*right, *left])
    assert found is not None and [len(rows) for rows in found] == [4, 4] and found[0][0].text == "a tool is 0"
    assert columns_of([*left, *(line(f"{n}.", 40, 96 + 12 * n, 12) for n in range(4))]) is None


@pytest.mark.parametrize(
    "lines",
    [
        columns((4,), "words of a column"),
        columns((4, 4), "cell"),  # a table written column by column
        columns((4, 4), "words of a column", gutter=80.0),
        columns((2, 2), "Words of a column"),  # two texts
    ],
)
def test_what_is_not_set_in_columns_stays(lines: list[Line]) -> None:
    assert columns_of(lines) is None


def test_a_page_with_an_initial_says_its_sentence(tmp_path: Path) -> None:
    doc = pymupdf.open()
    page = doc.new_page()
    page.insert_text((60, 122), "O", fontsize=34, fontname="tibo")
    for row, (x, text) in enumerate(
        [
            (88, "nce the machine is running, keep hands away from the belt and"),
            (88, "wait until it stops. The brake takes about four seconds to act, and"),
            (60, "the guard stays locked during this time, so be patient and do not force it."),
        ]
    ):
        page.insert_text((x, 107 + 14 * row), text, fontsize=11, fontname="tiro")
    path = tmp_path / "initial.pdf"
    doc.save(path)
    said = [e.text for e in parse_pdf(path, tmp_path / "out", ParseOptions(ocr="off")).elements]
    (only,) = said
    assert only.startswith(
        "Once the machine is running, keep hands away from the belt and wait until it stops. The brake"
    )


def test_the_last_words_of_a_text_beside_a_tall_sign_come_last() -> None:
    first = [
        line("WARNING", 122, 100, 50),
        line("A jammed disc throws the tool back, so stand aside of", 180, 100, 300),
    ]
    last = line("disc plane.", 122, 114, 50)
    sign = line("!", 60, 98, 20, 28)
    torn = [Line("! WARNING disc plane. A jammed disc throws the tool back, so stand aside of", BBox(60, 98, 480, 126))]
    assert in_file_order(torn, [sign, *first, last]) == (sign, *first, last)
    formula = [line("v = s", 122, 100, 30), line("1 t", 125, 112, 20)]
    assert in_file_order(torn, [sign, *formula]) is None


def test_letters_that_layout_has_no_name_for_are_those_of_the_file() -> None:
    known = [line("\u01ed12 mm", 10, 10), line("Seal", 10, 24)]
    assert in_reading_order([line("\ufffd12 mm", 10, 10), line("Seal", 10, 24)], known) == tuple(known)
    unknown = [line("\ufffd12 mm", 10, 10), line("Seal", 10, 24)]
    assert in_reading_order(unknown, unknown) is None


def test_a_box_beside_a_text_is_not_mixed_with_its_lines() -> None:
    note = [line("Use the small", 300, 100), line("key for the lid.", 300, 112)]
    text = [line("Leaks are reported at", 100, 100), line("once to the foreman", 100, 112)]
    mixed = [line(f"{a.text} {b.text}", 100, a.bbox.y0, 300) for a, b in zip(text, note, strict=True)]
    below = [line("and mended by him.", 100, 124), line("Nothing else is done.", 100, 136)]
    held = [*note, *text, *below]
    assert in_file_order([*mixed, *below], held) == tuple(held)
    cells = [line("Filter of the pump", 300, 100), line("Valve of the tank", 300, 112)]
    names = [line("Part that is old", 100, 100), line("Part that is new", 100, 112)]
    rows = [line(f"{a.text} {b.text}", 100, a.bbox.y0, 300) for a, b in zip(names, cells, strict=True)]
    assert in_file_order([*rows, *below], [*cells, *names, *below]) is None
