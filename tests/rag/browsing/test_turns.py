"""Lines of turned pages are known by where the next one stands."""

from __future__ import annotations

from pathlib import Path

import pymupdf
import pytest

from ingestion.elements import BBox
from ingestion.page_content import ParseOptions
from ingestion.parse import parse_pdf
from rag.browsing.turns import turns_of
from rag.storage.files.document_files import lines_at

WORDS = (
    "Close the valve before the pump is opened.\nThen drain the pump and take off its lid.\nClean the sieve with water."
)


@pytest.mark.parametrize("turned", [0, 90, 180, 270])
def test_lines_of_a_turned_page(tmp_path: Path, turned: int) -> None:
    with pymupdf.open() as pdf:
        page = pdf.new_page(width=400, height=300)
        page.insert_text((40, 60), "Care", fontsize=20)
        page.insert_text((40, 100), WORDS.splitlines(), fontsize=11)
        page.set_rotation(turned)
        pdf.save(tmp_path / "turned.pdf")
    document = parse_pdf(tmp_path / "turned.pdf", tmp_path / "out", ParseOptions(ocr="off"))
    lines = lines_at(tmp_path / "out" / "pages" / "0001.json")
    assert [text for text, _ in lines][1:] == WORDS.splitlines()
    assert turns_of(lines, document.pages[0].rotation) == [turned] * 4


def test_an_upright_page_on_turned_paper_is_upright(tmp_path: Path) -> None:
    """As landscape tables and pages of scanners are: drawn the other way round, so that they are displayed upright."""
    with pymupdf.open() as pdf:
        page = pdf.new_page(width=400, height=300)
        for number, line in enumerate(WORDS.splitlines()):
            page.insert_text((360, 200 - 20 * number), line, fontsize=11, rotate=180)
        page.set_rotation(180)
        pdf.save(tmp_path / "drawn.pdf")
    document = parse_pdf(tmp_path / "drawn.pdf", tmp_path / "out", ParseOptions(ocr="off"))
    lines = lines_at(tmp_path / "out" / "pages" / "0001.json")
    assert len(lines) == 3
    assert turns_of(lines, document.pages[0].rotation) == [0, 0, 0]


def test_words_at_an_edge_are_read_upwards_chinese_downwards_and_a_number_is_upright() -> None:
    tall, small = BBox(10, 100, 20, 300), BBox(50, 50, 55, 65)
    upright = ("In words", BBox(100, 100, 300, 112))
    assert turns_of([upright, ("Edition 3", tall), ("1", small)], 0) == [0, 270, 0]
    assert turns_of([upright, ("使用说明书", tall)], 0) == [0, 90]
