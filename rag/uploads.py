"""The words of an uploaded picture, read once: the search and the answer ask for the same picture.

Enters: a picture. Leaves: its lines of text, and how it must be turned to be upright. Must not know: who asks, pages,
indexes.
"""

from __future__ import annotations

from collections.abc import Callable

from PIL import Image

from ingestion import ocr
from ingestion.elements import BBox
from ingestion.ocr import Glance
from rag.cache import Recent, pixels

KEPT = 32  # readings
LONGEST_LINES = 8  # read at a glance: of 107 screenshots .925 had their page among the first 10, .935 with all lines
READABLE = 400  # pixels of the shorter side, to which it is enlarged
LARGE_ENOUGH = 240  # pixels of the shorter side: a smaller picture is enlarged before it is read
ENLARGED = 3.0  # times at the most

_kept: Recent[tuple[str, str], Glance] = Recent(KEPT)


def glance(image: Image.Image) -> Glance:
    """The picture's longest lines, with boxes in its pixels once it is upright."""
    return _once("glance", image, lambda: _enlarged(image))


def read(image: Image.Image) -> str:
    """All words, line by line."""
    return "\n".join(line.text for line in _once("all", image, lambda: Glance(ocr.read(image), 0)).lines)


def forget() -> None:
    """Everything read: the next look at a picture takes as long as a first one."""
    _kept.clear()


def _enlarged(image: Image.Image) -> Glance:
    """Small print is read better at a larger size."""
    shorter = min(image.size)
    factor = min(ENLARGED, READABLE / shorter) if shorter < LARGE_ENOUGH else 1.0
    if factor <= 1.0:
        return ocr.glance(image, LONGEST_LINES)
    large = image.resize((round(image.width * factor), round(image.height * factor)), Image.Resampling.BICUBIC)
    lines, turn = ocr.glance(large, LONGEST_LINES)
    return Glance([line._replace(bbox=BBox(*(value / factor for value in line.bbox))) for line in lines], turn)


def _once(what: str, image: Image.Image, reading: Callable[[], Glance]) -> Glance:
    key = (what, pixels(image))
    found = _kept.get(key)
    if found is None:
        found = reading()
        _kept.put(key, found)
    return found
