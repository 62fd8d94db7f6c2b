"""Office files, made by hand: what is in them is found again, what cannot be shown is said."""

from __future__ import annotations

from pathlib import Path

import pytest
from make_files import archive, docx, office, pptx, run_of, shape, xlsx

from ingestion.elements import Document
from ingestion.errors import CorruptPdf, IngestionError, NoPages
from ingestion.office_package import Package
from ingestion.office_sheets import sheets
from ingestion.office_slides import slides
from ingestion.office_text import texts
from ingestion.parse import ParseOptions, parse_pdf
from ingestion.worker import Limits, parse_in_worker

NO_OCR = ParseOptions(ocr="off")
PICTURE = (
    '<w:p><w:r><w:drawing><wp:inline><wp:extent cx="3810000" cy="2540000"/><a:graphic><a:graphicData uri="u/picture">'
    '<a:blip r:embed="{}"/></a:graphicData></a:graphic></wp:inline></w:drawing></w:r></w:p>'
)


def paragraph(text: str, style: str = "") -> str:
    properties = f'<w:pPr><w:pStyle w:val="{style}"/></w:pPr>' if style else ""
    return f"<w:p>{properties}{run_of(text)}</w:p>"


def cell(text: str, properties: str = "") -> str:
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{paragraph(text)}</w:tc>"


def words(document: Document) -> str:
    return " ".join(" ".join(chunk.text for chunk in document.chunks if chunk.kind == "page").split())


def chapter(path: Path) -> str:
    with Package(path) as package:
        (html,), _ = texts(package)
    return html


def test_a_text_becomes_headings_table_and_figure_on_pages(tmp_path: Path) -> None:
    rows = "".join(f"<w:tr>{cell(f'Part {n}')}{cell(str(12 * n))}{cell('litres')}</w:tr>" for n in range(1, 7))
    head = f"<w:tr>{cell('Name')}{cell('Volume')}{cell('Unit')}</w:tr>"
    said = paragraph("The pump was run for a day and a night. " * 6)
    body = paragraph("Pump report", "T") + said + paragraph("Results", "H") + said + f"<w:tbl>{head}{rows}</w:tbl>"
    path = docx(tmp_path / "report.docx", body + said + PICTURE.format("r1") + paragraph("Figure 1: The pump"))
    document = parse_in_worker(path, tmp_path / "out", NO_OCR)
    assert document.title == "Pump report" and not document.problems
    assert any("Results" in element.heading for element in document.elements)
    table = next(element for element in document.elements if element.kind == "table")
    assert "| Part 3 | 36 | litres |" in table.text
    figure = next(element for element in document.elements if element.kind == "figure")
    assert figure.caption == "Figure 1: The pump"
    assert (tmp_path / "out" / str(figure.image)).is_file()


def test_a_texts_odd_corners_are_read_once_and_in_place(tmp_path: Path) -> None:
    held = f"<w:txbxContent>{paragraph('In the box')}</w:txbxContent>"
    new, old = f"<w:drawing>{held}</w:drawing>", f"<w:pict>{held}</w:pict>"
    box = f"<mc:AlternateContent><mc:Choice>{new}</mc:Choice><mc:Fallback>{old}</mc:Fallback></mc:AlternateContent>"
    rows = [
        cell("wide", '<w:gridSpan w:val="2"/>') + cell("c"),
        cell("a", '<w:vMerge w:val="restart"/>') + cell("b") + cell("c"),
        cell("hidden", "<w:vMerge/>") + cell("d") + cell("e"),
    ]
    merged = "".join(f"<w:tr>{row}</w:tr>" for row in rows)
    changes = f"<w:del><w:r><w:delText>struck</w:delText></w:r></w:del><w:ins>{run_of('added')}</w:ins>"
    path = docx(
        tmp_path / "odd.docx",
        f"<w:p>{run_of('Before ')}{changes}<w:r>{box}</w:r></w:p>"
        f'<w:p>{run_of("Noted")}<w:r><w:footnoteReference w:id="7"/></w:r></w:p>'
        f"<w:sdt><w:sdtContent>{paragraph('Held &lt;b&gt;')}</w:sdtContent></w:sdt><w:tbl>{merged}</w:tbl>"
        "<w:p><w:pPr><w:numPr/></w:pPr><w:r><w:rPr><w:b/></w:rPr><w:t>point</w:t></w:r></w:p>" + paragraph("Part", "O"),
        f'<w:footnote w:id="7">{paragraph("The note")}</w:footnote>',
    )
    html = chapter(path)
    assert html.startswith("<p>Before added</p><p>In the box</p><p>Noted<sup>1</sup></p><p>Held &lt;b&gt;</p><table>")
    assert html.count("In the box") == 1 and "struck" not in html and "hidden" not in html
    assert "<tr><th><p>wide</p></th><th></th><th><p>c</p></th></tr>" in html
    assert "<tr><td></td><td><p>d</p></td><td><p>e</p></td></tr>" in html
    assert html.endswith("<ul><li><b>point</b></li></ul><h1>Part</h1><p>1 The note</p>")


