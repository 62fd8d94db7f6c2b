"""A projection over a frozen encoder part: one matrix for texts, one for pictures, from a file that ``align`` wrote.

The file is part of the fingerprint, and belongs to one part: over any other vectors it would be nonsense.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image
from safetensors import SafetensorError, safe_open
from safetensors.numpy import save

from rag.disk import write_whole
from rag.encoders.parts import PicturePart, WordsPart, digest, file_digest, unit
from rag.encoders.spec import Spec
from rag.errors import EncoderUnavailable
from rag.types import Float32Array

METHOD = "aligned-1"


@dataclass(frozen=True, slots=True)
class Projection:
    """``text`` and ``image`` are (d, k), applied to rows from the right; ``base`` is the identity of the part below."""

    text: Float32Array
    image: Float32Array
    base: str
    facts: Mapping[str, Any]

    def write(self, path: Path) -> None:
        """Write the file whole. ``facts`` say what it was trained on."""
        notes = {"base": self.base, "facts": json.dumps(dict(self.facts))}
        # Others are written scrambled: https://github.com/huggingface/safetensors/issues/825
        rows = {"text": np.ascontiguousarray(self.text), "image": np.ascontiguousarray(self.image)}
        write_whole(path, save(rows, metadata=notes))


def read(path: Path) -> Projection:
    """Raises :class:`EncoderUnavailable`."""
    try:
        with safe_open(path, framework="numpy") as file:
            notes = file.metadata() or {}
            return Projection(
                file.get_tensor("text"), file.get_tensor("image"), notes["base"], json.loads(notes.get("facts", "{}"))
            )
    except (OSError, SafetensorError, KeyError, ValueError) as exc:
        raise EncoderUnavailable(
            f"The alignment {path} cannot be read ({exc}); make it again with `python -m rag align`"
        ) from exc


class AlignedWords:
    """A words part, turned."""

    def __init__(self, part: WordsPart, spec: Spec) -> None:
        self._part, self._turn, self.identity = part, *_opened(part, spec)
        self.spec, self.window, self.dim = str(spec), part.window, int(self._turn.text.shape[1])

    @property
    def spent(self) -> str:
        """What the part below has sent so far, for people."""
        return self._part.spent

    def embed_texts(self, texts: Sequence[str], query: bool = False) -> Float32Array:
        """(n, dim) unit rows; zero rows stay zero."""
        return unit(self._part.embed_texts(texts, query) @ self._turn.text)


class AlignedPicture(AlignedWords):
    """A picture part that reads text, turned: its texts by one matrix, its pictures by the other."""

    def __init__(self, part: PicturePart, spec: Spec) -> None:
        super().__init__(part, spec)
        self._pictures, self.text_window = part, part.text_window

    def embed_images(self, images: Sequence[Image.Image], query: bool = False) -> Float32Array:
        """(n, dim) unit rows."""
        return unit(self._pictures.embed_images(images, query) @ self._turn.image)


def _opened(part: WordsPart, spec: Spec) -> tuple[Projection, str]:
    path = Path(spec.options.align).expanduser()
    turn = read(path)
    if turn.base != part.identity or len(turn.text) != part.dim or turn.image.shape != turn.text.shape:
        raise EncoderUnavailable(
            f"The alignment {path} was made for another encoder than {spec.model}, or for other weights or options of "
            "it; make one for this encoder with `python -m rag align`, or leave align= out"
        )
    return turn, digest(METHOD, file_digest(path), part.identity)
