"""Rows of text from the cells of a table: headings of two rows, spans, titles and notes."""

from ingestion.elements import BBox, Cell
from ingestion.tables.cells import cells_from_html, compact, with_quantities
from ingestion.tables.grid import to_grid

TWO_LINE_HEADER = (
    '<table><tr><th rowspan="2">Region</th><th colspan="2">Revenue</th><th></th></tr>'
    "<tr><th>2009</th><th>2010</th><th>Staff</th></tr>"
    "<tr><td>North &amp; East</td><td>12</td><td>14</td><td>3</td></tr></table>"
)


def rows_of(cells: tuple[Cell, ...]) -> list[tuple[str, ...]]:
    grid = to_grid(cells)
    return [grid.header, *grid.body]


def test_header_rows_below_each_other_become_one() -> None:
    cells = cells_from_html(TWO_LINE_HEADER)
    assert rows_of(cells) == [
        ("Region", "Revenue / 2009", "Revenue / 2010", "Staff"),
        ("North & East", "12", "14", "3"),
    ]
    assert Cell(0, 1, "Revenue", 1, 2, True) in cells


def test_a_cell_over_several_rows_is_said_in_each_and_one_over_columns_once() -> None:
    html = (
        "<table><tr><th>Group</th><th>Part</th><th>Weight</th></tr>"
        '<tr><td rowspan="2">Pump</td><td>Rotor</td><td>4</td></tr><tr><td>Seal</td><td>1</td></tr>'
        '<tr><td colspan="2">All parts</td><td>5</td></tr></table>'
    )
    assert rows_of(cells_from_html(html))[1:] == [("Pump", "Rotor", "4"), ("Pump", "Seal", "1"), ("All parts", "", "5")]


def test_a_value_over_columns_with_names_of_their_own_is_said_in_each() -> None:
    html = (
        "<table><tr><th>Technical data</th><th>KX 10</th><th>KX 20</th><th>KX 30</th></tr>"
        '<tr><td>Voltage</td><td colspan="3">230 V</td></tr>'
        "<tr><td>Power</td><td>1 kW</td><td>2 kW</td><td>3 kW</td></tr>"
        '<tr><td>Weight</td><td colspan="2">14 kg</td><td>17 kg</td></tr><tr><td>Note</td>'
        '<td colspan="3">Weights are those without water and packing, as the machine leaves the works</td></tr></table>'
    )
    assert rows_of(cells_from_html(html))[1:] == [
        ("Voltage", "230 V", "230 V", "230 V"),
        ("Power", "1 kW", "2 kW", "3 kW"),
        ("Weight", "14 kg", "14 kg", "17 kg"),
        ("Note", "Weights are those without water and packing, as the machine leaves the works", "", ""),
    ]


def test_a_value_over_columns_goes_on_as_such_on_the_next_page() -> None:
    cells = (Cell(0, 0, "Voltage"), Cell(0, 1, "230 V", columns=2))
    names = ("Data", "KX 10", "KX 20")
    assert to_grid(cells, 0, names).body == (("Voltage", "230 V", "230 V"),)
    assert to_grid(cells, 0, ("Data", "Models", "")).body == (("Voltage", "230 V", ""),)
    entry = (Cell(0, 0, "31"), Cell(0, 1, "Bakery ........ C2", columns=2))
    assert to_grid(entry, 0, names).body == (("31", "Bakery ........ C2", ""),)


def test_rows_over_all_columns_at_the_edges_are_title_and_notes() -> None:
    html = (
        '<table><tr><th colspan="2">Table 4. Prices</th></tr><tr><th>Good</th><th>Price</th></tr>'
        '<tr><td>Tea</td><td>3</td></tr><tr><th colspan="2">Cold drinks</th></tr><tr><td>Milk</td><td>2</td></tr>'
        '<tr><td colspan="2">Source: own survey</td></tr></table>'
    )
    grid = to_grid(cells_from_html(html))
    assert grid.above == ("Table 4. Prices",) and grid.below == ("Source: own survey",)
    assert grid.header == ("Good", "Price")
    assert grid.body == (("Tea", "3"), ("Cold drinks", ""), ("Milk", "2"))


def test_lines_of_a_cell_are_joined_and_a_cut_word_is_mended() -> None:
    cells = cells_from_html("<table><tr><td>Temper-<br/>ature of<br/>water</td><td>93 &lt; 96</td></tr></table>")
    assert [c.text for c in cells] == ["Temperature of water", "93 < 96"]


