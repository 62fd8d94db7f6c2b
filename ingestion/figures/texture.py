"""The texture of photographs on a page's render."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from ingestion.elements import BBox
from ingestion.geometry import to_pixels

DEVIATION, OPENING, CLOSING = 2.5, 5, 19  # grey levels and pixels at 72 dpi: texture of a photograph
PHOTO_TEXTURE = 0.35  # share of a photograph's area that is textured
PHOTO_PAGE_SHARE, PHOTO_SIDE, PHOTO_FILL, PHOTO_ENTROPY = 0.02, 60.0, 0.45, 2.5


class Texture:
    """Where a page has the fine texture of photographs, at 72 dpi (one pixel a point)."""

    def __init__(self, render: Image.Image, page_width: float, page_height: float) -> None:
        size = (max(1, round(page_width)), max(1, round(page_height)))
        grey = np.asarray(render.convert("L").resize(size, Image.Resampling.BILINEAR), dtype=np.float32)
        mean, square = cv2.blur(grey, (9, 9)), cv2.blur(grey * grey, (9, 9))
        self._grey = grey
        self._rough = (np.sqrt(np.maximum(square - mean * mean, 0)) > DEVIATION).astype(np.uint8)
        self._kept: tuple[Sequence[BBox], NDArray[np.uint8]] | None = None

    def is_photo(self, box: BBox, words: Sequence[BBox]) -> bool:
        """Whether most of ``box`` beside words is textured; flat colours, gradients and drawings are not."""
        left, top, right, bottom = to_pixels(box, 1.0, 1.0)
        part = self._rough[top:bottom, left:right][self._beside(words)[top:bottom, left:right] > 0]
        return part.size > 0 and float(part.mean()) >= PHOTO_TEXTURE

    def _beside(self, words: Sequence[BBox]) -> NDArray[np.uint8]:
        """1 where no word stands; kept for the next call, for a page may hold thousands of pictures."""
        if self._kept is None or self._kept[0] is not words:
            self._kept = words, np.ones_like(self._rough)
            _blank(self._kept[1], words)
        return self._kept[1]

    def residual_photos(self, known: Sequence[BBox], words: Sequence[BBox]) -> list[BBox]:
        """Photographs that layout missed (text over them hides them): large areas beside words and ``known``."""
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
    for box in boxes:
        left, top, right, bottom = to_pixels(box, 1.0, 1.0)
        mask[top:bottom, left:right] = 0


def _entropy(grey: NDArray[np.float32]) -> float:
    """Bits per pixel of a 32-level histogram."""
    counts, _ = np.histogram(grey, bins=32, range=(0, 256))
    share = counts[counts > 0] / counts.sum()
    return float(-(share * np.log2(share)).sum())
