"""A service note typed on paper and scanned: two pages without a text layer.

Enters: nothing. Leaves: a PDF that holds two grey pictures, and the places of its parts in points, turned with the
paper. Must not know: the questions asked about it.
"""

from __future__ import annotations

import io
import random
from math import cos, radians, sin
from pathlib import Path

from PIL import Image, ImageChops, ImageDraw, ImageFilter, ImageFont
from reportlab.lib.utils import ImageReader

from .panel import FONTS
from .pen import Box, Place
from .sheet import Sheet

A4 = (595.28, 841.89)
DPI = 150
PIXELS = (1240, 1754)
SCALE = 72 / DPI
LEFT = 150
LINE = 36
TYPE = "com_____.pfb"

PAGE_1 = [
    ("head", "VINDEL CLIMATE WORKS  -  FIELD SERVICE"),
    ("", ""),
    ("", "SERVICE NOTE No. 2217"),
    ("", ""),
    ("", "Date:        14 March 2026"),
    ("", "Technician:  R. Halvorsen"),
    ("", "Customer:    Town Archive, Lindhamn, cellar room 3"),
    ("", "Unit:        Aurora 800, serial no. AR8-25-004417"),
    ("", "Hours run:   1,846"),
    ("", ""),
    ("complaint", "COMPLAINT. The unit stops every night with code E4."),
    ("complaint", "The tank stays nearly empty and the room has risen to"),
    ("complaint", "71 % RH. The archivist fears for the maps."),
    ("", ""),
    ("finding", "FOUND. Evaporator iced over its whole height. Filter"),
    ("finding", "grey with paper dust, last cleaned before Christmas."),
    ("finding", "Fan runs quietly, 1,290 rpm. Defrost thermistor B3"),
    ("finding", "was clipped to the header instead of the upper pipe"),
    ("finding", "bend, so the unit never saw the ice. In ice water it"),
    ("finding", "read 41.2 kOhm. Table 5 of the manual asks for 33.6."),
    ("", ""),
    ("done", "DONE. Thawed the coil with warm air, 50 minutes."),
    ("done", "Washed the filter. Fitted a new thermistor, part"),
    ("done", "800-161, on the upper pipe bend. Read the service"),
    ("done", "menu, cleared the memory. Boost mode drew 368 W"),
    ("done", "after 15 minutes, so the charge is in order."),
    ("", ""),
    ("advice", "ADVICE. The unit stands only 60 mm from the wall. It"),
    ("advice", "needs 200 mm. See sketch on the next sheet. I asked"),
    ("advice", "for the filter to be washed every six weeks."),
]
READINGS = [
    ("", "before", "after"),
    ("Power, Boost (W)", "301", "368"),
    ("B3 at 0 C (kOhm)", "41.2", "33.5"),
    ("Water in 24 h (l)", "2.3", "10.9"),
    ("Room (% RH)", "71", "54"),
    ("Fan (rpm)", "1,290", "1,310"),
]
CLOSING = [
    "Readings taken at 20 C. The values after are of",
    "16 March, when I came back to look at the tank.",
    "",
    "Time: 2 h 40 min.  Travel: 64 km.",
    "Warranty: yes, bought 9 September 2025.",
]


def build(path: Path) -> dict[str, list[Place]]:
    """Writes the scan and returns its places."""
    s = Sheet(path, A4, "field-note-scan", "", "Scanned service note (invented)")
    for number, (draw, angle) in enumerate(((_first, 0.7), (_second, -0.5))):
        if number:
            s.next_page()
        paper = Image.new("L", PIXELS, 255)
        boxes = draw(paper)
        picture = io.BytesIO()
        _scan(paper, angle, 41 + number).save(picture, "JPEG", quality=58, optimize=True)
        s.canvas.drawImage(ImageReader(picture), 0, 0, *A4)
        for name, box in boxes.items():
            s.mark(name, _turned(box, angle))
    s.next_page()
    s.save()
    return s.places


def _font(name: str, size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(FONTS / name), size)


def _typed(paper: Image.Image, x: float, y: float, words: str, chance: random.Random, size: int = 31) -> Box:
    """A typewriter line: letters one by one, each a little off its place and of its own blackness."""
    draw, letter = ImageDraw.Draw(paper), _font(TYPE, size)
    step = letter.getlength("M")
    for i, sign in enumerate(words):
        if sign != " ":
            spot = (x + i * step + chance.uniform(-0.6, 0.6), y + chance.uniform(-1.0, 1.0))
            draw.text(spot, sign, font=letter, fill=chance.randint(8, 46), stroke_width=0.55)
    return Box(x, y, x + step * len(words), y + size)


