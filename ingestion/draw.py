"""Boxes drawn on page images, so that a person can see what was understood.

Enters: a page's picture and its elements. Leaves: a picture. Must not know: PDFs, files, documents.
"""

from __future__ import annotations

from collections.abc import Sequence

from PIL import Image, ImageDraw, ImageFont

from ingestion.elements import Element, ElementKind, Page
from ingestion.geometry import area, gap, to_pixels

COLOURS: dict[ElementKind, tuple[int, int, int]] = {
    "title": (148, 0, 211),
    "heading": (106, 61, 154),
    "text": (31, 120, 180),
    "list": (0, 139, 139),
    "table": (34, 139, 34),
    "figure": (214, 39, 40),
    "caption": (230, 120, 0),
    "formula": (120, 90, 20),
}
Box = tuple[int, int, int, int]
TINT = 36  # of 255, inside a box
EM = 7.5  # points; size of the tags
LINE = 1.5  # points; width of the outlines


def draw_elements(image: Image.Image, page: Page, elements: Sequence[Element]) -> Image.Image:
    """A copy of ``image`` (the whole ``page`` at any resolution) with every element's box, kind and order; a line joins
    a caption with its figure or table."""
    scale_x, scale_y = image.width / page.width, image.height / page.height
    sheet = image.convert("RGBA")
    layer = Image.new("RGBA", sheet.size, (0, 0, 0, 0))
    pen = ImageDraw.Draw(layer)
    font = ImageFont.load_default(max(8.0, EM * scale_y))
    width = max(1, round(LINE * scale_x))
    for element in elements:
        box = to_pixels(element.region.bbox, scale_x, scale_y)
        colour = COLOURS[element.kind]
        pen.rectangle(box, fill=(*colour, TINT), outline=(*colour, 255), width=width)
    for caption, owner in caption_links(elements):
        ends = _bridge(*(to_pixels(item.region.bbox, scale_x, scale_y) for item in (caption, owner)))
        pen.line(ends, fill=(*COLOURS["caption"], 255), width=2 * width)
        for x, y in ends:
            pen.ellipse((x - 3 * width, y - 3 * width, x + 3 * width, y + 3 * width), fill=(*COLOURS["caption"], 255))
    for element in elements:
        _tag(pen, element, to_pixels(element.region.bbox, scale_x, scale_y), font)
    return Image.alpha_composite(sheet, layer).convert("RGB")


def caption_links(elements: Sequence[Element]) -> list[tuple[Element, Element]]:
    """Caption elements with the figure or table of their page that carries their text: the nearest, then smallest."""
    owners = [e for e in elements if e.kind in ("figure", "table", "formula") and e.caption]
    links = []
    for caption in (e for e in elements if e.kind == "caption" and e.text):
        page, box = caption.region
        named = [o for o in owners if o.region.page == page and caption.text in o.caption]
        if named:
            links.append((caption, min(named, key=lambda o: (gap(box, o.region.bbox), area(o.region.bbox)))))
    return links


def _bridge(caption: Box, owner: Box) -> list[tuple[float, float]]:
    """From the middle of a caption the shortest way to its owner."""
    x, y = (caption[0] + caption[2]) / 2, (caption[1] + caption[3]) / 2
    return [(x, y), (min(max(x, owner[0]), owner[2]), min(max(y, owner[1]), owner[3]))]


def _tag(
    pen: ImageDraw.ImageDraw,
    element: Element,
    box: Box,
    font: ImageFont.FreeTypeFont | ImageFont.ImageFont,
) -> None:
    """The order and kind on a small plate at the top left, above the box where there is room."""
    text = f"{element.order} {element.kind}"
    left, top, right, bottom = pen.textbbox((0, 0), text, font=font)
    wide, high = right - left + 6, bottom - top + 6
    y = box[1] - high if box[1] >= high else box[1]
    pen.rectangle((box[0], y, box[0] + wide, y + high), fill=(*COLOURS[element.kind], 255))
    pen.text((box[0] + 3 - left, y + 3 - top), text, fill="white", font=font)
