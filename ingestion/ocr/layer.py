"""A scan's layer of invisible text that lies beside the letters of the picture, above or below them: how far. Pure.

Some programs lay what they read at another height than they read it. Whoever marks a line then marks the white between
two lines, and figures are cut through words. The ink of the page tells where the lines are: the layer is right where
the boxes of its lines hold the most of it.

Example: letters from 100 to 110 points, their line in the layer from 106 to 116: it is to be moved by -6 points.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from statistics import median

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from ingestion.blocks import Line
from ingestion.geometry import height, width

LEAST_LINES = 3
DARK = 96  # of 255, below the paper: ink
REACH = 0.8  # line heights that a layer may lie beside its letters; the next line is not much further
STEPS = 16  # shifts that are tried in either direction
LEAST_SHIFT = 0.25  # line heights: boxes of a good layer are as inexact
ALL = 0.98  # of the most ink that boxes hold at any shift
GAIN = 1.25  # times the ink that the boxes have where they lie


def layer_shift(lines: Sequence[Line], render: Image.Image, page_width: float, page_height: float) -> float:
    """By how many points the hidden lines of a page are to be moved down (up: less than 0) to lie on their letters.

    ``render`` is the whole page of this size in points, in RGB. 0 where they lie well, or nothing tells.
    """
    level = [line.bbox for line in lines if line.hidden and not (line.quarters or line.vertical or line.slanted)]
    level = [box for box in level if min(height(box), width(box)) > 1]
    if len(level) < LEAST_LINES:
        return 0.0
    grey = np.asarray(render.convert("L"))
    ink = _sums(grey < int(np.median(grey)) - DARK)
    scale_x, scale_y = render.width / page_width, render.height / page_height
    columns = np.clip(np.array([[box.x0, box.x1] for box in level]) * scale_x, 0, render.width).astype(int)
    rows = np.array([[box.y0, box.y1] for box in level]) * scale_y
    tall = median(height(box) for box in level) * scale_y
    shifts = np.linspace(-REACH, REACH, 2 * STEPS + 1) * tall
    held = np.array([_held(ink, columns, rows + shift) for shift in shifts])
    best = float(shifts[held >= ALL * held.max()].mean())  # boxes are higher than letters: several shifts hold all
    if held.max() < GAIN * held[STEPS] or abs(best) < LEAST_SHIFT * tall:
        return 0.0
    return best / scale_y


def moved(lines: Sequence[Line], shift: float) -> list[Line]:
    """The hidden lines, moved down by ``shift`` points."""
    return [
        replace(line, bbox=line.bbox._replace(y0=line.bbox.y0 + shift, y1=line.bbox.y1 + shift))
        for line in lines
        if line.hidden
    ]


def _sums(dark: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Sums of all pixels above and left of each, so that a box takes four look-ups."""
    padded = np.zeros((dark.shape[0] + 1, dark.shape[1] + 1), dtype=np.int64)
    padded[1:, 1:] = dark.cumsum(0, dtype=np.int64).cumsum(1)
    return padded


def _held(ink: NDArray[np.int64], columns: NDArray[np.int64], rows: NDArray[np.float64]) -> float:
    """How many dark pixels lie in boxes."""
    y = np.clip(np.rint(rows), 0, ink.shape[0] - 1).astype(int)
    (x0, x1), (y0, y1) = columns.T, y.T
    return float((ink[y1, x1] - ink[y0, x1] - ink[y1, x0] + ink[y0, x0]).sum())
