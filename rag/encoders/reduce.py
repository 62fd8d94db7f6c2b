"""Shorter vectors: the first numbers of a part, scaled to length 1 again.

Enters: an opened part and its spec. Leaves: the same part with fewer dimensions. Must not know: which model it is.

Right for models trained so that the first numbers carry most (Kusupati et al. 2022, "Matryoshka"): the static word
vectors (256, 128, 64), and those whose model card says so. Of any other model it cuts meaning off at random.
"""

from __future__ import annotations

from collections.abc import Sequence

from PIL import Image

from rag.encoders.parts import PicturePart, WordsPart, digest, unit
from rag.encoders.spec import Spec
from rag.errors import BadSettings
from rag.types import Vectors


class ShortWords:
    """The first ``dim`` numbers of a words part."""

    spent = ""

    def __init__(self, part: WordsPart, spec: Spec) -> None:
        self._part, self.dim = part, _shorter(part, spec)
        self.spec, self.tower = str(spec), part.tower
        self.identity = digest("first", self.dim, part.identity)

    def embed_texts(self, texts: Sequence[str], query: bool = False) -> Vectors:
        """(n, dim) unit rows."""
        return unit(self._part.embed_texts(texts, query)[:, : self.dim])


class ShortPicture:
    """The first ``dim`` numbers of a picture part."""

    spent = ""

    def __init__(self, part: PicturePart, spec: Spec) -> None:
        self._part, self.dim = part, _shorter(part, spec)
        self.spec, self.tower, self.text_window = str(spec), part.tower, part.text_window
        self.identity = digest("first", self.dim, part.identity)

    def embed_texts(self, texts: Sequence[str], query: bool = False) -> Vectors:
        """(n, dim) unit rows."""
        return unit(self._part.embed_texts(texts, query)[:, : self.dim])

    def embed_images(self, images: Sequence[Image.Image]) -> Vectors:
        """(n, dim) unit rows."""
        return unit(self._part.embed_images(images)[:, : self.dim])


def shortened_words(part: WordsPart, spec: Spec) -> WordsPart:
    """The part as its spec asks for it."""
    return ShortWords(part, spec) if spec.options.dim else part


def shortened_picture(part: PicturePart, spec: Spec) -> PicturePart:
    """The part as its spec asks for it; the blocks of a descriptor without a text tower cannot be cut."""
    if spec.options.dim and part.tower is None:
        raise BadSettings(f"The picture encoder {spec.model!r} has no shorter vectors; unset PAGESIGHT_PICTURE_DIM")
    return ShortPicture(part, spec) if spec.options.dim else part


def _shorter(part: WordsPart | PicturePart, spec: Spec) -> int:
    if spec.options.dim > part.dim:
        raise BadSettings(
            f"The encoder {str(spec)!r} has only {part.dim} numbers; ask for at most {part.dim} "
            "(PAGESIGHT_WORDS_DIM, PAGESIGHT_PICTURE_DIM)"
        )
    return spec.options.dim
