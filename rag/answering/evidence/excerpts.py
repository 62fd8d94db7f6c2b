"""The part of a cut-out that can be read in a small picture: the cited rows of a table, the cited lines of a passage.

A table over a whole page, made as small as a postage stamp, is a grey speck; a window on its cited row is not:

    cut-out   ┌──────────────┐      part   ┌───────┐
              │ ░░░░░░░░░░░░ │             │ W15 … │
              │ ░░░░░░░░░░░░ │      →      │ W16 … │ cited, on yellow
              │ ▒▒▒▒▒▒▒▒▒▒▒▒ │             │ W17 … │
              └──────────────┘             └───────┘
"""

from __future__ import annotations

import io
from typing import NamedTuple

from PIL import Image, ImageChops

from ingestion.elements import BBox
from ingestion.figures.crops import CROP_PAD
from ingestion.formats.images import open_image
from ingestion.geometry import holding, mostly_inside, pad
from rag.images import upright_rgb
from rag.types import Citation, Evidence

WIDE, HIGH = 178.0, 62.0  # pixels that a small picture has on the page
READABLE = 0.9  # pixels a point, from which print of 8 points can be read
WINDOW = (150.0, 52.0)  # points that are shown: some 1.2 pixels each
MOST = 0.5  # of a piece's height, from which all of it is cited: its beginning is shown then, without a mark
MARKS = 8  # rows or lines that fit into a window
MARGIN = 4.0  # points between the window's edge and what is cited
PARTS = 1000  # a place in a picture is told in thousandths of its width and height
MARKED = (255, 240, 150)
QUALITY = 85  # of JPEG

Part = tuple[int, int, int, int]
"""Left, top, right and bottom of a part, in thousandths of a picture."""


class Excerpt(NamedTuple):
    """A window on a page and what is marked in it, in points; ``within``: the box that the piece's cut-out shows, None
    where that shows another part of it, or what an uploaded picture shows."""

    shown: BBox
    marks: tuple[BBox, ...]
    within: BBox | None


def excerpt_of(citation: Citation, piece: Evidence) -> Excerpt | None:
    """What is to be shown small of a table or passage; None where all of it can be read, of figures and whole pages,
    and where nothing is cited on the page that is shown."""
    chunk = piece.chunk
    here = [region.bbox for region in chunk.regions if region.page == chunk.page]
    cited = sorted(
        (region.bbox for region in citation.highlights if region.page == chunk.page), key=lambda box: (box.y0, box.x0)
    )
    if chunk.kind not in ("table", "text") or not cited:
        return None
    places = [*here, *([citation.bbox] if citation.page == chunk.page else [])]  # the last of a passage beside it
    column = next((box for line in cited if (box := holding(places, line))), None)
    if column is None:
        return None
    cited = [line for line in cited if mostly_inside(line, column)]
    whole = pad(column, CROP_PAD, *piece.page_size)
    if min(WIDE / (whole.x1 - whole.x0), HIGH / (whole.y1 - whole.y0)) >= READABLE:
        return None
    first = cited[0]
    if sum(box.y1 - box.y0 for box in cited) > MOST * (column.y1 - column.y0):
        first, cited = BBox(whole.x0, whole.y0, whole.x0, whole.y0), []
    shown = window(whole, first)
    marks = tuple(box for box in cited if box.y0 < shown.y1 and shown.y0 < box.y1)
    return Excerpt(shown, marks[:MARKS], whole if here == [column] and not piece.pictured else None)


def window(whole: BBox, cited: BBox) -> BBox:
    """A window in a box: where what is cited begins from the left, and around it from above and below."""
    width, height = (min(most, there) for most, there in zip(WINDOW, _size(whole), strict=True))
    lower = cited.y1 - cited.y0 > height
    top = cited.y0 - MARGIN if lower else (cited.y0 + cited.y1 - height) / 2
    x0 = max(whole.x0, min(cited.x0 - MARGIN, whole.x1 - width))
    y0 = max(whole.y0, min(top, whole.y1 - height))
    return BBox(x0, y0, x0 + width, y0 + height)


def part_of(box: BBox, whole: BBox) -> Part:
    """A box in points as a part of a picture that shows ``whole``."""
    width, height = _size(whole)
    places = (
        (box.x0 - whole.x0) / width,
        (box.y0 - whole.y0) / height,
        (box.x1 - whole.x0) / width,
        (box.y1 - whole.y0) / height,
    )
    left, top, right, bottom = (round(PARTS * max(0.0, min(1.0, place))) for place in places)
    return left, top, right, bottom


def cut_part(picture: bytes, part: Part, marks: tuple[Part, ...] = ()) -> bytes:
    """A part of an encoded picture with its marks, as JPEG. Raises what opening pictures raises."""
    with open_image(picture) as opened:
        shown = upright_rgb(opened)
    for mark in marks:
        marked = _pixels(mark, shown)
        if marked[0] < marked[2] and marked[1] < marked[3]:
            under = shown.crop(marked)
            shown.paste(ImageChops.multiply(under, Image.new("RGB", under.size, MARKED)), marked[:2])
    left, top, right, bottom = _pixels(part, shown)
    buffer = io.BytesIO()
    shown.crop((left, top, max(right, left + 1), max(bottom, top + 1))).save(buffer, "JPEG", quality=QUALITY)
    return buffer.getvalue()


def _size(box: BBox) -> tuple[float, float]:
    return box.x1 - box.x0, box.y1 - box.y0


def _pixels(part: Part, picture: Image.Image) -> tuple[int, int, int, int]:
    left, top, right, bottom = (
        round(place * side / PARTS) for place, side in zip(part, (*picture.size, *picture.size), strict=True)
    )
    return left, top, right, bottom
