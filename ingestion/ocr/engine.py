"""Reading text in pictures with RapidOCR: a picture to lines of text, with boxes in pixels of that picture.

The engine (PP-OCRv6 small, ONNX, weights inside the wheel) is loaded at the first picture, once per process. Pictures
are trimmed to what is not background and put on a canvas of the size that the detector likes; lines that lie on their
side are read again the other way round and the surer reading is kept.

Measured 2026-11-21, a page of a report: 1.0 s at 100 dpi and 1.6 s at 150 dpi on two threads, 2.0 and 2.5 s on one.
"""

from __future__ import annotations

import os
import re
import threading
from collections.abc import Callable, Sequence
from statistics import fmean
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from ingestion.elements import BBox
from ingestion.errors import IngestionError, LimitExceeded, UnreadableImage
from ingestion.formats.images import MOST_PIXELS, on_white
from ingestion.geometry import turned_back
from ingestion.ocr.lines import Glance, OcrLine, reading_order
from ingestion.ocr.models import ANY, Script, chosen, is_rtl
from ingestion.ocr.networks import engine_settings, thread_settings
from ingestion.text.bidi import logical_glyphs

CANVAS = 736  # pixels; the detector enlarges what has a shorter side, a line of text to a length of 6,000 pixels
LONGEST_SIDE = 2000  # pixels; the engine's own limit, larger pictures are scaled down to it
MARGIN = 12  # pixels of background put around a picture: text that touches the edge is cut off otherwise
LOW = 28  # pixels; a lone line of small print is enlarged
INK = 24  # of 255, how far a pixel must differ from the background
SURVEY = 1000  # pixels; ink is looked for at this size
GLANCE = 960  # pixels of the longer side at which lines are looked for at a glance; they are read at full size
GLANCE_CANVAS = 320  # pixels of the shorter side below which a canvas is not made smaller at a glance
LYING = 1.5  # times a line's length that its height must have for it to lie on its side; the engine turns it left then
STUB = 3.5  # times a box's width: one no higher may hold a letter or two that stand upright
WORD = 3  # characters; of fewer, the shape of the box does not say which way they stand
MOST = 0.6  # of the characters of such lines: the picture lies on its side as a whole
CERTAIN = 0.9  # confidence of a line that is read the right way round; one that stands on its head gets up to 0.83
PROBES = 3  # lines, the longest, that say whether a picture stands on its head
DOUBTFUL = 0.8  # mean confidence of these below which they are read the other way round as well
SURE = 0.5  # confidence below which a line is left out, the engine's own limit

# RapidOCR 3.10: the orientation classifier turns upright lines round (word recall falls), so it is off.
# Lines one by one: in batches the shorter ones are padded, a sixth of the time. The detector sees 1,280 pixels at most:
# pages of print of 5 to 9 points at 144 dpi lose no word and take a third less time; with 960 all of 5 points is lost.
ENGINE_SETTINGS = {
    "Global.use_cls": False,
    "Global.log_level": "critical",
    "Global.text_score": 0.0,  # lines that lie on their side are tried the other way before they are given up
    "Global.max_side_len": LONGEST_SIDE,
    "Rec.rec_batch_num": 1,
    "Det.limit_type": "max",
    "Det.limit_side_len": 1280,
}

# Signs that the models do not have and give as others, where a number leaves no doubt (PP-OCRv6, 2026-11-28): "5 ‰" as
# "5 %o", "Ø 12" as "∅ 12", the minus of "10⁻⁶" at full height. What may be meant as it is, such as "10-6", stays.
SIGNS = (
    (re.compile(r"(?<=\d)( ?)%o(?!\w)"), r"\1‰"),
    (re.compile(r"∅(?= ?\d)"), "Ø"),
    (re.compile(r"(?<=\d)[-–−](?=[⁰¹²³⁴⁵⁶⁷⁸⁹])"), "⁻"),
)
WIDE = str.maketrans({"。": ".", "，": ",", "：": ":", "；": ";", "（": "(", "）": ")", "！": "!", "？": "?"})
EAST_ASIAN = re.compile("[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af]")

THREADS = "OMP_NUM_THREADS"  # set for processes that share the cores; onnxruntime itself ignores it

Engine = Callable[..., Any]

