"""Pictures made ready for a model: opaque, within its size, encoded small."""

from __future__ import annotations

import base64
import io

from PIL import Image

from ingestion.formats.images import on_white

LONGEST_SIDE = 1568
"""Pixels; larger pictures are scaled down by the hosted models anyway, at the sender's cost."""

SHORTEST_SIDE = 32
"""Pixels; some vision towers refuse a picture smaller than their patch."""

LOSSLESS_BYTES = 400_000
"""A PNG up to this size is sent as it is: drawings and tables keep sharp edges. JPEG is used above it."""

JPEG_QUALITY = 88


def fitted(image: Image.Image) -> Image.Image:
    """An RGB copy on white, scaled so that its sides lie within the limits (a very thin picture is padded)."""
    picture = on_white(image)
    scale = LONGEST_SIDE / max(picture.size)
    if scale < 1:
        size = (max(1, round(picture.width * scale)), max(1, round(picture.height * scale)))
        picture = picture.resize(size, Image.Resampling.LANCZOS)
    if min(picture.size) < SHORTEST_SIDE:
        padded = Image.new("RGB", (max(picture.width, SHORTEST_SIDE), max(picture.height, SHORTEST_SIDE)), "white")
        padded.paste(picture, (0, 0))
        return padded
    return picture


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
