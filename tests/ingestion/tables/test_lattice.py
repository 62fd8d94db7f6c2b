"""Tables whose every cell is framed by rules, on literals and in files."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pymupdf

from ingestion.blocks import LayoutBox, Line
from ingestion.elements import BBox, Cell
from ingestion.parse import ParseOptions, parse_pdf
from ingestion.tables.drawn_grid import find_lattice
from ingestion.tables.lattice import lattice_cells, without_text_beside

XS, YS = (50.0, 150.0, 250.0, 350.0), (100.0, 120.0, 140.0, 180.0)


def upright(x: float, top: float = YS[0], bottom: float = YS[-1]) -> BBox:
    return BBox(x - 0.3, top, x + 0.3, bottom)


def level(y: float, left: float = XS[0], right: float = XS[-1]) -> BBox:
    return BBox(left, y - 0.3, right, y + 0.3)


GRID = [
    level(YS[0]),
    level(YS[1], XS[1]),  # "Pump" stands over both rows of the head
    level(YS[2]),
    level(YS[3]),
    upright(XS[0]),
    upright(XS[1]),
    upright(XS[2], YS[1]),  # "Flow" over two columns
    upright(XS[3]),
]
WORDS = [
    ("Pump", 60, 125),
    ("Flow", 160, 105),
    ("l/min", 160, 125),
    ("max", 260, 125),
    ("P1", 60, 145),
    ("long", 60, 162),
    ("12", 160, 145),
    ("15", 260, 145),
]


def region(*more: tuple[str, float, float]) -> LayoutBox:
    words = tuple(Line(text, BBox(x, y, x + 5 * len(text), y + 10)) for text, x, y in (*WORDS, *more))
    return LayoutBox("table", BBox(58, 104, max(w.bbox.x1 for w in words), 173), words)


def known(*rows: Sequence[str]) -> list[Cell]:
    return [
        Cell(r, c, text, 1, 1, r == 0, BBox(50 + 100 * c, 100 + 20 * r, 150 + 100 * c, 120 + 20 * r))
        for r, row in enumerate(rows)
        for c, text in enumerate(row)
    ]


ENGINE = known(("", "Flow", ""), ("Pump", "l/min", "max"), ("P1", "12", "15"), ("long", "", ""))


def test_cells_are_the_boxes_that_rules_close() -> None:
    cells = lattice_cells(region(), ENGINE, GRID)
    assert [(c.row, c.column, c.rows, c.columns, c.text, c.header) for c in cells] == [
        (0, 0, 2, 1, "Pump", True),
        (0, 1, 1, 2, "Flow", True),
        (1, 1, 1, 1, "l/min", True),
        (1, 2, 1, 1, "max", True),
        (2, 0, 1, 1, "P1 long", False),
        (2, 1, 1, 1, "12", False),
        (2, 2, 1, 1, "15", False),
    ]


def test_the_head_is_at_least_as_deep_as_the_engine_saw_it() -> None:
    said_twice = [*GRID, level(YS[1], XS[0], XS[1])]  # "Pump" in both rows of the head, as in pages made of Word files
    two = [c._replace(header=c.row < 2) for c in ENGINE]
    assert {c.row for c in lattice_cells(region(("Pump", 60, 103)), two, said_twice) if c.header} == {0, 1}
    assert {c.row for c in lattice_cells(region(("Pump", 60, 103)), ENGINE, said_twice) if c.header} == {0}


def test_a_corner_without_outer_sides_is_an_empty_cell() -> None:
    open_above = [level(YS[0], XS[1]), *GRID[1:4], upright(XS[0], YS[2]), *GRID[5:]]
    words = tuple(line for line in region().lines if line.text != "Pump")
    cells = lattice_cells(replace(region(), lines=words), ENGINE, open_above)
    assert [(c.row, c.column, c.rows, c.text) for c in cells if c.text][:3] == [
        (0, 1, 1, "Flow"),
        (1, 1, 1, "l/min"),
        (1, 2, 1, "max"),
    ]
    assert not lattice_cells(replace(region(), lines=words), ENGINE, [p for p in open_above if p != GRID[5]])


def test_what_stands_beside_a_total_may_be_open() -> None:
    rows = [level(y) for y in (100.0, 120.0, 140.0)] + [level(160.0, XS[1])]
    sides = [upright(XS[0], 100, 140), *(upright(x, 100, 160) for x in XS[1:])]
    texts = [("Hose", 60, 105), ("2", 160, 105), ("18.40", 260, 105), ("Clip", 60, 125), ("4", 160, 125)]
    texts += [("3.20", 260, 125), ("Total", 160, 145), ("21.60", 260, 145)]
    words = tuple(Line(text, BBox(x, y, x + 5 * len(text), y + 10)) for text, x, y in texts)
    engine = known(("Hose", "2", "18.40"), ("Clip", "4", "3.20"), ("Total", "21.60", ""))
    cells = lattice_cells(LayoutBox("table", BBox(58, 104, 300, 156), words), engine, [*rows, *sides])
    assert [(c.column, c.text) for c in cells if c.row == 2 and c.text] == [(1, "Total"), (2, "21.60")]


def test_rules_between_groups_of_rows_and_open_sides_are_no_lattice() -> None:
    groups = known(("Pump", "l/min", "max"), ("", "", ""), ("P1", "12", "15"), ("long", "13", ""))
    rows = [(c.row, c.text) for c in lattice_cells(region(("13", 160, 162)), groups, GRID) if c.row > 1 and c.text]
    assert rows == [(2, "P1"), (2, "12"), (2, "15"), (3, "long"), (3, "13")]  # as the engine has them
    through = [c._replace(bbox=c.bbox and c.bbox._replace(y0=c.bbox.y0 + 6)) for c in groups]
    assert lattice_cells(region(("13", 160, 162)), through, GRID) == ()  # its line runs through words
    open_sided = [rule for rule in GRID if rule not in (upright(XS[0]), upright(XS[3]))]
    assert find_lattice(region().bbox, open_sided) is None
    wider = [level(y, 0.0, 500.0) for y in YS]  # a first and a last column without a side
    assert find_lattice(region().bbox, [*GRID, *wider]) is None
    dashed = [rule for rule in GRID if rule != level(YS[1], XS[1])] + [level(YS[1], XS[1], XS[1] + 50)]
    assert lattice_cells(region(), ENGINE, dashed) == ()


def test_a_table_in_a_cell_is_text_of_the_cell() -> None:
    xs, ys = (256, 296, 340), (158, 168, 178)
    inner = [*(level(y, xs[0], xs[-1]) for y in ys), *(upright(x, ys[0], ys[-1]) for x in xs)]
    words = [(text, 258 + 40 * i, y) for y, pair in ((158, "ab"), (168, "cd")) for i, text in enumerate(pair)]
    cells = lattice_cells(region(*words), ENGINE, [*GRID, *inner])
    assert [c.text for c in cells if c.row == 2] == ["P1 long", "12", "15 a b c d"]
    seen = [
        *ENGINE,
        *(
            Cell(4 + r, 2 + c, "x", bbox=BBox(x, y, x + 30, y + 9))
            for r, y in enumerate((159, 169))
            for c, x in enumerate((260, 300))
        ),
    ]
    cells = lattice_cells(region(*words), seen, [*GRID, *inner])  # the engine's rows of it are no rows of the table
    assert [c.text for c in cells if c.row == 2] == ["P1 long", "12", "15 a b c d"]


def test_boxes_drawn_around_cells_are_their_rules() -> None:
    places = [(0, 0, 1, 2), (1, 0, 3, 1), (1, 1, 2, 2), (2, 1, 3, 2), (0, 2, 1, 3), (1, 2, 2, 3), (2, 2, 3, 3)]
    boxes = [BBox(XS[a], YS[b], XS[c], YS[d]) for a, b, c, d in places]
    assert [c.text for c in lattice_cells(region(), ENGINE, boxes)] == [
        c.text for c in lattice_cells(region(), ENGINE, GRID)
    ]
    rows = [BBox(XS[0], top, XS[-1], bottom) for top, bottom in ((100, 120), (120, 140), (140, 180))]
    heads = [BBox(x, 100, x + 100, 120) for x in XS[:3]]
    assert lattice_cells(region(), known(*(["x"] * 3 for _ in range(4))), [*rows, *heads]) == ()  # boxes of rows alone


def test_upright_rules_go_on_to_other_parts_of_a_table() -> None:
    longer = [upright(p.x0 + 0.3, 60, 400) if p.y1 - p.y0 > 50 else p for p in GRID]
    assert find_lattice(region().bbox, longer) is not None
    high = [level(84), *GRID[1:], *(upright(x, 84, 140) for x in (XS[0], XS[-1])), upright(XS[1], 84, 140)]
    grid = find_lattice(region().bbox, high)  # the head is 20 points higher than its words
    assert grid is not None and round(grid.frame.y0) == 84


def test_text_beside_and_below_a_lattice_is_no_part_of_it() -> None:
    beside = (Line("1. Stop the pump.", BBox(400, 105, 485, 115)), Line("2. Wait.", BBox(400, 120, 440, 130)))
    words = [("1. Stop the pump.", 400, 105), ("2. Wait.", 400, 120)]
    table, text = without_text_beside(region(*words), [*region().lines, *beside], GRID)
    assert (table.label, table.lines, text.label, text.lines) == ("table", region().lines, "text", beside)
    tabs = ("Price", 60, 184), ("120 EUR", 200, 184)
    under = [Line("Price", BBox(60, 184, 85, 194)), Line("120 EUR", BBox(200, 184, 235, 194))]
    low = replace(region(*tabs), bbox=BBox(58, 104, 335, 195))
    table, text = without_text_beside(low, [*region().lines, *under], GRID)
    assert (table.lines, text.label, text.lines) == (region().lines, "text", tuple(under))
    over = Line("12 and more beside it", BBox(330, 145, 430, 155))  # a line that runs out of the grid
    torn = region(("more", 400, 145))
    assert without_text_beside(torn, [*torn.lines[:-1], over], GRID) == [torn]


def test_a_ruled_table_beside_steps_in_a_file(tmp_path: Path) -> None:
    doc = pymupdf.open()
    page = doc.new_page()
    page.insert_text((50, 60), "Fault signals", fontname="hebo", fontsize=14)
    rows = (("LED", "Meaning", "Action"), ("1 red", "Float stuck", "Clean it"), ("2 red", "Blocked", "Remove cover"))
    for r, row in enumerate(rows):
        for c, text in enumerate(row):
            box = pymupdf.Rect(50 + 75 * c, 80 + 18 * r, 125 + 75 * c, 98 + 18 * r)
            for a, b in ((box.tl, box.tr), (box.tr, box.br), (box.br, box.bl), (box.bl, box.tl)):
                page.draw_line(a, b, width=0.7)
            page.insert_text((box.x0 + 4, box.y0 + 12), text, fontsize=9)
    for n, step in enumerate(("1. Pull the mains plug.", "2. Turn the lid to the left.", "3. Lift out the float.")):
        page.insert_text((290, 92 + 15 * n), step, fontsize=9)
    doc.save(tmp_path / "beside.pdf")
    parsed = parse_pdf(tmp_path / "beside.pdf", tmp_path / "out", ParseOptions(ocr="off"))
    tables = [e for e in parsed.elements if e.kind == "table"]
    assert [{c.text for c in t.cells} for t in tables] == [{text for row in rows for text in row}]
    steps = "1. Pull the mains plug.\n2. Turn the lid to the left.\n3. Lift out the float."
    assert steps in [e.text for e in parsed.elements]


def ruled(*rows: tuple[str, ...], cells: tuple[str, ...]) -> list[list[str]]:
    """The cells of a grid of three columns: a head, one band with lines of words, 12 points apart, and nothing else.

    ``cells``: what the engine saw in the first cell of each row.
    """
    words = [(word, 52 + 100 * c, 104) for c, word in enumerate(("Motor", "Jet", "Bar"))]
    words += [(text, 52 + 100 * c, 124 + 12 * r) for r, row in enumerate(rows) for c, text in enumerate(row) if text]
    bottom = 126 + 12 * len(rows)
    lines = tuple(Line(text, BBox(x, y, x + 5 * len(text), y + 10)) for text, x, y in words)
    paths = [*(level(y) for y in (100, 120, bottom)), *(upright(x, 100, bottom) for x in XS)]
    seen = [("Motor", 100.0, 120.0), *((text, 122 + 12.0 * r, 134 + 12.0 * r) for r, text in enumerate(cells))]
    known = [
        Cell(r, c, text if c == 0 else "x", 1, 1, r == 0, BBox(XS[c], top, XS[c + 1], low))
        for r, (text, top, low) in enumerate(seen)
        for c in range(3)
    ]
    box = BBox(50, 102, 340, bottom - 2)
    found = lattice_cells(LayoutBox("table", box, lines), known, paths)
    return [[c.text for c in found if c.row == r] for r in range(1, 1 + max((c.row for c in found), default=0))]


def test_rows_between_two_rules_are_told_from_lines_that_wrap() -> None:
    entries = ("TP1", "+44 V", "1.1"), ("TP2", "-44 V", "1.2"), ("TP3", "22 mV", "1.3")
    assert ruled(*entries, cells=("TP1", "TP2", "TP3")) == [list(row) for row in entries]
    wrapped = ("Motor hums and has", "Shaft blocked with", "Take it off, clean"), ("no turn", "sand", "everything")
    assert ruled(*wrapped, cells=("Motor hums and has", "no turn")) == [
        [" ".join(c) for c in zip(*wrapped, strict=True)]
    ]
    uneven = ("BX 20", "0.5", "8"), ("BX 30", "0.6", "")
    assert ruled(*uneven, cells=("BX 20", "BX 30")) == [list(row) for row in uneven]


def test_a_key_close_below_a_grid_is_none_of_its_rules() -> None:
    key = [level(YS[-1] + 4, XS[0] + 10, XS[0] + 30), level(YS[-1] + 14, XS[0] + 10, XS[0] + 30)]
    assert lattice_cells(region(), ENGINE, [*GRID, *key]) == lattice_cells(region(), ENGINE, GRID) != ()


def test_a_table_open_left_and_right_is_closed_where_the_engine_missed_its_outer_columns() -> None:
    rules = [*(level(y) for y in YS), *(upright(x) for x in XS[1:-1])]
    words = [
        ("E1", 60, 105),
        ("Pump", 160, 105),
        ("hot", 260, 105),
        ("E2", 60, 125),
        ("Lid", 160, 125),
        ("open", 260, 125),
    ]
    words += [("E3", 60, 150), ("Fan", 160, 150), ("slow", 260, 150)]
    lines = tuple(Line(text, BBox(x, y, x + 5 * len(text), y + 10)) for text, x, y in words)
    table = LayoutBox("table", BBox(58, 104, 282, 173), lines)
    missed = [c for c in known(("", "Pump", ""), ("", "Lid", ""), ("", "Fan", "")) if c.text]
    assert [(c.row, c.column, c.text) for c in lattice_cells(table, missed, rules)] == [
        (i // 3, i % 3, text) for i, (text, _, _) in enumerate(words)
    ]
    whole = known(("E1", "Pump", "hot"), ("E2", "Lid", "open"), ("E3", "Fan", "slow"))
    assert not lattice_cells(table, whole, rules), "the engine has all of it"


def test_a_frame_around_columns_of_values_is_the_grid_of_none() -> None:
    rules = [*(level(y) for y in (100.0, 120.0, 240.0)), *(upright(x, 100.0, 240.0) for x in XS)]
    texts = [(name, 60 + 100 * c, 105.0) for c, name in enumerate(("In", "Out", "Lamp"))]
    texts += [("01X"[(r + c) % 3], 60 + 100 * c, 122.0 + 16 * r) for r in range(7) for c in range(3)]
    words = tuple(Line(text, BBox(x, y, x + 5 * len(text), y + 10)) for text, x, y in texts)
    engine = known(*(tuple(text for text, *_ in texts[i : i + 3]) for i in range(0, len(texts), 3)))
    one = [c._replace(row=min(c.row, 1)) for c in engine]
    assert not lattice_cells(LayoutBox("table", BBox(58, 104, 282, 232), words), one, rules)


def test_columns_with_no_rule_between_them_stay_the_engines() -> None:
    rules = [
        *(level(y) for y in (100.0, 120.0, 140.0, 160.0)),
        *(upright(x, 100.0, 160.0) for x in (XS[0], XS[2], XS[3])),
    ]
    rows = (("Model", "Mark", "CTR"), ("PC1", "A", "80"), ("PC2", "B", "90"))
    texts = [(text, 60 + 100 * c, 105.0 + 20 * r) for r, row in enumerate(rows) for c, text in enumerate(row)]
    words = tuple(Line(text, BBox(x, y, x + 5 * len(text), y + 10)) for text, x, y in texts)
    table = LayoutBox("table", BBox(58, 104, 282, 156), words)
    assert not lattice_cells(table, known(*rows), rules)
    parted = [*rules, upright(XS[1], 100.0, 160.0)]
    assert [c.text for c in lattice_cells(table, known(*rows), parted)] == [text for row in rows for text in row]


def band_below_a_head(*rows: tuple[str, str]) -> list[str]:
    """Cells of a table of which the frame, the head and two columns are ruled, with centred lines."""
    rules = [*(level(y, right=XS[2]) for y in (100.0, 120.0, 180.0)), *(upright(x, 100.0, 180.0) for x in XS[:3])]
    texts = [
        (t, 100 + 100 * c - 3.25 * len(t), 105.0 + 20 * r) for r, row in enumerate(rows) for c, t in enumerate(row)
    ]
    words = tuple(Line(text, BBox(x, y, x + 6.5 * len(text), y + 10)) for text, x, y in texts)
    cells = lattice_cells(LayoutBox("table", BBox(53, 104, 248, 176), words), known(*rows), rules)
    return [cell.text for cell in cells]


def test_the_one_band_below_a_head_is_one_row_only_where_its_lines_go_on() -> None:
    head = ("Reset", "Set")
    options = (("Read allowed", "Read by JTAG"), ("Erase allowed", "Erase denied"), ("Verify allowed", "Denied"))
    assert "Read allowed Erase allowed Verify allowed" not in band_below_a_head(head, *options)
    wrapped = (("Objects that", "Rights for"), ("are encrypted", "keys that are"), ("and uploaded", "in the store"))
    assert "Objects that are encrypted and uploaded" in band_below_a_head(head, *wrapped)


def test_a_band_that_looks_like_two_rows_is_one_where_others_as_high_are() -> None:
    """A price list: the name and its code below each other, the price and that of a gram."""
    ys = (100.0, 120.0, 150.0, 180.0, 210.0)
    rules = [*(level(y) for y in ys), *(upright(x, ys[0], ys[-1]) for x in XS)]
    rows = [[("Product", "100 g", "1 kg")]]
    rows += [[(f"Name {n}", "$70", "$90"), (f"code {n}", "$7", "$9")] for n in (1, 2, 3)]
    words, cells, count = [], [], 0
    for top, lines in zip(ys, rows, strict=False):
        for n, line in enumerate(lines):
            for c, text in enumerate(line):
                words.append(Line(text, BBox(XS[c] + 8, top + 4 + 13 * n, XS[c] + 40, top + 14 + 13 * n)))
        whole = [tuple(" ".join(cell) for cell in zip(*lines, strict=True))]
        for n, entries in enumerate(lines if count == 1 else whole):
            high = 15 if count == 1 else 30
            cells += [
                Cell(count, c, text, header=count == 0, bbox=BBox(XS[c], top + 15 * n, XS[c + 1], top + 15 * n + high))
                for c, text in enumerate(entries)
            ]
            count += 1
    table = LayoutBox("table", BBox(58, 104, 300, 208), tuple(words))
    found = lattice_cells(table, cells, rules)
    assert [c.text for c in found if c.column == 0] == ["Product", "Name 1 code 1", "Name 2 code 2", "Name 3 code 3"]
