"""Office files: what is in them is found again, what cannot be shown is said, nothing outside them is opened."""

from __future__ import annotations

import datetime
import io
import re
import socket
from pathlib import Path
from typing import Any

import openpyxl
import pptx
import pytest
from make_files import archive, docx, noise, run_of
from pptx.chart.data import CategoryChartData
from pptx.enum.chart import XL_CHART_TYPE
from pptx.util import Pt

from ingestion.elements import Document
from ingestion.errors import CorruptPdf, IngestionError, LimitExceeded, NoPages
from ingestion.formats.html_tables import MOST_LINES
from ingestion.formats.office import as_book
from ingestion.parse import ParseOptions, parse_pdf
from ingestion.workers.child import Limits
from ingestion.workers.parse import parse_in_worker

NO_OCR = ParseOptions(ocr="off")
PICTURE = (
    '<w:p><w:r><w:drawing><wp:inline><a:graphic><a:graphicData uri="u"><pic:pic><pic:blipFill><a:blip r:{}="{}"/>'
    "</pic:blipFill></pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing></w:r></w:p>"
)


def paragraph(text: str, style: str = "") -> str:
    properties = f'<w:pPr><w:pStyle w:val="{style}"/></w:pPr>' if style else ""
    return f"<w:p>{properties}{run_of(text)}</w:p>"


def cell(text: str, properties: str = "") -> str:
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{paragraph(text)}</w:tc>"


def words(document: Document) -> str:
    return " ".join(" ".join(chunk.text for chunk in document.chunks if chunk.kind == "page").split())


def body_of(path: Path) -> str:
    return as_book(path, path.suffix[1:]).content.decode().partition("<body>")[2]


def test_a_text_becomes_headings_table_and_figure_on_pages(tmp_path: Path) -> None:
    rows = "".join(f"<w:tr>{cell(f'Part {n}')}{cell(str(12 * n))}{cell('litres')}</w:tr>" for n in range(1, 7))
    head = f"<w:tr>{cell('Name')}{cell('Volume')}{cell('Unit')}</w:tr>"
    said = paragraph("The pump was run for a day and a night. " * 6)
    body = paragraph("Pump report", "T") + said + paragraph("Results", "H") + said + f"<w:tbl>{head}{rows}</w:tbl>"
    picture = PICTURE.format("embed", "r1") + paragraph("Figure 1: The pump")
    path = docx(tmp_path / "report.docx", body + said + picture)
    document = parse_in_worker(path, tmp_path / "out", NO_OCR)
    assert document.title == "Pump report" and not document.problems
    assert any("Results" in element.heading for element in document.elements)
    found = next(element for element in document.elements if element.kind == "table")
    assert "| Part 3 | 36 | litres |" in found.text
    figure = next(element for element in document.elements if element.kind == "figure")
    assert figure.caption == "Figure 1: The pump"
    assert (tmp_path / "out" / str(figure.image)).is_file()


def test_a_texts_odd_corners_are_read_once(tmp_path: Path) -> None:
    held = f"<w:txbxContent>{paragraph('In the box')}</w:txbxContent>"
    new, old = f"<w:drawing>{held}</w:drawing>", f"<w:pict><v:shape><v:textbox>{held}</v:textbox></v:shape></w:pict>"
    box = f"<mc:AlternateContent><mc:Choice>{new}</mc:Choice><mc:Fallback>{old}</mc:Fallback></mc:AlternateContent>"
    rows = [
        cell("wide", '<w:gridSpan w:val="2"/>') + cell("c"),
        cell("a", '<w:vMerge w:val="restart"/>') + cell("b") + cell("c"),
        cell("", "<w:vMerge/>") + cell("d") + cell("e"),
    ]
    merged = "".join(f"<w:tr>{row}</w:tr>" for row in rows)
    changes = f"<w:del><w:r><w:delText>struck</w:delText></w:r></w:del><w:ins>{run_of('added')}</w:ins>"
    listed = '<w:pPr><w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr></w:pPr>'
    path = docx(
        tmp_path / "odd.docx",
        f"<w:p>{run_of('Before ')}{changes}<w:r>{box}</w:r></w:p>"
        f'<w:p>{run_of("Noted")}<w:r><w:footnoteReference w:id="7"/></w:r></w:p>'
        f"<w:sdt><w:sdtContent>{paragraph('Held &lt;b&gt;')}</w:sdtContent></w:sdt><w:tbl>{merged}</w:tbl>"
        f"<w:p>{listed}<w:r><w:rPr><w:b/></w:rPr><w:t>point</w:t></w:r></w:p>",
        f'<w:footnote w:id="7">{paragraph("The note")}</w:footnote>',
    )
    html = body_of(path)
    assert html.startswith("<p>Before added</p><p>In the box</p>") and html.count("In the box") == 1
    assert "struck" not in html and "<p>Held &lt;b&gt;</p>" in html
    assert '<td colspan="2"><p>wide</p></td><td><p>c</p></td>' in html
    assert '<td rowspan="2"><p>a</p></td>' in html and "<tr><td><p>d</p></td><td><p>e</p></td></tr>" in html
    assert "<ul><li><strong>point</strong></li></ul>" in html
    assert "[1]" in html and "The note" in html and "↑" not in html


