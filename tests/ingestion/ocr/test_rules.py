"""The rules of a scan are found in its picture, askew or broken, and nothing else is taken for one."""

from pathlib import Path

import pymupdf
import pytest
from PIL import Image, ImageDraw, ImageFont

from ingestion.elements import BBox
from ingestion.ocr.rules import scanned_rules
from ingestion.parse import ParseOptions, parse_pdf
from ingestion.tables.markdown import from_markdown

SCALE = 2.0  # pixels to a point
WIDE, HIGH = 400.0, 300.0


def sheet(*strokes: tuple[float, float, float, float], text: str = "") -> Image.Image:
    """A page of 400 by 300 points with strokes from point to point, 1 point thick."""
    picture = Image.new("RGB", (int(WIDE * SCALE), int(HIGH * SCALE)), "white")
    draw = ImageDraw.Draw(picture)
    for stroke in strokes:
        draw.line([value * SCALE for value in stroke], fill="black", width=int(SCALE))
    draw.text((60, 500), text, fill="black", font=ImageFont.load_default(40))
    return picture


def near(found: BBox, wanted: BBox, points: float = 2.5) -> bool:
    return all(abs(a - b) <= points for a, b in zip(found, wanted, strict=True))


def test_level_and_upright_rules_are_found_where_they_stand() -> None:
    level, upright = scanned_rules(
        sheet((50, 80, 350, 80), (120, 80, 120, 220), text="LIFTED HEIGHT lllll ------"), WIDE, HIGH
    )
    assert near(level, BBox(50, 80, 350, 80)) and near(upright, BBox(120, 80, 120, 220))


@pytest.mark.parametrize("angle", [-1.0, 0.6, 1.2])
def test_a_page_may_lie_askew(angle: float) -> None:
    picture = sheet((50, 80, 350, 80), (50, 160, 350, 160)).rotate(angle, fillcolor="white")
    found = scanned_rules(picture, WIDE, HIGH)
    assert len(found) == 2 and all(near(a, BBox(50, y, 350, y), 5) for a, y in zip(found, (80, 160), strict=True))


def test_a_rule_with_gaps_is_one() -> None:
    (found,) = scanned_rules(sheet((50, 80, 150, 80), (153, 80, 240, 80), (244, 80, 350, 80)), WIDE, HIGH)
    assert near(found, BBox(50, 80, 350, 80))


def test_fills_short_strokes_and_drawings_are_none() -> None:
    picture = sheet((50, 80, 80, 80))
    ImageDraw.Draw(picture).rectangle((100, 300, 600, 420), fill="black")
    assert scanned_rules(picture, WIDE, HIGH) == []
    hatched = sheet(*((x * 0.9 + 10, 10, x * 0.9 + 10, 290) for x in range(410)))
    assert scanned_rules(hatched.resize((1600, 1200)), WIDE, HIGH) == []


def scan_of_a_table(path: Path, angle: float) -> None:
    """A small page with a table that has rules between its rows and at its sides, copied askew onto a larger sheet."""
    doc = pymupdf.open()
    page = doc.new_page(width=330, height=500)
    page.draw_rect((30, 20, 320, 36))
    page.insert_text((180, 32), "IF SOMETHING IS WRONG", fontsize=11)
    rows = [("SIGN", "REASON", "WHAT TO DO"), *TROUBLE]
    heights = [16, *(12 + 9 * LINES for _ in TROUBLE)]
    y = 44.0
    page.draw_rect((30, y, 320, y + sum(heights)))
    for row, high in zip(rows, heights, strict=True):
        page.draw_line((30, y), (320, y))
        for x, text in zip((36, 126, 222), row, strict=True):
            page.insert_textbox((x, y + 3, x + 80, y + high), text, fontsize=7)
        y += high
    page.insert_text((36, 480), "Page 15                    Operating instructions", fontsize=7)
    pix = page.get_pixmap(dpi=200, colorspace=pymupdf.csGRAY)
    sheet = Image.new("L", (1400, 2000), 255)
    sheet.paste(Image.frombytes("L", (pix.width, pix.height), pix.samples).rotate(angle, fillcolor=255), (20, 20))
    sheet.save(path, "PDF", resolution=200)


LINES = 4  # of a row's longest cell
TROUBLE = [
    (
        "The pump starts and stops at once",
        "The float hangs on the wall of the shaft",
        "Turn the pump so that the float moves freely",
    ),
    (
        "It runs and lifts no water",
        "Air is locked in the housing, or the strainer is clogged",
        "Tilt the pump below the water; clean the strainer",
    ),
    ("A red lamp shows on the plug", "The breaker has cut the current", "Dry the plug and press the white button"),
    ("It hums", "The wheel is stuck", "Send the pump to the maker for repair"),
    (
        "Water comes back after a stop",
        "The valve does not close, as sand lies in it",
        "Rinse the valve from above with clean water",
    ),
]


@pytest.mark.parametrize("angle", [0.0, 0.6])
def test_a_scanned_table_with_rules_between_its_rows_is_read_row_by_row(tmp_path: Path, angle: float) -> None:
    scan_of_a_table(tmp_path / "scan.pdf", angle)
    document = parse_pdf(tmp_path / "scan.pdf", tmp_path / "out", ParseOptions())
    (table,) = [e for e in document.elements if e.kind == "table"]
    assert from_markdown(table.text) == [["SIGN", "REASON", "WHAT TO DO"], *map(list, TROUBLE)]
