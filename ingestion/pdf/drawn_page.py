"""A page that is drawn here, for what has none: pictures above, rows of a moment and words below.

Its words are text, so that they are found, marked and copied as on any other page.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from html import escape
from typing import NamedTuple

import pymupdf
from PIL import Image

from ingestion.elements import BBox
from ingestion.geometry import MARGIN_BAND
from ingestion.pdf.page import PdfPage

WIDTH = 595.0  # points, of A4
SIDE = 36.0  # points left and right of all
GAP = 10.0  # points between pictures, and between rows
TALLEST = 300.0  # points of a picture that stands alone
LEFT = 96.0  # points where words begin; their moment stands left of them
SIZE = 11.0  # points of the letters
ROOM = 5_000.0  # points that a page may grow to
LEAST = 280.0  # points of height
QUALITY = 90  # of a picture on the page, of 100
STYLE = f"* {{ font-family: sans-serif; font-size: {SIZE}px; margin: 0; }}"


class Row(NamedTuple):
    """A moment as it is shown, and what is said from then on."""

    moment: str
    words: str


class DrawnPage(NamedTuple):
    """The page, and where its pictures and the words of its rows stand on it, in points."""

    page: PdfPage
    pictures: tuple[BBox, ...]
    rows: tuple[BBox, ...]


def drawn(number: int, label: str, head: str, pictures: Sequence[Image.Image], rows: Sequence[Row]) -> DrawnPage:
    """A page as high as what stands on it. ``head`` is a line at its very top."""
    sheet = pymupdf.open()
    page = sheet.new_page(width=WIDTH, height=ROOM)
    page.insert_htmlbox(
        pymupdf.Rect(SIDE, 12, WIDTH - SIDE, 40), f"<div>{escape(head)}</div>", css=STYLE, scale_low=0.3
    )
    boxes, y = _pictures(page, pictures, 44.0)
    top = y if boxes else 60.0
    if not boxes:
        tried = pymupdf.open()
        height = _rows(tried.new_page(width=WIDTH, height=ROOM), rows, top)[1] - top
        top = max(top, MARGIN_BAND * height / (1 - 2 * MARGIN_BAND) + 4)  # above it headers are looked for
    places, y = _rows(page, rows, top)
    high = max(LEAST, (y + 4) / (1 - MARGIN_BAND))  # below it footers are looked for
    doc = pymupdf.open()
    final = doc.new_page(width=WIDTH, height=high)
    final.show_pdf_page(final.rect, sheet, 0, clip=pymupdf.Rect(0, 0, WIDTH, high))
    return DrawnPage(PdfPage(doc, final, number, 0, 1.0, label=label), tuple(boxes), tuple(places))


def _pictures(page: pymupdf.Page, pictures: Sequence[Image.Image], y: float) -> tuple[list[BBox], float]:
    """One alone over the whole width, several in two columns."""
    wide = WIDTH - 2 * SIDE if len(pictures) == 1 else (WIDTH - 2 * SIDE - GAP) / 2
    boxes: list[BBox] = []
    for first in range(0, len(pictures), 2):
        row = pictures[first : first + 2]
        sizes = [_fitted(picture, wide) for picture in row]
        for place, (picture, (width, height)) in enumerate(zip(row, sizes, strict=True)):
            x = SIDE + place * (wide + GAP)
            box = BBox(x, y, x + width, y + height)
            page.insert_image(pymupdf.Rect(*box), stream=_jpeg(picture), keep_proportion=False)
            boxes.append(box)
        y += max(height for _, height in sizes) + GAP
    return boxes, y


def _rows(page: pymupdf.Page, rows: Sequence[Row], y: float) -> tuple[list[BBox], float]:
    places: list[BBox] = []
    for row in rows:
        page.insert_text((SIDE, y + SIZE), row.moment, fontsize=SIZE - 2, color=(0.35, 0.35, 0.35))
        room = pymupdf.Rect(LEFT, y, WIDTH - SIDE, ROOM)
        spare, _ = page.insert_htmlbox(room, f"<div>{escape(row.words)}</div>", css=STYLE, scale_low=0.1)
        high = max(SIZE, ROOM - y - max(0.0, spare))
        places.append(BBox(LEFT, y, WIDTH - SIDE, y + high))
        y += high + GAP
    return places, y


def _fitted(picture: Image.Image, wide: float) -> tuple[float, float]:
    scale = min(wide / picture.width, TALLEST / picture.height)
    return picture.width * scale, picture.height * scale


def _jpeg(picture: Image.Image) -> bytes:
    held = io.BytesIO()
    picture.convert("RGB").save(held, "JPEG", quality=QUALITY)
    return held.getvalue()
