"""PDFs with numbered drawings: exploded views, panels, maps of keys, pictograms, and a chart that has numbers too."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from pathlib import Path

import pymupdf
from PIL import Image, ImageDraw
from reportlab.lib import colors
from reportlab.lib.pagesizes import A4
from reportlab.platypus import SimpleDocTemplate, Spacer, Table

PARTS = (
    "Front grille", "Lint filter", "Filter frame", "Evaporator coil", "Drip tray", "Float switch", "Drain valve",
    "Compressor", "Fan shroud", "Fan blade", "Fan motor", "Rear panel",
)  # fmt: skip
PROSE = "The parts are put together in the order in which they are shown, from the left to the right. "
Point = tuple[float, float]


def parts_drawing(width: int = 600, height: int = 400) -> bytes:
    """A line drawing of boxes and rings, without any words."""
    image = Image.new("RGB", (width, height), "white")
    draw = ImageDraw.Draw(image)
    for i in range(8):
        x, y = 30 + i * width // 9, 40 + (i % 3) * height // 5
        draw.polygon([(x, y), (x + 60, y - 24), (x + 60, y + 130), (x, y + 160)], outline="black", width=3)
        draw.ellipse((x + 10, y + 30, x + 50, y + 90), outline="black", width=3)
        draw.line((x, y + 160, x + 90, y + 190), fill="black", width=2)
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()


def label(page: pymupdf.Page, at: Point, text: str, towards: Point) -> None:
    """A label with the line that leads from it to a part."""
    page.draw_line(pymupdf.Point(at[0] + 4, at[1] - 3), pymupdf.Point(*towards), color=(0, 0, 0), width=0.5)
    page.insert_text(at, text, fontsize=9)


def labelled(page: pymupdf.Page, box: pymupdf.Rect, labels: Sequence[str]) -> None:
    """A drawing with labels around it, above and below in turn, at uneven distances."""
    page.insert_image(box, stream=parts_drawing(), keep_proportion=False)
    for i, text in enumerate(labels):
        x = box.x0 + 12 + (box.width - 30) * (i + 0.31 * (i % 3)) / max(len(labels), 1)
        y = box.y0 + 12 + 5 * (i % 4) if i % 2 else box.y1 - 4 - 6 * (i % 3)
        label(page, (x, y), text, (x + 10, (box.y0 + box.y1) / 2))


def rows(page: pymupdf.Page, left: float, top: float, entries: Iterable[tuple[str, str]], gap: str = "  ") -> float:
    """Lines of a legend below each other; where the next would stand."""
    for key, words in entries:
        page.insert_text((left, top), f"{key}{gap}{words}", fontsize=10)
        top += 15
    return top


def exploded_view(folder: Path, name: str = "exploded.pdf") -> Path:
    """Page 1: the drawing with the numbers 1 to 12. Page 2: its parts list as a table with a header."""
    drawing = pymupdf.open()
    page = drawing.new_page(width=595, height=842)
    page.insert_text((60, 70), "Exploded view", fontsize=18, fontname="hebo")
    page.insert_textbox(pymupdf.Rect(60, 90, 535, 140), PROSE * 2, fontsize=11)
    labelled(page, pymupdf.Rect(70, 170, 525, 470), [str(n) for n in range(1, len(PARTS) + 1)])
    listed = folder / f"list-{name}"
    cells = [["Pos.", "Description", "Part no.", "Qty"]]
    cells += [[str(n), part, f"D-{4000 + 7 * n}", "1"] for n, part in enumerate(PARTS, 1)]
    grid = Table(cells, style=[("GRID", (0, 0), (-1, -1), 0.5, colors.black)], colWidths=[40, 160, 90, 40])
    SimpleDocTemplate(str(listed), pagesize=A4).build([Spacer(1, 40), grid])
    with pymupdf.open(listed) as second:
        drawing.insert_pdf(second)
    drawing.save(folder / name)
    drawing.close()
    return folder / name


def panel(folder: Path) -> Path:
    """A panel with the letters A to E and its legend below, on a page with a paragraph that begins with numbers."""
    doc = pymupdf.open()
    page = doc.new_page(width=595, height=842)
    page.insert_text((60, 70), "Control panel", fontsize=18, fontname="hebo")
    labelled(page, pymupdf.Rect(120, 100, 480, 330), list("ABCDE"))
    words = ("Power button", "Display of humidity", "Timer", "Lamp of the full tank", "Child lock")
    rows(page, 120, 360, zip((f"{c}:" for c in "ABCDE"), words, strict=True), " ")
    page.insert_textbox(pymupdf.Rect(60, 480, 535, 700), "In 2019 there were 25 models. " + PROSE * 4, fontsize=11)
    doc.save(folder / "panel.pdf")
    doc.close()
    return folder / "panel.pdf"


def two_panels(folder: Path) -> Path:
    """Two drawings on one page, with the numbers 1 to 5 and 1 to 4, each with its own legend below."""
    doc = pymupdf.open()
    page = doc.new_page(width=595, height=842)
    upper = ("Lid", "Hinge", "Seal", "Hopper", "Chute")
    lower = ("Burner", "Grate", "Ash pan", "Air slide")
    labelled(page, pymupdf.Rect(120, 60, 480, 250), [str(n) for n in range(1, 6)])
    rows(page, 120, 280, ((f"{n}.", words) for n, words in enumerate(upper, 1)), " ")
    labelled(page, pymupdf.Rect(120, 430, 480, 620), [str(n) for n in range(1, 5)])
    rows(page, 120, 650, ((f"{n}.", words) for n, words in enumerate(lower, 1)), " ")
    doc.save(folder / "two.pdf")
    doc.close()
    return folder / "two.pdf"


def chart(folder: Path) -> Path:
    """A bar chart with numbers on both axes and over the bars, above a numbered list of steps."""
    doc = pymupdf.open()
    page = doc.new_page(width=595, height=842)
    page.insert_text((60, 70), "Water drawn per day", fontsize=18, fontname="hebo")
    left, foot = 120.0, 330.0
    page.draw_line((left, 110), (left, foot), width=1)
    page.draw_line((left, foot), (480, foot), width=1)
    for tick in range(6):
        page.insert_text((left - 18, foot + 3 - 40 * tick), str(tick * 2), fontsize=8)
    for i, value in enumerate((3, 7, 4, 9, 6), 1):
        x = left + 60 * i
        page.draw_rect(pymupdf.Rect(x, foot - 20 * value, x + 30, foot), color=(0, 0, 0.6), fill=(0.3, 0.4, 0.8))
        page.insert_text((x + 12, foot - 20 * value - 4), f"{value}.5", fontsize=8)
        page.insert_text((x + 12, foot + 12), str(i * 5), fontsize=8)
    steps = ("Switch the machine off", "Pull the plug", "Open the flap", "Take the tank out", "Empty the tank")
    rows(page, 120, 420, ((f"{n}.", words) for n, words in enumerate(steps, 1)), " ")
    doc.save(folder / "chart.pdf")
    doc.close()
    return folder / "chart.pdf"


def sign(seed: int) -> bytes:
    """A pictogram: a triangle, a circle or a square with a mark in it."""
    image = Image.new("RGB", (160, 160), "white")
    draw = ImageDraw.Draw(image)
    if seed % 3 == 0:
        draw.polygon([(80, 8), (152, 150), (8, 150)], outline="black", fill="yellow", width=8)
    elif seed % 3 == 1:
        draw.ellipse((8, 8, 152, 152), outline="blue", fill="lightblue", width=8)
    else:
        draw.rectangle((8, 8, 152, 152), outline="red", fill="white", width=10)
    draw.line((60 + 7 * seed, 120, 100, 50 + 4 * seed), fill="black", width=10)
    draw.ellipse((70, 90 - 3 * seed, 95, 115), fill="black")
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()


SIGNS = ("Danger of death from high voltage", "Wear gloves", "Do not touch the coil", "Keep away from children")


def pictograms(folder: Path) -> Path:
    """A page of signs, each with what it means on its right."""
    doc = pymupdf.open()
    page = doc.new_page(width=595, height=842)
    page.insert_text((60, 70), "Symbols on the machine", fontsize=18, fontname="hebo")
    for i, words in enumerate(SIGNS):
        top = 110 + 130 * i
        page.insert_image(pymupdf.Rect(80, top, 150, top + 70), stream=sign(i))
        page.insert_text((170, top + 40), words, fontsize=11)
    doc.save(folder / "signs.pdf")
    doc.close()
    return folder / "signs.pdf"
