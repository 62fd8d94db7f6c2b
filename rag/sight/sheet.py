"""The two pictures that are compared: what was uploaded, and a page.

Enters: a picture, or the bytes of a page's. Leaves: grey pixels, and keypoints found once, at their first use. Must not
know: how they are compared, files.

Keypoints are ORB (Rublee et al. 2011): a page of 1,224 x 1,584 pixels takes 14 ms (2,000 of them), SIFT 290 ms.
"""

from __future__ import annotations

from functools import cached_property
from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

Grey = NDArray[np.uint8]
Floats = NDArray[np.float64]

POINTS_ON_PAGE = 2000
POINTS_ON_UPLOAD = 1000
READABLE = 400  # pixels of the shorter side: a smaller upload is enlarged before keypoints are looked for
ENLARGED = 3.0  # times at the most
LONGEST = 1600  # pixels of the longer side: a larger upload is made smaller
PATCH = 31  # pixels that describe a keypoint


class Keypoints(NamedTuple):
    """``places`` (n, 2) in pixels of the whole picture, ``marks`` (n, 32) bytes."""

    places: NDArray[np.float32]
    marks: Grey


class Upload:
    """A picture somebody looks for."""

    def __init__(self, image: Image.Image) -> None:
        self.grey: Grey = np.asarray(image.convert("L"))

    @property
    def height(self) -> int:
        return int(self.grey.shape[0])

    @property
    def width(self) -> int:
        return int(self.grey.shape[1])

    @cached_property
    def keypoints(self) -> Keypoints:
        factor = max(1.0, min(READABLE / min(self.grey.shape), ENLARGED))
        factor = min(factor, LONGEST / max(self.grey.shape))
        found = _keypoints(scaled(self.grey, factor), POINTS_ON_UPLOAD)
        return Keypoints(found.places / np.float32(factor), found.marks)


class Sheet:
    """A page: its picture, and how many pixels a point has."""

    def __init__(self, grey: Grey, width: float) -> None:
        """``width`` in points."""
        self.grey = grey
        self.scale = grey.shape[1] / width

    @cached_property
    def keypoints(self) -> Keypoints:
        return _keypoints(self.grey, POINTS_ON_PAGE)


def decoded(data: bytes) -> Grey | None:
    """A stored picture in grey; None where it cannot be read. OpenCV decodes a page's WebP in 6 ms, Pillow in 20."""
    if not data:
        return None
    grey = cv2.imdecode(np.frombuffer(data, dtype=np.uint8), cv2.IMREAD_GRAYSCALE)
    return None if grey is None else np.asarray(grey, dtype=np.uint8)


def scaled(grey: Grey, factor: float) -> Grey:
    """Resized by a factor: averaged when it gets smaller, interpolated when larger."""
    if factor == 1.0:
        return grey
    size = (max(1, round(grey.shape[1] * factor)), max(1, round(grey.shape[0] * factor)))
    way = cv2.INTER_AREA if factor < 1 else cv2.INTER_CUBIC
    return np.asarray(cv2.resize(grey, size, interpolation=way), dtype=np.uint8)


def drawn(grey: Grey, matrix: Floats, size: tuple[int, int]) -> Grey:
    """``grey`` seen through a matrix from the drawing's pixels to its own; averaged where it gets smaller."""
    coarser = float(np.sqrt(abs(np.linalg.det(matrix[:2, :2]))))
    if coarser > 1.3:
        grey = scaled(grey, 1 / coarser)
        matrix = np.diag([1 / coarser, 1 / coarser, 1]) @ matrix
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    seen = cv2.warpPerspective(grey, matrix, size, flags=flags, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(seen, dtype=np.uint8)


def _keypoints(grey: Grey, most: int) -> Keypoints:
    finder = cv2.ORB.create(most, edgeThreshold=PATCH // 2, patchSize=PATCH, fastThreshold=10)
    found, marks = finder.detectAndCompute(grey, None)
    if marks is None:
        return Keypoints(np.zeros((0, 2), dtype=np.float32), np.zeros((0, 32), dtype=np.uint8))
    return Keypoints(np.array([point.pt for point in found], dtype=np.float32), np.asarray(marks, dtype=np.uint8))
