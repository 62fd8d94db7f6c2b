"""Program text, commands and settings keep their lines and indents; letters typed in the same fonts are prose."""

from __future__ import annotations

from pathlib import Path

import pymupdf
import pytest

from ingestion.blocks import Line
from ingestion.elements import BBox, Document, Element
from ingestion.layout.code_listings import join_listings, listing_lines, typed_stretches
from ingestion.parse import ParseOptions, parse_pdf
from ingestion.preview.report import as_markdown

SETTINGS = ["pump:", "  speed: 1450", "  limits:", "    high: 6.5", "    low: 0.8", "alarm:", "  - horn", "  - lamp"]
COMMANDS = ["$ pumpctl stop", "$ pumpctl load --slot 2 pump.bin", "$ pumpctl start"]
LETTER = [
    "Dear Sir, we thank you for your letter of the third of May and are",
    "glad to tell you that the two pumps which you ordered were sent on",
    "Monday by rail. Please look at them as soon as they arrive, and let",
    "us know of any fault in writing within fourteen days from that date.",
]


def parsed(path: Path) -> Document:
    return parse_pdf(path, path.parent / "out", ParseOptions(ocr="off"))


TWO = ["shop restart -d", "shop logs -f basket"]


def words(rows: list[str], pitch: float = 6.0, top: float = 100.0) -> list[Line]:
    found = []
    for i, row in enumerate(rows):
        y, column = top + 12 * i, 0
        for part in row.split(" "):
            if part:
                box = BBox(60 + column * pitch, y, 60 + (column + len(part)) * pitch, y + 10)
                found.append(Line(part, box, typed=True))
            column += len(part) + 1
    return found


@pytest.mark.parametrize(
    "rows", [SETTINGS, COMMANDS, ["int main() {", "    return 0;", "}"], ["C:\\> format a: /q"], TWO]
)
def test_program_text_is_told_on_any_page(rows: list[str]) -> None:
    assert [line.text for line in listing_lines(words(rows), 0.1)] == rows
    assert [line.text for line in listing_lines(words(rows), 1.0)] == rows


@pytest.mark.parametrize(
    "rows", [LETTER, ["Spare parts of the", "pump of 1974"], ["Yours faithfully,", "the works in Ulm"], ["Summary"]]
)
def test_a_letter_typed_on_a_typewriter_is_prose(rows: list[str]) -> None:
    assert listing_lines(words(rows), 1.0) == ()


def test_prose_in_a_typewriter_font_among_other_text_is_prose() -> None:
    assert listing_lines(words(LETTER), 0.2) == ()


def test_letters_of_different_widths_are_no_program_text() -> None:
    assert listing_lines([*words(["port = 1"]), Line("mode", BBox(60, 112, 70, 122))], 0.1) == ()


def test_parts_of_a_listing_are_joined_with_the_empty_lines_between() -> None:
    upper = BBox(60, 100, 60 + 6 * 7, 122), "start()\n  a = 1"
    lower = BBox(72, 136, 72 + 6 * 7, 146), "b = 222"
    assert join_listings(upper, lower) == "start()\n  a = 1\n\n  b = 222"
    assert join_listings(upper, (BBox(72, 236, 114, 246), "b = 222")) is None


def test_a_lone_word_of_program_text_is_part_of_its_sentence() -> None:
    said = [
        Line(t, BBox(60, y, 300, y + 10), typed=t == "run()") for t, y in (("call", 100), ("run()", 112), ("now", 124))
    ]
    assert [typed for _, typed in typed_stretches(said)] == [False]


