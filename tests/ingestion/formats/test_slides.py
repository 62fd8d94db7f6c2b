"""Slides: notes, comments, equations, merged cells are read; hidden slides are named and keep their page."""

from __future__ import annotations

from pathlib import Path

import pptx
from lxml import etree
from pptx.opc.package import Part
from pptx.opc.packuri import PackURI
from pptx.util import Pt

from ingestion.formats.office import Book, as_book
from ingestion.parse import ParseOptions, parse_pdf

MATH = "http://schemas.openxmlformats.org/officeDocument/2006/math"
OTHER = "http://schemas.openxmlformats.org/markup-compatibility/2006"


def saved(show: object, tmp_path: Path) -> Book:
    show.save(str(tmp_path / "talk.pptx"))  # type: ignore[attr-defined]
    return as_book(tmp_path / "talk.pptx", "pptx")


def test_notes_stand_behind_the_slides_which_keep_their_numbers(tmp_path: Path) -> None:
    show = pptx.Presentation()
    for number in (1, 2, 3):
        slide = show.slides.add_slide(show.slide_layouts[5])
        slide.shapes.title.text = f"Circuit {number}"
        if number != 3:
            slide.notes_slide.notes_text_frame.text = f"Vent tank {number} twice a year."
    show.slides[1]._element.set("show", "0")
    book = saved(show, tmp_path)
    assert "1 × hidden slide (number 2)" in book.lost
    assert b"Circuit 2" not in book.content and b"tank 2" not in book.content
    document = parse_pdf(tmp_path / "talk.pptx", tmp_path / "out", ParseOptions(ocr="off"))
    pages = {chunk.page: chunk.text for chunk in document.chunks if chunk.kind == "page"}
    assert len(document.pages) == 4 and "Vent tank 1 twice a year." in pages[4]
    assert b"<h2>Notes to slide 1: Circuit 1</h2>" in book.content


def test_equations_and_what_is_only_in_the_newer_alternative(tmp_path: Path) -> None:
    show = pptx.Presentation()
    slide = show.slides.add_slide(show.slide_layouts[6])
    box = slide.shapes.add_textbox(0, 0, Pt(300), Pt(40))
    box.text_frame.text = "The power is "
    fraction = (
        f'<a14:m xmlns:a14="http://schemas.microsoft.com/office/drawing/2010/main" xmlns:m="{MATH}"><m:oMath><m:r>'
        "<m:t>P=</m:t></m:r><m:f><m:num><m:r><m:t>W</m:t></m:r></m:num><m:den><m:r><m:t>t</m:t></m:r></m:den></m:f></m:oMath>"
        "</a14:m>"
    )
    box.text_frame.paragraphs[0]._p.append(etree.fromstring(fraction))
    run = box.text_frame.paragraphs[0].add_run()
    run.text = ", 10"
    small = box.text_frame.paragraphs[0].add_run()
    small.text = "-3"
    small.font._element.set("baseline", "30000")
    tree = slide.shapes._spTree
    twin = etree.SubElement(tree, f"{{{OTHER}}}AlternateContent")
    etree.SubElement(twin, f"{{{OTHER}}}Choice").append(box._element)
    etree.SubElement(twin, f"{{{OTHER}}}Fallback")
    assert "<p>The power is P = W/t, 10⁻³</p>" in saved(show, tmp_path).content.decode()


def test_merged_cells_keep_their_spans(tmp_path: Path) -> None:
    show = pptx.Presentation()
    grid = show.slides.add_slide(show.slide_layouts[6]).shapes.add_table(3, 3, 0, 0, Pt(300), Pt(90)).table
    for n, text in enumerate(["Level", "Time", "Price", "Gold", "8h", "240", "-", "4h", "310"]):
        grid.cell(n // 3, n % 3).text = text if text != "-" else ""
    grid.cell(1, 0).merge(grid.cell(2, 0))
    html = saved(show, tmp_path).content.decode()
    assert '<td rowspan="2"><p>Gold</p></td><td><p>8h</p></td><td><p>240</p></td></tr><tr><td><p>4h</p></td>' in html


def test_comments_of_reviewers_are_read(tmp_path: Path) -> None:
    show = pptx.Presentation()
    slide = show.slides.add_slide(show.slide_layouts[5])
    slide.shapes.title.text = "Pump"
    main = "http://schemas.openxmlformats.org/presentationml/2006/main"
    said = f'<p:cmLst xmlns:p="{main}"><p:cm authorId="0" idx="1"><p:text>Check the oil</p:text></p:cm></p:cmLst>'
    part = Part(PackURI("/ppt/comments/comment1.xml"), "application/xml", show.part.package, said.encode())
    slide.part.relate_to(part, "http://schemas.openxmlformats.org/officeDocument/2006/relationships/comments")
    assert "<h2>Comments on slide 1: Pump</h2><p>Check the oil</p>" in saved(show, tmp_path).content.decode()


def test_words_of_a_diagram_are_a_list_in_its_place(tmp_path: Path) -> None:
    show = pptx.Presentation()
    slide = show.slides.add_slide(show.slide_layouts[6])
    slide.shapes.add_textbox(0, 0, Pt(300), Pt(40)).text_frame.text = "The way of a parcel"
    main = "http://schemas.openxmlformats.org/drawingml/2006"
    spaces = f'xmlns:dgm="{main}/diagram" xmlns:a="{main}/main"'
    points = "".join(
        f'<dgm:pt modelId="{key}" type="{kind}"><dgm:t><a:p><a:r><a:t>{said}</a:t></a:r></a:p></dgm:t></dgm:pt>'
        for key, kind, said in (
            (0, "doc", ""),
            (1, "node", "Sort"),
            (2, "node", "Collect"),
            (3, "node", "By size"),
            (4, "pres", "x"),
        )
    )
    links = "".join(
        f'<dgm:cxn modelId="9{lower}" srcId="{upper}" destId="{lower}" srcOrd="{order}"/>'
        for upper, lower, order in ((0, 1, 1), (0, 2, 0), (1, 3, 0))
    )
    data = f"<dgm:dataModel {spaces}><dgm:ptLst>{points}</dgm:ptLst><dgm:cxnLst>{links}</dgm:cxnLst></dgm:dataModel>"
    part = Part(PackURI("/ppt/diagrams/data1.xml"), "application/xml", show.part.package, data.encode())
    offices = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    link = slide.part.relate_to(part, f"{offices}/diagramData")
    slides = 'xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main"'
    frame = (
        f'<p:graphicFrame {slides} {spaces} xmlns:r="{offices}">'
        '<p:nvGraphicFramePr><p:cNvPr id="9" name="D"/><p:cNvGraphicFramePr/><p:nvPr/></p:nvGraphicFramePr><p:xfrm/>'
        f'<a:graphic><a:graphicData uri="{main}/diagram"><dgm:relIds r:dm="{link}"/>'
        "</a:graphicData></a:graphic></p:graphicFrame>"
    )
    slide.shapes._spTree.append(etree.fromstring(frame))
    book = saved(show, tmp_path)
    assert "<li>Collect</li><li>Sort<ul><li>By size</li></ul></li></ul>" in book.content.decode()
    assert "1 × picture of a diagram (its words are read)" in book.lost and "× diagram" not in book.lost
