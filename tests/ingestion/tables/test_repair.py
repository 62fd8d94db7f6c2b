"""Cells mended by where words stand, on literals: a character is 3 points wide, a line 10 high."""

from itertools import pairwise

from ingestion.blocks import Line
from ingestion.elements import BBox, Cell
from ingestion.tables.cells import cells_from_boxes, table_size
from ingestion.tables.columns import drop_hollow, join_columns, move_borders, split_by_names, split_columns
from ingestion.tables.rows import join_banded, join_wrapped, split_levels, split_rows
from ingestion.tables.rules import span_head
from ingestion.tables.spans import join_phrases
from ingestion.tables.words import WordIndex, cells_from_lines, fill_grid


def typed(*lines: str, top: float = 100.0, pitch: float = 12.0) -> WordIndex:
    """Words of typewriter lines, placed by their characters."""
    words = []
    for i, line in enumerate(lines):
        at = 0
        for word in line.split(" "):
            if word:
                y = top + i * pitch
                words.append(Line(word, BBox(3.0 * at, y, 3.0 * (at + len(word)), y + 10)))
            at += len(word) + 1
    return WordIndex(words)


def cell(
    row: int, column: int, text: str, left: int, right: int, top: float, bottom: float, header: bool = False
) -> Cell:
    """A cell from character ``left`` to ``right``."""
    return Cell(row, column, text, 1, 1, header, BBox(3.0 * left, top, 3.0 * right, bottom))


def texts(cells: tuple[Cell, ...]) -> list[list[str]]:
    return [[c.text for c in sorted(cells) if c.row == row] for row in range(table_size(cells)[0])]


def rows_of(lines: list[str], edges: list[int], header: bool = True) -> tuple[Cell, ...]:
    """A grid with one row a line and cuts at ``edges``."""
    return tuple(
        cell(r, c, " ".join(line[a:b].split()), a, b, 99 + 12 * r, 111 + 12 * r, header and r == 0)
        for r, line in enumerate(lines)
        for c, (a, b) in enumerate(pairwise(edges))
    )


def test_two_columns_of_numbers_read_as_one_are_parted_with_their_header() -> None:
    lines = ["Age       Male     Female", "1-2    1,087,948  1,022,490", "3-5      292,652    255,744"]
    lines += ["6-11     188,980    150,760", "12+    3,350,188  8,002,463"]
    cells = split_columns(rows_of(lines, [0, 6, 30]), typed(*lines))
    assert texts(cells)[0] == ["Age", "Male", "Female"]
    assert texts(cells)[1] == ["1-2", "1,087,948", "1,022,490"]


def test_values_at_the_same_heights_are_rows_beside_what_is_said_of_all() -> None:
    lines = ["Symbol Parameter   VCC  25 C  Limit Unit", "VIH    Minimum     2.0V  1.5   1.5 V"]
    lines += ["       high level  4.5V  3.15  3.2 V", "                   6.0V  4.2   4.2 V"]
    edges = [0, 7, 18, 24, 30, 35, 41]
    head = rows_of(lines[:1], edges)
    texts_of = ["VIH", "Minimum high level", "2.0V 4.5V 6.0V", "1.5 3.15 4.2", "1.5 3.2 4.2", "V V V"]
    row = [cell(1, c, text, edges[c], edges[c + 1], 111, 147) for c, text in enumerate(texts_of)]
    cells = split_levels([*head, *row], typed(*lines))
    assert texts(cells)[1:] == [
        ["VIH", "Minimum high level", "2.0V", "1.5", "1.5", "V"],
        ["4.5V", "3.15", "3.2", "V"],
        ["6.0V", "4.2", "4.2", "V"],
    ]
    assert [c.rows for c in cells if c.row == 1] == [3, 3, 1, 1, 1, 1]


def test_labels_at_the_same_heights_stand_in_their_rows() -> None:
    lines = ["Balance               2003   2002  2001", "Shares                 1.2    1.1    1.0"]
    lines += ["Reserves               2.4    2.2    2.1"]
    edges = [0, 20, 27, 34, 41]
    row = [cell(1, 0, "Shares Reserves", 0, 20, 111, 135)]
    row += [
        cell(1, c, text, edges[c], edges[c + 1], 111, 135)
        for c, text in enumerate(["1.2 2.4", "1.1 2.2", "1.0 2.1"], 1)
    ]
    cells = split_levels([*rows_of(lines[:1], edges), *row], typed(*lines))
    assert texts(cells)[1:] == [["Shares", "1.2", "1.1", "1.0"], ["Reserves", "2.4", "2.2", "2.1"]]


