"""A model's towers as ONNX graphs with 8-bit weights: the one that uses onnx and its exporter.

Linear layers alone are rounded, with a scale a channel, to 7 bits: with 8, sums overflow 16 bits unnoticed on
processors without VNNI. A graph that does not give the model's own numbers is refused, and never kept.
"""

from __future__ import annotations

import logging
import os
import shutil
import tempfile
import time
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path
from textwrap import shorten
from typing import Any, NamedTuple

import torch

from rag.encoders.local.checkpoint import Checkpoint, first_line, no_int8, pooled
from rag.encoders.local.onnx_graph import PICTURE, STATES, TEXT, Graph, Load, Pixels
from rag.encoders.spec import PLAIN, Spec
from rag.errors import BadSettings

log = logging.getLogger(__name__)

PACKAGES = ("onnx", "onnxscript")
SAMPLES = ("This is a sentence that is neither very long nor very short. " * 8, "Short.")
SAMPLE_TOKENS = 64  # which every text tower reads
LEAST_ALIKE = 0.9  # cosine to the model's own numbers; rounding leaves .98 and more, a network not followed does not
ABANDONED = 24 * 3600  # seconds after which an unfinished folder is nobody's


class Tower(NamedTuple):
    """What becomes a graph: its file, how the model is asked, and two inputs, of different length where it is text."""

    file: str
    asked: Callable[[Any, torch.Tensor], torch.Tensor]
    inputs: tuple[torch.Tensor, torch.Tensor]
    text: bool = True


class _Network(torch.nn.Module):  # type: ignore[misc]  # untyped
    """A tower as the module that torch.onnx wants."""

    def __init__(self, model: Any, tower: Tower) -> None:
        super().__init__()
        self._model, self._asked = model, tower.asked

    def forward(self, given: torch.Tensor) -> torch.Tensor:
        return self._asked(self._model, given)


def make_graphs(folder: Path, spec: Spec, load: Load, pixels: Pixels | None) -> None:
    """Make ``folder`` with the graphs of the model that ``load`` opens. Raises :class:`BadSettings`."""
    missing = [name for name in PACKAGES if find_spec(name) is None]
    if missing:
        raise BadSettings(
            f"{str(spec)!r} needs {' and '.join(missing)} once, to make its graphs. Install them: "
            "pip install -r requirements-int8.txt; or use precision=bfloat16"
        )
    log.warning("%s is turned into 8-bit numbers; this happens once and takes about a minute.", spec)
    point = load(replace(spec, options=replace(spec.options, precision=PLAIN.precision)))
    try:
        with _unfinished(folder) as part:
            for tower in _towers(spec, point, pixels):
                _export(spec, point.model, tower, part / tower.file)
            _settle(part, folder)
    except OSError as exc:
        why = f"{exc.filename or folder} cannot be written ({exc.strerror or exc})"
        raise BadSettings(f"{why}; free some space, or set XDG_CACHE_HOME to a folder on another disk") from exc


def _settle(part: Path, folder: Path) -> None:
    try:
        part.rename(folder)
    except OSError:
        if not folder.is_dir():  # else another process was faster
            raise


@contextmanager
def _unfinished(folder: Path) -> Iterator[Path]:
    """A folder of this process's own beside ``folder``, removed if it is still there at the end."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    for old in folder.parent.glob("*.part"):
        if time.time() - old.stat().st_mtime > ABANDONED:
            shutil.rmtree(old, ignore_errors=True)
    part = Path(tempfile.mkdtemp(suffix=".part", dir=folder.parent))
    try:
        yield part
    finally:
        shutil.rmtree(part, ignore_errors=True)


def _towers(spec: Spec, point: Checkpoint, pixels: Pixels | None) -> Iterator[Tower]:
    long, short = (_ids(point, text) for text in SAMPLES)
    if pixels is None:
        yield Tower(STATES, lambda model, ids: model(input_ids=ids).last_hidden_state, (long, short))
        return
    yield Tower(TEXT, lambda model, ids: pooled(model.get_text_features(input_ids=ids)), (long, short))
    picture = pixels()
    if set(picture) != {"pixel_values"}:
        raise no_int8(spec, f"its pictures are more than pixels ({', '.join(sorted(picture))})")
    noise = torch.randn(picture["pixel_values"].shape, generator=torch.Generator().manual_seed(0))
    asked = lambda model, given: pooled(model.get_image_features(pixel_values=given))  # noqa: E731
    yield Tower(PICTURE, asked, (picture["pixel_values"], noise), text=False)


def _ids(point: Checkpoint, text: str) -> torch.Tensor:
    ids: torch.Tensor = point.tokenizer(text, truncation=True, max_length=SAMPLE_TOKENS, return_tensors="pt").input_ids
    return ids


def _export(spec: Spec, model: Any, tower: Tower, path: Path) -> None:
    network = _Network(model, tower).eval()
    try:
        with _quiet(), torch.inference_mode():
            _quantised(network, tower, path)
            graph = Graph(path, threads=0)
            alike = min(float(_cosine(graph(given), network(given))) for given in tower.inputs)
    except OSError:
        raise
    except Exception as exc:  # torch.export, onnxscript, onnx and onnxruntime raise types of their own
        raise no_int8(
            spec, f"the export of {tower.file} failed ({type(exc).__name__}: {shorten(first_line(exc), 200)})"
        ) from exc
    if not alike >= LEAST_ALIKE:
        raise no_int8(spec, f"{tower.file} does not give the model's own numbers (cosine {alike:.3f})")


def _cosine(one: torch.Tensor, other: torch.Tensor) -> torch.Tensor:
    return torch.cosine_similarity(one.flatten(), other.flatten(), dim=0)


def _quantised(network: torch.nn.Module, tower: Tower, path: Path) -> None:
    from onnxruntime.quantization import QuantType, quantize_dynamic

    sizes = {"given": {1: torch.export.Dim.AUTO} if tower.text else None}
    program = torch.onnx.export(network, tower.inputs[:1], dynamo=True, dynamic_shapes=sizes, verbose=False)
    proto = program.model_proto
    del proto.graph.value_info[:]  # onnxruntime 1.31 fails over the shapes that torch 2.13 writes
    quantize_dynamic(
        proto, path, op_types_to_quantize=["MatMul", "Gemm"], weight_type=QuantType.QInt8, per_channel=True,
        reduce_range=True,
    )  # fmt: skip
    with path.open("rb") as file:
        os.fsync(file.fileno())


@contextmanager
def _quiet() -> Iterator[None]:
    """Without advice for those who write exporters, and without the log handler that torch 2.13 leaves behind."""
    root = logging.getLogger()
    loud, handlers = root.manager.disable, root.handlers[:]
    logging.disable(logging.WARNING)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        logging.disable(loud)
        root.handlers[:] = handlers
