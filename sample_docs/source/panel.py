"""The control panel of the dehumidifier as a raster picture.

Enters: the indicator lights (name, colour). Leaves: a Pillow image. Must not know: the page it goes on.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import reportlab
from PIL import Image, ImageDraw, ImageFilter, ImageFont

FONTS = Path(reportlab.__file__).parent / "fonts"
SIZE = (1300, 520)
SEGMENTS = {
    "0": "abcdef",
    "1": "bc",
    "2": "abged",
    "3": "abgcd",
    "4": "fgbc",
    "5": "afgcd",
    "6": "afgedc",
    "7": "abc",
    "8": "abcdefg",
    "9": "abcdfg",
}


def font(size: int, bold: bool = False) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(FONTS / ("VeraBd.ttf" if bold else "Vera.ttf")), size)


def _digit(draw: ImageDraw.ImageDraw, x: int, y: int, digit: str) -> None:
    """A seven-segment digit, 60 × 110 pixels, leaning a little."""
    ends = {
        "a": ((8, 0), (52, 0)),
        "b": ((57, 6), (52, 50)),
        "c": ((50, 60), (45, 104)),
        "d": ((-3, 110), (41, 110)),
        "e": ((-3, 60), (-8, 104)),
        "f": ((4, 6), (-1, 50)),
        "g": ((4, 55), (46, 55)),
    }
    for name, (start, end) in ends.items():
        color = (120, 235, 225) if name in SEGMENTS[digit] else (24, 48, 54)
        draw.line([(x + start[0], y + start[1]), (x + end[0], y + end[1])], fill=color, width=11)


def picture(lights: Sequence[tuple[str, str]]) -> Image.Image:
    image = Image.new("RGB", SIZE, "#FFFFFF")
    draw = ImageDraw.Draw(image)
    draw.rounded_rectangle((6, 6, SIZE[0] - 7, SIZE[1] - 7), 46, fill="#22303A", outline="#0F181E", width=5)
    draw.rounded_rectangle((26, 26, SIZE[0] - 27, SIZE[1] - 27), 34, outline="#3A4C58", width=2)
    draw.text((64, 52), "AURORA 800", font=font(34, True), fill="#E8F1F3")
    draw.text((SIZE[0] - 64, 60), "Vindel Climate Works", font=font(22), fill="#93A6B2", anchor="ra")
    _lamps(image, lights)
    draw = ImageDraw.Draw(image)
    draw.rounded_rectangle((470, 124, 830, 318), 18, fill="#0B161A", outline="#48606C", width=3)
    for i, digit in enumerate("52"):
        _digit(draw, 528 + i * 92, 164, digit)
    draw.text((716, 158), "% RH", font=font(30, True), fill=(120, 235, 225))
    draw.text((716, 226), "20 °C", font=font(26), fill=(120, 235, 225))
    draw.text((716, 266), "AUTO", font=font(22), fill=(120, 235, 225))
    for i, name in enumerate(("MODE", "FAN", "–", "+", "TIMER")):
        left = 70 + i * 238
        draw.rounded_rectangle((left, 366, left + 208, 452), 20, fill="#2E404C", outline="#5A7282", width=3)
        draw.text((left + 104, 409), name, font=font(32, True), fill="#F2F6F8", anchor="mm")
    return image


def _lamps(image: Image.Image, lights: Sequence[tuple[str, str]]) -> None:
    """Three lights left of the display and two right of it, each with a soft glow."""
    spots = [(96, 150), (96, 220), (96, 290), (890, 180), (890, 262)]
    glow = Image.new("RGB", SIZE, "#000000")
    shine = ImageDraw.Draw(glow)
    for (x, y), (_, color) in zip(spots, lights, strict=True):
        shine.ellipse((x - 30, y - 30, x + 30, y + 30), fill=color)
    mask = glow.convert("L").filter(ImageFilter.GaussianBlur(13)).point([min(255, i * 2 // 2) for i in range(256)])
    image.paste(glow.filter(ImageFilter.GaussianBlur(6)), (0, 0), mask)
    draw = ImageDraw.Draw(image)
    for (x, y), (name, color) in zip(spots, lights, strict=True):
        draw.ellipse((x - 19, y - 19, x + 19, y + 19), fill=color, outline="#F4F7F8", width=3)
        draw.ellipse((x - 9, y - 12, x - 1, y - 4), fill="#FFFFFF")
        draw.text((x + 44, y), name, font=font(30, True), fill="#E8F1F3", anchor="lm")
