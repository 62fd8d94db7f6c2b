"""Rules in the picture of a scanned page: long thin strokes of ink, level or upright.

A scan draws no paths, so that a table's rules, which part its rows and columns, have to be found in its picture. A rule
may be as slanted as a page lies askew in a scanner, and have small gaps; letters, fills and edges of photos are none.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from ingestion.elements import BBox
from ingestion.geometry import RULE_WIDTH

LEAST = 40.0  # points of a piece of a rule: no stroke of a letter is as long
GAP = 6.0  # points between pieces of one rule, at most
THICK = 5.0  # points of a rule's stroke, at most
SLANT = 0.03  # of its length by which a rule may rise or fall
INK = 60  # of 255, darker than the paper
MOST = 400  # rules of a page: more are the strokes of a drawing


def scanned_rules(render: Image.Image, page_width: float, page_height: float) -> list[BBox]:
    """The rules that a scanned page shows, as boxes no thicker than a drawn rule, in points, level ones first.

    ``render`` is the whole page of this size in points. None where there are so many that it is a drawing.
    """
    grey = np.asarray(render.convert("L"))
    ink = (grey < int(np.median(grey)) - INK).astype(np.uint8)
    scale_x, scale_y = render.width / page_width, render.height / page_height
    level = [BBox(x0, y0, x1, y1) for x0, y0, x1, y1 in _strokes(ink, scale_x, scale_y)]
    upright = [BBox(x0, y0, x1, y1) for y0, x0, y1, x1 in _strokes(ink.T.copy(), scale_y, scale_x)]
    return [*level, *upright] if len(level) + len(upright) <= MOST else []


def _strokes(ink: NDArray[np.uint8], along: float, across: float) -> list[tuple[float, float, float, float]]:
    """Strokes along the rows of a picture: start, level, end, level, in points; ``along`` and ``across`` are pixels to
    a point."""
    least, gap = max(2, round(LEAST * along)), max(1, round(GAP * along))
    steady = cv2.dilate(ink, np.ones((3, 1), np.uint8))  # a slanted rule goes on in the row beside
    runs = cv2.morphologyEx(steady, cv2.MORPH_OPEN, np.ones((1, least), np.uint8))
    joined = cv2.morphologyEx(runs, cv2.MORPH_CLOSE, np.ones((1, gap), np.uint8))
    _, _, stats, _ = cv2.connectedComponentsWithStats(joined)
    found = []
    for x, y, long, high, pixels in stats[1:].tolist():
        if pixels / long <= THICK * across and high <= SLANT * long + THICK * across:
            middle = (y + high / 2) / across
            half = min(high / across, RULE_WIDTH) / 2
            found.append((x / along, middle - half, (x + long) / along, middle + half))
    return found
