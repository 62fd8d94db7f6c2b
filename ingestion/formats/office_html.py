"""HTML for the PDF library to lay out: words, values, tables, pictures, chapters that begin a page."""

from __future__ import annotations

import base64
import datetime
import io
from collections import Counter
from collections.abc import Mapping, Sequence
from html import escape
from typing import NamedTuple

from PIL import Image

from ingestion.errors import UnreadableImage
from ingestion.formats.images import MOST_PIXELS, on_white, open_image
from ingestion.formats.number_formats import shown, text_shown

Size = tuple[float, float]

A4 = (595.0, 842.0)  # points
LARGEST = (480.0, 560.0)  # points a picture is wide and high at most
PIXEL = 0.75  # points, as programs show a picture that has no size of its own
UNDECODED = (UnreadableImage, OSError, ValueError, SyntaxError, Image.DecompressionBombError)
"""What the opener and Pillow raise on a picture that cannot be decoded."""
DRAWN = {"PNG": "png", "JPEG": "jpeg", "GIF": "gif"}  # what MuPDF 1.28 draws in HTML; others become PNG
STYLE = (
    "body { font-family: sans-serif; margin: 0; } table { border-collapse: collapse; margin: 6pt 0; } "
    "td, th { border: 1px solid #808080; padding: 3pt 10pt; vertical-align: top; } td p, th p { margin: 0; } "
    ".chapter { page-break-after: always; }"  # MuPDF 1.28 knows no break before
)


class Chapters(NamedTuple):
    """A file's content as HTML chapters, each of which begins a page; the size of the pages in points; and how often
    what was left out."""

    html: list[str]
    size: Size
    lost: Counter[str]


class DrawnPicture(NamedTuple):
    """Attributes of an ``img`` that holds a picture; none where it cannot be drawn, and ``lost`` names it then."""

    attributes: Mapping[str, str]
    lost: str = ""


def book(title: str, chapters: Sequence[str]) -> bytes:
    """Every chapter begins a page; an empty one is a blank page."""
    full = [chapter or "<p>\N{NO-BREAK SPACE}</p>" for chapter in chapters]
    body = "".join(f'<div class="chapter">{chapter}</div>' for chapter in full[:-1]) + full[-1]
    head = f'<head><meta charset="utf-8"/><title>{escaped(title)}</title><style>{STYLE}</style></head>'
    return f"<!DOCTYPE html><html>{head}<body>{body}</body></html>".encode()


def escaped(text: str) -> str:
    """Escaped, without control characters."""
    return escape("".join(c for c in text if c >= " " or c in "\t\n"))


def value(held: object, shown_as: str | None) -> str:
    """A cell's value as its number format shows it; dates as 2026-11-21 whatever their format."""
    if isinstance(held, datetime.datetime):
        return held.strftime("%Y-%m-%d %H:%M" if held.time() != datetime.time() else "%Y-%m-%d")
    if isinstance(held, datetime.time):
        return held.strftime("%H:%M:%S" if held.second else "%H:%M")
    if isinstance(held, datetime.timedelta):
        minutes, seconds = divmod(round(held.total_seconds()), 60)
        return f"{minutes // 60}:{minutes % 60:02d}" + (f":{seconds:02d}" if seconds else "")
    if isinstance(held, bool):
        return str(held).upper()
    if isinstance(held, int | float):
        return shown(held, shown_as)
    return "" if held is None else text_shown(str(held).strip(), shown_as)


def picture(content: bytes, size: Size | None = None) -> DrawnPicture:
    """The bytes of a picture file as the PDF library draws it, ``size`` in points (its own at 96 dpi)."""
    kind = ""
    try:
        with open_image(content) as image:
            kind, (wide, high) = image.format or "", image.size
            if kind not in DRAWN:
                if wide * high > MOST_PIXELS:
                    raise ValueError("too large")
                file = io.BytesIO()
                on_white(image).save(file, "PNG")
                content = file.getvalue()
    except UNDECODED:
        return DrawnPicture({}, f"picture ({kind})" if kind else "picture")
    across, down = size if size and min(size) > 0 else (wide * PIXEL, high * PIXEL)
    less = min(1.0, LARGEST[0] / across, LARGEST[1] / down)
    encoded = base64.b64encode(content).decode("ascii")
    return DrawnPicture(
        {
            "src": f"data:image/{DRAWN.get(kind, 'png')};base64,{encoded}",
            "width": f"{max(1.0, across * less):.0f}",
            "height": f"{max(1.0, down * less):.0f}",
        }
    )
