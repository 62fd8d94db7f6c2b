"""Captions, parts, mentions and headings on small real PDFs made here."""

import io

import pymupdf
import pytest
from PIL import Image, ImageDraw

from ingestion.elements import Document, Element
from ingestion.parse import ParseOptions, parse_pdf

BODY = (
    "The circulation pump draws water from the tank and presses it through the flow meter into the boiler. "
    "A dry pump is loud and wears out within minutes, so the controller stops it after eight seconds without flow. "
)


def drawing(colour: str) -> bytes:
    image = Image.effect_noise((300, 200), 80).convert("RGB")
    ImageDraw.Draw(image).ellipse([40, 30, 260, 170], fill=colour, outline="black", width=5)
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Document:
    """Two pages: pictures under one caption with sub-labels and a source line; a framed listing; numbered headings."""
    folder = tmp_path_factory.mktemp("report")
    doc = pymupdf.open()
    page = doc.new_page(width=595, height=842)
    page.insert_text((60, 80), "1 Wasserkreislauf", fontsize=16, fontname="hebo")
    page.insert_textbox(pymupdf.Rect(60, 100, 535, 190), BODY * 2 + "Die Ventile zeigt Abb. 4.", fontsize=11)
    page.insert_image(pymupdf.Rect(80, 220, 285, 360), stream=drawing("red"), keep_proportion=False)
    page.insert_image(pymupdf.Rect(310, 220, 515, 360), stream=drawing("blue"), keep_proportion=False)
    page.insert_text((175, 374), "(a)", fontsize=9)
    page.insert_text((405, 374), "(b)", fontsize=9)
    page.insert_text((170, 394), "Abb. 4: Einlassventil und Auslassventil im Vergleich", fontsize=10)
    page.insert_text((170, 410), "Quelle: eigene Aufnahmen", fontsize=8)
    page.insert_textbox(pymupdf.Rect(60, 450, 535, 760), BODY * 6, fontsize=11)
    page = doc.new_page(width=595, height=842)
    page.insert_text((60, 80), "1.1 Steuerung", fontsize=16, fontname="hebo")
    page.insert_textbox(pymupdf.Rect(60, 100, 535, 190), BODY * 2 + "The loop is in Listing 2.", fontsize=11)
    page.draw_rect(pymupdf.Rect(100, 220, 495, 330), color=(0, 0, 0), width=1)
    for i, line in enumerate(["while running:", "    if flow() == 0:", "        stop(pump)", "    wait(8)"]):
        page.insert_text((115, 245 + 20 * i), line, fontsize=10, fontname="cour")
    page.insert_text((200, 350), "Listing 2: The loop of the controller", fontsize=10)
    page.insert_textbox(pymupdf.Rect(60, 400, 535, 760), BODY * 6, fontsize=11)
    path = folder / "report.pdf"
    doc.save(path)
    doc.close()
    return parse_pdf(path, folder / "out", ParseOptions(ocr="off"))


def captioned(document: Document, start: str) -> Element:
    return next(e for e in document.elements if e.kind in ("figure", "table") and e.caption.startswith(start))


def test_two_pictures_under_one_caption_are_one_figure(report: Document) -> None:
    figure = captioned(report, "Abb. 4")
    box = figure.body or figure.region.bbox
    assert abs(box.x0 - 80) < 6 and abs(box.x1 - 515) < 6 and abs(box.y0 - 220) < 6 and 355 < box.y1 < 380
    assert figure.caption.endswith("Quelle: eigene Aufnahmen")
    assert len([e for e in report.elements if e.kind == "figure" and e.region.page == 1]) == 1


def test_a_sentence_in_german_reaches_its_figure(report: Document) -> None:
    chunk = next(c for c in report.chunks if c.caption.startswith("Abb. 4"))
    assert chunk.mentions == "Die Ventile zeigt Abb. 4."


def test_a_framed_listing_is_the_figure_of_its_caption(report: Document) -> None:
    listing = captioned(report, "Listing 2")
    box = listing.body or listing.region.bbox
    assert abs(box.x0 - 100) < 6 and abs(box.y0 - 220) < 6 and abs(box.x1 - 495) < 6 and 325 < box.y1 < 336
    assert "stop(pump)" in listing.text
    assert not any("stop(pump)" in e.text for e in report.elements if e.kind in ("text", "list"))


def test_headings_are_a_path_by_their_numbers(report: Document) -> None:
    assert captioned(report, "Listing 2").heading == "1 Wasserkreislauf > 1.1 Steuerung"
