"""Crops of a page's render: cut out with a margin, told from blank paper, hashed to find the same picture again.

Example: the crop of a box of 100 × 50 points from a render at 144 dpi has 216 × 116 pixels (4 points of margin all
round).
"""

from __future__ import annotations

from bisect import bisect_left
from itertools import accumulate

import numpy as np
from PIL import Image

from ingestion.elements import BBox
from ingestion.geometry import pad, to_pixels

MIN_INK = 0.01  # share of pixels that differ from the background, of a figure
TONE = 12  # grey levels of 255 from the most common tone: a pixel with ink
PAGE_INK = 0.0005  # the same of a page: one printed word is enough
CROP_PAD = 4.0  # points around a crop; layout boxes are text-tight and cut rules and headers


def crop(render: Image.Image, box: BBox, page_width: float, page_height: float) -> Image.Image:
    """Cut ``box`` (points) with a margin out of the page's render.

    ``render`` shows a page of ``page_width`` × ``page_height`` points at any scale; the crop has the same scale.
    """
    scale_x, scale_y = render.width / page_width, render.height / page_height
    return render.crop(to_pixels(pad(box, CROP_PAD, page_width, page_height), scale_x, scale_y))


def is_blank(picture: Image.Image, ink: float = MIN_INK) -> bool:
    """Whether all but a share of ``ink`` (0–1) of the pixels have one tone."""
    counts = picture.convert("L").resize((256, 256), Image.Resampling.BOX).histogram()
    total = sum(counts)
    below = list(accumulate(counts))
    common = (bisect_left(below, total // 2) + bisect_left(below, total // 2 + 1)) / 2  # the median
    return sum(count for tone, count in enumerate(counts) if abs(tone - common) > TONE) / total < ink


def difference_hash(picture: Image.Image) -> int:
    """64-bit difference hash (Krawetz 2013): equal for the same picture at any size."""
    grey = np.asarray(picture.convert("L").resize((9, 8), Image.Resampling.BILINEAR), dtype=np.int16)
    bits = (grey[:, 1:] > grey[:, :-1]).flatten()
    return int("".join("1" if bit else "0" for bit in bits), 2)