_lock = threading.Lock()
_engine: tuple[Script, Engine] | None = None  # the one that was asked last


def read(image: Image.Image, script: Script = ANY) -> list[OcrLine]:
    """The lines of text in ``image``, in reading order (columns of prose one by one, table rows left to right).

    Lines of which the engine is less than half sure are left out.

    Any mode and size. Raises :class:`UnreadableImage` if it cannot be decoded, :class:`LimitExceeded` above
    :data:`~ingestion.formats.images.MOST_PIXELS`, :class:`IngestionError` if the engine is missing or fails.
    """
    rgb = _decoded(image)
    background = _background(rgb)
    frame = _inked(rgb, background)
    if frame is None:
        return []
    pixels, scale = _on_canvas(rgb.crop(frame), background)
    result = _run(pixels, script, use_det=True, use_rec=True)
    if result.boxes is None or result.txts is None:
        return []
    quads = [np.asarray(quad, dtype=float) for quad in result.boxes]
    ways = [
        _Way(str(text), float(score), 3 if _lies(quad) else 0)
        for quad, text, score in zip(quads, result.txts, result.scores, strict=True)
    ]
    if not _most_lie(ways):
        whole = Image.fromarray(pixels)
        ways = [
            _right_way(whole, quad, way, script) if way.quarters else way for quad, way in zip(quads, ways, strict=True)
        ]
    lines = []
    for quad, way in zip(quads, ways, strict=True):
        if way.score >= SURE:
            found = _line((quad - MARGIN) / scale + frame[:2], way.text, way.score, image.size, script)
            lines += [line._replace(quarters=way.quarters) for line in found]
    return reading_order(lines)


