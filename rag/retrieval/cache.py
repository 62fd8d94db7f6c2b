"""Keys of what a search remembers: the same for queries that ask the same."""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Hashable

from PIL import Image

from rag.types import Query


def asked(query: Query) -> Hashable:
    """The same for queries that ask the same: the words but for their spacing, the picture's pixels, where to look."""
    words = " ".join(unicodedata.normalize("NFC", query.text).split())
    picture = None if query.image is None else pixels(query.image)
    return words, picture, query.docs, query.kinds, query.pages, query.without, query.spot, query.library


def pixels(image: Image.Image) -> str:
    """A hash of a picture's size and colours; 16 megapixels take a tenth of a second."""
    plain = image.convert("RGB")
    return hashlib.sha256(f"{plain.width} {plain.height} ".encode() + plain.tobytes()).hexdigest()
