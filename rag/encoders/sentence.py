"""The words part from a sentence encoder: a text transformer whose token states are pooled.

Enters: text. Leaves: unit rows. Must not know: pictures, where the model came from.

Method: mean of the token states under the attention mask (Reimers and Gurevych 2019), or the first token's where the
folder's ``1_Pooling/config.json`` asks for it.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch

from rag.encoders.checkpoint import NO_LIMIT, Checkpoint, open_checkpoint, unavailable
from rag.encoders.parts import WORDS_DEFAULT, Tower, digest
from rag.errors import EncoderUnavailable
from rag.types import Vectors

OFFSET_POSITIONS = ("roberta", "xlm-roberta", "camembert", "mpnet")
"""Models whose first two positions are never used."""
POOLING_FILE = "1_Pooling/config.json"


class SentenceWords:
    """A sentence encoder; its window comes from the folder's own settings."""

    def __init__(self, spec: str, folder: Path, device: str = "cpu", threads: int = 0, batch: int = 32) -> None:
        self.spec = spec
        self._point = open_checkpoint(spec, folder, device, threads, batch)
        self._first_token = bool(self._point.setting(POOLING_FILE, "pooling_mode_cls_token", False))
        self._window = _window(self._point)
        self.tower: Tower | None = Tower(self._point.count, self._window - self._point.special_tokens())
        self.dim = self._dim(folder)
        self.identity = digest("sentence-1", self._point.identity, self._window, self._first_token)

    def embed_texts(self, texts: Sequence[str]) -> Vectors:
        """(n, dim) float32 unit rows; each text fits :attr:`tower`."""
        return self._point.in_batches(texts, self._embed, self.dim)

    def _embed(self, texts: list[str]) -> Vectors:
        return self._point.run(lambda: self._tokens(texts), self._pooled)

    def _tokens(self, texts: list[str]) -> Any:
        return self._point.tokenizer(texts, padding=True, truncation=True, max_length=self._window, return_tensors="pt")

    def _pooled(self, inputs: Any) -> torch.Tensor:
        states: torch.Tensor = self._point.model(**inputs).last_hidden_state
        if self._first_token:
            return states[:, 0]
        mask = inputs["attention_mask"].unsqueeze(-1).to(states.dtype)
        return (states * mask).sum(dim=1) / mask.sum(dim=1).clamp(min=1.0)

    def _dim(self, folder: Path) -> int:
        try:
            return int(self._point.run(lambda: self._tokens(["a"]), self._pooled).shape[1])
        except (AttributeError, TypeError, ValueError, RuntimeError) as exc:
            raise _not_sentence(self.spec, folder, self._point) from exc


def _not_sentence(spec: str, folder: Path, point: Checkpoint) -> EncoderUnavailable:
    return unavailable(spec, folder, f"{type(point.model).__name__} is not a sentence encoder; one is {WORDS_DEFAULT}")


def _window(point: Checkpoint) -> int:
    """Tokens, special ones included: the least of what training, tokenizer and position table allow."""
    config = point.model.config
    positions = getattr(config, "max_position_embeddings", None) or NO_LIMIT
    if config.model_type in OFFSET_POSITIONS:
        positions -= 2
    trained = point.setting("sentence_bert_config.json", "max_seq_length", None) or NO_LIMIT
    return min(int(positions), int(trained), int(min(point.tokenizer.model_max_length, NO_LIMIT)))
