"""A model folder opened: the one importer of torch and transformers for loading and running encoders.

Enters: a folder in the hub's layout. Leaves: a :class:`Checkpoint` on its device, float32, with its identity.
Must not know: pooling, pictures, where the folder came from. Imported only when such a model is used (3–5 s).
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from pickle import UnpicklingError
from typing import Any

import numpy as np
import torch
import transformers
from safetensors import SafetensorError
from transformers import AutoModel, AutoTokenizer
from transformers.utils import logging as reports

from rag.encoders.parts import digest, file_digest, unit
from rag.errors import BadSettings, EncoderUnavailable
from rag.types import Vectors

WEIGHT_PATTERNS = ("model.safetensors", "model-*.safetensors", "pytorch_model.bin", "pytorch_model-*.bin")
"""In the order transformers prefers them; the first that matches is what it loads."""

SETTING_FILES = (
    "config.json", "preprocessor_config.json", "processor_config.json", "tokenizer.json", "tokenizer_config.json",
    "special_tokens_map.json", "vocab.json", "vocab.txt", "merges.txt", "spiece.model", "tokenizer.model",
    "sentence_bert_config.json", "1_Pooling/config.json",
)  # fmt: skip
"""All that shapes vectors beside the weights."""

UNUSED_WEIGHTS = ("logit_scale", "logit_bias", "position_ids")
"""May lack in a checkpoint: no vector depends on them."""

LOADING_ERRORS = (
    OSError, ValueError, KeyError, TypeError, AttributeError, RuntimeError, ImportError, EOFError,
    SafetensorError, UnpicklingError,
)  # fmt: skip
"""What transformers 5.23 lets through for files that are missing, cut short or of another model."""

NO_LIMIT = 1_000_000
"""Tokenizers without a length of their own report 10**30."""


@dataclass(frozen=True)
class Checkpoint:
    """A loaded model and tokenizer; ``lock`` guards both (a fast tokenizer's padding is state shared by threads)."""

    spec: str
    folder: Path
    model: Any
    tokenizer: Any
    device: str
    batch: int
    identity: str
    lock: threading.Lock = field(default_factory=threading.Lock)

    def count(self, text: str) -> int:
        """Tokens of a text without the special ones."""
        with self.lock:
            return len(self.tokenizer(text, add_special_tokens=False, truncation=False, verbose=False)["input_ids"])

    def special_tokens(self) -> int:
        """Special tokens the tokenizer puts around a text."""
        return int(self.tokenizer.num_special_tokens_to_add(pair=False))

    def setting(self, file: str, key: str, default: Any) -> Any:
        """A value of one of the folder's JSON files."""
        path = self.folder / file
        return json.loads(path.read_text(encoding="utf-8")).get(key, default) if path.is_file() else default

    def run(self, tokens: Callable[[], Any], forward: Callable[[Any], torch.Tensor]) -> Vectors:
        """One batch: prepare on this thread, run without gradients, back as unit rows."""
        with self.lock, torch.inference_mode():
            inputs = tokens().to(self.device)
            rows: Vectors = forward(inputs).float().cpu().numpy()
        return unit(rows)

    def in_batches(self, texts: Sequence[str], embed: Callable[[list[str]], Vectors], dim: int) -> Vectors:
        """Texts of like length together, so that little is padded; rows in the order of ``texts``."""
        rows = np.zeros((len(texts), dim), dtype=np.float32)
        order = sorted(range(len(texts)), key=lambda number: len(texts[number]))
        for start in range(0, len(order), self.batch):
            numbers = order[start : start + self.batch]
            rows[numbers] = embed([texts[number] for number in numbers])
        return rows


def open_checkpoint(spec: str, folder: Path, device: str, threads: int, batch: int) -> Checkpoint:
    """Load model and tokenizer from ``folder`` alone. Raises :class:`EncoderUnavailable`, :class:`BadSettings`."""
    if threads:
        torch.set_num_threads(threads)
    weights = weight_files(folder)
    if not weights:
        raise unavailable(spec, folder, f"it holds none of {', '.join(WEIGHT_PATTERNS)}")
    try:
        # float32 whatever the file holds: transformers 5 would run a half-precision checkpoint in half precision.
        with _no_reports():
            model, report = AutoModel.from_pretrained(
                folder, local_files_only=True, dtype=torch.float32, output_loading_info=True
            )
            tokenizer = AutoTokenizer.from_pretrained(folder, local_files_only=True)
    except LOADING_ERRORS as exc:
        raise unavailable(spec, folder, _first_line(exc)) from exc
    missing = [key for key in report["missing_keys"] if not any(part in key for part in (*UNUSED_WEIGHTS, "pooler"))]
    if missing:
        raise unavailable(spec, folder, f"{len(missing)} weights are missing, the first is {sorted(missing)[0]}")
    try:
        model = model.eval().to(device)
    except (RuntimeError, AssertionError) as exc:
        raise BadSettings(
            f"PAGESIGHT_DEVICE is {device!r}, which torch cannot use here ({_first_line(exc)}); use cpu"
        ) from exc
    return Checkpoint(spec, folder, model, tokenizer, device, batch, _identity(folder, weights))


def weight_files(folder: Path) -> list[Path]:
    """The weight files transformers would load, sorted; empty if there are none."""
    for pattern in WEIGHT_PATTERNS:
        files = sorted(folder.glob(pattern))
        if files:
            return files
    return []


def unavailable(spec: str, folder: Path, why: str) -> EncoderUnavailable:
    """The error for a folder that is there but cannot be used."""
    return EncoderUnavailable(
        f"The encoder model {spec!r} in {folder} cannot be used: {why}. "
        "Download it again or name another one (PAGESIGHT_ENCODER, PAGESIGHT_WORDS)"
    )


@contextmanager
def _no_reports() -> Iterator[None]:
    """Without the bar of a one-second load, and without warnings about token ids that no embedding uses."""
    bars, level = reports.is_progress_bar_enabled(), reports.get_verbosity()
    reports.disable_progress_bar()
    reports.set_verbosity_error()
    try:
        yield
    finally:
        reports.set_verbosity(level)
        if bars:
            reports.enable_progress_bar()


def _identity(folder: Path, weights: Sequence[Path]) -> str:
    settings = [folder / name for name in SETTING_FILES if (folder / name).is_file()]
    files = [f"{path.relative_to(folder).as_posix()} {file_digest(path)}" for path in (*weights, *settings)]
    return digest("transformers", transformers.__version__.split(".")[0], *files)


def _first_line(exc: BaseException) -> str:
    return str(exc).strip().split("\n")[0] or type(exc).__name__
