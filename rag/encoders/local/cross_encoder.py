"""A cross-encoder: a text transformer that reads a question and a passage together and says how well they fit.

Method: Nogueira and Cho 2019, "Passage re-ranking with BERT". Models with one output give its logit, those with two
(no, yes) the difference.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import torch
from transformers import AutoModelForSequenceClassification

from rag.encoders.hub import NAME, Hub
from rag.encoders.local.checkpoint import NO_LIMIT, open_checkpoint
from rag.encoders.parts import Runtime
from rag.encoders.spec import Spec
from rag.errors import BadSettings, EncoderUnavailable

VARIABLE = "PAGESIGHT_RERANK"
MOST_TOKENS = 512  # of question and passage; what is longer is cut at the passage's end


class CrossEncoder:
    """Opened from a hub name or a folder. Raises :class:`EncoderUnavailable`, :class:`BadSettings`."""

    def __init__(self, spec: str, runtime: Runtime, hub: Hub) -> None:
        self.name = spec
        try:
            self._point = open_checkpoint(Spec(spec), _folder(spec, hub), runtime, AutoModelForSequenceClassification)
        except EncoderUnavailable as exc:
            remedy = f"name a cross-encoder (a model for sequence classification) in {VARIABLE}, or set it to off"
            raise EncoderUnavailable(f"The reranker {spec!r} cannot be used: {exc}; {remedy}") from exc
        outputs = int(self._point.model.config.num_labels)
        if outputs not in (1, 2):
            raise BadSettings(
                f"{VARIABLE} is {spec!r}, a model with {outputs} outputs; a reranker has one, or two (no, yes)"
            )
        limit = int(self._point.tokenizer.model_max_length)
        self._window = min(limit if limit < NO_LIMIT else MOST_TOKENS, MOST_TOKENS)

    def score(self, question: str, passages: Sequence[str], stopped: Callable[[], bool]) -> list[float]:
        """How well each passage fits, higher is better; fewer numbers where ``stopped`` between two batches."""
        scores: list[float] = []
        for start in range(0, len(passages), self._point.batch):
            if stopped():
                break
            scores += self._batch(question, passages[start : start + self._point.batch])
        return scores

    def _batch(self, question: str, passages: Sequence[str]) -> list[float]:
        with self._point.lock, torch.inference_mode():
            inputs: Any = self._point.tokenizer(
                [question] * len(passages),
                list(passages),
                padding=True,
                truncation="longest_first",
                max_length=self._window,
                return_tensors="pt",
            ).to(self._point.device)
            logits = self._point.model(**inputs).logits.float()
        values: list[float] = (logits[:, -1] - logits[:, 0] if logits.shape[1] == 2 else logits[:, 0]).tolist()
        return values


def _folder(spec: str, hub: Hub) -> Path:
    path = Path(spec).expanduser()
    if path.is_dir():
        return path.resolve()
    if not NAME.fullmatch(spec):
        raise EncoderUnavailable(f"{path} is no folder, and {spec!r} no model's name")
    found = hub.cached(spec)
    if found is None:
        trouble = hub.unreachable(spec)
        if trouble:
            raise EncoderUnavailable(f"it is not on disk and {trouble}")
        found = hub.fetch(spec)
    return found