def test_texts_that_wrap_at_the_same_heights_stay_one_row() -> None:
    lines = [
        "Part   Made of    Kept in   Checked",
        "Hose   natural    dry and   every 12",
        "       rubber     dark room months",
    ]
    edges = [0, 7, 18, 28, 37]
    texts_of = ["Hose", "natural rubber", "dry and dark room", "every 12 months"]
    row = [cell(1, c, text, edges[c], edges[c + 1], 111, 135) for c, text in enumerate(texts_of)]
    cells = tuple(sorted([*rows_of(lines[:1], edges), *row]))
    assert split_levels(cells, typed(*lines)) == cells


def test_names_apart_over_sparse_numbers_cut_their_column() -> None:
    lines = [
        "Parameter  MIN   TYP   MAX",
        "Threshold        1.4   0.8",
        "Supply     4.5         5.5",
        "Leakage                 ±1",
    ]
    cells = split_by_names(rows_of(lines, [0, 10, 27]), typed(*lines))
    assert texts(cells) == [
        ["Parameter", "MIN", "TYP", "MAX"],
        ["Threshold", "", "1.4", "0.8"],
        ["Supply", "4.5", "", "5.5"],
        ["Leakage", "", "", "±1"],
    ]


def test_a_name_of_several_words_over_numbers_is_one_column() -> None:
    lines = ["Parameter  Free height", "Spring     41     12.5", "Rod        38     12.0", "Bush       22     11.5"]
    for head in (lines[0], "Parameter  Size and mm"):
        given = rows_of([head, *lines[1:]], [0, 10, 23])
        assert split_by_names(given, typed(head, *lines[1:])) == given


def test_columns_of_times_in_which_rows_begin_late_are_parted() -> None:
    lines = ["Stop", "Pier              0818  0858", "Mill        0745  0819  0849", "Lock  0715  0750  0824  0854"]
    lines += [
        "Ford  0722  0757  0831  0901",
        "Dam   0732  0802  0836  0906",
        "Quay  0735  0805  0839  0909",
        "Fair              0848  0928",
    ]
    cells = split_columns(rows_of(lines, [0, 5, 29]), typed(*lines))
    assert texts(cells)[1:4] == [
        ["Pier", "", "", "0818", "0858"],
        ["Mill", "", "0745", "0819", "0849"],
        ["Lock", "0715", "0750", "0824", "0854"],
    ]


def test_numbers_with_spaces_and_words_are_left_whole() -> None:
    lines = ["Year    Visitors", "1996      12 345", "1997     118 220", "1998     120 001", "1999       9 870"]
    cells = rows_of(lines, [0, 6, 20])
    assert split_columns(cells, typed(*lines)) == cells
    lines = ["Code    Meaning", "E1    no water", "E2    no power", "E3    no steam", "E4    no beans"]
    cells = rows_of(lines, [0, 4, 20])
    assert split_columns(cells, typed(*lines)) == cells


def test_a_header_over_both_columns_is_said_over_each() -> None:
    lines = ["Age    Non-Hispanic white", "1-2    1,087,948  1,022,490", "3-5      292,652    255,744"]
    lines += ["6-11     188,980    150,760", "12+    3,350,188  8,002,463"]
    assert texts(split_columns(rows_of(lines, [0, 6, 30]), typed(*lines)))[0] == [
        "Age",
        "Non-Hispanic white",
        "Non-Hispanic white",
    ]


def test_a_phrase_cut_by_columns_is_one_heading_over_them() -> None:
    lines = [
        "        Ended December 31,",
        "          2015     2014",
        "Sales       12       14",
        "Costs        9        8",
    ]
    edges = [0, 8, 16, 28]
    cells = tuple(c._replace(header=c.row < 2) for c in rows_of(lines, edges))
    assert [c.text for c in cells if c.row == 0] == ["", "Ended De", "cember 31,"]
    joined = join_phrases(cells, typed(*lines), [])
    assert [(c.text, c.column, c.columns) for c in joined if c.row == 0] == [
        ("", 0, 1),
        ("Ended December 31,", 1, 2),
    ]


