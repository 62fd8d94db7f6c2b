"""The query's picture overlaid on a page and compared within small correlation windows.

Where there is something to see, a window compares grey levels (correlation); where there is not, brightness. Print and
rules of the same layout correlate whatever the words are, so *detail* is compared as well: what is left of the grey
levels when all horizontal and vertical strokes are taken away. Grey levels are (height, width) uint8, what windows say
(height, width) float32 or bool.
"""

from __future__ import annotations

from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from ingestion.elements import BBox
from rag.retrieval.image.images import GreyPixels, PageImage, QueryImage, magnification, warped
from rag.types import Float32Array, Float64Array

Mask = NDArray[np.bool_]
Span = tuple[slice, slice]

SMALLEST = 8  # pixels of a side below which nothing can be said
WINDOW = 11  # pixels of a side within which grey levels are correlated
DETAIL_WINDOW = 15  # pixels of a side within which detail is correlated: a word of small print
SOFT, SOFTER = 0.8, 1.0  # deviation of the blur that makes two renderings alike, in pixels: for grey levels, for detail
MOST_MARKED = 0.3  # share of the upload's area that marks and what is close to them may take
INK = 8.0  # deviation of grey levels from which a window shows something
DETAIL_INK = 5.0  # the same of detail
ALIKE, UNLIKE = 0.55, 0.35  # correlation from which a window speaks for a rectangle, and up to which against it
SAME = 0.75  # correlation from which a window shows the same for certain
SAME_DETAIL, OTHER_DETAIL = 0.6, 0.3  # the same of detail, and up to which it is other detail for certain
BESIDE = 41  # pixels of a window around what is alike, whose blank paper says how bright paper is
BRIGHTNESS = 28.0  # grey levels by which blank paper may differ after exposure is evened out
SAMPLES = 500  # pixels of paper from which its light is estimated
FITTED = (1.0, 0.7, 0.5)  # share of them, those that fit best, that one estimate after the other is made from
STEADY = 0.001  # what holds the light even, a pixel
PAPER, OTHER_PAPER = 0.15, -0.5  # what blank windows add to a rectangle
EDGE = 0.04  # of a rectangle's sides, that are left out where detail is compared
BLURS = (0.0, 1.0, 2.0)  # pixels of blur tried on the page, so that it is as blurred as a photograph of it
CELLS = 48  # a side of the grid on which the rectangle is looked for
EMPTY = 1e-3  # keeps divisions by the spread of empty windows finite
CONTRASTS = (0.5, 2.5)  # by which a photograph's contrast may differ


class Overlay(NamedTuple):
    """Both over the same part of the page; ``origin`` (points) and ``scale`` (pixels a point) say which.

    ``inside``: where the upload is.
    """

    page: GreyPixels
    upload: GreyPixels
    inside: Mask
    origin: tuple[float, float]
    scale: float

    @property
    def to_points(self) -> Float64Array:
        """(3, 3) float64: from pixels of the query to points of the page."""
        (x, y), scale = self.origin, self.scale
        return np.array([[1 / scale, 0, x], [0, 1 / scale, y], [0, 0, 1]])


class WindowComparison(NamedTuple):
    """By pixel, of the window around it: whether it has ink in either picture, whether in the upload (``own``), whether
    both are alike, whether they are the same for certain, what it adds to a rectangle.

    ``gain``: the page's contrast by the upload's; ``size``: pixels of a window.
    """

    ink: Mask
    own: Mask
    alike: Mask
    same: Mask
    value: Float32Array
    gain: float
    size: int


class DetailComparison(NamedTuple):
    """Share of the windows with detail that show the same, share of those that show something else for certain, and how
    many independent ones there are."""

    share: float
    other: float
    windows: float


def overlay(
    upload: QueryImage, page: PageImage, matrix: Float64Array, longest: int, within: BBox | None
) -> Overlay | None:
    """Both over the part of the page that the upload fills (or ``within``), at most as fine as either is."""
    x0, y0, x1, y1 = within or _extent(upload, page, matrix)
    if min(x1 - x0, y1 - y0) <= 1.0:
        return None
    size = magnification(matrix, (upload.width, upload.height))  # points a pixel of the upload
    scale = min(page.scale, 1 / size, longest / max(x1 - x0, y1 - y0))
    width, height = round((x1 - x0) * scale), round((y1 - y0) * scale)
    if min(width, height) < SMALLEST:
        return None
    to_points = np.array([[1 / scale, 0, x0], [0, 1 / scale, y0], [0, 0, 1]])
    to_page = np.diag([page.scale, page.scale, 1]) @ to_points
    to_upload = np.linalg.inv(matrix) @ to_points
    filled = np.full(upload.grey.shape, 255, dtype=np.uint8)
    inside = cv2.warpPerspective(filled, to_upload, (width, height), flags=cv2.INTER_NEAREST | cv2.WARP_INVERSE_MAP)
    own, other = warped(page, to_page, (width, height)), warped(upload, to_upload, (width, height))
    return Overlay(own, other, inside > 0, (x0, y0), scale)