def glance(image: Image.Image, most: int, script: Script = ANY) -> Glance:
    """The ``most`` longest lines of text in ``image``, in reading order: a third of the time of reading all.

    Lines are looked for in a smaller picture and read at full size; those of a picture that lies on its side or stands
    on its head are read as it should be. Raises what :func:`read` raises.
    """
    rgb = _decoded(image)
    background = _background(rgb)
    frame = _inked(rgb, background)
    if frame is None:
        return Glance([], 0)
    pixels, scale = _on_canvas(rgb.crop(frame), background, GLANCE_CANVAS)
    whole = Image.fromarray(pixels)
    factor = min(1.0, GLANCE / max(whole.size))
    size = (round(whole.width * factor), round(whole.height * factor))
    small = whole if factor == 1.0 else whole.resize(size, Image.Resampling.BOX)
    found = _run(np.asarray(small), script, use_det=True, use_rec=False)
    if found.boxes is None:
        return Glance([], 0)
    quads = sorted((np.asarray(quad, dtype=float) / factor for quad in found.boxes), key=_slimness, reverse=True)
    turn, strips = _strips(whole, quads[:most], script)
    lines = []
    for quad, (text, score) in zip(quads, strips, strict=False):
        if score >= SURE:
            lines += _line((quad - MARGIN) / scale + frame[:2], text, score, image.size, script)
    upright = [line._replace(bbox=turned_back(line.bbox, turn // 90, *image.size)) for line in lines]
    return Glance(reading_order(upright), turn)


def read_line(image: Image.Image, script: Script = ANY) -> str:
    """The words of a picture of one upright line and nothing else: a fraction of the time of :func:`read`, which looks
    for lines first. Raises what that raises."""
    text, _ = _strip(np.asarray(_decoded(image)), 0, script)
    return text.strip()


class _Way(NamedTuple):
    """A line as it is read after so many clockwise quarter turns."""

    text: str
    score: float
    quarters: int


def _lies(quad: NDArray[np.float64]) -> bool:
    return _side(quad[0], quad[3]) >= LYING * _side(quad[0], quad[1])


def _most_lie(ways: Sequence[_Way]) -> bool:
    """Whether the whole picture lies on its side: letters and digits alone do not say."""
    told = [(len(way.text), way.quarters) for way in ways if len(way.text) >= WORD]
    return sum(count for count, quarters in told if quarters) > MOST * sum(count for count, _ in told)


def _right_way(whole: Image.Image, quad: NDArray[np.float64], first: _Way, script: Script) -> _Way:
    """A line in a box higher than wide, which the engine takes for one that runs downwards: it may run upwards, and a
    narrow letter or digit stands upright in such a box."""
    short = len(first.text.strip()) < WORD or _side(quad[0], quad[3]) < STUB * _side(quad[0], quad[1])
    if first.score >= CERTAIN and not short:
        return first
    strip = _upright(whole, quad)
    ways = [
        first,
        *(_Way(*_strip(strip, 90 * (4 - quarters) % 360, script), quarters) for quarters in (1, 0)[: 1 + short]),
    ]
    if short and (len(ways[-1].text.strip()) == 1 or ways[-1].score >= CERTAIN):
        return ways[-1]
    return max(ways, key=lambda way: way.score)


def _strips(
    whole: Image.Image, quads: Sequence[NDArray[np.float64]], script: Script
) -> tuple[int, list[tuple[str, float]]]:
    """What the lines say, with confidence, and the degrees the picture must be turned by for that."""
    lying = sum(map(_lies, quads)) > len(quads) / 2
    first, other = (90, 270) if lying else (0, 180)
    strips = [_upright(whole, quad) for quad in quads]
    read = [_strip(strip, first, script) for strip in strips[:PROBES]]
    if fmean(score for _, score in read) < DOUBTFUL:
        again = [_strip(strip, other, script) for strip in strips[:PROBES]]
        if fmean(score for _, score in again) >= DOUBTFUL:
            first, read = other, again
    return first, [*read, *(_strip(strip, first, script) for strip in strips[PROBES:])]


def _strip(strip: NDArray[np.uint8], turn: int, script: Script) -> tuple[str, float]:
    """A line's text and confidence, read after a turn by ``turn`` degrees against the clock."""
    result = _run(np.rot90(strip, turn // 90), script, use_det=False, use_rec=True)
    return (str(result.txts[0]), float(result.scores[0])) if result.txts is not None else ("", 0.0)


def _line(
    points: NDArray[np.float64], text: object, score: float, size: tuple[int, int], script: Script
) -> list[OcrLine]:
    """A line from its corners in pixels of the picture of that size; none where nothing of it is left."""
    words = logical_glyphs(str(text).strip()) if is_rtl(script) else _with_signs(str(text).strip())
    (x0, y0), (x1, y1) = points.min(axis=0), points.max(axis=0)
    box = BBox(*(float(v) for v in (max(x0, 0), max(y0, 0), min(x1, size[0]), min(y1, size[1]))))
    return [OcrLine(words, box, float(score))] if words and box.x1 > box.x0 and box.y1 > box.y0 else []


def _with_signs(text: str) -> str:
    if not EAST_ASIAN.search(text):  # the models give the stop of "Fig. 4." as a Chinese one, too
        text = text.translate(WIDE)
    for pattern, sign in SIGNS:
        text = pattern.sub(sign, text)
    return text


def _slimness(quad: NDArray[np.float64]) -> float:
    """Length by height: about the number of characters."""
    shorter, longer = sorted((_side(quad[0], quad[1]), _side(quad[0], quad[3])))
    return longer / max(shorter, 1.0)


def _upright(picture: Image.Image, quad: NDArray[np.float64]) -> NDArray[np.uint8]:
    """A line cut out along its corners, which come clockwise from the top left."""
    size = (max(1, round(_side(quad[0], quad[1]))), max(1, round(_side(quad[0], quad[3]))))
    corners = [float(value) for corner in (0, 3, 2, 1) for value in quad[corner]]
    return np.asarray(picture.transform(size, Image.Transform.QUAD, corners, Image.Resampling.BICUBIC))


def _side(start: NDArray[np.float64], end: NDArray[np.float64]) -> float:
    return float(np.hypot(*(end - start)))


def _decoded(image: Image.Image) -> Image.Image:
    width, height = image.size
    size = f"picture of {width} x {height} pixels"
    if width * height > MOST_PIXELS:
        raise LimitExceeded(f"{size}: more than {MOST_PIXELS:,} are not read; scale it down")
    if not width or not height:
        raise UnreadableImage(f"{size}: there is nothing to read")
    try:
        return on_white(image)
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as exc:
        raise UnreadableImage(f"{size} cannot be decoded ({exc}); save it again as PNG") from exc


def _background(rgb: Image.Image) -> NDArray[np.uint8]:
    """The usual colour of the picture's edge."""
    small = np.asarray(_survey(rgb))
    edge = np.concatenate([small[0], small[-1], small[:, 0], small[:, -1]])
    return np.asarray(np.median(edge, axis=0), dtype=np.uint8)


def _inked(rgb: Image.Image, background: NDArray[np.uint8]) -> tuple[int, int, int, int] | None:
    """The part that is not background, or None. The detector overlooks a lone line on a large blank sheet: on a page of
    1,300 x 2,000 pixels it found none of 20 pixels' height, and cutting the margins off saves time."""
    small = _survey(rgb)
    differs = np.abs(np.asarray(small, dtype=np.int16) - background).max(axis=2) > INK
    rows, columns = np.flatnonzero(differs.any(axis=1)), np.flatnonzero(differs.any(axis=0))
    if not rows.size:
        return None
    step_x, step_y = rgb.width / small.width, rgb.height / small.height
    left, top = int(columns[0] * step_x) - MARGIN, int(rows[0] * step_y) - MARGIN
    right, bottom = round((columns[-1] + 1) * step_x) + MARGIN, round((rows[-1] + 1) * step_y) + MARGIN
    return max(0, left), max(0, top), min(rgb.width, right), min(rgb.height, bottom)


def _survey(rgb: Image.Image) -> Image.Image:
    small = rgb.copy()
    small.thumbnail((SURVEY, SURVEY), Image.Resampling.BOX)
    return small


def _on_canvas(rgb: Image.Image, background: NDArray[np.uint8], least: int = CANVAS) -> tuple[NDArray[np.uint8], float]:
    """The picture as the engine wants it, BGR with a margin, and the factor it was scaled by.

    On a canvas of the detector's size a line of text takes a quarter of the time (0.5 for 2 s), is split into pieces
    less often, and is read as well as when it is enlarged (27 crops of real pages at 72 and 120 dpi, 2026-11-21).
    """
    scale = min(2.0 if min(rgb.size) < LOW else 1.0, (LONGEST_SIDE - 2 * MARGIN) / max(rgb.size))
    if scale != 1.0:
        size = (max(1, round(rgb.width * scale)), max(1, round(rgb.height * scale)))
        rgb = rgb.resize(size, Image.Resampling.LANCZOS)
    pixels = np.asarray(rgb)[:, :, ::-1]
    canvas = np.empty((*(max(least, side + 2 * MARGIN) for side in pixels.shape[:2]), 3), dtype=np.uint8)
    canvas[:] = background[::-1]
    canvas[MARGIN : MARGIN + pixels.shape[0], MARGIN : MARGIN + pixels.shape[1]] = pixels
    return canvas, scale


def _run(pixels: NDArray[np.uint8], script: Script, **steps: bool) -> Any:
    """One picture at a time: the engine keeps state between its two models, and the last call's ``steps``."""
    with _lock:
        engine = _loaded(script)
        try:
            return engine(pixels, **steps)
        except MemoryError:
            raise
        except Exception as exc:  # onnxruntime and OpenCV raise types of their own for a picture they cannot handle
            height, width = pixels.shape[:2]
            reason = str(exc).strip().splitlines()[-1:] or [type(exc).__name__]
            raise IngestionError(f"reading the text of a {width} x {height} picture failed: {reason[0]}") from exc


def _loaded(script: Script) -> Engine:
    global _engine
    if _engine is None or _engine[0] != script:
        models = chosen(script)
        try:
            from rapidocr import EngineType, RapidOCR
        except ImportError as exc:
            raise IngestionError(
                f"text in pictures cannot be read: {exc}; install it with pip install rapidocr onnxruntime, "
                "or go without it with PAGESIGHT_OCR=off"
            ) from exc
        settings: dict[str, object] = {**ENGINE_SETTINGS, **engine_settings(EngineType)}
        settings["Det.model_path"], settings["Rec.model_path"] = str(models.detector), str(models.recogniser)
        if models.keys:
            settings["Rec.rec_keys_path"] = str(models.keys)
        threads = os.environ.get(THREADS, "")
        settings |= thread_settings(int(threads) if threads.isdigit() else 0)
        _engine = script, RapidOCR(params=settings)
    return _engine[1]
