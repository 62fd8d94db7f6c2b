"""Any picture made fit for an encoder: upright, RGB on white, neither a hairline nor empty of content."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps

from rag.images import upright_rgb

LONGEST_ASPECT = 16
"""Sides beyond this ratio are padded: a 2000 × 1 rule resized to a short side of 224 would need 100 million pixels."""

TRIM_SIZE = 256
"""Longest side in pixels at which borders are looked for."""
EVEN_LEVELS = 16
"""A border line's pixels are within so many grey levels (of 255) of its median …"""
EVEN_SHARE = 0.97
"""… all but this share, so that a frame's two uprights do not hide the margin between them."""
TRIM_ROUNDS = 3
"""Desktop, window edge, title bar: each hides the evenness of the next."""
LEAST_SIDE = 8
"""Pixels of TRIM_SIZE that trimming leaves at least; a blank picture is kept whole."""


def flat_rgb(image: Image.Image) -> Image.Image:
    """Upright by its EXIF mark, transparency on white, RGB, sides within LONGEST_ASPECT of each other."""
    image = upright_rgb(image)
    width, height = image.size
    least = -(-max(width, height) // LONGEST_ASPECT)
    if min(width, height) < least:
        image = ImageOps.pad(image, (max(width, least), max(height, least)), color="white")
    return image


def trim(image: Image.Image) -> Image.Image:
    """Without even rows and columns at the edges: margins, frame lines, a screenshot's border."""
    small = image.convert("L")
    small.thumbnail((TRIM_SIZE, TRIM_SIZE), Image.Resampling.BOX)
    grey = np.asarray(small, dtype=np.int16)
    top, bottom, left, right = 0, grey.shape[0], 0, grey.shape[1]
    for _ in range(TRIM_ROUNDS):
        above, below = _content(grey[top:bottom, left:right])
        top, bottom = top + above, top + below
        before, after = _content(grey[top:bottom, left:right].T)
        left, right = left + before, left + after
    if bottom - top < min(LEAST_SIDE, grey.shape[0]) or right - left < min(LEAST_SIDE, grey.shape[1]):
        return image
    across, down = image.width / grey.shape[1], image.height / grey.shape[0]
    return image.crop((int(left * across), int(top * down), round(right * across), round(bottom * down)))


def _content(grey: NDArray[np.int16]) -> tuple[int, int]:
    """First and past-the-last row that is not even; (0, 0) if all are."""
    if not grey.size:
        return 0, 0
    median = np.median(grey, axis=1, keepdims=True)
    even = (np.abs(grey - median) <= EVEN_LEVELS).mean(axis=1) >= EVEN_SHARE
    rows = np.flatnonzero(~even)
    return (int(rows[0]), int(rows[-1]) + 1) if rows.size else (0, 0)
