"""The words part from a sentence encoder: a text transformer whose token states are pooled.

Encoders that tell questions from passages by what stands before them (E5: "query: ", "passage: ") get it from their
spec or their folder.

Method: mean of the token states under the attention mask (Reimers and Gurevych 2019), or the first token's where the
folder's ``1_Pooling/config.json`` asks for it.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import torch

from rag.encoders.local.checkpoint import NO_LIMIT, Checkpoint, open_checkpoint, unavailable
from rag.encoders.parts import WORDS_DEFAULT, Runtime, TextWindow, digest
from rag.encoders.spec import INT8, Spec
from rag.errors import BadSettings, EncoderUnavailable
from rag.types import Float32Array

OFFSET_POSITIONS = ("roberta", "xlm-roberta", "camembert", "mpnet")
"""Models whose first two positions are never used."""
POOLING_FILE = "1_Pooling/config.json"
PROMPTS_FILE = "config_sentence_transformers.json"


class Prefixes(NamedTuple):
    """What stands before every question and every passage, a space at its end; empty for most encoders."""

    query: str
    passage: str

    @classmethod
    def of(cls, spec: Spec, point: Checkpoint) -> Prefixes:
        """As asked for, else as the folder says (``prompts`` in PROMPTS_FILE, of sentence-transformers)."""
        own = point.setting(PROMPTS_FILE, "prompts", None) or {}
        query = spec.options.query or own.get("query") or ""
        passage = spec.options.passage or own.get("passage") or own.get("document") or ""
        return cls(*(f"{text} " if text and not text[-1].isspace() else text for text in (query, passage)))


class SentenceWords:
    """A sentence encoder; its window comes from the folder's own settings."""

    spent = ""

    def __init__(self, spec: Spec, folder: Path, runtime: Runtime) -> None:
        self.spec = str(spec)
        self._point = _opened(spec, folder, runtime)
        self._first_token = bool(self._point.setting(POOLING_FILE, "pooling_mode_cls_token", False))
        self._window = _window(self._point)
        self._prefixes = Prefixes.of(spec, self._point)
        spent = self._point.special_tokens() + max(self._point.count(prefix) for prefix in self._prefixes)
        if spent >= self._window:
            raise BadSettings(f"The prefixes of {self.spec!r} leave nothing of its window of {self._window} tokens")
        self.window: TextWindow | None = TextWindow(self._point.count, self._window - spent)
        self.dim = self._dim()
        prefixes = self._prefixes if any(self._prefixes) else ()
        self.identity = digest("sentence-1", self._point.identity, self._window, self._first_token, *prefixes)

    def embed_texts(self, texts: Sequence[str], query: bool = False) -> Float32Array:
        """(n, dim) float32 unit rows; each text fits :attr:`tower`."""
        prefix = self._prefixes.query if query else self._prefixes.passage
        texts = [prefix + text for text in texts] if prefix else texts
        return self._point.in_batches(texts, self._embed, self.dim)

    def _embed(self, texts: list[str]) -> Float32Array:
        return self._point.run(lambda: self._tokens(texts), self._pooled)

    def _tokens(self, texts: list[str]) -> Any:
        return self._point.tokenizer(texts, padding=True, truncation=True, max_length=self._window, return_tensors="pt")

    def _pooled(self, inputs: Any) -> torch.Tensor:
        states: torch.Tensor = self._point.model(**inputs).last_hidden_state
        if self._first_token:
            return states[:, 0]
        mask = inputs["attention_mask"].unsqueeze(-1).to(states.dtype)
        return (states * mask).sum(dim=1) / mask.sum(dim=1).clamp(min=1.0)

    def _dim(self) -> int:
        try:
            return int(self._point.run(lambda: self._tokens(["a"]), self._pooled).shape[1])
        except (AttributeError, TypeError, ValueError, RuntimeError) as exc:
            raise _not_sentence(self._point) from exc


def _opened(spec: Spec, folder: Path, runtime: Runtime) -> Checkpoint:
    if spec.options.precision != INT8:
        return open_checkpoint(spec, folder, runtime)
    from rag.encoders.local.int8 import open_int8

    return open_int8(spec, folder, runtime, lambda plain: open_checkpoint(plain, folder, runtime))


def _not_sentence(point: Checkpoint) -> EncoderUnavailable:
    why = f"{type(point.model).__name__} is not a sentence encoder; one is {WORDS_DEFAULT}"
    return unavailable(point.spec, point.folder, why)


def _window(point: Checkpoint) -> int:
    """Tokens, special ones included: the least of what training, tokenizer and position table allow."""
    config = point.model.config
    positions = getattr(config, "max_position_embeddings", None) or NO_LIMIT
    if config.model_type in OFFSET_POSITIONS:
        positions -= 2
    trained = point.setting("sentence_bert_config.json", "max_seq_length", None) or NO_LIMIT
    return min(int(positions), int(trained), int(min(point.tokenizer.model_max_length, NO_LIMIT)))
