"""The homography from a page to a picture that was photographed from aside: what is near is wider than what is far.

Patches of the picture are looked for around where they should be on the page; RANSAC (Fischler and Bolles 1981) gives
the homography, a (3, 3) float64 matrix, on which most of them agree.
"""

from __future__ import annotations

from typing import NamedTuple

import cv2
import numpy as np

from rag.retrieval.image.correlation import Mask, Overlay
from rag.retrieval.image.images import GreyPixels
from rag.types import Float64Array

PATCH = 32  # pixels of a side
STRIDE = 24  # pixels between patches
SHARP = 12.0  # deviation of grey levels from which a patch can be recognised
FOUND = 0.7  # correlation from which it is
SLACK = 1.5  # pixels by which a patch may miss its place
FOUR = 4  # patches that agree with any transform
FEWEST = 12  # that must agree
MOST_WRONG = 0.5  # share of the patches found that may disagree
TRIES, SURE = 1000, 0.995  # of RANSAC, and the certainty at which it stops
DEEPEST = 2.5  # times as far away as the nearest corner, the most that the farthest may be


class HomographyFit(NamedTuple):
    """``change`` takes the page's pixels to the upload's; None where too few patches agree. ``patches``: how many could
    be recognised; ``fits``: how many of them agree."""

    change: Float64Array | None
    patches: int
    fits: int


def fit_homography(laid: Overlay, reach: int, most: int = 1000) -> HomographyFit:
    """Where the upload's patches, ``most`` of them, are found on the page, each within ``reach`` pixels of where it
    should be."""
    places, patches = _partners(laid, reach, most)
    if len(places) < FOUR:
        return HomographyFit(None, patches, 0)
    here, there = places[:, :2], places[:, 2:]
    change, fits = cv2.findHomography(here, there, cv2.RANSAC, SLACK, maxIters=TRIES, confidence=SURE)
    fit = int(fits.sum()) if change is not None else 0
    agreed = change is not None and fit >= max(FEWEST, (1 - MOST_WRONG) * len(here)) and _gentle(change, laid)
    return HomographyFit(np.asarray(change) if agreed else None, patches, max(fit, _straight(here, there)))


def _straight(here: Float64Array, there: Float64Array) -> int:
    """How many agree on a turn, a scale and a shift: patches in one row say nothing of perspective."""
    a, b = (np.ascontiguousarray(points, dtype=np.float32) for points in (here, there))  # OpenCV refuses columns
    fits = cv2.estimateAffinePartial2D(a, b, method=cv2.RANSAC, ransacReprojThreshold=SLACK, maxIters=TRIES)[1]
    return 0 if fits is None else int(fits.sum())


def _gentle(change: Float64Array, laid: Overlay) -> bool:
    height, width = laid.page.shape
    depth = np.array([[0, 0, 1], [width, 0, 1], [0, height, 1], [width, height, 1]]) @ change[2]
    return bool(depth.min() > 0 and depth.max() < DEEPEST * depth.min())


def _partners(laid: Overlay, reach: int, most: int) -> tuple[Float64Array, int]:
    """(n, 4): centres of patches on the page and in the upload, where they were found; and how many were looked for."""
    page, upload = (cv2.GaussianBlur(part, (0, 0), 1.0) for part in (laid.page, laid.upload))
    corners = _corners(laid.inside, upload)
    corners = corners[:: -(-len(corners) // most)] if len(corners) else corners
    found = []
    for top, left in corners:
        patch = upload[top : top + PATCH, left : left + PATCH]
        y, x = max(0, top - reach), max(0, left - reach)
        around = page[y : top + PATCH + reach, x : left + PATCH + reach]
        _, score, _, (right, down) = cv2.minMaxLoc(cv2.matchTemplate(around, patch, cv2.TM_CCOEFF_NORMED))
        if score > FOUND:
            found.append((x + right, y + down, left, top))
    return np.array(found, dtype=float).reshape(-1, 4) + PATCH / 2, len(corners)


def _corners(inside: Mask, upload: GreyPixels) -> list[tuple[int, int]]:
    """Top and left of the upload's patches that could be recognised."""
    size, shown = (PATCH, PATCH), upload.astype(np.float32)
    spread = cv2.blur(shown * shown, size) - cv2.blur(shown, size) ** 2
    good = (spread >= SHARP**2) & (cv2.erode(inside.astype(np.uint8), np.ones(size, dtype=np.uint8)) > 0)
    height, width = upload.shape
    half = PATCH // 2
    rows, columns = np.nonzero(good[half : height - half : STRIDE, half : width - half : STRIDE])
    return list(zip((rows * STRIDE).tolist(), (columns * STRIDE).tolist(), strict=True))
