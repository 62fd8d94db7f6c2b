"""Pictures made ready for a model: opaque, within its size, encoded small."""

from __future__ import annotations

import base64
import io

from PIL import Image, ImageDraw, ImageFont

from ingestion.formats.images import on_white

LONGEST_SIDE = 1568
"""Pixels; larger pictures are scaled down by the hosted models anyway, at the sender's cost."""

SHORTEST_SIDE = 32
"""Pixels; some vision towers refuse a picture smaller than their patch."""

LOSSLESS_BYTES = 400_000
"""A PNG up to this size is sent as it is: drawings and tables keep sharp edges. JPEG is used above it."""

JPEG_QUALITY = 88


STRIP_SHARE = 0.04
"""Of a picture's longer side, the height of the strip with its name."""

LEAST_STRIP = 28
"""Pixels of that height: letters of 20 pixels are read by the smallest vision models."""


def fitted(image: Image.Image, longest: int = LONGEST_SIDE) -> Image.Image:
    """An RGB copy on white, scaled so that its sides lie within the limits (a very thin picture is padded)."""
    picture = on_white(image)
    scale = longest / max(picture.size)
    if scale < 1:
        size = (max(1, round(picture.width * scale)), max(1, round(picture.height * scale)))
        picture = picture.resize(size, Image.Resampling.LANCZOS)
    if min(picture.size) < SHORTEST_SIDE:
        padded = Image.new("RGB", (max(picture.width, SHORTEST_SIDE), max(picture.height, SHORTEST_SIDE)), "white")
        padded.paste(picture, (0, 0))
        return padded
    return picture


def named(image: Image.Image, name: str, longest: int = LONGEST_SIDE) -> Image.Image:
    """The picture :func:`fitted`, its name in a white strip above it, never over it.

    So a name stays with its picture in whatever order a server places pictures (vLLM moves them before all text where
    the model's template takes strings).
    """
    picture = fitted(image, longest)
    strip = max(LEAST_STRIP, round(max(picture.size) * STRIP_SHARE))
    if picture.height + strip > longest:
        picture = fitted(image, max(SHORTEST_SIDE, max(picture.size) * (longest - strip) // picture.height))
    font = ImageFont.load_default(strip * 5 // 7)
    width = max(picture.width, round(font.getlength(name)) + strip // 2)
    sheet = Image.new("RGB", (width, picture.height + strip), "white")
    draw = ImageDraw.Draw(sheet)
    draw.text((strip // 4, strip // 2), name, fill="black", font=font, anchor="lm")
    draw.line((0, strip - 1, width, strip - 1), fill="black")
    sheet.paste(picture, (0, strip))
    return sheet


def data_url(image: Image.Image) -> str:
    """A ``data:`` URL in PNG or JPEG, the two that every server decodes (llama.cpp reads no WebP, 2026-11)."""
    picture = fitted(image)
    encoded, kind = _encode(picture, "PNG"), "png"
    if len(encoded) > LOSSLESS_BYTES:
        encoded, kind = _encode(picture, "JPEG"), "jpeg"
    return f"data:image/{kind};base64,{base64.b64encode(encoded).decode()}"


def _encode(picture: Image.Image, kind: str) -> bytes:
    buffer = io.BytesIO()
    if kind == "PNG":
        picture.save(buffer, "PNG", compress_level=6)
    else:
        picture.save(buffer, "JPEG", quality=JPEG_QUALITY, optimize=True)
    return buffer.getvalue()
