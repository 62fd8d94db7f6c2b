"""The picture part from a dual encoder: CLIP, SigLIP, SigLIP 2 (NaFlex too), ALIGN, BLIP-2's retrieval head, OpenCLIP,
and any other model of transformers with the same two methods (MetaCLIP 2, AltCLIP, Chinese-CLIP).
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image
from transformers import AutoImageProcessor

from rag.encoders.images import flat_rgb
from rag.encoders.local.checkpoint import (
    NO_LIMIT,
    REMOTE_CODE,
    Checkpoint,
    first_line,
    open_checkpoint,
    pooled,
    settings_of,
    unavailable,
)
from rag.encoders.parts import PICTURE_DEFAULT, Runtime, TextWindow, digest
from rag.encoders.spec import INT8, Spec
from rag.types import Float32Array

METHODS = ("get_text_features", "get_image_features")
TRAINED_WINDOWS = {"align": 64, "blip-2": 32, "chinese_clip": 52, "altclip": 77}
"""Tokens of training where the position table is longer (ALIGN, BLIP-2, Chinese-CLIP: BERT's 512, AltCLIP: 514)."""
SIGLIP = ("siglip", "siglip2")
"""Trained on lower-case texts padded to the whole window and without a mask, which not every tokenizer file says."""
PROBE = Image.new("RGB", (32, 32), "grey")


def open_dual(spec: Spec, folder: Path, runtime: Runtime) -> DualEncoder:
    """A folder in the layout of transformers. Raises :class:`EncoderUnavailable`, :class:`BadSettings`."""
    if spec.options.precision != INT8:
        point = _opened(spec, folder, runtime)
        return DualEncoder(point, _processor(spec, folder))
    from rag.encoders.local.int8 import open_int8

    def pixels() -> Any:
        return _processor(spec, folder)(images=[PROBE], return_tensors="pt")

    point = open_int8(spec, folder, runtime, lambda plain: _opened(plain, folder, runtime), pixels)
    return DualEncoder(point, _processor(spec, folder))


def _opened(spec: Spec, folder: Path, runtime: Runtime) -> Checkpoint:
    if settings_of(folder, "config.json").get("model_type") == "blip-2":
        from rag.encoders.local.blip2 import Blip2Towers, check_head

        check_head(spec, folder)
        point = open_checkpoint(spec, folder, runtime, Blip2Towers)
    else:
        point = open_checkpoint(spec, folder, runtime)
    if not all(hasattr(point.model, method) for method in METHODS):
        kind = type(point.model).__name__
        raise unavailable(
            spec, folder, f"{kind} does not embed both text and pictures; one that does is {PICTURE_DEFAULT}"
        )
    return point


def _processor(spec: Spec, folder: Path) -> Any:
    try:
        return AutoImageProcessor.from_pretrained(folder, local_files_only=True, backend="pil", **REMOTE_CODE)
    except (OSError, ValueError, ImportError) as exc:
        why = f"its picture preprocessing (preprocessor_config.json) cannot be used ({first_line(exc)})"
        raise unavailable(spec, folder, why) from exc


class DualEncoder:
    """Text and picture towers of one space; preprocessing is the checkpoint's own, by Pillow."""

    spent = ""

    def __init__(self, point: Checkpoint, processor: Any) -> None:
        self.spec = str(point.spec)
        self._point, self._processor = point, processor
        window = _window(point)
        self.text_window: int | None = window
        self._siglip = point.model.config.model_type in SIGLIP
        self.window: TextWindow | None = TextWindow(self._count, window - point.special_tokens())
        self.dim = self._dim()
        self.identity = digest("dual-1", point.identity, self.text_window, self._siglip)

    def embed_texts(self, texts: Sequence[str], query: bool = False) -> Float32Array:
        """(n, dim) float32 unit rows; each text fits :attr:`tower`."""
        return self._point.in_batches(texts, self._embed_texts, self.dim)

    def embed_images(self, images: Sequence[Image.Image], query: bool = False) -> Float32Array:
        """(n, dim) float32 unit rows."""
        rows = np.zeros((len(images), self.dim), dtype=np.float32)
        for start in range(0, len(images), self._point.batch):
            batch = [flat_rgb(image) for image in images[start : start + self._point.batch]]
            rows[start : start + len(batch)] = self._embed_images(batch)
        return rows

    def _count(self, text: str) -> int:
        return self._point.count(text.lower() if self._siglip else text)

    def _tokens(self, texts: list[str]) -> Any:
        padding = "max_length" if self._siglip else "longest"
        texts = [text.lower() for text in texts] if self._siglip else texts
        tokens = self._point.tokenizer(
            texts, padding=padding, truncation=True, max_length=self.text_window, return_tensors="pt"
        )
        if self._siglip:
            tokens.pop("attention_mask", None)
        return tokens

    def _embed_texts(self, texts: list[str]) -> Float32Array:
        return self._point.run(
            lambda: self._tokens(texts), lambda inputs: pooled(self._point.model.get_text_features(**inputs))
        )

    def _embed_images(self, images: list[Image.Image]) -> Float32Array:
        def pixels() -> Any:
            return self._processor(images=images, return_tensors="pt")

        return self._point.run(pixels, lambda inputs: pooled(self._point.model.get_image_features(**inputs)))

    def _dim(self) -> int:
        spec, folder = self._point.spec, self._point.folder
        try:
            text, picture = self._embed_texts(["a"]), self._embed_images([PROBE])
        except (AttributeError, TypeError, ValueError, RuntimeError) as exc:
            raise unavailable(spec, folder, f"a first text and picture could not be embedded ({exc})") from exc
        if text.shape[1] != picture.shape[1]:
            raise unavailable(spec, folder, f"texts have {text.shape[1]} dimensions and pictures {picture.shape[1]}")
        return int(text.shape[1])


def _window(point: Checkpoint) -> int:
    config = point.model.config
    text = config.qformer_config if config.model_type == "blip-2" else config.text_config
    positions = getattr(text, "max_position_embeddings", None) or NO_LIMIT
    tokenizer = int(min(point.tokenizer.model_max_length, NO_LIMIT))
    return min(int(positions), tokenizer, TRAINED_WINDOWS.get(config.model_type, NO_LIMIT))
