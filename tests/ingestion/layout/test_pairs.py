"""Labels and values beside each other, on literals."""

from collections.abc import Sequence

from ingestion.blocks import Line
from ingestion.elements import BBox
from ingestion.layout.pairs import pair_cells

ROWS = [
    ("Instrument", "Pressure gauge", "Customer", "Harbour works"),
    ("Serial number", "77-104", "Date", "14 May 2026"),
    ("Range", "0 to 16 bar", "Next due", "14 May 2027"),
]


def lines(rows: Sequence[tuple[str, ...]], lefts: tuple[int, ...] = (50, 160, 300, 400)) -> list[Line]:
    return [
        Line(text, BBox(x, 100 + 14 * r, x + 5 * len(text), 110 + 14 * r))
        for r, row in enumerate(rows)
        for x, text in zip(lefts, row, strict=False)
    ]


def pair_texts(held: list[Line]) -> list[str]:
    cells = pair_cells(held)
    assert [cell.column for cell in cells] == [0, 1] * (len(cells) // 2)
    return [f"{a.text} {b.text}" for a, b in zip(cells[::2], cells[1::2], strict=True)]


def test_pairs_are_read_one_by_one_column_after_column() -> None:
    texts = ["Instrument Pressure gauge", "Serial number 77-104", "Range 0 to 16 bar"]
    assert pair_texts(lines([row[:2] for row in ROWS])) == texts
    both = pair_texts(lines(ROWS))
    assert both == [*texts, "Customer Harbour works", "Date 14 May 2026", "Next due 14 May 2027"]
    short = [
        *ROWS,
        ("Place", "Lindau", "Use", "Tests"),
        ROWS[1],
        ("Sign", "K 4"),
    ]  # fewer on the left than on the right
    assert pair_texts(lines(short))[5] == "Sign K 4"


def test_other_texts_are_no_pairs() -> None:
    assert pair_texts(lines(ROWS[:2])) == []
    assert pair_texts(lines([row[:3] for row in ROWS])) == []
    assert pair_texts(lines([("12", "13", "14", "15")] * 4)) == []
    prose = [("the pump draws water from the tank", "and presses it through the flow meter into")] * 4
    assert pair_texts(lines(prose, (50, 300))) == []
    ragged = [Line(x.text, BBox(x.bbox.x0 + 9 * i, *x.bbox[1:])) for i, x in enumerate(lines(ROWS))]
    assert pair_texts(ragged) == []
    near = lines([("Range", "0 to 16 bar")] * 4, (50, 78))
    assert pair_texts(near) == []