def test_empty_rows_and_columns_are_left_out() -> None:
    first: list[list[float] | None] = [[0, 0, 10, 5], None, [20, 0, 30, 5]]
    boxes: list[list[list[float] | None]] = [first, [None, None, None], [[0, 9, 10, 14], None, [20, 9, 30, 14]]]
    row = "<tr><td>{}</td><td></td><td>{}</td></tr>"
    html = f"<table>{row.format('Code', 'Meaning')}{row.format('', '')}{row.format('E1', 'Pump')}</table>"
    cells = cells_from_html(html, boxes)
    assert [(c.row, c.column, c.text) for c in cells if c.text] == [
        (0, 0, "Code"), (0, 1, "Meaning"), (1, 0, "E1"), (1, 1, "Pump"),
    ]  # fmt: skip
    assert cells[-1].bbox == BBox(20, 9, 30, 14)


def grid_header(*rows: str, marked: int = 1) -> tuple[str, ...]:
    """The header of rows whose cells are parted by bars, the first ``marked`` of them marked as header."""
    tags = ["th" if i < marked else "td" for i in range(len(rows))]
    lines = [
        "".join(f"<{tag}>{text.strip()}</{tag}>" for text in row.split("|"))
        for tag, row in zip(tags, rows, strict=True)
    ]
    return to_grid(cells_from_html("<table><tr>" + "</tr><tr>".join(lines) + "</tr></table>")).header


def test_names_over_columns_of_numbers_belong_to_the_header() -> None:
    data = "All|3|4.1", "Some|7|4.4"
    assert grid_header("|Men|Women", "Age|no.|Rate", *data) == ("Age", "Men / no.", "Women / Rate")
    assert grid_header("|Actual|", "Age|2009|2010", *data) == ("Age", "Actual / 2009", "2010")
    assert grid_header("Name|Born|Died", "Orwell|1903|1950", "Woolf|1882|1941", "Joyce|1882|1941") == (
        "Name",
        "Born",
        "Died",
    )


def test_data_marked_as_header_is_data() -> None:
    assert grid_header("Year|Farms", "1850|NA", "1860|12", "1870|14", marked=2) == ("Year", "Farms")
    assert grid_header("Name|Sales|Costs", "Tea|3|4", "Milk|2|2", marked=2) == ("Name", "Sales", "Costs")
    assert grid_header("Total for all|59%", "Men|60%", "Women|58%") == ("", "")
    assert grid_header("Year|Rows", "Actual|", "1996|4", "1997|5", marked=2) == ("Year", "Rows")


def test_rows_of_marks_are_data_and_signs_of_units_are_header() -> None:
    marks = grid_header("Feature|Basic|Plus", "Remote|–|✓", "Frost guard|✓|✓", "Circuits|1|2", marked=3)
    assert marks == ("Feature", "Basic", "Plus")
    assert grid_header("Type|Loss|Price", "no.|%|€", "A|3|40", "B|4|50", marked=2) == (
        "Type / no.",
        "Loss / %",
        "Price / €",
    )


def test_quantities_of_a_table_in_hebrew_are_read_number_first() -> None:
    html = "<table><tr><th>משקל</th><th>דגם</th></tr><tr><td>kg 3.5</td><td>KX-12</td></tr></table>"
    assert [cell.text for cell in with_quantities(cells_from_html(html))] == ["משקל", "דגם", "3.5 kg", "KX-12"]
    english = cells_from_html(html.replace("משקל", "Mass").replace("דגם", "Type"))
    assert with_quantities(english) == english


def test_a_span_shrinks_with_the_rows_and_columns_it_covered() -> None:
    cells = compact([Cell(0, 0, "Wide", 1, 3), Cell(1, 0, "a"), Cell(1, 2, "b")])
    assert cells == (Cell(0, 0, "Wide", 1, 2), Cell(1, 0, "a"), Cell(1, 1, "b"))


def test_headings_over_two_rows_make_both_the_header() -> None:
    html = (
        '<table><tr><th rowspan="2">No.</th><th rowspan="2">Drug</th><th colspan="2">Level of use</th></tr>'
        "<tr><td>Centre</td><td>Hospital</td></tr>"
        "<tr><td>1</td><td>Lignocaine</td><td>Y</td><td>Y</td></tr><tr><td>2</td><td>Inj.</td><td></td><td>Y</td></tr></table>"
    )
    assert rows_of(cells_from_html(html))[:2] == [
        ("No.", "Drug", "Level of use / Centre", "Level of use / Hospital"),
        ("1", "Lignocaine", "Y", "Y"),
    ]