def test_a_rule_below_shows_how_far_a_heading_reaches() -> None:
    lines = ["              Men          Women", "        no.   Rate    no.   Rate", "All      3     4.1     7    4.4"]
    cells = tuple(c._replace(header=c.row < 2) for c in rows_of([*lines, lines[2]], [0, 8, 13, 20, 27, 33]))
    rules = [BBox(24, 110.5, 59, 111), BBox(65, 110.5, 98, 111)]
    joined = join_phrases(cells, typed(*lines, lines[2]), rules)
    assert [(c.text, c.column, c.columns) for c in joined if c.row == 0 and c.text] == [("Men", 1, 2), ("Women", 3, 2)]


def test_rows_that_go_on_in_lower_case_are_joined_and_others_not() -> None:
    lines = ["Source      Definition", "Area        Emissions of ten", "            tons a year"]
    lines += ["Mobile      Road vehicles", "            Ships"]
    cells = join_wrapped(rows_of(lines, [0, 12, 40]), typed(*lines))
    assert texts(cells)[1] == ["Area", "Emissions of ten tons a year"]
    assert texts(cells)[2:] == [["Mobile", "Road vehicles"], ["", "Ships"]]


def test_rows_set_far_apart_or_all_in_lower_case_stay() -> None:
    lines = ["Source", "Area", "of town"]
    apart = tuple(cell(r, 0, text, 0, 12, 90 + 30 * r, 120 + 30 * r, r == 0) for r, text in enumerate(lines))
    assert join_wrapped(apart, typed(*lines, pitch=30)) == apart
    names = rows_of(["Key   Use", "rx    receive", "tx    transmit", "gnd   ground"], [0, 6, 20])
    assert join_wrapped(names, typed("Key   Use", "rx    receive", "tx    transmit", "gnd   ground")) == names


def test_entries_in_one_row_are_parted_where_a_column_of_numbers_shows_them() -> None:
    lines = ["Director     Role         Held", "R. Shah      Independent     7", "             director"]
    lines += ["K. Modi      Executive       6", "L. Bhasin    Executive       3"]
    words = typed(*lines)
    whole = ["R. Shah K. Modi L. Bhasin", "Independent director Executive Executive", "7 6 3"]
    edges = [0, 13, 26, 32]
    cells = rows_of(lines[:1], edges) + tuple(cell(1, c, whole[c], edges[c], edges[c + 1], 111, 160) for c in range(3))
    assert texts(split_rows(cells, words))[1:] == [
        ["R. Shah", "Independent director", "7"],
        ["K. Modi", "Executive", "6"],
        ["L. Bhasin", "Executive", "3"],
    ]


def test_a_row_of_one_entry_with_a_list_in_it_stays() -> None:
    lines = ["Group   Share  Brands", "Astra   47%    Effi", "               Plantafin", "               Astra"]
    edges = [0, 8, 15, 30]
    cells = rows_of(lines[:1], edges) + tuple(
        cell(1, c, text, edges[c], edges[c + 1], 111, 150)
        for c, text in enumerate(("Astra", "47%", "Effi Plantafin Astra"))
    )
    assert split_rows(cells, typed(*lines)) == cells


def test_an_empty_grid_takes_whole_words() -> None:
    grid = cells_from_boxes([[(0, 99, 22, 111), (22, 99, 60, 111)], [(0, 111, 22, 123), (22, 111, 60, 123)]])
    words = typed("Name    Price", "Previous     3")
    assert texts(fill_grid(grid, words)) == [["Name", "Price"], ["Previous", "3"]]


def test_recognised_lines_in_columns_form_a_table_and_prose_does_not() -> None:
    lines = [
        ("Code", 10, 100),
        ("Meaning", 80, 100),
        ("E1", 10, 120),
        ("No water", 80, 121),
        ("E2", 10, 140),
        ("Open", 80, 139),
    ]
    read = [Line(text, BBox(x, y, x + 6 * len(text), y + 10)) for text, x, y in lines]
    assert texts(cells_from_lines(read)) == [["Code", "Meaning"], ["E1", "No water"], ["E2", "Open"]]
    prose = [Line("The pump runs dry when the tank is empty", BBox(10, y, 250, y + 10)) for y in (100, 112, 124, 136)]
    assert cells_from_lines(prose) == ()