def test_pictures_that_cannot_be_drawn_are_named(tmp_path: Path) -> None:
    chart = '<w:p><w:r><w:drawing><a:graphicData uri="http://x/drawingml/2006/chart"/></w:drawing></w:r></w:p>'
    path = docx(tmp_path / "old.docx", paragraph("Words.") + PICTURE.format("r2") * 2 + chart)
    problem = parse_pdf(path, tmp_path / "out", NO_OCR).problems[0]
    assert problem.page == 0
    assert problem.message.startswith(
        "not taken over from the Office file: 2 × picture (EMF), 1 × chart; save it as PDF"
    )


def test_slides_come_in_their_order_on_pages_of_their_size(tmp_path: Path) -> None:
    grid = "".join(f"<a:tr><a:tc>{shape(a)}</a:tc><a:tc>{shape(b)}</a:tc></a:tr>" for a, b in (("x", "y"), ("1", "2")))
    points = shape("Rises by a third\nFalls later", "body")
    path = pptx(
        tmp_path / "talk.pptx",
        {
            "a": shape("Second slide", "title") + f"<p:graphicFrame><a:tbl>{grid}</a:tbl></p:graphicFrame>",
            "b": f"<p:grpSp>{points}</p:grpSp>"
            '<p:pic><p:blipFill><a:blip r:embed="r1"/></p:blipFill></p:pic>'
            + shape("12", "sldNum")
            + shape("First slide", "title"),
        },
        ["b", "a"],
    )
    with Package(path) as package:
        chapters, size = slides(package)
    assert size == (720, 405)
    assert chapters[0].startswith("<h1>First slide</h1><ul><li>Rises by a third</li></ul><ul><li>Falls later</li></ul>")
    assert '<img src="ppt/media/noise.png" alt=""/>' in chapters[0] and "12" not in chapters[0]
    assert "<tr><td><p>1</p></td><td><p>2</p></td></tr>" in chapters[1]
    document = parse_pdf(path, tmp_path / "out", NO_OCR)
    assert [(page.width, page.height) for page in document.pages] == [(720, 405)] * 2
    assert words(document).index("First slide") < words(document).index("Second slide")


def test_a_sheet_shows_text_numbers_and_dates_as_they_are_shown(tmp_path: Path) -> None:
    rows = (
        '<row><c r="B2" t="s"><v>1</v></c><c r="D2" t="inlineStr"><is><t>Inline</t></is></c></row><row/>'
        '<row><c r="B4"><v>0.30000000000000004</v></c><c r="D4" s="1"><v>46347</v></c></row>'
        '<row><c r="B5" t="b"><v>1</v></c><c r="D5" s="2"><v>46347.5</v></c></row>'
        '<row><c r="B6" s="3"><v>12</v></c><c r="D6" t="s"><v>99</v></c></row>'
        '<row><c t="e"><v>#DIV/0!</v></c></row>'
    )
    path = xlsx(
        tmp_path / "costs.xlsx",
        {"Costs": rows, "Empty": "", "More": '<row><c t="str"><v>a &lt; b</v></c></row>'},
        ["no", "Shared"],
    )
    with Package(path) as package:
        chapters, size = sheets(package)
    assert size == (595, 842) and len(chapters) == 2
    assert (
        "<tr><th></th><th>Shared</th><th>Inline</th></tr><tr><td></td><td>0.3</td><td>2026-11-21</td></tr>"
        in chapters[0]
    )
    assert "<td>TRUE</td><td>2026-11-21 12:00</td>" in chapters[0] and "<td>12</td>" in chapters[0]
    assert "<td>#DIV/0!</td>" in chapters[0] and "a &lt; b" in chapters[1]
    assert "Shared" in words(parse_pdf(path, tmp_path / "out", NO_OCR))


def test_a_wide_sheet_gets_a_wide_page(tmp_path: Path) -> None:
    row = "<row>" + "".join(f"<c><v>{n}</v></c>" for n in range(30)) + "</row>"
    with Package(xlsx(tmp_path / "wide.xlsx", {"W": row}, [])) as package:
        assert sheets(package)[1] == (2100, 842)


def test_what_is_damaged_or_empty_is_one_clear_line(tmp_path: Path) -> None:
    with pytest.raises(NoPages, match=r"empty\.docx has nothing on its pages"):
        parse_pdf(docx(tmp_path / "empty.docx", ""), tmp_path / "out", NO_OCR)
    with pytest.raises(CorruptPdf, match=r"word/document\.xml in bad\.docx is damaged"):
        parse_pdf(office(tmp_path / "bad.docx", {"word/document.xml": "<w:p>"}, {}), tmp_path / "out", NO_OCR)


def test_words_that_multiply_themselves_are_refused(tmp_path: Path) -> None:
    entities = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 12))
    bomb = f'<!DOCTYPE d [<!ENTITY e0 "ha">{entities}]><d><body><p>&e11;</p></body></d>'
    path = archive(tmp_path / "bomb.docx", {"[Content_Types].xml": "", "word/document.xml": bomb})
    with pytest.raises(IngestionError, match=r"bomb\.docx"):
        parse_in_worker(path, tmp_path / "out", NO_OCR, Limits(page_seconds=10, memory_gb=2))