def _first(paper: Image.Image) -> dict[str, Box]:
    chance = random.Random(2217)
    boxes: dict[str, Box] = {}
    for i, (name, words) in enumerate(PAGE_1):
        y = 190 + i * (LINE + 7)
        if words:
            box = _typed(paper, LEFT, y, words, chance)
            if name:
                boxes[f"note-{name}"] = boxes[f"note-{name}"].join(box) if f"note-{name}" in boxes else box
    draw = ImageDraw.Draw(paper)
    draw.line([(LEFT, 236), (LEFT + 720, 238)], fill=40, width=3)
    boxes["note-page"] = Box(LEFT, 190, 1130, 190 + len(PAGE_1) * (LINE + 7))
    boxes["note-head"] = Box(LEFT, 190, LEFT + 1000, 190 + 9 * (LINE + 7) - 7)
    _stamp(paper, (810, 1500), chance)
    _holes(paper)
    return boxes


def _stamp(paper: Image.Image, at: tuple[int, int], chance: random.Random) -> None:
    """A worn rubber stamp, turned by six degrees."""
    stamp = Image.new("L", (380, 190), 255)
    draw = ImageDraw.Draw(stamp)
    draw.rounded_rectangle((6, 6, 373, 183), 16, outline=70, width=6)
    draw.rounded_rectangle((17, 17, 362, 172), 10, outline=70, width=2)
    for y, words, size in ((36, "RECEIVED", 42), (88, "17 MAR 2026", 38), (136, "WARRANTY DESK", 24)):
        draw.text((190, y + size / 2), words, font=_font("VeraBd.ttf", size), fill=70, anchor="mm")
    for _ in range(420):
        x, y = chance.randrange(380), chance.randrange(190)
        draw.ellipse((x, y, x + chance.randint(1, 3), y + chance.randint(1, 3)), fill=255)
    turned = stamp.rotate(6, expand=True, fillcolor=255, resample=Image.Resampling.BICUBIC)
    under = paper.crop((*at, at[0] + turned.width, at[1] + turned.height))
    paper.paste(ImageChops.multiply(under, turned), at)


def _holes(paper: Image.Image) -> None:
    draw = ImageDraw.Draw(paper)
    for y in (680, 1074):
        draw.ellipse((46, y - 20, 86, y + 20), fill=96, outline=60, width=3)


def _shaky(
    draw: ImageDraw.ImageDraw,
    start: tuple[float, float],
    end: tuple[float, float],
    chance: random.Random,
    width: int = 4,
) -> None:
    """A pen line drawn by hand: a chain of short pieces that wander."""
    pieces = max(4, int(((end[0] - start[0]) ** 2 + (end[1] - start[1]) ** 2) ** 0.5 / 24))
    points = [
        (
            start[0] + (end[0] - start[0]) * i / pieces + chance.uniform(-1.8, 1.8),
            start[1] + (end[1] - start[1]) * i / pieces + chance.uniform(-1.8, 1.8),
        )
        for i in range(pieces + 1)
    ]
    draw.line(points, fill=52, width=width, joint="curve")


def _frame(draw: ImageDraw.ImageDraw, box: Box, chance: random.Random, width: int = 4) -> None:
    corners = [(box.x0, box.y0), (box.x1, box.y0), (box.x1, box.y1), (box.x0, box.y1)]
    for i in range(4):
        _shaky(draw, corners[i], corners[(i + 1) % 4], chance, width)


def _second(paper: Image.Image) -> dict[str, Box]:
    chance = random.Random(2218)
    draw = ImageDraw.Draw(paper)
    _typed(paper, LEFT, 150, "SERVICE NOTE No. 2217, sheet 2", chance)
    _typed(paper, LEFT, 222, "Sketch: cellar room 3, seen from above", chance)
    boxes = {"note-sketch": _sketch(paper, draw, chance)}
    _typed(paper, LEFT, 880, "Readings", chance)
    top = 936
    columns = (LEFT, 590, 800, 1010)
    for i, row in enumerate(READINGS):
        for x, words in zip(columns, row, strict=False):
            _typed(paper, x + 16, top + 12 + i * 58, words, chance, 30)
    table = Box(LEFT, top, columns[-1], top + 58 * len(READINGS))
    for i in range(len(READINGS) + 1):
        _shaky(draw, (table.x0, top + i * 58), (table.x1, top + i * 58), chance, 3)
    for x in columns:
        _shaky(draw, (x, table.y0), (x, table.y1), chance, 3)
    boxes["note-readings"] = table.grow(4)
    for i, words in enumerate(CLOSING):
        y = table.y1 + 44 + i * 43
        if words:
            box = _typed(paper, LEFT, y, words, chance)
            name = "note-readings-text" if i < 2 else "note-closing"
            boxes[name] = boxes[name].join(box) if name in boxes else box
    draw.text((800, 1530), "R. Halvorsen", font=_font("callig15.pfb", 88), fill=48)
    _holes(paper)
    return boxes


