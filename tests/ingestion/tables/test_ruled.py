"""Words between the rules of a scan are a table where they stand in columns. A character is 5 points wide."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from ingestion.blocks import Block, Line
from ingestion.elements import BBox, Cell
from ingestion.geometry import union
from ingestion.tables.markdown import cells_to_markdown, from_markdown
from ingestion.tables.ruled import add_ruled_tables
from ingestion.tables.words import lines_of

LEFT, RIGHT, PITCH = 50.0, 450.0, 12.0
COLUMNS = (56.0, 190.0, 320.0)
TROUBLE = [
    [["SYMPTOM"], ["CAUSE"], ["SOLUTION"]],
    [["Pump runs dry"], ["Valve closed"], ["Open the valve"]],
    [["No light"], ["Lamp broken"], ["Change the lamp,", "then reset it"]],
    [["Smells of gas"], ["Leak"], ["Call the service"]],
]  # fmt: skip


def set_table(rows: Sequence[Sequence[Sequence[str]]], top: float = 100.0) -> tuple[list[Line], list[BBox]]:
    """The lines of a table, and the rules above, between and below its rows."""
    lines, rules, y = list[Line](), [level(top)], top
    for row in rows:
        lines += [
            Line(text, BBox(x, y + 4 + PITCH * i, x + 5 * len(text), y + 14 + PITCH * i))
            for x, cell in zip(COLUMNS, row, strict=False)
            for i, text in enumerate(cell)
            if text
        ]
        y += 8 + PITCH * max(map(len, row))
        rules.append(level(y))
    return lines, rules


def level(y: float) -> BBox:
    return BBox(LEFT, y - 0.5, RIGHT, y + 0.5)


def sides(rules: Sequence[BBox], *xs: float) -> list[BBox]:
    return [BBox(x - 0.5, rules[0].y0, x + 0.5, rules[-1].y1) for x in (LEFT, RIGHT, *xs)]


def blocks(lines: Sequence[Line]) -> list[Block]:
    """One block a column, as layout reads them, and a heading above."""
    held = [[line for line in lines if line.bbox.x0 == x] for x in COLUMNS]
    own = [Block("text", union(x.bbox for x in one), " ".join(x.text for x in one)) for one in held if one]
    return [Block("heading", BBox(50, 60, 200, 75), "6 Troubleshooting"), *own]


def test_columns_of_text_between_rules_are_rows() -> None:
    lines, rules = set_table(TROUBLE)
    heading, table = add_ruled_tables(blocks(lines), lines, [*rules, *sides(rules)])
    assert (heading.kind, table.kind) == ("heading", "table")
    assert from_markdown(table.text) == [
        ["SYMPTOM", "CAUSE", "SOLUTION"],
        ["Pump runs dry", "Valve closed", "Open the valve"],
        ["No light", "Lamp broken", "Change the lamp, then reset it"],
        ["Smells of gas", "Leak", "Call the service"],
    ]


def test_entries_between_two_rules_with_white_between_them_are_rows_of_one_label() -> None:
    several = [
        TROUBLE[0],
        [["No scan"], ["Nothing", "stored", "", "Squelch", "too low"], ["Store it", "", "", "Turn", "it up"]],
        *TROUBLE[2:],
    ]
    lines, rules = set_table(several)
    (_, table) = add_ruled_tables(blocks(lines), lines, [*rules, *sides(rules)])
    assert from_markdown(table.text)[1:3] == [
        ["No scan", "Nothing stored", "Store it"],
        ["No scan", "Squelch too low", "Turn it up"],
    ]


def test_upright_rules_part_columns_that_no_white_does() -> None:
    rows = [
        [["Part"], ["Use"]],
        [["Seal"], ["tightens"]],
        [["A long name of a part."], ["screws"]],
        [["Pin"], ["locks"]],
    ]
    lines, rules = set_table(rows)
    lines[4] = Line(lines[4].text, lines[4].bbox._replace(x1=188.0))  # reaches to the next column
    (_, table) = add_ruled_tables(blocks(lines), lines, [*rules, *sides(rules, 189.0)])
    assert from_markdown(table.text)[2] == ["A long name of a part.", "screws"]


def test_a_title_in_a_box_of_its_own_is_no_row() -> None:
    lines, rules = set_table(TROUBLE)
    title = Line("TROUBLE", BBox(350, 82, 400, 92))
    found = add_ruled_tables(blocks(lines), [title, *lines], [level(78), level(95), *rules, *sides(rules)])
    assert from_markdown(found[-1].text)[0] == ["SYMPTOM", "CAUSE", "SOLUTION"]


@pytest.mark.parametrize(
    "rows", [TROUBLE[:2], [[["One sentence a row, over"]], [["the whole width"]], [["of it"]], [["all"]]]]
)
def test_few_rows_and_single_columns_stay_as_they_are(rows: Sequence[Sequence[Sequence[str]]]) -> None:
    lines, rules = set_table(rows)
    given = blocks(lines)
    assert add_ruled_tables(given, lines, [*rules, *sides(rules)]) == given


def test_lines_of_a_cell_that_were_taken_for_rows_are_joined() -> None:
    lines, rules = set_table(TROUBLE)
    places = [(line, i, k) for i, row in enumerate(lines_of(lines)) for k, line in enumerate(row)]
    cells = tuple(Cell(i, k, line.text, bbox=line.bbox) for line, i, k in places)
    torn = Block("table", union(line.bbox for line in lines), cells_to_markdown(cells), cells=cells)
    (table,) = add_ruled_tables([torn], lines, [*rules, *sides(rules)])
    assert from_markdown(table.text)[2] == ["No light", "Lamp broken", "Change the lamp, then reset it"]


def test_what_is_a_table_already_or_reaches_out_of_the_rules_stays() -> None:
    lines, rules = set_table(TROUBLE)
    (_, known) = add_ruled_tables(blocks(lines), lines, [*rules, *sides(rules)])
    named = [replace(known, caption="Table 3")]
    assert add_ruled_tables(named, lines, [*rules, *sides(rules)]) == named
    tall = [Block("figure", BBox(50, 20, 450, 160), ""), *blocks(lines)]
    assert add_ruled_tables(tall, lines, [*rules, *sides(rules)]) == tall
