"""Labels of sections are said with the rows that they head."""

from table_drawing import LEFT, ROW, TOP, drawn, rule, tables_in

from ingestion.tables.markdown import from_markdown

ROWS = [
    ["Part", "2023", "2024"],
    ["Hydraulics", "", ""],
    ["Pump", "14", "9"],
    ["Valve", "6", "5"],
    ["Electronics", "", ""],
    ["Pump", "2", "1"],
    ["Total", "22", "15"],
    ["All figures are from the service partners.", "", ""],
]
LABELLED = ["Part", "Hydraulics / Pump", "Hydraulics / Valve", "Electronics / Pump", "Total"]


def first_column(drawing: object) -> list[str]:
    (table,) = tables_in(drawing)  # type: ignore[arg-type]
    return [row[0] for row in from_markdown(table.text)]


def test_a_label_in_its_own_type_fill_or_without_rules_beside_it_heads_the_rows_below() -> None:
    bold = drawn(ROWS, fonts=lambda row, column: "hebo" if row in (0, 1, 4) else "helv")
    filled = drawn(ROWS, filled=(1, 4))
    whole = drawn(ROWS, grid=False)
    upright = [rule(0, 0, 1)._replace(x0=x - 0.2, x1=x + 0.2) for x in (LEFT + 100, LEFT + 200)]
    parts = [p._replace(y0=TOP + ROW * a, y1=TOP + ROW * b) for p in upright for a, b in ((0, 1), (2, 4), (5, 8))]
    for drawing in (bold, filled, whole._replace(paths=[*whole.paths, *parts])):
        assert first_column(drawing)[:5] == LABELLED


def test_indented_rows_stand_under_their_label() -> None:
    rows = [["", "2023"], ["Costs:", ""], ["Wages", "12"], ["Oil", "4"], ["Income", "30"]]
    assert first_column(drawn(rows, grid=False, indent=(2, 3))) == ["", "Costs / Wages", "Costs / Oil", "Income"]


def test_wrapped_lines_forms_and_notes_head_nothing() -> None:
    wrapped = [["Item", "2023"], ["Number of states in", "12"], ["the analysis", ""], ["Other", "3"]]
    assert "the analysis" in first_column(drawn(wrapped, grid=False))
    form = [["Check", "Done"], ["Oil", ""], ["Belt", ""], ["Filter", "yes"], ["Seal", ""], ["Pump", ""]]
    assert first_column(drawn(form)) == [row[0] for row in form]
    note = [["Item", "2023"], ["Pump", "3"], ["* measured at 20 degrees", ""], ["Valve", "3"]]
    assert "Valve" in first_column(drawn(note, grid=False))
