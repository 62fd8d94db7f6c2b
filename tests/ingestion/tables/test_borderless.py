"""Aligned cells under names are a table; prose in columns, cards and slides are not. A character is 5 points wide."""

from collections.abc import Sequence

from ingestion.blocks import Block, Line
from ingestion.elements import BBox
from ingestion.geometry import union
from ingestion.tables.borderless import add_borderless_tables
from ingestion.tables.markdown import from_markdown

PITCH, GAP, LEFTS = 12.0, 8.0, (60.0, 210.0, 360.0)
TROUBLE = [
    [["Saw does not start"], ["The plug is not in", "its socket"], ["Check plug and fuse"]],
    [["Cut is not straight,", "edge is rough"], ["Blade blunt"], ["Sharpen it;", "straighten the", "guide"]],
    [["Strong vibration"], ["Flange loose"], ["Tighten with 18 Nm"]],
]  # fmt: skip


def set_row(cells: Sequence[Sequence[str]], top: float, font: str = "helv") -> list[Line]:
    return [
        Line(text, BBox(x, top + PITCH * i, x + 5 * len(text), top + PITCH * i + 10), font=font)
        for x, lines in zip(LEFTS, cells, strict=False)
        for i, text in enumerate(lines)
    ]


def set_table(rows: Sequence[Sequence[Sequence[str]]], names: str = "hebo", top: float = 100.0) -> list[Line]:
    lines = set_row([["Fault"], ["Possible cause"], ["Remedy"]][: len(rows[0])], top, names)
    y = top + PITCH + GAP
    for row in rows:
        lines += set_row(row, y)
        y += PITCH * max(map(len, row)) + GAP
    return lines


def blocks(lines: Sequence[Line]) -> list[Block]:
    """One block a column, as layout reads them."""
    held = [[line for line in lines if line.bbox.x0 == x] for x in LEFTS]
    return [Block("text", union(x.bbox for x in own), " ".join(x.text for x in own)) for own in held if own]


def kinds(lines: Sequence[Line], others: Sequence[Block] = ()) -> list[str]:
    return [b.kind for b in add_borderless_tables([*blocks(lines), *others], lines)]


def test_wrapped_cells_under_three_names_are_a_table() -> None:
    lines = set_table(TROUBLE)
    below = Line(
        "If none of this helps, call the service and have the number of the saw at hand.", BBox(60, 300, 480, 310)
    )
    after = Block("text", below.bbox, below.text)
    table, rest = add_borderless_tables([*blocks(lines), after], [*lines, below])
    assert rest == after and table.kind == "table"
    assert from_markdown(table.text) == [
        ["Fault", "Possible cause", "Remedy"],
        *([" ".join(cell) for cell in row] for row in TROUBLE),
    ]


def test_further_causes_stand_under_the_fault_above() -> None:
    rows = [TROUBLE[0], [[], ["Fuse has blown"], ["Replace the fuse with", "one of 10 A"]], *TROUBLE[1:]]
    (table,) = add_borderless_tables(blocks(set_table(rows)), set_table(rows))
    assert from_markdown(table.text)[2] == ["Saw does not start", "Fuse has blown", "Replace the fuse with one of 10 A"]


def test_columns_of_prose_cards_and_lists_are_no_table() -> None:
    prose = [[["The valve opens as soon"] * n for n in (5, 4, 6)]]
    assert "table" not in kinds(set_table(prose))  # three services, each with its text
    uneven = [line for line in set_table(TROUBLE) if line.bbox.x0 < 360]
    uneven += [
        Line("more of the story here", BBox(360, 120 + 11 * i, 470, 130 + 11 * i), font="helv") for i in range(9)
    ]
    assert "table" not in kinds(uneven)  # a column that runs on
    cards = [*set_table(TROUBLE[:1]), *set_table(TROUBLE[1:2], top=180), *set_table(TROUBLE[2:], top=260)]
    assert "table" not in kinds(cards)  # names in every row
    bullets = [[[f"• {line}" if i == 0 else line for i, line in enumerate(cell)] for cell in row] for row in TROUBLE]
    assert "table" not in kinds(set_table(bullets))
    form = [
        [["Name:"], ["Type:"], ["Date:"]],
        [["Street and number", "of the house:"], ["Serial no.:"], ["Time: ...."]],
    ]
    assert "table" not in kinds(set_table([*form, *form]))
    assert "table" not in kinds(set_table(TROUBLE, names="helv"))  # nothing names the columns


def test_two_columns_are_a_table_where_many_rows_go_on_together() -> None:
    pairs = [[["Pump is loud"], ["Air in the line;", "vent it"]], [["No flow, the", "lamp is on"], ["Filter full"]]]
    pairs += [[["Leak"], ["Seal worn;", "order a new one"]], [["Smell of oil"], ["Too much oil"]]]
    assert kinds(set_table(pairs)) == ["table"]
    assert "table" not in kinds(set_table(pairs[:2]))


def test_a_block_that_holds_other_words_too_is_left_alone() -> None:
    lines = set_table(TROUBLE)
    across = Block("text", BBox(60, 60, 300, 140), "A paragraph above, and the first names below it")
    assert "table" not in kinds(lines, [across])