def test_rows_between_two_rules_are_one_entry() -> None:
    lines = ["Group   Share    Brands", "Astra   Total 47%  Fruit d'Or", "                 Effi", "Cema    -        -"]
    cells = rows_of(lines, [0, 8, 17, 30])
    rules = [BBox(x, 98.5 + 12 * row, x + 45, 99) for row in (1, 3) for x in (0, 45)]
    joined = join_banded(cells, rules)
    assert texts(joined)[1:] == [["Astra", "Total 47%", "Fruit d'Or Effi"], ["Cema", "-", "-"]]
    assert join_banded(cells, rules[:2]) == cells


def test_rows_of_a_group_between_two_rules_stay() -> None:
    lines = ["Group   Part     Weight", "Pump    Rotor    4", "        Seal     1", "Tank    Lid      2"]
    cells = rows_of(lines, [0, 8, 17, 30])
    rules = [BBox(0, 98.5 + 12 * row, 90, 99) for row in (1, 3)]
    assert join_banded(cells, rules) == cells


ALIKE = [
    "Code  Meaning                     Page",
    "M201  Sensor 1 lost its plug      12",
    "M202  Sensor 2 lost its plug      14",
    "M203  Sensor 3 lost its plug      16",
]


def test_texts_whose_words_stand_below_each_other_are_one_column() -> None:
    cells = rows_of(ALIKE, [0, 6, 15, 30, 40])
    assert texts(cells)[1] == ["M201", "Sensor 1", "lost its plug", "12"]
    joined = texts(join_columns(cells, typed(*ALIKE)))
    assert joined == [
        ["Code", "Meaning", "Page"],
        *([f"M20{n}", f"Sensor {n} lost its plug", f"{10 + 2 * n}"] for n in (1, 2, 3)),
    ]


def test_columns_with_a_name_or_a_gutter_stay_two() -> None:
    named = ["Code  Meaning  State       Page", *ALIKE[1:]]
    apart = [ALIKE[0], *(line.replace(" lost", "     lost").replace("plug    ", "plug") for line in ALIKE[1:])]
    for lines, edges in ((named, [0, 6, 15, 30, 40]), (apart, [0, 6, 16, 33, 40])):
        cells = rows_of(lines, edges)
        assert join_columns(cells, typed(*lines)) == cells


def test_rows_that_start_in_lower_case_go_on_where_the_line_above_was_full() -> None:
    full = [
        "Code  Meaning",
        "M201  Sensor lost its plug",
        "      reading again later",
        "M202  Sensor lost its data",
        "      reading again later",
    ]
    rows = [
        ["Code", "Meaning"],
        *([f"M20{n}", f"Sensor lost its {what} reading again later"] for n, what in ((1, "plug"), (2, "data"))),
    ]
    assert texts(join_wrapped(rows_of(full, [0, 6, 27]), typed(*full))) == rows
    short = [
        full[0],
        "M201  no power",
        "      fuse gone",
        "      plug out of the wall",
        "M202  dirt",
        "      fan stuck",
    ]
    cells = rows_of(short, [0, 6, 27])
    assert join_wrapped(cells, typed(*short)) == cells


GRID = [
    "Pin  Name  Function in mode    ",
    "           Boot     Run        ",
    "1    PA0   Reserved, tie to it ",
    "2    PA1   UART_RX  ADC        ",
]
EDGES = [0, 5, 11, 20, 31]


def ruled(*gone: int) -> list[BBox]:
    """The rules of ``GRID`` cell by cell, without the one between the last two columns in the rows ``gone``."""
    xs, ys = [3.0 * edge for edge in EDGES], [99.0 + 12 * row for row in range(len(GRID) + 1)]
    upright = [BBox(x, a, x, b) for x in xs for r, (a, b) in enumerate(pairwise(ys)) if not (x == xs[3] and r in gone)]
    level = [BBox(a, y, b, y) for r, y in enumerate(ys) for c, (a, b) in enumerate(pairwise(xs)) if r != 1 or c > 1]
    return [*upright, *level]


