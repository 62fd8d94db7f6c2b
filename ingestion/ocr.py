"""Reading text in pictures; the only importer of RapidOCR.

Enters: a picture. Leaves: lines of text with their boxes in pixels of that picture, in reading order. Must not know: PDFs,
pages or points, nor when reading a picture is worth its seconds (:mod:`ingestion.parse` decides).

The engine (PP-OCRv6 small, ONNX, weights inside the wheel) is loaded at the first picture, once per process.
Measured 2026-11-21, a full page of a report: 1.0 s at 100 dpi and 1.6 s at 150 dpi on two threads, 2.0 s and 2.5 s on one.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from statistics import median
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from ingestion.elements import BBox
from ingestion.errors import IngestionError, LimitExceeded, UnreadableImage

SMALL_SIDE = 200  # pixels; a picture with a shorter side is enlarged, the detector misses small print in it
LARGEST_ENLARGEMENT = 4.0
LONGEST_SIDE = 2000  # pixels; the engine's own limit, larger pictures are scaled down to it
MARGIN = 12  # pixels of background put around a picture: text that touches the edge is cut off otherwise
MOST_PIXELS = 200_000_000  # 14,000 x 14,000; decoding more costs over 600 MB
PROSE = 18  # characters; columns are told from table rows by lines of at least this length
COLUMN_LINES = 3  # prose lines on either side of a gutter

# RapidOCR 3.10: the orientation classifier turns upright lines round (word recall falls), so it is off.
ENGINE_SETTINGS = {"Global.use_cls": False, "Global.log_level": "critical", "Global.max_side_len": LONGEST_SIDE}

Engine = Callable[[NDArray[np.uint8]], Any]

_lock = threading.Lock()
_engine: Engine | None = None
_threads = 0


class OcrLine(NamedTuple):
    """One line of text as read; ``bbox`` in pixels of the picture given, ``score`` the recogniser's confidence, 0 to 1."""

    text: str
    bbox: BBox
    score: float


def use_threads(count: int) -> None:
    """Threads of the engine, 0 for one a core. Processes that read pages side by side share the cores and say so here."""
    global _threads, _engine
    with _lock:
        if count != _threads:
            _threads, _engine = count, None


def read(image: Image.Image) -> list[OcrLine]:
    """The lines of text in ``image``, in reading order (columns of prose one after the other, table rows left to right).

    Any mode and size. Raises :class:`UnreadableImage` if it cannot be decoded, :class:`LimitExceeded` above
    ``MOST_PIXELS``, :class:`IngestionError` if the engine is missing or fails.
    """
    pixels, scale = _prepare(image)
    result = _run(pixels)
    if result.boxes is None or result.txts is None:
        return []
    lines = []
    for quad, text, score in zip(result.boxes, result.txts, result.scores, strict=True):
        words = str(text).strip()
        box = _to_picture(np.asarray(quad, dtype=float), scale, image.size)
        if words and box.x1 > box.x0 and box.y1 > box.y0:
            lines.append(OcrLine(words, box, float(score)))
    return reading_order(lines)


def word_boxes(line: OcrLine) -> list[tuple[str, BBox]]:
    """The words of a line, its width shared out by their number of characters: good to about a character."""
    x0, y0, x1, y1 = line.bbox
    step = (x1 - x0) / len(line.text)
    words: list[tuple[str, BBox]] = []
    start = 0
    for word in line.text.split():
        start = line.text.index(word, start)
        words.append((word, BBox(x0 + start * step, y0, x0 + (start + len(word)) * step, y1)))
        start += len(word)
    return words


def reading_order(lines: Sequence[OcrLine]) -> list[OcrLine]:
    """Lines as a person reads them. Where a gutter parts two columns of prose, the left one comes first; a line across
    the gutter (a heading) ends the columns above it. Without prose columns: rows from the top, each from the left."""
    gutter = _gutter(lines)
    if gutter is None:
        return _rows(lines)
    ordered: list[OcrLine] = []
    left: list[OcrLine] = []
    right: list[OcrLine] = []
    for line in sorted(lines, key=lambda item: item.bbox.y0):
        if line.bbox.x1 <= gutter:
            left.append(line)
        elif line.bbox.x0 >= gutter:
            right.append(line)
        else:
            ordered += [*reading_order(left), *reading_order(right), line]
            left, right = [], []
    return [*ordered, *reading_order(left), *reading_order(right)]


