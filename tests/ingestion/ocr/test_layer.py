"""Layers of invisible text that lie beside the letters of their picture, on literals and in a file."""

import json
from io import BytesIO
from pathlib import Path

import pymupdf
import pytest
from PIL import Image, ImageDraw

from ingestion.blocks import Line
from ingestion.elements import BBox, lines_file
from ingestion.ocr.layer import layer_shift
from ingestion.parse import ParseOptions, parse_pdf

TOPS = (40, 70, 100, 130, 160)  # of the lines' letters, 10 points high


def sheet() -> Image.Image:
    """A page of 200 by 220 points at two pixels per point."""
    page = Image.new("RGB", (400, 440), "white")
    pen = ImageDraw.Draw(page)
    for top in TOPS:
        for x in range(40, 320, 12):
            pen.rectangle((x, 2 * top, x + 7, 2 * top + 19), fill="black")
    return page


def layer(shift: float, hidden: bool = True) -> list[Line]:
    return [Line("letters", BBox(20, y - 2 + shift, 160, y + 12 + shift), hidden=hidden) for y in TOPS]


@pytest.mark.parametrize("shift", [-9.0, 9.0])
def test_a_layer_above_or_below_its_letters_is_found(shift: float) -> None:
    assert layer_shift(layer(shift), sheet(), 200, 220) == pytest.approx(-shift, abs=2)


def test_a_good_layer_shown_text_and_blank_paper_stay() -> None:
    assert layer_shift(layer(1.0), sheet(), 200, 220) == 0
    assert layer_shift(layer(9.0, hidden=False), sheet(), 200, 220) == 0
    assert layer_shift(layer(9.0), Image.new("RGB", (400, 440), "white"), 200, 220) == 0
    assert layer_shift(layer(9.0)[:2], sheet(), 200, 220) == 0


def test_what_a_file_says_stands_at_its_letters(tmp_path: Path) -> None:
    data = BytesIO()
    sheet().save(data, "png")
    doc = pymupdf.open()
    page = doc.new_page(width=200, height=220)
    page.insert_image(page.rect, stream=data.getvalue())
    said = ("Close both dampers.", "Raise the heat.", "Hold it there.", "Cool down.", "Open.")
    for top, text in zip(TOPS, said, strict=True):
        page.insert_text((20, top + 20), text, fontsize=12, render_mode=3)
    doc.save(tmp_path / "kiln.pdf")
    parse_pdf(tmp_path / "kiln.pdf", tmp_path / "out", ParseOptions(ocr="off"))
    lines = json.loads((tmp_path / "out" / lines_file(1)).read_text(encoding="utf-8"))
    last = next(y1 for text, _, _, _, y1 in lines if text == "Open.")
    assert last == pytest.approx(TOPS[-1] + 10, abs=4)
