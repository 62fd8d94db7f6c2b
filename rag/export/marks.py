"""A cut-out with the cited lines and rows marked on it, as the app marks them on the page.

A cut-out shows its piece's box with a margin, or the whole page. Which, is told by its proportions; where neither fits,
as of the place that was cut out around a sentence, it stays as it is.
"""

from __future__ import annotations

from collections.abc import Sequence

from PIL import Image, ImageChops, ImageDraw

from ingestion.elements import BBox
from ingestion.figures.crops import CROP_PAD
from ingestion.geometry import holding, pad, to_pixels
from rag.types import Citation, Evidence

FILL = (253, 232, 150)  # multiplied, so that letters stay black: 45 % of the viewer's yellow
OUTLINE = (245, 158, 11)  # of what is cited in a figure, whose colours may matter
AROUND = 1.0  # points around a line
ALIKE = 0.03  # share by which the proportions of a picture and of what it shows may differ: pixels are whole


def marked(picture: Image.Image, citation: Citation, piece: Evidence) -> Image.Image:
    """The picture with what is cited on its page marked; as it is where nothing is, or where it shows another place."""
    lines = [region.bbox for region in citation.highlights if region.page == piece.chunk.page]
    beside = [citation.bbox] if citation.page == piece.chunk.page else []
    shown = _shown(picture, piece, lines, beside) if lines else None
    if shown is None:
        return picture
    paper = Image.new("RGB", picture.size, "white")
    drawing = ImageDraw.Draw(paper)
    scale_x, scale_y = picture.width / (shown.x1 - shown.x0), picture.height / (shown.y1 - shown.y0)
    for line in lines:
        box = BBox(line.x0 - shown.x0, line.y0 - shown.y0, line.x1 - shown.x0, line.y1 - shown.y0)
        box = pad(box, AROUND, shown.x1 - shown.x0, shown.y1 - shown.y0)
        if box.x1 > box.x0 and box.y1 > box.y0:
            drawn = {"outline": OUTLINE, "width": 2} if citation.kind == "figure" else {"fill": FILL}
            drawing.rectangle(to_pixels(box, scale_x, scale_y), **drawn)
    return ImageChops.multiply(picture.convert("RGB"), paper)


def _shown(picture: Image.Image, piece: Evidence, lines: Sequence[BBox], beside: Sequence[BBox] = ()) -> BBox | None:
    """The box on its page, in points, that the picture shows: of several columns, and what is ``beside``, the one with
    the lines."""
    width, height = piece.page_size
    page = BBox(0, 0, width, height)
    columns = [region.bbox for region in piece.chunk.regions if region.page == piece.chunk.page]
    cited = next((box for line in lines if (box := holding([*columns, *beside], line))), piece.chunk.bbox)
    box = page if piece.chunk.kind == "page" else pad(cited, CROP_PAD, width, height)
    if min(picture.size) == 0 or box.x1 <= box.x0 or box.y1 <= box.y0:
        return None
    proportion = (box.x1 - box.x0) / (box.y1 - box.y0) / (picture.width / picture.height)
    return box if abs(proportion - 1) < ALIKE else None
