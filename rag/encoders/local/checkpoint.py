"""A model folder opened: the one importer of torch and transformers for loading and running encoders.

Imported only when such a model is used (3–5 s).
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
from transformers import CONFIG_MAPPING, AutoModel, AutoTokenizer
from transformers.utils import logging as reports

from rag.encoders.hub import TRANSFORMERS
from rag.encoders.parts import Runtime, digest, file_digest, unit
from rag.encoders.spec import PLAIN, Spec
from rag.errors import BadSettings, EncoderUnavailable
from rag.types import Float32Array

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

REMOTE_CODE = {"trust_remote_code": False}
"""Unsaid, transformers 5.23 asks on the terminal whether to run the folder's code, and waits for the answer."""


@dataclass(frozen=True)
class Checkpoint:
    """A loaded model and tokenizer; ``lock`` guards both (a fast tokenizer's padding is state shared by threads)."""

    spec: Spec
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
        return settings_of(self.folder, file).get(key, default)

    def run(self, tokens: Callable[[], Any], forward: Callable[[Any], torch.Tensor]) -> Float32Array:
        """One batch: prepare on this thread, run without gradients, back as unit rows."""
        with self.lock, torch.inference_mode():
            inputs = tokens().to(self.device)
            if "pixel_values" in inputs:
                inputs["pixel_values"] = inputs["pixel_values"].to(self.model.dtype)
            rows: Float32Array = forward(inputs).float().cpu().numpy()
        return unit(rows)

    def in_batches(self, texts: Sequence[str], embed: Callable[[list[str]], Float32Array], dim: int) -> Float32Array:
        """Texts of like length together, so that little is padded; rows in the order of ``texts``."""
        rows = np.zeros((len(texts), dim), dtype=np.float32)
        order = sorted(range(len(texts)), key=lambda number: len(texts[number]))
        for start in range(0, len(order), self.batch):
            numbers = order[start : start + self.batch]
            rows[numbers] = embed([texts[number] for number in numbers])
        return rows


def open_checkpoint(spec: Spec, folder: Path, runtime: Runtime, kind: Any = AutoModel) -> Checkpoint:
    """Load model and tokenizer from ``folder`` alone. Raises :class:`EncoderUnavailable`, :class:`BadSettings`.

    ``kind`` is the transformers class that loads the model.
    """
    files = model_files(spec, folder)
    try:
        # The precision asked for, whatever the file holds: transformers 5 would take the file's own.
        with no_reports():
            model, report = kind.from_pretrained(
                folder,
                local_files_only=True,
                dtype=getattr(torch, spec.options.precision),
                output_loading_info=True,
                **REMOTE_CODE,
            )
            tokenizer = AutoTokenizer.from_pretrained(folder, local_files_only=True, **REMOTE_CODE)
    except LOADING_ERRORS as exc:
        raise unavailable(spec, folder, first_line(exc)) from exc
    missing = [key for key in report["missing_keys"] if not any(part in key for part in (*UNUSED_WEIGHTS, "pooler"))]
    if missing:
        raise unavailable(spec, folder, f"{len(missing)} weights are missing, the first is {sorted(missing)[0]}")
    return placed(spec, folder, model, tokenizer, runtime, identity_of(spec, folder, files))


def model_files(spec: Spec, folder: Path) -> list[Path]:
    """The files that shape vectors, weights first. Raises :class:`EncoderUnavailable` where the weights are missing."""
    weights = TRANSFORMERS.weight_files(folder)
    if not weights:
        raise unavailable(spec, folder, f"it holds none of {', '.join(TRANSFORMERS.weights)}")
    model_type = settings_of(folder, "config.json").get("model_type", "")
    if model_type not in CONFIG_MAPPING:
        raise unavailable(spec, folder, _unknown(folder, model_type))
    return [*weights, *(folder / name for name in SETTING_FILES if (folder / name).is_file())]


def placed(spec: Spec, folder: Path, model: Any, tokenizer: Any, runtime: Runtime, identity: str) -> Checkpoint:
    """A loaded model put where it runs. Raises :class:`BadSettings` for a device that torch cannot use."""
    if runtime.threads:
        torch.set_num_threads(runtime.threads)
    try:
        model = model.eval().to(runtime.device)
    except (RuntimeError, AssertionError) as exc:
        raise BadSettings(
            f"PAGESIGHT_DEVICE is {runtime.device!r}, which torch cannot use here ({first_line(exc)}); use cpu"
        ) from exc
    return Checkpoint(spec, folder, model, tokenizer, runtime.device, runtime.batch, identity)


def settings_of(folder: Path, file: str) -> dict[str, Any]:
    """One of the folder's JSON files; empty where it is missing or no JSON object."""
    try:
        found = json.loads((folder / file).read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def unavailable(spec: Spec, folder: Path, why: str) -> EncoderUnavailable:
    """The error for a folder that is there but cannot be used."""
    where = "" if str(folder) in str(spec) else f" in {folder}"
    return EncoderUnavailable(
        f"The encoder model {str(spec)!r}{where} cannot be used: {why}. "
        "Download it again or name another one (PAGESIGHT_ENCODER, PAGESIGHT_WORDS)"
    )


def no_int8(spec: Spec, why: str) -> BadSettings:
    """The error for a model that cannot be run with 8-bit weights; not one that ``auto`` may pass over."""
    return BadSettings(f"{str(spec)!r} cannot be had as int8: {why}. Use precision=bfloat16 for it")


@contextmanager
def no_reports() -> Iterator[None]:
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


def _unknown(folder: Path, model_type: str) -> str:
    if "auto_map" in settings_of(folder, "config.json"):
        return (
            f"transformers {transformers.__version__} has no class for {model_type!r}, which runs only through code "
            "that its publisher ships beside the weights, and code from a model folder is never run here"
        )
    return f"transformers {transformers.__version__} does not know the model type {model_type!r} of its config.json"


def identity_of(spec: Spec, folder: Path, files: Sequence[Path]) -> str:
    """Hash of files and of the precision, where it is not the usual one."""
    facts = [f"{path.relative_to(folder).as_posix()} {file_digest(path)}" for path in files]
    precision = [] if spec.options.precision == PLAIN.precision else [spec.options.precision]
    return digest("transformers", transformers.__version__.split(".")[0], *facts, *precision)


def pooled(output: Any) -> torch.Tensor:
    """The rows in what transformers 5 returns for texts or pictures; they are projected, not normalised."""
    found: torch.Tensor = output if isinstance(output, torch.Tensor) else output.pooler_output
    return found


def first_line(exc: BaseException) -> str:
    """What an error says, in a line."""
    return str(exc).strip().split("\n")[0] or type(exc).__name__
