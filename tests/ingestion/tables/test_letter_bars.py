"""Bars over letters are no rules of a table, on literals and in a real PDF."""

from pathlib import Path

import pymupdf

from ingestion.blocks import Line
from ingestion.elements import BBox
from ingestion.parse import ParseOptions, parse_pdf
from ingestion.tables.cells import rows_of
from ingestion.tables.letter_bars import without_bars


def test_a_bar_over_or_under_a_word_goes_and_rules_stay() -> None:
    word = Line("RESET", BBox(100, 200, 140, 212))
    over, part, under = BBox(101, 201, 139, 201.5), BBox(120, 199, 139, 199.5), BBox(100, 210.5, 140, 211)
    row, side, box = BBox(90, 201, 180, 201.5), BBox(100, 196, 100.5, 220), BBox(98, 198, 142, 214)
    below = BBox(100, 214, 140, 214.5)
    assert without_bars([over, part, under, row, side, box, below], [word]) == [row, side, box, below]
    link = [Line("section", BBox(200, 200, 240, 212)), Line("4", BBox(243, 200, 248, 212))]
    names = [link[0], Line("Rate", BBox(270, 200, 290, 212))]
    assert without_bars([BBox(200, 210, 248, 210.5)], link) == []
    assert without_bars([BBox(200, 210, 290, 210.5)], names) == [BBox(200, 210, 290, 210.5)]


def test_a_piece_of_a_rule_that_is_drawn_cell_by_cell_is_no_bar() -> None:
    word = Line("Durations", BBox(100, 200, 140, 212))
    pieces = [
        BBox(60, 201, 98.5, 201.5),
        BBox(98.5, 201, 99, 201.5),
        BBox(99, 201, 141, 201.5),
        BBox(141.5, 201, 180, 201.5),
    ]
    assert without_bars(pieces, [word]) == pieces
    assert without_bars([BBox(101, 201, 120, 201.5), BBox(120, 201, 139, 201.5)], [word]) == []  # a bar in two pieces


def test_signals_with_a_bar_have_one_row_each(tmp_path: Path) -> None:
    rows = [
        ["Symbol", "Parameter", "Min", "Max"],
        ["tRL", "RD pulse width", "400", "-"],
        ["tAV", "Address", "43", "60"],
    ]
    rows += [["tPS", "PSEN low to data", "25", "145"], ["tWL", "WR pulse width", "400", "-"]]
    path = tmp_path / "bars.pdf"
    doc = pymupdf.open()
    page = doc.new_page()
    xs, ys = [60, 120, 300, 370, 440], [100 + 20 * i for i in range(len(rows) + 1)]
    for y in ys:
        page.draw_line((xs[0], y), (xs[-1], y), width=0.5)
    for x in xs:
        page.draw_line((x, ys[0]), (x, ys[-1]), width=0.5)
    for r, row in enumerate(rows):
        for c, text in enumerate(row):
            page.insert_text((xs[c] + 5, ys[r] + 14), text, fontsize=10)
        if row[1].split()[0] in ("RD", "WR", "PSEN"):
            wide = pymupdf.get_text_length(row[1].split()[0], fontsize=10)
            page.draw_line((xs[1] + 5, ys[r] + 5.5), (xs[1] + 5 + wide, ys[r] + 5.5), width=0.5)
    page.insert_text((60, 60), "Timing of the memory", fontsize=14)
    page.insert_text(
        (60, 260), "All times hold for a load of 80 pF at each port and a supply of five volts.", fontsize=10
    )
    doc.save(path)
    document = parse_pdf(path, tmp_path / "out", ParseOptions(ocr="off"))
    (table,) = (element for element in document.elements if element.kind == "table")
    assert rows_of(table.cells) == rows