def test_pictures_that_cannot_be_drawn_are_named_and_none_is_fetched(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("the network was touched")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    pictures = [("embed", "r2"), ("embed", "r2"), ("embed", "r3"), ("link", "r4"), ("embed", "r5")]
    body = paragraph("Words.") + "".join(PICTURE.format(*picture) for picture in pictures)
    path = docx(tmp_path / "old.docx", body, parts={"word/charts/chart1.xml": "<c/>"})
    assert body_of(path).count("data:image/png") == 1
    problem = parse_pdf(path, tmp_path / "out", NO_OCR).problems[0]
    assert problem.page == 0
    assert problem.message.startswith(
        "not taken over from the Office file: 1 × chart, 2 × picture, 2 × picture (linked or missing); save it as PDF"
    )


def test_slides_come_on_pages_of_their_size_with_titles_first(tmp_path: Path) -> None:
    show = pptx.Presentation()
    show.slide_width, show.slide_height = Pt(720), Pt(405)
    show.core_properties.title = "Sales & more"
    first = show.slides.add_slide(show.slide_layouts[1])
    first.shapes._spTree.append(first.shapes.title._element)  # the title comes last in the file
    first.shapes.title.text = "First slide"
    first.placeholders[1].text = "Rises by a third\nFalls\vlater"
    first.shapes.add_group_shape([first.shapes.add_textbox(0, Pt(380), Pt(99), Pt(20))]).shapes[
        0
    ].text_frame.text = "Inside"
    first.shapes.add_picture(io.BytesIO(noise()), Pt(400), Pt(200), Pt(160), Pt(100))
    first.notes_slide.notes_text_frame.text = "Said beside it"
    show.slides.add_slide(show.slide_layouts[6])
    third = show.slides.add_slide(show.slide_layouts[5])
    third.shapes.title.text = "Third slide"
    grid = third.shapes.add_table(2, 2, 0, 0, Pt(300), Pt(90)).table
    for n, text in enumerate(("x", "y < z", "1", "2")):
        grid.cell(n // 2, n % 2).text = text
    data: Any = CategoryChartData()  # type: ignore[no-untyped-call]
    data.categories = ["a"]
    data.add_series("s", (1,))
    third.shapes.add_chart(XL_CHART_TYPE.PIE, 0, 0, Pt(99), Pt(99), data)
    path = tmp_path / "talk.pptx"
    show.save(str(path))
    book = as_book(path, "pptx")
    html = book.content.decode()
    assert book.size == (720, 405) and "1 × picture of a chart (its values are read)" in book.lost
    assert "<title>Sales &amp; more</title>" in html
    assert html.endswith("<h2>Notes to slide 1: First slide</h2><p>Said beside it</p></body></html>")
    points = "<ul><li>Rises by a third</li><li>Falls<br/>later</li></ul>"
    assert f"<h1>First slide</h1>{points}<p>Inside</p><p><img" in html
    assert 'width="160" height="100"' in html
    assert "<th><p>y &lt; z</p></th></tr><tr><td><p>1</p></td><td><p>2</p></td></tr>" in html
    document = parse_pdf(path, tmp_path / "out", NO_OCR)
    assert [(page.width, page.height) for page in document.pages] == [(720, 405)] * 4
    pages = {chunk.page: chunk.text for chunk in document.chunks if chunk.kind == "page"}
    assert "First slide" in pages[1] and "Third slide" in pages[3]


def test_a_sheet_shows_text_numbers_and_dates_as_they_are_shown(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    costs = book.active
    costs.title = "Costs"
    day = datetime.datetime(2026, 11, 21)
    for row, (left, right) in enumerate(
        [("Shared", "Other"), (None, None), (0.1 + 0.2, day), (True, day.replace(hour=12)), (0.255, "a < b")], 2
    ):
        costs.cell(row, 2, left)
        costs.cell(row, 4, right)
    costs["B6"].number_format = "0.0%"
    book.create_sheet("Empty")
    book.create_sheet("More").append([12, datetime.time(7, 30), "#DIV/0!"])
    hidden = book.create_sheet("Secret")
    hidden.append(["hidden words"])
    hidden.sheet_state = "hidden"
    path = tmp_path / "costs.xlsx"
    book.save(path)
    html = body_of(path)
    assert "<tr><th>Shared</th><th>Other</th></tr><tr><td>0.3</td><td>2026-11-21</td></tr>" in html
    assert "<td>TRUE</td><td>2026-11-21 12:00</td></tr><tr><td>25.5%</td><td>a &lt; b</td>" in html
    assert "<td>12</td><td>07:30</td><td>#DIV/0!</td>" in html
    assert html.count("<h1>") == 2 and "hidden words" not in html
    document = parse_pdf(path, tmp_path / "out", NO_OCR)
    assert "Shared" in words(document) and [(page.width, page.height) for page in document.pages] == [(595, 842)] * 2


def test_a_wide_sheet_gets_a_wide_page_and_a_long_one_ends(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ingestion.formats.sheets.MOST_ROWS", 3)
    book = openpyxl.Workbook()
    for number in range(5):
        book.active.append([f"row {number}", *range(29)])
    book.save(tmp_path / "wide.xlsx")
    made = as_book(tmp_path / "wide.xlsx", "xlsx")
    assert made.size == (2100, 842)
    assert b"row 2" in made.content and b"row 3" not in made.content
    assert "end of a sheet (after 3 rows)" in made.lost


def test_a_long_table_is_laid_out_in_parts_with_every_row_once(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for number in range(2 * MOST_LINES + 1):
        book.active.append([number, "x"])
    book.save(tmp_path / "long.xlsx")
    html = body_of(tmp_path / "long.xlsx")
    assert html.count("<table>") == html.count("</table>") == 3 and html.count("<th>") == 2
    assert [int(found) for found in re.findall(r"<t[hd]>(\d+)<", html)] == list(range(2 * MOST_LINES + 1))


def test_what_is_damaged_or_empty_is_one_clear_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(NoPages, match=r"empty\.docx has nothing on its pages"):
        parse_pdf(docx(tmp_path / "empty.docx", ""), tmp_path / "out", NO_OCR)
    for name, part in (("docx", "word/document.xml"), ("pptx", "ppt/presentation.xml"), ("xlsx", "xl/workbook.xml")):
        path = archive(tmp_path / f"bad.{name}", {"[Content_Types].xml": "<Types/>", part: "<w:p>"})
        with pytest.raises(CorruptPdf, match=rf"bad\.{name} is damaged \(.+\); save it again") as caught:
            parse_pdf(path, tmp_path / "out", NO_OCR)
        assert "\n" not in str(caught.value)
    monkeypatch.setattr("ingestion.formats.office.MOST_BYTES", 10)
    with pytest.raises(LimitExceeded, match=r"Content_Types.* in large\.docx unpacks to over"):
        parse_pdf(docx(tmp_path / "large.docx", paragraph("Words.")), tmp_path / "out", NO_OCR)


@pytest.mark.parametrize("part", ["word/document.xml", "ppt/presentation.xml", "xl/workbook.xml"])
def test_words_that_multiply_themselves_are_refused(tmp_path: Path, part: str) -> None:
    entities = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 12))
    bomb = f'<!DOCTYPE d [<!ENTITY e0 "ha">{entities}]><d><body><p>&e11;</p></body></d>'
    path = archive(tmp_path / "bomb.zip", {"[Content_Types].xml": "", part: bomb})
    with pytest.raises(IngestionError, match=r"bomb\.zip"):
        parse_in_worker(path, tmp_path / "out", NO_OCR, Limits(page_seconds=10, memory_gb=2))