def _sketch(paper: Image.Image, draw: ImageDraw.ImageDraw, chance: random.Random) -> Box:
    """The room from above: wall, unit, distance, shelves, door and drain."""
    room = Box(190, 290, 1050, 820)
    _frame(draw, room, chance, 6)
    unit = Box(240, 430, 350, 580)
    _frame(draw, unit, chance)
    _typed(paper, 254, 462, "UNIT", chance, 28)
    _typed(paper, 262, 500, "800", chance, 28)
    for x0, x1, way in ((190, 240, 1), (240, 190, -1)):
        _shaky(draw, (x0, 610), (x1, 610), chance, 3)
        draw.line([(x1 - 9 * way, 602), (x1, 610), (x1 - 9 * way, 618)], fill=52, width=3)
    _typed(paper, 258, 594, "60 mm (must be 200)", chance, 28)
    for i in range(3):
        shelf = Box(600, 330 + i * 130, 1000, 390 + i * 130)
        _frame(draw, shelf, chance)
        _typed(paper, 690, shelf.y0 + 14, f"shelf {'ABC'[i]}, maps", chance, 28)
    draw.ellipse((300, 700, 352, 752), outline=52, width=4)
    _shaky(draw, (308, 708), (344, 744), chance, 3)
    _shaky(draw, (344, 708), (308, 744), chance, 3)
    _typed(paper, 372, 712, "drain", chance, 28)
    draw.rectangle((700, 812, 850, 828), fill=255)
    _shaky(draw, (700, 820), (806, 730), chance)
    _typed(paper, 820, 756, "door", chance, 28)
    _typed(paper, 380, 330, "window", chance, 28)
    for y in (282, 298):
        _shaky(draw, (360, y), (500, y), chance, 3)
    return room.grow(8)


def _scan(paper: Image.Image, angle: float, seed: int) -> Image.Image:
    """Grey paper, a shadow at the binding, dust, noise, a small turn."""
    chance = random.Random(seed)
    shade = Image.linear_gradient("L").rotate(90).resize(PIXELS).point([226 + min(18, i // 5) for i in range(256)])
    page = ImageChops.multiply(paper.filter(ImageFilter.GaussianBlur(0.7)), shade)
    page = page.rotate(angle, resample=Image.Resampling.BICUBIC, fillcolor=214)
    grain = Image.frombytes("L", (PIXELS[0] // 2, PIXELS[1] // 2), chance.randbytes(PIXELS[0] // 2 * (PIXELS[1] // 2)))
    grain = grain.filter(ImageFilter.GaussianBlur(0.8)).resize(PIXELS, Image.Resampling.BILINEAR)
    page = ImageChops.add(page, grain.point([i // 7 for i in range(256)]), offset=-18)
    draw = ImageDraw.Draw(page)
    for _ in range(90):
        x, y, r = chance.uniform(0, PIXELS[0]), chance.uniform(0, PIXELS[1]), chance.uniform(0.4, 1.6)
        draw.ellipse((x - r, y - r, x + r, y + r), fill=chance.randint(90, 170))
    return page


def _turned(box: Box, angle: float) -> Box:
    """The box around a box of pixels after the paper was turned about its middle (anticlockwise), in points."""
    cx, cy, turn = PIXELS[0] / 2, PIXELS[1] / 2, radians(-angle)
    corners = [(box.x0, box.y0), (box.x1, box.y0), (box.x1, box.y1), (box.x0, box.y1)]
    moved = [
        (cx + (x - cx) * cos(turn) - (y - cy) * sin(turn), cy + (x - cx) * sin(turn) + (y - cy) * cos(turn))
        for x, y in corners
    ]
    xs, ys = [x * SCALE for x, _ in moved], [y * SCALE for _, y in moved]
    return Box(min(xs), min(ys), max(xs), max(ys))
