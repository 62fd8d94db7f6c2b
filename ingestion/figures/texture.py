"""Photographs on a page, told by their fine texture, at 72 dpi (one pixel per point).

Where the grey levels around a pixel deviate by more than a flat colour, a gradient or a drawing does, the page is
rough. A box is a photograph if most of it beside words is rough. Large rough areas that the layout model missed,
because text runs over them, are found with a morphological opening and closing (Serra 1982) and their connected
components.

Example: a raster image of a landscape is rough nearly everywhere; a company's sign in two colours is not.
"""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from ingestion.elements import BBox
from ingestion.geometry import to_pixels

DEVIATION = 2.5  # grey levels (of 255), standard deviation around a pixel: there is texture
LEVELS = 32  # of the histogram of grey levels
AROUND = 9  # pixels at 72 dpi: side of the square around a pixel that is looked at
OPENING = 5  # pixels at 72 dpi: thinner texture is noise
CLOSING = 19  # pixels at 72 dpi: narrower gaps in texture belong to the photograph
PHOTO_TEXTURE = 0.35  # of a photograph's area that is textured, at least
PHOTO_PAGE_SHARE = 0.02  # of the page's pixels that are texture of a missed photograph, at least
PHOTO_SIDE = 60.0  # pixels at 72 dpi (points) of a missed photograph's shorter side, at least
PHOTO_FILL = 0.45  # of a missed photograph's box that is texture, at least
PHOTO_ENTROPY = 2.5  # bits per pixel of a missed photograph's grey levels, at least


class Texture:
    """Where a page has the fine texture of photographs.

    ``render`` shows a page of ``page_width`` × ``page_height`` points at any scale; boxes are in points.
    """

    def __init__(self, render: Image.Image, page_width: float, page_height: float) -> None:
        size = (max(1, round(page_width)), max(1, round(page_height)))
        grey = np.asarray(render.convert("L").resize(size, Image.Resampling.BILINEAR), dtype=np.float32)
        mean, square = cv2.blur(grey, (AROUND, AROUND)), cv2.blur(grey * grey, (AROUND, AROUND))
        self._grey = grey
        self._rough = (np.sqrt(np.maximum(square - mean * mean, 0)) > DEVIATION).astype(np.uint8)
        self._kept: tuple[Sequence[BBox], NDArray[np.uint8]] | None = None

    def is_photo(self, box: BBox, words: Sequence[BBox]) -> bool:
        """Whether most of ``box`` beside words is textured; flat colours, gradients and drawings are not."""
        left, top, right, bottom = to_pixels(box, 1.0, 1.0)
        part = self._rough[top:bottom, left:right][self._beside(words)[top:bottom, left:right] > 0]
        return part.size > 0 and float(part.mean()) >= PHOTO_TEXTURE

    def _beside(self, words: Sequence[BBox]) -> NDArray[np.uint8]:
        """1 where no word stands, one byte per pixel; kept for the next call: a page may hold thousands of pictures."""
        if self._kept is None or self._kept[0] is not words:
            self._kept = words, np.ones_like(self._rough)
            _blank(self._kept[1], words)
        return self._kept[1]

    def residual_photos(self, known: Sequence[BBox], words: Sequence[BBox]) -> list[BBox]:
        """Find photographs that the layout model missed: large textured areas beside words and ``known`` boxes."""
        rough = self._rough.copy()
        _blank(rough, [*known, *words])
        rough = cv2.morphologyEx(rough, cv2.MORPH_OPEN, np.ones((OPENING, OPENING), np.uint8))
        rough = cv2.morphologyEx(rough, cv2.MORPH_CLOSE, np.ones((CLOSING, CLOSING), np.uint8))
        count, _, stats, _ = cv2.connectedComponentsWithStats(rough)
        found = []
        for left, top, w, h, pixels in stats[1:count]:
            if pixels < PHOTO_PAGE_SHARE * rough.size or min(w, h) < PHOTO_SIDE or pixels / (w * h) < PHOTO_FILL:
                continue
            if _entropy(self._grey[top : top + h, left : left + w]) >= PHOTO_ENTROPY:
                found.append(BBox(float(left), float(top), float(left + w), float(top + h)))
        return found


def _blank(mask: NDArray[np.uint8], boxes: Sequence[BBox]) -> None:
    """Set a mask to 0 in boxes (points, one pixel per point), in place."""
    for box in boxes:
        left, top, right, bottom = to_pixels(box, 1.0, 1.0)
        mask[top:bottom, left:right] = 0


def _entropy(grey: NDArray[np.float32]) -> float:
    """Bits per pixel of the histogram of grey levels (Shannon 1948)."""
    counts, _ = np.histogram(grey, bins=LEVELS, range=(0, 256))
    share = counts[counts > 0] / counts.sum()
    return float(-(share * np.log2(share)).sum())