def test_settings_and_commands_keep_their_lines_in_elements_chunks_and_markdown(tmp_path: Path) -> None:
    doc = pymupdf.open()
    page = doc.new_page()
    page.insert_text((60, 70), "Settings of the pump", fontsize=14, fontname="hebo")
    page.insert_text((60, 100), "The pump reads its settings when it is switched on. The file is this:", fontsize=11)
    for i, row in enumerate(SETTINGS):
        page.insert_text((70, 125 + 13 * i), row, fontsize=10, fontname="cour")
    page.insert_text((60, 250), "To load another program, type these commands and wait for the lamp:", fontsize=11)
    for i, row in enumerate(COMMANDS):
        page.insert_text((70, 275 + 13 * i), row, fontsize=10, fontname="cour")
    doc.save(tmp_path / "pump.pdf")
    document = parsed(tmp_path / "pump.pdf")
    codes = [element for element in document.elements if element.code]
    assert [element.text for element in codes] == ["\n".join(SETTINGS), "\n".join(COMMANDS)]
    assert all(element.kind == "text" for element in codes)
    markdown = as_markdown(document)
    assert "```\n" + "\n".join(SETTINGS) + "\n```" in markdown
    assert any("\n".join(SETTINGS) in chunk.text for chunk in document.chunks if chunk.kind == "text")
    assert any("\n".join(COMMANDS) in chunk.text for chunk in document.chunks if chunk.kind == "page")


def test_preformatted_text_of_a_web_page_keeps_its_lines(tmp_path: Path) -> None:
    rows = "\n".join(SETTINGS)
    (tmp_path / "pump.html").write_text(
        "<!DOCTYPE html><html><head><title>Pump</title></head><body><h1>Settings of the pump</h1>"
        f"<p>The pump reads these settings when it is switched on.</p><pre>{rows}</pre></body></html>",
        encoding="utf-8",
    )
    document = parsed(tmp_path / "pump.html")
    assert rows in [element.text for element in document.elements if element.code]


def test_a_typed_letter_stays_a_paragraph(tmp_path: Path) -> None:
    doc = pymupdf.open()
    page = doc.new_page()
    for i, row in enumerate(LETTER):
        page.insert_text((60, 100 + 14 * i), row, fontsize=10, fontname="cour")
    doc.save(tmp_path / "letter.pdf")
    document = parsed(tmp_path / "letter.pdf")
    assert " ".join(LETTER) in " ".join(element.text for element in document.elements)
    assert not any(element.code for element in document.elements)


def test_a_listing_that_holds_a_fence_is_fenced_otherwise(tmp_path: Path) -> None:
    doc = pymupdf.open()
    doc.new_page()
    doc.save(tmp_path / "a.pdf")
    document = parsed(tmp_path / "a.pdf")
    from dataclasses import replace

    from ingestion.elements import Region

    element = Element("text", Region(1, BBox(0, 0, 9, 9)), "a\n```\nb", code=True)
    assert "~~~~\na\n```\nb\n~~~~" in as_markdown(replace(document, elements=(element,)))


def test_a_listing_in_a_figure_and_the_words_of_a_drawing_are_in_the_markdown(tmp_path: Path) -> None:
    from dataclasses import replace

    from ingestion.elements import Region

    doc = pymupdf.open()
    doc.new_page()
    doc.save(tmp_path / "a.pdf")
    place = Region(1, BBox(0, 0, 9, 9))
    listing = Element("figure", place, "t = 1\n  stop()", image="a.jpg", code=True)
    drawing = Element("figure", place, "Inlet 2 bar\nOutlet 5 bar", image="b.jpg", order=1)
    text = Element("text", place, "The pump runs.", order=2)
    whole = Element("figure", place, "Outlet 5 bar\nThe pump runs.", image="c.jpg", order=3)  # says its parts' words
    markdown = as_markdown(replace(parsed(tmp_path / "a.pdf"), elements=(listing, drawing, text, whole)))
    assert "```\nt = 1\n  stop()\n```" in markdown and "> Inlet 2 bar Outlet 5 bar" in markdown
    assert markdown.count("Outlet") == 1


def test_what_layout_takes_for_a_table_of_one_column_in_a_typewriter_font_is_a_listing() -> None:
    from ingestion.elements import Cell
    from ingestion.pdf.page import _is_listing

    rows = [Line(text, BBox(60, 100 + 12 * i, 160, 110 + 12 * i), typed=True) for i, text in enumerate(SETTINGS)]
    cells = [Cell(i, i % 2, x.text, bbox=x.bbox) for i, x in enumerate(rows)]
    assert _is_listing(rows, cells)
    assert not _is_listing(rows, [*cells, Cell(1, 0, "12 V")])
    assert not _is_listing([replace_typed(x) for x in rows], cells)


def replace_typed(line: Line) -> Line:
    return Line(line.text, line.bbox)
