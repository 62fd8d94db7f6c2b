"""Sample screenshots: a region of a page as a user would see it in a viewer's window.

Enters: a PDF and a place in it. Leaves: a Pillow image. Must not know: what the region shows.
"""

from __future__ import annotations

from pathlib import Path

import pymupdf
from PIL import Image, ImageDraw

from .panel import font
from .pen import Place

DPI = 130
RESCALE = 0.92
MARGIN = 14
BAR = 40


def framed(pdf: Path, place: Place) -> Image.Image:
    """The region with a little of its surroundings, slightly rescaled, inside a window with a title bar."""
    box = place.box.grow(4)
    with pymupdf.open(pdf) as document:
        shot = document[place.page - 1].get_pixmap(dpi=DPI, clip=pymupdf.Rect(*box), alpha=False)
    cut = Image.frombytes("RGB", (shot.width, shot.height), shot.samples)
    cut = cut.resize((round(cut.width * RESCALE), round(cut.height * RESCALE)), Image.Resampling.BILINEAR)
    window = Image.new("RGB", (cut.width + 2 * MARGIN, cut.height + MARGIN + BAR), "#E7EAEE")
    draw = ImageDraw.Draw(window)
    draw.rectangle((0, 0, window.width, BAR - 6), fill="#39424E")
    for i, color in enumerate(("#F0655A", "#F4BD4F", "#5FC454")):
        draw.ellipse((14 + i * 22, 11, 26 + i * 22, 23), fill=color)
    draw.text((window.width / 2, 17), "Document viewer", font=font(13), fill="#E6EAF0", anchor="mm")
    window.paste(cut, (MARGIN, BAR))
    draw.rectangle((0, 0, window.width - 1, window.height - 1), outline="#2A313A")
    return window
