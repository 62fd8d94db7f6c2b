"""Rows that layout left out of a ruled table, on literals."""

from itertools import pairwise

from ingestion.blocks import LayoutBox, Line
from ingestion.elements import BBox, Cell
from ingestion.tables.cut_off import closing_rules, with_cut_off_rows

XS, YS = (50.0, 150.0, 250.0), tuple(80.0 + 20 * n for n in range(9))
ROWS = (("Lessons of May", ""), ("Day", "Room"), *((f"Day {n}", f"{n}2") for n in range(5)), ("Sum", "110"))
RULES = [
    *(BBox(XS[0], y, XS[-1], y) for y in YS),
    *(BBox(x, YS[0], x, YS[-1]) for x in (XS[0], XS[-1])),
    BBox(XS[1], YS[1], XS[1], YS[-1]),
]
WORDS = [
    Line(text, BBox(XS[c] + 4, top + 5, XS[c] + 4 + 5 * len(text), bottom - 5))
    for (top, bottom), row in zip(pairwise(YS), ROWS, strict=True)
    for c, text in enumerate(row)
    if text
]


def box(label: str, first: int, last: int) -> LayoutBox:
    held = tuple(w for w in WORDS if YS[first] < w.bbox.y0 < YS[last])
    cells = tuple(
        Cell(r, c, text, bbox=BBox(XS[c], YS[first + r], XS[c + 1], YS[first + r + 1]))
        for r, row in enumerate(ROWS[first:last])
        for c, text in enumerate(row)
    )
    bbox = BBox(XS[0] + 4, YS[first] + 5, 200, YS[last] - 5)
    return LayoutBox(label, bbox, held, cells=cells if label == "table" else ())


def test_a_table_gets_the_rows_of_its_grid_and_leaves_headings_and_other_tables() -> None:
    parts = [box("section-header", 0, 1), box("text", 1, 2), box("table", 2, 7), box("text", 7, 8)]
    heading, table = with_cut_off_rows(parts, WORDS, RULES)
    assert heading == parts[0] and table.label == "table"
    assert [word.text for word in table.lines] == [text for row in ROWS[1:] for text in row]
    lost = with_cut_off_rows([parts[0], parts[2]], WORDS, RULES)  # rows that no region held
    assert [b.lines for b in lost] == [heading.lines, table.lines]
    other = [box("table", 0, 2), box("table", 2, 8)]
    assert with_cut_off_rows(other, WORDS, RULES) == other
    open_above = [rule for rule in RULES if rule.y0 != YS[0] or rule.y1 != YS[0]]
    assert with_cut_off_rows(parts, WORDS, open_above) == parts


def test_a_table_gets_the_columns_of_its_grid_that_hold_marks() -> None:
    marks = [Line("✔", BBox(XS[1] + 40, y + 5, XS[1] + 50, y + 15)) for y in YS[2:]]
    words = [word for word in WORDS if word.bbox.x0 < XS[1]]
    part = box("table", 1, 8)
    narrow = LayoutBox(
        "table", part.bbox._replace(x1=XS[1] - 40), tuple(w for w in words if w.bbox.y0 > YS[1]), cells=part.cells
    )
    (table,) = with_cut_off_rows([narrow], [*words, *marks], RULES)
    assert table.bbox.x1 == XS[1] + 50 and sum(word.text == "✔" for word in table.lines) == len(marks) - 1


def test_a_row_that_the_end_of_the_page_leaves_open_is_closed() -> None:
    open_foot = [rule for rule in RULES if rule.y0 != YS[-1]]
    parts = [box("table", 1, 7), box("text", 7, 8)]
    assert closing_rules(parts, open_foot) == [BBox(XS[0], YS[-1], XS[-1], YS[-1])]
    (table,) = with_cut_off_rows(parts, WORDS, [*open_foot, *closing_rules(parts, open_foot)])
    assert "Sum" in [word.text for word in table.lines]
    inner = [rule for rule in open_foot if not rule.x0 == rule.x1 == XS[0]]
    assert closing_rules(parts, RULES) == closing_rules(parts, inner) == []
