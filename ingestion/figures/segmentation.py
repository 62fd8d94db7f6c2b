"""What is seen on a page that is one picture: its ink at one pixel per point, split into pictures and charts.

A scan or an exported slide holds no picture boxes, and the layout model sees little beyond its text. Ink is where
neighbouring pixels differ (the morphological gradient); ink that stands together is one region; it is a figure if it
holds more than words. Small regions near each other are the parts of one chart, together with the labels between them.

Example: on the scan of a page with a paragraph and a bar chart, the paragraph's ink lies under its words and is left
out; the bars, the axis and its labels become one box.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any, NamedTuple
from weakref import ref

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from ingestion.elements import BBox
from ingestion.geometry import MARGIN_BAND, area, gap, outermost, to_pixels, union, wholly_inside

EDGES = (22, 44, 66)  # of 255: how far neighbouring pixels differ where there is ink; more on textured grounds
GROUND_SHARE = 0.85  # of the page: ink over so much of it is its ground
REACH = 11  # points: ink nearer than this stands together
FRAME_SHARE = 0.9  # of the page's width and height: an outline of such a size frames the page
FRAME_INK = 0.1  # of what it encloses: an outline has less ink
BAND_SHARE = 0.8  # of the page's width: a band so wide in the margin is decoration
SPECK = 6.0  # points: smaller ink is a bullet or dirt
LARGE_SHARE = 0.05  # of the page: ink so large is a picture by itself; smaller may be part of a chart or an icon grid
PART_GAP = 36.0  # points between the parts of one chart, at most
LABEL_GAP = 16.0  # points from a part of a chart to its label, at most
LEGEND_GAP = 10.0  # points from a picture to the axis, legend or badge that belongs to it, at most
PICTURE_INK = 0.08  # of a region's ink that must lie beside words
GUTTER = 12  # points of clear space between two drawings, at least
HALF_SHARE = 0.3  # of a drawing that is two: each has so much of it at least
OUTLINE = 4  # points: so much of a region's edge is its frame
INNER_INK = 0.03  # of a region's ink, within its frame and beside words: a frame around words alone is no picture
RULE_SHARE = 0.5  # of a region's width: a rule between its words is as long
RULE_RISE = 0.04  # of a rule's length: it rises no more on a page that was scanned askew
TEXT_SHARE = 0.6  # of a region under words: it is a text, and its other ink the dirt of a scan
TEXT_AREA = 20_000.0  # square points: a smaller region is never taken for a text
GRID_SHARE = 0.5  # of a table's width: a rule of its grid is as wide
GRID_GROWTH = 1.5  # times a table's height: a grid is no higher
ACROSS_INK = 0.85  # of a region's width under ink in one row of pixels: a rule
BAND_INK = 0.2  # of the ink of a full row of pixels: one with less parts two lines of text
LEAST_BANDS = 3  # lines of a region that is nothing but text
TALLEST_BAND = 24.0  # points: higher ink is no line of text
NAMED_SHARE = 0.35  # of a line's width that the boxes of its words have, at least: the labels of bars have less
WORD_MARGIN = 2  # points around a word that belong to its ink

Mask = NDArray[np.uint8]
"""One byte per pixel at 72 dpi (one pixel per point): rows by columns."""


def visual_regions(
    render: Image.Image, width: float, height: float, words: Sequence[BBox], labels: Sequence[BBox]
) -> list[BBox]:
    """Find the regions of a page that hold more than words, as boxes in points.

    ``render`` (RGB) shows a page of ``width`` × ``height`` points at any scale. ``words`` are the boxes of all text,
    ``labels`` of what is too short for a paragraph and may belong to a chart.
    """
    size = (max(1, round(width)), max(1, round(height)))
    contrast = _contrast(render, size)
    letters = np.zeros_like(contrast)
    for word in words:
        left, top, right, bottom = to_pixels(word, 1.0, 1.0)
        letters[max(0, top - WORD_MARGIN) : bottom + WORD_MARGIN, max(0, left - WORD_MARGIN) : right + WORD_MARGIN] = 1
    pictures = _pictures(contrast, letters)
    pictures = [box for box in pictures if not _is_band(box, width, height)]
    whole = outermost(box for box in pictures if area(box) >= LARGE_SHARE * width * height)
    small = [box for box in pictures if not any(wholly_inside(box, other) for other in whole)]
    large = [part for box in whole for part in _split(box, contrast, LARGE_SHARE * width * height)]
    return outermost(_join_legends(large, _clusters(small, labels)))


def split_at_gutters(render: Image.Image, width: float, height: float, boxes: Sequence[BBox]) -> list[BBox]:
    """Cut boxes (points) of figures where a clear gutter runs between two of like size that were drawn as one.

    ``render`` (RGB) shows a page of ``width`` × ``height`` points at any scale.
    """
    contrast = _contrast(render, (max(1, round(width)), max(1, round(height))))
    return [part for box in boxes for part in _split(box, contrast, HALF_SHARE * area(box), GUTTER)]


def with_grid(render: Image.Image, width: float, height: float, table: BBox) -> BBox:
    """A table's box (points), which hugs its words, with the rules that are drawn through it and what they enclose.

    ``render`` (RGB) shows a page of ``width`` × ``height`` points at any scale.
    """
    contrast = _contrast(render, (max(1, round(width)), max(1, round(height))))
    _, labels, stats, _ = cv2.connectedComponentsWithStats((contrast > EDGES[0]).astype(np.uint8))
    left, top, right, bottom = (int(v) for v in table)
    crossing = [i for i in np.unique(labels[top:bottom, left:right]) if i]
    ruled = [stats[i] for i in crossing if stats[i][2] >= GRID_SHARE * (right - left)]
    grown = (BBox(float(x), float(y), float(x + w), float(y + h)) for x, y, w, h, _ in ruled)
    fitting = [box for box in grown if box.y1 - box.y0 <= GRID_GROWTH * (table.y1 - table.y0)]
    return union([table, *fitting])


def holds_lines_alone(render: Image.Image, width: float, height: float, box: BBox, lines: Sequence[BBox]) -> bool:
    """Whether what is seen in a region is nothing but lines of text, though their boxes do not cover them: a scan whose
    layer of text is narrower than its letters, or lies beside them.

    Its ink stands in bands of like height below each other, each of which ``lines`` name with a good part of its width;
    rules across and a frame around them are no picture.
    ``render`` (RGB) shows a page of ``width`` × ``height`` points at any scale; boxes are in points.
    """
    contrast = _contrast(render, (max(1, round(width)), max(1, round(height))))
    left, top, right, bottom = (int(v) for v in box)
    ink = contrast[top:bottom, left:right] > EDGES[0]
    ink[ink.mean(axis=1) >= ACROSS_INK] = False  # rules over all the width, and the sides of a frame
    ink[:, :OUTLINE] = ink[:, -OUTLINE:] = False
    rows = ink.sum(axis=1)
    if not rows.any():
        return False
    full = np.concatenate([[False], rows > BAND_INK * np.percentile(rows, 90), [False]]).astype(np.int8)
    edges = np.flatnonzero(np.diff(full))
    bands = [(int(a), int(b)) for a, b in zip(edges[::2], edges[1::2], strict=True) if b - a > 2]
    tall = [b - a for a, b in bands]
    if len(bands) < LEAST_BANDS or max(tall) > min(TALLEST_BAND, 2.5 * float(np.median(tall))):
        return False
    for start, end in bands:
        own = [x for x in lines if x.y0 < top + end and x.y1 > top + start and x.x1 > box.x0 and x.x0 < box.x1]
        columns = np.flatnonzero(ink[start:end].any(axis=0))
        if sum(x.x1 - x.x0 for x in own) < NAMED_SHARE * (columns[-1] - columns[0]):
            return False
    return True


def _join_legends(large: Sequence[BBox], clusters: Sequence[BBox]) -> list[BBox]:
    """Pictures with the axis, legend or badge that stands at them; other clusters are pictures of their own."""
    grown, alone = list(large), []
    for cluster in clusters:
        near = [i for i, box in enumerate(grown) if gap(box, cluster) <= LEGEND_GAP]
        if not near:
            alone.append(cluster)
            continue
        home = min(near, key=lambda i: gap(grown[i], cluster))
        grown[home] = union([grown[home], cluster])
    return grown + alone


def _split(box: BBox, contrast: Mask, least: float, gutter: int = 1) -> list[BBox]:
    """A box cut where clear lines of ``gutter`` points run between pictures of at least ``least`` square points."""
    left, top, right, bottom = (int(v) for v in box)
    ink = contrast[top:bottom, left:right] > EDGES[0]
    for axis in (0, 1):
        for cut in _clear_lines(ink, axis, gutter):
            if axis == 0:
                halves = BBox(box.x0, box.y0, left + cut, box.y1), BBox(left + cut + 1.0, box.y0, box.x1, box.y1)
            else:
                halves = BBox(box.x0, box.y0, box.x1, top + cut), BBox(box.x0, top + cut + 1.0, box.x1, box.y1)
            tight = [_tight(half, contrast) for half in halves]
            if all(area(half) >= least for half in tight):
                return [part for half in tight for part in _split(half, contrast, least, gutter)]
    return [box]


def _clear_lines(ink: NDArray[np.bool_], axis: int, gutter: int) -> list[int]:
    """Middles of the runs of at least ``gutter`` empty columns (axis 0) or rows (axis 1)."""
    clear = np.concatenate([[False], ~ink.any(axis=axis), [False]]).astype(np.int8)
    starts, ends = np.flatnonzero(np.diff(clear) == 1), np.flatnonzero(np.diff(clear) == -1)
    return [int(start + end) // 2 for start, end in zip(starts, ends, strict=True) if end - start >= gutter]


def _tight(box: BBox, contrast: Mask) -> BBox:
    """A box cut to the ink in it; without area where there is none."""
    left, top, right, bottom = (int(v) for v in box)
    ink = contrast[top:bottom, left:right] > EDGES[0]
    if not ink.any():
        return BBox(box.x0, box.y0, box.x0, box.y0)
    x0, y0, x1, y1 = _extent(ink)
    return BBox(float(left + x0), float(top + y0), float(left + x1), float(top + y1))


def _extent(ink: NDArray[Any]) -> tuple[int, int, int, int]:
    """Left, top, right and bottom of what is set in a mask that is not empty."""
    rows, columns = np.flatnonzero(ink.any(axis=1)), np.flatnonzero(ink.any(axis=0))
    return int(columns[0]), int(rows[0]), int(columns[-1]) + 1, int(rows[-1]) + 1


def _clusters(parts: Sequence[BBox], labels: Sequence[BBox]) -> list[BBox]:
    """Boxes around parts, and labels between them, that stand near each other."""
    boxes = [*parts, *labels]
    home = list(range(len(boxes)))

    def root(i: int) -> int:
        while home[i] != i:
            i = home[i]
        return i

    for i in range(len(parts)):
        for j in range(i + 1, len(boxes)):
            if gap(boxes[i], boxes[j]) <= (PART_GAP if j < len(parts) else LABEL_GAP):
                home[root(j)] = root(i)
    groups: dict[int, list[BBox]] = defaultdict(list)
    for i, box in enumerate(boxes):
        groups[root(i)].append(box)
    return [union(groups[root_]) for root_ in sorted({root(i) for i in range(len(parts))})]


def _is_band(box: BBox, width: float, height: float) -> bool:
    """Whether a box is a band along the upper or lower edge of a page of this size in points."""
    at_edge = box.y1 <= MARGIN_BAND * height or box.y0 >= (1 - MARGIN_BAND) * height
    return at_edge and box.x1 - box.x0 >= BAND_SHARE * width


def _contrast(render: Image.Image, size: tuple[int, int]) -> Mask:
    """How far (0–255) each pixel differs from its neighbours, at one pixel per point. Kept for the next call: a page is
    asked twice."""
    global _last
    seen = _last
    if seen is None or seen.of() is not render or seen.size != size:
        pixels = np.asarray(render.resize(size, Image.Resampling.BOX))
        red, green, blue = cv2.split(cv2.morphologyEx(pixels, cv2.MORPH_GRADIENT, np.ones((3, 3), np.uint8)))
        found = np.asarray(cv2.max(cv2.max(red, green), blue))  # a tenth of the time of numpy's largest of a pixel
        found.setflags(write=False)
        _last = seen = _Seen(ref(render), size, found)
    return seen.contrast


class _Seen(NamedTuple):
    of: ref[Image.Image]
    size: tuple[int, int]
    contrast: Mask


_last: _Seen | None = None


def _pictures(contrast: Mask, letters: Mask) -> list[BBox]:
    """Regions with more than words; where the page's ground has a texture, of what stands out of it."""
    found: list[BBox] = []
    for edge in EDGES:
        ink = _without_frames((contrast > edge).astype(np.uint8))
        found = [box for box, mask in _regions(ink) if _is_picture(box, mask, letters)]
        if not any(area(box) > GROUND_SHARE * contrast.size for box in found):
            break
    return found