def without_annotations(laid: Overlay, upload: QueryImage, page: PageImage, matrix: Float64Array) -> Overlay | None:
    """The same but for what somebody drew on the upload in a strong colour; None where there is nothing drawn, or too
    much to be a mark. What is missing from the upload is not left out."""
    size = (laid.page.shape[1], laid.page.shape[0])
    ways = np.diag([page.scale, page.scale, 1]) @ laid.to_points, np.linalg.inv(matrix) @ laid.to_points
    there, drawn_on = (
        cv2.warpPerspective(vivid, way, size, flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP) > 0
        for vivid, way in zip((page.vivid, upload.vivid), ways, strict=True)
    )
    around = np.ones((DETAIL_WINDOW, DETAIL_WINDOW), dtype=np.uint8)
    printed = cv2.dilate(there.astype(np.uint8), around) > 0
    marks = cv2.dilate((drawn_on & ~printed & laid.inside).astype(np.uint8), around) > 0
    share = marks.sum() / max(int(laid.inside.sum()), 1)
    return laid._replace(inside=laid.inside & ~marks) if 0 < share <= MOST_MARKED else None


def _extent(upload: QueryImage, page: PageImage, matrix: Float64Array) -> BBox:
    """The upload's corners on the page, as a box clipped to it; points."""
    corners = np.array([[0, 0], [upload.width, 0], [upload.width, upload.height], [0, upload.height]], dtype=float)
    x, y = cv2.perspectiveTransform(corners[None], matrix)[0].T
    height, width = (side / page.scale for side in page.grey.shape)
    return BBox(max(float(x.min()), 0), max(float(y.min()), 0), min(float(x.max()), width), min(float(y.max()), height))


def compare_windows(laid: Overlay) -> WindowComparison:
    """What every window says of the two."""
    page, upload = (cv2.GaussianBlur(part, (0, 0), SOFT).astype(np.float32) for part in (laid.page, laid.upload))
    size, inside = (WINDOW, WINDOW), laid.inside
    mean_page, mean_upload = cv2.blur(page, size), cv2.blur(upload, size)
    spread_page = np.sqrt(np.maximum(cv2.blur(page * page, size) - mean_page * mean_page, 0))
    spread_upload = np.sqrt(np.maximum(cv2.blur(upload * upload, size) - mean_upload * mean_upload, 0))
    together = cv2.blur(page * upload, size) - mean_page * mean_upload
    correlation = together / (spread_page * spread_upload + EMPTY)
    gain = _contrast(spread_page[inside], spread_upload[inside])
    ink = np.maximum(spread_page, gain * spread_upload) > INK
    difference = mean_page - gain * mean_upload
    alike = correlation > ALIKE
    paper = inside & ~ink
    beside = paper & (
        cv2.dilate((ink & alike & inside).astype(np.uint8), np.ones((BESIDE, BESIDE), dtype=np.uint8)) > 0
    )
    even = _light(difference, beside if beside.any() else paper)
    blank = np.where(np.abs(difference - even) < BRIGHTNESS, PAPER, OTHER_PAPER)
    inked = np.where(alike, 1.0, np.where(correlation > UNLIKE, 0.0, -1.0))
    value = np.where(inside, np.where(ink, inked, blank), OTHER_PAPER).astype(np.float32)
    own = gain * spread_upload > INK
    return WindowComparison(ink, own, alike, correlation > SAME, value, gain, WINDOW**2)


