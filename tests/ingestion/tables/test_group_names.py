"""Names over several columns, by the rule below them, on literals: five columns of 50 points."""

from ingestion.blocks import Line
from ingestion.elements import BBox, Cell
from ingestion.tables.group_names import spread_names
from ingestion.tables.words import WordIndex

ROWS = (("", "Plan", "", "Fact", ""), ("Post", "May", "June", "May", "June"), ("Fuel", "12", "15", "11", "16"))
CELLS = [
    Cell(r, c, text, 1, 1, r == 0, BBox(50 * c, 100 + 15 * r, 50 * c + 50, 115 + 15 * r))
    for r, row in enumerate(ROWS)
    for c, text in enumerate(row)
]
PIECES = [BBox(50 * c, 115, 50 * c + 50, 115.5) for c in range(1, 5)]


def spread(paths: list[BBox], plan: float = 100.0, fact: float = 200.0) -> list[tuple[str, int, int]]:
    """Names with their column and width where "Plan" and "Fact" stand around so many points."""
    words = [Line(c.text, c.bbox) for c in CELLS if c.text and c.bbox and c.row]
    names = [Line(text, BBox(x - 10, 102, x + 10, 112)) for text, x in (("Plan", plan), ("Fact", fact))]
    cells = [
        c._replace(bbox=union) if c.text in ("Plan", "Fact") and c.bbox else c
        for c in CELLS
        for union in [BBox(c.bbox.x0 - 25, c.bbox.y0, c.bbox.x1 + 25, c.bbox.y1) if c.bbox else None]
    ]
    found = spread_names(cells, WordIndex([*names, *words]), paths)
    return [(c.text, c.column, c.columns) for c in found if c.row == 0 and c.text]


def test_names_over_one_rule_stand_in_the_middle_of_their_columns() -> None:
    assert spread(PIECES) == [("Plan", 1, 2), ("Fact", 3, 2)]
    assert spread([BBox(50, 115, 250, 115.5)]) == [("Plan", 1, 2), ("Fact", 3, 2)]
    assert spread(PIECES, plan=75) == [("Plan", 1, 1), ("Fact", 3, 1)]  # over "May" alone: whose is "June"?


def test_a_rule_of_its_own_needs_no_middle() -> None:
    assert spread(PIECES[:2], plan=80) == [("Plan", 1, 2), ("Fact", 3, 1)]


def test_a_column_without_a_cell_of_its_own_may_stand_between_names() -> None:
    """The third of five columns has no cell: "Plan" and "Fact" are still each over two of the other four."""
    apart = [
        Cell(c.row, column, c.text, 1, 1, c.row == 0, BBox(50 * column, c.bbox.y0, 50 * column + 50, c.bbox.y1))
        for c in CELLS
        if c.bbox
        for column in [c.column + (c.column > 2)]
    ]
    names = [Line(text, BBox(x - 10, 102, x + 10, 112)) for text, x in (("Plan", 100), ("Fact", 250))]
    words = WordIndex([*names, *(Line(c.text, c.bbox) for c in apart if c.text and c.bbox and c.row)])
    found = spread_names(apart, words, [BBox(50, 115, 300, 115.5)])
    assert [(c.text, c.column, c.columns) for c in found if c.row == 0 and c.text] == [("Plan", 1, 2), ("Fact", 4, 2)]


def test_more_names_than_columns_are_left_stand_as_they_are() -> None:
    names = [c._replace(text="Fact") if (c.row, c.column) == (0, 2) else c for c in CELLS]
    words = WordIndex([Line(c.text, c.bbox) for c in names if c.text and c.bbox])
    found = spread_names(names, words, [BBox(50, 115, 250, 115.5)])
    assert [(c.text, c.column, c.columns) for c in found if c.row == 0 and c.text] == [
        ("Plan", 1, 1),
        ("Fact", 2, 1),
        ("Fact", 3, 1),
    ]


def test_a_rule_over_the_whole_table_names_nothing() -> None:
    assert spread([BBox(0, 115, 250, 115.5)]) == [("Plan", 1, 1), ("Fact", 3, 1)]