def test_a_missing_upright_rule_joins_what_words_run_over_and_a_heading_s_rule_makes_two_rows_the_head() -> None:
    cells, words = rows_of(GRID, EDGES), typed(*GRID)
    found = span_head(join_phrases(cells, words, ruled(0, 2)), ruled(0, 2))
    assert [(c.row, c.column, c.rows, c.columns, c.text) for c in found if c.rows > 1 or c.columns > 1] == [
        (0, 0, 2, 1, "Pin"),
        (0, 1, 2, 1, "Name"),
        (0, 2, 1, 2, "Function in mode"),
        (2, 2, 1, 2, "Reserved, tie to it"),
    ]
    assert join_phrases(cells, words, ruled()) == cells and span_head(cells, ruled()) == cells


def test_a_border_through_the_words_of_an_entry_moves_to_the_gutter() -> None:
    lines = ["Load      Jet", "15 kW    0.40", "20 kW    0.50", "27 kW    0.65"]
    moved = texts(move_borders(rows_of(lines, [0, 2, 20]), typed(*lines)))
    assert moved == [["Load", "Jet"], ["15 kW", "0.40"], ["20 kW", "0.50"], ["27 kW", "0.65"]]
    for kept in (["No   Jet", "15   0.40", "20   0.50"], ["No   Jet a", "15   0.40 b", "20   0.50 c"]):
        cells = rows_of(kept, [0, 3, 20])
        assert move_borders(cells, typed(*kept)) == cells


def test_a_name_broader_than_its_numbers_stands_over_one_column() -> None:
    cells = (
        cell(0, 0, "Model", 0, 8, 100, 110),
        Cell(0, 1, "Sound power", 1, 2, True, BBox(30, 100, 90, 110)),
        cell(1, 0, "AX 10", 0, 8, 112, 122),
        cell(1, 1, "", 10, 20, 112, 122),
        cell(1, 2, "71", 20, 30, 112, 122),
    )
    assert texts(drop_hollow(cells)) == [["Model", "Sound power"], ["AX 10", "71"]]
    blank = tuple(c._replace(text="") if c.text == "71" else c for c in cells)
    assert drop_hollow(blank) == blank, "a form: both columns are to be filled in"


def test_a_sentence_that_runs_over_lines_between_two_rules_is_one_row() -> None:
    cells = (
        *(cell(0, c, text, a, b, 100, 112) for c, text, a, b in ((0, "Error", 0, 30), (1, "Code", 30, 45))),
        cell(0, 2, "What to do", 45, 99, 100, 112),
        *(cell(1, c, text, a, b, 112, 124) for c, text, a, b in ((0, "No water", 0, 30), (1, "E:10", 30, 45))),
        cell(1, 2, "Open the tap. Check that the", 45, 99, 112, 124),
        *(cell(2, c, text, a, b, 124, 136) for c, text, a, b in ((0, "", 0, 30), (1, "E:11", 30, 45))),
        cell(2, 2, "hose is not bent.", 45, 99, 124, 136),
        *(cell(3, c, text, a, b, 136, 148) for c, text, a, b in ((0, "Door", 0, 30), (1, "E:20", 30, 45))),
        cell(3, 2, "Close it.", 45, 99, 136, 148),
    )
    rules = [BBox(0, y, 297, y + 0.5) for y in (100, 112, 136, 148)]
    whole = ["No water", "E:10 E:11", "Open the tap. Check that the hose is not bent."]
    assert texts(join_banded(cells, rules))[1] == whole
    apart = tuple(c._replace(text="Turn it off.") if c.text.startswith("hose") else c for c in cells)
    assert len(texts(join_banded(apart, rules))) == 4, "rows of a group"


def test_words_of_a_cell_over_a_border_between_cells_without_places_leave_the_row_as_it_is() -> None:
    lines = ["Part        Stock Price", "Oil filters     2    14", "Belts        of sizes", "Valve           4    11"]
    cells = rows_of(lines, [0, 12, 18, 23])
    rules = [BBox(3.0 * x, y, 3.0 * x + 0.5, y + 12) for x in (12, 18) for y in (99, 111, 135)]
    rules += [BBox(x, 99, x + 0.5, 147) for x in (0, 69)]
    kept = [c for c in cells if c.row != 2]
    wide = [cell(2, 0, lines[2], 0, 23, 123, 135), Cell(2, 1, ""), Cell(2, 2, "")]
    assert join_phrases([*kept, *wide], typed(*lines), rules) == tuple(sorted([*kept, *wide]))