def _prepare(image: Image.Image) -> tuple[NDArray[np.uint8], float]:
    """The picture as the engine wants it (BGR, enlarged if small, with a margin) and the factor it was scaled by."""
    width, height = image.size
    if width * height > MOST_PIXELS:
        raise LimitExceeded(
            f"picture of {width} x {height} pixels: more than {MOST_PIXELS:,} are not read; scale it down"
        )
    if not width or not height:
        raise UnreadableImage(f"picture of {width} x {height} pixels: there is nothing to read")
    try:
        rgb = _on_white(image)
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as exc:
        raise UnreadableImage(
            f"picture of {width} x {height} pixels cannot be decoded ({exc}); save it again as PNG"
        ) from exc
    scale = 1.0
    if min(width, height) < SMALL_SIDE:
        scale = max(1.0, min(LARGEST_ENLARGEMENT, SMALL_SIDE / min(width, height), LONGEST_SIDE / max(width, height)))
    if max(width, height) > LONGEST_SIDE:
        scale = LONGEST_SIDE / max(width, height)
    if scale != 1.0:
        size = (max(1, round(width * scale)), max(1, round(height * scale)))
        rgb = rgb.resize(size, Image.Resampling.LANCZOS)
    pixels = np.asarray(rgb)[:, :, ::-1]
    background = np.median(np.concatenate([pixels[0], pixels[-1], pixels[:, 0], pixels[:, -1]]), axis=0)
    framed = np.empty((pixels.shape[0] + 2 * MARGIN, pixels.shape[1] + 2 * MARGIN, 3), dtype=np.uint8)
    framed[:] = background.astype(np.uint8)
    framed[MARGIN:-MARGIN, MARGIN:-MARGIN] = pixels
    return framed, scale


def _on_white(image: Image.Image) -> Image.Image:
    if image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info:
        layered = image.convert("RGBA")
        paper = Image.new("RGBA", layered.size, "white")
        return Image.alpha_composite(paper, layered).convert("RGB")
    if image.mode in ("I", "F") or image.mode.startswith("I;16"):
        grey = np.asarray(image, dtype=float)
        span = float(np.ptp(grey)) or 1.0
        return Image.fromarray(((grey - grey.min()) * (255 / span)).astype(np.uint8)).convert("RGB")
    return image.convert("RGB")


def _run(pixels: NDArray[np.uint8]) -> Any:
    """One picture at a time: the engine keeps state between its two models."""
    with _lock:
        engine = _loaded()
        try:
            return engine(pixels)
        except MemoryError:
            raise
        except Exception as exc:  # onnxruntime and OpenCV raise types of their own for a picture they cannot handle
            height, width = pixels.shape[:2]
            reason = str(exc).strip().splitlines()[-1:] or [type(exc).__name__]
            raise IngestionError(f"reading the text of a {width} x {height} picture failed: {reason[0]}") from exc


def _loaded() -> Engine:
    global _engine
    if _engine is None:
        try:
            from rapidocr import RapidOCR
        except ImportError as exc:
            raise IngestionError(
                f"text in pictures cannot be read: {exc}; install it with pip install rapidocr onnxruntime, "
                "or go without it with PAGESIGHT_OCR=off"
            ) from exc
        settings: dict[str, object] = dict(ENGINE_SETTINGS)
        if _threads:
            settings["EngineConfig.onnxruntime.intra_op_num_threads"] = _threads
            settings["EngineConfig.onnxruntime.inter_op_num_threads"] = 1
        _engine = RapidOCR(params=settings)
    return _engine


def _to_picture(quad: NDArray[np.float64], scale: float, size: tuple[int, int]) -> BBox:
    points = (quad - MARGIN) / scale
    low, high = points.min(axis=0), points.max(axis=0)
    x0, y0 = max(0.0, float(low[0])), max(0.0, float(low[1]))
    return BBox(x0, y0, min(float(size[0]), float(high[0])), min(float(size[1]), float(high[1])))


def _gutter(lines: Sequence[OcrLine]) -> float | None:
    """The x that parts two columns of prose with the fewest lines across it, if there is one."""
    prose = [line for line in lines if len(line.text) >= PROSE]
    if len(prose) < 2 * COLUMN_LINES:
        return None
    best: tuple[int, float] | None = None
    for x in sorted({line.bbox.x0 for line in prose}):
        left = [line for line in prose if line.bbox.x1 <= x]
        right = [line for line in prose if line.bbox.x0 >= x]
        across = len(prose) - len(left) - len(right)
        if min(len(left), len(right)) < COLUMN_LINES or across > len(prose) / 3 or not _side_by_side(left, right):
            continue
        if best is None or across < best[0]:
            best = (across, x)
    return None if best is None else best[1]


def _side_by_side(left: Sequence[OcrLine], right: Sequence[OcrLine]) -> bool:
    """True if two groups of lines stand beside each other for half the height of the shorter one."""
    top = max(min(line.bbox.y0 for line in group) for group in (left, right))
    bottom = min(max(line.bbox.y1 for line in group) for group in (left, right))
    heights = [max(line.bbox.y1 for line in group) - min(line.bbox.y0 for line in group) for group in (left, right)]
    return bottom - top >= 0.5 * min(heights)


def _rows(lines: Sequence[OcrLine]) -> list[OcrLine]:
    rows: list[list[OcrLine]] = []
    for line in sorted(lines, key=lambda item: (item.bbox.y0 + item.bbox.y1) / 2):
        middle = (line.bbox.y0 + line.bbox.y1) / 2
        if rows and middle <= median(item.bbox.y0 + 0.8 * (item.bbox.y1 - item.bbox.y0) for item in rows[-1]):
            rows[-1].append(line)
        else:
            rows.append([line])
    return [line for row in rows for line in sorted(row, key=lambda item: item.bbox.x0)]
