"""Picture files as pages: each frame decoded within limits, upright, with a page of its physical size.

Enters: a path. Leaves: Pillow pictures and page sizes in points. Must not know: PDF, OCR.
"""

from __future__ import annotations

import contextlib
import warnings
from collections.abc import Iterator
from pathlib import Path

from PIL import Image, ImageOps

from ingestion.errors import LimitExceeded, UnreadableImage
from ingestion.geometry import POINTS_PER_INCH

DPI = 150.0  # of a picture that does not say, or says what cannot be
DPI_RANGE = (50.0, 1200.0)
LONGEST = 1684.0  # points, a page of A2: what is larger has a resolution that nobody meant (phones write 72 dpi)
SHORTEST = 3.0  # points: the least side of a PDF page
MOST_PIXELS = 170_000_000  # 13,000 × 13,000; decoding takes half a gigabyte, and Pillow itself refuses at 179 million
LONGEST_SIDE = 5000  # pixels kept: more than any render of the page shows
REDUCED = 254  # TIFF tag NewSubfileType; its lowest bit marks a thumbnail of another frame


class Pictures:
    """The frames of a picture file that are pages: all of a TIFF but its thumbnails, the first of anything else."""

    def __init__(self, path: Path) -> None:
        """Raises :class:`UnreadableImage`."""
        self.path = path
        with self._errors(), Image.open(path) as picture:
            frames = range(getattr(picture, "n_frames", 1)) if picture.format == "TIFF" else range(1)
            pages = [number for number in frames if not _is_thumbnail(picture, number)]
        self._frames = pages or [0]

    @property
    def count(self) -> int:
        return len(self._frames)

    def page(self, number: int) -> tuple[Image.Image, tuple[float, float]]:
        """Page ``number`` (from 1), upright, grey or RGB, and its size in points.

        Raises :class:`UnreadableImage`, and :class:`LimitExceeded` before anything is decoded.
        """
        with self._errors(), Image.open(self.path) as picture:
            picture.seek(self._frames[number - 1])
            wide, high = picture.size
            if wide * high > MOST_PIXELS:
                raise LimitExceeded(
                    f"{self.path.name} has {wide} × {high} pixels, over the limit of {MOST_PIXELS:,}; make it smaller"
                )
            size = _points(picture)
            picture.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
            upright = ImageOps.exif_transpose(picture)
            if (upright.width > upright.height) != (wide > high):
                size = size[1], size[0]
            plain = _opaque(upright)
            plain.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
            return plain, size

    @contextlib.contextmanager
    def _errors(self) -> Iterator[None]:
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # odd tags, and pictures above half of Pillow's own limit
                yield
        except Image.DecompressionBombError as exc:
            raise LimitExceeded(
                f"{self.path.name} is over the limit of {MOST_PIXELS:,} pixels; make it smaller"
            ) from exc
        except (OSError, ValueError, SyntaxError, KeyError, TypeError, EOFError, OverflowError) as exc:
            raise UnreadableImage(
                f"{self.path.name} is a damaged picture ({exc}); export or download it again"
            ) from exc


def _is_thumbnail(picture: Image.Image, number: int) -> bool:
    picture.seek(number)
    return bool(int(getattr(picture, "tag_v2", {}).get(REDUCED, 0)) & 1)


def _points(picture: Image.Image) -> tuple[float, float]:
    """Width and height of the page: what the resolution says, where it can be true."""
    wide, high = picture.size
    stated = picture.info.get("dpi") or (0.0, 0.0)
    x, y = (float(value) for value in stated)
    plain = all(DPI_RANGE[0] <= value <= DPI_RANGE[1] for value in (x, y))
    if not plain or max(wide / x, high / y) * POINTS_PER_INCH > LONGEST:
        x = y = DPI
    size = wide / x * POINTS_PER_INCH, high / y * POINTS_PER_INCH
    smaller = min(1.0, LONGEST / max(size))
    return max(SHORTEST, size[0] * smaller), max(SHORTEST, size[1] * smaller)


def _opaque(picture: Image.Image) -> Image.Image:
    """Grey or RGB, transparency on white, 16 bits scaled to 8."""
    if picture.mode in ("RGBA", "LA", "PA") or "transparency" in picture.info:
        picture = picture.convert("RGBA")
        return Image.alpha_composite(Image.new("RGBA", picture.size, "white"), picture).convert("RGB")
    if picture.mode.startswith("I;16") or picture.mode in ("I", "F"):
        low, high = picture.getextrema()
        assert isinstance(low, int | float) and isinstance(high, int | float)
        span = max(1.0, float(high) - float(low))
        return picture.convert("F").point(lambda value: value * (255.0 / span) - low * (255.0 / span)).convert("L")
    return picture.convert("L" if picture.mode in ("1", "L") else "RGB")
