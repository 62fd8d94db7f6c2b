"""Pictures: the one opener of the whole program, the one way onto white paper, and picture files as pages.

Each frame of a file is decoded within limits, upright, and becomes a page of its physical size. Pillow goes by a file's
bytes, not by its name, and hands some kinds to other programs (PostScript to Ghostscript, WMF to Windows). So only the
decoders in ``ALLOWED`` are ever asked.
"""

from __future__ import annotations

import contextlib
import warnings
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import IO

from PIL import Image, ImageOps, UnidentifiedImageError

from ingestion.errors import LimitExceeded, UnreadableImage
from ingestion.geometry import POINTS_PER_INCH

ALLOWED = ("PNG", "JPEG", "TIFF", "BMP", "DIB", "GIF", "WEBP", "JPEG2000", "AVIF", "PPM")
"""Pillow's names of the decoders that may be asked."""

HEAD = 1024  # bytes that are looked at to say what a refused file is
STARTS = {  # of files that are often called pictures: what they are
    b"%!PS": "PostScript (EPS)",
    b"\xc5\xd0\xd3\xc6": "PostScript (EPS)",
    b"\xd7\xcd\xc6\x9a": "a Windows metafile (WMF)",
    b"\1\0\t\0": "a Windows metafile (WMF)",
    b"\1\0\0\0": "a Windows metafile (EMF)",
    b"8BPS": "a Photoshop file",
    b"\0\0\1\0": "an icon",
    b"PK\3\4": "an archive or Office file",
}
DPI = 150.0  # of a picture that does not say, or says what cannot be
DPI_RANGE = (50.0, 1200.0)
LONGEST = 1684.0  # points, a page of A2: what is larger has a resolution that nobody meant (phones write 72 dpi)
SHORTEST = 3.0  # points: the least side of a PDF page
MOST_PIXELS = 170_000_000
"""Of any picture that is decoded: 13,000 × 13,000, half a gigabyte; Pillow itself refuses at 179 million."""
MOST_QUESTION_PIXELS = 50_000_000
"""Of a picture that somebody asks with: a 50-megapixel photo; as RGB it takes 150 MB."""
LONGEST_SIDE = 5000  # pixels kept: more than any render of the page shows
REDUCED = 254  # TIFF tag NewSubfileType; its lowest bit marks a thumbnail of another frame


def open_image(source: Path | str | IO[bytes] | bytes) -> Image.Image:
    """A picture, not decoded yet: its size, kind and marks. Use as a context manager.

    ``source`` may be the bytes themselves. Raises :class:`UnreadableImage` for what is no picture of a kind in
    ``ALLOWED``; :class:`OSError` where the file cannot be read; Pillow's own errors for one that is damaged.
    """
    held = BytesIO(source) if isinstance(source, bytes) else source
    try:
        return Image.open(held, formats=ALLOWED)
    except UnidentifiedImageError as exc:
        name = f"{Path(held).name} " if isinstance(held, Path | str) else ""
        what = _what_it_is(held)
        raise UnreadableImage(
            f"{name}{f'is {what}, not' if what else 'is not'} a picture that can be read; save it as PNG or JPEG"
        ) from exc


def _what_it_is(source: Path | str | IO[bytes]) -> str:
    """In words, or nothing where the first bytes do not tell."""
    if isinstance(source, Path | str):
        with Path(source).open("rb") as file:
            head = file.read(HEAD)
    else:
        source.seek(0)
        head = source.read(HEAD)
    if not head:
        return "empty"
    if b"%PDF-" in head:
        return "a PDF"
    if head[4:8] == b"ftyp":
        return "a photo or film of another kind (HEIC, MP4)"
    if head.lstrip()[:1] == b"<":
        return "a drawing or a page in markup (SVG, HTML)"
    return next((what for mark, what in STARTS.items() if head.startswith(mark)), "")


def on_white(picture: Image.Image) -> Image.Image:
    """RGB; transparency on white paper, 16 and 32 bits scaled to 8."""
    if picture.mode in ("RGBA", "LA", "PA") or "transparency" in picture.info:
        layered = picture.convert("RGBA")
        return Image.alpha_composite(Image.new("RGBA", layered.size, "white"), layered).convert("RGB")
    if _is_deep(picture):
        low, high = picture.getextrema()
        assert isinstance(low, int | float) and isinstance(high, int | float)
        span = float(high) - float(low) or 1.0
        grey = picture.convert("F").point(lambda value: value * (255.0 / span) - low * (255.0 / span))
        return grey.convert("L").convert("RGB")
    return picture.convert("RGB")


def _is_deep(picture: Image.Image) -> bool:
    """Grey of more than 8 bits."""
    return picture.mode in ("I", "F") or picture.mode.startswith("I;16")


class PictureFile:
    """The frames of a picture file that are pages: all of a TIFF but its thumbnails, the first of anything else."""

    def __init__(self, path: Path, held: bytes | None = None) -> None:
        """``held``: the file's bytes, where ``path`` only names it. Raises :class:`UnreadableImage`."""
        self.path = path
        self._source = path if held is None else held
        with self._errors(), open_image(self._source) as picture:
            frames = range(getattr(picture, "n_frames", 1)) if picture.format == "TIFF" else range(1)
            pages = [number for number in frames if not _is_thumbnail(picture, number)]
        self._frames = pages or [0]

    @property
    def count(self) -> int:
        """How many pages the file has."""
        return len(self._frames)

    def page(self, number: int) -> tuple[Image.Image, tuple[float, float]]:
        """Page ``number`` (from 1), upright, grey or RGB, and its size in points.

        Raises :class:`UnreadableImage`, and :class:`LimitExceeded` before anything is decoded.
        """
        with self._errors(), open_image(self._source) as picture:
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
    if picture.mode in ("1", "L") and "transparency" not in picture.info:
        return picture.convert("L")
    plain = on_white(picture)
    return plain.convert("L") if _is_deep(picture) else plain
