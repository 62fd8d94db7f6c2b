"""Numbers that count lines, and numbers that do not."""

from ingestion.blocks import Line
from ingestion.elements import BBox
from ingestion.layout.line_numbers import line_numbers

PROSE = [
    "The supplier shall deliver the goods free",
    "of charge to the place that is named in",
    "the order, and the customer shall look at",
    "them at once and tell of all faults that",
    "are seen; others are told within a month of",
    "their being found, with a picture of each.",
]
PROGRAM = ["while running:", "t = read(3)", "if t > 75:", "stop()", "sleep(10)"]


def row(text: str, number: str, y: float, typed: bool = False) -> tuple[list[Line], list[Line]]:
    """A line and its words, the number 20 points left of them."""
    words, x = [Line(number, BBox(60 - 5 * len(number), y, 60, y + 10))] if number else [], 80.0
    for word in text.split():
        words.append(Line(word, BBox(x, y, x + 5 * len(word), y + 10)))
        x += 5 * len(word) + 3
    return words, [Line(text, BBox(80, y, x, y + 10), typed=typed)]


def found(texts: list[str], numbers: list[str], typed: bool = False) -> int:
    rows = [row(*item, 100 + 12 * i, typed) for i, item in enumerate(zip(texts, numbers, strict=True))]
    return len(line_numbers([word for words, _ in rows for word in words], [x for _, lines in rows for x in lines]))


def counted(count: int, step: int = 1) -> list[str]:
    return [str(i) if i % step == 0 else "" for i in range(1, count + 1)]


def test_each_line_and_each_fifth_line_of_prose_may_be_counted() -> None:
    assert found(PROSE, counted(6)) == 6
    assert found(PROSE * 3, counted(18, 5)) == 3


def test_lines_of_a_program_are_counted() -> None:
    assert found(PROGRAM, counted(5), typed=True) == 5
    assert found(PROGRAM, counted(5)) == 0


def test_numbers_of_steps_and_rows_stay() -> None:
    assert found([f"Turn the lever {i} times and wait." for i in range(6)], counted(6)) == 0
    assert found(["bolt", "nut", "washer", "ring", "seal", "cover"], counted(6)) == 0
    assert found(PROSE, ["1", "2", "4", "7", "8", "9"]) == 0


def test_numbers_of_rows_of_a_table_stay() -> None:
    assert found([" ".join(f"{i}.{k}" for k in range(1, 8)) for i in range(1, 7)], counted(6)) == 0
    rows = [row(text, number, 100 + 12 * i) for i, (text, number) in enumerate(zip(PROSE, counted(6), strict=True))]
    words, lines = [w for held, _ in rows for w in held], [x for _, held in rows for x in held]
    rules = [BBox(40, y, 400, y + 0.5) for y in range(99, 180, 12)]
    assert len(line_numbers(words, lines)) == 6 and not line_numbers(words, lines, rules)