def _without_frames(ink: Mask) -> Mask:
    """The ink without outlines around the whole page."""
    high, wide = ink.shape
    count, labels, stats, _ = cv2.connectedComponentsWithStats(ink)
    for i, (_, _, w, h, inked) in enumerate(stats[1:count], 1):
        if w >= FRAME_SHARE * wide and h >= FRAME_SHARE * high and inked < FRAME_INK * w * h:
            ink[labels == i] = 0
    return ink


def _regions(ink: Mask) -> list[tuple[BBox, Mask]]:
    """Groups of ink that stand together, with the ink of each within its box."""
    closed = cv2.dilate(ink, np.ones((REACH, REACH), np.uint8))
    count, labels, stats, _ = cv2.connectedComponentsWithStats(closed)
    found = []
    for i, (left, top, w, h, _) in enumerate(stats[1:count], 1):
        part = np.where(labels[top : top + h, left : left + w] == i, ink[top : top + h, left : left + w], 0)
        x0, y0, x1, y1 = _extent(part)
        box = BBox(float(left + x0), float(top + y0), float(left + x1), float(top + y1))
        found.append((box, part[y0:y1, x0:x1].astype(np.uint8)))
    return found


def _is_picture(box: BBox, mask: Mask, letters: Mask) -> bool:
    """Whether ink holds more than words, and more than a frame around words or rules between them."""
    left, top, right, bottom = (int(v) for v in box)
    beside = mask & (1 - letters[top:bottom, left:right])
    if float(letters[top:bottom, left:right].mean()) > TEXT_SHARE and area(box) >= TEXT_AREA:
        return False
    if float(beside.sum()) < PICTURE_INK * float(mask.sum()):
        return False
    x0, y0, x1, y1 = _extent(beside)
    if y1 - y0 <= SPECK or x1 - x0 <= SPECK:
        return False
    if not letters[top:bottom, left:right].any():
        return True
    if _are_rules(beside):
        return False
    inner = beside[OUTLINE:-OUTLINE, OUTLINE:-OUTLINE]
    return float(inner.sum()) >= INNER_INK * float(mask.sum())


def _are_rules(beside: Mask) -> bool:
    """Whether ink beside words is nothing but rules from side to side, straight or askew, and what is no larger than a
    letter."""
    count, _, stats, _ = cv2.connectedComponentsWithStats(beside)
    rules = [
        w >= RULE_SHARE * beside.shape[1] and h <= SPECK + RULE_RISE * w and inked <= SPECK * w
        for _, _, w, h, inked in stats[1:count]
    ]
    small = [max(w, h) <= 2 * SPECK for _, _, w, h, _ in stats[1:count]]
    return any(rules) and all(rule or speck for rule, speck in zip(rules, small, strict=True))
