"""A picture that somebody asks with: opened safely.

Enters: a path of an uploaded file. Leaves: a decoded RGB picture. Must not know: what it is asked for.
"""

from __future__ import annotations

from pathlib import Path

from PIL import Image, ImageOps, UnidentifiedImageError

from ingestion.errors import LimitExceeded, UnreadableImage

MOST_PIXELS = 50_000_000  # a 50-megapixel photo; a decoded RGB picture of that size takes 150 MB


def open_picture(path: Path) -> Image.Image:
    """Decode, turn as its camera says and convert to RGB.

    Raises :class:`UnreadableImage` or :class:`LimitExceeded`.
    """
    try:
        with Image.open(path) as picture:
            width, height = picture.size
            if width * height > MOST_PIXELS:
                raise LimitExceeded(
                    f"The picture {path.name} has {width} × {height} pixels, over the limit of {MOST_PIXELS:,}; "
                    "cut out the part you ask about."
                )
            return ImageOps.exif_transpose(picture).convert("RGB")
    except (UnidentifiedImageError, Image.DecompressionBombError, OSError, SyntaxError, ValueError) as exc:
        raise UnreadableImage(
            f"The picture {path.name} cannot be decoded; give a PNG, JPEG, WebP, GIF, BMP or TIFF file."
        ) from exc
