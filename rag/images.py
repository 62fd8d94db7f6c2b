"""A picture that somebody asks with: opened safely, upright, RGB."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

from PIL import Image, ImageOps

from ingestion.errors import LimitExceeded, UnreadableImage
from ingestion.formats.images import MOST_QUESTION_PIXELS, on_white, open_image


def open_picture(source: Path | str | BytesIO, name: str = "") -> Image.Image:
    """Decode, turn as its camera says, RGB on white. ``name`` stands in messages instead of the path.

    Raises :class:`UnreadableImage` or, before anything is decoded, :class:`LimitExceeded`.
    """
    name = name or ("given as bytes" if isinstance(source, BytesIO) else str(source))
    own = "" if isinstance(source, BytesIO) else Path(source).name
    try:
        with open_image(source) as picture:
            width, height = picture.size
            if width * height > MOST_QUESTION_PIXELS:
                raise LimitExceeded(
                    f"The picture {name} has {width} × {height} pixels, over the limit of {MOST_QUESTION_PIXELS:,}; "
                    "cut out the part you ask about"
                )
            return upright_rgb(picture)
    except FileNotFoundError as exc:
        raise UnreadableImage(f"There is no picture {name}; check the path") from exc
    except UnreadableImage as exc:
        raise UnreadableImage(f"The picture {name} {str(exc).removeprefix(own).strip()}") from exc
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as exc:
        raise UnreadableImage(f"The picture {name} cannot be read ({exc}); give a PNG, JPEG or WebP file") from exc


def upright_rgb(picture: Image.Image) -> Image.Image:
    """Upright by its EXIF mark, transparency on white, RGB."""
    return on_white(ImageOps.exif_transpose(picture))
