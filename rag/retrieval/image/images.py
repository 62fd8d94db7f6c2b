"""The two images that are compared, the query's picture and a page: grey levels, pyramids of them, keypoints.

Grey levels are (height, width) uint8. Matrices are (3, 3) float64 and take homogeneous pixels to pixels. Keypoints are
ORB (Rublee et al. 2011): a page of 1,224 x 1,584 pixels takes 14 ms (2,000 of them), SIFT 290 ms.
"""

from __future__ import annotations

from functools import cached_property
from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from rag.types import Float64Array

GreyPixels = NDArray[np.uint8]

POINTS_ON_PAGE = 2000
POINTS_ON_UPLOAD = 1000
READABLE = 400  # pixels of the shorter side: a smaller upload is enlarged before keypoints are looked for
ENLARGED = 3.0  # times at the most
LONGEST = 1600  # pixels of the longer side: a larger upload is made smaller
PATCH = 31  # pixels that describe a keypoint
VIVID = 90  # levels between the strongest and the weakest of red, green and blue, from which a colour is strong
DARK = 110  # middle grey level below which an upload may be a page read light on dark


class Keypoints(NamedTuple):
    """``places`` (n, 2) in pixels of the whole picture, ``marks`` (n, 32) bytes."""

    places: NDArray[np.float32]
    marks: GreyPixels


class ImagePyramid:
    """Grey pixels, and the same at half the resolution, at a quarter and so on, each made when first asked for."""

    def __init__(self, grey: GreyPixels) -> None:
        self.grey = grey
        self._halves = [grey]

    @property
    def height(self) -> int:
        """In pixels."""
        return int(self.grey.shape[0])

    @property
    def width(self) -> int:
        """In pixels."""
        return int(self.grey.shape[1])

    def halved(self, times: int) -> GreyPixels:
        """(height, width) uint8: the grey picture at half its size, ``times`` times over; kept once made."""
        while len(self._halves) <= times:
            self._halves.append(resized(self._halves[-1], 0.5))
        return self._halves[times]


class QueryImage(ImagePyramid):
    """A picture somebody looks for."""

    def __init__(self, grey: GreyPixels, vivid: GreyPixels) -> None:
        super().__init__(grey)
        self.vivid = vivid

    @classmethod
    def of(cls, image: Image.Image) -> QueryImage:
        """From any picture that Pillow has opened."""
        return cls(np.asarray(image.convert("L")), _vivid(np.asarray(image.convert("RGB"))))

    @cached_property
    def polarities(self) -> tuple[QueryImage, ...]:
        """As it is, and where it is dark its negative: pages are read light on dark at night."""
        return (self, QueryImage(255 - self.grey, self.vivid)) if np.median(self.grey) < DARK else (self,)

    @cached_property
    def keypoints(self) -> Keypoints:
        """Keypoints at a size at which print is readable, their places in pixels of the picture as it is."""
        factor = max(1.0, min(READABLE / min(self.grey.shape), ENLARGED))
        factor = min(factor, LONGEST / max(self.grey.shape))
        found = _keypoints(resized(self.grey, factor), POINTS_ON_UPLOAD)
        return Keypoints(found.places / np.float32(factor), found.marks)


class PageImage(ImagePyramid):
    """A page: its picture, and how many pixels a point has."""

    def __init__(self, grey: GreyPixels, width: float, stored: bytes = b"") -> None:
        """``width`` in points; ``stored``: the picture's bytes, for its colours."""
        super().__init__(grey)
        self.scale = grey.shape[1] / width
        self._stored = stored

    @classmethod
    def of(cls, stored: bytes, width: float) -> PageImage | None:
        """From a stored picture; None where it cannot be read. OpenCV decodes a page's WebP in 6 ms, Pillow in 20."""
        grey = cv2.imdecode(_bytes(stored), cv2.IMREAD_GRAYSCALE) if stored else None
        return None if grey is None else cls(np.asarray(grey, dtype=np.uint8), width, stored)

    @cached_property
    def vivid(self) -> GreyPixels:
        """(height, width) uint8: 255 where the page has a strong colour; zeros where no picture is stored."""
        colours = cv2.imdecode(_bytes(self._stored), cv2.IMREAD_COLOR) if self._stored else None
        return np.zeros_like(self.grey) if colours is None else _vivid(np.asarray(colours, dtype=np.uint8))

    @cached_property
    def keypoints(self) -> Keypoints:
        """The page's keypoints, in pixels of its picture."""
        return _keypoints(self.grey, POINTS_ON_PAGE)


def _bytes(stored: bytes) -> GreyPixels:
    return np.frombuffer(stored, dtype=np.uint8)


def _vivid(colours: GreyPixels) -> GreyPixels:
    """255 where a picture, (height, width, 3), has a strong colour."""
    strong = colours.max(axis=2) - colours.min(axis=2) > VIVID
    return np.asarray(strong * np.uint8(255), dtype=np.uint8)


def resized(grey: GreyPixels, factor: float) -> GreyPixels:
    """Resized by a factor: averaged when it gets smaller, interpolated when larger."""
    if factor == 1.0:
        return grey
    size = (max(1, round(grey.shape[1] * factor)), max(1, round(grey.shape[0] * factor)))
    way = cv2.INTER_AREA if factor < 1 else cv2.INTER_CUBIC
    return np.asarray(cv2.resize(grey, size, interpolation=way), dtype=np.uint8)


def warped(picture: ImagePyramid, matrix: Float64Array, size: tuple[int, int]) -> GreyPixels:
    """A picture seen through a matrix from the drawing's pixels to its own; averaged where it gets smaller."""
    coarser = max(1.0, magnification(matrix, size))
    halvings = int(np.log2(coarser))
    grey, left = picture.halved(halvings), coarser / 2**halvings
    if left > 1.3:
        grey = resized(grey, 1 / left)
    factors = grey.shape[1] / picture.width, grey.shape[0] / picture.height
    matrix = np.diag([*factors, 1]) @ matrix
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    seen = cv2.warpPerspective(grey, matrix, size, flags=flags, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(seen, dtype=np.uint8)


def magnification(matrix: Float64Array, size: tuple[int, int]) -> float:
    """How many times longer a short line in the middle of a picture of this size gets."""
    depth = float(matrix[2] @ (size[0] / 2, size[1] / 2, 1.0))
    return float(np.sqrt(abs(np.linalg.det(matrix) / depth**3)))


def _keypoints(grey: GreyPixels, most: int) -> Keypoints:
    finder = cv2.ORB.create(most, edgeThreshold=PATCH // 2, patchSize=PATCH, fastThreshold=10)
    found, marks = finder.detectAndCompute(grey, None)
    if marks is None:
        return Keypoints(np.zeros((0, 2), dtype=np.float32), np.zeros((0, 32), dtype=np.uint8))
    return Keypoints(np.array([point.pt for point in found], dtype=np.float32), np.asarray(marks, dtype=np.uint8))
