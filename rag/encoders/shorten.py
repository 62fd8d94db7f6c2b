"""What a spec asks for beside the model: an alignment, then shorter vectors (the first numbers, at length 1 again).

Cutting is right for models trained so that the first numbers carry most (Kusupati et al. 2022, "Matryoshka"): the
static word vectors (256, 128, 64), and those whose model card says so. Of any other it cuts meaning off at random.
"""

from __future__ import annotations

from collections.abc import Sequence

from PIL import Image

from rag.encoders.parts import PicturePart, WordsPart, digest, unit
from rag.encoders.projection import AlignedPicture, AlignedWords
from rag.encoders.spec import Spec
from rag.errors import BadSettings
from rag.types import Float32Array


class ShortWords:
    """The first ``dim`` numbers of a words part."""

    def __init__(self, part: WordsPart, spec: Spec) -> None:
        self._part, self.dim = part, _shorter(part, spec)
        self.spec, self.window = str(spec), part.window
        self.identity = digest("first", self.dim, part.identity)

    @property
    def spent(self) -> str:
        """What the part below has sent so far, for people."""
        return self._part.spent

    def embed_texts(self, texts: Sequence[str], query: bool = False) -> Float32Array:
        """(n, dim) unit rows."""
        return unit(self._part.embed_texts(texts, query)[:, : self.dim])


class ShortPicture(ShortWords):
    """The first ``dim`` numbers of a picture part."""

    def __init__(self, part: PicturePart, spec: Spec) -> None:
        super().__init__(part, spec)
        self._pictures, self.text_window = part, part.text_window

    def embed_images(self, images: Sequence[Image.Image], query: bool = False) -> Float32Array:
        """(n, dim) unit rows."""
        return unit(self._pictures.embed_images(images, query)[:, : self.dim])


def as_asked_words(part: WordsPart, spec: Spec, cut: bool = True) -> WordsPart:
    """The part as its spec asks for it; ``cut`` False: its vectors are as short as asked already."""
    part = AlignedWords(part, spec) if spec.options.align else part
    return ShortWords(part, spec) if cut and spec.options.dim else part


def as_asked_picture(part: PicturePart, spec: Spec, cut: bool = True) -> PicturePart:
    """The part as its spec asks for it; the blocks of a descriptor without a text tower cannot be cut."""
    if spec.options.dim and part.window is None:
        raise BadSettings(f"The picture encoder {spec.model!r} has no shorter vectors; unset PAGESIGHT_PICTURE_DIM")
    part = AlignedPicture(part, spec) if spec.options.align else part
    return ShortPicture(part, spec) if cut and spec.options.dim else part


def _shorter(part: WordsPart | PicturePart, spec: Spec) -> int:
    if spec.options.dim > part.dim:
        raise BadSettings(
            f"The encoder {str(spec)!r} has only {part.dim} numbers; ask for at most {part.dim} "
            "(PAGESIGHT_WORDS_DIM, PAGESIGHT_PICTURE_DIM)"
        )
    return spec.options.dim
