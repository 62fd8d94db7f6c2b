"""Reading pictures with the real engine, and the order of lines on literals."""

from __future__ import annotations

import io
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image, ImageDraw, ImageFont

from ingestion.elements import BBox
from ingestion.errors import LimitExceeded, UnreadableImage
from ingestion.geometry import iou
from ingestion.ocr import engine
from ingestion.ocr.lines import OcrLine, reading_order, word_boxes

WORDS = "Pressure 12.5 bar"


def picture(
    text: str = WORDS, size: int = 20, at: tuple[int, int] = (20, 20), canvas: tuple[int, int] = (300, 80)
) -> Image.Image:
    image = Image.new("RGB", canvas, "white")
    ImageDraw.Draw(image).text(at, text, fill="black", font=ImageFont.load_default(size))
    return image


def said(image: Image.Image) -> str:
    return " ".join(line.text for line in engine.read(image))


def line(text: str, x0: float, y0: float, x1: float, y1: float) -> OcrLine:
    return OcrLine(text, BBox(x0, y0, x1, y1), 0.9)


def test_text_and_its_box_are_found() -> None:
    image = picture("Valve A-17 opens at 3.4 bar", 24, (200, 300), (800, 700))
    found = engine.read(image)
    assert [item.text for item in found] == ["Valve A-17 opens at 3.4 bar"]
    true = ImageDraw.Draw(image).textbbox((200, 300), "Valve A-17 opens at 3.4 bar", font=ImageFont.load_default(24))
    assert all(abs(a - b) <= 8 for a, b in zip(found[0].bbox, true, strict=True))
    assert 0.5 < found[0].score <= 1.0


@pytest.mark.parametrize("mode", ["1", "L", "P", "RGBA", "CMYK", "I", "F"])
def test_every_mode_is_read(mode: str) -> None:
    assert said(picture().convert(mode)) == WORDS


@pytest.mark.parametrize(
    ("read", "meant"),
    [
        ("a slope of 5 %o, 3%o", "a slope of 5 ‰, 3‰"),
        ("∅ 12 mm and ∅8", "Ø 12 mm and Ø8"),
        ("5 × 10−⁶ and 10-³", "5 × 10⁻⁶ and 10⁻³"),
        ("PN 5%of, printf(%o), {∅}, 10-6, K−2", "PN 5%of, printf(%o), {∅}, 10-6, K−2"),
    ],
)
def test_signs_are_mended_where_a_number_leaves_no_doubt(read: str, meant: str) -> None:
    assert engine._with_signs(read) == meant


@pytest.mark.parametrize(
    ("read", "meant"),
    [
        ("Tab。 4.1。", "Tab. 4.1."),
        ("Напряжение：5 В（макс.）", "Напряжение:5 В(макс.)"),
        ("电压：5 V（最大）。", "电压：5 V（最大）。"),
    ],
)
def test_wide_punctuation_stands_in_east_asian_lines_alone(read: str, meant: str) -> None:
    assert engine._with_signs(read) == meant


def test_ink_on_a_transparent_ground_is_read() -> None:
    ink = Image.new("RGBA", (300, 80), (0, 0, 0, 0))
    ink.putalpha(picture().convert("L").point(lambda value: 255 - value))
    assert said(ink) == WORDS


@pytest.mark.parametrize("size", [10, 14, 20])
def test_a_picture_no_higher_than_its_line_is_read_in_one_piece(size: int) -> None:
    found = engine.read(picture("Motor speed 1450 rpm", size, (0, 0), (12 * size, size + 4)))
    assert [item.text for item in found] == ["Motor speed 1450 rpm"]
    assert found[0].bbox.x0 >= 0 and found[0].bbox.y1 <= size + 4


def test_a_lone_line_on_a_large_sheet_is_not_overlooked() -> None:
    found = engine.read(picture("Valve A-17 opens at 3.4 bar", 30, (3000, 2000), (6000, 4000)))
    assert [item.text for item in found] == ["Valve A-17 opens at 3.4 bar"]
    assert abs(found[0].bbox.x0 - 3000) < 15 and abs(found[0].bbox.y0 - 2004) < 15


@pytest.mark.parametrize("canvas", [(1, 1), (3, 2000), (400, 400)])
def test_nothing_is_read_where_nothing_is(canvas: tuple[int, int]) -> None:
    assert engine.read(Image.new("RGB", canvas, (250, 250, 240))) == []


