"""Words drawn as outlines are told from bars, hatching and text; OCR reads them on a real PDF."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pymupdf

from ingestion.blocks import Line
from ingestion.elements import BBox, Document
from ingestion.ocr.outlines import outlined_words
from ingestion.parse import ParseOptions, parse_pdf


def letters(widths: Sequence[float], x: float = 50, y: float = 100) -> list[BBox]:
    found = []
    for n, wide in enumerate(widths):
        found.append(BBox(x, y + 2 * (n % 2), x + wide, y + 12))
        x += wide + 2
    return found


WIDTHS = (9, 7, 8, 3, 6, 9.5, 7, 2, 8, 6, 9, 5, 7, 8)


def test_letters_on_a_base_line_are_words() -> None:
    row = letters(WIDTHS)
    hanging = BBox(row[-1].x1 + 2, 103, row[-1].x1 + 9, 116)  # a "g"
    assert outlined_words([*row, hanging], []) == [BBox(50, 100, hanging.x1, 116)]
    below = letters(WIDTHS, y=125)
    assert outlined_words([*row, *below], []) == [BBox(50, 100, row[-1].x1, 137)]


def test_bars_hatching_loose_shapes_and_what_text_says_are_none() -> None:
    row = letters(WIDTHS)
    assert outlined_words(letters([6.0] * 14), []) == []
    assert outlined_words(row[:8], []) == []
    assert outlined_words([p._replace(y1=p.y1 + 3 * n) for n, p in enumerate(row)], []) == []
    assert outlined_words(row, [Line("The words of it", BBox(48, 98, 220, 114))]) == []


def test_a_title_in_outlines_is_read_or_said(tmp_path: Path) -> None:
    doc = pymupdf.open()
    page = doc.new_page(width=400, height=300)
    page.insert_text((40, 60), "Emergency number 112-447", fontsize=22)
    drawn = pymupdf.open(stream=page.get_svg_image(text_as_path=True).encode(), filetype="svg").convert_to_pdf()
    outlined = pymupdf.open(stream=drawn)
    for n in range(3):
        outlined[0].insert_text((40, 150 + 16 * n), f"Extinguisher {n} is checked every two years by the caretaker.")
    outlined.save(tmp_path / "sign.pdf")

    def read(ocr: str) -> Document:
        return parse_pdf(tmp_path / "sign.pdf", tmp_path / ocr, ParseOptions(ocr=ocr))  # type: ignore[arg-type]

    found = read("auto")
    assert "Emergency number 112-447" in [element.text for element in found.elements if element.kind != "figure"]
    assert not found.problems
    assert ["outlines" in problem.message for problem in read("off").problems] == [True]
