"""Rows that are told by the ends of their upright rules, on literals and in files."""

from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import pymupdf

from ingestion.blocks import Line
from ingestion.elements import BBox
from ingestion.parse import ParseOptions, parse_pdf
from ingestion.tables.row_ends import row_ends

XS = 50.0, 150.0, 250.0
ROWS = 100.0, 115.0, 145.0, 175.0


def upright(rows: Sequence[float], xs: Sequence[float] = XS) -> list[BBox]:
    return [BBox(x - 0.25, top, x + 0.25, bottom) for top, bottom in pairwise(rows) for x in xs]


def words(*places: tuple[float, float]) -> list[Line]:
    return [Line("word", BBox(x, y, x + 40, y + 10)) for x, y in places]


WORDS = words((60, 102), (160, 102), (60, 118), (60, 131), (160, 118), (60, 148), (160, 148))
BOX = BBox(60, 102, 200, 158)


def test_rows_end_where_all_upright_rules_do() -> None:
    assert [rule.y0 for rule in row_ends(BOX, WORDS, upright(ROWS))] == [100, 115, 145, 175]
    ruled = [*upright(ROWS), *(BBox(50, y - 0.25, 250, y + 0.25) for y in ROWS[:2])]
    assert [rule.y0 for rule in row_ends(BOX, WORDS, ruled)] == [145, 175]  # the others are drawn


def test_rows_are_not_told_by_rules_that_run_on_or_words_across_their_ends() -> None:
    assert row_ends(BOX, WORDS, upright((100.0, 175.0))) == []
    cut = [*upright((100.0, 175.0), XS[:1]), *upright(ROWS, XS[1:])]
    assert row_ends(BOX, WORDS, cut) == []
    assert row_ends(BOX, [*WORDS, *words((160, 140))], upright(ROWS)) == []
    assert row_ends(BOX, words((60, 102), (160, 102), (60, 118), (60, 148)), upright(ROWS)) == []  # a line in each


def test_pieces_beside_cells_over_several_rows_are_no_rows() -> None:
    """A calendar: several events in a week, each in a row of its own beside the days."""
    events = words((60, 102), (160, 102), (160, 118), (160, 131), (60, 148), (160, 148))
    assert row_ends(BOX, events, upright(ROWS)) == []


def test_a_table_without_rules_between_its_rows_has_a_row_for_each_piece_of_its_borders(tmp_path: Path) -> None:
    """As word processors draw it where a table goes on on the next page."""
    doc = pymupdf.open()
    page = doc.new_page()
    xs, rows = (72, 222, 322, 472), (100, 118, 158, 184, 224)
    for top, bottom in pairwise(rows):
        for x in xs:
            page.draw_rect((x, top, x + 0.5, bottom), fill=0, width=0)
    for y in rows[:2]:
        page.draw_rect((72, y, 472, y + 0.5), fill=0, width=0)
    texts = [
        ("Substance", "Value", "Method"),
        ("Heptane,\nbranched\n142-82-5", "3 mg/l", "Guideline 202\n(daphnia, acute\ntest)"),
        ("Ethanol\n64-17-5", "270 mg/l", "Guideline 203"),
        ("Acetone\n67-64-1", "> 10 mg/l", "Guideline 201\n(algae, growth\ntest)"),
    ]
    for top, row in zip(rows, texts, strict=False):
        for x, text in zip(xs, row, strict=False):
            for n, line in enumerate(text.split("\n")):
                page.insert_text((x + 6, top + 11 + 12 * n), line, fontsize=9)
    doc.save(tmp_path / "table.pdf")
    found = parse_pdf(tmp_path / "table.pdf", tmp_path / "out", ParseOptions(ocr="off"))
    assert [e.text.splitlines() for e in found.elements if e.kind == "table"] == [
        [
            "| Substance | Value | Method |",
            "| --- | --- | --- |",
            "| Heptane, branched 142-82-5 | 3 mg/l | Guideline 202 (daphnia, acute test) |",
            "| Ethanol 64-17-5 | 270 mg/l | Guideline 203 |",
            "| Acetone 67-64-1 | > 10 mg/l | Guideline 201 (algae, growth test) |",
        ]
    ]