def _light(difference: Float32Array, paper: Mask) -> Float32Array | float:
    """By how much paper differs in brightness: evenly, or more and more towards one side as in a photograph."""
    rows, columns = np.nonzero(paper)
    if not rows.size:
        return 0.0
    step = max(1, rows.size // SAMPLES)
    rows, columns = rows[::step], columns[::step]
    height, width = difference.shape
    places = np.stack([np.ones(rows.size), rows / height - 0.5, columns / width - 0.5], axis=1)
    seen = difference[rows, columns].astype(float)
    plane = np.array([float(np.median(seen)), 0.0, 0.0])
    for share in FITTED:
        off = np.abs(seen - places @ plane)
        near = off <= np.quantile(off, share)
        pull = np.diag([0.0, STEADY * near.sum(), STEADY * near.sum()])
        plane = np.linalg.lstsq(places[near].T @ places[near] + pull, places[near].T @ seen[near], rcond=None)[0]
    down, across = np.arange(height) / height - 0.5, np.arange(width) / width - 0.5
    return np.asarray(plane[0] + plane[1] * down[:, None] + plane[2] * across[None, :], dtype=np.float32)


def compare_detail(laid: Overlay, span: Span, gain: float) -> DetailComparison:
    """How much of the detail within a rectangle is the same; the page is blurred as the upload is."""
    span = _within(span)
    inside, upload = laid.inside[span], _without_strokes(laid.upload[span])
    strength = gain * float(upload.std())
    blurred = [cv2.GaussianBlur(laid.page[span], (0, 0), blur) if blur else laid.page[span] for blur in BLURS]
    page = min((_without_strokes(each) for each in blurred), key=lambda each: abs(float(each.std()) - strength))
    size = (DETAIL_WINDOW, DETAIL_WINDOW)
    spread_page = np.sqrt(np.maximum(cv2.blur(page * page, size), 0))
    spread_upload = np.sqrt(np.maximum(cv2.blur(upload * upload, size), 0))
    correlation = cv2.blur(page * upload, size) / (spread_page * spread_upload + EMPTY)
    ink = inside & (np.maximum(spread_page, _contrast(spread_page, spread_upload) * spread_upload) > DETAIL_INK)
    count = int(ink.sum())
    same, other = (int((ink & found).sum()) for found in (correlation > SAME_DETAIL, correlation < OTHER_DETAIL))
    return DetailComparison(same / max(count, 1), other / max(count, 1), count / DETAIL_WINDOW**2)


def _within(span: Span) -> Span:
    """The rectangle without its edges, where a frame may begin."""
    edges = [round(EDGE * (side.stop - side.start)) + WINDOW // 2 for side in span]
    rows, columns = (slice(side.start + edge, side.stop - edge) for side, edge in zip(span, edges, strict=True))
    return span if min(rows.stop - rows.start, columns.stop - columns.start) < DETAIL_WINDOW else (rows, columns)


def _without_strokes(grey: GreyPixels) -> Float32Array:
    soft: Float32Array = cv2.GaussianBlur(grey, (0, 0), SOFTER).astype(np.float32)
    across, down = cv2.blur(soft, (WINDOW, 1)), cv2.blur(soft, (1, WINDOW))
    return np.asarray(soft - across - down + cv2.blur(soft, (WINDOW, WINDOW)), dtype=np.float32)


def _contrast(page: Float32Array, upload: Float32Array) -> float:
    """The page's contrast by the upload's."""
    if not page.size:
        return 1.0
    return float(np.clip(np.percentile(page, 90) / max(float(np.percentile(upload, 90)), EMPTY), *CONTRASTS))


def best_rectangle(value: Float32Array) -> Span | None:
    """The rectangle with the largest sum, the widest of equals; None where nothing is positive."""
    height, width = value.shape
    down, across = min(CELLS, height), min(CELLS, width)
    grid = cv2.resize(value, (across, down), interpolation=cv2.INTER_AREA)
    sums = np.vstack([np.zeros(across), np.cumsum(grid, axis=0)])
    most, best = 1e-6, None
    for top in range(down):
        rows = np.cumsum(sums[top + 1 :] - sums[top], axis=1)
        totals = np.hstack([np.zeros((len(rows), 1)), rows])
        lowest = np.minimum.accumulate(totals, axis=1)
        gains = totals - lowest
        bottom, right = divmod(int(gains.argmax()), across + 1)
        if gains[bottom, right] > most:
            left = int(np.flatnonzero(totals[bottom, : right + 1] <= lowest[bottom, right] + 1e-6)[0])
            most, best = float(gains[bottom, right]), (top, top + bottom + 1, left, right)
    if best is None:
        return None
    first, last, left, right = best
    tall, wide = height / down, width / across
    return slice(round(first * tall), round(last * tall)), slice(round(left * wide), round(right * wide))