def test_a_truncated_picture_is_an_error_that_says_so() -> None:
    stream = io.BytesIO()
    Image.effect_noise((200, 200), 80).save(stream, "PNG")
    broken = Image.open(io.BytesIO(stream.getvalue()[:2000]))
    with pytest.raises(UnreadableImage, match="200 x 200 pixels cannot be decoded"):
        engine.read(broken)


def test_a_picture_over_the_limit_is_refused_before_it_is_decoded() -> None:
    with pytest.raises(LimitExceeded, match="170,000,000"):
        engine.read(Image.new("1", (20_000, 10_001)))


def test_the_engine_says_nothing_on_the_terminal() -> None:
    script = (
        "from PIL import Image; from ingestion.ocr import engine\n"
        "engine.read(Image.effect_noise((90, 90), 60)); engine.read(Image.new('L', (50, 50)))"
    )
    root = Path(__file__).resolve().parents[3]
    done = subprocess.run([sys.executable, "-c", script], cwd=root, capture_output=True, text=True, check=True)
    assert (done.stdout, done.stderr) == ("", "")


def test_columns_of_prose_are_read_one_after_the_other() -> None:
    left = [line(f"left column, sentence number {n}", 10, 100 + 20 * n, 290, 115 + 20 * n) for n in range(4)]
    right = [line(f"right column, sentence number {n}", 310, 101 + 20 * n, 590, 116 + 20 * n) for n in range(4)]
    head = line("A heading across both of the columns", 10, 60, 590, 85)
    foot = line("A footnote across both of the columns", 10, 300, 590, 315)
    mixed = [item for pair in zip(right, left, strict=True) for item in pair]
    assert reading_order([foot, *mixed, head]) == [head, *left, *right, foot]


def test_rows_of_short_cells_are_read_across() -> None:
    cells = [
        line(text, x, y + x / 100, x + 60, y + 12) for y in (10, 30, 50, 70) for x, text in ((10, "E04"), (200, "Door"))
    ]
    assert reading_order(list(reversed(cells))) == cells


def test_words_share_the_width_of_their_line() -> None:
    boxes = word_boxes(line("Drain  pump E18", 100, 10, 250, 30))
    assert boxes == [
        ("Drain", BBox(100, 10, 150, 30)),
        ("pump", BBox(170, 10, 210, 30)),
        ("E18", BBox(220, 10, 250, 30)),
    ]


def test_a_glance_reads_the_longest_lines_as_reading_all_does() -> None:
    image = Image.new("RGB", (1400, 900), "white")
    draw, font = ImageDraw.Draw(image), ImageFont.load_default(34)
    said = [f"Row {row} of a table with several words" if row % 2 else f"{row}7" for row in range(12)]
    for row, text in enumerate(said):
        draw.text((60, 40 + 68 * row), text, "black", font)
    lines, turn = engine.glance(image, 6)
    assert turn == 0
    assert [line.text for line in lines] == said[1::2]
    boxes = {line.text: line.bbox for line in engine.read(image)}
    assert all(iou(line.bbox, boxes[line.text]) > 0.7 for line in lines)


def test_a_glance_reads_a_slanting_line() -> None:
    image = Image.new("RGB", (900, 300), "white")
    ImageDraw.Draw(image).text((60, 120), "The relay clicks twice before it stops", "black", ImageFont.load_default(36))
    (line,) = engine.glance(image.rotate(4, fillcolor="white", resample=Image.Resampling.BICUBIC), 5).lines
    assert line.text == "The relay clicks twice before it stops"


@pytest.mark.parametrize("turn", [90, 180, 270])
def test_a_glance_turns_a_picture_upright(turn: int) -> None:
    image = Image.new("RGB", (700, 400), "white")
    draw, font = ImageDraw.Draw(image), ImageFont.load_default(30)
    said = ["The relay clicks twice", "before the pump stops", "and the lamp goes out"]
    for row, text in enumerate(said):
        draw.text((60 + 40 * row, 50 + 90 * row), text, "black", font)
    upright = engine.glance(image, 6)
    turned = engine.glance(image.rotate(-turn, expand=True), 6)
    assert (upright.turn, turned.turn) == (0, turn)
    assert [line.text for line in turned.lines] == [line.text for line in upright.lines] == said
    assert all(iou(a.bbox, b.bbox) > 0.7 for a, b in zip(turned.lines, upright.lines, strict=True))


def test_a_glance_at_nothing_reads_nothing() -> None:
    assert engine.glance(Image.new("RGB", (300, 200), "white"), 5).lines == []
