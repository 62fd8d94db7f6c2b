"""The words of an uploaded picture, read once: the search and the answer ask for the same picture.

Enters: a picture. Leaves: its lines of text, and how it must be turned to be upright. Must not know: who asks, pages,
indexes.
"""

from __future__ import annotations

from collections.abc import Callable

from PIL import Image

from ingestion.elements import BBox
from ingestion.ocr import engine
from ingestion.ocr.lines import Glance
from ingestion.ocr.models import ANY, Script, normal
from rag.config import Settings
from rag.lru import Recent
from rag.retrieval.cache import pixels

KEPT = 32  # readings
LONGEST_LINES = 8  # read at a glance: of 107 screenshots .925 had their page among the first 10, .935 with all lines
READABLE = 400  # pixels of the shorter side, to which it is enlarged
LARGE_ENOUGH = 240  # pixels of the shorter side: a smaller picture is enlarged before it is read
ENLARGED = 3.0  # times at the most

_kept: Recent[tuple[str, str], Glance] = Recent(KEPT)


def script_of(settings: Settings) -> Script:
    """What uploaded pictures are written in: the same as scans."""
    return Script(normal(settings.ocr_language), settings.ocr_models.strip())


def glance(image: Image.Image, script: Script = ANY) -> Glance:
    """The picture's longest lines, with boxes in its pixels once it is upright."""
    return _once("glance", image, script, lambda: _enlarged(image, script))


def read(image: Image.Image, script: Script = ANY) -> str:
    """All words, line by line."""
    found = _once("all", image, script, lambda: Glance(engine.read(image, script), 0))
    return "\n".join(line.text for line in found.lines)


def forget() -> None:
    """Everything read: the next look at a picture takes as long as a first one."""
    _kept.clear()


def _enlarged(image: Image.Image, script: Script) -> Glance:
    """Small print is read better at a larger size."""
    shorter = min(image.size)
    factor = min(ENLARGED, READABLE / shorter) if shorter < LARGE_ENOUGH else 1.0
    if factor <= 1.0:
        return engine.glance(image, LONGEST_LINES, script)
    large = image.resize((round(image.width * factor), round(image.height * factor)), Image.Resampling.BICUBIC)
    lines, turn = engine.glance(large, LONGEST_LINES, script)
    return Glance([line._replace(bbox=BBox(*(value / factor for value in line.bbox))) for line in lines], turn)


def _once(what: str, image: Image.Image, script: Script, reading: Callable[[], Glance]) -> Glance:
    key = (f"{what} {script}", pixels(image))
    found = _kept.get(key)
    if found is None:
        found = reading()
        _kept.put(key, found)
    return found
