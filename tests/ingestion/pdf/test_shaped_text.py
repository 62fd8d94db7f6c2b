"""Pages made of web pages and books in scripts whose letters are drawn by their neighbours."""

from pathlib import Path

import pymupdf
import pytest

from ingestion.page_content import ParseOptions
from ingestion.parse import parse_pdf
from ingestion.pdf.document import Pdf
from ingestion.pdf.shaped_text import name_glyphs

TEXTS = {
    "ar": "يجب فحص ضغط الماء 12 بار كل شهر، الأجزاء PX-300 لا تعمل.",
    "fa": "فشار آب را هر ماه بررسی کنید و فیلتر را تمیز کنید.",
    "hi": "पानी का दबाव प्रति माह जाँचें और सुरक्षा वाल्व ठीक है।",
}


def lines(path: Path) -> str:
    with Pdf(path) as pdf:
        return " ".join(line.text for line in pdf.page(1).lines())


@pytest.mark.parametrize("language", TEXTS)
def test_letters_drawn_by_their_neighbours_are_read(tmp_path: Path, language: str) -> None:
    path = tmp_path / "page.html"
    direction = "ltr" if language == "hi" else "rtl"
    path.write_text(
        f"<html><meta charset='utf-8'><body><p dir={direction}>{TEXTS[language]}</p></body></html>", encoding="utf-8"
    )
    assert lines(path) == TEXTS[language]


def test_a_page_whose_glyphs_are_all_named_stays_as_it_is() -> None:
    doc = pymupdf.open()
    doc.new_page().insert_text((60, 60), "Valve V12")
    assert name_glyphs(doc, doc[0]) is doc


def test_a_heading_in_hebrew_keeps_the_order_of_its_words(tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    path.write_text(
        "<html><meta charset='utf-8'><body><h2 dir=rtl>דוח שנתי</h2><p dir=rtl>לחץ המים הוא 8 בר.</p></body></html>",
        encoding="utf-8",
    )
    document = parse_pdf(path, tmp_path / "out", ParseOptions(ocr="off"))
    assert [e.text for e in document.elements] == ["דוח שנתי", "לחץ המים הוא 8 בר."]
