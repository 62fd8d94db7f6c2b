"""The words in a query's picture, read once per picture: the search reads the longest lines, an answer perhaps all.

What was read is remembered in :attr:`rag.storage.reader.IndexReader.readings` by the picture's pixels, for the next
question about the same picture.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable

from PIL import Image

from ingestion.elements import BBox
from ingestion.ocr import engine
from ingestion.ocr.lines import Glance
from ingestion.ocr.models import ANY, Script, normal
from rag.config import Settings
from rag.lru import Recent
from rag.retrieval.cache import pixels

LONGEST_LINES = 8  # read at a glance: of 107 screenshots .925 had their page among the first 10, .935 with all lines
READABLE = 400  # pixels of the shorter side, to which it is enlarged
LARGE_ENOUGH = 240  # pixels of the shorter side: a smaller picture is enlarged before it is read
ENLARGED = 3.0  # times at the most

Readings = Recent[Hashable, Glance]


def script_of(settings: Settings) -> Script:
    """The writing that is expected in uploaded pictures: the same as in scans."""
    return Script(normal(settings.ocr_language), settings.ocr_models.strip())


def longest_lines(image: Image.Image, script: Script = ANY, memory: Readings | None = None) -> Glance:
    """The picture's :data:`LONGEST_LINES` longest lines with boxes in pixels of the upright picture, and the turn in
    degrees that makes it upright. Raises the errors of :mod:`ingestion.ocr.engine`."""
    return _once("longest", image, script, memory, lambda: _enlarged(image, script))


def all_words(image: Image.Image, script: Script = ANY, memory: Readings | None = None) -> str:
    """Everything written in the picture, line by line. Raises the errors of :mod:`ingestion.ocr.engine`."""
    found = _once("all", image, script, memory, lambda: Glance(engine.read(image, script), 0))
    return "\n".join(line.text for line in found.lines)


def _enlarged(image: Image.Image, script: Script) -> Glance:
    """Small print is read better at a larger size."""
    shorter = min(image.size)
    factor = min(ENLARGED, READABLE / shorter) if shorter < LARGE_ENOUGH else 1.0
    if factor <= 1.0:
        return engine.glance(image, LONGEST_LINES, script)
    large = image.resize((round(image.width * factor), round(image.height * factor)), Image.Resampling.BICUBIC)
    lines, turn = engine.glance(large, LONGEST_LINES, script)
    return Glance([line._replace(bbox=BBox(*(value / factor for value in line.bbox))) for line in lines], turn)


def _once(
    what: str, image: Image.Image, script: Script, memory: Readings | None, reading: Callable[[], Glance]
) -> Glance:
    if memory is None:
        return reading()
    key = what, script, pixels(image)
    found = memory.get(key)
    if found is None:
        found = reading()
        memory.put(key, found)
    return found
