"""Cells over several rows and rows that stand in one, told by the rules drawn."""

from dataclasses import replace

from table_drawing import drawn, rule, tables_in

from ingestion.blocks import Line
from ingestion.tables.markdown import from_markdown

Rows = list[list[str]]


def read(rows: Rows, *rules: tuple[float, int, int]) -> Rows:
    (table,) = tables_in(drawn(rows, rules=[rule(*r) for r in rules]))
    return from_markdown(table.text)


def test_rules_that_stop_short_of_a_column_show_its_label_in_each_row() -> None:
    rows = [["Joint", "Thread", "Torque"], ["Head", "M8", "25 Nm"], ["", "M10", "49 Nm"], ["Base", "M12", "85 Nm"]]
    full = [(y, 0, 3) for y in (0, 1, 3, 4)]
    assert read(rows, *full, (2, 1, 3))[2] == ["Head", "M10", "49 Nm"]
    low = [rows[0], ["", "M8", "25 Nm"], ["Head", "M10", "49 Nm"], rows[3]]
    assert read(low, *full, (2, 1, 3))[1:3] == [["Head", "M8", "25 Nm"], ["Head", "M10", "49 Nm"]]


def test_a_label_centred_between_its_values_is_no_row() -> None:
    rows = [
        ["Name", "Test", "Max.", "Unit"],
        ["", "at 5 V", "6", ""],
        ["Current", "", "", "mA"],
        ["", "at 15 V", "15", ""],
    ]
    rows += [["Voltage", "", "18", "V"], ["Weight", "", "3", "kg"]]
    full = [(y, 0, 4) for y in (0, 1, 4, 5, 6)]
    expected = [["Current", "at 5 V", "6", "mA"], ["Current", "at 15 V", "15", "mA"]]
    for inner in ([], [(2.5, 1, 3)]):
        assert read(rows, *full, *inner)[1:3] == expected


def test_a_line_over_sums_is_no_span() -> None:
    rows = [["Cost", "2023", "2024"], ["Wages", "12", "14"], ["Oil", "3", "4"], ["Total", "15", "18"]]
    assert read(rows, (0, 0, 3), (1, 0, 3), (3, 1, 3), (4, 0, 3)) == rows


def test_rows_that_a_rule_parts_are_two() -> None:
    drawing = drawn([["Code", "Meaning"], ["F1", "Dry run"], ["F2", "Too hot"], ["F3", "No oil"]])
    glued = [c for c in drawing.region.cells if c.row not in (1, 2)]
    for column, text in ((0, "F1 F2"), (1, "Dry run Too hot")):
        cell = next(c for c in drawing.region.cells if (c.row, c.column) == (1, column))
        assert cell.bbox
        glued.append(cell._replace(text=text, bbox=cell.bbox._replace(y1=cell.bbox.y1 + 20)))
    (table,) = tables_in(drawing._replace(region=replace(drawing.region, cells=tuple(sorted(glued)))))
    assert from_markdown(table.text)[1:3] == [["F1", "Dry run"], ["F2", "Too hot"]]


def test_a_nested_table_keeps_its_rows_and_those_around() -> None:
    rows = [["Type", "Port", "Size", "Weight"], ["", "P1", "G 1/2", ""], ["KX-1", "P2", "G 3/4", "4.1 kg"]]
    rows += [["", "P3", "G 1", ""], ["KX-2", "P1", "DN 40", "6.3 kg"]]
    rules = [*((y, 0, 4) for y in (0, 1, 4, 5)), *((y, 1, 3) for y in (1.1, 2, 3, 3.9))]
    assert read(rows, *rules)[1:4] == [["KX-1", *row[1:3], "4.1 kg"] for row in rows[1:4]]


def test_rows_of_lower_case_that_rules_part_stay_two() -> None:
    rows = [["Option", "Meaning"], ["-a|-b", "either a|b"], ["x || y", "or"], ["C:\\", "root"], ["D", "disk"]]
    assert read(rows, *((y, 0, 2) for y in range(6))) == rows


def test_cells_are_as_wide_as_the_rules_say() -> None:
    """The table engine goes by the words on one page and by the rules on the next."""
    drawing = drawn([["Code", "Meaning"], ["F1", "Dry run"], ["F2", "Too hot"], ["F3", "No oil"]])
    hugging = tuple(
        c._replace(bbox=c.bbox and c.bbox._replace(x0=c.bbox.x0 + 4, x1=c.bbox.x1 - 20)) for c in drawing.region.cells
    )
    (table,) = tables_in(drawing._replace(region=replace(drawing.region, cells=hugging)))
    assert [c.bbox and round(c.bbox.x0) for c in table.cells[:2]] == [50, 150]


def test_a_label_in_the_middle_of_two_rows_stands_for_both() -> None:
    drawing = drawn(
        [["Burner", "Jet", "Bar"], ["BX 20", "0.50", "8"], ["", "0.60", "9"], ["BX 40", "1.00", "10"]],
        rules=[rule(y, 0, 3) for y in (0, 1, 3, 4)],
    )

    def low(word: Line) -> Line:
        return replace(word, bbox=word.bbox._replace(y0=word.bbox.y0 + 8, y1=word.bbox.y1 + 8))

    words = [low(w) if w.text in ("BX", "20", "BX 20") and w.bbox.x0 < 130 else w for w in drawing.region.lines]
    (table,) = tables_in(drawing._replace(region=replace(drawing.region, lines=tuple(words))))
    assert [row[0] for row in from_markdown(table.text)] == ["Burner", "BX 20", "BX 20", "BX 40"]
    (table,) = tables_in(drawing)
    assert [row[0] for row in from_markdown(table.text)] == ["Burner", "BX 20", "", "BX 40"]
