"""Boxes drawn on page images, so that a person can see what was understood."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

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
TAG_MARGIN = 3  # pixels around the words of a tag
Font = ImageFont.FreeTypeFont | ImageFont.ImageFont


def draw_elements(
    image: Image.Image, page: Page, elements: Sequence[Element], continued: Collection[int] = ()
) -> Image.Image:
    """A copy of ``image`` (the whole ``page`` at any resolution) with every element's box, kind and order.

    A line joins a caption with its figure or table, a thinner box inside one is the thing without its caption. Tables
    that go on from the page before or (``continued``, their orders) on the next page say so.
    """
    scale_x, scale_y = image.width / page.width, image.height / page.height
    sheet = image.convert("RGBA")
    layer = Image.new("RGBA", sheet.size, (0, 0, 0, 0))
    pen = ImageDraw.Draw(layer)
    font = ImageFont.load_default(max(8.0, EM * scale_y))
    width = max(1, round(LINE * scale_x))
    for element in elements:
        box = to_pixels(element.region.bbox, scale_x, scale_y)
        colour = COLOURS[element.kind]
        pen.rectangle(box, fill=(*colour, TINT))
        if element.body and element.body != element.region.bbox:
            pen.rectangle(to_pixels(element.body, scale_x, scale_y), outline=(*colour, 160), width=max(1, width // 2))
        pen.rectangle(box, outline=(*colour, 255), width=width)
    for caption, owner in caption_links(elements):
        ends = _bridge(*(to_pixels(item.region.bbox, scale_x, scale_y) for item in (caption, owner)))
        pen.line(ends, fill=(*COLOURS["caption"], 255), width=2 * width)
        for x, y in ends:
            pen.ellipse((x - 3 * width, y - 3 * width, x + 3 * width, y + 3 * width), fill=(*COLOURS["caption"], 255))
    taken: list[Box] = []
    for element in elements:
        words = _words(element, element.order in continued)
        plate = _plate(pen, words, to_pixels(element.region.bbox, scale_x, scale_y), font, sheet.size, taken)
        pen.rectangle(plate, fill=(*COLOURS[element.kind], 235))
        pen.text((plate[0] + TAG_MARGIN, plate[1] + TAG_MARGIN), words, fill="white", font=font, anchor="lt")
        taken.append(plate)
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


def _words(element: Element, goes_on: bool) -> str:
    before = f", from {element.continues} of page {element.region.page - 1}" if element.continues is not None else ""
    return f"{element.order} {element.kind}{before}{', goes on' if goes_on else ''}"


def _plate(
    pen: ImageDraw.ImageDraw, words: str, box: Box, font: Font, sheet: tuple[int, int], taken: Sequence[Box]
) -> Box:
    """Where the words stand: above the left end of the box, or the next place there that hides no other tag."""
    left, top, right, bottom = pen.textbbox((0, 0), words, font=font, anchor="lt")
    size = round(right - left) + 2 * TAG_MARGIN, round(bottom - top) + 2 * TAG_MARGIN
    places = (_at(x, y, size, sheet) for x, y in _corners(box, size))
    return next((p for p in places if not any(_meet(p, other) for other in taken)), _at(box[0], box[1], size, sheet))


def _corners(box: Box, size: tuple[int, int]) -> Iterator[tuple[int, int]]:
    """Above the box from left to right, below it, and last inside, where its own words are."""
    wide, high = size
    for y in (box[1] - high, box[3], box[1], box[3] - high):
        yield from ((x, y) for x in range(box[0], max(box[0] + 3 * wide, box[2]), max(1, wide // 2)))


def _at(x: int, y: int, size: tuple[int, int], sheet: tuple[int, int]) -> Box:
    """A plate kept on the sheet."""
    x, y = max(0, min(x, sheet[0] - size[0])), max(0, min(y, sheet[1] - size[1]))
    return x, y, x + size[0], y + size[1]


def _meet(a: Box, b: Box) -> bool:
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]
